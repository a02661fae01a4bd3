"""The log of access: what of the record was opened, and when.

What always holds: an entry has a random id and a time, never a code or a word; the same thing opened again within ten
minutes in one sitting is one entry; a disk that cannot be written keeps nothing from being read.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from weakref import WeakKeyDictionary

from notekeeper.domain.note import Client, Note
from notekeeper.domain.vault import Vault
from notekeeper.errors import VaultError, VaultWriteError

AGAIN_AFTER_S = 600.0
clock: Callable[[], float] = time.monotonic
_opened: "WeakKeyDictionary[Vault, dict[tuple[str, str], float]]" = WeakKeyDictionary()


def vault_opened(vault: Vault) -> None:
    """Somebody has unlocked the vault to work in it."""
    with suppress(VaultWriteError):
        vault.log.event("vault.opened")


def vault_locked(vault: Vault) -> None:
    """The vault is about to be closed in good order. Never raises: closing must go on."""
    with suppress(VaultError):
        vault.log.event("vault.locked")


def client_opened(vault: Vault, client: Client) -> None:
    """The client's file, with its front sheet, is shown."""
    _once(vault, "client.opened", client.id, client.id)


def note_opened(vault: Vault, note: Note) -> None:
    """The note is shown: written, reviewed or read as signed."""
    _once(vault, "note.opened", note.id, note.client_id)


def search_made(vault: Vault, client: Client | None) -> None:
    """A search, in one file or in all; nothing of what was looked for."""
    _once(vault, "search.made", client.id if client else "", client.id if client else None)


def _once(vault: Vault, event: str, subject: str, client_id: str | None) -> None:
    sitting = _opened.setdefault(vault, {})
    now, before = clock(), sitting.get((event, subject))
    if before is not None and now - before < AGAIN_AFTER_S:
        return
    with suppress(VaultWriteError):
        vault.log.event(event, subject, client_id=client_id)
        sitting[event, subject] = now
