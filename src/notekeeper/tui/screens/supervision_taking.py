"""Taking a supervisor's comments in: a file, a look at what it would bring, and then agreed actions one by one.

What always holds: nothing is taken in before it was shown and F9 pressed; hours are added only if ticked; an action
becomes a follow-up only by opening it.
"""

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.comments import CommentsFile
from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.reports.comments import read_comments
from notekeeper.reports.envelope import Secret, read_identities
from notekeeper.services.caseload import own_day
from notekeeper.services.supervision import DiscussedItem, discussed
from notekeeper.services.supervision_comments import CommentsPreview, preview_comments, take_comments
from notekeeper.tui.base import Page, plain
from notekeeper.tui.screens.supervision_client import AGREED
from notekeeper.tui.table import Lines
from notekeeper.tui.widgets import Tick


class TakePage(Page):
    TITLE = "Supervisor's comments"
    HELP = (
        "Takes in the file of comments that your supervisor sent (it ends in .comments.json, or .comments.json.age "
        "when it is sealed). F5 shows what it would bring into which client's file, and changes nothing; F9 takes it "
        "in. It goes beside exactly the report that you approved, or is refused. Tick the hours to add them to your "
        "log. Afterwards agreed actions are listed: Enter makes one a follow-up, with its day; none becomes one by "
        "itself."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "preview", "Look at it", id="taking.preview"),
        Binding("f9", "take", "Take in", id="taking.take"),
    ]
    DEFAULT_CSS = """
    TakePage Input { margin: 0; }
    TakePage Horizontal { height: 3; }
    TakePage Horizontal Input { width: 1fr; }
    TakePage Tick, TakePage Tick:focus {
        height: 1; width: 1fr; border: none; padding: 0 1; background: $background;
    }
    TakePage Tick { display: none; }
    TakePage Tick:focus { text-style: reverse; }
    TakePage #taking-actions { height: auto; max-height: 60%; border: none; background: $background; display: none; }
    TakePage VerticalScroll { height: 1fr; }
    TakePage VerticalScroll Static { height: auto; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._file: CommentsFile | None = None
        self._taken: tuple[Client, ...] = ()
        self._actions: list[tuple[Client, DiscussedItem]] = []

    def body(self) -> ComposeResult:
        place = Input(placeholder="its path", max_length=1000, id="taking-file")
        place.border_title = "File of comments"
        yield place
        with Horizontal():
            words = Input(password=True, max_length=1000, id="taking-passphrase")
            words.border_title = "Passphrase, if sealed"
            key = Input(max_length=1000, id="taking-identity")
            key.border_title = "Or file of your age key"
            yield words
            yield key
        yield Tick("Add its hours to my log", id="taking-hours")
        yield Lines(id="taking-actions", markup=False)
        with VerticalScroll(id="taking-shown"):
            yield Static(id="taking-preview", markup=False)

    def on_mount(self) -> None:
        self.query_one("#taking-file").focus()
        self.tell("F5 shows what the file would bring. Nothing is taken in before that.")

    def _typed(self, name: str) -> str:
        return self.query_one(f"#taking-{name}", Input).value

    @on(Input.Submitted)
    def action_preview(self) -> None:
        self._forget()
        try:
            if not self._typed("file").strip():
                raise UsageError("Which file? Type its path first.")
            key = self._typed("identity").strip()
            keys = read_identities(Path(key).expanduser()) if key else ()
            secret = Secret(passphrase="" if keys else self._typed("passphrase"), keys=keys)
            file = read_comments(Path(self._typed("file").strip()).expanduser(), secret)
            preview = preview_comments(self.vault, file, own_day())
        except (NotekeeperError, RuntimeError) as error:
            said = str(error) if isinstance(error, NotekeeperError) else "There is no such folder. Nothing was changed."
            self.tell(said, trouble=True)
            return
        self._file = file
        self._show(preview)
        self.tell("F9 takes it in.")

    def _show(self, preview: CommentsPreview) -> None:
        said = [*preview.sentences(), ""]
        for each in preview.clients:
            for comment in each.taken.comments:
                mark = f"{AGREED} agreed: " if comment.action else ""
                until = f" (by {comment.until.isoformat()})" if comment.until else ""
                said.append(f"{each.client.code}, {' '.join(comment.item.split())}\n  {mark}{comment.text}{until}")
        self.query_one("#taking-preview", Static).update(plain("\n".join(said)))
        self.query_one(Tick).display = preview.hours is not None
        self.query_one("#taking-shown").focus()

    def _forget(self) -> None:
        """A look holds for the file it was taken of."""
        self._file = None
        self.query_one(Tick).value = False
        self.query_one(Tick).display = False
        self.query_one("#taking-preview", Static).update("")

    @on(Input.Changed)
    def _other(self) -> None:
        if self._file is not None:
            self._forget()
            self.tell("F5 shows what the file would bring now.")

    def action_take(self) -> None:
        if self._file is None:
            self.tell("Look at it first: F5 shows what it would bring.", trouble=True)
            return
        hours = self.query_one(Tick).display and self.query_one(Tick).value
        try:
            preview, _ = take_comments(self.vault, self._file, own_day(), hours=hours)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._taken = tuple(each.client for each in preview.clients)
        self._forget()
        for field in self.query(Input):
            with field.prevent(Input.Changed):
                field.value = ""
        codes = ", ".join(each.code for each in self._taken)
        self._list_actions()
        log = " Its hours are in your log." if hours else ""
        more = " Enter on an agreed action makes it a follow-up." if self._actions else ""
        self.tell(f"Taken in: {codes}.{log}{more}")

    def _list_actions(self) -> None:
        """The agreed actions of these clients of which nothing was made yet."""
        self._actions = [
            (client, each) for client in self._taken for each in discussed(self.vault, client) if each.waits
        ]
        shown = self.query_one("#taking-actions", Lines)
        shown.clear_options()
        shown.add_options(
            Option(plain(f"{AGREED} {client.code}, agreed: {' '.join(each.comment.text.split())}"))
            for client, each in self._actions
        )
        shown.display = bool(self._actions)
        if self._actions:
            shown.highlighted = 0
            shown.focus()

    @on(OptionList.OptionSelected)
    def _offer(self, event: OptionList.OptionSelected) -> None:
        from notekeeper.tui.screens.supervision_action import ActionBox

        client, item = self._actions[event.option_index]
        self.app.push_screen(ActionBox(self.vault, client, item), self._made)

    def _made(self, made: FollowUp | None) -> None:
        try:
            self._list_actions()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        if made is not None:
            left = f" {len(self._actions)} more agreed." if self._actions else ""
            self.tell(f"Follow-up F{made.number} is due {made.due.isoformat()}.{left}")
