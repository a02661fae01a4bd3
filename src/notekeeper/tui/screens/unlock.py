"""Unlocking: the passphrase, or the recovery key; and the ways to shares and backups.

What always holds: a wrong passphrase stays in its field to be mended; while the vault lets nobody try, nothing typed is
looked at.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from notekeeper.services.demonstration import PASSPHRASE
from notekeeper.services.look_round import is_demonstration
from notekeeper.tui.base import plain
from notekeeper.tui.screens.opening import NOTHING_SENT, OpeningPage, VaultOpened, to_restoring


class UnlockPage(OpeningPage):
    TITLE = "Unlock"
    HELP = (
        "Type the passphrase and press Enter. F2 asks for the recovery key instead, which was written down when the "
        "vault was made: nine groups of four, in capitals or not, with dashes or without. F4 asks for shares of the "
        "recovery, which people you trust may hold. F6 restores a backup; what is there now is set aside, never "
        "overwritten. After wrong tries in a row the next one has to wait, a minute at most. Ctrl+L blanks the screen "
        "and begins afresh."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Quit", id="page.back"),
        Binding("f2", "other", "Passphrase or recovery key", id="unlock.other"),
        Binding("f3", "show", "Show", tooltip="Show or hide what is typed", id="unlock.show"),
        Binding("f4", "shares", "Shares", tooltip="Open by shares of the recovery", id="unlock.shares"),
        Binding("f6", "restore", "Restore", tooltip="Restore a backup", id="unlock.restore"),
    ]

    def __init__(self, said: str = "") -> None:
        super().__init__()
        self._said = said

    def body(self) -> ComposeResult:
        folder = self.keeper.access.folder
        with VerticalScroll(can_focus=False):
            if self._said:
                yield Static(plain(self._said), classes="text", markup=False)
            if is_demonstration(folder):
                yield Static(plain(f"The demonstration’s passphrase: {PASSPHRASE}"), classes="text", markup=False)
            yield Static(plain("Passphrase"), id="unlock-label", classes="label", markup=False)
            yield Input(password=True, id="unlock-secret")
            yield Static(plain(f"\nThe vault at {folder}. {NOTHING_SENT}"), classes="hint text", markup=False)

    @property
    def _by_recovery_key(self) -> bool:
        return self.has_class("recovery")

    def action_leave(self) -> None:
        self.keeper.action_leave()

    def action_other(self) -> None:
        self.toggle_class("recovery")
        field = self.query_one(Input)
        field.value, field.password = "", not self._by_recovery_key
        label = "Recovery key, as it was written down" if self._by_recovery_key else "Passphrase"
        self.query_one("#unlock-label", Static).update(plain(label))
        self.tell("")
        field.focus()

    def action_show(self) -> None:
        field = self.query_one(Input)
        field.password = not field.password

    def action_shares(self) -> None:
        from notekeeper.tui.screens.shares import SharesPage

        self.app.switch_screen(SharesPage())

    def action_restore(self) -> None:
        to_restoring(self)

    @on(Input.Submitted)
    def _go_on(self, event: Input.Submitted) -> None:
        if self.must_wait():
            return
        if not event.value:
            self.tell("Nothing is typed yet.", trouble=True)
            return
        access = self.keeper.access
        unlock = access.unlock_with_recovery_key if self._by_recovery_key else access.unlock
        self.attempt(
            "Opening the vault. This takes a moment on purpose: it slows a guesser far more.",
            lambda: VaultOpened(unlock(access.folder, event.value)),
        )
