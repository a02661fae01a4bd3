"""Threads by sessions as lines of a table: a column for each session, marks for what its note says, how many themes.

What always holds: every mark is a glyph and has its words in the legend; colour only repeats what the glyph says; a
column is one cell wide, so that sixty sessions stand side by side at eighty columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from notekeeper.domain.pattern_review import PatternItem
from notekeeper.domain.pattern_work import OwnPattern, PatternChoice
from notekeeper.domain.text import visible
from notekeeper.services.client_patterns import ClientPatterns, FollowedThread, Noted
from notekeeper.tui.base import plain

_BARS = "▁▂▃▄▅▆▇█"
_STYLES = {
    Noted.EASING: "bold $text-success",
    Noted.WORSE: "bold $text-error",
    Noted.NOTED: "bold",
    Noted.NOT_NOTED: "dim",
    Noted.NOT_SIGNED: "dim",
}
LEGEND = "   ".join(f"{noted.mark} {noted.words.replace('noted as', 'as')}" for noted in Noted)
_EVERY = 5
_LEAST_WORDS = 36
"""Cells that words need beside the marks; where there are fewer, they stand above them."""
_STATES = {
    PatternChoice.ACCEPTED: "✓ kept",
    PatternChoice.EDITED: "✎ kept in my words",
    PatternChoice.REJECTED: "✗ rejected",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a thread, with the pattern it makes if it makes one, or a pattern of the therapist's own.
    `name` is P1…, T1… or O1…."""

    name: str
    label: str
    kind: str
    state: str
    numbers: tuple[int, ...]
    marks: tuple[Noted, ...]
    thread: FollowedThread | None = None
    own: OwnPattern | None = None

    @property
    def item(self) -> PatternItem | None:
        """The pattern that can be decided on."""
        return self.thread.item if self.thread else None


def rows_of(seen: ClientPatterns) -> list[Row]:
    """Patterns first, then the therapist's own, then threads that are too little to be one."""
    found = [_row(each, each.item) for each in seen.threads if each.item is not None]
    found += [_own(f"O{place}", own, seen) for place, own in enumerate(seen.review.own, start=1)]
    return found + [_row(each, None) for each in seen.threads if each.item is None]


@dataclass(frozen=True, slots=True)
class Columns:
    """The sessions that are side by side, `first` to `last` by place from 0: as many as `width` cells hold."""

    first: int
    last: int
    width: int

    @classmethod
    def fitting(cls, sessions: int, width: int, shifted: int = 0) -> "Columns":
        """The latest sessions that fit, or `shifted` columns earlier."""
        last = max(min(sessions, sessions - shifted), min(sessions, width))
        return cls(max(0, last - width), last, width)

    @property
    def cells(self) -> int:
        return self.last - self.first

    @property
    def beside(self) -> bool:
        """Whether there is room for words beside the marks."""
        return self.width - self.cells - 2 >= _LEAST_WORDS


def ruler(columns: Columns) -> str:
    """Session numbers above their columns, each ending in its own: 1, 5, 10 and so on."""
    line = [" "] * columns.cells
    for place in range(columns.first, columns.last):
        number = str(place + 1)
        at = place - columns.first
        wanted = (place + 1) % _EVERY == 0 or place == columns.first
        start = at - len(number) + 1 if place != columns.first else at
        if wanted and start >= 0 and start + len(number) <= columns.cells:
            free = line[max(0, start - 1) : start + len(number)]
            if all(cell == " " for cell in free):
                line[start : start + len(number)] = number
    return "".join(line)


def sparkline(seen: ClientPatterns, columns: Columns) -> str:
    """How many themes each session has, as bars; `?` where it is not signed."""
    counts = seen.counts[columns.first : columns.last]
    most = max((*seen.counts, 1))
    bars = []
    for session, count in zip(seen.sessions[columns.first : columns.last], counts, strict=True):
        if session.place is None:
            bars.append(Noted.NOT_SIGNED.mark)
        else:
            bars.append(_BARS[round(count / most * (len(_BARS) - 1))] if count else " ")
    return "".join(bars)


def counted_words(seen: ClientPatterns) -> str:
    """The same in words: "0 to 4 themes a session"."""
    counts = [count for count, session in zip(seen.counts, seen.sessions, strict=True) if session.place is not None]
    if not counts:
        return "no session is signed"
    least, most = min(counts), max(counts)
    return f"{most} themes a session" if least == most else f"{least} to {most} themes a session"


def line_of(row: Row, columns: Columns, total: int) -> Content:
    """A row as two lines: its marks, and its label, state, kind and count."""
    marks = _marks(row.marks[columns.first : columns.last])
    told = f"{row.state} · {len(row.numbers)} of {total} · {row.kind}"
    label = plain(_cut(row.label, columns.width - (columns.cells + 2 if columns.beside else len(row.name) + 1)))
    if columns.beside:
        beside = " " * (columns.cells + 2)
        words = _cut(told, columns.width - len(beside))
        return Content.assemble(marks, "  ", label.stylize("bold"), "\n", beside, plain(words))
    head = _cut(f"{row.label} · {told}", columns.width)
    return Content.assemble(plain(head), "\n", marks)


def _marks(marks: Sequence[Noted]) -> Content:
    return Content.assemble(*((noted.mark, _STYLES[noted]) for noted in marks))


def _row(thread: FollowedThread, item: PatternItem | None) -> Row:
    if item is None:
        return Row(thread.name, thread.label, "too little for a pattern", "–", thread.numbers, thread.marks, thread)
    waiting = "◇ the model's words, to decide" if item.worded and item.worded.statement else "○ to decide"
    state = _STATES[item.decision.choice] if item.decision else waiting
    return Row(item.name, item.label, item.pattern.kind.words, state, thread.numbers, thread.marks, thread)


def _own(name: str, own: OwnPattern, seen: ClientPatterns) -> Row:
    held = set(own.notes)
    marks = tuple(
        Noted.NOT_SIGNED if each.place is None else Noted.NOTED if each.note.id in held else Noted.NOT_NOTED
        for each in seen.sessions
    )
    return Row(name, own.label, own.kind.words, "✎ my own", seen.numbers_of(own.notes), marks, own=own)


def _cut(text: str, width: int) -> str:
    shown = visible(text)
    return shown if cell_len(shown) <= width else f"{set_cell_size(shown, max(0, width - 1)).rstrip()}…"
