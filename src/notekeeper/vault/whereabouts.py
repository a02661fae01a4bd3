"""Whether an open vault is still where it was opened: the same database file, and the same lock.

What always holds: looking costs two `stat`s and opens nothing. The database is read through the one handle kept here,
never through another that is closed again: closing any handle of a file ends the locks that the process holds on it
(POSIX), and with them what keeps a second writer out if the file `lock` was taken away.
"""

import os
import shutil
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from notekeeper.errors import VaultBusyError, VaultWriteError
from notekeeper.vault.cipher import WRITE

Identity = tuple[int, int]


class OpenFile:
    """The database file as it was opened."""

    def __init__(self, path: Path) -> None:
        """Before the database opens it. Raises `OSError`."""
        self.path = path
        self._file: BinaryIO = path.open("rb")
        found = os.fstat(self._file.fileno())
        self._identity: Identity = found.st_dev, found.st_ino
        self._state: Identity | None = None

    def in_place(self) -> bool:
        """Whether its path still leads to it."""
        return identity(self.path) == self._identity

    def changed(self) -> bool:
        """Whether it was written to since `note`, by its size and time."""
        return self._stat() != self._state

    def note(self) -> None:
        """Take it as it is now for unchanged."""
        self._state = self._stat()

    def _stat(self) -> Identity | None:
        try:
            found = os.fstat(self._file.fileno())
        except (OSError, ValueError):
            return None
        return found.st_size, found.st_mtime_ns

    def size(self) -> int:
        """Bytes. Raises `OSError`."""
        return os.fstat(self._file.fileno()).st_size

    def readable(self) -> bool:
        """Whether the disk still gives every byte of it."""
        try:
            self._file.seek(0)
            while self._file.read(1 << 20):
                pass
        except (OSError, ValueError):
            return False
        return True

    def copy_to(self, path: Path) -> None:
        """Its bytes as they lie there, in a new file. Raises `OSError`."""
        self._file.seek(0)
        with path.open("xb") as new:
            shutil.copyfileobj(self._file, new, 1 << 20)

    def close(self) -> None:
        """After the database has closed it."""
        self._file.close()


class Berth:
    """The lock of an open vault, taken again when its file was."""

    def __init__(self, lock: FileLock) -> None:
        self._lock, self._path = lock, Path(lock.lock_file)
        self._identity = identity(self._path)

    def held(self) -> bool:
        """Whether the file at the lock's path is the one that is locked."""
        return identity(self._path) == self._identity is not None

    def take(self) -> None:
        """Lock what is there now. Raises `VaultBusyError`, `VaultWriteError`; then no lock is held."""
        try:
            self._lock.release(force=True)
            self._lock.acquire()
        except Timeout:
            raise VaultBusyError(
                "Another notekeeper has opened this vault meanwhile. This change was not kept; everything before it is "
                "safe. Please lock it there, or copy what you are typing and lock it here."
            ) from None
        except (OSError, NotImplementedError):
            raise VaultWriteError(WRITE) from None
        self._identity = identity(self._path)

    def release(self) -> None:
        """Give it up. Can be called again."""
        self._lock.release(force=True)


def identity(path: Path) -> Identity | None:
    """Of what lies there; None when there is nothing, or it cannot be asked."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
