"""Which backups stay and which a newer one takes the place of.

What always holds: the newest backup stays, and those made by hand do, until a client is erased: then every backup that
still holds the client goes as soon as one without them is there, and not before. Backups that this vault's log does not
know are of a history that was left, or of another copy of the vault: they are never counted against its own, and none
takes the place of one of its own. The counts are those of docs/backups.md.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from notekeeper.domain.backup import Backup, BackupReason

DAYS, WEEKS, MONTHS = 7, 4, 12
NEWEST = {BackupReason.SIGNING: 5, BackupReason.MIGRATION: 3, BackupReason.BEFORE_RESTORE: 3}


@dataclass(frozen=True, slots=True)
class Erasure:
    """The newest erasure of a client that was no demonstration: its entry in the log, and when."""

    entry: int
    at: datetime


def ordered(backups: Iterable[Backup]) -> list[Backup]:
    """Newest first. A clock may go back and the log does not, so the log decides where it knows the backup; those it
    does not know are of a history that was left, and come after."""
    return sorted(backups, key=lambda b: (b.known, b.entries if b.known else 0, b.made_at), reverse=True)


def superseded(backups: Iterable[Backup], erasure: Erasure | None) -> list[Backup]:
    """Those of one folder that may go now."""
    all_of_them = ordered(backups)
    known = [b for b in all_of_them if b.known]
    if not known:
        return []
    without = [b for b in known if erasure is None or not holds_erased(b, erasure)]
    newest_first = without or known
    staying = {newest_first[0].path}
    staying |= {b.path for b in all_of_them if not (b.known or (without and erasure and holds_erased(b, erasure)))}
    for reason in BackupReason:
        of_reason = [b for b in newest_first if b.reason is reason]
        if reason is BackupReason.DAILY:
            staying |= _first_of_each(of_reason, DAYS, lambda at: at.date())
            staying |= _first_of_each(of_reason, WEEKS, lambda at: at.isocalendar()[:2])
            staying |= _first_of_each(of_reason, MONTHS, lambda at: (at.year, at.month))
        else:
            staying |= {b.path for b in of_reason[: NEWEST.get(reason)]}
    return [b for b in all_of_them if b.path not in staying]


def holds_erased(backup: Backup, erasure: Erasure) -> bool:
    """Whether it holds the words of a client that was erased since. Of one that the log does not know, its own time
    must do; one made later, elsewhere, may hold them too, and is the therapist's to remove."""
    return backup.entries < erasure.entry if backup.known else backup.made_at <= erasure.at


def _first_of_each(newest_first: list[Backup], most: int, period: Callable[[datetime], Hashable]) -> set[Path]:
    first: dict[Hashable, Path] = {}
    for backup in newest_first:
        first.setdefault(period(backup.made_at.astimezone()), backup.path)
    return set(list(first.values())[:most])
