"""Making a vault, and unlocking it.

What always holds: a vault is made whole beside its place and then put there in one step; nothing that exists is
overwritten; an attempt that fails changes nothing on disk but the count of wrong tries; the key lives in the open
connection alone.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from notekeeper.errors import VaultExistsError, VaultWriteError
from notekeeper.vault import header as headers
from notekeeper.vault import keys, migrations, rekey
from notekeeper.vault.attempts import counted, wrong_tries
from notekeeper.vault.connection import Connection
from notekeeper.vault.folder import (
    VaultFolder,
    found,
    locked,
    make_private,
    must_be_free,
    new_private_file,
    sync_folder,
)
from notekeeper.vault.header import Header
from notekeeper.vault.heads import Watch
from notekeeper.vault.keys import VaultKey, check_strength, new_recovery_key, new_vault_key
from notekeeper.vault.log import SqlLog
from notekeeper.vault.vault import SqlVault

_TRIES_NOTED = 50
KeyFrom = Callable[[Header], VaultKey]


def create(folder: Path, passphrase: str) -> tuple[SqlVault, str]:
    """A new vault, open, and its recovery key, which is shown once and kept nowhere. Raises `WeakPassphraseError`,
    `VaultExistsError` and `VaultWriteError`; then nothing is at `folder`."""
    folder = folder.absolute()
    check_strength(passphrase)
    must_be_free(folder)
    key, recovery_key = new_vault_key(), new_recovery_key()
    making: Path | None = None
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        _fill(VaultFolder(making), key, headers.new_header(key, passphrase, recovery_key))
        must_be_free(folder)
        making.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        if isinstance(error, FileExistsError):
            raise VaultExistsError(f"There is already something at {folder}, and it was left as it is.") from None
        raise VaultWriteError(
            f"No vault could be made at {folder}: the disk may be full or not writable. Nothing was left behind."
        ) from None
    finally:
        if making is not None and making.exists():
            shutil.rmtree(making, ignore_errors=True)
    return unlock_by(folder, lambda _: key), recovery_key


def unlock(folder: Path, passphrase: str) -> SqlVault:
    """Raises `VaultMissingError`, `VaultEmptyError`, `VaultDamagedError`, `VaultBusyError`, `VaultNewerError`,
    `WrongPassphraseError` or `VaultWriteError`."""
    return unlock_by(folder, by_passphrase(passphrase))


def unlock_with_recovery_key(folder: Path, recovery_key: str) -> SqlVault:
    """As `unlock`, by the recovery key as typed."""
    return unlock_by(folder, by_recovery_key(recovery_key))


def by_passphrase(passphrase: str) -> KeyFrom:
    """How a passphrase gives the key."""
    return lambda header: headers.key_by_passphrase(header, passphrase)


def by_recovery_key(typed: str) -> KeyFrom:
    """How a recovery key does. Raises `WrongPassphraseError` at once for a mistyped one, which is no try at a vault."""
    secret = keys.recovery_secret(typed)
    return lambda header: headers.key_by_recovery_secret(header, secret)


def open_unwatched(folder: Path, key: VaultKey) -> SqlVault:
    """As `unlock`, for a copy whose key is at hand: nothing is compared with, or noted in, what this computer knows."""
    return unlock_by(folder, lambda _: key, watched=False)


def _fill(place: VaultFolder, key: VaultKey, header: Header) -> None:
    make_private(place.path)
    place.backups.mkdir(mode=0o700)
    make_private(place.backups)
    new_private_file(place.lock)
    new_private_file(place.database)
    headers.write(place.header, header)
    db = Connection(place.database, key)
    try:
        log = SqlLog(db)
        with db.transaction():
            migrations.make_tables(db)
            log.new_key("")
            log.append("vault.created", header.vault_id, (headers.mark(header),))
    finally:
        db.close()


def _note_tries(db: Connection, tries: int) -> None:
    """An entry for each wrong try before this right one. What cannot be written keeps nobody from opening."""
    with contextlib.suppress(VaultWriteError), db.transaction():
        for _ in range(min(tries, _TRIES_NOTED)):
            SqlLog(db).append("unlock.failed", "")


def unlock_by(folder: Path, key_from: KeyFrom, *, watched: bool = True) -> SqlVault:
    """As `unlock`, by whatever gives the key; a `WrongPassphraseError` out of it counts as a wrong try."""
    place = found(folder.absolute())
    lock = locked(place)
    db: Connection | None = None
    try:
        tries = wrong_tries(place)
        with counted(place):
            db = rekey.opened(place, key_from)
        if migrations.version_of(db) < len(migrations.STEPS):
            migrations.back_up(db, place)
            with db.transaction():
                migrations.migrate(db)
                SqlLog(db).append("vault.migrated", "")
        for part in (place.path, place.database, place.header, place.lock):
            with contextlib.suppress(OSError):
                make_private(part)
        if watched:
            _note_tries(db, tries)
        return SqlVault(db, lock, place, Watch(db, SqlLog(db), place.path) if watched else None)
    except BaseException as error:
        if db is not None:
            db.close()
        lock.release()
        if isinstance(error, OSError):
            raise VaultWriteError(
                "A file of the vault cannot be read or written: its disk may be failing or its permissions wrong. "
                "Nothing was changed. Please check the disk and try again."
            ) from None
        raise
