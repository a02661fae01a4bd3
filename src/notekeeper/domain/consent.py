"""Agreement to AI use, purpose by purpose, and the permit without which nothing is drafted.

What always holds: a `DraftPermit` exists only because an agreement to drafting is on file, or because the text was
given by the user and belongs to no client. The drafting pipeline takes a permit as its first argument, and the two
makers below are the only ways to one. An agreement to AI use is not the lawful basis for keeping records.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notekeeper.domain.text import Frozen
from notekeeper.errors import AgreementMissingError


class Purpose(StrEnum):
    DRAFTING = "drafting"
    PATTERNS = "patterns"
    SUPERVISION = "supervision"


class Answer(StrEnum):
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Agreement(Frozen):
    """One answer of one client to one purpose. The newest answer stands; earlier ones are kept."""

    client_id: str
    purpose: Purpose
    answer: Answer
    how: str
    given_by: str
    wording_version: str
    at: datetime


_SEAL = object()


@dataclass(frozen=True, slots=True, init=False)
class DraftPermit:
    """Proof that a text may go to the model. `client_id` is None for text that belongs to no client."""

    client_id: str | None
    basis: str

    def __init__(self, client_id: str | None, basis: str, *, seal: object = None) -> None:
        if seal is not _SEAL:
            raise TypeError("a DraftPermit is made by permit_for_client or permit_for_given_text")
        object.__setattr__(self, "client_id", client_id)
        object.__setattr__(self, "basis", basis)


def permit_for_client(client_id: str, agreement: Agreement | None) -> DraftPermit:
    """A permit for this client's notes. Raises `AgreementMissingError` unless drafting is agreed to now."""
    if agreement is None:
        raise AgreementMissingError(
            "This client has not been asked about AI drafting, so nothing was sent to the model. "
            "Record their answer with `notekeeper consent record`, or finish the note without AI with "
            "`notekeeper finish`."
        )
    if (agreement.client_id, agreement.purpose) != (client_id, Purpose.DRAFTING):
        raise AgreementMissingError("That agreement is for another client or another purpose; nothing was sent.")
    if agreement.answer is not Answer.AGREED:
        raise AgreementMissingError(
            f"This client has {agreement.answer.value} AI drafting, so nothing was sent to the model. "
            "The note can be finished without AI with `notekeeper finish`."
        )
    return DraftPermit(client_id, f"agreement {agreement.wording_version}", seal=_SEAL)


def permit_for_given_text() -> DraftPermit:
    """A permit for text that the user gave and that belongs to no client; nothing of it is kept."""
    return DraftPermit(None, "text given by the user, no client", seal=_SEAL)
