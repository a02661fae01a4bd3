"""A box for follow-ups: what is to be done and by when, and those of the client that there are.

What always holds: words typed and not added are kept in the vault when the box closes, and are there again when it is
opened; a day that cannot be read is told of with an example; nothing is added but by Enter or F5.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.follow_up import MAX_FOLLOW_UP, FollowUp
from notekeeper.domain.note import Client, Note
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.services.caseload import own_day
from notekeeper.services.follow_ups import (
    add_follow_up,
    begun_follow_up,
    due_of,
    follow_up_line,
    keep_begun_follow_up,
    read_due,
)
from notekeeper.tui.base import Box, Telling, plain
from notekeeper.tui.table import Lines

DUE_NOW, COMING, DONE = "□", "·", "✓"
_DONE_SHOWN = 3
_DAY_HINT = "YYYY-MM-DD, or +14 for days from today"


def mark_of(follow_up: FollowUp) -> str:
    """The mark before a follow-up in a list; its words say the same."""
    if follow_up.done is not None:
        return DONE
    return DUE_NOW if due_of(follow_up, own_day()).now else COMING


def marked_line(follow_up: FollowUp) -> Content:
    """A follow-up as a line of a list."""
    return plain(f"{mark_of(follow_up)} {follow_up_line(follow_up, own_day())}")


class FollowUpBox(Box[FollowUp]):
    """Adds a follow-up about a client, or from the risk entry of a note, and answers with it. The client's open ones
    stand below; there d marks one as done, or opens it again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+s", "add", "Add", id="follow-up.add"),
        Binding("d", "done", "Done, or open again", id="follow-up.done"),
    ]
    CSS = """
    FollowUpBox .box { padding: 0 1; }
    FollowUpBox Input { margin: 0; }
    FollowUpBox Lines { height: auto; max-height: 8; padding: 0; background: $surface; }
    FollowUpBox Lines, FollowUpBox Lines:focus { border: none; }
    FollowUpBox Telling { padding: 0; }
    """

    def __init__(self, vault: Vault, about: Client | Note) -> None:
        super().__init__()
        self._vault, self._about = vault, about
        self._client_id = about.client_id if isinstance(about, Note) else about.id
        self._kept = ("", "")
        self._shown: list[FollowUp] = []

    def compose(self) -> ComposeResult:
        about = self._about
        whose = f"from the risk entry of note {about.number}" if isinstance(about, Note) else f"for {about.code}"
        with Vertical(classes="box"):
            yield Static(plain(f"Follow-up {whose}"), classes="label", markup=False)
            words = Input(max_length=MAX_FOLLOW_UP, id="follow-up-words")
            words.border_title = "What is to be done, in your words"
            due = Input(placeholder=_DAY_HINT, max_length=20, id="follow-up-due")
            due.border_title = "By when"
            yield words
            yield due
            yield Telling()
            yield Lines(id="follow-up-list", markup=False)
            yield Static(
                plain("Enter adds · Tab to the list, where d marks done · Esc goes back"),
                classes="hint",
                markup=False,
            )

    def on_mount(self) -> None:
        try:
            kept = begun_follow_up(self._vault, self._about)
            self._fill(*kept)
            self._kept = kept  # only now, so that empty fields never count as something typed over what is kept
            self._show_list()
        except NotekeeperError as error:
            self._tell(str(error), trouble=True)
        self.query_one("#follow-up-words").focus()

    def _fill(self, words: str, due: str) -> None:
        for name, text in (("words", words), ("due", due)):
            self.query_one(f"#follow-up-{name}", Input).value = text

    def _typed(self) -> tuple[str, str]:
        return self.query_one("#follow-up-words", Input).value, self.query_one("#follow-up-due", Input).value

    def _tell(self, text: str, *, trouble: bool = False) -> None:
        self.query_one(Telling).tell(text, trouble=trouble)

    def _show_list(self) -> None:
        found = self._vault.follow_ups.of_client(self._client_id)
        done = sorted((each for each in found if each.done), key=lambda each: (each.done, each.number))[-_DONE_SHOWN:]
        self._shown = [*(each for each in found if each.done is None), *done]
        lines = self.query_one(Lines)
        at = lines.highlighted
        lines.clear_options()
        lines.add_options(Option(marked_line(each), id=each.id) for each in self._shown)
        lines.display = bool(self._shown)
        if self._shown:
            lines.highlighted = min(at or 0, len(self._shown) - 1)

    @on(Input.Changed, "#follow-up-due")
    def _say_day(self, event: Input.Changed) -> None:
        """Say which day was meant as soon as it can be read."""
        try:
            due = read_due(event.value, own_day()) if event.value.strip() else None
        except UsageError:
            due = None
        self._tell(f"That is {due:%A}, {due.day} {due:%B %Y}." if due else "")

    @on(Input.Submitted, "#follow-up-words")
    def _to_the_day(self) -> None:
        self.query_one("#follow-up-due").focus()

    @on(Input.Submitted, "#follow-up-due")
    def action_add(self) -> None:
        words, due = self._typed()
        try:
            self.keep()
            added = add_follow_up(self._vault, self._about, words, read_due(due, own_day()), due.strip())
        except NotekeeperError as error:
            self._tell(str(error), trouble=True)
            return
        self._kept = self._typed()
        self.dismiss(added)

    @on(OptionList.OptionSelected)
    def action_done(self) -> None:
        """Mark the highlighted one as done today, or open it again."""
        lines = self.query_one(Lines)
        if self.focused is not lines or lines.highlighted is None:
            return
        here = self._shown[lines.highlighted]
        try:
            marked = self._vault.follow_ups.mark(here.id, own_day(), done=here.done is None)
            self._show_list()
        except NotekeeperError as error:
            self._tell(str(error), trouble=True)
            return
        self._tell(f"F{marked.number} is done; d opens it again." if marked.done else f"F{marked.number} is open.")

    def keep(self) -> None:
        """What is typed and not added."""
        typed = self._typed()
        if typed != self._kept:
            keep_begun_follow_up(self._vault, self._about, *typed)
            self._kept = typed

    def action_leave(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self._tell(f"{error} You are still here, so that nothing is lost.", trouble=True)
            return
        self.dismiss(None)
