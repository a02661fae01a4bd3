"""Making a vault, unlocking it, and changing its passphrase.

What always holds: a vault is made whole beside its place and then put there in one step; nothing that exists is
overwritten; an attempt that fails changes nothing on disk; the key lives in the open connection alone.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from notekeeper.errors import VaultExistsError, VaultWriteError
from notekeeper.vault import header as headers
from notekeeper.vault import migrations
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
    return _unlock(folder, lambda _: key), recovery_key


def unlock(folder: Path, passphrase: str) -> SqlVault:
    """Raises `VaultMissingError`, `VaultEmptyError`, `VaultDamagedError`, `VaultBusyError`, `VaultNewerError`,
    `WrongPassphraseError` or `VaultWriteError`."""
    return _unlock(folder, lambda header: headers.key_by_passphrase(header, passphrase))


def unlock_with_recovery_key(folder: Path, recovery_key: str) -> SqlVault:
    """As `unlock`, by the recovery key as typed."""
    return _unlock(folder, lambda header: headers.key_by_recovery_key(header, recovery_key))


def open_unwatched(folder: Path, key: VaultKey) -> SqlVault:
    """As `unlock`, for a copy whose key is at hand: nothing is compared with, or noted in, what this computer knows."""
    return _unlock(folder, lambda _: key, watched=False)


def change_passphrase(folder: Path, passphrase: str, new: str) -> None:
    """The old passphrase opens the vault until the moment the new one does. Raises as `unlock` does, and
    `WeakPassphraseError`; then the old one stands."""
    _change(folder, lambda header: headers.key_by_passphrase(header, passphrase), new)


def reset_passphrase(folder: Path, recovery_key: str, new: str) -> None:
    """As `change_passphrase`, by the recovery key, which stays the same."""
    _change(folder, lambda header: headers.key_by_recovery_key(header, recovery_key), new)


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
            log.append("vault.created", header.vault_id)
    finally:
        db.close()


def _unlock(folder: Path, key_from: Callable[[Header], VaultKey], *, watched: bool = True) -> SqlVault:
    place = found(folder.absolute())
    lock = locked(place)
    db: Connection | None = None
    try:
        db = Connection(place.database, key_from(headers.read(place.header)))
        if migrations.version_of(db) < len(migrations.STEPS):
            migrations.back_up(db, place)
            with db.transaction():
                migrations.migrate(db)
                SqlLog(db).append("vault.migrated", "")
        for part in (place.path, place.database, place.header, place.lock):
            with contextlib.suppress(OSError):
                make_private(part)
        return SqlVault(db, lock, place, Watch(db, SqlLog(db)) if watched else None)
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


def _change(folder: Path, key_from: Callable[[Header], VaultKey], new: str) -> None:
    check_strength(new)
    read: list[tuple[Header, VaultKey]] = []

    def keep(header: Header) -> VaultKey:
        key = key_from(header)
        read.append((header, key))
        return key

    # The database is opened first: a header that belongs to another vault must not be written anew.
    vault = _unlock(folder, keep)
    try:
        header, key = read.pop()
        headers.write(VaultFolder(vault.path).header, headers.with_passphrase(header, key, new))
        vault.passphrase_changed(header.vault_id)
    finally:
        vault.close()
