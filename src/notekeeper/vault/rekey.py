"""A new key for a vault: every page encrypted anew, so that nothing that opened the old key opens what comes after.

What always holds, killed at any point: either vault.db is under the old key and `header` opens it, or it is under the
new one and `header.new`, later `header`, opens it. The point between is one rename, of vault.db.new over vault.db. The
next unlock finishes or clears what was left. Backups made before stay under the old key and open by the old ways in.
"""

import contextlib
import os
from collections.abc import Callable

from notekeeper.errors import (
    VaultBusyError,
    VaultDamagedError,
    VaultError,
    VaultWriteError,
    WillError,
    WrongPassphraseError,
)
from notekeeper.vault import header as headers
from notekeeper.vault.backups import contents
from notekeeper.vault.connection import Connection
from notekeeper.vault.folder import VaultFolder, new_private_file, sweep, sync_folder
from notekeeper.vault.header import Header
from notekeeper.vault.keys import VaultKey, new_vault_key
from notekeeper.vault.log import SqlLog
from notekeeper.vault.verify import sound

_WRITE = (
    "The vault could not be given a new key: the disk may be full, read-only or failing. Its old key, passphrase and "
    "recovery key hold as before, and nothing is lost. It needs as much free room as the vault takes."
)
_UNSOUND = (
    "The copy of the vault under a new key was not sound, so it was removed. The old key holds as before, and nothing "
    "is lost. The disk or the vault may be damaged: please run `notekeeper verify`."
)


def rekey(db: Connection, place: VaultFolder, before: Header, passphrase: str, recovery_key: str) -> None:
    """Give the vault a new key, opened by `passphrase` and `recovery_key`. Shares end. `db` is closed afterwards, and
    the lock stays with the caller. Raises `VaultWriteError`, `VaultDamagedError`; then the old key holds."""
    key = new_vault_key()
    after = headers.new_header(key, passphrase, recovery_key, before.vault_id)
    clear(place)
    ready = False
    try:
        _copy(db, place, key, after)
        db.close()
        if place.path.joinpath("vault.db-wal").exists():
            raise VaultBusyError("Another program reads this vault. Nothing was changed. Please close it there.")
        headers.write(place.new_header, after)
        ready = True
        place.new_database.replace(place.database)
        sync_folder(place.path)
    except BaseException as error:
        if not ready or place.new_database.exists():  # the rename was not done
            clear(place)
            if isinstance(error, OSError):
                raise VaultWriteError(_WRITE) from None
            raise
        if not isinstance(error, OSError):  # what can still fail is to make the rename last, and the next unlock may
            raise
    with contextlib.suppress(OSError):  # the next unlock does it
        _settle(place)


def opened(place: VaultFolder, key_from: Callable[[Header], VaultKey]) -> Connection:
    """The vault's database, by the header that fits it; what a killed change left is finished or cleared away. Raises
    what `key_from` and `Connection` raise; then nothing was changed."""
    if not place.new_header.exists():
        db = Connection(place.database, key_from(headers.read(place.header)))
        clear(place)
        return db
    # A new header without a new database means that the rename was done.
    renamed = not place.new_database.exists()
    problem: VaultError | WillError | None = None
    for new in (renamed, not renamed):
        try:
            db = Connection(place.database, key_from(headers.read(place.new_header if new else place.header)))
        except (VaultDamagedError, WrongPassphraseError, WillError) as error:
            problem = problem or error
            continue
        if new:
            _settle(place)
        clear(place)
        return db
    assert problem is not None  # noqa: S101 - both ways were tried, and each returned or failed
    raise problem


def header_of(place: VaultFolder) -> Header:
    """The header that fits the database as it lies there. Raises `VaultDamagedError`, `VaultNewerError`."""
    renamed = place.new_header.exists() and not place.new_database.exists()
    return headers.read(place.new_header if renamed else place.header)


def clear(place: VaultFolder) -> None:
    """Take away what a change of keys that was killed before it counted has left. What cannot be removed stays."""
    with contextlib.suppress(OSError):
        place.new_header.unlink(missing_ok=True)  # first: alone it would say that the rename was done
        for more in ("-wal", "-shm", "-journal", ""):
            place.new_database.with_name(place.new_database.name + more).unlink(missing_ok=True)
        sweep(place)


def _copy(db: Connection, place: VaultFolder, key: VaultKey, after: Header) -> None:
    """Write vault.db.new, and hold it against the vault page by page, row by row and entry by entry."""
    new_private_file(place.new_database)
    copy = Connection(place.new_database, key)
    try:
        with db.at_rest():
            db.copy_to(copy)
            if not sound(copy) or contents(copy) != contents(db):
                raise VaultDamagedError(_UNSOUND)
        SqlLog(copy).append("vault.rekeyed", after.vault_id, (headers.mark(after),))
    finally:
        copy.close()
    with place.new_database.open("rb+") as file:
        os.fsync(file.fileno())


def _settle(place: VaultFolder) -> None:
    place.new_header.replace(place.header)
    sync_folder(place.path)
