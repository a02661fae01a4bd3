"""The folder of a vault: NAME.vault/ with vault.db, header, lock and backups/.

What always holds: folders are 0700 and files 0600 whatever the umask (where the system has such modes); links are
refused; a file is replaced in one step or not at all; nothing here is written before the vault has been opened.
"""

import contextlib
import glob
import os
import re
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from notekeeper.errors import (
    BackupError,
    VaultBusyError,
    VaultDamagedError,
    VaultEmptyError,
    VaultExistsError,
    VaultMissingError,
    VaultWriteError,
)

PAGE = 4096
_NO_LINKS = ("vault.db", "header", "lock", "vault.db-wal", "vault.db-shm", "attempts", "vault.db.new", "header.new")
_TEMPORARY = re.compile(r"\.(?:header|header\.new|attempts)-[a-z0-9_]{8}")
_PLAIN = b"SQLite format 3\x00"
_WRITE = (
    "The disk could not be written: it may be full, read-only or failing. What was saved before is safe. Please make "
    "room or check the disk, and try again."
)
UNREAD = (
    "A file of the vault cannot be read: its disk may be failing or was pulled out, or its permissions are wrong. "
    "Nothing was changed. Please check the disk and try again."
)


@dataclass(frozen=True, slots=True)
class VaultFolder:
    """Where the parts of one vault lie."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "vault.db"

    @property
    def header(self) -> Path:
        return self.path / "header"

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def attempts(self) -> Path:
        """Counts wrong passphrases in a row; there only while there are some."""
        return self.path / "attempts"

    @property
    def new_database(self) -> Path:
        """The database under a new key, there only while the vault is being given one."""
        return self.path / "vault.db.new"

    @property
    def new_header(self) -> Path:
        """The header that belongs to `new_database`."""
        return self.path / "header.new"

    @property
    def backups(self) -> Path:
        return self.path / "backups"

    def strangers(self) -> list[str]:
        """Names of files that notekeeper did not put here or should have taken away, as a temporary file."""
        known = {"vault.db", "vault.db-wal", "vault.db-shm", "header", "lock", "attempts", "backups"}
        return sorted(entry.name for entry in self.path.iterdir() if entry.name not in known)


def left_beside(place: VaultFolder) -> tuple[Path, ...]:
    """Whole vaults that a restore set aside, or a rescue made, beside this one or in the user's own folder."""
    name = glob.escape(place.path.name.removesuffix(".vault"))
    found: set[Path] = set()
    for folder, kinds in ((place.path.parent, ("replaced", "rescued")), (Path.home(), ("rescued",))):
        with contextlib.suppress(OSError):
            found |= {path.resolve() for kind in kinds for path in folder.glob(f"{name}.{kind}-*.vault")}
    return tuple(sorted(found))


def must_be_free(path: Path) -> None:
    """Raise `VaultExistsError` when anything at all is at `path`."""
    if os.path.lexists(path):
        raise VaultExistsError(
            f"There is already something at {path}, and it was left as it is. Please choose another place for the new "
            "vault, or unlock the one that is there."
        )


def found(path: Path) -> VaultFolder:
    """The vault at `path`, its files seen but not read. Raises `VaultMissingError`, `VaultEmptyError` for a database
    of zero bytes, `BackupError` for a backup, and `VaultDamagedError` for links, missing parts and files that are no
    vault."""
    place = VaultFolder(path)
    if not os.path.lexists(path):
        aside = sorted(path.parent.glob(f"{glob.escape(path.name.removesuffix('.vault'))}.replaced-*.vault"))
        if aside:
            raise VaultMissingError(
                f"There is no vault at {path}: a restore was cut off before its last step. What was there is whole in "
                f"{aside[-1].name} beside it. Run the restore again, or give that folder its old name back."
            )
        raise VaultMissingError(f"There is no vault at {path}. Make one with `notekeeper init`, or name another place.")
    for part in (path, *(path / name for name in _NO_LINKS)):
        if part.is_symlink():
            raise VaultDamagedError(
                f"{part.name} is a link to another place, and a vault holds no links. Nothing was opened or changed."
            )
    has = [part.is_file() for part in (place.database, place.header)]
    if not path.is_dir() or not any(has):
        raise VaultMissingError(f"What is at {path} is not a vault. Nothing was changed.")
    if not all(has):
        lost = "header" if has[0] else "vault.db"
        raise VaultDamagedError(
            f"The file {lost} is missing from the vault. Nothing was changed. Please put it back from a backup."
        )
    if b'"notekeeper_backup"' in (read_small(path / "about.json", PAGE) or b""):
        raise BackupError(
            f"{path.name} is a backup, and opening it there would change it. Nothing was changed. To try it, run "
            "`notekeeper backup check`; to look into it or go on with it, put it in a place with `notekeeper restore`."
        )
    try:
        _check_database(place.database)
    except OSError:
        raise VaultWriteError(UNREAD) from None
    return place


def _check_database(path: Path) -> None:
    size = path.stat().st_size
    if size == 0:
        raise VaultEmptyError(
            "The vault's database holds nothing at all: zero bytes. It was not opened, so that no empty vault takes "
            "its place. Please put back vault.db from a backup."
        )
    with path.open("rb") as file:
        plain = file.read(len(_PLAIN)) == _PLAIN
    # A crash while the write-ahead log was copied into the file may leave half a page, which the log has whole.
    if plain or (size % PAGE and not path.with_name(f"{path.name}-wal").exists()):
        what = "is not encrypted and was not written by notekeeper" if plain else "is cut short or was added to"
        raise VaultDamagedError(f"The vault's database {what}. Nothing was changed. Please put back a backup.")


def new_private_file(path: Path) -> None:
    """An empty file of mode 0600 that was not there before."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    make_private(path)


def make_private(path: Path) -> None:
    """0700 for a folder, 0600 for a file. Windows has no such modes; there the user's profile guards the folder."""
    if os.name == "posix":
        path.chmod(0o700 if stat.S_ISDIR(path.lstat().st_mode) else 0o600)


def sync_folder(path: Path) -> None:
    """Make names in this folder durable. Windows cannot open a folder for this and needs it less."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_whole(path: Path, content: bytes, *, synced: bool = True) -> None:
    """Write a file of mode 0600 in one step; without `synced` the system brings it to disk when it will. Raises
    `VaultWriteError`; the old file is then as it was."""
    name: str | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if synced:
                os.fsync(file.fileno())
        make_private(Path(name))
        Path(name).replace(path)
        if synced:
            sync_folder(path.parent)
    except OSError:
        if name is not None:
            with contextlib.suppress(OSError):
                Path(name).unlink(missing_ok=True)
        raise VaultWriteError(_WRITE) from None


def sweep(place: VaultFolder) -> None:
    """Remove the temporary files that a program killed within `write_whole` left in this vault's folder."""
    for path in list(place.path.iterdir()):
        if _TEMPORARY.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            path.unlink()


def read_small(path: Path, most: int) -> bytes | None:
    """The whole file, or None when it is empty, larger than `most` bytes, or cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError:
        return None
    return content if 0 < len(content) <= most else None


def locked(place: VaultFolder) -> FileLock:
    """The lock of this vault, held. It ends with the process that held it. Raises `VaultBusyError`."""
    lock = FileLock(place.lock, timeout=0, mode=0o600, thread_local=False, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise VaultBusyError(
            "Another notekeeper has this vault open. Nothing was changed. Please close or lock it there first."
        ) from None
    except (OSError, NotImplementedError):
        raise VaultWriteError(_WRITE) from None
    return lock
