"""What is looked through when a crash left a write-ahead log, before the database reads it in.

What always holds: nothing is written, and what is refused here is on disk as it was. Pages of different days can each
be sound, so the checks of pages do not show a log that belongs to another day; the chain of entries does.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from notekeeper.errors import VaultDamagedError
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
    before = _alone(path, key)
    if before and entries[len(before) - 1 : len(before)] != before[-1:]:
        raise VaultDamagedError(_OTHER_DAY)


def _alone(path: Path, key: VaultKey) -> Sequence[Row]:
    """The log's entries as the database has them without the write-ahead log, which go further than what was written
    into it only when that is older; none when they cannot be read, as when the crash came while pages were copied."""
    try:
        db = to_look(path, key, alone=True)
        try:
            entries = _entries(db)
        finally:
            db.close()
    except sqlcipher.Error:
        return ()
    return entries if _chained(entries) else ()


def _entries(db: Any) -> list[Row]:
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'log_entry'").fetchall():
        return []  # the crash came before the first transaction, which makes the tables
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
