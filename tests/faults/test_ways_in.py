"""The header and the write-ahead log of an open vault, taken away or changed under it, and a disk that fills up.

Line 19 of docs/security.md. What always holds: the vault opens afterwards by the ways that it told of last.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from notekeeper.domain.backup import BackupReason
from notekeeper.errors import BackupError, VaultError, VaultWriteError
from notekeeper.vault import create
from notekeeper.vault import header as headers
from notekeeper.vault import keyring as keyrings
from notekeeper.vault.keys import new_recovery_key
from tests.vault.conftest import first, sealed
from tests.vault.invented import PASSPHRASE, Sealed, add_client, add_note

__all__ = ["first", "sealed"]
pytestmark = [
    pytest.mark.line(19),
    pytest.mark.skipif(os.name != "posix", reason="Windows lets nobody move or remove a file that is open"),
]


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    create(tmp_path / "other.vault", PASSPHRASE)[0].close()
    return tmp_path / "other.vault" / "header"


def test_a_header_that_is_removed_while_the_vault_is_open_is_written_back(sealed: Sealed) -> None:
    whole = (sealed.path / "header").read_bytes()
    vault = sealed.open()
    add_client(vault)
    (sealed.path / "header").unlink()
    assert vault.verify().problems == (keyrings.PUT_BACK,)
    assert vault.verify().problems == ()
    (sealed.path / "header").unlink()
    vault.backups.make(BackupReason.BY_HAND)
    (sealed.path / "header").unlink()
    vault.close()
    assert vault.rescued == keyrings.PUT_BACK
    assert (sealed.path / "header").read_bytes() == whole
    sealed.open().close()


def test_a_foreign_header_is_named_and_set_aside_when_the_vault_is_closed(sealed: Sealed, foreign: Path) -> None:
    vault = sealed.open()
    add_client(vault)
    for _ in range(2):
        shutil.copy(foreign, sealed.path / "header")
        assert keyrings.FOREIGN in vault.verify().problems
        with pytest.raises(BackupError, match="put there from elsewhere"):
            vault.backups.make(BackupReason.BY_HAND)
        vault.close()
        assert "(replaced" in vault.rescued
        vault = sealed.open()
    problems = vault.verify().problems
    assert [p.split("(")[1].split(")")[0] for p in problems] == ["replaced 2", "replaced"]
    vault.close()
    assert (sealed.path / "header (replaced 2)").read_bytes() == foreign.read_bytes()


@pytest.mark.parametrize("stuck", [False, True])
def test_a_commit_that_fails_leaves_the_old_way_or_says_that_the_new_one_holds(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch, stuck: bool
) -> None:
    whole = (sealed.path / "header").read_bytes()
    vault = sealed.open()
    write, rename = headers.write, Path.replace

    def then_full(path: Path, header: headers.Header) -> None:
        write(path, header)
        monkeypatch.setattr(headers, "write", lambda *_: pytest.fail("a full disk has no room for another header"))
        if stuck:
            monkeypatch.setattr(Path, "replace", _refused)
        raise VaultWriteError("full")

    monkeypatch.setattr(headers, "write", then_full)
    with pytest.raises(VaultWriteError, match="the new one holds" if stuck else "full"):
        vault.keyring.make_shares(2, 3)  # type: ignore[attr-defined]
    monkeypatch.setattr(headers, "write", write)
    monkeypatch.setattr(Path, "replace", rename)
    assert ((sealed.path / "header").read_bytes() == whole) is not stuck
    assert (vault.shares() is not None) is stuck
    assert not list(sealed.path.glob(".header-*"))
    vault.close()
    sealed.open().close()


def _refused(_: Path, __: Path) -> None:
    raise OSError("refused")


def test_what_was_saved_outlives_a_write_ahead_log_that_was_removed(sealed: Sealed) -> None:
    body = (
        "import os, sys; from pathlib import Path; from notekeeper.vault import unlock_with_recovery_key as unlock\n"
        "from tests.vault.invented import add_client, add_note\n"
        "vault = unlock(Path(sys.argv[1]), sys.argv[2]); client = add_client(vault); add_note(vault, client, 'one')\n"
        "for text in ('two', 'three'):\n"
        "    os.unlink(vault.path / 'vault.db-wal'); add_note(vault, client, text)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", body, sealed.path, sealed.recovery_key], check=False, timeout=60)
    vault = sealed.open()
    (client,) = vault.clients.all()
    assert len(vault.notes.of_client(client.id)) == 3
    assert vault.verify().problems == ()
    vault.close()


def test_nothing_is_opened_anew_after_the_vault_was_closed(sealed: Sealed) -> None:
    vault = sealed.open()
    add_note(vault, add_client(vault), "kept")
    vault.close()
    vault._db._doubtful = True  # type: ignore[attr-defined]
    with pytest.raises(VaultError, match="closed"):
        vault.clients.all()
    sealed.open().close()


def test_an_older_header_is_named_and_no_other(sealed: Sealed) -> None:
    made = (sealed.path / "header").read_bytes()
    vault = sealed.open()
    vault.keyring.make_shares(2, 3)  # type: ignore[attr-defined]
    shared = (sealed.path / "header").read_bytes()
    vault.keyring.set_passphrase("another long phrase of 77 zebras")  # type: ignore[attr-defined]
    newest = headers.read(sealed.path / "header")
    key = headers.key_by_recovery_key(newest, sealed.recovery_key)
    vault.close()
    for content, problems in (
        (made, (keyrings.OLDER,)),
        (shared, (keyrings.OLDER,)),
        (headers.as_bytes(newest), ()),
        (headers.as_bytes(headers.without_shares(newest, key)), ()),  # as after a kill before its entry counted
    ):
        (sealed.path / "header").write_bytes(content)
        vault = sealed.open()
        assert vault.verify().problems == problems
        vault.close()


def test_a_header_of_before_a_new_key_opens_nothing_and_the_new_one_is_known(sealed: Sealed) -> None:
    old = (sealed.path / "header").read_bytes()
    vault, key = sealed.open(), new_recovery_key()
    vault.give_new_key(PASSPHRASE, key)  # type: ignore[attr-defined]
    vault.close()
    vault = Sealed(sealed.path, key).open()
    assert not vault.keyring.older()  # type: ignore[attr-defined]
    assert vault.verify().problems == ()
    vault.close()
    (sealed.path / "header").write_bytes(old)
    with pytest.raises(VaultError):
        sealed.open()
