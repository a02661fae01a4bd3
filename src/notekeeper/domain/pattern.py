"""Patterns over a client's sessions: themes that were signed, linked into threads, and what the notes say of each.

What always holds: a pattern rests on themes that the therapist signed or gave, never on a draft; it counts sessions
and gives no percentage; it tells what is noted, never how the client is: less mention is not recovery.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from notekeeper.domain.draft import Provenance, Trend
from notekeeper.domain.review import SignedReview, Signer
from notekeeper.domain.text import Evidence, Frozen


class PatternKind(StrEnum):
    """As a supervisor judges from what the notes say about a theme, not from its presence alone."""

    RECURRING = "recurring"
    EMERGING = "emerging"
    FADING = "fading"
    SHIFTING = "shifting"

    @property
    def words(self) -> str:
        """How the kind is shown to a person."""
        return _WORDS[self]


_WORDS = {
    PatternKind.RECURRING: "recurring",
    PatternKind.EMERGING: "newly noted",
    PatternKind.FADING: "noted less often, or as easing, in my notes",
    PatternKind.SHIFTING: "shifting",
}


@dataclass(frozen=True, slots=True)
class SignedTheme:
    """One theme of one session. `session` is the place of the session among those looked at, from 0."""

    session: int
    label: str
    code: str | None
    trend: Trend | None
    evidence: tuple[Evidence, ...]


_SEAL = object()


@dataclass(frozen=True, slots=True, init=False)
class SignedThemes:
    """The themes of one client's sessions, in order: the only thing that patterns are found in. `sessions` counts the
    sessions looked at, those without a theme too."""

    sessions: int
    themes: tuple[SignedTheme, ...]

    def __init__(self, sessions: int, themes: tuple[SignedTheme, ...], *, seal: object = None) -> None:
        if seal is not _SEAL:
            raise TypeError("SignedThemes are made by themes_of_signed or themes_given")
        object.__setattr__(self, "sessions", sessions)
        object.__setattr__(self, "themes", themes)


def themes_of_signed(signed: tuple[SignedReview, ...]) -> SignedThemes:
    """The themes of these sign-offs, the sessions in the order given."""
    themes = [
        SignedTheme(place, item.text, item.code, item.trend, item.evidence)
        for place, review in enumerate(signed)
        for item in review.body.items
        if item.kind == "theme"
    ]
    return SignedThemes(len(signed), tuple(themes), seal=_SEAL)


def themes_given(sessions: int, themes: tuple[SignedTheme, ...]) -> SignedThemes:
    """Themes that the user gives in a file, of no client of a vault; taken as signed."""
    if any(not 0 <= theme.session < sessions for theme in themes):
        raise ValueError("a theme stands in a session that is not there")
    return SignedThemes(sessions, themes, seal=_SEAL)


class PatternEvidence(Frozen):
    """A verbatim piece of one session's note; `session` counts from 0."""

    session: int
    start: int
    end: int
    text: str


class Pattern(Frozen):
    """`sessions` are places from 0; `statement` is one sentence made of counts and of labels that were signed."""

    label: str
    code: str | None
    kind: PatternKind
    sessions: tuple[int, ...]
    statement: str
    evidence: tuple[PatternEvidence, ...]


class CoOccurrence(Frozen):
    """Two patterns, by their place in the list, and the sessions in which both are noted."""

    first: int
    second: int
    sessions: tuple[int, ...]


class NoteEvidence(Frozen):
    """A verbatim piece of the signed text of one note."""

    note_id: str
    start: int
    end: int
    text: str


class KeptPattern(Frozen):
    """A pattern as the therapist stands by it. `notes` are the notes of its sessions, in order of their dates; `origin`
    says whose words `statement` is: composed of counts and labels, the model's, the model's as edited, or the
    therapist's own."""

    label: str = Field(min_length=1, max_length=200)
    code: str | None = None
    kind: PatternKind
    notes: tuple[str, ...] = Field(min_length=1)
    statement: str = Field(min_length=1, max_length=1000)
    origin: Literal["composed", "model_accepted", "model_edited", "therapist"]
    evidence: tuple[NoteEvidence, ...] = ()


class PatternSignOff(Frozen):
    """One signature on the patterns of a client, which stands until a later one. `notes` are all notes whose signed
    themes were looked at: when one of them leaves the file, this goes with it. `rejected` and `withheld` count what was
    not kept."""

    client_id: str
    signer: Signer
    signed_at: datetime
    attestation_version: str
    attestation: str
    notes: tuple[str, ...]
    patterns: tuple[KeptPattern, ...]
    rejected: int = 0
    withheld: int = 0
    ai_used: bool = False
    provenance: Provenance | None = None
    demonstration: bool = False
    public_key: str = ""
    signature: str = ""
