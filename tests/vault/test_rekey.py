"""A new key for a vault: nothing that opened the old key opens the new one, nothing is lost, no page is as it was."""

import shutil
from pathlib import Path

import pytest

from notekeeper.errors import (
    VaultBusyError,
    VaultDamagedError,
    VaultWriteError,
    WillError,
    WrongPassphraseError,
)
from notekeeper.vault import (
    create,
    header,
    new_key,
    reset_passphrase_with_shares,
    split_recovery,
    unlock,
    unlock_with_recovery_key,
)
from notekeeper.vault.connection import Connection
from tests.lines import Tally
from tests.vault.invented import PAGE, PASSPHRASE, Sealed, add_client, add_note, hash_quickly

NEW = "copper harbour seventeen thistles"
REAL_COPY = Connection.copy_to
TEXT = "She wrote about the allotment."


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sealed:
    """A closed vault of twelve notes. tests/cli/test_keys.py gives a vault a new key with the real Argon2id."""
    hash_quickly(monkeypatch)
    vault, key = create(tmp_path / "practice.vault", PASSPHRASE)
    client = add_client(vault)
    for number in range(12):
        add_note(vault, client, f"{TEXT} {number} " * 40)
    vault.close()
    return Sealed(tmp_path / "practice.vault", key)


def rekeyed(sealed: Sealed) -> Sealed:
    with new_key(sealed.path, PASSPHRASE) as prepared:
        prepared.confirm(prepared.shown.lower())
    return Sealed(sealed.path, prepared.shown)


def names(sealed: Sealed) -> set[str]:
    return {part.name for part in sealed.path.iterdir()}


@pytest.mark.line(14)
def test_the_old_ways_in_fail_and_everything_is_there_under_the_new_ones(filled: Sealed, tally: Tally) -> None:
    words = split_recovery(filled.path, PASSPHRASE, 2, 3)
    before, old_key = filled.files(), filled.key()
    vault = filled.open()
    entries = vault.log.entries()
    vault.close()
    after = rekeyed(filled)
    assert names(after) == {"vault.db", "header", "lock", "backups"}
    assert after.key() != old_key
    with pytest.raises(WrongPassphraseError, match="replaced by a newer one"):
        filled.open()
    with pytest.raises(WillError, match="no shares"):
        reset_passphrase_with_shares(filled.path, words[:2], NEW)
    with pytest.raises(WrongPassphraseError):
        unlock(filled.path, NEW)
    vault = unlock(filled.path, PASSPHRASE)
    later = vault.log.entries()[len(entries) :]
    assert list(vault.log.entries()[: len(entries)]) == list(entries)
    assert [entry.event for entry in later if entry.event != "unlock.failed"] == ["vault.rekeyed"]
    assert vault.verify().problems == ()
    assert vault.alarm == ""
    vault.close()
    after.open().close()
    pages = [before["vault.db"][at : at + PAGE] for at in range(0, len(before["vault.db"]), PAGE)]
    content = (after.path / "vault.db").read_bytes()
    now = {content[at : at + PAGE] for at in range(0, len(content), PAGE)}
    unchanged = sum(page in now for page in pages)
    tally.add(len(pages), len(pages) - unchanged)
    assert unchanged == 0
    assert old_key not in content
    # With the old header put back, the old recovery key gives a key that opens nothing here.
    (after.path / "header").write_bytes(before["header"])
    with pytest.raises(VaultDamagedError):
        filled.open()


@pytest.mark.line(15)
def test_an_independent_reader_reads_the_vault_under_its_new_key(filled: Sealed) -> None:
    after = rekeyed(filled)
    db = after.independent()
    assert db.execute("SELECT count(*) FROM revision").fetchall() == [(12,)]
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    db.close()


def test_a_recovery_key_typed_otherwise_changes_nothing_and_can_be_typed_again(filled: Sealed) -> None:
    before = filled.files()
    with new_key(filled.path, PASSPHRASE) as prepared:
        for typed, said in ((filled.recovery_key, "not the one just shown"), ("nonsense", "mistyped")):
            with pytest.raises(WrongPassphraseError, match=said):
                prepared.confirm(typed)
    assert filled.files() == before
    with new_key(filled.path, PASSPHRASE) as prepared:
        with pytest.raises(WrongPassphraseError):
            prepared.confirm(filled.recovery_key)
        prepared.confirm(prepared.shown)
    unlock_with_recovery_key(filled.path, prepared.shown).close()


def halfway(filled: Sealed, tmp_path: Path, *, committed: bool) -> tuple[Sealed, Sealed]:
    """The vault as a kill right before the one rename leaves it, or right after: opened by the old way and the new."""
    old = Sealed(tmp_path / "old.vault", filled.recovery_key)
    shutil.copytree(filled.path, old.path)
    new = rekeyed(filled)
    (old.path / "header.new").write_bytes((new.path / "header").read_bytes())
    (old.path / "vault.db.new").write_bytes((new.path / "vault.db").read_bytes())
    if committed:
        (old.path / "vault.db.new").replace(old.path / "vault.db")
    return old, Sealed(old.path, new.recovery_key)


@pytest.mark.line(10)
@pytest.mark.parametrize("by", ["passphrase", "recovery key"])
@pytest.mark.parametrize("committed", [False, True])
def test_the_next_unlock_finishes_or_clears_what_a_kill_left(
    filled: Sealed, tmp_path: Path, committed: bool, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = halfway(filled, tmp_path, committed=committed)
    monkeypatch.setenv("NOTEKEEPER_STATE", str(tmp_path / "state"))
    for name in (".header-abcd1234", ".header.new-abcd1234", ".attempts-abcd1234", "vault.db.new-wal"):
        (old.path / name).write_bytes(b"left")
    right, wrong = (new, old) if committed else (old, new)
    with pytest.raises(WrongPassphraseError):
        wrong.open()
    with pytest.raises(WrongPassphraseError):
        unlock(old.path, NEW)
    vault = unlock(old.path, PASSPHRASE) if by == "passphrase" else right.open()
    assert vault.verify().problems == ()
    events = [entry.event for entry in vault.log.entries() if entry.event != "unlock.failed"]
    assert (events[-1] == "vault.rekeyed") is committed
    vault.close()
    assert names(old) == {"vault.db", "header", "lock", "backups"}
    right.open().close()
    with pytest.raises(WrongPassphraseError):
        wrong.open()


def test_a_new_header_that_fits_nothing_does_not_lock_anybody_out(
    filled: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, _ = halfway(filled, tmp_path, committed=False)
    monkeypatch.setenv("NOTEKEEPER_STATE", str(tmp_path / "state"))
    whole = (old.path / "header.new").read_bytes()
    for content in (whole, whole[:100], b"", (old.path / "header").read_bytes()):
        (old.path / "vault.db.new").unlink(missing_ok=True)
        (old.path / "header.new").write_bytes(content)
        old.open().close()
        unlock(old.path, PASSPHRASE).close()
        assert names(old) == {"vault.db", "header", "lock", "backups"}


@pytest.mark.line(12)
def test_a_disk_that_fails_leaves_the_old_key(filled: Sealed, monkeypatch: pytest.MonkeyPatch, tally: Tally) -> None:
    before = filled.files()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def refused(*_: object) -> None:
        raise VaultWriteError("The disk is full.")

    for place, fails in (
        ("notekeeper.vault.rekey.new_private_file", full),
        ("notekeeper.vault.rekey.Connection.copy_to", refused),
        ("notekeeper.vault.rekey.os.fsync", full),
        ("notekeeper.vault.rekey.headers.write", refused),
    ):
        with monkeypatch.context() as patch, new_key(filled.path, PASSPHRASE) as prepared:
            patch.setattr(place, fails)
            tally.add(1, 0)
            with pytest.raises(VaultWriteError):
                prepared.confirm(prepared.shown)
        filled.open().close()
        assert filled.files() == before, place
        tally.survived += 1
    after = rekeyed(filled)
    after.open().close()


def test_a_disk_that_fails_after_the_rename_leaves_the_new_key(filled: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(5, "Input/output error")

    for place in ("sync_folder", "_settle"):
        with monkeypatch.context() as patch, new_key(filled.path, PASSPHRASE) as prepared:
            patch.setattr(f"notekeeper.vault.rekey.{place}", fails)
            prepared.confirm(prepared.shown)
        assert ("header.new" in names(filled)) is (place == "_settle")
        filled = Sealed(filled.path, prepared.shown)
        filled.open().close()
        assert names(filled) == {"vault.db", "header", "lock", "backups"}


def test_a_copy_that_is_not_sound_is_not_taken(filled: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    before = filled.files()
    with monkeypatch.context() as patch, new_key(filled.path, PASSPHRASE) as prepared:
        patch.setattr("notekeeper.vault.verify.pages", lambda _: iter(["a page is damaged"]))
        with pytest.raises(VaultDamagedError, match="old key holds"):
            prepared.confirm(prepared.shown)
    assert filled.files() == before
    with monkeypatch.context() as patch, new_key(filled.path, PASSPHRASE) as prepared:
        patch.setattr("notekeeper.vault.rekey.Connection.copy_to", _all_but_a_note)
        with pytest.raises(VaultDamagedError, match="old key holds"):
            prepared.confirm(prepared.shown)
    assert filled.files() == before


def _all_but_a_note(source: Connection, other: Connection) -> None:
    REAL_COPY(source, other)
    other.run("DELETE FROM word_index_docsize WHERE id = 1")


def test_an_open_vault_is_not_given_a_new_key_by_another_process(filled: Sealed) -> None:
    vault = filled.open()
    try:
        with pytest.raises(VaultBusyError), new_key(filled.path, PASSPHRASE):
            pass
    finally:
        vault.close()


def test_backups_made_before_open_by_the_old_recovery_key(filled: Sealed, tmp_path: Path) -> None:
    copy = tmp_path / "kept.vault"
    shutil.copytree(filled.path, copy)
    rekeyed(filled)
    Sealed(copy, filled.recovery_key).open().close()


def test_the_new_key_is_in_no_representation_and_no_error(filled: Sealed) -> None:
    with new_key(filled.path, PASSPHRASE) as prepared:
        with pytest.raises(WrongPassphraseError) as caught:
            prepared.confirm(filled.recovery_key)
        assert prepared.shown not in repr(prepared) + str(caught.value)
        assert filled.recovery_key not in str(caught.value)


def test_no_new_key_without_the_passphrase(filled: Sealed) -> None:
    before = filled.files()
    with pytest.raises(WrongPassphraseError), new_key(filled.path, NEW):
        pass
    assert filled.files() == before
    assert header.read(filled.path / "header").shares is None
