"""The key as the database gets it: of the one right length or not at all, and never a file in plain text.

Line 13 of docs/security.md. SQLCipher takes a raw key of another length for a passphrase without a word, makes a plain
file where no key is given, and attaches a plain one under an empty key; each is shown here first, so that a guard
that is tested against nothing would be noticed.
"""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from notekeeper.errors import VaultDamagedError, VaultError
from notekeeper.vault import cipher, create, keys, new_key, rekey, verify
from notekeeper.vault.cipher import raw_key
from notekeeper.vault.connection import Connection
from notekeeper.vault.folder import new_private_file
from notekeeper.vault.vault import SqlVault
from tests.lines import Tally
from tests.vault.invented import PASSPHRASE, Sealed, add_client, add_note, hash_quickly

pytestmark = pytest.mark.line(13)
PLAIN = b"SQLite format 3\x00"
CANARY = "wrennidge"


def test_only_a_key_of_32_bytes_exists(tally: Tally) -> None:
    for length in range(130):
        if length == keys.KEY_BYTES:
            continue
        tally.add(1, 0)
        with pytest.raises(ValueError, match="32 bytes"):
            keys.VaultKey(bytes(length))
        tally.survived += 1


@pytest.mark.parametrize(
    "hexadecimal", ["", "ab" * 31, "ab" * 33, "ab" * 47, "ab" * 49, "AB" * 32, "zz" * 32, "' OR 1"]
)
def test_no_other_text_is_sent_as_a_raw_key(hexadecimal: str, tmp_path: Path) -> None:
    pretended: Any = SimpleNamespace(raw=SimpleNamespace(hex=lambda: hexadecimal))
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        raw_key(pretended)
    path = tmp_path / "new.db"
    new_private_file(path)
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        Connection(path, pretended)
    assert path.read_bytes() == b""


def test_what_the_guard_is_for_a_short_key_opens_as_a_passphrase_and_no_key_makes_a_plain_file(tmp_path: Path) -> None:
    for name, key in (("short", f"x'{'ab' * 31}'"), ("none", None)):
        db = sqlcipher.connect(str(tmp_path / name), isolation_level=None)
        if key:
            db.execute(f'PRAGMA key = "{key}"')
        db.execute("CREATE TABLE words (word)")
        db.close()
    assert not (tmp_path / "short").read_bytes().startswith(PLAIN)
    assert (tmp_path / "none").read_bytes().startswith(PLAIN)


def test_no_other_database_is_attached_or_written(vault: SqlVault, tmp_path: Path, tally: Tally) -> None:
    add_note(vault, add_client(vault), CANARY)
    other = tmp_path / "other.db"
    for statement in (
        f"ATTACH '{other}' AS other KEY ''",
        f"ATTACH '{other}' AS other",
        f"ATTACH '{other}' AS other KEY 'words'",
        f"VACUUM INTO '{other}'",
        "ATTACH ':memory:' AS other KEY ''",
        "DETACH main",
    ):
        tally.add(1, 0)
        with pytest.raises(VaultError):
            vault._db.run(statement)
        assert not other.exists(), statement
        tally.survived += 1
    for pragma in ("rekey = 'x'", "key = ''", "cipher_plaintext_header_size = 32", "writable_schema = ON", ""):
        tally.add(1, 0)
        with pytest.raises(ValueError, match="not on the list"):
            vault._db.ask(pragma)
        tally.survived += 1
    assert vault.verify().problems == ()


def test_without_the_key_or_with_another_nothing_opens_and_nothing_is_written(sealed: Sealed, tally: Tally) -> None:
    path, before = sealed.path / "vault.db", sealed.files()
    for connect in (sqlite3.connect, sqlcipher.connect):
        tally.add(1, 0)
        db = connect(str(path))
        with pytest.raises((sqlite3.DatabaseError, sqlcipher.DatabaseError), match="not a database"):
            db.execute("SELECT count(*) FROM sqlite_master").fetchall()
        db.close()
        tally.survived += 1
    for key in (bytes(32), b"\xff" * 32, sealed.key()[::-1], sealed.key()[:31] + bytes([sealed.key()[31] ^ 1])):
        tally.add(1, 0)
        with pytest.raises(VaultDamagedError):
            Connection(path, keys.VaultKey(key))
        assert not cipher.opens(path, keys.VaultKey(key))
        tally.survived += 1
    assert cipher.opens(path, keys.VaultKey(sealed.key()))
    assert sealed.files() == before


def test_no_file_of_a_vault_is_ever_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tally: Tally) -> None:
    """At every step that a re-key takes, with the vault open, after a note and after closing."""
    hash_quickly(monkeypatch)

    def look(*_: object) -> None:
        for file in (p for p in tmp_path.rglob("*") if p.is_file()):
            content = file.read_bytes()
            tally.add(1, not content.startswith(PLAIN) and CANARY.encode() not in content)

    def looked(real: Callable[..., object], *given: object) -> object:
        look()
        return real(*given)

    vault, key = create(tmp_path / "a.vault", PASSPHRASE)
    look()
    add_note(vault, add_client(vault), CANARY * 500)
    look()
    vault.close()
    look()
    for module, place in ((verify, "pages"), (verify, "chain"), (rekey, "sync_folder"), (rekey, "_settle")):
        monkeypatch.setattr(module, place, partial(looked, getattr(module, place)))
    with new_key(tmp_path / "a.vault", PASSPHRASE) as prepared:
        prepared.confirm(prepared.shown)
    look()
    assert tally.tries > 30
    assert tally.survived == tally.tries
    opened = Sealed(tmp_path / "a.vault", prepared.shown).open()
    assert [hit.client_code for hit in opened.search(CANARY * 500)] == ["C014"]
    opened.close()
    assert key != prepared.shown
