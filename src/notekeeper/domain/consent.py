"""The permit without which nothing is drafted.

What always holds: a `DraftPermit` exists only because everybody whose work it is agrees to drafting now, or because the
text was given by the user and belongs to no client. The drafting pipeline takes a permit as its first argument, and the
two makers below are the only ways to one. An agreement to AI use is not the lawful basis for keeping records.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from notekeeper.domain.agreement import (
    Agreement,
    AgreementDetail,
    Answer,
    Given,
    GivenAs,
    Party,
    Purpose,
    agrees,
    lacking_words,
    standings_of,
)
from notekeeper.errors import AgreementMissingError

__all__ = ["Agreement", "AgreementDetail", "Answer", "Given", "GivenAs", "Party", "Purpose"]  # also found here

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


def permit_for_client(client_id: str, parties: Sequence[Party], answers: Sequence[Given]) -> DraftPermit:
    """A permit for this client's notes, from everybody whose answer is needed and the file's answers in the order
    recorded. Raises `AgreementMissingError` unless each of them agrees to drafting now."""
    if any(each.agreement.client_id != client_id for each in answers):
        raise AgreementMissingError("That agreement is for another client; nothing was sent to the model.")
    standings = standings_of(Purpose.DRAFTING, parties, answers)
    if not agrees(standings):
        raise AgreementMissingError(
            f"{lacking_words(Purpose.DRAFTING, standings)}, so nothing was sent to the model. An answer is recorded "
            "with `notekeeper consent record`; the note can be finished without AI with `notekeeper finish`."
        )
    versions = sorted({each.given.agreement.wording_version for each in standings if each.given})
    return DraftPermit(client_id, f"agreement {', '.join(versions)}", seal=_SEAL)


def permit_for_given_text() -> DraftPermit:
    """A permit for text that the user gave and that belongs to no client; nothing of it is kept."""
    return DraftPermit(None, "text given by the user, no client", seal=_SEAL)
