"""Backups: made from the open vault, opened and verified, rotated, in one or two folders, and never a stranger's."""

import json
import os
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.domain.backup import Backup, BackupReason
from notekeeper.domain.note import NotePart
from notekeeper.domain.vault import Vault
from notekeeper.errors import BackupError, UsageError, VaultError
from notekeeper.services.backups import after_signing, back_up_if_due
from notekeeper.vault import backup_files, create, restoring, unlock
from notekeeper.vault.connection import Connection
from notekeeper.vault.rotation import Erasure, holds_erased, ordered, superseded
from tests.vault.invented import PASSPHRASE, Sealed, add_client, add_note

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def backup(number: int, reason: BackupReason, at: datetime, *, known: bool = True) -> Backup:
    return Backup(Path(f"b{number}"), at, reason, "0.1", number, "0" * 64, 1, known, second=False)


def test_a_backup_is_a_vault_folder_of_its_own_and_the_vault_is_as_it_was(sealed: Sealed) -> None:
    vault = sealed.open()
    add_note(vault, add_client(vault), "kept words")
    head = vault.log.head()
    made = vault.backups.make(BackupReason.BY_HAND)
    assert vault.log.head() == head
    assert names(made.backup.path) == ["about.json", "header", "vault.db"]
    raw = (made.backup.path / "about.json").read_bytes()
    about = json.loads(raw)
    assert sorted(about) == ["entries", "head", "made_at", "notekeeper_backup", "program", "reason"]
    assert raw == json.dumps(about, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    assert (about["head"], about["entries"]) == (head, len(vault.log.entries()))
    if os.name == "posix":
        assert {p.stat().st_mode & 0o777 for p in made.backup.path.iterdir()} == {0o600}
        assert made.backup.path.stat().st_mode & 0o777 == 0o700
    assert names(sealed.path / "backups") == [made.backup.path.name]
    assert vault.verify().problems == ()
    vault.close()
    copy = Sealed(made.backup.path, sealed.recovery_key)
    assert b"kept words" in copy.pages()
    assert not [name for name, content in copy.files().items() if b"kept words" in content]


def _flipped(made: Path) -> None:
    content = bytearray((made / "vault.db").read_bytes())
    content[6000] ^= 1
    (made / "vault.db").write_bytes(content)


def _cut(made: Path) -> None:
    os.truncate(made / "vault.db", (made / "vault.db").stat().st_size - 4096)


def _other_header(made: Path) -> None:
    content = (made / "header").read_bytes()
    (made / "header").write_bytes(content.replace(b'"lanes": 4', b'"lanes": 3'))


@pytest.mark.line(2)
@pytest.mark.parametrize("spoil", [_flipped, _cut, _other_header])
def test_a_backup_that_would_not_open_is_no_backup(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], None]
) -> None:
    vault = sealed.open()
    before = vault.backups.make(BackupReason.DAILY).backup
    copying = backup_files.copy_parts

    def spoiled(source: Path, target: Path, *parts: str) -> None:
        copying(source, target, *parts)
        if source == sealed.path:
            spoil(target)

    with monkeypatch.context() as patch:
        patch.setattr(backup_files, "copy_parts", spoiled)
        with pytest.raises(BackupError, match="removed"):
            vault.backups.make(BackupReason.BY_HAND)
        news = after_signing(vault)
        assert news.made is None
        assert "The note is signed." in news.said[0]
    assert names(sealed.path / "backups") == [before.path.name]
    assert vault.verify().problems == ()
    vault.close()


def test_an_older_state_of_the_files_is_not_taken_for_the_present_one(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    vault = sealed.open()
    vault.close()
    shutil.copytree(sealed.path, tmp_path / "older")
    vault = sealed.open()
    add_client(vault)
    with monkeypatch.context() as patch:
        patch.setattr(Connection, "copy_file_to", lambda _, to: shutil.copy(tmp_path / "older" / "vault.db", to))
        with pytest.raises(BackupError):
            vault.backups.make(BackupReason.BY_HAND)
    vault.close()


def test_a_disk_that_fails_leaves_no_half_backup(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = sealed.open()

    def fail(*_: object) -> None:
        raise OSError

    for name in ("fsync", "rename"):
        with monkeypatch.context() as patch:
            patch.setattr(os if name == "fsync" else Path, name, fail)
            with pytest.raises(BackupError, match="untouched"):
                vault.backups.make(BackupReason.BY_HAND)
            assert "Please make room" in back_up_if_due(vault).said[0]
    assert names(sealed.path / "backups") == []
    assert vault.backups.make(BackupReason.BY_HAND).said == ()
    vault.close()


def test_one_is_due_each_day_and_after_an_erasure(sealed: Sealed) -> None:
    vault = sealed.open()
    assert vault.backups.newest() is None
    client = add_client(vault)
    assert back_up_if_due(vault).made is not None
    assert back_up_if_due(vault).made is None
    add_note(vault, client, "more")
    assert not vault.backups.due()
    vault.clients.erase(client.id)
    assert vault.backups.due()
    made = back_up_if_due(vault).made
    assert made is not None
    assert [b.path for b in vault.backups.all()] == [made.path]
    vault.close()


def test_writing_goes_on_while_backups_are_made(sealed: Sealed) -> None:
    vault = sealed.open()
    note = add_note(vault, add_client(vault), "0")
    made: list[Backup] = []
    thread = threading.Thread(
        target=lambda: made.extend(vault.backups.make(BackupReason.BY_HAND).backup for _ in range(5))
    )
    thread.start()
    saved = 0
    while thread.is_alive():
        saved += 1
        vault.notes.save(note.id, f"{saved}")
        vault.notes.save(note.id, f"p{saved}", NotePart.PROCESS)
    thread.join()
    assert len(made) == 5
    assert saved > 5
    assert len({b.head for b in made}) > 1
    assert vault.verify().problems == ()
    vault.close()
    for one in made:
        assert restoring.drill(one.path, restoring.by_recovery_key(sealed.recovery_key)).problems == ()


def test_the_second_folder_gets_each_and_is_said_when_it_is_away(sealed: Sealed, tmp_path: Path) -> None:
    vault = sealed.open()
    stick = tmp_path / "stick"
    with pytest.raises(UsageError):
        vault.backups.set_second_folder(stick)
    with pytest.raises(UsageError, match="outside"):
        vault.backups.set_second_folder(sealed.path / "backups")
    stick.mkdir()
    vault.backups.set_second_folder(stick)
    assert vault.log.entries()[-1].event == "backup_folder.set"
    made = vault.backups.make(BackupReason.DAILY)
    assert made.copy == stick / made.backup.path.name
    assert made.said == ()
    assert Sealed(made.copy, "").files() == Sealed(made.backup.path, "").files()
    assert [b.second for b in vault.backups.all()].count(True) == 1

    stick.rename(tmp_path / "in the bag")
    alone = vault.backups.make(BackupReason.BY_HAND)
    assert alone.copy is None
    assert "not there now" in alone.said[0]
    (tmp_path / "in the bag").rename(stick)
    assert back_up_if_due(vault).made is None
    assert names(stick) == sorted((made.backup.path.name, alone.backup.path.name))
    vault.backups.set_second_folder(None)
    assert vault.backups.make(BackupReason.BY_HAND).copy is None
    assert vault.verify().problems == ()
    vault.close()


def test_nothing_is_touched_that_is_no_backup_of_this_vault(sealed: Sealed, tmp_path: Path) -> None:
    vault = sealed.open()
    folder = sealed.path / "backups"
    for _ in range(6):
        vault.backups.make(BackupReason.SIGNING)
    own = vault.backups.all()
    assert len(own) == 5
    other, _ = create(tmp_path / "other.vault", PASSPHRASE)
    foreign = other.backups.make(BackupReason.SIGNING).backup.path
    other.close()
    strangers = {name: folder / f"19990101-000000-000-{name}" for name in ("foreign", "fuller", "linked", "empty")}
    shutil.copytree(foreign, strangers["foreign"])
    shutil.copytree(own[-1].path, strangers["fuller"])
    (strangers["fuller"] / "letter.txt").write_text("mine")
    strangers["linked"].symlink_to(own[0].path, target_is_directory=True)
    strangers["empty"].mkdir()
    for _ in range(6):
        vault.backups.make(BackupReason.SIGNING)
    assert all(os.path.lexists(path) for path in strangers.values())
    assert names(strangers["fuller"]) == ["letter.txt"]
    assert (strangers["fuller"] / "letter.txt").read_text() == "mine"
    assert len(vault.backups.all()) == 5
    assert not {b.path for b in own} & {b.path for b in vault.backups.all()}
    vault.close()


def test_what_a_killed_program_left_is_taken_away(sealed: Sealed, tmp_path: Path) -> None:
    vault = sealed.open()
    going = vault.backups.make(BackupReason.BY_HAND).backup.path
    going.rename(going.with_name(f".removing-{going.name}"))
    removing = going.with_name(f".removing-{going.name}")
    shutil.copytree(removing, sealed.path / "backups" / ".making-0ld_just")
    stick = tmp_path / "stick"
    for name, age in ((".making-0ld_aday", 0), (".making-mine", 0), (".making-new_made", None)):
        shutil.copytree(removing, stick / name)
        if age is not None:
            os.utime(stick / name, (age, age))
    made = vault.backups.make(BackupReason.BY_HAND).backup.path
    assert names(sealed.path / "backups") == [made.name]
    away = vault.backups.make(BackupReason.BY_HAND, stick).backup.path
    assert names(stick) == [".making-mine", ".making-new_made", away.name]
    vault.close()


def test_after_an_erasure_older_backups_go_also_from_a_folder_that_was_away(sealed: Sealed, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    vault = sealed.open()
    vault.backups.set_second_folder(stick)
    client = add_client(vault)
    add_note(vault, client, "okapiword")
    vault.backups.make(BackupReason.BY_HAND)
    vault.backups.make(BackupReason.SIGNING)
    stick.rename(tmp_path / "bag")
    vault.clients.erase(client.id)
    assert len(vault.backups.all()) == 2
    news = back_up_if_due(vault)
    assert "may still hold a client who was erased" in news.said[-1]
    assert news.made is not None
    assert names(sealed.path / "backups") == [news.made.path.name]
    (tmp_path / "bag").rename(stick)
    back_up_if_due(vault)
    assert names(stick) == [news.made.path.name]
    vault.close()


def _texts(vault: Vault) -> int:
    return sum(len(vault.notes.of_client(client.id)) for client in vault.clients.all())


def test_a_clock_that_goes_back_loses_no_backup(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = sealed.open()
    client = add_client(vault)
    made = []
    for days in (0, 1, 2, -400, -399, -398, -397, -396, -395):
        add_note(vault, client, "text")
        at = NOON + timedelta(days=days)
        with monkeypatch.context() as patch:
            patch.setattr("notekeeper.vault.backups.now", lambda at=at: at)
            made.append(vault.backups.make(BackupReason.SIGNING).backup.path)
    assert [b.path for b in vault.backups.all()] == made[:-6:-1]
    vault.close()


def test_a_year_of_days_leaves_days_weeks_and_months() -> None:
    days = [backup(n, BackupReason.DAILY, NOON + timedelta(days=n)) for n in range(365)]
    kept: list[Backup] = []
    for day in days:
        kept = [b for b in [*kept, day] if b not in superseded([*kept, day], None)]
    ages = [364 - b.entries for b in ordered(kept)]
    assert ages[:7] == list(range(7))
    assert max(ages) > 300
    assert len(kept) <= 7 + 4 + 12
    months = {b.made_at.strftime("%Y-%m") for b in kept}
    assert len(months) == 12


def test_a_backup_without_the_erased_client_is_not_counted_out_by_those_with_them() -> None:
    holding = [backup(n, BackupReason.MIGRATION, NOON) for n in range(3)]
    clean = backup(4, BackupReason.MIGRATION, NOON - timedelta(days=9))
    assert superseded([*holding, clean], Erasure(3, NOON + timedelta(days=400))) == ordered(holding)


def test_backups_the_log_does_not_know_are_not_counted_and_replace_none() -> None:
    erasure = Erasure(50, NOON + timedelta(days=50))
    known = [backup(n, BackupReason.SIGNING, NOON + timedelta(days=n)) for n in range(9)]
    strange = [backup(90 + n, BackupReason.SIGNING, NOON + timedelta(days=45 + n), known=False) for n in range(9)]
    assert superseded([*known, *strange], None) == ordered(known)[5:]
    assert superseded([*known, *strange], erasure) == ordered(known)[5:]
    assert superseded(strange, erasure) == []
    clean = backup(51, BackupReason.DAILY, NOON + timedelta(days=51))
    assert set(superseded([*known, *strange, clean], erasure)) == {*known, *strange[:6]}


@given(
    st.lists(st.tuples(st.sampled_from(list(BackupReason)), st.integers(0, 800), st.booleans()), max_size=30),
    st.none() | st.integers(0, 30),
)
def test_the_newest_stays_and_what_holds_no_erased_client_is_never_taken_for_it(
    many_made: list[tuple[BackupReason, int, bool]], erased: int | None
) -> None:
    made = [
        backup(n, reason, NOON + timedelta(days=day), known=known) for n, (reason, day, known) in enumerate(many_made)
    ]
    erasure = None if erased is None else Erasure(erased, NOON + timedelta(days=400))
    going = superseded(made, erasure)
    staying = [b for b in made if b not in going]
    assert bool(staying) == bool(made)
    if made:
        assert ordered(made)[0] in staying or (erasure is not None and holds_erased(ordered(made)[0], erasure))
    assert superseded([b for b in made if b.known], erasure) == [b for b in going if b.known]
    if erasure is None:
        assert all(b in staying for b in made if b.reason is BackupReason.BY_HAND or not b.known)
    elif any(b.known and not holds_erased(b, erasure) for b in made):
        assert not any(holds_erased(b, erasure) for b in staying)


def _of_another_copy(made: Path, name: str, **told: object) -> Path:
    """A backup as another copy of the vault would leave it in a shared folder."""
    strange = made.with_name(name)
    shutil.copytree(made, strange)
    about = json.loads((strange / "about.json").read_bytes())
    (strange / "about.json").write_text(json.dumps(about | {"head": "f" * 64, **told}))
    return strange


def test_an_erasure_leaves_what_another_copy_made_later_and_says_so(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    made = vault.backups.make(BackupReason.BY_HAND).backup.path
    _of_another_copy(made, "20260101-000000-000-signing", made_at="2026-01-01T00:00:00Z")
    later = _of_another_copy(made, "21000101-000000-000-signing", made_at="2100-01-01T00:00:00Z")
    vault.clients.erase(client.id)
    news = back_up_if_due(vault)
    assert news.made is not None
    assert "does not know" in news.said[-1]
    assert [b.path for b in vault.backups.all()] == [news.made.path, later]
    vault.close()


def test_an_about_file_that_cannot_be_reckoned_with_is_no_backup(sealed: Sealed) -> None:
    vault = sealed.open()
    made = vault.backups.make(BackupReason.SIGNING).backup.path
    beyond: list[dict[str, object]] = [
        {"entries": 2**70},
        {"made_at": "0001-01-01T00:00:00Z"},
        {"made_at": "9999-12-31T23:59:00Z"},
    ]
    for n, told in enumerate(beyond):
        _of_another_copy(made, f"2026010{n}-000000-000-signing", **told)
    assert [b.path for b in vault.backups.all()] == [made]
    assert back_up_if_due(vault).made is not None
    assert vault.verify().problems == ()
    vault.close()


def test_what_nobody_foresaw_stops_no_signing(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = sealed.open()

    def fail(*_: object) -> None:
        raise OverflowError

    monkeypatch.setattr(backup_files, "backups_in", fail)
    assert "not known" in back_up_if_due(vault).said[0]
    assert "The note is signed." in after_signing(vault).said[0]
    vault.close()


def test_a_link_to_a_folder_is_followed_once_and_never_kept(sealed: Sealed, tmp_path: Path) -> None:
    stick, link = tmp_path / "stick", tmp_path / "link"
    stick.mkdir()
    link.symlink_to(stick, target_is_directory=True)
    vault = sealed.open()
    client = add_client(vault)
    away = vault.backups.make(BackupReason.BY_HAND, link).backup
    assert away.path.parent == stick.resolve()
    vault.backups.set_second_folder(link)
    assert vault.backups.second_folder() == stick.resolve()
    vault.backups.make(BackupReason.BY_HAND)
    vault.clients.erase(client.id)
    made = back_up_if_due(vault).made
    assert made is not None
    assert names(stick) == [made.path.name]
    with pytest.raises(BackupError, match="outside"):
        vault.backups.make(BackupReason.BY_HAND, sealed.path / "backups")
    vault.close()


def test_what_systems_leave_beside_files_hides_no_backup(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    made = vault.backups.make(BackupReason.BY_HAND).backup.path
    for name in (".DS_Store", "Thumbs.db", "._vault.db", "vault.db-wal", "lock"):
        (made / name).write_bytes(b"x")
    (made / "backups").mkdir()
    assert [b.path for b in vault.backups.all()] == [made]
    vault.clients.erase(client.id)
    clean = back_up_if_due(vault).made
    assert clean is not None
    assert names(sealed.path / "backups") == [clean.path.name]
    vault.close()
    with pytest.raises(BackupError, match="is a backup"):
        unlock(clean.path, PASSPHRASE)
    assert names(clean.path) == ["about.json", "header", "vault.db"]


def test_none_is_made_by_itself_while_an_alarm_stands(sealed: Sealed, tmp_path: Path) -> None:
    shutil.copytree(sealed.path, tmp_path / "older")
    vault = sealed.open()
    add_client(vault)
    vault.close()
    shutil.rmtree(sealed.path)
    (tmp_path / "older").rename(sealed.path)
    vault = sealed.open()
    assert vault.alarm
    news = after_signing(vault)
    assert (news.made, vault.backups.all()) == (None, [])
    assert "older copy" in news.said[0]
    vault.close()


def test_the_erasure_of_a_demonstration_removes_no_backup(sealed: Sealed) -> None:
    vault = sealed.open()
    shown = vault.clients.add("SHOWN", demonstration=True)
    made = vault.backups.make(BackupReason.BY_HAND).backup.path
    back_up_if_due(vault)
    vault.clients.erase(shown.id)
    assert not vault.backups.due()
    vault.backups.make(BackupReason.BY_HAND)
    assert made in [b.path for b in vault.backups.all()]
    assert vault.verify().problems == ()
    vault.close()


def test_a_copy_that_is_not_the_same_is_made_again(sealed: Sealed, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    vault = sealed.open()
    vault.backups.set_second_folder(stick)
    made = vault.backups.make(BackupReason.DAILY)
    assert made.copy is not None
    _flipped(made.copy)
    assert backup_files.copied(made.backup.path, stick) == made.copy
    assert Sealed(made.copy, "").files() == Sealed(made.backup.path, "").files()
    _cut(made.copy)
    assert back_up_if_due(vault).made is None
    assert Sealed(made.copy, "").files() == Sealed(made.backup.path, "").files()
    vault.close()
    with pytest.raises(VaultError, match="closed"):
        vault.backups.make(BackupReason.BY_HAND)
