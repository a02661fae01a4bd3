"""The files of a backup: vault.db, header and about.json in a folder of their own, and how it is put there and removed.

What always holds: a folder becomes a backup by one rename, when all of it is on disk; only a folder that is a backup
of the vault in question is ever removed, and of it only these three files and what systems are known to leave beside
files; anything else in it stays, under the folder's name; links are not followed. about.json is canonical JSON without
a word of the record.
"""

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from notekeeper import __version__
from notekeeper.domain.backup import BackupReason
from notekeeper.errors import VaultError
from notekeeper.vault import header as headers
from notekeeper.vault.folder import VaultFolder, make_private, read_small, sync_folder
from notekeeper.vault.log import canonical

MAKING, REMOVING = ".making-", ".removing-"
_PARTS = ("vault.db", "header", "about.json")
_MOST = 4096
_DAY = 86_400  # seconds
_LEFT_OVER = re.compile(r"\.making-[a-z0-9_]{8}|\.removing-(?P<name>\d{8}-\d{6}-\d{3}-[a-z_]+)")
_JUNK = re.compile(r"vault\.db-(?:wal|shm)|lock|\.DS_Store|Thumbs\.db|desktop\.ini|\._.*")


class About(BaseModel):
    """about.json: when, why and by which notekeeper the backup was made, and the log's length and head then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    notekeeper_backup: Literal[1] = 1
    made_at: datetime
    reason: BackupReason
    program: Annotated[str, StringConstraints(max_length=40)] = __version__
    entries: int = Field(ge=0, le=2**53)
    head: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    @field_validator("made_at")
    @classmethod
    def _can_be_reckoned_with(cls, at: datetime) -> datetime:
        # A computer without a battery starts in 1970; beyond 2999 not every system knows the local time.
        if at.tzinfo is None or not 1970 <= at.year < 3000:
            raise ValueError("no time a backup was made at")
        return at

    def name(self) -> str:
        """The name of the backup's folder, which sorts by time."""
        stamp = self.made_at.astimezone(UTC)
        return f"{stamp:%Y%m%d-%H%M%S}-{stamp.microsecond // 1000:03}-{self.reason.value}"


def about(folder: Path) -> About | None:
    """What about.json says; None when there is none that can be read."""
    raw = None if (folder / "about.json").is_symlink() else read_small(folder / "about.json", _MOST)
    if raw is None:
        return None
    try:
        return About.model_validate_json(raw)
    except ValidationError:
        return None


def write_about(folder: Path, what: About) -> None:
    with (folder / "about.json").open("xb") as file:
        file.write(canonical(what.model_dump(mode="json")) + b"\n")


def backups_in(folder: Path, vault_id: str) -> list[tuple[Path, About]]:
    """Every backup of this vault in `folder`; nothing when it is a link or cannot be listed."""
    try:
        paths = [] if folder.is_symlink() else sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    except OSError:
        return []
    return [(path, what) for path in paths if (what := _of_vault(path, vault_id)) is not None]


def _of_vault(path: Path, vault_id: str) -> About | None:
    """What it says, if `path` is a folder with the files of a backup of this vault, whatever else lies in it."""
    try:
        if path.is_symlink() or not path.is_dir():
            return None
        if any(part.is_symlink() or not part.is_file() for part in (path / name for name in _PARTS)):
            return None
        fits = headers.read(path / "header").vault_id == vault_id
    except (OSError, VaultError):
        return None
    return about(path) if fits else None


@contextmanager
def making(folder: Path) -> Iterator[Path]:
    """A new private folder in `folder`, removed with the block unless it was renamed."""
    path = Path(tempfile.mkdtemp(prefix=MAKING, dir=folder))
    try:
        yield path
    finally:
        if path.exists():
            shutil.rmtree(path, ignore_errors=True)


def copy_parts(source: Path, target: Path, *names: str) -> None:
    """Copy files of these names as they are. They are not on disk for sure before `settle`."""
    for name in names:
        with (source / name).open("rb") as old, (target / name).open("xb") as new:
            shutil.copyfileobj(old, new, 1 << 20)


def settle(made: Path, final: Path) -> None:
    """Bring every file of `made` to disk, then give the folder its name. Raises `OSError`; then it has not got it."""
    on_disk(made)
    made.rename(final)
    _sync(final.parent)


def on_disk(folder: Path) -> None:
    """Bring every file of `folder`, and those of folders in it, to disk. Raises `OSError`."""
    for part in sorted(folder.iterdir()):
        with contextlib.suppress(PermissionError):  # a stick or a share may know no modes
            make_private(part)
        if part.is_dir():
            on_disk(part)
            continue
        with part.open("rb+") as file:
            os.fsync(file.fileno())
    _sync(folder)


def copied(backup: Path, folder: Path) -> Path:
    """A copy of a backup in another folder, read back and compared. One that is there and is not the same is replaced.
    Raises `OSError`."""
    final = folder / backup.name
    if final.is_dir() and not final.is_symlink() and _same(backup, final):
        return final
    with making(folder) as made:
        copy_parts(backup, made, *_PARTS)
        if not _same(backup, made):
            raise OSError("the copy differs")
        if os.path.lexists(final):
            if final.is_symlink() or not final.is_dir():
                raise OSError("something else has its name")
            remove(final)
        settle(made, final)
    return final


def lies_there(backup: Path, folder: Path) -> bool:
    """Whether `folder` has a copy of this backup, by the sizes of its files alone. Raises `OSError`."""
    copy = folder / backup.name
    return all((copy / name).is_file() for name in _PARTS) and size_of(copy) == size_of(backup)


def _same(one: Path, other: Path) -> bool:
    return all((other / name).is_file() and digest_of(one / name) == digest_of(other / name) for name in _PARTS)


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove(path: Path) -> None:
    """Remove a backup: first from the list by one rename, then its files. Raises `OSError`."""
    going = path.rename(path.with_name(f"{REMOVING}{path.name}"))
    _empty(going, path)
    _sync(path.parent)


def sweep(folder: Path, *, at_once: bool = False) -> None:
    """Take away what a program that was killed left behind: backups half removed, and those half made a day ago, or
    `at_once` where nobody else can be making one."""
    with contextlib.suppress(OSError):
        for path in () if folder.is_symlink() else list(folder.iterdir()):
            left = _LEFT_OVER.fullmatch(path.name)
            if left is None or path.is_symlink() or not path.is_dir():
                continue
            if left["name"]:
                _empty(path, folder / left["name"])
            elif at_once or time.time() - path.stat().st_mtime > _DAY:
                _empty(path, path)


def _empty(path: Path, name: Path) -> None:
    """Remove the files of a backup. What else was put into the folder is not ours to remove: it then gets `name`."""
    for part in list(path.iterdir()):
        if part.name in _PARTS or (_JUNK.fullmatch(part.name) and not part.is_dir()):
            part.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # of a vault that was opened in place
        (path / "backups").rmdir()
    try:
        path.rmdir()
    except OSError:
        if not os.path.lexists(name):
            path.rename(name)


def _sync(folder: Path) -> None:
    with contextlib.suppress(OSError):  # a network share may refuse to sync a folder
        sync_folder(folder)


def size_of(path: Path) -> int:
    """Bytes of the backup's files."""
    return sum((path / name).stat().st_size for name in _PARTS)


def own_folder(place: VaultFolder) -> Path:
    """The vault's folder for backups, there. Raises `OSError`."""
    if place.backups.is_symlink():
        raise OSError("a link")
    place.backups.mkdir(mode=0o700, exist_ok=True)
    make_private(place.backups)
    return place.backups
