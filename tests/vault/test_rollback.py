"""An older copy of the vault, of one of its files or pages, in place of the present one: never taken in silence.

What always holds: after each replacement the vault is refused, or has its alarm, or is not sound by `verify`, or what
it holds is all that it held.
"""

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from notekeeper.domain.backup import BackupReason
from notekeeper.domain.note import NotePart
from notekeeper.domain.vault import Vault
from notekeeper.errors import VaultError
from notekeeper.services.backups import back_up_if_due
from notekeeper.vault import heads, restoring
from tests.forms import LONG, many
from tests.lines import Tally
from tests.vault.invented import Sealed, add_client, add_note, sign_without_ai

pytestmark = pytest.mark.line(9)

HUGE = b'{"at":"2026-03-04T12:00:00Z","entries":%d,"head":"%s"}' % (2**70, b"0" * 64)
EARLY = b'{"at":"0001-01-01T00:00:00+14:00","entries":1,"head":"%s"}' % (b"0" * 64)


@dataclass(frozen=True)
class Times:
    """Copies of one vault: closed and open at an earlier time, closed and open at a later one."""

    sealed: Sealed
    then: Path
    then_open: Path
    now_open: Path


def record(vault: Vault) -> list[object]:
    """All that a therapist wrote and saved."""
    found: list[object] = []
    for client in vault.clients.all():
        for note in vault.notes.of_client(client.id):
            revisions = [vault.notes.revisions(note.id, part) for part in NotePart]
            found.append((client, note, revisions, vault.signoffs.of_note(note.id), vault.reviews.own(note.id)))
    found += [vault.search(words) for words in ("note", "later", "note 3 later", "earlier")]
    return found


@pytest.fixture
def times(sealed: Sealed, tmp_path: Path) -> Times:
    vault = sealed.open()
    client = add_client(vault)
    notes = [add_note(vault, client, f"note {n} " * 90) for n in range(12)]
    vault.close()
    shutil.copytree(sealed.path, tmp_path / "then")
    vault = sealed.open()
    vault.notes.save(notes[0].id, "an earlier open text " * 40)
    vault.notes.autosave(notes[1].id, "typing")
    shutil.copytree(sealed.path, tmp_path / "then_open")
    for n, note in enumerate(notes):
        vault.notes.save(note.id, f"note {n} later " * 90)
    sign_without_ai(vault, notes[3])
    shutil.copytree(sealed.path, tmp_path / "now_open")
    vault.close()
    return Times(sealed, tmp_path / "then", tmp_path / "then_open", tmp_path / "now_open")


def outcome(sealed: Sealed, wanted: list[object]) -> str:
    """'refused', 'alarm', 'problem' or 'whole'; '' when a loss was taken in silence."""
    try:
        vault = sealed.open()
    except VaultError:
        return "refused"
    try:
        if vault.alarm:
            return "alarm"
        if vault.verify().problems:
            return "problem"
        return "whole" if record(vault) == wanted else ""
    except VaultError:
        return "refused"
    finally:
        vault.close()


def wanted_of(sealed: Sealed) -> list[object]:
    vault = sealed.open()
    wanted = record(vault)
    vault.close()
    return wanted


def test_the_whole_folder_from_an_earlier_day(times: Times) -> None:
    shutil.rmtree(times.sealed.path)
    shutil.copytree(times.then, times.sealed.path)
    known = heads.kept(heads_id(times.sealed), times.sealed.path)
    for _ in range(2):  # the alarm stands until it is answered, and opening the vault notes nothing anew
        vault = times.sealed.open()
        assert "older copy" in vault.alarm
        assert vault.alarm in vault.verify().problems
        assert back_up_if_due(vault).made is None
        vault.close()
    assert heads.kept(heads_id(times.sealed), times.sealed.path) == known
    vault = times.sealed.open()
    vault.accept_state()
    assert vault.alarm == ""
    assert vault.verify().problems == ()
    assert vault.log.entries()[-1].event == "state.accepted"
    vault.close()
    assert times.sealed.open().alarm == ""


def heads_id(sealed: Sealed) -> str:
    from notekeeper.vault import header

    return header.read(sealed.path / "header").vault_id


def test_an_older_database_alone(times: Times) -> None:
    shutil.copy(times.then / "vault.db", times.sealed.path / "vault.db")
    assert outcome(times.sealed, []) == "alarm"


def test_the_end_of_the_log_cut_off_by_somebody_with_the_key(times: Times) -> None:
    db = times.sealed.sqlcipher()
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("DELETE FROM sign_off")
    db.execute("DELETE FROM log_entry WHERE number >= (SELECT number FROM log_entry WHERE event = 'note.signed')")
    db.close()
    assert outcome(times.sealed, []) == "alarm"


@pytest.mark.parametrize(
    "mixed",
    [
        lambda t: ("then_open", "vault.db-wal", t.sealed.path),
        lambda t: ("now_open", "vault.db-wal", t.then),
        lambda t: ("now_open", "vault.db-wal", t.sealed.path),
        lambda t: ("then_open", "vault.db-wal", t.then),
    ],
    ids=["older wal, newer database", "newer wal, older database", "wal read in twice", "older wal, older database"],
)
def test_a_write_ahead_log_of_another_time(
    times: Times, mixed: Callable[[Times], tuple[str, str, Path]], tally: Tally
) -> None:
    wanted = wanted_of(times.sealed)
    wal, name, database = mixed(times)
    if database != times.sealed.path:
        shutil.copy(database / "vault.db", times.sealed.path / "vault.db")
    shutil.copy(getattr(times, wal) / name, times.sealed.path / name)
    found = outcome(times.sealed, wanted)
    tally.add(1, int(found != ""))
    assert found


@pytest.mark.timeout(600)
def test_pages_from_an_earlier_day(times: Times, tally: Tally, tmp_path: Path) -> None:
    wanted = wanted_of(times.sealed)
    old, new = (times.then / "vault.db").read_bytes(), (times.sealed.path / "vault.db").read_bytes()
    stale = [n for n in range(0, min(len(old), len(new)), 4096) if old[n : n + 4096] != new[n : n + 4096]]
    assert len(stale) > 12
    chance = random.Random(1409)
    single = [[n] for n in (stale if LONG else chance.sample(stale, 6))]
    several = [chance.sample(stale, chance.randrange(2, len(stale))) for _ in range(many(6, 300))]
    silent = []
    for chosen in single + several:
        copy = Sealed(tmp_path / "page" / "practice.vault", times.sealed.recovery_key)
        shutil.copytree(times.sealed.path, copy.path)
        mixed = bytearray(new)
        for n in chosen:
            mixed[n : n + 4096] = old[n : n + 4096]
        (copy.path / "vault.db").write_bytes(mixed)
        found = outcome(copy, wanted)
        tally.add(1, int(found != ""))
        if not found:
            silent.append(sorted(n // 4096 + 1 for n in chosen))
        shutil.rmtree(tmp_path / "page")
    assert silent == []


def test_verify_knows_an_older_copy_by_the_backups_where_this_computer_knows_nothing(
    times: Times, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    vault = times.sealed.open()
    made = vault.backups.make(BackupReason.DAILY)
    vault.close()
    shutil.copy(times.then / "vault.db", times.sealed.path / "vault.db")
    monkeypatch.setenv("NOTEKEEPER_STATE", str(tmp_path / "another computer"))
    vault = times.sealed.open()
    assert vault.alarm == ""
    assert made.backup.path.name in " ".join(vault.verify().problems)
    assert not vault.backups.all()[0].known
    vault.accept_state()
    assert vault.verify().problems == ()
    vault.close()


def test_a_restore_by_the_program_is_no_rollback(times: Times) -> None:
    key = restoring.by_recovery_key(times.sealed.recovery_key)
    restoring.restore(times.then, times.sealed.path, key)
    vault = times.sealed.open()
    assert vault.alarm == ""
    assert vault.verify().problems == ()
    vault.close()


def test_an_older_copy_restored_beside_the_vault_alarms_neither(times: Times, tmp_path: Path) -> None:
    key, beside = restoring.by_recovery_key(times.sealed.recovery_key), tmp_path / "look.vault"
    restoring.restore(times.then, beside, key)
    for code in ("C7", "C8"):
        for one in (times.sealed, Sealed(beside, times.sealed.recovery_key)):
            vault = one.open()
            assert vault.alarm == ""
            vault.clients.add(code)
            vault.close()
    # Each is still held against its own mark.
    shutil.copy(times.then / "vault.db", beside / "vault.db")
    shutil.copy(times.then / "vault.db", times.sealed.path / "vault.db")
    assert outcome(Sealed(beside, times.sealed.recovery_key), []) == outcome(times.sealed, []) == "alarm"


def test_a_vault_that_was_killed_has_come_further_and_raises_no_alarm(times: Times) -> None:
    shutil.rmtree(times.sealed.path)
    shutil.copytree(times.now_open, times.sealed.path)
    assert outcome(times.sealed, wanted_of(times.sealed)) == "whole"


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[]", b'{"entries":-1}', b"x" * 10_000, HUGE, EARLY])
def test_a_damaged_mark_stops_nothing_and_is_made_anew(sealed: Sealed, raw: bytes) -> None:
    vault = sealed.open()
    add_client(vault)
    vault.close()
    path = heads._path(heads_id(sealed))
    path.write_bytes(raw)
    assert sealed.open().alarm == ""
    assert heads.kept(heads_id(sealed), sealed.path) is not None


def test_a_state_folder_that_cannot_be_written_stops_nothing(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NOTEKEEPER_STATE", str(tmp_path / "file"))
    vault = sealed.open()
    add_client(vault)
    vault.close()


def test_a_vault_with_the_demonstration_alone_leaves_no_trace(sealed: Sealed) -> None:
    vault = sealed.open()
    vault.clients.add("demo-01", demonstration=True)
    vault.close()
    assert heads.kept(heads_id(sealed), sealed.path) is None
    vault = sealed.open()
    add_client(vault)
    vault.close()
    assert heads.kept(heads_id(sealed), sealed.path) is not None
