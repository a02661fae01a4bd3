"""The one connection to the encrypted database of an open vault: statements and transactions.

What always holds: every statement runs inside this class, which turns the database's errors into errors a therapist
can act on; before each transaction the file is known to be the one that was opened, so that nothing is ever written to
another; files that no longer answer are opened anew, and go on only if all that was kept is in them.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from notekeeper.errors import VaultBusyError, VaultDamagedError, VaultError, VaultMovedError, VaultWriteError
from notekeeper.vault import cipher
from notekeeper.vault.after_crash import state_at
from notekeeper.vault.cipher import WRITE, Row, told
from notekeeper.vault.keys import VaultKey
from notekeeper.vault.opened import Opened
from notekeeper.vault.whereabouts import Berth

__all__ = ["Connection", "Row"]
_GONE = (
    "The disk with the vault does not answer: it may have been pulled out, or is failing. This change was not kept; "
    "everything before it is on that disk. Please plug it in again, and try again."
)
_UNSURE = (
    "The disk stopped answering while the vault was written, so this change may or may not have been kept; everything "
    "before it is safe. Please check the disk or plug it in again, and look before you do it once more."
)
_CLOSED = "The vault is closed. Nothing was changed. Please unlock it again."
_MOVED = (
    "The vault's files were moved, removed or replaced while it was open. This change was not kept, and nothing was "
    "written to what lies there now. Please copy what you are typing, lock the vault, and look at the folder."
)


class Connection:
    """Statements and transactions. Safe to use from several threads: a lock is held for each whole transaction.

    `berth`: the vault's own lock, if it has one here, which is taken anew with the files. `rescue` is called once when
    the file was moved or replaced, while it can still be read, and gives the sentence that says where its copy is.
    `kept` is called after each transaction that was kept, and `to_rest` before the files are to rest: what it raises
    keeps them from it."""

    def __init__(self, path: Path, key: VaultKey) -> None:
        """Opens an existing file. Raises `VaultDamagedError` when the key does not fit or a page does not verify."""
        self.key = key
        self.rescue: Callable[[], str] = lambda: ""
        self.kept: Callable[[], None] = lambda: None
        self.to_rest: Callable[[], None] = lambda: None
        self.berth: Berth | None = None
        self._path = path
        self._guard = threading.RLock()
        self._depth = 0
        self._closed = self._doubtful = False
        self._said = ""
        self._now = Opened(path, key)
        self._known = self._tried = self._now.found

    def ask(self, pragma: str) -> list[Row]:
        """The answer of one of the pragmas that only look, or that end the write-ahead log."""
        if pragma not in cipher.ASKED:
            raise ValueError("this pragma is not on the list")
        with self._guard:
            answer = self.rows(f"PRAGMA {pragma}")
            self._now.note()
            return answer

    def set_schema_version(self, version: int) -> None:
        self.run(f"PRAGMA user_version = {int(version)}")

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Every row. Raises `VaultError` and its kinds."""
        with self._guard:
            if self._closed:
                raise VaultError(_CLOSED)
            if self._doubtful and not self._depth:
                self._open_anew()
            try:
                return self._fetched(sql, values)
            except VaultDamagedError:
                if self._depth or not self._merely_unread():
                    raise
                return self._fetched(sql, values)

    def _fetched(self, sql: str, values: Sequence[object]) -> list[Row]:
        with told():
            try:
                fetched: list[Row] = self._now.db.execute(sql, values).fetchall()
                return fetched
            except sqlcipher.Error as error:
                self._doubtful |= cipher.failing(error)
                raise

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
        """All or nothing. Nests: an inner one that fails undoes its own part and leaves the outer one open. Raises
        `VaultMovedError` or `VaultWriteError` before anything is done when the files are not those that were opened."""
        with self._guard:
            depth = self._depth
            begin, commit, undo = (
                ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
                if depth == 0
                else (f"SAVEPOINT s{depth}", f"RELEASE s{depth}", f"ROLLBACK TO s{depth}; RELEASE s{depth}")
            )
            if depth == 0:
                self._stand()
            self.run(begin)
            self._depth += 1
            try:
                yield
                if depth == 0:
                    self._tried = self._now.last()
                self._end(commit)
            except BaseException as error:
                # A full disk may have ended the transaction already; then there is nothing left to undo.
                if self._now.db.in_transaction:
                    with suppress(VaultError):
                        for statement in undo.split("; "):
                            self.run(statement)
                if depth == 0 and isinstance(error, VaultDamagedError) and self._merely_unread():
                    raise VaultWriteError(WRITE) from None
                raise
            finally:
                self._depth -= 1
                if depth == 0:
                    self._now.note()
            if depth == 0:
                self._known = self._tried
                self.kept()

    def _end(self, commit: str) -> None:
        try:
            self.run(commit)
        except VaultWriteError:
            # All may have reached the disk but its last answer; then the change is there when the disk is.
            if self._doubtful and commit == "COMMIT":
                raise VaultWriteError(_UNSURE) from None
            raise

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Everything is in the one file, and nobody writes until the block ends. Not within a transaction."""
        self.to_rest()
        with self._guard:
            if self._depth:
                raise ValueError("a transaction is open")
            self._stand()
            if self.ask("wal_checkpoint(TRUNCATE)")[0][0]:
                raise VaultBusyError("Another program reads this vault. Nothing was changed. Please close it there.")
            yield

    def copy_to(self, other: "Connection") -> None:
        """Every page into the other database, which is under its own key. What was in it is gone."""
        with self._guard, told():
            self._now.db.backup(other._now.db)

    def copy_file_to(self, path: Path) -> None:
        """The file as it lies there, in a new one; whole within `at_rest`. Raises `OSError`."""
        with self._guard:
            self._now.copy_to(path)

    def close(self) -> None:
        """Fold the write-ahead log into the file and close. Can be called again."""
        with self._guard, told():
            if self._closed:
                return
            if not self._said and not (self._now.in_place() and self._now.ours()):
                self._said = self.rescue()
            self._closed = True
            self._now.close()

    def _stand(self) -> None:
        """Return if the files are those that were opened, or are open again with all that was kept."""
        if self._closed:
            raise VaultError(_CLOSED)
        in_place = self._now.in_place()
        if in_place and not self._doubtful and not self._now.ours():
            raise self._moved()
        if in_place and self.berth is not None and not self.berth.held():
            self.berth.take()
        if in_place and not self._doubtful and not self._now.log_in_place():
            # What is in a log that was taken away would be lost with a crash; the open handle still reaches it.
            if self.ask("wal_checkpoint(TRUNCATE)")[0][0]:
                raise VaultWriteError(WRITE)
            self._open_anew()
        if self._doubtful or not in_place:
            self._open_anew()

    def stands(self) -> bool:
        """Whether it is open, and the file at its path is the one that was opened and as it was left."""
        with self._guard:
            return not self._closed and self._now.in_place() and self._now.ours()

    def _open_anew(self) -> None:
        """Open what is at the path now. Raises `VaultMovedError` unless it has all that was kept, and
        `VaultWriteError` when nothing answers there."""
        if self._closed:
            raise VaultError(_CLOSED)
        before = self._now
        if same := before.in_place():
            with told():
                before.close()  # two connections to one file would share its locks
        else:
            kept = before.state()
            if kept is None and not self._path.exists():
                raise VaultWriteError(_GONE)
            if kept is not None and state_at(self._path, self.key) != kept:
                raise self._moved()
        if self.berth is not None:
            self.berth.take()
        try:
            after = Opened(self._path, self.key)
        except VaultDamagedError:
            if same:
                raise
            raise self._moved() from None
        if after.found not in (self._known, self._tried):
            after.close()
            raise self._moved()
        self._now, self._doubtful = after, False
        self._known = self._tried = after.found
        if not same:
            with told():
                before.close()

    def _merely_unread(self) -> bool:
        """Whether what looked like damage was a disk that did not answer a read: opened anew, the files are sound.
        Raises `VaultWriteError` when it still does not answer."""
        self._doubtful = True
        if not self._now.readable():
            raise VaultWriteError(WRITE)
        with suppress(VaultDamagedError, sqlcipher.Error):
            self._open_anew()
            checked: list[Row] = self._now.db.execute("PRAGMA quick_check").fetchall()
            return checked == [("ok",)]
        return False

    def _moved(self) -> VaultMovedError:
        self._said = self._said or self.rescue()
        return VaultMovedError(f"{_MOVED} {self._said}".rstrip())
