"""Coming to a newer form: a verified backup first, all or nothing, once, from every form there was."""

import os
import shutil
from pathlib import Path

import pytest

from notekeeper.errors import BackupError, VaultError, VaultNewerError
from notekeeper.vault import change_passphrase, create, migrations, restoring, unlock
from tests.forms import many
from tests.lines import Tally
from tests.vault.invented import PASSPHRASE, Sealed, add_client, add_note, as_earlier, sign_without_ai
from tests.vault.killing import killed_at, lines_in, must_fork, spread

pytestmark = pytest.mark.line(24)

STEP = "CREATE TABLE later (word TEXT) STRICT;\nINSERT INTO later VALUES ('a;b');\n"


def a_later_program(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, "9999_later.sql"))
    monkeypatch.setattr(migrations, "_script", lambda _: script)


def test_an_upgrade_makes_a_copy_that_opens_and_happens_once(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = sealed.open()
    add_note(vault, add_client(vault), "kept")
    vault.close()
    old = (sealed.path / "vault.db").read_bytes()
    a_later_program(monkeypatch, STEP)
    for _ in range(2):
        vault = sealed.open()
        assert [e.event for e in vault.log.entries()].count("vault.migrated") == 1
        assert vault.verify().problems == ()
        assert len(vault.search("kept")) == 1
        vault.close()
    [made] = (sealed.path / "backups").iterdir()
    assert made.name.endswith("-migration")
    assert (made / "vault.db").read_bytes() == old
    monkeypatch.undo()
    restored = sealed.path.with_name("older.vault")
    restoring.restore(made, restored, restoring.by_recovery_key(sealed.recovery_key))
    vault = Sealed(restored, sealed.recovery_key).open()
    assert len(vault.search("kept")) == 1
    assert vault.verify().problems == ()
    vault.close()


def test_an_upgrade_that_fails_leaves_the_vault_as_it_was(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sealed.files()
    with monkeypatch.context() as patch:
        a_later_program(patch, f"{STEP}NO SUCH STATEMENT;\n")
        with pytest.raises(VaultError):
            sealed.open()
    after = sealed.files()
    assert {name: after[name] for name in before} == before
    assert {name.split("/")[0] for name in set(after) - set(before)} == {"backups"}
    vault = sealed.open()
    assert vault.verify().problems == ()
    vault.close()
    a_later_program(monkeypatch, STEP)
    sealed.open().close()


def test_a_passphrase_change_that_cannot_be_written_leaves_the_old_one(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(VaultError):
            change_passphrase(sealed.path, PASSPHRASE, "copper harbour seventeen thistles")
    vault = unlock(sealed.path, PASSPHRASE)
    assert vault.verify().problems == ()
    vault.close()


def of_form(steps: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Sealed:
    """A vault as notekeeper left it when there were only so many steps, with a signed and an unsigned note."""
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", migrations.STEPS[:steps])
        vault, key = create(folder / "practice.vault", PASSPHRASE)
        as_earlier(vault, patch)
        client = add_client(vault)
        sign_without_ai(vault, add_note(vault, client, "signed then"))
        add_note(vault, client, "written then")
        vault.close()
    return Sealed(folder / "practice.vault", key)


def shown(sealed: Sealed) -> tuple[str, ...]:
    """What the vault of `of_form` has when nothing is lost."""
    vault = sealed.open()
    found = tuple(hit.snippet for hit in vault.search("then"))
    client = vault.clients.by_code("C014")
    assert vault.signoffs.of_note(vault.notes.by_number(client.id, 1).id) is not None
    assert vault.verify().problems == ()
    assert vault.alarm == ""
    vault.close()
    return found


FORMS = range(1, len(migrations.STEPS))


@pytest.mark.parametrize("steps", FORMS)
def test_a_vault_of_each_form_there_was_comes_up_with_a_backup_of_its_own_form(
    steps: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = of_form(steps, tmp_path, monkeypatch)
    assert len(shown(sealed)) == 2
    before = sealed.files()
    assert len(shown(sealed)) == 2
    [made] = (sealed.path / "backups").iterdir()
    assert {name for name in sealed.files() if name.startswith("backups/")} == {
        name for name in before if name.startswith("backups/")
    }
    old = Sealed(made, sealed.recovery_key).sqlcipher()
    assert old.execute("PRAGMA user_version").fetchone() == (steps,)
    old.close()
    assert restoring.drill(made, restoring.by_recovery_key(sealed.recovery_key)).problems == ()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("steps", FORMS)
def test_an_upgrade_killed_at_any_line_is_done_at_the_next_unlock(
    steps: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    must_fork()
    start = of_form(steps, tmp_path / "start", monkeypatch)

    def room_for(number: int) -> Sealed:
        room = tmp_path / f"room{number}"
        monkeypatch.setenv("NOTEKEEPER_STATE", str(room / "state"))
        shutil.copytree(start.path, room / "practice.vault")
        return Sealed(room / "practice.vault", start.recovery_key)

    sealed = room_for(0)
    lines = lines_in(lambda: sealed.open().close())
    for number in spread(lines, many(4, 200)):
        sealed = room_for(number)
        killed_at(number, lambda: sealed.open().close())  # noqa: B023 - run at once
        db = sealed.sqlcipher()
        form = db.execute("PRAGMA user_version").fetchone()[0]
        db.close()
        backups = [p for p in (sealed.path / "backups").iterdir() if not p.name.startswith(".")]
        well = form == steps or (form == len(migrations.STEPS) and len(backups) == 1)
        tally.add(1, int(well))
        assert well, number
        for made in backups:
            assert restoring.drill(made, restoring.by_recovery_key(sealed.recovery_key)).problems == ()
        assert len(shown(sealed)) == 2
        shutil.rmtree(sealed.path.parent)


def test_without_a_backup_nothing_is_upgraded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = of_form(1, tmp_path, monkeypatch)
    before = sealed.files()

    def fail(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(BackupError, match="left as it was"):
            sealed.open()
    assert sealed.files() == before
    assert len(shown(sealed)) == 2


def test_a_newer_form_is_refused_and_its_backup_too(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        a_later_program(patch, STEP)
        sealed.open().close()
    before = sealed.files()
    with pytest.raises(VaultNewerError):
        sealed.open()
    place = sealed.path.with_name("other.vault")
    with pytest.raises(VaultNewerError):
        restoring.restore(sealed.path, place, restoring.by_recovery_key(sealed.recovery_key))
    assert not place.exists()
    assert sealed.files() == before
