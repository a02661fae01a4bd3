"""Restoring: by the secret of its day, over nothing that is not set aside whole, safe wherever it is stopped."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from notekeeper.domain.backup import BackupReason
from notekeeper.domain.vault import Vault
from notekeeper.errors import (
    BackupError,
    NotekeeperError,
    TooManyTriesError,
    VaultBusyError,
    VaultMissingError,
    WrongPassphraseError,
)
from notekeeper.vault import backup_files as files
from notekeeper.vault import change_passphrase, create, restoring, unlock
from notekeeper.vault.folder import found
from notekeeper.vault.keys import VaultKey
from notekeeper.vault.opening import open_unwatched
from tests.forms import many
from tests.lines import Tally
from tests.vault.invented import PASSPHRASE, Sealed, add_client, add_note, sign_without_ai
from tests.vault.killing import killed_at, lines_in, must_fork, spread

CHILD = """
import json, sys
from pathlib import Path
from notekeeper.vault import restoring, unlock
backup, place, passphrase = Path(sys.argv[1]), Path(sys.argv[2]), sys.stdin.readline().rstrip()
done = restoring.restore(backup, place, restoring.by_passphrase(passphrase))
vault = unlock(place, passphrase)
texts = {
    f"{c.code}/{n.number}": vault.notes.latest(n.id).text
    for c in vault.clients.all() for n in vault.notes.of_client(c.id)
}
entries = vault.log.entries()
signed = sum(vault.signoffs.of_note(n.id) is not None for c in vault.clients.all() for n in vault.notes.of_client(c.id))
print(json.dumps({
    "texts": texts, "signed": signed, "entries": len(entries) - 1, "head": entries[-2].hash, "last": entries[-1].event,
    "problems": vault.verify().problems, "alarm": vault.alarm,
}))
vault.close()
"""


def by_key(sealed: Sealed) -> restoring.KeyFrom:
    return restoring.by_recovery_key(sealed.recovery_key)


def texts(vault: Vault) -> dict[str, str]:
    """The newest text of every note."""
    found = {}
    for client in vault.clients.all():
        for note in vault.notes.of_client(client.id):
            revision = vault.notes.latest(note.id)
            found[f"{client.code}/{note.number}"] = revision.text if revision else ""
    return found


def backed_up(sealed: Sealed) -> Path:
    """A note with one text in the backup and a later one in the vault; the backup, outside the vault."""
    vault = sealed.open()
    note = add_note(vault, add_client(vault), "first")
    outside = sealed.path.parent / "stick"
    outside.mkdir()
    backup = vault.backups.make(BackupReason.BY_HAND, outside).backup.path
    vault.notes.save(note.id, "second")
    vault.close()
    return backup


def test_what_was_there_is_set_aside_whole_and_what_it_has_more_is_said(sealed: Sealed) -> None:
    backup = backed_up(sealed)
    before = sealed.files()
    done = restoring.restore(backup, sealed.path, by_key(sealed))
    assert done.set_aside is not None
    assert done.set_aside.name.startswith("practice.replaced-")
    assert Sealed(done.set_aside, sealed.recovery_key).files() == before
    assert (done.missing, done.changed) == ({"revision.saved": 1}, False)
    vault = sealed.open()
    assert texts(vault) == {"C014/1": "first"}
    assert vault.alarm == ""
    assert vault.verify().problems == ()
    # What was replaced is a backup of the restored vault as well, with the later text.
    kept = vault.backups.all()
    vault.close()
    assert [b.reason for b in kept] == [BackupReason.BEFORE_RESTORE]
    restoring.restore(kept[0].path, sealed.path, by_key(sealed))
    vault = sealed.open()
    assert texts(vault) == {"C014/1": "second"}
    vault.close()


def test_a_copy_made_by_hand_of_an_open_vault_is_restored_with_its_newest_saves(sealed: Sealed, tmp_path: Path) -> None:
    vault = sealed.open()
    add_note(vault, add_client(vault), "in the write-ahead log")
    shutil.copytree(sealed.path, tmp_path / "copy")
    assert (tmp_path / "copy" / "vault.db-wal").stat().st_size
    vault.close()
    done = restoring.restore(tmp_path / "copy", tmp_path / "new place" / "mine.vault", by_key(sealed))
    assert (done.set_aside, done.made_at) == (None, None)
    vault = Sealed(done.place, sealed.recovery_key).open()
    assert texts(vault) == {"C014/1": "in the write-ahead log"}
    assert vault.verify().problems == ()
    vault.close()


def test_a_damaged_vault_is_replaced_and_kept(sealed: Sealed) -> None:
    backup = backed_up(sealed)
    (sealed.path / "vault.db").write_bytes(b"")
    (sealed.path / "header").unlink()
    done = restoring.restore(backup, sealed.path, by_key(sealed))
    assert done.set_aside is not None
    assert (done.set_aside / "vault.db").read_bytes() == b""
    assert done.missing is None
    sealed.open().close()


def test_a_backup_opens_by_the_passphrase_of_its_day_and_says_so(sealed: Sealed, tmp_path: Path) -> None:
    backup = backed_up(sealed)
    new = "copper harbour seventeen thistles"
    change_passphrase(sealed.path, PASSPHRASE, new)
    with pytest.raises(WrongPassphraseError, match=r"made on \d{4}-\d\d-\d\d: it opens by the passphrase of that day"):
        restoring.restore(backup, tmp_path / "other.vault", restoring.by_passphrase(new))
    assert not (tmp_path / "other.vault").exists()
    restoring.restore(backup, tmp_path / "other.vault", restoring.by_passphrase(PASSPHRASE))
    unlock(tmp_path / "other.vault", PASSPHRASE).close()


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def rewrite(path: Path, name: str, value: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), name: value}))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda b: flip(b / "vault.db", 5000),
        lambda b: flip(b / "vault.db", (b / "vault.db").stat().st_size - 2000),
        lambda b: (b / "vault.db").write_bytes((b / "vault.db").read_bytes()[:-4096]),
        lambda b: (b / "vault.db").write_bytes(b""),
        lambda b: (b / "header").unlink(),
        lambda b: rewrite(b / "about.json", "entries", 2),
        lambda b: rewrite(b / "about.json", "head", "0" * 64),
        lambda b: (b / "vault.db").rename(b / "other") and (b / "vault.db").symlink_to(b / "other"),
    ],
)
def test_what_is_no_sound_backup_changes_nothing(sealed: Sealed, spoil: object) -> None:
    backup = backed_up(sealed)
    before = sealed.files()
    spoil(backup)  # type: ignore[operator]
    with pytest.raises(NotekeeperError):
        restoring.restore(backup, sealed.path, by_key(sealed))
    with pytest.raises(NotekeeperError):
        restoring.drill(backup, by_key(sealed))
    assert sealed.files() == before
    assert sorted(p.name for p in sealed.path.parent.iterdir()) == ["practice.vault", "stick"]


def test_the_folder_of_backups_is_not_a_backup_and_the_newest_is_named(sealed: Sealed) -> None:
    backup = backed_up(sealed)
    with pytest.raises(BackupError, match=backup.name):
        restoring.restore(backup.parent, sealed.path, by_key(sealed))


def test_a_folder_that_is_no_vault_is_not_moved(sealed: Sealed, tmp_path: Path) -> None:
    backup = backed_up(sealed)
    papers = tmp_path / "Papers"
    papers.mkdir()
    (papers / "letter.txt").write_text("mine")
    for place in (papers, papers / "letter.txt"):
        with pytest.raises(BackupError, match="is not a vault"):
            restoring.restore(backup, place, by_key(sealed))
    assert sorted(p.name for p in tmp_path.iterdir() if "aper" in p.name or "replaced" in p.name) == ["Papers"]
    assert (papers / "letter.txt").read_text() == "mine"
    (papers / "letter.txt").unlink()
    assert restoring.restore(backup, papers, by_key(sealed)).place == papers


def last_rename_fails(monkeypatch: pytest.MonkeyPatch, *, also_back: bool) -> None:
    rename = Path.rename

    def faulty(self: Path, target: Path) -> Path:
        if "restoring-" in self.name or (also_back and ".replaced-" in self.name):
            raise OSError("the disk says no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", faulty)


def test_the_old_vault_is_put_back_when_the_last_step_fails(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    backup, before = backed_up(sealed), sealed.files()
    with monkeypatch.context() as patch:
        last_rename_fails(patch, also_back=False)
        with pytest.raises(BackupError, match="is whole"):
            restoring.restore(backup, sealed.path, by_key(sealed))
    assert sealed.files() == before
    assert sorted(p.name for p in sealed.path.parent.iterdir()) == ["practice.vault", "stick"]
    vault = sealed.open()
    assert (vault.alarm, texts(vault)) == ("", {"C014/1": "second"})
    vault.close()


def test_the_brackets_of_a_folders_name_are_no_pattern(sealed: Sealed) -> None:
    """A copy that a killed restore left is swept away by the name of its own vault, never by a pattern."""
    backup = backed_up(sealed)
    odd = sealed.path.parent / "odd[12].vault"
    other, own = (odd.parent / f".{name}-restoring-x" for name in ("odd1.vault", odd.name))
    for left in (other, own):
        left.mkdir()
    restoring.restore(backup, odd, by_key(sealed))
    assert other.is_dir()
    assert not own.exists()
    odd.rename(odd.with_name("odd[12].replaced-1.vault"))
    with pytest.raises(VaultMissingError, match="cut off before its last step"):
        found(odd)


def test_a_backup_that_was_set_aside_with_its_vault_is_found(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = backed_up(sealed).rename(sealed.path / "backups" / "one")
    with monkeypatch.context() as patch:
        last_rename_fails(patch, also_back=True)
        with pytest.raises(BackupError, match=r"whole in practice\.replaced-"):
            restoring.restore(backup, sealed.path, by_key(sealed))
    assert not sealed.path.exists()
    restoring.restore(backup, sealed.path, by_key(sealed))
    vault = sealed.open()
    assert texts(vault) == {"C014/1": "first"}
    vault.close()


def test_a_vault_that_is_open_elsewhere_is_no_source(sealed: Sealed, tmp_path: Path) -> None:
    vault = sealed.open()
    note = add_note(vault, add_client(vault), "first")
    with pytest.raises(VaultBusyError):
        restoring.restore(sealed.path, tmp_path / "new.vault", by_key(sealed))
    with pytest.raises(VaultBusyError):
        restoring.drill(sealed.path, by_key(sealed))
    vault.notes.save(note.id, "second")
    vault.close()
    before = sealed.files()
    restoring.restore(sealed.path, tmp_path / "new.vault", by_key(sealed))
    assert sealed.files() == before
    assert restoring.restore(sealed.path, sealed.path, by_key(sealed)).set_aside  # from itself: its own lock is held


def test_a_copy_that_changes_while_it_is_read_is_refused(
    sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sealed.path, tmp_path / "copy")
    (tmp_path / "copy" / "lock").unlink()
    copy = files.copy_parts

    def and_synced(source: Path, target: Path, *names: str) -> None:
        copy(source, target, *names)
        (tmp_path / "copy" / "vault.db-wal").touch()

    monkeypatch.setattr(files, "copy_parts", and_synced)
    with pytest.raises(BackupError, match="being written"):
        restoring.restore(tmp_path / "copy", tmp_path / "new.vault", by_key(sealed))
    assert not (tmp_path / "new.vault").exists()


def test_wrong_tries_at_a_backup_count_for_its_vault(sealed: Sealed, tmp_path: Path) -> None:
    vault = sealed.open()
    backup = vault.backups.make(BackupReason.BY_HAND).backup.path
    vault.close()
    wrong = restoring.by_passphrase("quite another long passphrase")
    for place in (tmp_path / "new.vault", sealed.path):
        with pytest.raises(WrongPassphraseError):
            restoring.restore(backup, place, wrong)
    with pytest.raises(WrongPassphraseError):
        restoring.drill(backup, wrong)
    with pytest.raises(TooManyTriesError):
        restoring.drill(backup, by_key(sealed))
    with pytest.raises(TooManyTriesError):
        sealed.open()


def test_a_vault_that_is_open_is_not_replaced(sealed: Sealed) -> None:
    backup = backed_up(sealed)
    vault = sealed.open()
    with pytest.raises(VaultBusyError):
        restoring.restore(backup, sealed.path, by_key(sealed))
    assert texts(vault) == {"C014/1": "second"}
    vault.close()


def test_a_backup_of_another_vault_is_restored_and_the_difference_said(sealed: Sealed, tmp_path: Path) -> None:
    other, key = create(tmp_path / "other.vault", PASSPHRASE)
    add_note(other, add_client(other, "X1"), "of the other")
    backup = other.backups.make(BackupReason.BY_HAND).backup.path
    other.close()
    done = restoring.restore(backup, sealed.path, restoring.by_recovery_key(key))
    assert done.changed
    vault = Sealed(sealed.path, key).open()
    assert texts(vault) == {"X1/1": "of the other"}
    vault.close()


def test_trying_a_backup_tells_what_is_in_it_and_touches_nothing(sealed: Sealed) -> None:
    backup = backed_up(sealed)
    before, states = sealed.files(), sorted(Path(os.environ["NOTEKEEPER_STATE"]).rglob("*.json"))
    known = [path.read_bytes() for path in states]
    found = restoring.drill(backup, by_key(sealed))
    assert (found.clients, found.notes, found.problems) == (1, 1, ())
    assert sealed.files() == before
    assert [path.read_bytes() for path in states] == known != []


@pytest.mark.line(2)
@pytest.mark.timeout(300)
def test_every_backup_of_a_life_is_restored_on_a_clean_profile(sealed: Sealed, tmp_path: Path, tally: Tally) -> None:
    vault = sealed.open()
    expected: dict[Path, tuple[dict[str, str], int, int, str]] = {}
    outside = tmp_path / "stick"
    outside.mkdir()
    client = add_client(vault)
    for round_ in range(many(2, 20)):
        note = add_note(vault, client, f"text {round_}")
        vault.notes.save(note.id, f"text {round_}, later")
        if round_ % 2:
            sign_without_ai(vault, note)
        reason = (BackupReason.SIGNING, BackupReason.DAILY)[round_ % 2]
        path = vault.backups.make(reason, outside).backup.path
        entries = vault.log.entries()
        expected[path] = texts(vault), (round_ + 1) // 2, len(entries), entries[-1].hash
    vault.close()
    shutil.rmtree(sealed.path)
    for number, (path, wanted) in enumerate(expected.items()):
        home = tmp_path / f"home{number}"
        home.mkdir()
        run = subprocess.run(
            [sys.executable, "-c", CHILD, str(path), str(home / "mine.vault")],
            input=f"{PASSPHRASE}\n",
            text=True,
            capture_output=True,
            env={"HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"]},
            check=True,
        )
        found = json.loads(run.stdout)
        well = (found["texts"], found["signed"], found["entries"], found["head"]) == wanted
        tally.add(1, int(well and not found["problems"] and not found["alarm"]))
        assert well
        assert (found["problems"], found["alarm"], found["last"]) == ([], "", "vault.restored")
        shutil.rmtree(home)


@pytest.mark.line(2)
@pytest.mark.timeout(900)
def test_a_restore_that_is_killed_loses_nothing_and_can_be_done_again(
    first: Sealed, tmp_path: Path, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    must_fork()
    start = tmp_path / "start"
    start.mkdir()
    shutil.copytree(first.path, start / "practice.vault")
    backed_up(Sealed(start / "practice.vault", first.recovery_key))

    def room_for(number: int) -> tuple[Sealed, Path]:
        room = tmp_path / f"room{number}"
        shutil.copytree(start, room)
        monkeypatch.setenv("NOTEKEEPER_STATE", str(room / "stick" / "state"))
        return Sealed(room / "practice.vault", first.recovery_key), next((room / "stick").glob("2*"))

    sealed, backup = room_for(0)
    lines = lines_in(lambda: restoring.restore(backup, sealed.path, by_key(sealed)))
    for number in spread(lines, many(10, 300), last=many(8, 80)):
        sealed, backup = room_for(number)
        killed_at(number, lambda: restoring.restore(backup, sealed.path, by_key(sealed)))  # noqa: B023 - run at once
        aside = list(sealed.path.parent.glob("practice.replaced-*"))
        there = [Sealed(p, first.recovery_key) for p in (sealed.path, *aside) if p.exists()]
        states = []
        for one in there:
            tried = open_unwatched(one.path, VaultKey(one.key()))
            states.append(texts(tried)["C014/1"])
            assert tried.verify().problems == ()
            tried.close()
        well = states in (["second"], ["first", "second"])
        tally.add(1, int(well))
        assert well, (number, states)
        if not sealed.path.exists():
            with pytest.raises(VaultMissingError, match="cut off"):
                sealed.open()
        restoring.restore(backup, sealed.path, by_key(sealed))
        vault = sealed.open()
        assert texts(vault) == {"C014/1": "first"}
        assert (vault.alarm, vault.verify().problems) == ("", ())
        vault.close()
        left = [p.name for p in sealed.path.parent.iterdir() if p.name.startswith(".")]
        assert left == []
        shutil.rmtree(sealed.path.parent)
