"""Revisions of a note, and what changed from one to another, by words within lines.

What always holds: of the changes between two texts, those that are not new make up the earlier text to the letter, and
those that are not gone the later one; the time is bounded: where two long pieces have nothing in common to hold on to,
the whole of one is given as gone and the whole of the other as new.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from notekeeper.domain.note import Note, NotePart, Revision
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError

CONTEXT_LINES = 2
_WORK = 1_000_000
"""How much Python's own matcher may be asked for in one comparison: pairs of the same lines or words, times the length
of the shorter side, which is the most it looks at them again."""
_PIECES = re.compile(r"\r\n|[\r\n]|[^\S\r\n]+|\w+|[^\w\s]+")


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One revision without its text. `number` counts from 1 within the part."""

    number: int
    saved_at: datetime
    words: int
    characters: int


def revision_rows(vault: Vault, note: Note, part: NotePart = NotePart.RECORD) -> tuple[RevisionRow, ...]:
    """Every finished save of that part, the first one first."""
    return tuple(
        RevisionRow(each.number, each.saved_at, len(each.text.split()), len(each.text))
        for each in vault.notes.revisions(note.id, part)
    )


def two_revisions(
    vault: Vault, note: Note, part: NotePart = NotePart.RECORD, earlier: int | None = None, later: int | None = None
) -> tuple[Revision, Revision]:
    """The revisions of these numbers; without any the last two, with one alone that and the newest. Raises
    `UsageError`."""
    every = {each.number: each for each in vault.notes.revisions(note.id, part)}
    if len(every) < 2:
        saved = "been saved once" if every else "no saved text in that part"
        raise UsageError(f"This note has {saved}, so there is nothing to compare.")
    newest = max(every)
    wanted = (earlier if earlier is not None else newest - 1, later if later is not None else newest)
    for number in wanted:
        if number not in every:
            raise UsageError(f"This note has revisions 1 to {newest}. `notekeeper note revisions` lists them.")
    return every[wanted[0]], every[wanted[1]]


class ChangeKind(StrEnum):
    SAME = "same"
    GONE = "removed"
    NEW = "added"


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of text that stands in both revisions, in the earlier one alone, or in the later one alone."""

    kind: ChangeKind
    text: str


def compare(before: str, after: str) -> tuple[Change, ...]:
    """What changed, in the order of the text: lines that are the same, and words within those that are not."""
    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return tuple(_joined(_changes(*lines, _Room(_WORK), inside=True)))


@dataclass(slots=True)
class _Room:
    """Work that may still be done."""

    left: int

    def takes(self, a: Sequence[str], b: Sequence[str]) -> bool:
        """Whether the two can be matched within what is left; then it is taken off."""
        if not a or not b:
            return False
        times = Counter(b)
        work = sum(times[piece] for piece in a) * min(len(a), len(b))
        fits = 0 < work <= self.left
        self.left -= work if fits else 0
        return fits


def _changes(a: Sequence[str], b: Sequence[str], room: _Room, *, inside: bool) -> Iterator[Change]:
    i = j = 0
    for start, other, size in [*_matches(a, b, room), (len(a), len(b), 0)]:
        gone, new = "".join(a[i:start]), "".join(b[j:other])
        if inside and gone and new:
            yield from _changes(_PIECES.findall(gone), _PIECES.findall(new), room, inside=False)
        else:
            yield Change(ChangeKind.GONE, gone)
            yield Change(ChangeKind.NEW, new)
        yield Change(ChangeKind.SAME, "".join(a[start : start + size]))
        i, j = start + size, other + size


def _joined(changes: Iterable[Change]) -> Iterator[Change]:
    """Neighbours of one kind as one, and none without text."""
    held: Change | None = None
    for each in changes:
        if not each.text:
            continue
        if held is not None and held.kind is each.kind:
            held = Change(held.kind, held.text + each.text)
        else:
            if held is not None:
                yield held
            held = each
    if held is not None:
        yield held


def _matches(a: Sequence[str], b: Sequence[str], room: _Room) -> list[tuple[int, int, int]]:
    """Places in `a` and in `b` and how many pieces are the same from there on, in order. What both begin and end with
    is taken off; between, pieces that stand once in each are held on to, and the gaps are given to Python's matcher."""
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    found = [(0, 0, start)]
    i = j = start
    stop = (len(a) - end, len(b) - end)
    anchors = [(start + at, start + other) for at, other in _anchors(a[start : stop[0]], b[start : stop[1]])]
    for at, other in [*anchors, stop]:
        gap = a[i:at], b[j:other]
        if room.takes(*gap):
            blocks = SequenceMatcher(None, *gap, autojunk=False).get_matching_blocks()
            found += [(i + block.a, j + block.b, block.size) for block in blocks]
        if at < stop[0] and other < stop[1]:
            found.append((at, other, 1))
        i, j = at + 1, other + 1
    return [*found, (*stop, end)]


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """The longest run of pieces that stand once in each and in the same order: patience sorting, in n log n."""
    once_a, once_b = ({piece for piece, times in Counter(side).items() if times == 1} for side in (a, b))
    places = {piece: at for at, piece in enumerate(b) if piece in once_b}
    pairs = [(at, places[piece]) for at, piece in enumerate(a) if piece in once_a and piece in places]
    tops: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for index, (_, other) in enumerate(pairs):
        pile = bisect_left(tops, other)
        tops[pile : pile + 1] = [other]
        last[pile : pile + 1] = [index]
        before.append(last[pile - 1] if pile else None)
    run: list[tuple[int, int]] = []
    at = last[-1] if last else None
    while at is not None:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of a difference as it is shown. `mark`: "+" a new line, "−" one that is gone, "±" one with changes in
    it, " " one that is the same, "…" for `left_out` lines that are the same and not shown. `number` is the line's
    place in the later text, or in the earlier one where it is gone; 0 for "…"."""

    mark: str
    number: int
    pieces: tuple[Change, ...] = ()
    left_out: int = 0

    @property
    def text(self) -> str:
        """The line with marks about what changed within it: [−gone−] and {+new+}."""
        if self.mark == "…":
            return f"{self.left_out} line(s) the same"
        if self.mark != "±":
            return "".join(each.text for each in self.pieces)
        marks = {ChangeKind.SAME: "{}", ChangeKind.GONE: "[−{}−]", ChangeKind.NEW: "{{+{}+}}"}
        return "".join(marks[each.kind].format(each.text) for each in self.pieces)


def shown_lines(changes: Iterable[Change], context: int = CONTEXT_LINES) -> list[ShownLine]:
    """The difference as lines, with `context` lines that are the same about each change and the rest counted."""
    lines = list(_lines(changes))
    near = set[int]()
    for at, line in enumerate(lines):
        if line.mark != " ":
            near.update(range(at - context, at + context + 1))
    shown: list[ShownLine] = []
    for at, line in enumerate(lines):
        if at in near:
            shown.append(line)
        elif shown and shown[-1].mark == "…":
            shown[-1] = ShownLine("…", 0, left_out=shown[-1].left_out + 1)
        else:
            shown.append(ShownLine("…", 0, left_out=1))
    return shown


_END_GONE = Change(ChangeKind.GONE, "⏎")


def _lines(changes: Iterable[Change]) -> Iterator[ShownLine]:
    pieces: list[Change] = []
    earlier = later = 1
    for change in changes:
        for part in change.text.splitlines(keepends=True):
            text = part.rstrip("\r\n")
            pieces.append(Change(change.kind, text))
            if text != part:
                if change.kind is ChangeKind.NEW and not text and len(pieces) > 1 and pieces[-2] is _END_GONE:
                    pieces[-2:] = []  # one way to end a line in place of another is no change of words
                kinds = {each.kind for each in pieces if each.text} or {change.kind}
                # A line whose end is gone goes on in the later text with what follows it, unless all of it is gone.
                if change.kind is ChangeKind.GONE and kinds != {ChangeKind.GONE}:
                    earlier += 1
                    pieces.append(_END_GONE)
                    continue
                yield _line(tuple(pieces), kinds, earlier, later)
                earlier += change.kind is not ChangeKind.NEW
                later += change.kind is not ChangeKind.GONE
                pieces = []
    if any(each.text for each in pieces):
        yield _line(tuple(pieces), {each.kind for each in pieces if each.text}, earlier, later)


def _line(pieces: tuple[Change, ...], kinds: set[ChangeKind], earlier: int, later: int) -> ShownLine:
    mark = "±"
    if len(kinds) == 1:
        mark = {ChangeKind.SAME: " ", ChangeKind.GONE: "−", ChangeKind.NEW: "+"}[next(iter(kinds))]
    return ShownLine(mark, earlier if mark == "−" else later, tuple(each for each in pieces if each.text))
