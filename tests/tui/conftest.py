"""One vault is made for all tests of the app; each test gets a copy, and an app that starts on any page of it.

What always holds: settings go to a folder of the test's own; the vault is opened by its recovery key, which needs no
Argon2id; a test waits for what it expects to see, never for a time.
"""

import contextlib
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual._wait import wait_for_idle  # as Textual's own pilot does
from textual.app import App
from textual.keys import _character_to_key
from textual.pilot import Pilot

from notekeeper import bootstrap
from notekeeper.domain.vault import Vault
from notekeeper.tui.access import access_to
from notekeeper.tui.app import Access, Ending, NotekeeperApp
from notekeeper.tui.base import Page
from tests.vault.invented import PASSPHRASE, Sealed

SIZES = ((80, 24), (120, 40))


class AppAt(NotekeeperApp):
    """The app as it is after unlocking, on a page of the test's choosing. Its engine's room is the real one."""

    def __init__(self, access: Access, vault: Vault, page: Callable[[], Page], *, idle_s: float | None = None) -> None:
        super().__init__(access, idle_s=idle_s)
        self._given, self._page = vault, page

    def first(self) -> Page:
        self.hold(self._given)
        return self._page()


async def until(pilot: Pilot[Ending], condition: Callable[[], object], seconds: float = 20) -> None:
    """Let the app run until the condition holds; fails when it does not in time, or at once when the app does."""
    end = time.monotonic() + seconds
    while not condition():
        if pilot.app._exception is not None:
            raise pilot.app._exception
        assert time.monotonic() < end, "what was waited for did not come"
        await pilot.pause(0.02)


def text_of(app: NotekeeperApp) -> str:
    """What is on the screen, line by line, as a person reads it."""
    return "\n".join("".join(segment.text for segment in line) for line in app.screen._compositor.render_strips())


async def _press_at_once(app: App[Any], keys: Iterable[str]) -> None:
    """All these keys as fast as they can be given, and then a wait until they have done what they do. Textual's own
    way waits after every key; the app takes keys in their order however fast they come."""
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 else key
        app.post_message(events.Key(name, key if len(key) == 1 else None))
    await wait_for_idle(0)
    await app.animator.wait_until_complete()
    await wait_for_idle(0)


@pytest.fixture(autouse=True)
def fast_fingers(monkeypatch: pytest.MonkeyPatch) -> None:
    """`pilot.press` waits once for all its keys."""
    monkeypatch.setattr(App, "_press_keys", _press_at_once)


@pytest.fixture(autouse=True)
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the app keeps its settings in this test."""
    path = tmp_path / "config" / "settings.json"
    monkeypatch.setattr("notekeeper.services.preferences.settings_path", lambda: path)
    monkeypatch.setenv("NOTEKEEPER_TEMPLATES", str(path.parent / "templates"))
    monkeypatch.setenv("NOTEKEEPER_SUPERVISOR", str(path.parent / "supervisor"))
    return path


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    path = tmp_path_factory.mktemp("first") / "practice.vault"
    vault, recovery_key = bootstrap.create_vault(path, PASSPHRASE)
    vault.close()
    return Sealed(path, recovery_key)


@pytest.fixture
def sealed(first: Sealed, tmp_path: Path) -> Sealed:
    """A closed vault with nothing in it."""
    path = tmp_path / "practice.vault"
    shutil.copytree(first.path, path)
    return Sealed(path, first.recovery_key)


@pytest.fixture
def vault(sealed: Sealed) -> Iterator[Vault]:
    """The same vault, open. The app may close it."""
    opened = sealed.open()
    yield opened
    with contextlib.suppress(Exception):
        opened.close()


@pytest.fixture
def app_at(sealed: Sealed, vault: Vault) -> Callable[[Callable[[], Page]], AppAt]:
    """`app_at(lambda: SomePage(...))`: the app on that page, with the test's vault open."""
    return lambda page: AppAt(access_to(sealed.path), vault, page)
