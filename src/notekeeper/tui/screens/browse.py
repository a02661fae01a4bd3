"""Reading a report that was written, here or by somebody else: one client's page, item by item, with comments.

What always holds: only a file that is exactly a report is shown, and nothing of any other; who signed it, as far as
that is known, and that risk is not included where it is not, stand above every item of it; a comment is on disk as
it is typed.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from notekeeper.errors import NotekeeperError
from notekeeper.reports.trust import KnownKeys
from notekeeper.services.browsing import Locked, Looked, NotRead, Place, others_of
from notekeeper.services.shelf import Shelf
from notekeeper.tui.screens.browse_items import ItemsPage


class BrowsePage(ItemsPage):
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
        super().__init__(shelf or Shelf(KnownKeys()))
        self._fresh, self._file, self._first = shelf is None, file, place

    def on_mount(self) -> None:
        if self._fresh:
            try:
                self.shelf.own_key = self.vault.signatures.public_key() if self.keeper.vault else ""
                self.shelf.judge_again()
            except NotekeeperError as error:
                self.tell(str(error), trouble=True)
                return
        if self._first is not None:
            self.show_place(self._first)
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

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_comment()

    def action_turn(self, by: int) -> None:
        """To the next page of the list, or the one before."""
        places = self.shelf.places
        if self.place is None or len(places) < 2:
            self.tell("There is no other page open. o opens another file or folder.")
            return
        here = next(number for number, each in enumerate(places) if each == self.shelf.current(self.shown))
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
        self.show_again()
        kept = self.desk.path
        self.tell(self.desk.said or (f"Kept in {kept}." if kept else ""))

    def action_compare(self) -> None:
        """Put two periods of this client beside each other."""
        from notekeeper.tui.screens.browse_compare import ComparePage

        if self.place is None:
            return
        others = others_of(self.shown, self.shelf.places)
        if not others:
            self.tell("No other report on this client is open. o opens one: a file, or the folder it is in.")
            return
        self.app.push_screen(ComparePage(self.shelf, self.shown, others))

    def action_key(self) -> None:
        """What is known of the key, and its eight words."""
        from notekeeper.tui.screens.browse_keys import TrustBox

        if self.place is not None:
            self.app.push_screen(TrustBox(self.shown.reading), lambda _: self._judge())

    def _judge(self) -> None:
        try:
            self.shelf.judge_again()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.place = self.shelf.current(self.shown)
        self.show_signed()

    def action_held(self) -> None:
        """Log the supervision in which this report was discussed."""
        from notekeeper.tui.screens.browse_held import HeldBox

        if self.place is not None:
            self.app.push_screen(HeldBox(self.shelf, self.shown.reading), lambda said: self.tell(said or ""))

    def action_send(self) -> None:
        """Write what goes back."""
        from notekeeper.tui.screens.browse_send import SendPage

        if self.place is not None:
            self.app.push_screen(SendPage(self.shelf, self.shown.reading))

    def action_open(self) -> None:
        """Ask for another file or folder."""
        from notekeeper.tui.screens.browse_open import OpenBox

        self.app.push_screen(OpenBox(), self.read_in)
