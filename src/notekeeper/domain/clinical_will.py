"""The clinical will: what a therapist lays down for the day on which they cannot work.

What always holds: every field may be empty, and the program fills none of them; nothing of a session is among them.
"""

from pydantic import Field

from notekeeper.domain.client_file import MAX_FIELD
from notekeeper.domain.text import Frozen


class ClinicalWill(Frozen):
    """Texts in the therapist's own words. `executor` is who acts, `supervisor` and `body` (professional body and
    insurer) whom they can turn to, `clients` how each client is reached and what they are told, `records` where notes,
    keys and shares lie and what becomes of them, `wishes` everything else."""

    executor: str = Field(default="", max_length=MAX_FIELD)
    supervisor: str = Field(default="", max_length=MAX_FIELD)
    body: str = Field(default="", max_length=MAX_FIELD)
    clients: str = Field(default="", max_length=MAX_FIELD)
    records: str = Field(default="", max_length=MAX_FIELD)
    wishes: str = Field(default="", max_length=MAX_FIELD)
