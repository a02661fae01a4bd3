"""What the pages of the browser share: how they find the shelf, and how a report's text and a line of a list are set.

What always holds: what a supervisor typed is on disk before a page is left, or said not to be; nothing of a report is
read as markup.
"""

from datetime import date
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from notekeeper.domain.report import ReportDocument
from notekeeper.errors import NotekeeperError
from notekeeper.reports.beside import cells, wrapped
from notekeeper.reports.entries import WHOLE, Entry
from notekeeper.services.browsing import Place
from notekeeper.services.commenting import CommentsDesk
from notekeeper.services.reporting import report_text
from notekeeper.services.shelf import Shelf
from notekeeper.tui.base import Page

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_LEAST, _MOST = 40, 100


class ShelfKeeper(Page):
    """A page over a shelf, which keeps every comment when it is left or the app ends."""

    shelf: Shelf

    def keep(self) -> None:
        self.shelf.keep()

    def action_back(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.app.bell()
            self.tell(f"{error} Esc again leaves this page all the same.", trouble=True)
            if not self._warned:
                self._warned = True
                return
        self.dismiss()

    _warned = False


class Scrolled(ShelfKeeper):
    """A page of which one part scrolls by page, wherever the focus is. `SCROLLS` names it."""

    SCROLLS: ClassVar[str] = "#report"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "scroll(1)", "Scroll", id="browse.down", key_display="PgDn", show=False),
        Binding("pageup", "scroll(-1)", "Scroll back", id="browse.up", key_display="PgUp", show=False),
    ]

    def action_scroll(self, by: int) -> None:
        """A page on or back."""
        part = self.query_one(self.SCROLLS, VerticalScroll)
        (part.scroll_page_down if by > 0 else part.scroll_page_up)(animate=False)

    def width_of(self, name: str) -> int:
        """How wide a text in that part may be."""
        return max(_LEAST, min(_MOST, self.query_one(name).scrollable_content_region.width))


def short_day(day: date) -> str:
    """As in 4 Sep 2025."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_period(place: Place) -> str:
    """As in 5 Jan – 23 Feb 2026."""
    start, end = place.page.period_from, place.page.period_to
    first = short_day(start) if start.year != end.year else f"{start.day} {_MONTHS[start.month - 1]}"
    return f"{first} – {short_day(end)}"


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells, with an ellipsis where something is missing."""
    if cells(text) <= width:
        return text
    return wrapped(text.replace(" ", "\u00a0"), width - 1)[0].replace("\u00a0", " ").rstrip() + "…"


def padded(text: str, width: int) -> str:
    """`text` in exactly `width` cells."""
    shown = cut(text, width)
    return shown + " " * (width - cells(shown))


def entry_text(document: ReportDocument, place: Place, entry: Entry, desk: CommentsDesk, width: int) -> str:
    """What the reader sees of one item: its words, and what was written on it."""
    if entry.label == WHOLE:
        alone = document.model_copy(update={"pages": (place.page,)})
        lines = report_text(alone, width).rstrip("\n").split("\n")
    else:
        heading = f"{entry.section}: {entry.label}" if entry.section else entry.label
        lines = [*wrapped(heading, width), ""]
        for line in entry.lines:
            lines += wrapped(line, width, " " * (len(line) - len(line.lstrip(" "))))
    return "\n".join([*lines, "", *_comments(entry, desk, width)])


def _comments(entry: Entry, desk: CommentsDesk, width: int) -> list[str]:
    found = desk.on(entry.ref)
    lines = ["Your comments" if found else "No comment yet: c writes one."]
    for number, (_, each) in enumerate(found, start=1):
        until = f", until {short_day(each.until)}" if each.until else ""
        head = f"{number}. {f'Agreed action{until}: ' if each.action else ''}"
        for place, text in enumerate(each.text.split("\n")):
            lines += wrapped(f"{head}{text}" if not place else text, width, "  ") if text.strip() else [""]
    return lines
