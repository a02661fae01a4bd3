"""Locking: what was typed is kept, and nothing of it stays behind, on the screen or in the process that comes next."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.widgets import Input

from notekeeper.domain.vault import Vault
from notekeeper.errors import VaultWriteError
from notekeeper.services.signing import set_signer
from notekeeper.tui.access import access_to
from notekeeper.tui.app import Ending, NotekeeperApp
from notekeeper.tui.base import Page
from notekeeper.tui.screens.settings import SettingsPage
from tests.cli.driver import Program
from tests.tui import terminal as t
from tests.tui.conftest import AppAt, until
from tests.vault.invented import PASSPHRASE, Sealed

pytestmark = pytest.mark.line(8)
CANARY = "Quillfeather Ombersley"
posix = pytest.mark.skipif(os.name != "posix", reason="the test drives a POSIX terminal")
linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is read through /proc")


class FullDisk(Page):
    """A page whose typing cannot be kept."""

    def body(self) -> ComposeResult:
        yield Input()

    def keep(self) -> None:
        raise VaultWriteError("The disk is full.")


class Fails(Page):
    """A page that fails on a key, with a canary in its locals and in the error's message."""

    BINDINGS = [("f5", "fail", "Fail")]  # noqa: RUF012 - Textual's own form

    def __init__(self) -> None:
        super().__init__()
        self.kept = False

    def keep(self) -> None:
        self.kept = True

    def action_fail(self) -> None:
        words = CANARY
        raise RuntimeError(words)


def signer_in(sealed: Sealed) -> str:
    """The signer's name in the closed vault."""
    vault = sealed.open()
    try:
        signer = vault.signer()
        return signer.name if signer else ""
    finally:
        vault.close()


async def test_locking_keeps_what_is_typed_and_closes_the_vault(
    app_at: Callable[[Callable[[], Page]], AppAt], sealed: Sealed
) -> None:
    app = app_at(SettingsPage)
    async with app.run_test() as pilot:
        await pilot.press(*CANARY.split(maxsplit=1)[0], "f12")
        await until(pilot, lambda: app._exit)
    assert app.return_value is Ending.LOCKED
    assert app.vault is None
    assert signer_in(sealed) == CANARY.split(maxsplit=1)[0]


@pytest.mark.parametrize("key", ["f12", "ctrl+q"])
async def test_what_cannot_be_kept_holds_the_app_open_once(
    app_at: Callable[[Callable[[], Page]], AppAt], key: str
) -> None:
    app = app_at(FullDisk)
    async with app.run_test() as pilot:
        await pilot.press(key)
        assert app.return_value is None
        assert app.vault is not None
        await pilot.press(key)
        await until(pilot, lambda: app._exit)
    assert app.return_value in (Ending.LOCKED, Ending.QUIT)


async def test_without_a_key_the_app_locks_and_keeps_what_is_typed(sealed: Sealed, vault: Vault) -> None:
    app = AppAt(access_to(sealed.path), vault, SettingsPage, idle_s=3)
    async with app.run_test() as pilot:
        app.screen.query_one("#settings-name", Input).value = CANARY
        await until(pilot, lambda: app._exit)
    assert app.return_value is Ending.LOCKED
    assert signer_in(sealed) == CANARY


def untouched(app: NotekeeperApp, *, monotonic: float = 0, wall: float = 0) -> None:
    """As if the last key had come so many seconds earlier, by each of the two clocks."""
    before = app.locking.last_touch
    app.locking.last_touch = before[0] - monotonic, before[1] - wall


async def test_keys_put_the_idle_lock_off(app_at: Callable[[Callable[[], Page]], AppAt]) -> None:
    app = app_at(SettingsPage)
    async with app.run_test() as pilot:
        for _ in range(3):
            untouched(app, monotonic=app.idle_s - 30, wall=app.idle_s - 30)
            await pilot.press("a")
            assert app.return_value is None
        untouched(app, monotonic=app.idle_s - 30)
        app.locking.look()
        assert app.return_value is None
        untouched(app, monotonic=31)
        app.locking.look()
        await until(pilot, lambda: app._exit)
    assert app.return_value is Ending.LOCKED


async def test_the_first_key_after_a_laptops_sleep_locks_and_types_nothing(
    app_at: Callable[[Callable[[], Page]], AppAt], sealed: Sealed
) -> None:
    app = app_at(SettingsPage)
    async with app.run_test() as pilot:
        untouched(app, wall=3600)  # only the wall clock goes on while a laptop sleeps
        await pilot.press("a")
        await until(pilot, lambda: app._exit)
    assert app.return_value is Ending.LOCKED
    assert signer_in(sealed) == ""


async def test_a_failure_keeps_what_is_typed_and_shows_nothing_of_it(
    app_at: Callable[[Callable[[], Page]], AppAt], capfd: pytest.CaptureFixture[str]
) -> None:
    page = Fails()
    app = app_at(lambda: page)
    with pytest.raises(RuntimeError):
        async with app.run_test() as pilot:
            await pilot.press("f5")
    assert app.return_value is Ending.CRASHED
    assert page.kept
    assert app.vault is None
    assert CANARY not in "".join(capfd.readouterr())


async def test_nothing_makes_a_file_of_the_screen_or_leaves_the_app(
    app_at: Callable[[Callable[[], Page]], AppAt], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = app_at(SettingsPage)
    async with app.run_test() as pilot:
        before = sorted(tmp_path.rglob("*"))
        written: list[str] = []
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", written.append)
        app.deliver_screenshot(path=str(tmp_path))
        app.open_url("https://example.invalid")
        app.copy_to_clipboard(CANARY)
        await pilot.pause()
        assert not [sequence for sequence in written if "\x1b]" in sequence]  # such as the one that sets a clipboard
        assert sorted(tmp_path.rglob("*")) == before
        names = {command.title for command in app.get_system_commands(app.screen)}
    assert names == {"Lock", "Light theme", "Dark theme", "High contrast", "Help", "Quit"}


@pytest.fixture
def program(first: Sealed, tmp_path: Path) -> Program:
    """The program with a copy of the vault, in which a signer's name is set already."""
    made = Program(tmp_path / "room")
    shutil.copytree(first.path, made.vault)
    vault = Sealed(made.vault, first.recovery_key).open()
    set_signer(vault, "Imagined")
    vault.close()
    return made


def unlock_and_type(shown: t.Terminal) -> None:
    """From the unlock page to the settings, with the canary behind the name that stands there, not saved."""
    shown.see("Passphrase")
    shown.type(PASSPHRASE + "\r")
    shown.see("Caseload")
    shown.see("Monday")
    shown.type(t.F2)
    shown.see("registration")
    shown.see("Imagined")
    shown.type(CANARY)
    shown.see(CANARY)


@posix
@linux
def test_after_a_lock_a_new_process_knows_nothing(program: Program, first: Sealed) -> None:
    sealed = Sealed(program.vault, first.recovery_key)
    key = sealed.key()
    with t.terminal(program) as shown:
        unlock_and_type(shown)
        started = Path(f"/proc/{shown.pid}/cmdline").read_bytes()
        assert CANARY.encode() in t.memory(shown.pid)  # so the search can find something
        shown.type(t.F12)
        shown.see("\x1b[3J")
        shown.see("Passphrase")
        assert Path(f"/proc/{shown.pid}/cmdline").read_bytes() != started
        left = t.memory(shown.pid)
        secrets = [CANARY.encode(), CANARY.encode("utf-16-le"), PASSPHRASE.encode(), key, key.hex().encode()]
        assert [number for number, secret in enumerate(secrets) if secret in left] == []
        before, _, after = shown.output().partition(t.CLEARED)
        assert t.LEFT in before
        assert CANARY.encode() not in after
        shown.type(t.CTRL_Q)
        assert shown.end() == 0
    assert signer_in(sealed) == "Imagined" + CANARY
    assert CANARY.encode() not in t.on_disk(program.room)


@posix
@linux
def test_where_no_process_can_be_replaced_the_one_that_held_the_key_ends(program: Program, first: Sealed) -> None:
    def started(shown: t.Terminal) -> int:
        return int(Path(f"/proc/{shown.pid}/task/{shown.pid}/children").read_text(encoding="ascii").split()[0])

    with t.terminal(program, fault="from notekeeper.cli import app\napp._REPLACES = False\n") as shown:
        unlock_and_type(shown)
        held = started(shown)
        shown.type(t.F12)
        shown.see("\x1b[3J")
        shown.see("Passphrase")
        assert started(shown) != held
        assert not Path(f"/proc/{held}").exists()
        for pid in (shown.pid, started(shown)):
            assert [secret for secret in (CANARY, PASSPHRASE) if secret.encode() in t.memory(pid)] == []
        shown.type(t.CTRL_Q)
        assert shown.end() == 0
    assert signer_in(Sealed(program.vault, first.recovery_key)) == "Imagined" + CANARY


@posix
def test_a_hang_up_ends_the_process_and_keeps_what_is_typed(program: Program, first: Sealed) -> None:
    with t.terminal(program) as shown:
        unlock_and_type(shown)
        os.kill(shown.pid, signal.SIGHUP)
        assert shown.end() == 129
    assert signer_in(Sealed(program.vault, first.recovery_key)) == "Imagined" + CANARY


@posix
def test_a_terminal_that_is_gone_ends_the_process_and_keeps_what_is_typed(program: Program, first: Sealed) -> None:
    with t.terminal(program) as shown:
        unlock_and_type(shown)
        shown.close_window()
        assert shown.ended()
    assert signer_in(Sealed(program.vault, first.recovery_key)) == "Imagined" + CANARY


@posix
@pytest.mark.line(7)
def test_a_failure_leaves_neither_words_nor_key_on_terminal_or_disk(program: Program, first: Sealed) -> None:
    sealed = Sealed(program.vault, first.recovery_key)
    key = sealed.key().hex()
    fault = (
        "from notekeeper.tui.screens import settings\n"
        "def fail(self):\n"
        f"    words = self.query_one('#settings-name').value + {key!r}\n"
        "    raise RuntimeError(words)\n"
        "settings.SettingsPage.action_save = fail\n"
    )
    with t.terminal(program, fault=fault) as shown:
        unlock_and_type(shown)
        shown.type(t.F5)
        assert shown.end() == 70
        said = shown.words_after_the_app()
        assert said.startswith("notekeeper: something unexpected happened and the app has closed.")
        assert len(said) < 400
        assert key.encode() not in shown.output()
        assert "Traceback" not in shown.output().decode()
    assert CANARY not in said
    disk = t.on_disk(program.room)
    assert [secret for secret in (CANARY, key, PASSPHRASE) if secret.encode() in disk] == []
    assert signer_in(sealed) == "Imagined" + CANARY


@posix
@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux, which shows what stays on a terminal, is not installed")
def test_screen_and_scrollback_are_blank_after_a_lock(program: Program, tmp_path: Path) -> None:
    def tmux(*arguments: str) -> str:
        command = ["tmux", "-S", str(tmp_path / "socket"), "-f", os.devnull, *arguments]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    def see(words: str) -> None:
        end = time.monotonic() + 60
        while words not in tmux("capture-pane", "-p"):
            assert time.monotonic() < end, words
            time.sleep(0.1)

    environment = {**program.environment(), "TERM": "xterm-256color"}
    first_words = f"for n in $(seq 60); do echo {CANARY}; done; "
    start = f"{first_words} exec {sys.executable} -m notekeeper --vault {program.vault}"
    tmux("new-session", "-d", "-x", "80", "-y", "24", start)
    try:
        see("Passphrase")
        tmux("send-keys", "-l", PASSPHRASE)
        tmux("send-keys", "Enter")
        see("Caseload")
        tmux("send-keys", "F2")
        see("Imagined")
        tmux("send-keys", "-l", CANARY)
        see(CANARY)
        tmux("send-keys", "F12")
        see("Passphrase or recovery key")
        everything = tmux("capture-pane", "-p", "-S", "-") + tmux("capture-pane", "-p", "-a", "-S", "-")
        assert CANARY not in everything
        assert "Imagined" not in everything
    finally:
        tmux("kill-server")
