"""The first minutes: welcome, making a vault, the recovery key, unlocking, a look round, settings."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Input

from notekeeper.domain.vault import Vault
from notekeeper.errors import VaultMissingError, WeakPassphraseError
from notekeeper.services import look_round
from notekeeper.services.demonstration import PASSPHRASE as SHOWN_PASSPHRASE
from notekeeper.services.preferences import Colours, Preferences, load_preferences, save_preferences
from notekeeper.services.strength import strength
from notekeeper.tui.access import access_to
from notekeeper.tui.app import Ending, NotekeeperApp
from notekeeper.tui.base import Page, Telling
from notekeeper.tui.screens.caseload import CaseloadPage
from notekeeper.tui.screens.opening import CreatePage, WelcomePage
from notekeeper.tui.screens.recovery import RecoveryPage
from notekeeper.tui.screens.settings import SettingsPage
from notekeeper.tui.screens.unlock import UnlockPage
from notekeeper.vault.keys import check_strength
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.vault.invented import PASSPHRASE, Sealed


def told(app: NotekeeperApp) -> str:
    return str(app.screen.query_one(Telling).render())


def on(app: NotekeeperApp, page: type[Page]) -> Callable[[], bool]:
    return lambda: isinstance(app.screen, page) and app.screen.is_mounted


async def typed(pilot: Pilot[Ending], text: str) -> None:
    """Put text into the field that has the focus, as a paste does, and press Enter."""
    field = pilot.app.focused
    assert isinstance(field, Input)
    field.value = text
    await pilot.press("enter")


def shown_key(app: NotekeeperApp) -> str:
    rows = [line.split("│")[1] for line in text_of(app).splitlines() if line.count("│") == 2]
    return "-".join(group.strip() for row in rows for group in row.split("–"))


@pytest.mark.parametrize("size", SIZES)
async def test_a_vault_is_made_its_key_typed_back_and_both_open_it(size: tuple[int, int], tmp_path: Path) -> None:
    folder = tmp_path / "own.vault"
    app = NotekeeperApp(access_to(folder))
    async with app.run_test(size=size) as pilot:
        await until(pilot, on(app, WelcomePage))
        assert str(folder)[:60] in text_of(app)
        await pilot.press("enter")
        await until(pilot, on(app, CreatePage))
        await typed(pilot, PASSPHRASE)
        assert not folder.exists()
        await typed(pilot, PASSPHRASE)
        await until(pilot, on(app, RecoveryPage))
        assert app.vault is None
        key = shown_key(app)
        assert len(key) == 9 * 4 + 8
        await pilot.press("enter")
        await typed(pilot, key[:-1])
        assert "not a recovery key" in told(app)
        assert key not in text_of(app)
        assert app.vault is None
        await typed(pilot, key.lower().replace("-", " ").replace("0", "o"))
        await until(pilot, on(app, CaseloadPage))
        assert PASSPHRASE not in text_of(app)
    again = NotekeeperApp(access_to(folder))
    async with again.run_test(size=size) as pilot:
        await until(pilot, on(again, UnlockPage))
        await typed(pilot, PASSPHRASE)
        await until(pilot, on(again, CaseloadPage))


async def test_a_folder_that_a_cloud_service_syncs_is_said_before_a_vault_is_made(tmp_path: Path) -> None:
    for place, said in (("Dropbox", True), ("Documents", False)):
        app = NotekeeperApp(access_to(tmp_path / place / "own.vault"))
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, on(app, WelcomePage))
            assert ("a folder of Dropbox" in " ".join(text_of(app).split())) is said


async def test_a_weak_or_mistyped_passphrase_makes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "own.vault"
    app = NotekeeperApp(access_to(folder))
    async with app.run_test() as pilot:
        await until(pilot, on(app, WelcomePage))
        await pilot.press("m")
        await until(pilot, on(app, CreatePage))
        await typed(pilot, "password123")
        await typed(pilot, "password123")
        assert "easily guessed" in told(app)
        assert isinstance(app.focused, Input)
        assert app.focused.value == "password123"
        app.focused.value = PASSPHRASE
        await until(pilot, lambda: "■■■■ very strong" in text_of(app))
        await pilot.press("enter")
        assert "not the same" in told(app)
        assert PASSPHRASE not in text_of(app)
        await pilot.press("f3")
        assert PASSPHRASE in text_of(app)
        await pilot.press("escape")
        await until(pilot, on(app, WelcomePage))
    assert not folder.exists()


async def test_a_wrong_passphrase_stays_to_be_mended(sealed: Sealed) -> None:
    app = NotekeeperApp(access_to(sealed.path))
    async with app.run_test() as pilot:
        await until(pilot, on(app, UnlockPage))
        await pilot.press("f12")  # nothing to lock yet
        await pilot.press("enter")
        assert "Nothing is typed" in told(app)
        await typed(pilot, PASSPHRASE[:-1])
        await until(pilot, lambda: told(app).startswith("!"))
        field = app.screen.query_one(Input)
        await until(pilot, lambda: app.focused is field)
        assert field.value == PASSPHRASE[:-1]
        assert PASSPHRASE[:-1] not in text_of(app)
        await pilot.press("end", PASSPHRASE[-1], "enter")
        await until(pilot, on(app, CaseloadPage))


async def test_the_recovery_key_opens_the_vault(sealed: Sealed) -> None:
    app = NotekeeperApp(access_to(sealed.path))
    async with app.run_test() as pilot:
        await until(pilot, on(app, UnlockPage))
        await pilot.press("f2")
        await typed(pilot, sealed.recovery_key.lower())
        await until(pilot, on(app, CaseloadPage))


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: (path / "vault.db").unlink(), ""),
        (lambda path: (path / "header").write_bytes(b""), ""),
        (lambda path: (path / "vault.db").write_bytes(b""), "empty"),
    ],
)
async def test_a_damaged_vault_is_told_and_left_as_it_is(
    sealed: Sealed, harm: Callable[[Path], object], words: str
) -> None:
    harm(sealed.path)
    before = sealed.files()
    app = NotekeeperApp(access_to(sealed.path))
    async with app.run_test() as pilot:
        await until(pilot, on(app, UnlockPage))
        await pilot.press("f2")
        await typed(pilot, sealed.recovery_key)
        await until(pilot, lambda: told(app).startswith("!"))
        assert words in told(app)
    assert sealed.files() == before


async def test_a_vault_open_elsewhere_is_told(sealed: Sealed, vault: Vault) -> None:
    app = NotekeeperApp(access_to(sealed.path))
    async with app.run_test() as pilot:
        await until(pilot, on(app, UnlockPage))
        await pilot.press("f2")
        await typed(pilot, sealed.recovery_key)
        await until(pilot, lambda: told(app).startswith("!"))
        assert "open" in told(app)
    assert vault.signer() is None  # the vault that was open is not disturbed


async def test_a_look_round_is_marked_everywhere_and_cleared_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = tmp_path / "own.vault"
    access = access_to(folder)
    app = NotekeeperApp(access)
    async with app.run_test() as pilot:
        await until(pilot, on(app, WelcomePage))
        await pilot.press("d")
        await until(pilot, on(app, CaseloadPage), seconds=60)
        await until(pilot, lambda: "DEMONSTRATION" in text_of(app).splitlines()[0])
        assert all(client.demonstration for client in app.open_vault.clients.all())
        await pilot.press("f2")
        await until(pilot, on(app, SettingsPage))
        assert "DEMONSTRATION" in text_of(app).splitlines()[0]
        await pilot.press("f12")
        await until(pilot, lambda: app._exit)
    assert app.return_value is Ending.LOCKED
    afresh = NotekeeperApp(access_to(access.folder))
    async with afresh.run_test() as pilot:
        await until(pilot, on(afresh, UnlockPage))
        assert SHOWN_PASSPHRASE in text_of(afresh)
    look_round.clear_away(access.folder)
    assert not access.folder.parent.exists()
    assert not folder.exists()


async def test_a_look_round_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    access = access_to(tmp_path / "own.vault")

    def missing(_: Vault) -> None:
        raise VaultMissingError("The demonstration's data is missing.")

    access.fill_demonstration = missing
    app = NotekeeperApp(access)
    async with app.run_test() as pilot:
        await until(pilot, on(app, WelcomePage))
        await pilot.press("d")
        await until(pilot, lambda: told(app).startswith("! The demonstration"))
        assert access.folder == tmp_path / "own.vault"
    assert not list(tmp_path.glob("notekeeper-*"))


def test_only_a_look_round_is_ever_cleared_away(sealed: Sealed, tmp_path: Path) -> None:
    named_alike = sealed.path.rename(tmp_path / look_round.VAULT_NAME)
    look_round.clear_away(named_alike)
    assert (named_alike / "vault.db").exists()


async def test_settings_are_kept_and_hold_at_once(
    app_at: Callable[[Callable[[], Page]], AppAt], settings_file: Path, vault: Vault
) -> None:
    app = app_at(SettingsPage)
    async with app.run_test() as pilot:
        await pilot.press(*"Dr I")
        app.screen.query_one("#settings-colours").focus()
        await until(pilot, lambda: app.focused is not None and app.focused.id == "settings-colours")
        await pilot.press("3")
        app.screen.query_one("#settings-idle").focus()
        await until(pilot, lambda: app.focused is not None and app.focused.id == "settings-idle")
        await pilot.press("1")
        assert app.idle_s == 60
        assert app.theme == "notekeeper-high-contrast"
        await pilot.press("f5")
        signer = vault.signer()
        assert signer is not None
        assert signer.name == "Dr I"
    assert json.loads(settings_file.read_text(encoding="utf-8")) == {
        "colours": "high contrast",
        "idle_minutes": 1,
        "system_clipboard": False,
    }
    assert load_preferences() == Preferences(colours=Colours.HIGH_CONTRAST, idle_minutes=1)


async def test_a_name_that_nobody_can_sign_with_is_not_kept(
    app_at: Callable[[Callable[[], Page]], AppAt], vault: Vault
) -> None:
    app = app_at(SettingsPage)
    async with app.run_test() as pilot:
        await pilot.press(*"Demonstration", "f5")
        assert told(app).startswith("! Signing needs the name")
        assert vault.signer() is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", Preferences()),
        ("[[[[", Preferences()),
        ("[]", Preferences()),
        ('{"colours": "pink", "idle_minutes": 2}', Preferences(idle_minutes=2)),
        ('{"colours": "light", "idle_minutes": 0, "more": 1}', Preferences(colours=Colours.LIGHT)),
        ('{"idle_minutes": 1e9}', Preferences()),
    ],
)
def test_damaged_settings_mean_the_defaults(settings_file: Path, content: str, expected: Preferences) -> None:
    settings_file.parent.mkdir()
    settings_file.write_text(content, encoding="utf-8")
    assert load_preferences() == expected


def test_settings_that_cannot_be_written_are_said_to_be_so(settings_file: Path) -> None:
    settings_file.parent.write_text("a file where the folder should be", encoding="utf-8")
    assert not save_preferences(Preferences())


@given(st.one_of(st.text(max_size=90), st.sampled_from(["password1234", PASSPHRASE, "aaaaaaaaaaaa", "Tr0ub4dor&3"])))
@settings(max_examples=150, deadline=None)
def test_what_is_called_enough_is_what_the_vault_takes(passphrase: str) -> None:
    try:
        check_strength(passphrase)
        taken = True
    except WeakPassphraseError:
        taken = False
    rated = strength(passphrase)
    assert rated.enough is taken
    assert ("strong" in rated.words) is taken
