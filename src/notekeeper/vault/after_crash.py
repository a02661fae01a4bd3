"""Looking through a database before it is opened: what a crash left, and whether it is the one that is sought.

What always holds: nothing is written, no write-ahead log is read in, and what is refused is on disk as it was. Pages of
different days can each be sound, so the checks of pages do not show a log that belongs to another day; the chain of
entries does.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sqlcipher3 import dbapi2 as sqlcipher

from notekeeper.errors import VaultDamagedError, VaultError
from notekeeper.vault import wal
from notekeeper.vault.cipher import DAMAGED, Row, to_look, told
from notekeeper.vault.keys import VaultKey

_LOG_DAMAGED = (
    "The file vault.db-wal, which holds the newest saves after a crash, is damaged, and opening the vault would drop "
    "them without a word. Nothing was changed. Please copy the whole folder to a safe place and restore a backup."
)
_OTHER_DAY = (
    "The file vault.db-wal beside the vault's database is not of the same day: it was put there from an older copy, or "
    "the database was. Opening the vault would mix the two. Nothing was changed. Please copy the whole folder to a "
    "safe place, put back what belongs together, or restore a backup."
)
T = TypeVar("T")
State = tuple[tuple[Row, ...], ...]
_LAST = "SELECT number, hash FROM log_entry ORDER BY number DESC LIMIT 1"
# What is kept without an entry in the log.
_TYPED = (
    "SELECT note_id, part, saved_at FROM working_text ORDER BY 1, 2",
    "SELECT owner, saved_at FROM jotting ORDER BY 1",
)
_ENTRIES = "SELECT number, at, event, subject, owner, commitment, hash FROM log_entry ORDER BY number"


def look_first(path: Path, log: Path, key: VaultKey) -> None:
    """Raise `VaultDamagedError` when database and log together are not whole, or not of one day."""
    if wal.lost_in(log):
        raise VaultDamagedError(_LOG_DAMAGED)
    try:
        with told():
            db = to_look(path, key)
            try:
                sound = db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
                if not sound or db.execute("PRAGMA foreign_key_check").fetchone():
                    raise VaultDamagedError(DAMAGED)
                entries = _entries(db)
            finally:
                db.close()
    finally:
        path.with_name(path.name + "-shm").unlink(missing_ok=True)
    if not _chained(entries):
        raise VaultDamagedError(_OTHER_DAY)
    last = _from_alone(path, key, last_of)
    # The file alone is ahead of the log only when the log is older. After a crash while pages were copied it may hold
    # anything, but then its entries are no chain.
    if last and last[1] not in {row[6] for row in entries[last[0] - 1 : last[0]]} and last_alone(path, key):
        raise VaultDamagedError(_OTHER_DAY)


def state(db: Any) -> State | None:
    """The log's last entry and when each unsaved text was kept; None when it cannot be read."""
    try:
        return tuple(tuple(db.execute(sql).fetchall()) for sql in (_LAST, *_TYPED))
    except sqlcipher.Error:
        return None


def state_at(path: Path, key: VaultKey) -> State | None:
    """The state of the vault whose database lies there, with its write-ahead log if there is one; nothing is written,
    and a log is not read in. None when it cannot be read or is damaged."""
    log = path.with_name(path.name + "-wal")
    try:
        if log.exists():
            look_first(path, log, key)
        db = to_look(path, key, alone=not log.exists())
    except (sqlcipher.Error, VaultError, OSError):
        return None
    try:
        return state(db)
    finally:
        db.close()
        path.with_name(path.name + "-shm").unlink(missing_ok=True)


def last_alone(path: Path, key: VaultKey) -> Row | None:
    """Number and hash of the last entry in the database's file, without its write-ahead log; None when there is none or
    its entries are not a chain."""
    entries = _from_alone(path, key, _entries)
    return (entries[-1][0], entries[-1][6]) if entries and _chained(entries) else None


def _from_alone(path: Path, key: VaultKey, ask: Callable[[Any], T]) -> T | None:
    try:
        db = to_look(path, key, alone=True)
        try:
            return ask(db)
        finally:
            db.close()
    except sqlcipher.Error:
        return None


def last_of(db: Any) -> Row | None:
    """Number and hash of the log's last entry; None when there is none."""
    row: Row | None = db.execute(_LAST).fetchone() if _has_log(db) else None
    return row


def _has_log(db: Any) -> bool:
    """False when a crash came before the first transaction, which makes the tables."""
    return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'log_entry'").fetchall())


def _entries(db: Any) -> list[Row]:
    if not _has_log(db):
        return []
    found: list[Row] = db.execute(_ENTRIES).fetchall()
    return found


def _chained(entries: Sequence[Row]) -> bool:
    from notekeeper.vault.log import START, chain_hash  # it builds on the connection, which asks this module first

    before = START
    for number, row in enumerate(entries, 1):
        if row[0] != number or chain_hash(before, row) != row[6]:
            return False
        before = row[6]
    return True
