"""Reading a report that was written, here or by somebody else: one client's page, item by item, with comments.

What always holds: only a file that is exactly a report is shown, and nothing of any other; who signed it, as far as
that is known, and that risk is not included where it is not, stand above every item of it; a comment is on disk as
it is typed.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.report import RISK_NOT_INCLUDED
from notekeeper.errors import NotekeeperError
from notekeeper.reports.beside import cells
from notekeeper.reports.entries import Entry, entries_of
from notekeeper.reports.phrases import DEMONSTRATION
from notekeeper.reports.trust import KnownKeys, Standing
from notekeeper.services.browsing import Locked, Looked, NotRead, Place, alarming, badge, others_of, verdict
from notekeeper.services.commenting import CommentsDesk
from notekeeper.services.shelf import Shelf
from notekeeper.tui.base import plain
from notekeeper.tui.screens.browse_shared import Scrolled, cut, entry_text, short_period
from notekeeper.tui.table import ReadLines

_JUMPS = {"risk": "/risk", "theme": "/theme/", "pattern": "/pattern/", "part": "/part/"}


class BrowsePage(Scrolled):
    """One client's page of a report, `place` on `shelf`. Given a `file` instead, that is opened; given nothing, it is
    asked for."""

    TITLE = "Read a report"
    HELP = """
A report, item by item: up and down move through it, page up and page down scroll the text. r, t, p and m go to risk,
themes, patterns and the therapist's own part; [ and ] to the next client or period in the list.
c writes a comment on the item, a an agreed action; both are kept as you type, beside the report. F9 writes the file
that goes back to the therapist. h logs the supervision, = puts two periods of this client beside each other.
k is about the key that signed the report: compare its eight words by phone before you rely on it.
"""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "comment", "Comment", id="browse.comment"),
        Binding("a", "comment(True)", "Write down an agreed action", id="browse.action", show=False),
        Binding("equals_sign", "compare", "Compare", key_display="=", id="browse.compare"),
        Binding("k", "key", "Key", tooltip="The key that signed this report", id="browse.key"),
        Binding("h", "held", "Held", tooltip="Log the supervision that was held", id="browse.held"),
        Binding("f9", "send", "Send back", tooltip="Write the comments for the therapist", id="browse.send"),
        Binding("o", "open", "Open another file or folder", id="browse.open", show=False),
        Binding(
            "right_square_bracket", "turn(1)", "Next client or period", key_display="]", id="browse.next", show=False
        ),
        Binding("left_square_bracket", "turn(-1)", "The one before", key_display="[", id="browse.before", show=False),
        *(
            Binding(key, f"jump('{name}')", f"To {words}", id=f"browse.{name}", show=False)
            for key, name, words in (
                ("r", "risk", "risk"),
                ("t", "theme", "themes"),
                ("p", "pattern", "patterns"),
                ("m", "part", "the therapist's part"),
            )
        ),
    ]
    CSS = """
    BrowsePage #body { padding: 0; }
    BrowsePage #risk-missing { height: 1; padding: 0 1; text-style: bold; display: none; }
    BrowsePage #signed { height: auto; max-height: 4; padding: 0 1; }
    BrowsePage #signed.alarm { background: $error; color: $background; text-style: bold; }
    BrowsePage #sides { height: 1fr; }
    BrowsePage ReadLines, BrowsePage ReadLines:focus {
        width: 30; height: 1fr; border: none; border-right: solid $primary; padding: 0; background: $background;
    }
    BrowsePage.-wide ReadLines, BrowsePage.-wide ReadLines:focus { width: 42; }
    BrowsePage #report { width: 1fr; height: 1fr; padding: 0 1; scrollbar-gutter: stable; }
    BrowsePage ReadLines > .option-list--option-disabled { color: $text-muted; text-style: bold; }
    """

    def __init__(self, file: Path | None = None, *, shelf: Shelf | None = None, place: Place | None = None) -> None:
        super().__init__()
        self.shelf = shelf or Shelf(KnownKeys())
        self._fresh, self._file, self.place = shelf is None, file, place
        self._entries: tuple[Entry, ...] = ()

    def body(self) -> ComposeResult:
        yield Static(plain(RISK_NOT_INCLUDED), id="risk-missing", markup=False)
        yield Static(id="signed", markup=False)
        with Horizontal(id="sides"):
            yield ReadLines(id="items", markup=False)
            with VerticalScroll(id="report", can_focus=False):
                yield Static(id="text", markup=False)

    def on_mount(self) -> None:
        if self._fresh:
            try:
                self.shelf.judge_again()
            except NotekeeperError as error:
                self.tell(str(error), trouble=True)
                return
        if self.place is not None:
            self.show_place(self.place)
        elif self._file is not None:
            self.call_after_refresh(self.read_in, self._file)
        else:
            self.call_after_refresh(self.action_open)

    def read_in(self, path: Path | None) -> None:
        """Open a file or folder, and show it: here when it is one page, else in the list. Nothing for None."""
        if path is None:
            return
        try:
            found = self.shelf.add([path])
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        refused = [each for each in found if isinstance(each, NotRead)]
        if len(found) == 1 and refused:
            self.tell(refused[0].why, trouble=True)
        elif len(found) == 1 and isinstance(found[0], Locked):
            self._unlock(found[0])
        else:
            self._show_new()

    def _unlock(self, locked: Locked) -> None:
        from notekeeper.tui.screens.browse_open import SecretBox

        self.app.push_screen(SecretBox(self.shelf, locked), self._unlocked)

    def _unlocked(self, found: Sequence[Looked] | None) -> None:
        if found:
            self._show_new()

    def _show_new(self) -> None:
        places = self.shelf.places
        if len(places) == 1 and not self.shelf.locked:
            self.show_place(places[0])
        elif self.shelf.looked:
            from notekeeper.tui.screens.browse_list import ShelfPage

            self.app.push_screen(ShelfPage(self.shelf), lambda _: self._empty())

    def _empty(self) -> None:
        """Back from the list: a page that shows nothing has nothing to stay for."""
        if self.place is None:
            self.dismiss()

    def show_place(self, place: Place) -> None:
        """Show another page of the shelf in this one's place."""
        self.place = place
        self._entries = entries_of(place.reading.document, place.page)
        self._show_signed()
        self._fill_items(0)
        self.tell(self.desk.said)
        self.query_one(ReadLines).focus()

    @property
    def desk(self) -> CommentsDesk:
        """The comments on the report shown. Raises `RuntimeError` before there is one."""
        return self.shelf.desk(self._shown.reading)

    @property
    def _shown(self) -> Place:
        if self.place is None:
            raise RuntimeError("no report is shown")
        return self.place

    def _show_signed(self) -> None:
        place = self._shown
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
        reading = self._shown.reading
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
            place, width = self._shown, self.width_of("#report")
            text = entry_text(place.reading.document, place, entry, self.desk, width)
            self.query_one("#text", Static).update(plain(text))

    def on_resize(self) -> None:
        self.call_after_refresh(self._again)

    def _again(self) -> None:
        """Everything anew in the same place, as after a comment or at another size."""
        entry = self.entry
        if entry is not None:
            self._fill_items(self._entries.index(entry))
            self._set_text()

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_comment()

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

    def action_turn(self, by: int) -> None:
        """To the next page of the list, or the one before."""
        places = self.shelf.places
        if self.place is None or len(places) < 2:
            self.tell("There is no other page open. o opens another file or folder.")
            return
        here = next(number for number, each in enumerate(places) if each == self.shelf.current(self._shown))
        if 0 <= here + by < len(places):
            self.show_place(places[here + by])
        else:
            self.tell("That was the last page." if by > 0 else "That was the first page.")

    def action_comment(self, agreed: bool = False) -> None:
        """Write on the item that is shown."""
        from notekeeper.tui.screens.browse_comment import CommentBox

        if self.entry is not None:
            self.app.push_screen(CommentBox(self.desk, self.entry, agreed=agreed), lambda _: self._written())

    def _written(self) -> None:
        self._again()
        kept = self.desk.path
        self.tell(self.desk.said or (f"Kept in {kept}." if kept else ""))

    def action_compare(self) -> None:
        """Put two periods of this client beside each other."""
        from notekeeper.tui.screens.browse_compare import ComparePage

        if self.place is None:
            return
        others = others_of(self._shown, self.shelf.places)
        if not others:
            self.tell("No other report on this client is open. o opens one: a file, or the folder it is in.")
            return
        self.app.push_screen(ComparePage(self.shelf, self._shown, others))

    def action_key(self) -> None:
        """What is known of the key, and its eight words."""
        from notekeeper.tui.screens.browse_keys import TrustBox

        if self.place is not None:
            self.app.push_screen(TrustBox(self._shown.reading), lambda _: self._judge())

    def _judge(self) -> None:
        try:
            self.shelf.judge_again()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.place = self.shelf.current(self._shown)
        self._show_signed()

    def action_held(self) -> None:
        """Log the supervision in which this report was discussed."""
        from notekeeper.tui.screens.browse_held import HeldBox

        if self.place is not None:
            self.app.push_screen(HeldBox(self.shelf, self._shown.reading), lambda said: self.tell(said or ""))

    def action_send(self) -> None:
        """Write what goes back."""
        from notekeeper.tui.screens.browse_send import SendPage

        if self.place is not None:
            self.app.push_screen(SendPage(self.shelf, self._shown.reading))

    def action_open(self) -> None:
        """Ask for another file or folder."""
        from notekeeper.tui.screens.browse_open import OpenBox

        self.app.push_screen(OpenBox(), self.read_in)
