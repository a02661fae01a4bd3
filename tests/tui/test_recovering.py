"""The ways back into a vault from its opening page: after wrong tries, by shares, from a backup."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from notekeeper import bootstrap
from notekeeper.domain.backup import BackupReason
from notekeeper.tui.access import access_to
from notekeeper.tui.app import NotekeeperApp
from notekeeper.tui.base import Telling
from notekeeper.tui.screens.caseload import CaseloadPage
from notekeeper.tui.screens.opening import WelcomePage
from notekeeper.tui.screens.restoring import RestorePage
from notekeeper.tui.screens.shares import SharesPage
from notekeeper.tui.screens.unlock import UnlockPage
from notekeeper.vault import header, keys
from tests.tui.conftest import text_of, until
from tests.vault.invented import PASSPHRASE, Sealed, add_client

NEW = "seven gentle harbours waiting"


def told(app: NotekeeperApp) -> str:
    return " ".join(str(app.screen.query_one(Telling).render()).split())


def on(app: NotekeeperApp, page: type) -> Callable[[], bool]:
    return lambda: isinstance(app.screen, page) and app.screen.is_mounted


@pytest.fixture
def backup(sealed: Sealed) -> Path:
    """A backup of the vault with one client; the vault has another one since."""
    vault = sealed.open()
    add_client(vault, "C014")
    made = vault.backups.make(BackupReason.BY_HAND).backup.path
    add_client(vault, "C020")
    vault.close()
    return made


def codes(folder: Path, passphrase: str = PASSPHRASE) -> list[str]:
    vault = bootstrap.unlock_vault(folder, passphrase)
    try:
        return [client.code for client in vault.clients.all()]
    finally:
        vault.close()


@pytest.mark.parametrize("there", [True, False])
async def test_what_the_process_before_left_to_say_is_said_on_the_first_page(sealed: Sealed, there: bool) -> None:
    place = sealed.path if there else sealed.path.with_name("none.vault")
    app = NotekeeperApp(access_to(place), said="All that was saved is in a copy of the vault.")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, on(app, UnlockPage if there else WelcomePage))
        assert "All that was saved is in a copy of the vault." in text_of(app)


@pytest.mark.line(14)
async def test_after_wrong_tries_the_wait_is_counted_and_no_key_is_computed(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[str] = []
    real = header.key_by_passphrase

    def counting(found: header.Header, typed: str) -> keys.VaultKey:
        computed.append(typed)
        return real(found, typed)

    monkeypatch.setattr(header, "key_by_passphrase", counting)
    app = NotekeeperApp(access_to(sealed.path))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, on(app, UnlockPage))
        field = app.screen.query_one(Input)
        for number in range(1, 4):
            field.value = f"wrong words number {number}"
            await pilot.press("enter")
            await until(pilot, lambda: told(app).startswith("!") and not app.screen.query_one("#body").disabled)
        assert len(computed) == 3
        await pilot.press("enter")
        await until(pilot, lambda: "looked at in" in told(app))
        assert "seconds" in told(app) or "1 second" in told(app)
        field.value = PASSPHRASE
        field.focus()
        await pilot.press("enter")
        assert len(computed) == 3
        await until(pilot, lambda: told(app) == "You can try again now.")
        field.focus()
        await pilot.press("enter")
        await until(pilot, on(app, CaseloadPage))
    assert computed[-1] == PASSPHRASE


@pytest.mark.line(14)
async def test_shares_open_the_vault_and_give_it_a_new_passphrase(sealed: Sealed) -> None:
    vault = sealed.open()
    shares = vault.split_recovery(PASSPHRASE, 2, 3)
    vault.close()
    app = NotekeeperApp(access_to(sealed.path))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, on(app, UnlockPage))
        await pilot.press("f4")
        await until(pilot, on(app, SharesPage))

        async def give(share: str) -> None:
            app.screen.query_one("#shares-typed", Input).value = share
            await pilot.press("enter")

        await give(f"{shares[2]} more")
        assert "Share 1" in told(app)
        await give(shares[2].upper())
        assert "1 more is needed" in told(app)
        assert shares[2].split()[0] not in text_of(app).lower()
        await give(shares[2])
        assert "are the same one" in told(app)
        await give(shares[0])
        await until(pilot, lambda: "That is enough." in text_of(app))
        for field in ("#create-passphrase", "#create-again"):
            app.screen.query_one(field, Input).value = NEW
        app.screen.query_one("#create-again").focus()
        await until(pilot, lambda: app.focused is not None and app.focused.id == "create-again")
        await pilot.press("enter")
        await until(pilot, on(app, CaseloadPage))
    assert codes(sealed.path, NEW) == []


@pytest.mark.line(2)
async def test_a_backup_is_chosen_restored_and_opened_and_what_was_there_is_set_aside(
    sealed: Sealed, backup: Path
) -> None:
    app = NotekeeperApp(access_to(sealed.path))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, on(app, UnlockPage))
        await pilot.press("f6")
        await until(pilot, on(app, RestorePage))
        await until(pilot, lambda: "by hand" in text_of(app))
        app.screen.query_one(OptionList).focus()
        await until(pilot, lambda: isinstance(app.focused, OptionList))
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.focused is not None and app.focused.id == "restore-secret")
        assert app.screen.query_one("#restore-place", Input).value == str(backup)
        await pilot.press(*"wrong words", "enter")
        await until(pilot, lambda: told(app).startswith("!"))
        assert "passphrase of that day" in told(app)
        app.screen.query_one("#restore-secret", Input).value = PASSPHRASE
        app.screen.query_one("#restore-secret").focus()
        await pilot.press("enter")
        await until(pilot, on(app, UnlockPage))
        await until(pilot, lambda: "Set aside, whole" in " ".join(text_of(app).split()))
        assert "client added: 1" in " ".join(text_of(app).split())
        app.screen.query_one(Input).value = PASSPHRASE
        await pilot.press("enter")
        await until(pilot, on(app, CaseloadPage))
        await until(pilot, lambda: "C014" in text_of(app))
        assert not app.warnings
        assert "C020" not in text_of(app)
    [aside] = sealed.path.parent.glob("*.replaced-*.vault")
    assert codes(aside) == ["C014", "C020"]


@pytest.mark.line(2)
async def test_on_a_new_computer_a_backup_is_restored_from_a_stick_by_the_recovery_key(
    sealed: Sealed, backup: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    shutil.copytree(backup, stick / backup.name)
    place = tmp_path / "new" / "main.vault"
    app = NotekeeperApp(access_to(place))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, on(app, WelcomePage))
        await pilot.press("r")
        await until(pilot, on(app, RestorePage))
        assert "No backup lies there." in text_of(app)
        app.screen.query_one("#restore-place", Input).value = str(stick)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.focused, OptionList))
        await pilot.press("down", "enter", "f2")
        await until(pilot, lambda: "Recovery key of that day" in text_of(app))
        app.screen.query_one("#restore-secret", Input).value = sealed.recovery_key
        await pilot.press("enter")
        await until(pilot, on(app, UnlockPage))
        assert "Restored." in text_of(app)
    assert codes(place) == ["C014"]
    assert codes(sealed.path) == ["C014", "C020"]
