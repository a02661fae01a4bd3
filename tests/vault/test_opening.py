"""Making, unlocking and refusing: each failure has its own error and leaves every byte as it was."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from notekeeper.errors import (
    VaultBusyError,
    VaultDamagedError,
    VaultEmptyError,
    VaultExistsError,
    VaultMissingError,
    VaultNewerError,
    WeakPassphraseError,
    WillError,
    WrongPassphraseError,
)
from notekeeper.vault import (
    change_passphrase,
    check_recovery_key,
    create,
    header,
    reset_passphrase,
    unlock,
    unlock_with_recovery_key,
)
from notekeeper.vault.keys import new_recovery_key
from notekeeper.vault.opening import unlock_by
from tests.lines import Tally
from tests.vault.invented import PASSPHRASE, Sealed, add_client

NEW = "copper harbour seventeen thistles"
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes or links for every user")


@pytest.mark.line(14)
def test_a_new_vault_opens_by_passphrase_in_any_unicode_form_and_by_recovery_key(tmp_path: Path) -> None:
    composed, decomposed = "Caf\u00e9 orchard lantern nine", "Cafe\u0301 orchard lantern nine"
    vault, recovery_key = create(tmp_path / "a.vault", composed)
    vault.close()
    unlock(tmp_path / "a.vault", decomposed).close()
    unlock_with_recovery_key(tmp_path / "a.vault", recovery_key).close()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.vault"]
    assert not (tmp_path / "a.vault" / "vault.db").read_bytes().startswith(b"SQLite")


@pytest.mark.parametrize("weak", ["", "short", "password12", "aaaaaaaaaaaaaaaa", "qwertyuiop12"])
def test_a_weak_passphrase_makes_nothing(tmp_path: Path, weak: str) -> None:
    with pytest.raises(WeakPassphraseError):
        create(tmp_path / "a.vault", weak)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["vault", "file", "empty folder", "dangling link"])
def test_nothing_that_exists_is_overwritten(sealed: Sealed, tmp_path: Path, kind: str) -> None:
    place = tmp_path / "there"
    match kind:
        case "vault":
            place = sealed.path
        case "file":
            place.write_bytes(b"kept")
        case "empty folder":
            place.mkdir()
        case _:
            place.symlink_to(tmp_path / "nowhere")
    before = sealed.files(), sorted(p.name for p in tmp_path.iterdir())
    with pytest.raises(VaultExistsError):
        create(place, PASSPHRASE)
    assert (sealed.files(), sorted(p.name for p in tmp_path.iterdir())) == before


@pytest.mark.line(14)
def test_wrong_passphrase_and_wrong_recovery_key_change_nothing(sealed: Sealed, tmp_path: Path) -> None:
    other, foreign_key = create(tmp_path / "other.vault", PASSPHRASE)
    other.close()
    before = sealed.files()
    with pytest.raises(WrongPassphraseError, match="does not open"):
        unlock(sealed.path, PASSPHRASE + " ")
    with pytest.raises(WrongPassphraseError, match="another vault"):
        unlock_with_recovery_key(sealed.path, foreign_key)
    assert sealed.files() == before


@pytest.mark.line(14)
def test_every_mistyped_character_of_a_recovery_key_is_refused_as_mistyped(sealed: Sealed) -> None:
    before = sealed.files()
    key = sealed.recovery_key
    for at, letter in enumerate(key):
        if letter == "-":
            continue
        wrong = key[:at] + ("7" if letter != "7" else "8") + key[at + 1 :]
        with pytest.raises(WrongPassphraseError, match="mistyped"):
            unlock_with_recovery_key(sealed.path, wrong)
    for wrong in ("", "x", key[:-1], key + "A", key.replace(key[0], "U", 1), "é" * 36):
        with pytest.raises(WrongPassphraseError, match="mistyped"):
            unlock_with_recovery_key(sealed.path, wrong)
    assert sealed.files() == before


def test_a_recovery_key_is_read_forgivingly(sealed: Sealed) -> None:
    typed = sealed.recovery_key.lower().replace("-", " \u2013 ").replace("0", "o").replace("1", "l")
    unlock_with_recovery_key(sealed.path, typed).close()


@pytest.mark.line(13)
def test_missing_empty_plain_foreign_and_half_vaults_are_told_apart(sealed: Sealed, tmp_path: Path) -> None:
    database, head = sealed.path / "vault.db", sealed.path / "header"
    whole, header_bytes = database.read_bytes(), head.read_bytes()
    with pytest.raises(VaultMissingError):
        sealed_at(tmp_path / "nowhere", sealed).open()
    (tmp_path / "plain").mkdir()
    with pytest.raises(VaultMissingError):
        sealed_at(tmp_path / "plain", sealed).open()
    for content, error in (
        (b"", VaultEmptyError),
        (b"SQLite format 3\x00" + bytes(4080), VaultDamagedError),
        (os.urandom(8192), VaultDamagedError),
        (whole[:-4096], VaultDamagedError),
        (whole[:-1], VaultDamagedError),
        (whole + bytes(4096), VaultDamagedError),
    ):
        database.write_bytes(content)
        before = sealed.files()
        with pytest.raises(error) as caught:
            sealed.open()
        assert type(caught.value) is error
        assert sealed.files() == before
    database.write_bytes(whole)
    head.unlink()
    with pytest.raises(VaultDamagedError, match="header"):
        sealed.open()
    head.write_bytes(header_bytes)
    database.unlink()
    with pytest.raises(VaultDamagedError, match=r"vault\.db"):
        sealed.open()
    assert not database.exists()


def sealed_at(path: Path, sealed: Sealed) -> Sealed:
    return Sealed(path, sealed.recovery_key)


@posix
@pytest.mark.parametrize("part", ["", "vault.db", "header", "lock"])
def test_links_are_refused(sealed: Sealed, tmp_path: Path, part: str) -> None:
    original = sealed.path / part if part else sealed.path
    elsewhere = tmp_path / "elsewhere"
    original.rename(elsewhere)
    original.symlink_to(elsewhere)
    with pytest.raises(VaultDamagedError, match="link"):
        sealed.open()


def test_a_database_of_a_newer_program_is_refused(sealed: Sealed) -> None:
    db = sealed.sqlcipher()
    db.execute("PRAGMA user_version = 99")
    db.close()
    before = sealed.files()
    with pytest.raises(VaultNewerError):
        sealed.open()
    assert sealed.files() == before


def test_a_header_of_a_newer_program_is_refused_and_not_called_damaged(sealed: Sealed) -> None:
    path = sealed.path / "header"
    fields = json.loads(path.read_bytes()) | {"notekeeper_vault": 3, "a_new_field": True}
    fields["checksum"] = header._checksum_of(fields)
    path.write_text(json.dumps(fields))
    with pytest.raises(VaultNewerError):
        sealed.open()


def test_another_process_finds_the_vault_busy(sealed: Sealed) -> None:
    vault = sealed.open()
    try:
        add_client(vault)
        before = sealed.files()
        script = (
            "import sys; from pathlib import Path; from notekeeper.vault import unlock_with_recovery_key as unlock\n"
            "try:\n    unlock(Path(sys.argv[1]), sys.argv[2])\n"
            "except Exception as error:\n    print(type(error).__name__)\n"
        )
        run = subprocess.run(
            [sys.executable, "-c", script, str(sealed.path), sealed.recovery_key],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert run.stdout.strip() == "VaultBusyError"
        with pytest.raises(VaultBusyError):
            sealed.open()
        assert sealed.files() == before
    finally:
        vault.close()
    sealed.open().close()


@pytest.mark.line(10)
def test_a_changed_passphrase_opens_and_the_old_one_does_not(sealed: Sealed) -> None:
    with pytest.raises(WeakPassphraseError):
        change_passphrase(sealed.path, PASSPHRASE, "weak")
    with pytest.raises(WrongPassphraseError):
        change_passphrase(sealed.path, "not the passphrase", NEW)
    change_passphrase(sealed.path, PASSPHRASE, NEW)
    with pytest.raises(WrongPassphraseError):
        unlock(sealed.path, PASSPHRASE)
    vault = unlock(sealed.path, NEW)
    events = [entry.event for entry in vault.log.entries()]
    assert [event for event in events if event != "unlock.failed"] == ["vault.created", "passphrase.changed"]
    assert vault.verify().problems == ()
    vault.close()
    reset_passphrase(sealed.path, sealed.recovery_key, PASSPHRASE)
    unlock(sealed.path, PASSPHRASE).close()


@pytest.mark.line(14)
def test_without_passphrase_recovery_key_and_shares_nothing_opens(sealed: Sealed, tally: Tally) -> None:
    """The honest end of a lost passphrase: no other secret, no other vault's, no empty one; and it is said."""
    other, other_key = create(sealed.path.with_name("other.vault"), NEW)
    other.close()
    before = sealed.files()
    ways: tuple[Callable[[], object], ...] = (
        lambda: unlock(sealed.path, NEW),
        lambda: unlock_with_recovery_key(sealed.path, other_key),
        lambda: unlock_with_recovery_key(sealed.path, ""),
    )
    for way in ways:
        tally.add(1, 0)
        with pytest.raises(WrongPassphraseError):
            way()
        tally.survived += 1
    tally.add(1, 0)
    with pytest.raises(WillError, match="no shares"):
        unlock_by(sealed.path, lambda found: header.key_by_shares(found, bytes(20)))
    tally.survived += 1
    assert sealed.files() == before


def test_a_recovery_key_is_tried_without_opening_or_changing_anything(sealed: Sealed) -> None:
    vault = sealed.open()
    add_client(vault)
    before = sealed.files()
    check_recovery_key(sealed.path, sealed.recovery_key.lower())  # the vault may be open meanwhile
    with pytest.raises(WrongPassphraseError):
        check_recovery_key(sealed.path, new_recovery_key())
    assert sealed.files() == before
    vault.close()
    whole = sealed.files()["vault.db"]
    (sealed.path / "vault.db").write_bytes(os.urandom(len(whole)))
    with pytest.raises(VaultDamagedError):
        check_recovery_key(sealed.path, sealed.recovery_key)
    (sealed.path / "vault.db").write_bytes(whole)
    sealed.open().close()


@posix
def test_files_are_private_whatever_the_umask(tmp_path: Path) -> None:
    for umask in (0o000, 0o077):
        old = os.umask(umask)
        try:
            vault, _ = create(tmp_path / f"{umask}.vault", PASSPHRASE)
            add_client(vault)
            parts = [vault_path := tmp_path / f"{umask}.vault", *vault_path.rglob("*")]
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in parts if p.is_file()}
            assert set(modes.values()) == {0o600}
            assert {"vault.db", "vault.db-wal", "header", "lock"} <= set(modes)
            assert {stat.S_IMODE(p.stat().st_mode) for p in parts if p.is_dir()} == {0o700}
            vault.close()
        finally:
            os.umask(old)


def test_no_key_or_passphrase_in_any_representation(sealed: Sealed) -> None:
    key = header.key_by_recovery_key(header.read(sealed.path / "header"), sealed.recovery_key)
    vault = sealed.open()
    try:
        shown = repr(key) + repr(vault) + repr(vars(vault)) + str(key)
        assert key.raw.hex() not in shown
        assert repr(key.raw) not in shown
    finally:
        vault.close()
