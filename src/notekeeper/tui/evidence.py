"""The note beside a review: its text as saved, with the sentences of the item at hand marked.

What always holds: a marked row bears a bar in the margin as well as a colour; only rows on the screen are drawn,
whatever the note's length; no character of the note acts on the terminal.
"""

from itertools import pairwise
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from notekeeper.domain.text import Evidence, visible

BAR = "▌"
STAND_IN = "␦"
_MARGIN = 2
_LEAD = 2
"""Rows shown above the first marked one."""
Pieces = tuple[tuple[int, int], ...]


def rows_of(text: str, width: int) -> list[tuple[int, int]]:
    """Where each row of at most `width` cells begins and ends in `text`: broken at spaces, else where it must be."""
    rows = []
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        start = at
        while True:
            stop = _fit(text, start, end, width)
            if stop < end and (space := text.rfind(" ", start, stop + 1)) > start:
                stop = space + 1
            rows.append((start, stop))
            start = stop
            if start >= end:
                break
        at = end + 1
    return rows


def _fit(text: str, start: int, end: int, width: int) -> int:
    """How far from `start` fits into `width` cells; always at least one character."""
    stop = min(end, start + width)
    while stop > start + 1 and not text[start:stop].isascii() and cell_len(text[start:stop]) > width:
        stop -= 1
    return stop


class NoteBeside(ScrollView, can_focus=True):
    """The note. Arrows and page keys scroll it while it has the focus."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"note-beside--lit", "note-beside--bar"}
    DEFAULT_CSS = """
    NoteBeside { height: 1fr; width: 1fr; }
    NoteBeside > .note-beside--lit { background: $primary 35%; text-style: bold; }
    NoteBeside > .note-beside--bar { color: $accent; text-style: bold; }
    """

    def __init__(self, text: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._text = text
        self._rows: list[tuple[int, int]] = []
        self._lit: Pieces = ()

    def show(self, text: str) -> None:
        """Another text."""
        self._text = text
        self._break()

    def light(self, evidence: tuple[Evidence, ...]) -> None:
        """Mark these pieces and bring the first into view."""
        self._lit = tuple((piece.start, piece.end) for piece in evidence)
        self._bring()
        self.refresh()

    def lit_rows(self) -> list[int]:
        """The rows that hold something marked."""
        return self._rows_of(self._lit)

    def place_at(self, x: int, y: int) -> int:
        """Which character of the text stands `x` cells and `y` rows from the corner; -1 for none."""
        row = y + self.scroll_offset.y
        if not 0 <= row < len(self._rows):
            return -1
        start, end = self._rows[row]
        return _fit(self._text, start, end, x - _MARGIN) if x > _MARGIN else start

    def on_resize(self, _: events.Resize) -> None:
        self._break()

    def _break(self) -> None:
        width = max(8, self.scrollable_content_region.width - _MARGIN - 1)
        self._rows = rows_of(self._text, width)
        self.virtual_size = Size(width + _MARGIN, len(self._rows))
        self._bring()
        self.refresh()

    def _bring(self) -> None:
        if rows := self._looked_at():
            high = self.scrollable_content_region.height
            if not self.scroll_offset.y + _LEAD <= rows[0] <= rows[-1] < self.scroll_offset.y + high:
                self.scroll_to(y=max(0, rows[0] - _LEAD), animate=False)

    def _looked_at(self) -> list[int]:
        """The rows that are to be in view."""
        return self.lit_rows()

    def _rows_of(self, pieces: Pieces) -> list[int]:
        return [y for y, row in enumerate(self._rows) if cuts(row, pieces)]

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        place = y + self.scroll_offset.y
        if place >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        start, end = row = self._rows[place]
        bar = self.get_component_rich_style("note-beside--bar")
        segments = [Segment(self._margin(place), bar)]
        edges = sorted({start, end, *(edge for cut in cuts(row, self._drawn()) for edge in cut)})
        segments += [Segment(_shown(self._text[a:b]), self._style_at(a)) for a, b in pairwise(edges)]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _margin(self, place: int) -> str:
        """The two cells before a row."""
        return f"{BAR if cuts(self._rows[place], self._lit) else ' '} "

    def _drawn(self) -> Pieces:
        """The pieces of the text that are not drawn like the rest."""
        return self._lit

    def _style_at(self, place: int) -> Style:
        if any(a <= place < b for a, b in self._lit):
            return self.get_component_rich_style("note-beside--lit")
        return self.rich_style


def cuts(row: tuple[int, int], pieces: Pieces) -> list[tuple[int, int]]:
    """What of these pieces is in a row."""
    start, end = row
    return [(max(start, a), min(end, b)) for a, b in pieces if a < end and b > start]


def _shown(piece: str) -> str:
    """One character for one, so that places hold."""
    if piece.isprintable():
        return piece
    return "".join(" " if c == "\t" else c if visible(c) == c else STAND_IN for c in piece)
