"""The header file of a vault: the vault key wrapped for the passphrase, for the recovery key, and for shares if made.

What always holds: the file is one canonical JSON text of at most 8 KiB, so that no two files mean the same; its
checksum tells damage from a wrong passphrase; every parameter of a slot is bound to the wrapped key; a code under the
vault key covers the whole, so that a slot put in from elsewhere is found even with a fresh checksum. Format 1, which
had no shares, is read as it was written; every header made here is of format 2, with slots carried over as they are.
"""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from notekeeper.errors import VaultDamagedError, VaultNewerError, VaultWriteError, WillError, WrongPassphraseError
from notekeeper.vault import calibration, keys
from notekeeper.vault.cipher import WRITE
from notekeeper.vault.folder import UNREAD, new_private_file, write_whole
from notekeeper.vault.keys import KeyCost, VaultKey
from notekeeper.vault.slots import (
    Hex16,
    Hex32,
    PassphraseSlot,
    RecoverySlot,
    SharesSlot,
    Strict,
    canonical,
    passphrase_slot,
    recovery_slot,
    shares_slot,
    unwrapped,
)

FORMAT = 2
MAX_BYTES = 8192
_DAMAGED = (
    "The vault's header file is damaged, so the vault cannot be opened with it. Nothing was changed. Please put back "
    "the header file from a backup of this vault; the notes themselves are in vault.db."
)


class Header(Strict):
    """`vault_id` is random. Hex is lower case. `mac` and `checksum` are over all fields before them. `shares`
    and `stamp` are no fields of format 1; `stamp` is random in each header, so that none is the same as an earlier
    one, as after shares were made and withdrawn."""

    notekeeper_vault: Literal[1, 2] = 2
    cipher: Literal["sqlcipher-4-raw-key"] = "sqlcipher-4-raw-key"
    vault_id: Hex16
    passphrase: PassphraseSlot
    recovery: RecoverySlot
    shares: SharesSlot | None = None
    stamp: Hex16 | None = None
    mac: Hex32
    checksum: Hex32


def new_header(key: VaultKey, passphrase: str, recovery_key: str, vault_id: str = "") -> Header:
    """A header for a new vault, or for the vault of that id under a new key. The passphrase is calibrated to this
    computer, here and in `with_passphrase`."""
    vault_id = vault_id or secrets.token_hex(16)
    slot = passphrase_slot(key, vault_id, passphrase, calibration.calibrated())
    return _sealed(key, vault_id, slot, recovery_slot(key, vault_id, recovery_key), None)


def with_passphrase(header: Header, key: VaultKey, passphrase: str) -> Header:
    """The same header with the passphrase slot made anew."""
    slot = passphrase_slot(key, header.vault_id, passphrase, calibration.calibrated())
    return _sealed(key, header.vault_id, slot, header.recovery, header.shares)


def with_recovery_key(header: Header, key: VaultKey, recovery_key: str) -> Header:
    """The same header with another recovery key in place of the present one."""
    slot = recovery_slot(key, header.vault_id, recovery_key)
    return _sealed(key, header.vault_id, header.passphrase, slot, header.shares)


def with_shares(header: Header, key: VaultKey, secret: bytes, needed: int, count: int) -> Header:
    """The same header with a slot for this secret, of which the caller makes shares, in place of an earlier one."""
    slot = shares_slot(key, header.vault_id, secret, needed, count)
    return _sealed(key, header.vault_id, header.passphrase, header.recovery, slot)


def without_shares(header: Header, key: VaultKey) -> Header:
    """The same header without a slot for shares."""
    return _sealed(key, header.vault_id, header.passphrase, header.recovery, None)


def key_by_passphrase(header: Header, passphrase: str) -> VaultKey:
    """Raises `WrongPassphraseError`, or `VaultDamagedError` when the header was altered."""
    slot = header.passphrase
    cost = KeyCost(slot.memory_kib, slot.iterations, slot.lanes)
    wrapping = keys.passphrase_key(passphrase, bytes.fromhex(slot.salt), cost)
    key = unwrapped(slot, wrapping, header.vault_id)
    if key is None:
        raise WrongPassphraseError(
            "That passphrase does not open this vault. Nothing was changed. Please try again, with an eye on capitals "
            "and the keyboard's language, or use the recovery key."
        )
    return _checked(header, key)


def key_by_recovery_key(header: Header, typed: str) -> VaultKey:
    """Raises `WrongPassphraseError`, or `VaultDamagedError` when the header was altered."""
    return key_by_recovery_secret(header, keys.recovery_secret(typed))


def key_by_recovery_secret(header: Header, secret: bytes) -> VaultKey:
    """As `key_by_recovery_key`, by the 20 bytes that a well typed recovery key stands for."""
    wrapping = keys.expanded(secret, bytes.fromhex(header.recovery.salt), b"recovery")
    key = unwrapped(header.recovery, wrapping, header.vault_id)
    if key is None:
        raise WrongPassphraseError(
            "That recovery key is typed correctly but belongs to another vault, or was replaced by a newer one. "
            "Nothing was changed."
        )
    return _checked(header, key)


def key_by_shares(header: Header, secret: bytes) -> VaultKey:
    """By the secret that shares were joined to. Raises `WillError` when the vault has no shares, else as above."""
    if header.shares is None:
        raise WillError(
            "This vault has no shares: none were made, or they were withdrawn or ended with its old key. Nothing was "
            "changed. A backup made while they held still opens by them."
        )
    key = unwrapped(header.shares, keys.expanded(secret, bytes.fromhex(header.shares.salt), b"shares"), header.vault_id)
    if key is None:
        raise WrongPassphraseError(
            "These shares fit together but do not open this vault: they were replaced by newer ones, or belong to "
            "another vault. Nothing was changed. A backup made while they held still opens by them."
        )
    return _checked(header, key)


def read(path: Path) -> Header:
    """The header in this file. Raises `VaultDamagedError`, `VaultNewerError`, or `VaultWriteError` when the disk does
    not give it; no key is computed."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise VaultDamagedError(_DAMAGED) from None
    except OSError:
        raise VaultWriteError(UNREAD) from None
    try:
        if len(raw) > MAX_BYTES:
            raise VaultDamagedError(_DAMAGED)
        loose = json.loads(raw)
        version = loose.get("notekeeper_vault") if isinstance(loose, dict) else None
        if type(version) is int and version > FORMAT and _checksum_of(loose) == loose.get("checksum"):
            raise VaultNewerError(
                "This vault was written by a newer notekeeper. Nothing was changed. Please update notekeeper first."
            )
        header = Header.model_validate_json(raw)
        if (header.stamp is None) is not (header.notekeeper_vault == 1):
            raise VaultDamagedError(_DAMAGED)
    except (ValidationError, ValueError, RecursionError):
        raise VaultDamagedError(_DAMAGED) from None
    if as_bytes(header) != raw or _checksum_of(_fields(header)) != header.checksum:
        raise VaultDamagedError(_DAMAGED)
    return header


def write(path: Path, header: Header) -> None:
    """Replace the file in one step: the old header or the new one is there, never half of one."""
    write_whole(path, as_bytes(header))


def kept_beside(path: Path) -> Path:
    """The header under a second, temporary name in its folder, so that it can be put back without room on the disk; the
    next unlock sweeps it away. Raises `VaultWriteError`."""
    beside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        try:
            os.link(path, beside)
        except OSError:  # a disk without hard links
            new_private_file(beside)
            beside.write_bytes(path.read_bytes())
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise VaultWriteError(WRITE) from None
    return beside


def mark(header: Header) -> str:
    """SHA-256 of the file's bytes in hex, which the log commits to."""
    return hashlib.sha256(as_bytes(header)).hexdigest()


def as_bytes(header: Header) -> bytes:
    return canonical(_fields(header)) + b"\n"


def _fields(header: Header) -> dict[str, object]:
    return header.model_dump(exclude={"shares", "stamp"} if header.notekeeper_vault == 1 else None)


def _checksum_of(fields: dict[str, object]) -> str:
    return hashlib.sha256(canonical({k: v for k, v in fields.items() if k != "checksum"})).hexdigest()


def _mac(key: VaultKey, header: Header) -> str:
    fields = {name: value for name, value in _fields(header).items() if name not in ("mac", "checksum")}
    mac_key = keys.expanded(key.raw, bytes.fromhex(header.vault_id), b"header code")
    return hmac.new(mac_key, canonical(fields), hashlib.sha256).hexdigest()


def _sealed(
    key: VaultKey, vault_id: str, passphrase: PassphraseSlot, recovery: RecoverySlot, shares: SharesSlot | None
) -> Header:
    empty = "0" * 64
    bare = Header(
        vault_id=vault_id,
        passphrase=passphrase,
        recovery=recovery,
        shares=shares,
        stamp=secrets.token_hex(16),
        mac=empty,
        checksum=empty,
    )
    coded = bare.model_copy(update={"mac": _mac(key, bare)})
    return coded.model_copy(update={"checksum": _checksum_of(_fields(coded))})


def fits(header: Header, key: VaultKey) -> bool:
    """Whether this header was made for this key and is as it was made."""
    return hmac.compare_digest(header.mac, _mac(key, header))


def _checked(header: Header, key: VaultKey) -> VaultKey:
    if not fits(header, key):
        raise VaultDamagedError(
            "The vault's header file was altered by something other than notekeeper. Nothing was changed. Please put "
            "back the header file from a backup of this vault."
        )
    return key
