"""One client's page of a report as items: the list on the left, what the item says on the right.

What always holds: that risk is not included, and an alarm about who signed, stand above every item; an item's comments
stand beneath its words.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.report import RISK_NOT_INCLUDED
from notekeeper.reports.beside import cells
from notekeeper.reports.entries import Entry, entries_of
from notekeeper.reports.phrases import DEMONSTRATION
from notekeeper.reports.trust import Standing
from notekeeper.services.browsing import Place
from notekeeper.services.commenting import CommentsDesk
from notekeeper.services.shelf import Shelf
from notekeeper.services.verdicts import alarming, badge, verdict
from notekeeper.tui.base import plain
from notekeeper.tui.screens.browse_shared import Scrolled, cut, entry_text, short_period
from notekeeper.tui.table import ReadLines

_JUMPS = {"risk": "/risk", "theme": "/theme/", "pattern": "/pattern/", "part": "/part/"}


class ItemsPage(Scrolled):
    """The items of `place`, None until one is shown."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"jump('{name}')", f"To {words}", id=f"browse.{name}", show=False)
        for key, name, words in (
            ("r", "risk", "risk"),
            ("t", "theme", "themes"),
            ("p", "pattern", "patterns"),
            ("m", "part", "the therapist's part"),
        )
    ]

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self.shelf = shelf
        self.place: Place | None = None
        self._entries: tuple[Entry, ...] = ()

    def body(self) -> ComposeResult:
        yield Static(plain(RISK_NOT_INCLUDED), id="risk-missing", markup=False)
        yield Static(id="signed", markup=False)
        with Horizontal(id="sides"):
            yield ReadLines(id="items", markup=False)
            with VerticalScroll(id="report", can_focus=False):
                yield Static(id="text", markup=False)

    def show_place(self, place: Place) -> None:
        """Show another page of the shelf in this one's place."""
        self.place = place
        self._entries = entries_of(place.reading.document, place.page)
        self.show_signed()
        self._fill_items(0)
        self.tell(self.desk.said)
        self.query_one(ReadLines).focus()

    @property
    def desk(self) -> CommentsDesk:
        """The comments on the report shown. Raises `RuntimeError` before there is one."""
        return self.shelf.desk(self.shown.reading)

    @property
    def shown(self) -> Place:
        if self.place is None:
            raise RuntimeError("no report is shown")
        return self.place

    def show_signed(self) -> None:
        place = self.shown
        mark = DEMONSTRATION.split(":")[0] if place.page.demonstration else ""
        parts = (mark, place.page.client_code, short_period(place), place.reading.trust.name, badge(place.reading))
        self.banner(" · ".join(filter(None, parts)))
        self.query_one("#risk-missing").display = not place.page.risk.included
        signed = self.query_one("#signed", Static)
        signed.set_class(alarming(place.reading), "alarm")
        told = () if self._is_plainly_known else verdict(place.reading)
        if place.reading.trust.standing is Standing.UNKNOWN and not alarming(place.reading):
            told = ("Signed with a key that you do not know yet: k shows its eight words.",)
        signed.display = bool(told)
        signed.update(plain(" ".join(told)))

    @property
    def _is_plainly_known(self) -> bool:
        """Whether the top line says all there is to say of who signed."""
        reading = self.shown.reading
        return reading.trust.standing is Standing.KNOWN and len(verdict(reading)) == 1

    def _fill_items(self, at: int) -> None:
        items = self.query_one(ReadLines)
        items.clear_options()
        section = ""
        for entry in self._entries:
            if entry.section and entry.section != section:
                items.add_option(Option(plain(entry.section), disabled=True))
            section = entry.section
            items.add_option(Option(self._label(entry), id=entry.ref))
        items.highlighted = items.get_option_index(self._entries[at].ref)

    def _label(self, entry: Entry) -> Content:
        count = len(self.desk.on(entry.ref))
        mark = f" ✎{count}" if count else ""
        return plain(f"  {cut(entry.label, self._list_width - 2 - cells(mark))}{mark}")

    @property
    def _list_width(self) -> int:
        return (42 if self.has_class("-wide") else 30) - 3

    @property
    def entry(self) -> Entry | None:
        """The item that is shown."""
        items = self.query_one(ReadLines)
        if self.place is None or items.highlighted is None:
            return None
        ref = items.get_option_at_index(items.highlighted).id
        return next((each for each in self._entries if each.ref == ref), None)

    @on(OptionList.OptionHighlighted)
    def show_item(self) -> None:
        """The text of the item that is highlighted, from its beginning."""
        self._set_text()
        self.query_one("#report", VerticalScroll).scroll_home(animate=False)

    def _set_text(self) -> None:
        entry = self.entry
        if entry is not None:
            place, width = self.shown, self.width_of("#report")
            text = entry_text(place.reading.document, place, entry, self.desk, width)
            self.query_one("#text", Static).update(plain(text))

    def on_resize(self) -> None:
        self.call_after_refresh(self.show_again)

    def show_again(self) -> None:
        """Everything anew in the same place, as after a comment or at another size."""
        entry = self.entry
        if entry is not None:
            self._fill_items(self._entries.index(entry))
            self._set_text()

    def action_jump(self, name: str) -> None:
        """To the first item of a kind; when that is shown, to the next of it."""
        wanted = [place for place, each in enumerate(self._entries) if _JUMPS[name] in each.ref]
        here = self._entries.index(self.entry) if self.entry is not None else -1
        if not wanted:
            self.tell("This page has nothing of that kind.")
            return
        target = next((place for place in wanted if place > here), wanted[0])
        items = self.query_one(ReadLines)
        items.highlighted = items.get_option_index(self._entries[target].ref)
