"""Keys and backups in the app: made while one goes on, said quietly, chosen and changed by keys; warnings stay until
they are answered."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from notekeeper import bootstrap
from notekeeper.domain.backup import BackupReason
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.errors import BackupError, WrongPassphraseError
from notekeeper.services.backups import BackupNews
from notekeeper.services.reviewing import FinishForm, OwnThemeForm, finish
from notekeeper.services.signing import set_signer
from notekeeper.tui.access import access_to
from notekeeper.tui.app import Ending, NotekeeperApp
from notekeeper.tui.base import Page, Telling
from notekeeper.tui.screens.caseload import CaseloadPage
from notekeeper.tui.screens.editor import EditorPage
from notekeeper.tui.screens.keys import KeysPage
from notekeeper.tui.screens.newkey import NewKeyPage, NewKeyShownPage
from notekeeper.tui.screens.settings import SettingsPage
from notekeeper.tui.screens.signed import SignedPage
from notekeeper.tui.screens.signing import SignBox, offer_to_sign
from notekeeper.tui.screens.unlock import UnlockPage
from notekeeper.tui.screens.warning import WarningBox
from notekeeper.tui.widgets import NoteText
from tests.tui.conftest import AppAt, text_of, until
from tests.tui.every import Desk
from tests.vault.invented import PASSPHRASE, Sealed, add_client, add_note

OpenAt = Callable[[Callable[[], Page]], AppAt]


def told(app: NotekeeperApp) -> str:
    return " ".join(str(app.screen.query_one(Telling).render()).split())


def seen(app: NotekeeperApp) -> str:
    return " ".join(text_of(app).split())


def on(app: NotekeeperApp, page: type) -> Callable[[], bool]:
    return lambda: isinstance(app.screen, page) and app.screen.is_mounted


async def unlock(app: NotekeeperApp, pilot: Pilot[Ending]) -> None:
    await until(pilot, on(app, UnlockPage))
    app.screen.query_one(Input).value = PASSPHRASE
    await pilot.press("enter")
    await until(pilot, on(app, CaseloadPage))


async def test_the_days_backup_is_made_after_unlocking_without_a_word(sealed: Sealed) -> None:
    app = NotekeeperApp(access_to(sealed.path))
    async with app.run_test() as pilot:
        await unlock(app, pilot)
        await until(pilot, lambda: [b.reason for b in app.open_vault.backups.all()] == [BackupReason.DAILY])
        assert told(app) == ""


async def test_typing_goes_on_while_a_backup_is_made_and_its_failure_is_one_quiet_sentence(
    app_at: OpenAt, vault: Vault
) -> None:
    client = add_client(vault)
    note = add_note(vault, client, "Begun.")
    begun, go_on = threading.Event(), threading.Event()

    def slow(_: Vault) -> BackupNews:
        begun.set()
        assert go_on.wait(30)
        raise BackupError("No backup could be made.")

    app = app_at(lambda: EditorPage(client, note))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.focused, NoteText))
        app.back_up(slow)
        await until(pilot, begun.is_set)
        await pilot.press(*" More")
        await until(pilot, lambda: (kept := vault.notes.working(note.id)) is not None and kept.text == "Begun. More")
        go_on.set()
        await until(pilot, lambda: told(app) == "No backup could be made.")
        await pilot.press(*" words")
        assert app.screen.query_one(NoteText).text == "Begun. More words"


async def test_signing_is_followed_by_a_backup(app_at: OpenAt, vault: Vault) -> None:
    client = add_client(vault)
    note = add_note(vault, client, "A session.")
    form = FinishForm(
        focus="As before",
        themes=(OwnThemeForm(label="Saying no"),),
        risk=RiskEntry(state=RiskState.NOT_ASKED, words=""),
    )
    finish(vault, note, form, ())
    set_signer(vault, "P. Invented")
    desk = Desk()
    app = app_at(lambda: desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, on(app, Desk))
        offer_to_sign(desk, client, note)
        await until(pilot, on(app, SignBox))
        await pilot.press("y")
        await until(pilot, on(app, SignedPage))
        await until(pilot, lambda: [b.reason for b in vault.backups.all()] == [BackupReason.SIGNING])


async def test_the_last_backup_and_the_second_folder_are_said_and_changed(
    app_at: OpenAt, vault: Vault, tmp_path: Path
) -> None:
    stick = tmp_path / "STICK"
    app = app_at(SettingsPage)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f3")
        await until(pilot, on(app, KeysPage))
        await until(pilot, lambda: "There is no backup yet." in seen(app))
        await pilot.press("f5")
        await until(pilot, lambda: "Made, opened and checked ✓" in told(app))
        assert "Last backup: today" in seen(app)
        assert "by hand; in the vault’s own folder alone" in seen(app)
        field = app.screen.query_one("#keys-second", Input)
        field.value = str(stick)
        await pilot.press("enter")
        await until(pilot, lambda: told(app).startswith("! There is no such folder."))
        assert vault.backups.second_folder() is None
        assert field.value == str(stick)
        stick.mkdir()
        await pilot.press("enter")
        await until(pilot, lambda: "also in" in seen(app))
        assert told(app).startswith("Every backup is copied to")
        assert len(list(stick.iterdir())) == 1
        shutil.rmtree(stick)
        await pilot.press("f5")
        await until(pilot, lambda: "The second folder for backups is not there now" in told(app))
        await until(pilot, lambda: "is not there now" in seen(app).partition("A second folder")[0])
        field.value = ""
        await pilot.press("enter")
        await until(pilot, lambda: told(app).startswith("There is no second folder any more."))


@pytest.mark.line(14)
async def test_a_new_recovery_key_counts_once_it_was_typed_back(app_at: OpenAt, sealed: Sealed) -> None:
    app = app_at(KeysPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, on(app, KeysPage))
        await pilot.press("f4")
        await until(pilot, on(app, NewKeyPage))
        app.screen.query_one(Input).value = "wrong words"
        await pilot.press("enter")
        await until(pilot, lambda: told(app).startswith("!"))
        app.screen.query_one(Input).value = PASSPHRASE
        app.screen.query_one(Input).focus()
        await pilot.press("enter")
        await until(pilot, on(app, NewKeyShownPage))
        page = app.screen
        assert isinstance(page, NewKeyShownPage)
        key = page._key
        assert key.split("-")[0] in text_of(app)
        await pilot.press("enter")
        await until(pilot, lambda: key.split("-")[0] not in text_of(app))
        page.query_one(Input).value = sealed.recovery_key
        await pilot.press("enter")
        assert "not the one just shown" in told(app)
        page.query_one(Input).value = key.lower()
        await pilot.press("enter")
        await until(pilot, on(app, KeysPage))
        await until(pilot, lambda: told(app).startswith("The new recovery key counts"))
        await pilot.press("f12")
        await until(pilot, lambda: app._exit)
    with pytest.raises(WrongPassphraseError):
        bootstrap.unlock_vault_with_recovery_key(sealed.path, sealed.recovery_key)
    bootstrap.unlock_vault_with_recovery_key(sealed.path, key).close()


@pytest.mark.line(14)
async def test_leaving_the_new_key_leaves_the_old_one(app_at: OpenAt, sealed: Sealed) -> None:
    app = app_at(KeysPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, on(app, KeysPage))
        await pilot.press("f4")
        await until(pilot, on(app, NewKeyPage))
        app.screen.query_one(Input).value = PASSPHRASE
        await pilot.press("enter")
        await until(pilot, on(app, NewKeyShownPage))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.has_class("typing"))
        await pilot.press("escape")
        await until(pilot, lambda: not app.screen.has_class("typing"))
        await pilot.press("escape")
        await until(pilot, on(app, KeysPage))
        await pilot.press("f12")
        await until(pilot, lambda: app._exit)
    bootstrap.unlock_vault_with_recovery_key(sealed.path, sealed.recovery_key).close()


@pytest.mark.line(9)
async def test_an_older_copy_is_said_on_the_caseload_until_it_is_accepted(sealed: Sealed, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(sealed.path, older)
    vault = bootstrap.unlock_vault_with_recovery_key(sealed.path, sealed.recovery_key)
    add_client(vault, "C020")
    vault.close()
    shutil.rmtree(sealed.path)
    shutil.copytree(older, sealed.path)

    app = NotekeeperApp(access_to(sealed.path))
    async with app.run_test(size=(80, 24)) as pilot:
        await unlock(app, pilot)
        await until(pilot, lambda: "This vault is an older copy" in seen(app))
        await pilot.press("m", "escape")
        await until(pilot, on(app, CaseloadPage))
        assert "This vault is an older copy" in seen(app)
        await pilot.press("w")
        await until(pilot, on(app, WarningBox))
        await pilot.press("h")
        await until(pilot, lambda: on(app, CaseloadPage)() and "This vault is an older copy" not in seen(app))
        await pilot.press("f12")
        await until(pilot, lambda: app._exit)
    app = NotekeeperApp(access_to(sealed.path))
    async with app.run_test(size=(80, 24)) as pilot:
        await unlock(app, pilot)
        await until(pilot, lambda: "This vault is an older copy" in seen(app))
        await pilot.press("w")
        await until(pilot, on(app, WarningBox))
        await pilot.press("y")
        await until(pilot, lambda: on(app, CaseloadPage)() and "This vault is an older copy" not in seen(app))
        assert app.open_vault.log.entries()[-1].event == "state.accepted"
        assert app.open_vault.backups.all() == []


async def test_a_conflicted_copy_beside_the_vault_is_said_and_can_be_hidden(sealed: Sealed) -> None:
    (sealed.path / "vault (conflicted copy 2026-03-03).db").write_bytes(b"other")
    app = NotekeeperApp(access_to(sealed.path))
    async with app.run_test(size=(80, 24)) as pilot:
        await unlock(app, pilot)
        await until(pilot, lambda: "w says more" in seen(app))
        await pilot.press("w")
        await until(pilot, on(app, WarningBox))
        assert "conflicted copy 2026-03-03" in seen(app)
        await pilot.press("y")  # there is nothing to accept
        assert isinstance(app.screen, WarningBox)
        await pilot.press("h")
        await until(pilot, lambda: on(app, CaseloadPage)() and "w says more" not in seen(app))
