"""The one connection to the encrypted database, and the only place that imports sqlcipher3.

What always holds: the key is exactly 64 hexadecimal digits (SQLCipher takes any other length for a passphrase without
a word); only the pragmas below are ever sent; no other database can be attached; every statement runs inside this
class, which turns the database's errors into errors a therapist can act on, without a statement or a value in them.
"""

import re
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from notekeeper.errors import UsageError, VaultBusyError, VaultDamagedError, VaultError, VaultWriteError
from notekeeper.vault.folder import PAGE
from notekeeper.vault.keys import VaultKey
from notekeeper.vault.wal import lost_in

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
_AFTER_OPENING = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")
_ASKED = frozenset(
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
_DENIED = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})
_DAMAGED = (
    "The vault's database is damaged or is not the one this header belongs to. Nothing was changed. Please keep the "
    "folder as it is and restore a backup beside it."
)
_LOG_DAMAGED = (
    "The file vault.db-wal, which holds the newest saves after a crash, is damaged, and opening the vault would drop "
    "them without a word. Nothing was changed. Please copy the whole folder to a safe place and restore a backup."
)
_WRITE = (
    "The vault could not be written: the disk may be full, read-only or failing. This change was not kept; everything "
    "before it is safe. Please make room or check the disk, and try again."
)
_PRIMARY = 0xFF


def _authorise(action: int, *_: object) -> int:
    return sqlite3.SQLITE_DENY if action in _DENIED else sqlite3.SQLITE_OK


@contextmanager
def _told() -> Iterator[None]:
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


def _ours(error: Exception) -> VaultError:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & _PRIMARY
    match code:
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_FORMAT:
            return VaultDamagedError(_DAMAGED)
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN:
            return VaultWriteError(_WRITE)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return VaultBusyError("Another program has this vault open. Nothing was changed. Please close it there.")
        case sqlite3.SQLITE_CONSTRAINT:
            return VaultError("The vault refused a change that its rules do not allow. Nothing was changed.")
        case _ if "malformed" in str(error) or "not a database" in str(error):
            return VaultDamagedError(_DAMAGED)
        case _:
            return VaultError(f"The vault could not do this (database error {code}). Nothing was changed.")


def _keyed(db: Any, hexadecimal: str, *more: str) -> None:
    for pragma in _BEFORE_KEY:
        db.execute(f"PRAGMA {pragma}").fetchall()
    db.execute(f"PRAGMA key = \"x'{hexadecimal}'\"")
    for pragma in (*_AFTER_KEY, *more):
        db.execute(f"PRAGMA {pragma}").fetchall()
    db.execute("SELECT count(*) FROM sqlite_master").fetchall()


def _look_first(path: Path, log: Path, hexadecimal: str) -> None:
    """Raise `VaultDamagedError` when database and log together are not whole. Nothing is written."""
    if lost_in(log):
        raise VaultDamagedError(_LOG_DAMAGED)
    try:
        with _told():
            db = sqlcipher.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=0)
            try:
                _keyed(db, hexadecimal)
                sound = db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
            finally:
                db.close()
    finally:
        path.with_name(path.name + "-shm").unlink(missing_ok=True)
    if not sound:
        raise VaultDamagedError(_DAMAGED)


def opens(path: Path, key: VaultKey) -> bool:
    """Whether the key opens the first page of this database. Looks at the file alone, and writes nothing."""
    db = sqlcipher.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None, timeout=0)
    try:
        _keyed(db, key.raw.hex())
    except sqlcipher.Error:
        return False
    finally:
        db.close()
    return True


class Connection:
    """Statements and transactions. Safe to use from several threads: a lock is held for each whole transaction."""

    def __init__(self, path: Path, key: VaultKey) -> None:
        """Opens an existing file. Raises `VaultDamagedError` when the key does not fit or a page does not verify."""
        hexadecimal = key.raw.hex()
        if not re.fullmatch(r"[0-9a-f]{64}", hexadecimal):
            raise ValueError("the raw key must be 64 hexadecimal digits")
        self.key = key
        self._guard = threading.RLock()
        self._depth = 0
        log = path.with_name(path.name + "-wal")
        clean = not log.exists()
        # A crash leaves a log behind. Reading it in changes files, so it is looked through before.
        if not clean:
            _look_first(path, log, hexadecimal)
        with _told():
            self._db = sqlcipher.connect(str(path), isolation_level=None, timeout=0, check_same_thread=False)
        try:
            with _told():
                _keyed(self._db, hexadecimal, "locking_mode = EXCLUSIVE", *_AFTER_OPENING)
                self._db.set_authorizer(_authorise)
            # Page codes do not show that whole pages are missing at the end; the size does.
            if clean and self.ask("page_count")[0][0] * PAGE != path.stat().st_size:
                raise VaultDamagedError(_DAMAGED)
        except BaseException:
            self._db.close()
            raise

    def ask(self, pragma: str) -> list[Row]:
        """The answer of one of the pragmas that only look, or that end the write-ahead log."""
        if pragma not in _ASKED:
            raise ValueError("this pragma is not on the list")
        return self.rows(f"PRAGMA {pragma}")

    def set_schema_version(self, version: int) -> None:
        self.run(f"PRAGMA user_version = {int(version)}")

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Every row. Raises `VaultError` and its kinds."""
        with self._guard, _told():
            fetched: list[Row] = self._db.execute(sql, values).fetchall()
            return fetched

    def row(self, sql: str, values: Sequence[object] = ()) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def run(self, sql: str, values: Sequence[object] = ()) -> None:
        self.rows(sql, values)

    def run_script(self, script: str) -> None:
        """Run statements one by one inside the transaction that is open (`executescript` would end it)."""
        pending = ""
        for line in script.splitlines(keepends=True):
            pending += line
            if sqlcipher.complete_statement(pending):
                self.run(pending)
                pending = ""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Nests: an inner one that fails undoes its own part and leaves the outer one open."""
        with self._guard:
            depth = self._depth
            begin, commit, undo = (
                ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
                if depth == 0
                else (f"SAVEPOINT s{depth}", f"RELEASE s{depth}", f"ROLLBACK TO s{depth}; RELEASE s{depth}")
            )
            self.run(begin)
            self._depth += 1
            try:
                yield
                self.run(commit)
            except BaseException:
                # A full disk may have ended the transaction already; then there is nothing left to undo.
                if self._db.in_transaction:
                    with suppress(VaultError):
                        for statement in undo.split("; "):
                            self.run(statement)
                raise
            finally:
                self._depth -= 1

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Everything is in the one file, and nobody writes until the block ends. Not within a transaction."""
        with self._guard:
            if self._depth:
                raise ValueError("a transaction is open")
            if self.ask("wal_checkpoint(TRUNCATE)")[0][0]:
                raise VaultBusyError("Another program reads this vault. Nothing was changed. Please close it there.")
            yield

    def copy_to(self, other: "Connection") -> None:
        """Every page into the other database, which is under its own key. What was in it is gone."""
        with self._guard, _told():
            self._db.backup(other._db)

    def close(self) -> None:
        """Fold the write-ahead log into the file and close. Can be called again."""
        with self._guard, _told():
            self._db.close()
