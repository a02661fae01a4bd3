"""Backups that happen by themselves: once a day, after a client was erased, and after each signature.

What always holds: nothing here raises because a backup could not be made, for the work it follows is done and safe;
what a therapist should know then is a sentence. Can be called from a thread.
"""

from dataclasses import dataclass

from notekeeper.domain.backup import Backup, BackupReason, Restored
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError

REASONS = {
    BackupReason.DAILY: "daily",
    BackupReason.SIGNING: "after signing",
    BackupReason.MIGRATION: "before an upgrade",
    BackupReason.BY_HAND: "by hand",
    BackupReason.BEFORE_RESTORE: "before a restore",
}
"""Why a backup was made, as a therapist reads it."""
_SPACED = str.maketrans("._", "  ")
_UNFORESEEN = (ArithmeticError, LookupError, OSError, RuntimeError, TypeError, ValueError)
_UNKNOWN_CAUSE = "No backup could be made, for a cause that is not known. Please run `notekeeper backup now`."


@dataclass(frozen=True, slots=True)
class BackupNews:
    """The backup made just now, None when none was; and what should be said."""

    made: Backup | None = None
    said: tuple[str, ...] = ()


def back_up_if_due(vault: Vault) -> BackupNews:
    """The day's backup, if it was not made yet. None is made of a vault that may be an older copy: its rotation would
    push out better ones."""
    try:
        if vault.alarm:
            return BackupNews()
        if vault.backups.due():
            return _made(vault, BackupReason.DAILY)
        vault.backups.catch_up()
    except NotekeeperError as error:
        return BackupNews(said=(f"Today's backup: {error}",))
    except _UNFORESEEN:
        return BackupNews(said=(f"Today's backup: {_UNKNOWN_CAUSE}",))
    return BackupNews()


def after_signing(vault: Vault) -> BackupNews:
    """A backup with the note just signed. None, as each day, of a vault that may be an older copy."""
    try:
        if vault.alarm:
            return BackupNews(
                said=("The note is signed. No backup was made of it by itself: this vault may be an older copy.",)
            )
        return _made(vault, BackupReason.SIGNING)
    except NotekeeperError as error:
        return BackupNews(said=(f"The note is signed. {error}",))
    except _UNFORESEEN:
        return BackupNews(said=(f"The note is signed. {_UNKNOWN_CAUSE}",))


def beyond(done: Restored) -> str:
    """What a vault that was set aside has that the restored one has not."""
    if done.changed:
        return "It has another history than this backup: look into it before you go on."
    if done.missing is None:
        return "Whether it holds something that the backup has not could not be read."
    if not done.missing:
        return "It holds nothing that the backup has not."
    told = ", ".join(f"{event.translate(_SPACED)}: {count}" for event, count in sorted(done.missing.items()))
    return f"Its log has entries that the backup has not. {told}."


def _made(vault: Vault, reason: BackupReason) -> BackupNews:
    made = vault.backups.make(reason)
    return BackupNews(made.backup, made.said)
