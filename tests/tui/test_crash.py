"""A failure in any screen: what was typed is in the vault, and neither note nor key is on the terminal or on disk.

What always holds: every page and box is tried, because they are found and not named; a failure is an exception in
one of the screen's own handlers, whose message and locals hold a note's words and the vault's key.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from notekeeper.domain.entry import DECIDING
from notekeeper.domain.vault import Vault
from notekeeper.services.follow_ups import begun_follow_up
from notekeeper.tui.access import access_to
from notekeeper.tui.app import Ending, NotekeeperApp
from notekeeper.tui.screens.caseload import CaseloadPage
from notekeeper.tui.screens.editor import EditorPage
from notekeeper.tui.screens.follow_ups import FollowUpBox
from notekeeper.tui.screens.front import FrontSheetPage
from notekeeper.tui.screens.ownview import OwnViewPage
from notekeeper.tui.screens.report import ReportPage
from notekeeper.tui.screens.report_deciding import DecideBox
from notekeeper.tui.screens.review import ReviewPage
from notekeeper.tui.screens.riskbox import RiskBox
from notekeeper.tui.screens.settings import SettingsPage
from notekeeper.tui.screens.signed import SignedPage
from tests.tui.every import OPENERS, EveryApp, World, found, opened
from tests.tui.terminal import on_disk
from tests.vault.invented import Sealed

pytestmark = pytest.mark.line(7)
pytestmark = pytest.mark.line(7)
CANARY = "Quillfeather Ombersley"
KEYS = [*CANARY]


def _own_focus(vault: Vault, world: World) -> str:
    return vault.reviews.own(world.note.id).focus or ""


def _risk(vault: Vault, world: World) -> str:
    entry = vault.reviews.risk(world.note.id)
    return entry.words if entry else ""


def _working(vault: Vault, world: World) -> str:
    kept = vault.notes.working(world.note.id)
    return kept.text if kept else ""


def _signer(vault: Vault, _: World) -> str:
    signer = vault.signer()
    return signer.name if signer else ""


# Where something is typed: the keys, and where it must be found in the vault afterwards.
TYPED: dict[type[Screen[Any]], tuple[list[str], Callable[[Vault, World], str]]] = {
    DecideBox: (KEYS, lambda vault, world: vault.jottings.of(world.client.id + DECIDING)),
    EditorPage: (KEYS, _working),
    FollowUpBox: (KEYS, lambda vault, world: begun_follow_up(vault, world.client)[0]),
    FrontSheetPage: (KEYS, lambda vault, world: vault.front_sheets.current(world.client.id).emergency_contact),
    OwnViewPage: (KEYS, _own_focus),
    ReportPage: (["tab", "tab", "tab", *KEYS], lambda vault, world: vault.jottings.of(world.client.id)),
    ReviewPage: (["f", *KEYS], _own_focus),
    RiskBox: (["1", *KEYS], _risk),
    SettingsPage: (KEYS, _signer),
    SignedPage: (["a", *KEYS], lambda vault, world: vault.jottings.of(world.signed.id)),
}


@pytest.fixture
def world(vault: Vault, tmp_path: Path) -> World:
    reports = tmp_path / "reports"
    reports.mkdir()
    return World.of(vault, reports)


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Textual is about to print at the end, as text, before the app has its say."""
    texts: list[str] = []
    own = NotekeeperApp._print_error_renderables

    def listen(app: NotekeeperApp) -> None:
        with app.error_console.capture() as captured:
            for renderable in app._exit_renderables:
                app.error_console.print(renderable)
        texts.append(captured.get())
        own(app)

    monkeypatch.setattr(NotekeeperApp, "_print_error_renderables", listen)
    return texts


def fail_in(screen: Screen[Any], words: str, key: str) -> None:
    """Give this screen a handler, on F10, that fails."""

    def action_fail() -> None:
        note, secret = words, key
        raise RuntimeError(f"{note} {secret}")

    screen.action_fail = action_fail  # type: ignore[attr-defined]
    screen._bindings.bind("f10", "screen.fail")


async def typed_in(pilot: Pilot[Ending], kind: type[Screen[Any]]) -> None:
    """Type the canary where the screen takes words that are kept."""
    await pilot.press(*TYPED[kind][0] if kind in TYPED else ())


def in_vault(sealed: Sealed, world: World, kind: type[Screen[Any]]) -> str:
    """What the closed vault holds where this screen's typing goes."""
    vault = sealed.open()
    try:
        return TYPED[kind][1](vault, world)
    finally:
        vault.close()


def test_there_is_a_way_to_open_every_screen() -> None:
    assert set(found()) == set(OPENERS)


@pytest.mark.parametrize("kind", found(), ids=lambda kind: kind.__name__)
async def test_a_failure_in_a_screen_loses_nothing_and_shows_nothing(  # noqa: PLR0917 - pytest gives each fixture by name
    kind: type[Screen[Any]],
    world: World,
    sealed: Sealed,
    printed: list[str],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    key = sealed.key().hex()
    app = EveryApp(access_to(sealed.path), world, kind)
    with pytest.raises(RuntimeError, match=CANARY):  # noqa: PT012 - raised anywhere while the app runs
        async with app.run_test(size=(80, 24)) as pilot:
            screen = await opened(pilot)
            await typed_in(pilot, kind)
            fail_in(screen, CANARY, key)
            await pilot.press("f10")
    assert app.return_value is Ending.CRASHED
    assert (app.vault, app.room) == (None, None)
    if kind in TYPED:
        assert CANARY in in_vault(sealed, world, kind)
    left = "".join([*printed, *capfd.readouterr()]).encode() + on_disk(tmp_path)
    assert [secret for secret in (CANARY, CANARY.split(maxsplit=1)[0], key) if secret.encode() in left] == []
    assert printed  # the moment at which Textual prints was looked at


@pytest.mark.parametrize("kind", found(), ids=lambda kind: kind.__name__)
async def test_a_screen_that_fails_while_it_opens_shows_nothing_and_blots_nothing_out(  # noqa: PLR0917 - pytest gives each fixture by name
    kind: type[Screen[Any]],
    world: World,
    sealed: Sealed,
    printed: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = everything(world)
    key = sealed.key().hex()

    def get_ready(_: object) -> None:
        note, secret = CANARY, key
        raise RuntimeError(f"{note} {secret}")

    monkeypatch.setattr(kind, "on_mount", get_ready, raising=False)
    app = EveryApp(access_to(sealed.path), world, kind)
    with pytest.raises(RuntimeError, match=CANARY):
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
    assert app.return_value is Ending.CRASHED
    again = sealed.open()
    try:
        assert everything(world, again) == before
    finally:
        again.close()
    left = "".join([*printed, *capfd.readouterr()]).encode() + on_disk(tmp_path)
    assert [secret for secret in (CANARY, key) if secret.encode() in left] == []


def everything(world: World, vault: Vault | None = None) -> tuple[object, ...]:
    """What screens can change in the vault."""
    held = vault or world.vault
    return (
        held.signer(),
        held.front_sheets.current(world.client.id),
        held.notes.revisions(world.note.id),
        held.notes.working(world.note.id),
        held.reviews.own(world.note.id),
        held.reviews.risk(world.note.id),
        held.jottings.of(world.client.id),
        held.jottings.of(world.signed.id),
        held.addenda.of_note(world.signed.id),
    )


async def test_a_front_sheet_half_shown_is_not_kept_over_the_one_that_is_saved(
    world: World, sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(world)

    def fill(*_: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(FrontSheetPage, "_fill", fill)
    app = EveryApp(access_to(sealed.path), world, FrontSheetPage)
    with pytest.raises(RuntimeError, match=CANARY):
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
    again = sealed.open()
    try:
        assert everything(world, again) == before
    finally:
        again.close()


async def test_textual_left_to_itself_would_print_them(
    world: World, sealed: Sealed, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """So that the tests above can find something."""
    monkeypatch.setattr(NotekeeperApp, "_fatal_error", App._fatal_error)
    monkeypatch.setattr(NotekeeperApp, "_print_error_renderables", App._print_error_renderables)
    app = EveryApp(access_to(sealed.path), world, CaseloadPage)
    key = sealed.key().hex()
    with pytest.raises(RuntimeError):  # noqa: PT012 - raised anywhere while the app runs
        async with app.run_test(size=(80, 24)) as pilot:
            screen = await opened(pilot)
            fail_in(screen, CANARY, key)
            await pilot.press("f10")
    shown = "".join(capfd.readouterr())
    assert CANARY in shown
    assert key[:16] in shown
