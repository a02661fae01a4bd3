"""Addenda: what a therapist adds to a note after it was signed.

What always holds: an addendum is dated, bears a name and is never changed; the note that was signed stays legible
above it.
"""

from dataclasses import dataclass
from datetime import datetime

from notekeeper.domain.review import Signer


@dataclass(frozen=True, slots=True)
class Addendum:
    """One addition to a signed note. `number` counts from 1 within the note."""

    id: str
    note_id: str
    number: int
    text: str
    signer: Signer
    added_at: datetime
