"""A new recovery key for the open vault.

What always holds: the passphrase is asked for, so that nobody who finds the app open can take the vault over; the
earlier key holds until the new one was typed back from paper.
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

from notekeeper.domain.vault import PreparedKey, Vault
from notekeeper.errors import NotekeeperError
from notekeeper.tui.base import plain
from notekeeper.tui.screens.opening import OpeningPage
from notekeeper.tui.screens.recovery import PaperPage

_WHY = (
    "A new recovery key takes the place of the one on paper: if that is lost, or somebody may have seen it. The "
    "present one holds until you have typed the new one back. Backups made before still open by the old one."
)
_DONE = "The new recovery key counts ✓ Destroy the paper with the old one; older backups still open by it."


@dataclass
class KeyPrepared(Message):
    """A new key was made and does not count yet."""

    prepared: PreparedKey


class NewKeyPage(OpeningPage):
    TITLE = "New recovery key"
    HELP = f"Type the passphrase that opens the vault now. Then the new key is shown, once. {_WHY}"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "show", "Show or hide what is typed", id="newkey.show")]

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(plain(_WHY), classes="text", markup=False)
            yield Static(plain("Passphrase now"), classes="label", markup=False)
            yield Input(password=True, select_on_focus=False, id="newkey-passphrase")

    def action_show(self) -> None:
        field = self.query_one(Input)
        field.password = not field.password

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        if not self.must_wait():
            self.attempt(
                "Looking whether that is the passphrase. It is slow on purpose.",
                partial(_prepared, self.vault, event.value),
            )

    def on_key_prepared(self, message: KeyPrepared) -> None:
        self.app.switch_screen(NewKeyShownPage(message.prepared))


class NewKeyShownPage(PaperPage):
    TITLE = "Your new recovery key"
    HELP = (
        "Write the key down, then press Enter and type it back from the paper. Capitals or not, with dashes or "
        "without, O for 0 and I for 1 are all understood. Until then the earlier key holds, and Esc leaves it so."
    )
    EXPLAINED = (
        "Write this key on paper now, and keep the paper where your other important papers are, not beside this "
        "computer: whoever has the key and the computer can read everything. It is shown this once and stored nowhere. "
        "The earlier key holds until you have typed this one back; Esc leaves it so."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Keep the earlier key", id="newkey.leave"),
        Binding("escape", "back", "Show the key again", id="newkey.again"),
    ]

    def __init__(self, prepared: PreparedKey) -> None:
        super().__init__(prepared.shown)
        self._prepared = prepared

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not self.has_class("typing") if action == "leave" else super().check_action(action, parameters)

    def action_leave(self) -> None:
        self.dismiss()

    def typed_back(self, typed: str) -> None:
        """Let the key count, if that is it."""
        try:
            self._prepared.confirm(typed)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.dismiss()
        self.keeper.tell_below(_DONE)


def _prepared(vault: Vault, passphrase: str) -> KeyPrepared:
    return KeyPrepared(vault.new_recovery_key(passphrase))
