"""Restoring a backup before a vault is opened: on a new computer, or after something went wrong.

What always holds: what is in the vault's place is set aside whole, never overwritten, and where it went is said; until
the backup was opened and found whole nothing is touched.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.backup import FoundBackup, Restored
from notekeeper.services.backups import REASONS, beyond
from notekeeper.tui.base import plain
from notekeeper.tui.screens.opening import OpeningPage, first_page
from notekeeper.tui.screens.unlock import UnlockPage

_MOST_SHOWN = 60
_PASSPHRASE, _KEY = "Passphrase of that day", "Recovery key of that day"


@dataclass
class BackupRestored(Message):
    """A backup is in the vault's place now."""

    outcome: Restored


class RestorePage(OpeningPage):
    TITLE = "Restore a backup"
    HELP = (
        "A backup is a folder with the date in its name. Type the path of one, or of the folder it lies in, such as a "
        "stick, and press Enter; or choose one with the arrows. Then comes the passphrase that the vault had on that "
        "day; F2 asks for the recovery key of that day instead. The backup is opened and checked first. What is in the "
        "vault’s place now is set aside whole, and you are told where."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "other", "Passphrase or key", tooltip="Passphrase or recovery key", id="restore.other"),
        Binding("f3", "show", "Show or hide", tooltip="Show or hide what is typed", id="restore.show"),
    ]
    DEFAULT_CSS = """
    RestorePage #restore-found { max-height: 8; }
    RestorePage #restore-none { margin: 0 0 1 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._found: list[FoundBackup] = []

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(plain("Where the backup is, or the folder it lies in"), classes="label", markup=False)
            yield Input(str(self.keeper.access.folder), id="restore-place", select_on_focus=False)
            yield Static("", id="restore-none", classes="hint", markup=False)
            yield OptionList(id="restore-found")
            yield Static(plain(_PASSPHRASE), id="restore-label", classes="label", markup=False)
            yield Input(password=True, id="restore-secret", placeholder="then Enter restores")
            words = f"It goes to {self.keeper.access.folder}. What is there now is set aside, never overwritten."
            yield Static(plain(words), classes="hint text", markup=False)

    def on_mount(self) -> None:
        self._look(self.keeper.access.folder)

    def action_back(self) -> None:
        self.app.switch_screen(first_page(self.keeper.access.folder))

    def action_show(self) -> None:
        field = self.query_one("#restore-secret", Input)
        field.password = not field.password

    def action_other(self) -> None:
        self.toggle_class("recovery")
        field = self.query_one("#restore-secret", Input)
        field.value, field.password = "", not self.has_class("recovery")
        self.query_one("#restore-label", Static).update(plain(_KEY if self.has_class("recovery") else _PASSPHRASE))

    @on(Input.Submitted, "#restore-place")
    def _named(self, event: Input.Submitted) -> None:
        place = Path(event.value.strip()).expanduser()
        self._look(place)
        if len(self._found) == 1 and self._found[0].path == place:
            self.query_one("#restore-secret").focus()
        elif self._found:
            self.query_one("#restore-found").focus()

    def _look(self, place: Path) -> None:
        """List what could be restored from there."""
        self._found = self.keeper.access.backups_seen(place)[:_MOST_SHOWN]
        listed = self.query_one("#restore-found", OptionList)
        listed.clear_options()
        listed.add_options([Option(plain(_words(one))) for one in self._found])
        listed.display = bool(self._found)
        none = self.query_one("#restore-none", Static)
        none.update(plain("" if self._found else "No backup lies there. Type another folder, such as that of a stick."))
        none.display = not self._found

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.query_one("#restore-place", Input).value = str(self._found[event.option_index].path)
        self.query_one("#restore-secret").focus()

    @on(Input.Submitted, "#restore-secret")
    def _go_on(self, event: Input.Submitted) -> None:
        place = Path(self.query_one("#restore-place", Input).value.strip()).expanduser()
        if self.must_wait():
            return
        if place == self.keeper.access.folder:
            self.tell("Choose a backup first, by its path or from the list.", trouble=True)
            return
        if not event.value:
            self.tell("Nothing is typed yet.", trouble=True)
            return
        self.attempt(
            "Opening and checking the backup. Nothing is touched before it is found whole.",
            partial(self._restore, place, event.value, self.has_class("recovery")),
        )

    def _restore(self, backup: Path, secret: str, by_recovery_key: bool) -> BackupRestored:
        access = self.keeper.access
        return BackupRestored(access.restore(backup, access.folder, secret, by_recovery_key))

    def on_backup_restored(self, message: BackupRestored) -> None:
        self.app.switch_screen(UnlockPage(_said(message.outcome)))


def _words(one: FoundBackup) -> str:
    if one.made_at is None or one.reason is None:
        return f"a copy of a vault: {one.path.name}"
    return f"{one.made_at.astimezone():%Y-%m-%d %H:%M}  {REASONS[one.reason]}"


def _said(done: Restored) -> str:
    made = f" It stands as it was on {done.made_at.astimezone():%Y-%m-%d %H:%M}." if done.made_at else ""
    aside = f" Set aside, whole: {done.set_aside}. {beyond(done)}" if done.set_aside else ""
    return f"Restored.{made}{aside}"
