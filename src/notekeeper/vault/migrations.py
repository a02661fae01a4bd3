"""The steps by which the database came to its present form.

What always holds: a step that was released is never changed, only followed; all steps of one start are one
transaction; a verified backup is made before the form of a vault is changed; a newer form than this program knows is
refused.
"""

from importlib import resources

from notekeeper.domain.backup import BackupReason
from notekeeper.errors import BackupError, VaultDamagedError, VaultNewerError
from notekeeper.vault import backups
from notekeeper.vault.connection import Connection
from notekeeper.vault.folder import VaultFolder

STEPS = ("0001_record.sql", "0002_front_sheet.sql", "0003_addendum.sql", "0004_follow_up.sql", "0005_client_file.sql")


def version_of(db: Connection) -> int:
    """How many steps this database has taken. Raises `VaultNewerError` when it has taken more than are known, and
    `VaultDamagedError` when it has taken none."""
    version = int(db.ask("user_version")[0][0])
    if version > len(STEPS):
        raise VaultNewerError(
            "This vault was written by a newer notekeeper. Nothing was changed. Please update notekeeper to open it."
        )
    if version == 0:
        raise VaultDamagedError(
            "The vault's database opens but holds no record at all. Nothing was changed. Please put back a backup."
        )
    return version


def make_tables(db: Connection) -> None:
    """Take every step on a new, empty database. The caller holds the transaction."""
    _take(db, 0)


def migrate(db: Connection) -> None:
    """Take the steps that an existing vault has not taken yet. The caller made a backup and holds the transaction."""
    _take(db, version_of(db))


def back_up(db: Connection, place: VaultFolder) -> None:
    """A verified backup in the vault's folder. Raises `BackupError`; then nothing was changed. None is removed for it
    here: whether this vault is an older copy is looked at later."""
    try:
        backups.make(db, place, BackupReason.MIGRATION)
    except BackupError:
        raise BackupError(
            "No backup could be made before bringing the vault to its new form, so it was left as it was. Please make "
            "room on the disk and try again."
        ) from None


def _script(step: str) -> str:
    return resources.files("notekeeper.vault").joinpath("schema", step).read_text(encoding="utf-8")


def _take(db: Connection, version: int) -> None:
    for step in STEPS[version:]:
        db.run_script(_script(step))
    db.set_schema_version(len(STEPS))
