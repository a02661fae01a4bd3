"""Opening an encrypted database, and its errors as ours.

What always holds: SQLCipher takes any key that is not exactly 64 hexadecimal digits for a passphrase without a word, so
no other is ever sent; only the pragmas below are; no other database can be attached; what the database says in an
error may hold values and is dropped. With `connection` and `after_crash` the only importer of sqlcipher3.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from notekeeper.errors import UsageError, VaultBusyError, VaultDamagedError, VaultError, VaultWriteError
from notekeeper.vault.keys import VaultKey

Row = tuple[Any, ...]
# Before the key: SQLCipher's own messages would appear on the screen. After it, in this order. The settings of the
# cipher are pinned to version 4 as a whole. `locking_mode` comes before WAL, so that no shared-memory file is made.
_BEFORE_KEY = ("cipher_log_level = NONE",)
_AFTER_KEY = (
    "cipher_compatibility = 4",
    "temp_store = MEMORY",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "foreign_keys = ON",
    "recursive_triggers = ON",
)
TO_WRITE = ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")
ASKED = frozenset(
    {
        "cipher_integrity_check",
        "integrity_check",
        "foreign_key_check",
        "quick_check",
        "page_count",
        "user_version",
        "wal_checkpoint(TRUNCATE)",
    }
)
"""The pragmas that only look, or that end the write-ahead log."""
_DENIED = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})
_FAILING = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
_PRIMARY = 0xFF
DAMAGED = (
    "The vault's database is damaged or is not the one this header belongs to. Nothing was changed. Please keep the "
    "folder as it is and restore a backup beside it."
)
WRITE = (
    "The vault could not be written: the disk may be full, read-only or failing. This change was not kept; everything "
    "before it is safe. Please make room or check the disk, and try again."
)


def raw_key(key: VaultKey) -> str:
    """The key as SQLCipher takes it without deriving anything."""
    hexadecimal = key.raw.hex()
    if not re.fullmatch(r"[0-9a-f]{64}", hexadecimal):
        raise ValueError("the raw key must be 64 hexadecimal digits")
    return hexadecimal


def to_look(path: Path, key: VaultKey, *, alone: bool = False) -> Any:
    """The database, open to be read only; `alone`: without its write-ahead log. Raises the database's own errors."""
    uri = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    return _keyed(sqlcipher.connect(uri, uri=True, isolation_level=None, timeout=0), key)


def to_write(path: Path, key: VaultKey) -> Any:
    """The database, open for one writer, whose write-ahead log is read in. Raises the database's own errors."""
    db = sqlcipher.connect(str(path), isolation_level=None, timeout=0, check_same_thread=False)
    _keyed(db, key, *TO_WRITE)
    try:
        db.set_authorizer(lambda action, *_: sqlite3.SQLITE_DENY if action in _DENIED else sqlite3.SQLITE_OK)
    except BaseException:
        db.close()
        raise
    return db


def opens(path: Path, key: VaultKey) -> bool:
    """Whether the key opens the first page of this database. Looks at the file alone, and writes nothing."""
    try:
        to_look(path, key, alone=True).close()
    except sqlcipher.Error:
        return False
    return True


@contextmanager
def told() -> Iterator[None]:
    """Turn errors of the database into ours; what the database said may hold values and is dropped."""
    try:
        yield
    except UnicodeEncodeError:
        raise UsageError(
            "The text holds half a character (a lone surrogate), which cannot be kept. Nothing was changed. Please "
            "take it out and save again."
        ) from None
    except sqlcipher.Error as error:
        raise _ours(error) from None


def failing(error: Exception) -> bool:
    """Whether the database met a file that does not answer, so that its open files may be of no more use."""
    return _code(error) in _FAILING


def _keyed(db: Any, key: VaultKey, *more: str) -> Any:
    try:
        for pragma in _BEFORE_KEY:
            db.execute(f"PRAGMA {pragma}").fetchall()
        db.execute(f"PRAGMA key = \"x'{raw_key(key)}'\"")
        for pragma in (*_AFTER_KEY, *more):
            db.execute(f"PRAGMA {pragma}").fetchall()
        db.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except BaseException:
        db.close()
        raise
    return db


def _code(error: Exception) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & _PRIMARY


def _ours(error: Exception) -> VaultError:
    code = _code(error)
    match code:
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_FORMAT:
            return VaultDamagedError(DAMAGED)
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN:
            return VaultWriteError(WRITE)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return VaultBusyError("Another program has this vault open. Nothing was changed. Please close it there.")
        case sqlite3.SQLITE_CONSTRAINT:
            return VaultError("The vault refused a change that its rules do not allow. Nothing was changed.")
        case _ if "malformed" in str(error) or "not a database" in str(error):
            return VaultDamagedError(DAMAGED)
        case _:
            return VaultError(f"The vault could not do this (database error {code}). Nothing was changed.")
