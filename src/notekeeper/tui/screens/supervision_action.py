"""A box that makes one agreed action a follow-up of the client: its words, which can be put otherwise, and its day.

What always holds: nothing is added but by Enter or F5; an action becomes a follow-up once.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from notekeeper.domain.follow_up import MAX_FOLLOW_UP, FollowUp
from notekeeper.domain.note import Client
from notekeeper.domain.text import visible
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.services.caseload import own_day
from notekeeper.services.follow_ups import read_due
from notekeeper.services.supervision import DiscussedItem, day_words
from notekeeper.services.supervision_actions import follow_up_words_of, make_follow_up
from notekeeper.tui.base import Box, Telling, plain


class ActionBox(Box[FollowUp]):
    """Makes a follow-up of the action and answers with it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5,ctrl+s", "add", "Add", id="action.add")]
    CSS = """
    ActionBox .box { padding: 0 1; }
    ActionBox Input { margin: 0; }
    ActionBox Telling { padding: 0; }
    """

    def __init__(self, vault: Vault, client: Client, item: DiscussedItem) -> None:
        super().__init__()
        self._vault, self._client, self._item = vault, client, item

    def compose(self) -> ComposeResult:
        item = self._item
        with Vertical(classes="box"):
            yield Static(plain(f"Follow-up for {self._client.code}"), classes="label", markup=False)
            yield Static(plain(f"{day_words(item.day)}, on {' '.join(item.item.split())}"), markup=False)
            words = Input(
                visible(follow_up_words_of(item)), max_length=MAX_FOLLOW_UP, select_on_focus=False, id="action-words"
            )
            words.border_title = "What is to be done"
            until = item.comment.until
            due = Input(
                until.isoformat() if until else "",
                placeholder="YYYY-MM-DD, or +14 for days from today",
                max_length=20,
                select_on_focus=False,
                id="action-due",
            )
            due.border_title = "By when"
            yield words
            yield due
            yield Telling()
            yield Static(plain("Enter adds it · Esc leaves it for later"), classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one("#action-words" if self._item.comment.until else "#action-due").focus()

    @on(Input.Changed, "#action-due")
    def _say_day(self, event: Input.Changed) -> None:
        """Say which day was meant as soon as it can be read."""
        try:
            due = read_due(event.value, own_day()) if event.value.strip() else None
        except UsageError:
            due = None
        self.query_one(Telling).tell(f"That is {due:%A}, {due.day} {due:%B %Y}." if due else "")

    @on(Input.Submitted, "#action-words")
    def _to_the_day(self) -> None:
        self.query_one("#action-due").focus()

    @on(Input.Submitted, "#action-due")
    def action_add(self) -> None:
        words, due = (self.query_one(f"#action-{name}", Input).value for name in ("words", "due"))
        try:
            day = read_due(due, own_day())
            made = make_follow_up(self._vault, self._client, self._item, day, own_day(), words)
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return
        self.dismiss(made)
