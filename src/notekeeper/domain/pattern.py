"""Patterns over a client's sessions: themes that were signed, linked into threads, and what the notes say of each.

What always holds: a pattern rests on themes that the therapist signed or gave, never on a draft; it counts sessions
and gives no percentage; it tells what is noted, never how the client is: less mention is not recovery.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

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


class ThemeName(Frozen):
    """Names one theme of one session for good, whatever sessions come in later. `note` is the id of its note, or the
    place of the session among those given, from 0, where it is of no vault."""

    note: str
    label: str
    code: str | None = None


class ThreadMerge(Frozen):
    """Two threads are one. Each is named by the themes it held when the therapist said so."""

    edit: Literal["merge"] = "merge"
    one: tuple[ThemeName, ...] = Field(min_length=1)
    other: tuple[ThemeName, ...] = Field(min_length=1)


class ThreadSplit(Frozen):
    """These themes leave their thread and are a thread of their own."""

    edit: Literal["split"] = "split"
    themes: tuple[ThemeName, ...] = Field(min_length=1)


class ThreadRename(Frozen):
    """The thread that these themes are of bears this label, in the therapist's words."""

    edit: Literal["rename"] = "rename"
    themes: tuple[ThemeName, ...] = Field(min_length=1)
    label: str = Field(min_length=1, max_length=200)


ThreadEdit = Annotated[ThreadMerge | ThreadSplit | ThreadRename, Field(discriminator="edit")]


class ThreadEdits(Frozen):
    """What the therapist changed in how themes were linked, in the order it was done; a later edit stands over an
    earlier one. A thread is the one that holds most of the themes it was named by. Themes that are no longer there
    are passed over, and an edit none of whose themes is there does nothing."""

    edits: tuple[ThreadEdit, ...] = ()


NO_EDITS = ThreadEdits()


@dataclass(frozen=True, slots=True)
class SessionPlace:
    """Which note a session is of, and its day; `day` is None where none was given. `number` is what the session is
    called, from 1; None where that is its place among those looked at."""

    note: str
    day: date | None = None
    number: int | None = None


_SEAL = object()


@dataclass(frozen=True, slots=True, init=False)
class SignedThemes:
    """The themes of one client's sessions, in order: the only thing that patterns are found in. `sessions` counts the
    sessions looked at, those without a theme too, and `places` says for each of them which note it is."""

    sessions: int
    themes: tuple[SignedTheme, ...]
    places: tuple[SessionPlace, ...]

    def __init__(
        self, themes: tuple[SignedTheme, ...], places: tuple[SessionPlace, ...], *, seal: object = None
    ) -> None:
        if seal is not _SEAL:
            raise TypeError("SignedThemes are made by themes_of_signed or themes_given")
        object.__setattr__(self, "sessions", len(places))
        object.__setattr__(self, "themes", themes)
        object.__setattr__(self, "places", places)

    def name_of(self, theme: SignedTheme) -> ThemeName:
        """The name by which an edit tells of this theme."""
        return ThemeName(note=self.places[theme.session].note, label=theme.label, code=theme.code)

    def numbers(self) -> tuple[int, ...]:
        """What each session is called, in order."""
        return tuple(place.number or at for at, place in enumerate(self.places, start=1))


def themes_of_signed(signed: tuple[SignedReview, ...], numbers: Mapping[str, int] | None = None) -> SignedThemes:
    """The themes of these sign-offs, the sessions in the order given. `numbers` says what the session of a note is
    called, by its id."""
    themes = [
        SignedTheme(place, item.text, item.code, item.trend, item.evidence)
        for place, review in enumerate(signed)
        for item in review.body.items
        if item.kind == "theme"
    ]
    known = numbers or {}
    bodies = [review.body for review in signed]
    places = tuple(SessionPlace(body.note_id, body.note_date, known.get(body.note_id)) for body in bodies)
    return SignedThemes(tuple(themes), places, seal=_SEAL)


def themes_given(
    sessions: int, themes: tuple[SignedTheme, ...], places: tuple[SessionPlace, ...] | None = None
) -> SignedThemes:
    """Themes that the user gives in a file, of no client of a vault; taken as signed. Sessions are named by their
    place, from 0, where `places` does not say otherwise."""
    if any(not 0 <= theme.session < sessions for theme in themes):
        raise ValueError("a theme stands in a session that is not there")
    named = tuple(SessionPlace(str(place)) for place in range(sessions)) if places is None else places
    if len(named) != sessions:
        raise ValueError("every session has one place")
    return SignedThemes(themes, named, seal=_SEAL)


class PatternEvidence(Frozen):
    """A verbatim piece of one session's note; `session` counts from 0."""

    session: int
    start: int
    end: int
    text: str


class Pattern(Frozen):
    """`sessions` are places from 0; `statement` is one sentence made of counts and of labels that were signed; `themes`
    names those that it follows, by which the therapist's edits tell of it."""

    label: str
    code: str | None
    kind: PatternKind
    sessions: tuple[int, ...]
    statement: str
    evidence: tuple[PatternEvidence, ...]
    themes: tuple[ThemeName, ...] = ()


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
    not kept. It is stored without `provenance`, which is kept apart and joined to it when it is read, and to which
    `provenance_digest` ties it. Key and signature are Ed25519 over the canonical bytes of the rest, in hex."""

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
    provenance_digest: str = ""
    demonstration: bool = False
    public_key: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True, init=False)
class SignedPatterns:
    """A sign-off of patterns that is known to be genuine: the only thing that a report takes patterns from."""

    body: PatternSignOff

    def __init__(self, body: PatternSignOff, *, seal: object = None) -> None:
        if seal is not _SEAL:
            raise TypeError("SignedPatterns are made by signing, or by the vault from a verified sign-off")
        object.__setattr__(self, "body", body)


def concluded_patterns(body: PatternSignOff) -> SignedPatterns:
    """A sign-off to be stored. Only `domain.pattern_review.conclude_patterns` calls this, when it is ready."""
    return SignedPatterns(body, seal=_SEAL)


def restored_patterns(body: PatternSignOff) -> SignedPatterns:
    """A stored sign-off as genuine. Only the vault calls this, after its commitment and signature were verified."""
    return SignedPatterns(body, seal=_SEAL)
