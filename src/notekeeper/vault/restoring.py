"""Putting a backup, or a plain copy of a vault's folder, in a vault's place; and trying whether one would restore.

What always holds: the source is only read; what is restored was opened by the secret given, and its pages and chain
were sound, before anything else is touched; what was in the place before is moved aside whole, in one rename, and
never changed or removed; a restore that is killed leaves the old vault in its place, or set aside with nothing in its
place, or the restored one in its place.
"""

import contextlib
import glob
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from notekeeper.domain.backup import BackupReason, Drill, FoundBackup, Restored
from notekeeper.errors import BackupError, VaultError, WrongPassphraseError
from notekeeper.vault import backup_files as files
from notekeeper.vault import header as headers
from notekeeper.vault import heads, migrations, opening, rekey, sources
from notekeeper.vault.backup_files import About
from notekeeper.vault.backups import make
from notekeeper.vault.connection import Connection
from notekeeper.vault.folder import VaultFolder, found, locked, make_private, new_private_file, sync_folder
from notekeeper.vault.header import Header
from notekeeper.vault.keys import VaultKey
from notekeeper.vault.log import SqlLog
from notekeeper.vault.verify import sound

KeyFrom = Callable[[Header], VaultKey]
by_passphrase, by_recovery_key = opening.by_passphrase, opening.by_recovery_key
_STAGED = "restoring-"
_DATABASE = ("vault.db", "vault.db-wal")
_UNFINISHED = ("header.new", "vault.db.new")  # of a vault that was copied in the middle of a change of keys
_NOTHING = "Nothing was changed."
_WRITE = (
    "The backup could not be restored: the disk may be full or not writable. What was there before is whole. Please "
    "make room or check the disk, and try again."
)


@dataclass(frozen=True, slots=True)
class _Staged:
    """A copy of the source, ready to be put in place."""

    place: VaultFolder
    key: VaultKey
    vault_id: str
    about: About | None
    mark: heads.Mark


def restore(backup: Path, folder: Path, key_from: KeyFrom) -> Restored:
    """Put the vault in `backup` at `folder`; what is there is set aside beside it. Raises `BackupError`,
    `WrongPassphraseError`, `VaultBusyError` and what `unlock` raises; then what was at `folder` is there, whole, or in
    the folder beside it that the error names."""
    folder = folder.absolute()
    backup = sources.still_there(backup.absolute(), folder)
    _must_be_replaceable(folder)
    lock = _held(folder)
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(folder)
        with _staging(folder) as path:
            staged = _copy(backup, path, key_from, folder, held=lock is not None)
            missing, changed = None, False
            if folder.exists():
                with _staging(folder) as looked_at:
                    missing, changed = _compare(staged, folder, looked_at, key_from)
            mark = _finish(staged)
            aside = _free(folder) if folder.exists() else None
            if os.name == "nt" and lock is not None and aside is not None:
                lock.release()  # Windows moves no folder with an open file in it
            _exchange(staged.place.path, folder, aside)
            # Another vault, or none, was here: what this computer knows of this vault elsewhere stays as it is.
            heads.keep(staged.vault_id, folder, mark, here_alone=aside is None or (missing is None and changed))
            sync_folder(folder.parent)
        made_at = staged.about.made_at if staged.about else None
        return Restored(folder, made_at, mark.entries, mark.head, aside, missing, changed)
    except (OSError, shutil.Error):
        raise BackupError(_WRITE) from None
    finally:
        if lock is not None:
            lock.release()


def drill(backup: Path, key_from: KeyFrom) -> Drill:
    """Restore it into a temporary place, verify it whole there, and remove it. Raises as `restore`, and never touches a
    vault or what this computer knows of one."""
    try:
        with tempfile.TemporaryDirectory(prefix="notekeeper-", ignore_cleanup_errors=True) as room:
            path = Path(room) / "tried.vault"
            path.mkdir(mode=0o700)
            staged = _copy(backup.absolute(), path, key_from)
            _complete(staged.place)
            vault = opening.open_unwatched(path, staged.key)
            try:
                report = vault.verify()
                clients = vault.clients.all()
                notes = sum(len(vault.notes.of_client(client.id)) for client in clients)
            finally:
                vault.close()
    except (OSError, shutil.Error):
        raise BackupError("The backup could not be tried: the disk for temporary files may be full.") from None
    made_at = staged.about.made_at if staged.about else None
    return Drill(made_at, staged.mark.entries, staged.mark.head, len(clients), notes, report.problems)


def newest_in(folder: Path) -> Path | None:
    """The newest backup that a closed vault has in its own folder, by its name. Raises `VaultError`."""
    place = found(folder.absolute())
    listed = files.backups_in(place.backups, headers.read(place.header).vault_id)
    return max((path for path, _ in listed), default=None)


def seen_at(folder: Path) -> list[FoundBackup]:
    """What could be restored from `folder`, newest first: the folder itself, what lies in it, or what lies in its
    `backups` where it is a vault. Nothing of it is opened. Empty for a folder that cannot be read."""
    if (itself := _seen(folder)) is not None and itself.made_at is not None:
        return [itself]
    found = []
    for place in (folder, VaultFolder(folder).backups):
        with contextlib.suppress(OSError):
            found += [one for path in sorted(place.iterdir()) if (one := _seen(path)) is not None]
    dated = sorted((one for one in found if one.made_at), key=lambda one: one.path.name, reverse=True)
    return [*dated, *(one for one in found if not one.made_at)]


def _seen(path: Path) -> FoundBackup | None:
    with contextlib.suppress(OSError):
        if not path.is_symlink() and (path / "vault.db").is_file() and (path / "header").is_file():
            what = files.about(path)
            return FoundBackup(path, what.made_at, what.reason) if what else FoundBackup(path)
    return None


def _copy(backup: Path, path: Path, key_from: KeyFrom, folder: Path | None = None, *, held: bool = False) -> _Staged:
    """Copy the source into `path`, open it and check it. The copy is closed again. `folder` is where it is to go, with
    its lock `held` or not."""
    if backup.is_symlink() or not (backup / "vault.db").is_file() or not (backup / "header").is_file():
        inside = sorted(p.name for p in backup.iterdir() if files.about(p)) if backup.is_dir() else []
        hint = f" In it lies the backup {inside[-1]}: please name that." if inside else ""
        raise BackupError(f"There is no backup and no copy of a vault at {backup}.{hint} {_NOTHING}")
    parts = [name for name in (*_DATABASE, "header", *_UNFINISHED) if (backup / name).is_file()]
    if any((backup / name).is_symlink() for name in parts):
        raise BackupError(f"The backup holds a link to another place, and a backup holds none. {_NOTHING}")
    what = files.about(backup)
    with sources.unchanged(backup, folder if held else None):
        files.copy_parts(backup, path, *parts)
    place = VaultFolder(path)
    try:
        with sources.tries_at(headers.read(place.header).vault_id, backup, folder):
            db = rekey.opened(place, key_from)
    except WrongPassphraseError as error:
        raise WrongPassphraseError(f"{error} {_explained(what)}") from None
    try:
        migrations.version_of(db)
        mark = heads.mark_of(db)
        if not sound(db):
            raise BackupError(f"This backup is damaged. {_NOTHING} Please take another one.")
        if what is not None and (what.entries, what.head) != (mark.entries, mark.head):
            raise BackupError(
                f"This backup is not what was written down when it was made, so it was exchanged or altered. {_NOTHING}"
            )
        vault_id = headers.read(place.header).vault_id
        if heads.vault_id_of(db) != vault_id:
            raise BackupError(f"Database and header of this backup belong to different vaults. {_NOTHING}")
    finally:
        db.close()
    return _Staged(place, db.key, vault_id, what, mark)


def _explained(what: About | None) -> str:
    made = f"made on {what.made_at.astimezone():%Y-%m-%d}" if what else "a plain copy of a vault"
    return (
        f"This backup is {made}: it opens by the passphrase of that day, or the recovery key of that day, even if you "
        "changed them since."
    )


def _must_be_replaceable(folder: Path) -> None:
    """Raise `BackupError` unless there is a vault at `folder`, what is left of one, an empty folder, or nothing."""
    if folder.is_symlink():
        raise BackupError(f"What is at {folder} is a link to another place, and a vault is none. {_NOTHING}")
    if not folder.exists():
        return
    place = VaultFolder(folder)
    vault = folder.is_dir() and (place.database.exists() or place.header.exists() or not place.strangers())
    if not vault:
        raise BackupError(
            f"What is at {folder} is not a vault, so nothing is put in its place. {_NOTHING} Please name a place where "
            "there is nothing, or the vault itself."
        )


def _exchange(ready: Path, folder: Path, aside: Path | None) -> None:
    """Set aside what is at `folder` and put `ready` there. Raises `OSError` with the old one in its place again, or
    `BackupError` that names where it is."""
    if aside is not None:
        folder.rename(aside)
    try:
        ready.rename(folder)
    except OSError:
        if aside is not None:
            try:
                aside.rename(folder)
            except OSError:
                raise BackupError(
                    f"The last step of the restore failed. What was at {folder} is whole in {aside.name} beside it. "
                    "Please run the restore again, or give that folder its old name back."
                ) from None
        raise


def _finish(staged: _Staged) -> heads.Mark:
    """Write down the restore, and make the folder a whole vault on disk."""
    db = Connection(staged.place.database, staged.key)
    try:
        SqlLog(db).append("vault.restored", staged.mark.head)
        mark = heads.mark_of(db)
    finally:
        db.close()
    _complete(staged.place)
    files.on_disk(staged.place.path)
    return mark


def _complete(place: VaultFolder) -> None:
    new_private_file(place.lock)
    place.backups.mkdir(mode=0o700, exist_ok=True)
    for part in (place.path, place.database, place.header, place.backups):
        make_private(part)


def _compare(staged: _Staged, folder: Path, path: Path, key_from: KeyFrom) -> tuple[dict[str, int] | None, bool]:
    """What the vault at `folder` has beyond the backup, by event, and whether it has another history. A copy of it in
    `path` is looked at, and becomes a backup in the restored vault's folder."""
    try:
        place = found(folder)
        files.copy_parts(folder, path, "header", *(n for n in _DATABASE if (folder / n).is_file()))
        header = headers.read(place.header)
        if header.vault_id != staged.vault_id:
            return None, True
        db = Connection(path / "vault.db", staged.key if headers.fits(header, staged.key) else key_from(header))
        try:
            if heads.vault_id_of(db) != staged.vault_id:
                return None, True
            later = Counter(
                row[0] for row in db.rows("SELECT event FROM log_entry WHERE number > ?", (staged.mark.entries,))
            )
            staged.place.backups.mkdir(mode=0o700)
            with contextlib.suppress(BackupError):
                make(db, VaultFolder(path), BackupReason.BEFORE_RESTORE, staged.place.backups)
            return dict(later), not heads.holds(db, staged.mark.entries, staged.mark.head)
        finally:
            db.close()
    except (VaultError, OSError):
        return None, False  # damaged, or under another passphrase: it is set aside all the same


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix=f".{folder.name}-{_STAGED}", dir=folder.parent))
    try:
        yield path
    finally:
        if path.exists():
            shutil.rmtree(path, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Take away copies that a killed restore to this place left. The lock of the place is held, if there is one."""
    for left in folder.parent.glob(f".{glob.escape(folder.name)}-{_STAGED}*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)


def _held(folder: Path) -> FileLock | None:
    """The lock of what is at `folder`, so that no notekeeper has it open. None when there is no vault with a lock."""
    place = VaultFolder(folder)
    return locked(place) if place.lock.is_file() and not place.lock.is_symlink() else None


def _free(folder: Path) -> Path:
    """A name beside `folder` that nothing has, for what is set aside."""
    stamp = f"{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    name = f"{folder.name.removesuffix('.vault')}.replaced-{stamp}"
    tries = (f"{name}{more}.vault" for more in ("", *(f"-{n}" for n in range(2, 100))))
    return next(path for path in (folder.with_name(t) for t in tries) if not path.exists() and not path.is_symlink())
