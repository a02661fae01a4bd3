"""The passphrase is changed in the open app: asked for, told about, and the new one opens the vault."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event, Timer

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from notekeeper import bootstrap
from notekeeper.domain.vault import Vault
from notekeeper.errors import VaultDamagedError, VaultWriteError, WrongPassphraseError
from notekeeper.tui.app import Ending
from notekeeper.tui.base import Page, Telling
from notekeeper.tui.screens.passphrase import PassphrasePage
from notekeeper.tui.screens.settings import SettingsPage
from notekeeper.vault import create, header, keys
from notekeeper.vault.folder import VaultFolder
from tests.tui.conftest import AppAt, text_of, until
from tests.vault.invented import PASSPHRASE, Sealed

OpenAt = Callable[[Callable[[], Page]], AppAt]
NEW = "copper harbour seventeen thistles"


def header_of(sealed: Sealed) -> bytes:
    return VaultFolder(sealed.path).header.read_bytes()


async def typed(pilot: Pilot[Ending], *texts: str) -> None:
    """Put a text into each field, from the first, and press Enter in the last."""
    fields = list(pilot.app.screen.query(Input))
    for field, text in zip(fields, texts, strict=True):
        field.value = text
    fields[-1].focus()
    await pilot.press("enter")


async def test_the_new_passphrase_opens_the_vault_and_old_copies_are_told_of(
    app_at: OpenAt, vault: Vault, sealed: Sealed
) -> None:
    app = app_at(SettingsPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.focused is not None)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, PassphrasePage) and app.focused is not None)
        assert "Backups and copies of the vault made before still open" in text_of(app)
        before = header_of(sealed)

        def told() -> str:
            return str(app.screen.query_one(Telling).render())

        for texts, said in (
            ((PASSPHRASE, NEW, "another"), "not the same"),
            ((PASSPHRASE, "short", "short"), "too short"),
            ((PASSPHRASE, PASSPHRASE, PASSPHRASE), "is the old one"),
            (("not the passphrase", NEW, NEW), "does not open this vault"),
        ):
            await typed(pilot, *texts)
            await until(pilot, lambda said=said: said in told())  # type: ignore[misc]
        assert header_of(sealed) == before
        await typed(pilot, PASSPHRASE, NEW, NEW)
        await until(pilot, lambda: "Older backups still open by the old one." in told())
        assert [field.value for field in app.screen.query(Input)] == ["", "", ""]
        assert vault.verify().problems == ()
        assert vault.log.entries()[-1].event == "passphrase.changed"
    bootstrap.unlock_vault(sealed.path, NEW).close()
    with pytest.raises(WrongPassphraseError):
        bootstrap.unlock_vault(sealed.path, PASSPHRASE)


def test_a_header_that_cannot_be_written_or_is_not_this_vaults_changes_nothing(
    vault: Vault, sealed: Sealed, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    entries = len(vault.log.entries())
    before, real = header_of(sealed), header.write

    def full(*_: object) -> None:
        raise VaultWriteError("The disk is full.")

    monkeypatch.setattr(header, "write", full)
    with pytest.raises(VaultWriteError):
        vault.change_passphrase(PASSPHRASE, NEW)
    monkeypatch.setattr(header, "write", real)
    assert len(vault.log.entries()) == entries
    assert header_of(sealed) == before
    foreign = tmp_path_factory.mktemp("foreign") / "other.vault"
    create(foreign, PASSPHRASE)[0].close()
    VaultFolder(sealed.path).header.write_bytes(VaultFolder(foreign).header.read_bytes())
    with pytest.raises(VaultDamagedError, match="belongs to another vault"):
        vault.change_passphrase(PASSPHRASE, NEW)
    assert header_of(sealed) == VaultFolder(foreign).header.read_bytes()


@pytest.mark.parametrize("key", ["f12", "ctrl+q"])
async def test_locking_waits_for_a_passphrase_that_is_being_changed(
    app_at: OpenAt, sealed: Sealed, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    begun, go_on, real = Event(), Event(), header.key_by_passphrase

    def slow(before: header.Header, passphrase: str) -> keys.VaultKey:
        begun.set()
        assert go_on.wait(20)
        return real(before, passphrase)

    monkeypatch.setattr(header, "key_by_passphrase", slow)
    app = app_at(PassphrasePage)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.focused is not None)
        await typed(pilot, PASSPHRASE, NEW, NEW)
        await until(pilot, begun.is_set)
        await pilot.press(key)
        await until(pilot, lambda: "The passphrase is being changed." in " ".join(text_of(app).split()))
        assert app.return_value is None
        app.locking.last_touch = app.locking.last_touch[0] - app.idle_s, app.locking.last_touch[1]
        app.locking.look()
        assert app.return_value is None
        Timer(0.5, go_on.set).start()
        await pilot.press(key)  # closing waits until the thread is done
        await until(pilot, lambda: app._exit)
    monkeypatch.setattr(header, "key_by_passphrase", real)
    opened = bootstrap.unlock_vault(sealed.path, NEW)
    assert (opened.log.entries()[-1].event, opened.verify().problems) == ("passphrase.changed", ())
    opened.close()


def test_a_failed_change_leaves_a_header_that_it_did_not_write(
    vault: Vault, sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = VaultFolder(sealed.path).header
    present, real = header.read(place), header.write
    key = header.key_by_passphrase(present, PASSPHRASE)
    other = header.with_passphrase(present, key, "other words in the meantime")

    def fails(path: Path, content: header.Header, *, after: bool) -> None:
        real(path, content if after else other)
        monkeypatch.setattr(header, "write", real)
        raise VaultWriteError("The disk is full.")

    before = header_of(sealed)
    for after, left in ((True, before), (False, header.as_bytes(other))):
        monkeypatch.setattr(header, "write", partial(fails, after=after))
        with pytest.raises(VaultWriteError):
            vault.change_passphrase(PASSPHRASE, NEW)
        assert header_of(sealed) == left


async def test_a_demonstration_keeps_its_passphrase(app_at: OpenAt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notekeeper.tui.access.is_demonstration", lambda _: True)
    app = app_at(SettingsPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.focused is not None)
        await pilot.press("f2")
        await until(pilot, lambda: "The demonstration keeps its passphrase" in text_of(app))
