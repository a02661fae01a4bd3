"""Backups as a therapist is shown them, and what services ask of them.

What always holds: a backup that is listed is a whole vault of its own that was opened and verified when it was made,
encrypted as the vault is; making one changes nothing in the vault.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from notekeeper.domain.text import Frozen


class BackupReason(StrEnum):
    DAILY = "daily"
    SIGNING = "signing"
    MIGRATION = "migration"
    BY_HAND = "by_hand"
    BEFORE_RESTORE = "before_restore"


class SecondFolder(Frozen):
    """Where a copy of each backup goes besides the vault's own folder; '' for nowhere."""

    path: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup. `entries` and `head` are the log's length and last hash when it was made; `known` says that the
    vault's log still has that hash there. `second` is true of a copy in the second folder. `bytes` is its size."""

    path: Path
    made_at: datetime
    reason: BackupReason
    program: str
    entries: int
    head: str
    bytes: int
    known: bool
    second: bool


@dataclass(frozen=True, slots=True)
class FoundBackup:
    """What lies in a folder and calls itself a backup: nothing of it was opened yet. `reason` and `made_at` are None of
    a plain copy of a vault."""

    path: Path
    made_at: datetime | None = None
    reason: BackupReason | None = None


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was made and verified; the copy in the second folder, if one was made; what a therapist should
    know besides, a sentence each."""

    backup: Backup
    copy: Path | None = None
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did. `set_aside` is where the folder went that was there before, whole; `missing` counts the
    entries of its log that the backup has not, by event, and is None when that could not be read. `changed` says that
    the folder set aside has another history than the backup, or is another vault."""

    place: Path
    made_at: datetime | None
    entries: int
    head: str
    set_aside: Path | None = None
    missing: dict[str, int] | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Drill:
    """What trying a backup found: `problems` is empty when it would restore whole. `clients` and `notes` are counted
    in the restored vault."""

    made_at: datetime | None
    entries: int
    head: str
    clients: int
    notes: int
    problems: tuple[str, ...]


class Backups(Protocol):
    """Safe from a thread: others are held up only while the files are copied. Raises `BackupError`, and `VaultError`
    of the vault itself."""

    def make(self, reason: BackupReason, to: Path | None = None) -> BackupMade:
        """Make a backup, open and verify it, and remove those it takes the place of. With `to` it goes into that
        folder alone, and nothing is removed."""
        ...

    def all(self) -> list[Backup]:
        """Newest first, by the log where its head is known, else by time; those of the second folder too when it is
        there."""
        ...

    def newest(self) -> Backup | None:
        """The newest in the vault's own folder."""
        ...

    def due(self) -> bool:
        """Whether none was made today, or none since a client was erased."""
        ...

    def catch_up(self) -> None:
        """Bring a second folder that was away, and is there again, up to the newest backup. Quick when it is."""
        ...

    def second_folder(self) -> Path | None: ...

    def set_second_folder(self, folder: Path | None) -> None:
        """Logged. None for no second folder; the copies there stay. Raises `UsageError` when there is no such folder
        or it lies in the vault."""
        ...
