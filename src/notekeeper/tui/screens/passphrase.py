"""A new passphrase for the open vault.

What always holds: the present passphrase is asked for, so that nobody who finds the app open can take the vault over;
until the new one holds, the old one does; what happens to older copies is said before and after.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Input, Static

from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError, NotReadyError
from notekeeper.tui.base import Page, plain
from notekeeper.tui.newpass import NewPassphrase

_COPIES = (
    "Backups and copies of the vault made before still open by the old passphrase. If somebody may know the old one, "
    "make a new backup and destroy the older ones. The recovery key stays as it is."
)
_UNDER_WAY = "The passphrase is being changed. This takes a moment."
_CHANGED = "The new passphrase opens this vault from now on. Older backups still open by the old one."


@dataclass
class PassphraseTried(Message):
    """The change was made, or not; then `sentence` says why."""

    sentence: str = ""


class PassphrasePage(Page):
    TITLE = "Change the passphrase"
    HELP = (
        "Type the passphrase that opens the vault now, then the new one twice. Four or five unrelated words are easy "
        f"to remember and hard to guess. {_COPIES}"
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "show", "Show or hide what is typed", id="passphrase.show")]
    CSS = """
    PassphrasePage .text { max-width: 76; }
    PassphrasePage Input { max-width: 76; margin: 0; }
    """
    _working = False

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(plain(_COPIES), classes="text", markup=False)
            yield Static(plain("\nPassphrase now"), classes="label", markup=False)
            yield Input(password=True, select_on_focus=False, id="passphrase-now")
            yield NewPassphrase("New passphrase")

    def on_mount(self) -> None:
        self.query_one("#passphrase-now").focus()

    def action_show(self) -> None:
        for field in self.query(Input):
            field.password = not field.password

    def keep(self) -> None:
        """Nothing typed here is kept; but locking waits for a change under way. Raises `NotReadyError` then."""
        if self._working:
            raise NotReadyError(_UNDER_WAY)

    def action_back(self) -> None:
        if self._working:
            self.tell(_UNDER_WAY)
        else:
            super().action_back()

    @on(Input.Submitted, "#passphrase-now")
    def _typed(self) -> None:
        self.query_one("#create-passphrase").focus()

    @on(NewPassphrase.Unfit)
    def _unfit(self, message: NewPassphrase.Unfit) -> None:
        self.tell(f"{message.sentence} Nothing was changed.", trouble=True)

    @on(NewPassphrase.Given)
    def _given(self, message: NewPassphrase.Given) -> None:
        now = self.query_one("#passphrase-now", Input).value
        if now == message.passphrase:
            self.tell("The new passphrase is the old one. Nothing was changed.", trouble=True)
            return
        self._working = True
        self.query_one("#body").disabled = True
        self.tell("Changing the passphrase. It is slow on purpose: it slows a guesser far more.")
        self.run_worker(partial(self._change, self.vault, now, message.passphrase), thread=True, exclusive=True)

    def _change(self, vault: Vault, now: str, new: str) -> None:
        try:
            vault.change_passphrase(now, new)
        except NotekeeperError as error:
            self.post_message(PassphraseTried(str(error)))
        else:
            self.post_message(PassphraseTried())

    def on_passphrase_tried(self, message: PassphraseTried) -> None:
        self._working = False
        self.query_one("#body").disabled = False
        if message.sentence:
            self.tell(message.sentence, trouble=True)
            self.query_one("#passphrase-now").focus()
            return
        for field in self.query(Input):
            field.value = ""
        self.query_one("#passphrase-now").focus()
        self.tell(_CHANGED)
