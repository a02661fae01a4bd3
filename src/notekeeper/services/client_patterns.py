"""The patterns of a client of the vault: themes that were signed, followed over sessions, and what was signed of that.

What always holds: only signed sessions are looked at, and only while everybody whose work it is agrees to patterns;
what is given out as signed was found unchanged, against the log and its signature.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from notekeeper.domain.entry import EntryKind
from notekeeper.domain.note import Client, Note, NoteKind
from notekeeper.domain.pattern import (
    CoOccurrence,
    Pattern,
    SignedPatterns,
    SignedTheme,
    SignedThemes,
    themes_of_signed,
)
from notekeeper.domain.pattern_review import PatternItem, PatternReview, items_of
from notekeeper.domain.pattern_work import DRAFT, PatternsInWork
from notekeeper.domain.thread_edit import MadeEdit, made_edits, standing_edits
from notekeeper.domain.vault import Vault
from notekeeper.patterns.finding import followed, together
from notekeeper.patterns.statements import label_of
from notekeeper.patterns.threads import Thread
from notekeeper.reports.sessions import session_numbers
from notekeeper.services.consent import require_patterns
from notekeeper.services.supervision import DiscussedItem, beside, beside_words, discussed

LESS_MENTION = "Less mention in the notes is not recovery."
_EASES = ("improving", "absent")


class Noted(Enum):
    """How one session's note tells of a thread: its mark, and the same in words. Easing and worse are told by the trend
    that was signed alone: words by themselves are too unsure to say so of one session."""

    NOTED = ("●", "noted")
    EASING = ("▽", "noted as easing")
    WORSE = ("▲", "noted as worse")
    NOT_NOTED = ("·", "not noted")
    NOT_SIGNED = ("?", "not signed")

    @property
    def mark(self) -> str:
        return self.value[0]

    @property
    def words(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """One session of the file. `place` is its place among those looked at, from 0; None while it is not signed."""

    number: int
    note: Note
    place: int | None


@dataclass(frozen=True, slots=True)
class FollowedThread:
    """One theme over sessions, `name` being T1… in the order shown. `marks` has one for each session of the file, in
    order; `pattern` is what it makes, None while it is too little to be one, and `item` the same under review."""

    name: str
    thread: Thread
    label: str
    numbers: tuple[int, ...]
    marks: tuple[Noted, ...]
    pattern: Pattern | None = None
    item: PatternItem | None = None

    def at(self, place: int) -> tuple[SignedTheme, ...]:
        """Its themes in the session of this place, from 0."""
        return tuple(theme for theme in self.thread.themes if theme.session == place)


@dataclass(frozen=True, slots=True)
class ClientPatterns:
    """What is followed of one client. `counts` says how many themes each session has, 0 while it is not signed;
    `together` are pairs of patterns by their place in `review.items`; `came` is what a supervisor wrote on the client.
    """

    client: Client
    sessions: tuple[SessionSeen, ...]
    themes: SignedThemes
    threads: tuple[FollowedThread, ...]
    counts: tuple[int, ...]
    review: PatternReview
    together: tuple[CoOccurrence, ...]
    edits: tuple[MadeEdit, ...]
    signed: SignedPatterns | None
    came: tuple[DiscussedItem, ...] = ()

    def said_of(self, item: PatternItem) -> tuple[str, ...]:
        """What supervision said of this pattern, a line each, as "Discussed 14 May 2026; agreed: …"."""
        return tuple(beside_words(each) for each in beside(self.came, "pattern", item.label))

    def thread_of(self, item: PatternItem) -> FollowedThread:
        """The thread that makes this pattern."""
        return next(each for each in self.threads if each.item == item)

    def numbers_of(self, notes: Sequence[str]) -> tuple[int, ...]:
        """The session numbers of these notes, those that are there."""
        numbers = {each.note.id: each.number for each in self.sessions}
        return tuple(numbers[note] for note in notes if note in numbers)


def signed_patterns(vault: Vault, client: Client) -> SignedPatterns | None:
    """What stands signed of the client's patterns: the newest sign-off, or None. It stays readable when the client no
    longer agrees to patterns; whether it may go into a report is asked for there. Raises `ChainBrokenError`."""
    signed = vault.pattern_signoffs.of_client(client.id)
    return signed[-1] if signed else None


def patterns_of(vault: Vault, client: Client) -> ClientPatterns:
    """The client's patterns as they stand now. Raises `AgreementMissingError`, which says how an answer is recorded,
    and `ChainBrokenError`."""
    require_patterns(vault, client)
    sessions, themes = _signed_themes(vault, client)
    made = made_edits(vault.entries.of(client.id, EntryKind.THREAD_EDIT))
    notes = tuple(place.note for place in themes.places)
    found = followed(themes, standing_edits(made))
    signed = signed_patterns(vault, client)
    review = PatternReview(client.id, notes, ())
    threads = tuple(
        _followed(f"T{place}", thread, pattern, themes, sessions)
        for place, (thread, pattern) in enumerate(found, start=1)
    )
    seen = ClientPatterns(
        client=client,
        sessions=sessions,
        themes=themes,
        threads=threads,
        counts=tuple(sum(theme.session == each.place for theme in themes.themes) for each in sessions),
        review=review,
        together=together(tuple(pattern for _, pattern in found if pattern is not None)),
        edits=made,
        signed=signed,
        came=tuple(discussed(vault, client)),
    )
    return with_work(seen, work_of(vault, client))


def with_work(seen: ClientPatterns, work: PatternsInWork) -> ClientPatterns:
    """The same patterns with this review in work."""
    patterns = [each.pattern for each in seen.threads if each.pattern is not None]
    items = items_of(patterns, seen.review.notes, work, seen.signed.body if seen.signed else None)
    left = iter(items)
    threads = tuple(replace(each, item=next(left) if each.pattern is not None else None) for each in seen.threads)
    return replace(
        seen, threads=threads, review=replace(seen.review, items=items, own=work.own, provenance=work.provenance)
    )


def work_of(vault: Vault, client: Client) -> PatternsInWork:
    """The review in work as it is kept."""
    kept = vault.jottings.of(client.id + DRAFT)
    return PatternsInWork.model_validate_json(kept) if kept else PatternsInWork()


def _signed_themes(vault: Vault, client: Client) -> tuple[tuple[SessionSeen, ...], SignedThemes]:
    notes = {note.id: note for note in vault.notes.of_client(client.id) if note.kind is NoteKind.SESSION}
    numbers = session_numbers(list(notes.values()))
    signed = {each.body.note_id: each for each in vault.signoffs.of_client(client.id)}
    order = [note_id for note_id in sorted(numbers, key=numbers.__getitem__) if note_id in signed]
    places = {note_id: place for place, note_id in enumerate(order)}
    sessions = tuple(
        SessionSeen(numbers[note_id], notes[note_id], places.get(note_id))
        for note_id in sorted(numbers, key=numbers.__getitem__)
    )
    return sessions, themes_of_signed(tuple(signed[note_id] for note_id in order), numbers)


def _followed(
    name: str, thread: Thread, pattern: Pattern | None, themes: SignedThemes, sessions: Sequence[SessionSeen]
) -> FollowedThread:
    numbers = themes.numbers()
    return FollowedThread(
        name=name,
        thread=thread,
        label=label_of(thread),
        numbers=tuple(numbers[session] for session in thread.sessions),
        marks=tuple(_mark(thread, each.place) for each in sessions),
        pattern=pattern,
    )


def _mark(thread: Thread, place: int | None) -> Noted:
    if place is None:
        return Noted.NOT_SIGNED
    trends = [theme.trend for theme in thread.themes if theme.session == place]
    if "worsening" in trends:
        return Noted.WORSE
    if any(trend in _EASES for trend in trends):
        return Noted.EASING
    return Noted.NOTED if trends else Noted.NOT_NOTED
