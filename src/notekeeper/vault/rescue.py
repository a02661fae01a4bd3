"""A copy of a vault whose files were moved, removed or replaced while it was open.

What always holds: the copy is a whole vault, under the same key and header, checked before it gets its name; it lies
beside the place the vault was in, or else in the user's own folder; nothing that exists is overwritten. A file that
was removed lives on for the program that has it open, so what was saved can be copied until it is closed.
"""

import contextlib
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from notekeeper.errors import VaultError
from notekeeper.vault import backup_files as files
from notekeeper.vault import header as headers
from notekeeper.vault.connection import Connection
from notekeeper.vault.folder import VaultFolder, make_private, new_private_file
from notekeeper.vault.header import Header
from notekeeper.vault.verify import sound


def rescued(db: Connection, place: VaultFolder, header: Header) -> Path | None:
    """The new vault with all that `db` holds; None when it cannot be read any more or nothing can be written."""
    for parent in (place.path.parent, Path.home()):
        with contextlib.suppress(OSError, shutil.Error, VaultError):
            return _copied(db, parent, place.path.name.removesuffix(".vault"), header)
    return None


def _copied(db: Connection, parent: Path, name: str, header: Header) -> Path:
    made = Path(tempfile.mkdtemp(prefix=f".{name}-rescuing-", dir=parent))
    try:
        copy = VaultFolder(made)
        make_private(made)
        copy.backups.mkdir(mode=0o700)
        new_private_file(copy.lock)
        new_private_file(copy.database)
        headers.write(copy.header, header)
        other = Connection(copy.database, db.key)
        try:
            db.copy_to(other)
            if not sound(other):
                raise VaultError("the copy is not sound")
        finally:
            other.close()
        stamp = f"{datetime.now().astimezone():%Y%m%d-%H%M%S}"
        tries = (parent / f"{name}.rescued-{stamp}{more}.vault" for more in ("", *(f"-{n}" for n in range(2, 100))))
        final = next(path for path in tries if not path.exists() and not path.is_symlink())
        files.settle(made, final)
        return final
    finally:
        if made.exists():
            shutil.rmtree(made, ignore_errors=True)
