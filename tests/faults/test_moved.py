"""A vault that is moved, removed or replaced while it is open, or opened twice: one writer, and nothing lost.

Line 19 of docs/security.md. What always holds: nothing is written to files that are not those that were opened; what
was acknowledged is in the vault, or in a copy that the error names.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from notekeeper.cli.common import Desk
from notekeeper.domain.backup import BackupReason
from notekeeper.domain.vault import Vault
from notekeeper.errors import VaultBusyError, VaultDamagedError, VaultError, VaultMovedError
from notekeeper.vault import create
from tests.lines import Tally
from tests.vault.conftest import first, sealed
from tests.vault.invented import PASSPHRASE, Sealed, add_client, add_note

__all__ = ["first", "sealed"]
pytestmark = [
    pytest.mark.line(19),
    pytest.mark.skipif(os.name != "posix", reason="Windows lets nobody move or remove a file that is open"),
]
UNLOCKING = (
    "import sys; from pathlib import Path; from notekeeper.vault import unlock_with_recovery_key as unlock\n"
    "try:\n    vault = unlock(Path(sys.argv[1]), sys.argv[2])\n"
    "except Exception as error:\n    print(type(error).__name__, flush=True)\n"
    "else:\n    print('opened', flush=True); sys.stdin.readline()\n"
)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def texts(vault: Vault) -> list[str]:
    notes = [note for client in vault.clients.all() for note in vault.notes.of_client(client.id)]
    return [latest.text for note in notes if (latest := vault.notes.latest(note.id))]


def bytes_below(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def refused(vault: Vault) -> Path | None:
    """A write is refused; the copy that the sentence names."""
    with pytest.raises(VaultMovedError, match="not kept") as caught:
        add_note(vault, vault.clients.by_code("C014"), "never kept")
    named = re.search(r"saved is in (.+\.vault),", str(caught.value))
    return Path(named[1]) if named else None


def opens_with(path: Path, sealed: Sealed, wanted: list[str]) -> None:
    vault = Sealed(path, sealed.recovery_key).open()
    assert texts(vault) == wanted
    assert vault.verify().problems == ()
    vault.close()


def removed(path: Path, _: Path) -> None:
    shutil.rmtree(path)


def moved(path: Path, aside: Path) -> None:
    path.rename(aside)


def replaced_by_an_older(path: Path, aside: Path) -> None:
    path.rename(aside)
    shutil.copytree(path.with_name("older"), path)


def replaced_by_another(path: Path, aside: Path) -> None:
    path.rename(aside)
    create(path, PASSPHRASE)[0].close()


def replaced_by_one_that_crashed(path: Path, aside: Path) -> None:
    """Its write-ahead log must not be taken away when the vault that was there is closed."""
    path.rename(aside)
    shutil.copytree(path.with_name("crashed"), path)


def database_replaced_as_services_do(path: Path, _: Path) -> None:
    shutil.copy(path.with_name("older") / "vault.db", path / "coming")
    (path / "coming").replace(path / "vault.db")


def database_written_over(path: Path, _: Path) -> None:
    (path / "vault.db").write_bytes((path.with_name("older") / "vault.db").read_bytes())


@pytest.mark.parametrize(
    "change",
    [
        removed,
        moved,
        replaced_by_an_older,
        replaced_by_another,
        replaced_by_one_that_crashed,
        database_replaced_as_services_do,
        database_written_over,
    ],
)
@pytest.mark.parametrize("writes", [True, False])
def test_what_was_saved_is_in_a_copy_and_nothing_else_is_written(
    sealed: Sealed, tmp_path: Path, change: Callable[[Path, Path], None], writes: bool
) -> None:
    vault = sealed.open()
    client = add_client(vault)
    add_note(vault, client, "an early note " * 200)
    shutil.copytree(sealed.path, tmp_path / "crashed")
    vault.close()
    shutil.copytree(sealed.path, tmp_path / "older")
    vault = sealed.open()
    add_note(vault, client, "of the day between " * 90)
    vault.close()
    vault = sealed.open()
    for n in range(8):
        add_note(vault, client, f"note {n} " * 300)
    wanted = texts(vault)
    change(sealed.path, tmp_path / "aside.vault")
    now_there = bytes_below(sealed.path)
    named = refused(vault) if writes else None
    assert bytes_below(sealed.path) == now_there
    vault.close()
    rescued = list(tmp_path.glob("practice.rescued-*.vault"))
    assert len(rescued) == 1
    assert str(rescued[0]) in vault.rescued
    assert named == (rescued[0] if writes else None)
    assert {name: content for name, content in bytes_below(sealed.path).items() if name != "lock"} == {
        name: content for name, content in now_there.items() if name != "lock"
    }
    opens_with(rescued[0], sealed, wanted)
    if (tmp_path / "aside.vault").exists():
        opens_with(tmp_path / "aside.vault", sealed, wanted)


def test_a_disk_that_is_gone_leaves_the_copy_in_the_users_folder(sealed: Sealed, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    shutil.copytree(sealed.path, stick / "practice.vault")
    vault = Sealed(stick / "practice.vault", sealed.recovery_key).open()
    add_note(vault, add_client(vault), "kept")
    shutil.rmtree(stick)
    named = refused(vault)
    vault.close()
    assert named is not None
    assert named.parent == tmp_path / "home"
    opens_with(named, sealed, ["kept"])


def test_a_command_that_only_read_says_where_the_copy_is(sealed: Sealed, capsys: pytest.CaptureFixture[str]) -> None:
    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n".encode())
    with Desk(sealed.path, reading).open() as vault:
        vault.clients.all()
        shutil.rmtree(sealed.path)
    os.close(reading)
    os.close(writing)
    rescued = list(sealed.path.parent.glob("practice.rescued-*.vault"))
    assert len(rescued) == 1
    assert str(rescued[0]) in capsys.readouterr().err


def test_a_vault_moved_away_and_back_goes_on(sealed: Sealed, tmp_path: Path) -> None:
    vault = sealed.open()
    client = add_client(vault)
    sealed.path.rename(tmp_path / "away")
    refused(vault)
    (tmp_path / "away").rename(sealed.path)
    add_note(vault, client, "kept after all")
    vault.close()
    opens_with(sealed.path, sealed, ["kept after all"])


def test_a_copy_with_all_that_was_saved_is_gone_on_with(sealed: Sealed, tmp_path: Path) -> None:
    vault = sealed.open()
    client = add_client(vault)
    note = add_note(vault, client, "first")
    vault.notes.autosave(note.id, "typing")
    sealed.path.rename(tmp_path / "away")
    shutil.copytree(tmp_path / "away", sealed.path)
    add_note(vault, client, "second")
    vault.close()
    opens_with(sealed.path, sealed, ["first", "second"])
    away = Sealed(tmp_path / "away", sealed.recovery_key).open()
    assert texts(away) == ["first"]
    assert "older copy" in away.alarm
    away.close()
    assert not list(tmp_path.glob("*.rescued-*"))


def test_a_copy_without_the_newest_typing_is_not(sealed: Sealed, tmp_path: Path) -> None:
    vault = sealed.open()
    note = add_note(vault, add_client(vault), "first")
    shutil.copytree(sealed.path, tmp_path / "copy")
    vault.notes.autosave(note.id, "typing")
    sealed.path.rename(tmp_path / "away")
    (tmp_path / "copy").rename(sealed.path)
    named = refused(vault)
    vault.close()
    assert named is not None
    copy = Sealed(named, sealed.recovery_key).open()
    working = copy.notes.working(note.id)
    assert working is not None
    assert working.text == "typing"
    copy.close()


def test_a_file_that_was_only_touched_is_gone_on_with(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    os.utime(sealed.path / "vault.db", (1, 1))
    add_note(vault, client, "kept")
    vault.close()
    opens_with(sealed.path, sealed, ["kept"])


def second(sealed: Sealed) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", UNLOCKING, str(sealed.path), sealed.recovery_key],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize("backup", [False, True])
def test_a_lock_taken_away_lets_no_second_writer_in(sealed: Sealed, backup: bool) -> None:
    """Making a backup read the database through a handle of its own, whose closing ended SQLite's locks on it."""
    vault = sealed.open()
    client = add_client(vault)
    add_note(vault, client, "before")
    if backup:
        vault.backups.make(BackupReason.BY_HAND)
        add_note(vault, client, "between")
    (sealed.path / "lock").unlink()
    with second(sealed) as other:
        heard = said(other)
        other.kill()
    assert heard == "VaultBusyError"
    add_note(vault, client, "after")
    with second(sealed) as other:
        heard = said(other)
        other.kill()
    assert heard == "VaultBusyError"
    wanted = texts(vault)
    vault.close()
    opens_with(sealed.path, sealed, wanted)


def test_the_lock_of_a_killed_process_is_stale_and_opens(sealed: Sealed, tally: Tally) -> None:
    for _ in range(3):
        with second(sealed) as other:
            assert said(other) == "opened"
            with pytest.raises(VaultBusyError):
                sealed.open()
            other.send_signal(signal.SIGKILL)
        sealed.open().close()
        tally.add()


def test_a_write_ahead_log_of_an_older_day_is_refused_before_it_is_read_in(sealed: Sealed) -> None:
    """It was read in, and would have been written over newer pages: alone, each page is sound."""
    vault = sealed.open()
    client = add_client(vault)
    note = add_note(vault, client, "an early note")
    old = (sealed.path / "vault.db-wal").read_bytes()
    vault.close()
    vault = sealed.open()
    vault.notes.save(note.id, "a later text")
    vault.close()
    whole = sealed.files()
    (sealed.path / "vault.db-wal").write_bytes(old)
    before = sealed.files()
    with pytest.raises(VaultDamagedError, match="same day"):
        sealed.open()
    assert sealed.files() == before
    (sealed.path / "vault.db-wal").unlink()
    assert sealed.files() == whole
    vault = sealed.open()
    assert texts(vault) == ["a later text"]
    assert vault.verify().problems == ()
    vault.close()


def test_a_closed_vault_says_so(sealed: Sealed) -> None:
    vault = sealed.open()
    vault.close()
    with pytest.raises(VaultError, match="closed"):
        add_client(vault)
