"""Keys and backups: when the last backup was made and where it lies, the second folder, and the keys to the vault.

What always holds: what is shown is read in a thread, for a folder on a stick or a network may be slow or away; a second
folder counts once it was found to be there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Input, Static

from notekeeper.domain.backup import Backup, BackupReason
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.services.backups import REASONS, BackupNews
from notekeeper.services.caseload import own_day
from notekeeper.tui.backing import BackupDone
from notekeeper.tui.base import Page, plain

_COMMANDS = (
    "On the command line, with the vault locked: “notekeeper shares make” splits the recovery among people you trust, "
    "“notekeeper rekey” gives the vault a new key when somebody may have the present one, “notekeeper backup check” "
    "tries a backup."
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of backups and shares. `away`: a second folder is chosen and not there now."""

    newest: Backup | None = None
    copied: bool = False
    second: Path | None = None
    away: bool = False
    shares: tuple[int, int] | None = None


@dataclass
class Looked(Message):
    """The standing was read; `said` says what came of a change before it, `trouble` that it was not made."""

    standing: Standing
    said: str = ""
    trouble: bool = False


class KeysPage(Page):
    TITLE = "Keys and backups"
    HELP = (
        "A backup is made each day when you unlock, and after each signature; each is opened and checked before it "
        "counts. F5 makes one now. With a second folder, such as a stick, every backup is copied there too: type its "
        "path and press Enter; an empty field ends that. F4 makes a new recovery key in place of the one on paper. F2 "
        "changes the passphrase. " + _COMMANDS
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "passphrase", "Passphrase", tooltip="Change the passphrase", id="keys.passphrase"),
        Binding("f4", "recovery", "Recovery key", tooltip="Make a new recovery key", id="keys.recovery"),
        Binding("f5", "back_up", "Back up now", id="keys.backup"),
    ]
    DEFAULT_CSS = """
    KeysPage VerticalScroll { padding: 1 0 0 0; }
    KeysPage .text { max-width: 76; margin: 0 0 1 0; }
    KeysPage Input { max-width: 76; }
    """

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(plain("Backups"), classes="label", markup=False)
            yield Static(plain("Looking for the last backup …"), id="keys-backups", classes="text", markup=False)
            yield Static(plain("A second folder for backups, such as a stick"), classes="label", markup=False)
            yield Input(
                id="keys-second", select_on_focus=False, placeholder="No second folder. Type a path, then Enter"
            )
            yield Static(plain("Keys"), classes="label", markup=False)
            yield Static("", id="keys-shares", classes="text", markup=False)
            yield Static(plain(_COMMANDS), classes="hint text", markup=False)

    def on_mount(self) -> None:
        self._do(lambda _: "")

    def _do(self, change: Callable[[Vault], str]) -> None:
        """Change something in a thread, and show how things stand after it."""
        self.run_worker(partial(self._in_thread, self.vault, change), thread=True, group="keys")

    def _in_thread(self, vault: Vault, change: Callable[[Vault], str]) -> None:
        said, trouble = "", False
        try:
            said = change(vault)
        except NotekeeperError as error:
            said, trouble = str(error), True
        try:
            self.post_message(Looked(standing_of(vault), said, trouble))
        except NotekeeperError as error:
            self.post_message(Looked(Standing(), str(error), trouble=True))

    def on_looked(self, message: Looked) -> None:
        standing = message.standing
        self.query_one("#keys-backups", Static).update(plain(in_words(standing, own_day())))
        self.query_one("#keys-shares", Static).update(plain(_key_words(standing)))
        field = self.query_one("#keys-second", Input)
        if not message.trouble and not field.value:
            field.value = str(standing.second or "")
        if message.said:
            self.tell(message.said, trouble=message.trouble)

    @on(Input.Submitted, "#keys-second")
    def _chosen(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        self.tell("Looking at that folder.")
        self._do(partial(_choose, folder=Path(typed) if typed else None))

    def action_back_up(self) -> None:
        self.tell("Making a backup. You can go on meanwhile.")
        self.keeper.back_up(_by_hand, asked=True)

    def backup_done(self, message: BackupDone) -> None:
        """A backup was made somewhere in the app."""
        said = " ".join(message.news.said)
        if message.asked and message.news.made is not None:
            said = f"Made, opened and checked ✓ {said}"
        self._do(lambda _: said)

    def action_passphrase(self) -> None:
        from notekeeper.tui.screens.passphrase import PassphrasePage

        if self._may_change_keys():
            self.app.push_screen(PassphrasePage())

    def action_recovery(self) -> None:
        from notekeeper.tui.screens.newkey import NewKeyPage

        if self._may_change_keys():
            self.app.push_screen(NewKeyPage())

    def _may_change_keys(self) -> bool:
        if self.keeper.access.demonstration:
            self.tell("The demonstration keeps its passphrase, which its unlock screen shows.")
        return not self.keeper.access.demonstration


def standing_of(vault: Vault) -> Standing:
    """Read how things stand. Raises `NotekeeperError`."""
    second, newest = vault.backups.second_folder(), vault.backups.newest()
    copies = {backup.path.name for backup in vault.backups.all() if backup.second}
    return Standing(
        newest=newest,
        copied=newest is not None and newest.path.name in copies,
        second=second,
        away=second is not None and not second.is_dir(),
        shares=vault.shares(),
    )


def in_words(standing: Standing, today: date) -> str:
    """When the last backup was made and where it lies."""
    newest = standing.newest
    if newest is None:
        return "There is no backup yet. F5 makes one."
    words = f"Last backup: {_when(newest.made_at, today)}, {REASONS[newest.reason]}; in the vault’s own folder"
    if standing.second is None:
        return f"{words} alone. On the same disk it does not outlive the disk: a second folder, on another one, does."
    if standing.copied:
        return f"{words}, also in {standing.second}."
    return f"{words} alone. {standing.second} {'is not there now' if standing.away else 'has no copy of it yet'}."


def _when(at: datetime, today: date) -> str:
    here = at.astimezone()
    days = (today - here.date()).days
    day = {0: "today", 1: "yesterday"}.get(days, f"{here:%Y-%m-%d}")
    return f"{day} {here:%H:%M}"


def _key_words(standing: Standing) -> str:
    shares = standing.shares
    out = f"Shares are out: any {shares[0]} of {shares[1]} open the vault." if shares else "No shares are out."
    return f"F2 changes the passphrase, F4 the recovery key. {out}"


def _choose(vault: Vault, folder: Path | None) -> str:
    vault.backups.set_second_folder(folder)
    if folder is None:
        return "There is no second folder any more. The backups there stay."
    vault.backups.catch_up()
    return f"Every backup is copied to {vault.backups.second_folder()} from now on."


def _by_hand(vault: Vault) -> BackupNews:
    made = vault.backups.make(BackupReason.BY_HAND)
    return BackupNews(made.backup, made.said)
