"""What a restore reads: where it lies, that nobody writes to it meanwhile, and wrong tries at it.

What always holds: a source is never changed, and a copy of one that somebody was writing to is never used.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from filelock import FileLock

from notekeeper.errors import BackupError, VaultError, VaultWriteError
from notekeeper.vault import header as headers
from notekeeper.vault.attempts import counted
from notekeeper.vault.folder import VaultFolder, locked

_WATCHED = ("vault.db", "vault.db-wal", "header")


def still_there(backup: Path, folder: Path) -> Path:
    """`backup`, or where it lies now: a restore that was cut off set the vault at `folder` aside, with the backups
    in it."""
    if backup.exists() or folder.exists() or not backup.is_relative_to(folder) or not folder.parent.is_dir():
        return backup
    name, inside = f"{folder.name.removesuffix('.vault')}.replaced-", backup.relative_to(folder)
    aside = sorted((path for path in folder.parent.iterdir() if path.name.startswith(name)), reverse=True)
    return next((path / inside for path in aside if (path / inside).is_dir()), backup)


@contextmanager
def unchanged(source: Path, ours: Path | None) -> Iterator[None]:
    """Nobody writes to the vault or copy at `source` while the block reads it; `ours` is a vault whose lock is held
    already. Raises `VaultBusyError` at once when a notekeeper has it open, `BackupError` at the end when its files are
    not the ones they were."""
    held = None if ours is not None and ours.exists() and source.samefile(ours) else _held(source)
    try:
        before = _looks(source)
        yield
        if _looks(source) != before:
            raise BackupError(
                f"The files at {source} were being written while they were read, so the copy may not be whole. Nothing "
                "was changed. Please close what writes to them, and try again."
            )
    finally:
        if held is not None:
            held.release()


def tries_at(vault_id: str, backup: Path, folder: Path | None) -> AbstractContextManager[None]:
    """Counts a wrong try at a backup of this vault where the vault is: at `folder`, or where the backup lies in it.
    Nowhere when neither is that vault. Raises as `attempts.counted`."""
    for path in filter(None, (folder, backup.parent.parent if backup.parent.name == "backups" else None)):
        place = VaultFolder(path)
        try:
            if not place.header.is_symlink() and headers.read(place.header).vault_id == vault_id:
                return counted(place)
        except (VaultError, OSError):
            continue
    return nullcontext()


def _held(source: Path) -> FileLock | None:
    """The lock of a vault that is a source; None where it has none, or lies where nothing can be written."""
    place = VaultFolder(source)
    if place.lock.is_symlink() or not place.lock.is_file():
        return None
    try:
        return locked(place)
    except VaultWriteError:
        return None


def _looks(source: Path) -> list[tuple[int, int, int] | None]:
    """Size, time and identity of each file; None for one that is not there."""
    found: list[tuple[int, int, int] | None] = []
    for name in _WATCHED:
        try:
            seen = (source / name).stat()
            found.append((seen.st_size, seen.st_mtime_ns, seen.st_ino))
        except FileNotFoundError:
            found.append(None)
    return found
