"""Copying: inside notekeeper alone, unless the settings say otherwise; then for half a minute and until the lock."""

import base64
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events

from notekeeper.services.preferences import Preferences, load_preferences
from notekeeper.tui import clipboard
from notekeeper.tui.app import NotekeeperApp
from notekeeper.tui.base import Page
from notekeeper.tui.screens.settings import SettingsPage
from tests.cli.driver import Program
from tests.forms import LONG
from tests.tui import terminal as t
from tests.tui.conftest import AppAt, until
from tests.vault.invented import PASSPHRASE, Sealed

pytestmark = pytest.mark.line(8)
CANARY = "Quillfeather"
HOME_AND_ALL, COPY = "\x1b[H\x1b[1;2F", "\x03"
OSC_52 = re.compile(rb"\x1b\]52;c;([^\x07]*)\x07")


def given(written: bytes) -> list[str]:
    """What a terminal would hold after each sequence; "" where it empties it."""
    return ["" if found == b"!" else base64.b64decode(found).decode() for found in OSC_52.findall(written)]


@pytest.mark.parametrize("asked", [False, True] if LONG else [True])
def test_the_terminal_gets_what_is_copied_only_if_asked_for_and_loses_it_on_locking(
    first: Sealed, tmp_path: Path, asked: bool
) -> None:
    program = Program(tmp_path / "room")
    shutil.copytree(first.path, program.vault)
    settings = program.room / "home" / "config" / "notekeeper" / "settings.json"
    settings.parent.mkdir(parents=True)
    if asked:
        settings.write_text('{"system_clipboard": true}', encoding="utf-8")
    with t.terminal(program) as shown:
        shown.see("Passphrase or recovery key")
        shown.type(PASSPHRASE + "\r")
        shown.see("Monday")
        shown.type(t.F2)
        shown.see("registration")
        shown.type(CANARY)
        shown.see(CANARY)
        shown.type(HOME_AND_ALL)
        shown.type(COPY)
        if asked:
            shown.see("]52;c;")
        time.sleep(0.3)
        shown.type(t.F12)
        shown.see("Passphrase or recovery key")
        got = given(shown.output())
        shown.type(t.CTRL_Q)
        assert shown.end() == 0
        assert given(shown.output()) == got
    assert got == ([CANARY, " ", ""] if asked else [])


async def test_half_a_minute_later_it_is_taken_back(
    app_at: Callable[[Callable[[], Page]], AppAt], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "KEPT_S", 0.4)
    app = app_at(SettingsPage)
    app.preferences = Preferences(system_clipboard=True)
    async with app.run_test() as pilot:
        written: list[str] = []
        assert app.driver is not None
        monkeypatch.setattr(app.driver, "write", written.append)

        def seen() -> list[str]:
            return given("".join(written).encode())

        app.copy_to_clipboard("first")
        app.copy_to_clipboard(CANARY)
        assert seen() == ["first", CANARY]
        await until(pilot, lambda: len(seen()) > 2)
        assert seen() == ["first", CANARY, " ", ""]
        app.forget_clipboard()
        await pilot.pause(0.5)
        assert seen() == ["first", CANARY, " ", ""]
        app.post_message(events.Paste(app.clipboard))  # inside notekeeper it is there still
        await until(pilot, lambda: CANARY in app.screen.query_one("#settings-name").value)  # type: ignore[attr-defined]


async def test_the_setting_is_off_explained_and_kept(app_at: Callable[[Callable[[], Page]], AppAt]) -> None:
    app: NotekeeperApp = app_at(SettingsPage)
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.preferences.system_clipboard is False
        app.screen.query_one("#settings-clipboard").focus()
        await until(pilot, lambda: app.focused is not None and app.focused.id == "settings-clipboard")
        await pilot.press("2")
        assert load_preferences().system_clipboard is True
        await pilot.press("1")
        assert load_preferences().system_clipboard is False
