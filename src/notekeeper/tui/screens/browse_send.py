"""Writing the comments on a report for the therapist: where, and how sealed.

What always holds: nothing is written before the key that writes; what came sealed goes back sealed unless the reader
chooses otherwise here; a passphrase that is easily guessed is refused.
"""

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.reports.envelope import Seal
from notekeeper.services.browsing import Reading
from notekeeper.services.shelf import Shelf
from notekeeper.services.strength import strength
from notekeeper.services.supervisor_hours import duration
from notekeeper.tui.base import plain
from notekeeper.tui.screens.browse_shared import ShelfKeeper, short_day
from notekeeper.tui.widgets import PickOne

_SAME, _OPEN, _WORDS, _KEY = (
    "Sealed with the passphrase that the report came with",
    "Not sealed",
    "Sealed with a passphrase",
    "Sealed for the therapist's public key of age",
)


class SendPage(ShelfKeeper):
    """What goes back on `reading`."""

    TITLE = "Send back"
    HELP = """
The file for the therapist holds your comments, the agreed actions, and when the report was discussed. notekeeper takes
it in beside exactly that report. F9 writes it; sending it is yours.
Sealed, only the passphrase or the therapist's own key opens it. Give a passphrase on another way than the file.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9", "write", "Write", id="send.write")]
    CSS = """
    SendPage Input { margin: 0; }
    SendPage Input.hidden { display: none; }
    SendPage #summary { margin: 0 0 1 0; }
    """

    def __init__(self, shelf: Shelf, reading: Reading) -> None:
        super().__init__()
        self.shelf, self._reading = shelf, reading
        self._desk = shelf.desk(reading)
        came_with_words = reading.secret is not None and bool(reading.secret.passphrase)
        self._ways = (_SAME, _WORDS, _KEY, _OPEN) if came_with_words else (_OPEN, _WORDS, _KEY)
        if reading.secret is not None and not came_with_words:
            self._ways = (_KEY, _WORDS, _OPEN)

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(plain("\n".join(self._summary())), id="summary", markup=False)
            name = Input(self._desk.comments.supervisor, id="name", max_length=200, select_on_focus=False)
            name.border_title = "Your name, as the therapist is to read it"
            yield name
            folder = Input(str(self._reading.path.absolute().parent), id="folder", select_on_focus=False)
            folder.border_title = "Folder"
            yield folder
            yield PickOne(self._ways, 0, title="How", follow=True, id="how")
            first = Input(password=True, id="words", select_on_focus=False)
            first.border_title = "Passphrase for the therapist"
            yield first
            again = Input(password=True, id="again", select_on_focus=False)
            again.border_title = "The passphrase again"
            yield again
            key = Input(id="key", max_length=100, select_on_focus=False)
            key.border_title = "The therapist's public key (age1…)"
            yield key

    def on_mount(self) -> None:
        self.banner(f"Send back · {', '.join(page.client_code for page in self._reading.document.pages)}")
        self._show_fields()
        self.query_one("#name" if not self._desk.comments.supervisor else "#how").focus()

    def _summary(self) -> list[str]:
        comments = self._desk.comments
        agreed = sum(each.action for each in comments.comments)
        told = [f"Comments: {len(comments.comments) - agreed}. Agreed actions: {agreed}."]
        if comments.discussed_on is None:
            return [*told, "Not yet discussed: h on the report logs the day."]
        took = f", {duration(comments.minutes)}" if comments.minutes else ""
        return [*told, f"Discussed on {short_day(comments.discussed_on)}{took}."]

    @property
    def _way(self) -> str:
        return self._ways[self.query_one(PickOne).chosen or 0]

    @on(PickOne.Picked)
    def _picked(self) -> None:
        self._show_fields()

    def on_key(self) -> None:
        self.call_after_refresh(self._show_fields)  # with arrows the choice follows without a message

    def _show_fields(self) -> None:
        for name in ("words", "again"):
            self.query_one(f"#{name}").set_class(self._way != _WORDS, "hidden")
        self.query_one("#key").set_class(self._way != _KEY, "hidden")

    @on(Input.Changed, "#words")
    def _typed(self, event: Input.Changed) -> None:
        self.tell(strength(event.value).words if event.value else "")

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.focus_next()

    def action_write(self) -> None:
        """Write the file."""
        try:
            seal = self._seal()
            self._desk.signed_as(self.query_one("#name", Input).value)
            folder = Path(self.query_one("#folder", Input).value.strip()).expanduser()
            place = self._desk.write_for(folder, seal, openly=self._way == _OPEN)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.tell(f"For the therapist: {place}")

    def _seal(self) -> Seal | None:
        if self._way == _OPEN:
            return None
        if self._way == _SAME:
            return Seal(passphrase=self._reading.secret.passphrase if self._reading.secret else "")
        if self._way == _KEY:
            return Seal(keys=(self.query_one("#key", Input).value,))
        first, again = self.query_one("#words", Input).value, self.query_one("#again", Input).value
        if first != again:
            raise UsageError("The two passphrases are not the same. Nothing was written.")
        if not first:
            raise UsageError("No passphrase was typed. Nothing was written.")
        return Seal(passphrase=first)
