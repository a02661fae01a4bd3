"""Backups of an open vault: made, opened as a restore would open them, verified, kept in one or two folders, rotated.

What always holds: a backup is the encrypted files as they lie on disk at one moment, with no transaction half in them;
it counts only after a copy of it was opened with the vault's key by its own header, both checks of its pages and the
chain of its log were sound, and its log and row counts were those of the vault at that moment; writers wait only
while the files are copied; a file that belongs to no backup of this vault is never touched.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import RLock

from notekeeper.domain.backup import Backup, BackupMade, BackupReason, SecondFolder
from notekeeper.errors import BackupError, UsageError, VaultError
from notekeeper.vault import backup_files as files
from notekeeper.vault import header as headers
from notekeeper.vault.backup_files import About
from notekeeper.vault.connection import Connection
from notekeeper.vault.folder import VaultFolder
from notekeeper.vault.heads import Watch, holds, mark_of, vault_id_of
from notekeeper.vault.log import now
from notekeeper.vault.rotation import Erasure, holds_erased, ordered, superseded
from notekeeper.vault.verify import sound

_FULL = (
    "No backup could be made: the disk may be full, read-only or gone. The vault itself is untouched. Please make room "
    "or check the disk, then run `notekeeper backup now`."
)
_UNSOUND = (
    "The backup just made did not open as it should, so it was removed. The vault itself is untouched. The disk may be "
    "failing: please run `notekeeper verify`, and make a backup on another disk with `notekeeper backup now --to`."
)
_GONE = (
    "The backup was made, but its folder does not answer any more. The vault itself is untouched. Please look whether "
    "the disk is still there, then run `notekeeper backup now`."
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup must have: the log's length and head, and the rows of each table."""

    entries: int
    head: str
    rows: dict[str, int]


def contents(db: Connection) -> Contents:
    """Of the whole database, search index and all."""
    mark = mark_of(db)
    names = [row[0] for row in db.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    rows = {name: db.rows(f'SELECT count(*) FROM "{name}"')[0][0] for name in names}  # noqa: S608 (names of our tables)
    return Contents(mark.entries, mark.head, rows)


def make(db: Connection, place: VaultFolder, reason: BackupReason, folder: Path | None = None) -> Path:
    """A verified backup in `folder`, the vault's own when none is given. Raises `BackupError`; then there is none."""
    try:
        target = folder or files.own_folder(place)
        files.sweep(target, at_once=folder is None)  # the vault's lock is held: nobody else makes one there
        with files.making(target) as made:
            with db.at_rest():
                db.copy_file_to(made / place.database.name)
                files.copy_parts(place.path, made, place.header.name)
                there, at = contents(db), now()
            what = About(made_at=at, reason=reason, entries=there.entries, head=there.head)
            files.write_about(made, what)
            must_be_sound(made, db, there)
            files.settle(made, target / what.name())
            return target / what.name()
    except (OSError, shutil.Error):
        raise BackupError(_FULL) from None


def must_be_sound(made: Path, db: Connection, there: Contents) -> None:
    """Open a copy of it and raise `BackupError` unless all is there and sound."""
    with files.making(made.parent) as tried:
        files.copy_parts(made, tried, "vault.db", "header")
        try:
            if not headers.fits(headers.read(tried / "header"), db.key):
                raise BackupError(_UNSOUND)
            copy = Connection(tried / "vault.db", db.key)
            try:
                if not sound(copy) or contents(copy) != there:
                    raise BackupError(_UNSOUND)
            finally:
                copy.close()
        except BackupError:
            raise
        except VaultError:
            raise BackupError(_UNSOUND) from None


def listed(db: Connection, folder: Path, *, second: bool = False) -> list[Backup]:
    """The backups of this vault in `folder`, newest first."""
    return ordered(told_of(db, path, what, second=second) for path, what in files.backups_in(folder, vault_id_of(db)))


def told_of(db: Connection, path: Path, what: About, *, second: bool = False) -> Backup:
    """The backup at `path`, whose about.json says `what`."""
    return Backup(
        path=path,
        made_at=what.made_at,
        reason=what.reason,
        program=what.program,
        entries=what.entries,
        head=what.head,
        bytes=files.size_of(path),
        known=holds(db, what.entries, what.head),
        second=second,
    )


def prune(db: Connection, folder: Path) -> bool:
    """Remove what newer backups took the place of. False when something could not be removed."""
    files.sweep(folder)
    well = True
    for backup in superseded(listed(db, folder), newest_erasure(db)):
        try:
            files.remove(backup.path)
        except OSError:
            well = False
    return well


def newest_erasure(db: Connection) -> Erasure | None:
    """The newest of a client who was no demonstration: the entry of a demonstration's erasure commits to that."""
    row = db.row(
        "SELECT number, at FROM log_entry WHERE event = 'client.erased' AND commitment = '' "
        "ORDER BY number DESC LIMIT 1"
    )
    return Erasure(row[0], datetime.fromisoformat(row[1])) if row else None


def history_left(db: Connection) -> datetime | None:
    """When the vault was last restored, or accepted as it stood."""
    row = db.row("SELECT max(at) FROM log_entry WHERE event IN ('state.accepted', 'vault.restored')")
    return datetime.fromisoformat(row[0]) if row and row[0] else None


def left_behind(db: Connection, backups: Iterable[Backup]) -> Iterator[str]:
    """A sentence for each backup whose mark the log has lost. Those made before a vault was restored or accepted as it
    stood may be of another history."""
    accepted = history_left(db)
    for backup in backups:
        if not backup.known and (accepted is None or backup.made_at > accepted):
            yield (
                f"The backup {backup.path.name} knows entry {backup.entries} of the log otherwise than it stands here, "
                "or this vault has lost it: one of them is an older copy or was altered outside notekeeper."
            )


class SqlBackups:
    """`domain.backup.Backups`. `kept` reads one of the vault's own settings and `keep` writes it. While `watch` has an
    alarm nothing is removed: what looks old then may be what is sought."""

    def __init__(
        self,
        db: Connection,
        place: VaultFolder,
        kept: Callable[[str], str | None],
        keep: Callable[[str, SecondFolder], None],
        watch: Watch | None = None,
    ) -> None:
        self._db, self._place, self._kept, self._keep, self._watch = db, place, kept, keep, watch
        self._one_at_a_time = RLock()

    def make(self, reason: BackupReason, to: Path | None = None) -> BackupMade:
        with self._one_at_a_time:
            if to is not None:
                to = self._elsewhere(to)
            path = make(self._db, self._place, reason, to)
            if self._watch:
                self._watch.note()
            said: list[str] = []
            copy = None
            if to is None:
                copy = self._copied(path, said)
                self._pruned(said)
            what = files.about(path)
            if what is None:
                raise BackupError(_GONE)
            return BackupMade(told_of(self._db, path, what), copy, tuple(said))

    def all(self) -> list[Backup]:
        second = self._reachable()
        away = listed(self._db, second, second=True) if second else []
        return ordered([*listed(self._db, self._place.backups), *away])

    def newest(self) -> Backup | None:
        own = listed(self._db, self._place.backups)
        return own[0] if own else None

    def due(self) -> bool:
        erasure = newest_erasure(self._db)
        own = [b for b in listed(self._db, self._place.backups) if b.known]
        if erasure is not None and all(holds_erased(b, erasure) for b in own):
            return True
        today = date.today()  # noqa: DTZ011 - the therapist's own calendar day
        return not any(b.reason is BackupReason.DAILY and b.made_at.astimezone().date() == today for b in own)

    def catch_up(self) -> None:
        with self._one_at_a_time, suppress(OSError):
            second, newest = self._reachable(), self.newest()
            if second and newest and not files.lies_there(newest.path, second):
                files.copied(newest.path, second)
                prune(self._db, second)

    def second_folder(self) -> Path | None:
        body = self._kept("backup_folder")
        chosen = SecondFolder.model_validate_json(body).path if body else ""
        return Path(chosen) if chosen else None

    def set_second_folder(self, folder: Path | None) -> None:
        if folder is not None:
            folder = folder.expanduser()
            if not folder.is_dir():
                raise UsageError("There is no such folder. Nothing was changed. Please make it first, then name it.")
            folder = folder.resolve()
            if folder.is_relative_to(self._place.path.resolve()):
                raise UsageError("The second folder must lie outside the vault. Nothing was changed.")
        self._keep("backup_folder", SecondFolder(path=str(folder) if folder else ""))

    def _elsewhere(self, to: Path) -> Path:
        """Where `to` really is. Raises `BackupError` unless it is a folder outside the vault."""
        if not to.is_dir():
            raise BackupError("There is no such folder, so no backup was made. Please make it or name another.")
        to = to.resolve()
        if to.is_relative_to(self._place.path.resolve()):
            raise BackupError("That folder lies in the vault, so no backup was made. Please name one outside it.")
        return to

    def _reachable(self) -> Path | None:
        second = self.second_folder()
        with suppress(OSError):
            return second.resolve() if second and second.is_dir() else None
        return None

    def _copied(self, path: Path, said: list[str]) -> Path | None:
        if self.second_folder() is None:
            return None
        second = self._reachable()
        if second is None:
            said.append("The second folder for backups is not there now; the backup lies in the vault's folder alone.")
            return None
        try:
            return files.copied(path, second)
        except OSError:
            said.append(
                "The backup could not be copied into the second folder, which may be full or not writable; it lies in "
                "the vault's folder alone."
            )
            return None

    def _pruned(self, said: list[str]) -> None:
        if self._watch and self._watch.alarm:
            return
        folders = [folder for folder in (self._place.backups, self._reachable()) if folder is not None]
        pruned = [prune(self._db, folder) for folder in folders]
        if not all(pruned):
            said.append("A backup that a newer one took the place of could not be removed; it is tried again.")
        if newest_erasure(self._db) and self.second_folder() and len(folders) == 1:
            said.append("Backups there may still hold a client who was erased, until the folder is there again.")
        erasure, left = newest_erasure(self._db), history_left(self._db)
        if erasure and any(not b.known and b.made_at > max(erasure.at, left or erasure.at) for b in self.all()):
            said.append(
                "There are backups that this vault's log does not know, made by another copy of it perhaps: they may "
                "still hold a client who was erased. Please look at `notekeeper backup list` and remove them yourself."
            )
