"""Sleep is found by the clocks: at the first look afterwards, and before anything of the old screen is drawn again."""

from collections.abc import Callable

import pytest
from textual.app import App
from textual.widgets import Input

from notekeeper.errors import VaultWriteError
from notekeeper.tui.app import Ending
from notekeeper.tui.base import Page
from notekeeper.tui.cover import Cover
from notekeeper.tui.screens.settings import SettingsPage
from notekeeper.tui.wake import Clocks, Wake
from tests.tui.conftest import AppAt, text_of, until
from tests.vault.invented import Sealed

pytestmark = pytest.mark.line(8)
OpenAt = Callable[[Callable[[], Page]], AppAt]
CANARY = "Quillfeather"


class Hands:
    """Three clocks that only the test moves."""

    def __init__(self) -> None:
        self.running = self.through = self.wall = 1000.0

    def clocks(self) -> Clocks:
        return Clocks(lambda: self.running, lambda: self.through, lambda: self.wall)

    def go(self, *, running: float = 0, through: float = 0, wall: float = 0) -> None:
        self.running += running
        self.through += through
        self.wall += wall


@pytest.mark.parametrize(
    ("running", "through", "wall", "slept"),
    [
        (1, 1, 1, False),
        (0, 2, 2, True),  # a laptop on Linux or macOS
        (1, 1, 3601, True),  # a system with no clock that goes on through a sleep
        (1, 1, 12, False),  # the wall clock was put right
        (1, 1, -3600, False),
        (600, 600, 600, False),  # a computer that was busy
        (600, 602, 602, True),
    ],
)
def test_a_sleep_is_known_by_the_clocks(running: float, through: float, wall: float, slept: bool) -> None:
    hands = Hands()
    wake = Wake(hands.clocks())
    assert not wake.slept()
    hands.go(running=running, through=through, wall=wall)
    assert wake.slept() is slept
    assert not wake.slept()


def test_this_computers_own_clocks_say_that_it_is_awake() -> None:
    wake = Wake()
    assert [wake.slept() for _ in range(3)] == [False] * 3


async def test_waking_locks_though_less_than_the_idle_time_passed_and_draws_nothing_before(
    app_at: OpenAt, sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands, drawn = Hands(), []
    app = app_at(SettingsPage)
    app.locking.wake = Wake(hands.clocks())
    monkeypatch.setattr(App, "_display", lambda _, screen, __: drawn.append(screen))
    async with app.run_test() as pilot:
        await pilot.press(*CANARY)
        assert drawn
        hands.go(through=5, wall=5)
        del drawn[:]
        app.screen.refresh(layout=True)
        await until(pilot, lambda: app._exit)
        assert drawn == []
    assert app.return_value is Ending.LOCKED
    vault = sealed.open()
    signer = vault.signer()
    vault.close()
    assert signer is not None
    assert signer.name == CANARY


async def test_what_cannot_be_kept_waits_under_a_cover_until_it_can(app_at: OpenAt) -> None:
    hands, trouble = Hands(), ["The disk is full."]

    class Full(Page):
        TITLE = CANARY

        def body(self) -> list[Input]:
            return [Input(CANARY)]

        def keep(self) -> None:
            if trouble:
                raise VaultWriteError(trouble[0])

    app = app_at(Full)
    app.locking.wake = Wake(hands.clocks())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: CANARY in text_of(app))
        hands.go(through=5, wall=5)
        await until(pilot, lambda: isinstance(app.screen, Cover) and "The disk is full." in text_of(app))
        assert CANARY not in text_of(app)
        for key in ("escape", "enter", "a", "tab"):
            await pilot.press(key)
        assert isinstance(app.screen, Cover)
        assert app.return_value is None
        trouble[0] = "The disk is gone."
        await until(pilot, lambda: "The disk is gone." in text_of(app))
        trouble.clear()
        await until(pilot, lambda: app._exit)
    assert app.return_value is Ending.LOCKED


@pytest.mark.parametrize("key", ["f12", "ctrl+l", "ctrl+q"])
async def test_a_cover_ends_by_a_key_at_once(app_at: OpenAt, key: str) -> None:
    class Full(Page):
        def keep(self) -> None:
            raise VaultWriteError("The disk is full.")

    app = app_at(Full)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.is_mounted)
        app.locking.lock_now_due()
        await until(pilot, lambda: isinstance(app.screen, Cover))
        assert app.return_value is None
        await pilot.press(key)
        await until(pilot, lambda: app._exit)
    assert app.return_value is (Ending.QUIT if key == "ctrl+q" else Ending.LOCKED)
