"""The database of a vault, opened once: its file as it was found, SQLite's connection to it, and what it holds.

What always holds: what a crash left is looked through before it is read in; a file that no longer lies at its path, or
that something else wrote to, is never folded into on closing.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from notekeeper.errors import VaultDamagedError, VaultError, VaultWriteError
from notekeeper.vault import cipher
from notekeeper.vault.after_crash import State, last_alone, last_of, look_first, state
from notekeeper.vault.cipher import DAMAGED, Row, told
from notekeeper.vault.folder import PAGE, UNREAD
from notekeeper.vault.keys import VaultKey
from notekeeper.vault.whereabouts import Identity, OpenFile, identity


class Opened:
    """`db`: SQLite's connection, for one writer. `found`: the log's last entry when it was opened."""

    def __init__(self, path: Path, key: VaultKey) -> None:
        """Tried twice if it looks damaged: so does a disk that does not answer a read. Raises `VaultDamagedError`,
        `VaultWriteError`, `VaultBusyError`; then nothing was changed."""
        self._path, self._key = path, key
        self._log_path = path.with_name(path.name + "-wal")
        try:
            self._file, self.db, self.found = self._open()
        except VaultDamagedError:
            if not _readable(path):
                raise VaultWriteError(UNREAD) from None
            self._file, self.db, self.found = self._open()
        self._folded, self._closed = self.found, False
        self._file.note()
        self._log: Identity | None = None

    def in_place(self) -> bool:
        """Whether its path still leads to the file that was opened."""
        return self._file.in_place()

    def log_in_place(self) -> bool:
        """Whether the path of the write-ahead log still leads to the one that was seen after the first transaction."""
        return self._log is None or identity(self._log_path) == self._log

    def readable(self) -> bool:
        """Whether the disk still gives every byte."""
        return self._file.readable()

    def copy_to(self, path: Path) -> None:
        """The file's bytes in a new file. Raises `OSError`."""
        self._file.copy_to(path)

    def note(self) -> None:
        """After a transaction: what was written into the file since the last call was written by us."""
        self._log = self._log or identity(self._log_path)
        if self._file.changed():
            self._file.note()
            with suppress(VaultError):
                self._folded = self.last()

    def ours(self) -> bool:
        """Whether the file is as SQLite left it. Its time and size may change otherwise, as when it is set back by a
        program for backups; then what it holds is looked at."""
        if not self._file.changed():
            return True
        if last_alone(self._path, self._key) != self._folded:
            return False
        self._file.note()
        return True

    def last(self) -> Row | None:
        """Number and hash of the log's last entry; None when there is none. Raises as `Connection.rows` does."""
        with told():
            return last_of(self.db)

    def state(self) -> State | None:
        """Its newest entry and what is typed; None when the file cannot be read."""
        return state(self.db)

    def close(self) -> None:
        """Fold the write-ahead log into the file, if it is ours and in place, and close. Can be called again."""
        if self._closed:
            return
        self._closed = True
        try:
            if self.in_place() and not self.ours():
                self.db.interrupt()  # holds until the next statement, and ends the folding before its first page
            self.db.close()  # which leaves the log alone when the path leads elsewhere
        finally:
            self._file.close()

    def _open(self) -> tuple[OpenFile, Any, Row | None]:
        log = self._log_path
        clean = not log.exists()
        if not clean:
            look_first(self._path, log, self._key)
        try:
            file = OpenFile(self._path)
        except OSError:
            raise VaultWriteError(UNREAD) from None
        try:
            with told():
                db = cipher.to_write(self._path, self._key)
            try:
                with told():
                    pages, last = db.execute("PRAGMA page_count").fetchone()[0], last_of(db)
                # Page codes do not show that whole pages are missing at the end; the size does.
                if not file.in_place() or (clean and pages * PAGE != file.size()):
                    raise VaultDamagedError(DAMAGED)
            except BaseException:
                db.close()
                raise
        except BaseException:
            file.close()
            raise
        return file, db, last


def _readable(path: Path) -> bool:
    try:
        file = OpenFile(path)
    except OSError:
        return False
    try:
        return file.readable()
    finally:
        file.close()
