"""The permit without which nothing is drafted.

What always holds: a `DraftPermit` exists only because everybody whose work it is agrees to drafting now, or because the
text was given by the user and belongs to no client. One for the wording of patterns exists only where everybody agrees
to patterns as well. What sends words to a model takes a permit as its first argument, and the three makers below are
the only ways to one. An agreement to AI use is not the lawful basis for keeping records.
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
    Standing,
    agrees,
    lacking_words,
    standings_of,
)
from notekeeper.errors import AgreementMissingError

__all__ = ["Agreement", "AgreementDetail", "Answer", "Given", "GivenAs", "Party", "Purpose"]  # also found here

_SEAL = object()


@dataclass(frozen=True, slots=True, init=False)
class DraftPermit:
    """Proof that a text may go to the model. `client_id` is None for text that belongs to no client; `patterns` says
    that sentences of several notes may go there together, for the wording of patterns."""

    client_id: str | None
    basis: str
    patterns: bool

    def __init__(self, client_id: str | None, basis: str, patterns: bool = False, *, seal: object = None) -> None:
        if seal is not _SEAL:
            raise TypeError("a DraftPermit is made by permit_for_client, permit_for_patterns or permit_for_given_text")
        object.__setattr__(self, "client_id", client_id)
        object.__setattr__(self, "basis", basis)
        object.__setattr__(self, "patterns", patterns)


def permit_for_client(client_id: str, parties: Sequence[Party], answers: Sequence[Given]) -> DraftPermit:
    """A permit for this client's notes, from everybody whose answer is needed and the file's answers in the order
    recorded. Raises `AgreementMissingError` unless each of them agrees to drafting now."""
    standings = _standings(Purpose.DRAFTING, client_id, parties, answers)
    if not agrees(standings):
        raise AgreementMissingError(
            f"{lacking_words(Purpose.DRAFTING, standings)}, so nothing was sent to the model. An answer is recorded "
            "with `notekeeper consent record`; the note can be finished without AI with `notekeeper finish`."
        )
    return DraftPermit(client_id, f"agreement {_versions(standings)}", seal=_SEAL)


def permit_for_patterns(client_id: str, parties: Sequence[Party], answers: Sequence[Given]) -> DraftPermit:
    """A permit for the wording of this client's patterns, from the same. Raises `AgreementMissingError` unless each of
    them agrees both to patterns and to drafting now, since sentences of the notes go to the model."""
    patterns = _standings(Purpose.PATTERNS, client_id, parties, answers)
    drafting = _standings(Purpose.DRAFTING, client_id, parties, answers)
    for purpose, standings in ((Purpose.PATTERNS, patterns), (Purpose.DRAFTING, drafting)):
        if not agrees(standings):
            raise AgreementMissingError(
                f"{lacking_words(purpose, standings)}, so nothing was sent to the model. It words patterns only where "
                "AI patterns and AI drafting are both agreed to; without it they are said in plain counts. An answer "
                "is recorded with `notekeeper consent record`."
            )
    versions = f"agreement {_versions(drafting)}, patterns {_versions(patterns)}"
    return DraftPermit(client_id, versions, patterns=True, seal=_SEAL)


def _standings(
    purpose: Purpose, client_id: str, parties: Sequence[Party], answers: Sequence[Given]
) -> tuple[Standing, ...]:
    if any(each.agreement.client_id != client_id for each in answers):
        raise AgreementMissingError("That agreement is for another client; nothing was sent to the model.")
    return standings_of(purpose, parties, answers)


def _versions(standings: Sequence[Standing]) -> str:
    return ", ".join(sorted({each.given.agreement.wording_version for each in standings if each.given}))


def permit_for_given_text() -> DraftPermit:
    """A permit for text that the user gave and that belongs to no client; nothing of it is kept."""
    return DraftPermit(None, "text given by the user, no client", seal=_SEAL)
