"""The header file of a vault: the vault key wrapped twice, once for the passphrase and once for the recovery key.

What always holds: the file is one canonical JSON text of at most 8 KiB, so that no two files mean the same; its
checksum tells damage from a wrong passphrase; every parameter of a slot is bound to the wrapped key; a code under the
vault key covers the whole, so that a slot put in from elsewhere is found even with a fresh checksum.
"""

import hashlib
import hmac
import json
import secrets
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from notekeeper.errors import VaultDamagedError, VaultNewerError, WrongPassphraseError
from notekeeper.vault import keys
from notekeeper.vault.folder import read_small, write_whole
from notekeeper.vault.keys import VaultKey

FORMAT = 1
MAX_BYTES = 8192
_DAMAGED = (
    "The vault's header file is damaged, so the vault cannot be opened with it. Nothing was changed. Please put back "
    "the header file from a backup of this vault; the notes themselves are in vault.db."
)

Hex16 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Hex12 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{24}$")]
Hex32 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Wrapped = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{96}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PassphraseSlot(_Strict):
    kdf: Literal["argon2id"] = "argon2id"
    salt: Hex16
    memory_kib: int = Field(ge=keys.MEMORY_KIB, le=keys.MEMORY_KIB_MOST)
    iterations: int = Field(ge=keys.ITERATIONS, le=keys.ITERATIONS_MOST)
    lanes: int = Field(ge=1, le=keys.LANES_MOST)
    nonce: Hex12
    wrapped: Wrapped


class RecoverySlot(_Strict):
    kdf: Literal["hkdf-sha256"] = "hkdf-sha256"
    salt: Hex16
    nonce: Hex12
    wrapped: Wrapped


class Header(_Strict):
    """`vault_id` is random. Hex is lower case. `mac` and `checksum` are over all fields before them."""

    notekeeper_vault: Literal[1] = 1
    cipher: Literal["sqlcipher-4-raw-key"] = "sqlcipher-4-raw-key"
    vault_id: Hex16
    passphrase: PassphraseSlot
    recovery: RecoverySlot
    mac: Hex32
    checksum: Hex32


def new_header(key: VaultKey, passphrase: str, recovery_key: str) -> Header:
    """A header for a new vault."""
    vault_id = secrets.token_hex(16)
    return _sealed(
        key, vault_id, _passphrase_slot(key, vault_id, passphrase), _recovery_slot(key, vault_id, recovery_key)
    )


def with_passphrase(header: Header, key: VaultKey, passphrase: str) -> Header:
    """The same header with the passphrase slot made anew."""
    return _sealed(key, header.vault_id, _passphrase_slot(key, header.vault_id, passphrase), header.recovery)


def key_by_passphrase(header: Header, passphrase: str) -> VaultKey:
    """Raises `WrongPassphraseError`, or `VaultDamagedError` when the header was altered."""
    slot = header.passphrase
    wrapping = keys.passphrase_key(
        passphrase,
        bytes.fromhex(slot.salt),
        memory_kib=slot.memory_kib,
        iterations=slot.iterations,
        lanes=slot.lanes,
    )
    key = _unwrapped(slot, wrapping, header.vault_id)
    if key is None:
        raise WrongPassphraseError(
            "That passphrase does not open this vault. Nothing was changed. Please try again, with an eye on capitals "
            "and the keyboard's language, or use the recovery key."
        )
    return _checked(header, key)


def key_by_recovery_key(header: Header, typed: str) -> VaultKey:
    """Raises `WrongPassphraseError`, or `VaultDamagedError` when the header was altered."""
    secret = keys.recovery_secret(typed)
    wrapping = keys.expanded(secret, bytes.fromhex(header.recovery.salt), b"recovery")
    key = _unwrapped(header.recovery, wrapping, header.vault_id)
    if key is None:
        raise WrongPassphraseError(
            "That recovery key is typed correctly but belongs to another vault, or was replaced by a newer one. "
            "Nothing was changed."
        )
    return _checked(header, key)


def read(path: Path) -> Header:
    """The header in this file. Raises `VaultDamagedError` or `VaultNewerError`; no key is computed."""
    raw = read_small(path, MAX_BYTES)
    if raw is None:
        raise VaultDamagedError(_DAMAGED)
    try:
        loose = json.loads(raw)
        version = loose.get("notekeeper_vault") if isinstance(loose, dict) else None
        if type(version) is int and version > FORMAT and _checksum_of(loose) == loose.get("checksum"):
            raise VaultNewerError(
                "This vault was written by a newer notekeeper. Nothing was changed. Please update notekeeper first."
            )
        header = Header.model_validate_json(raw)
    except (ValidationError, ValueError, RecursionError):
        raise VaultDamagedError(_DAMAGED) from None
    if as_bytes(header) != raw or _checksum_of(header.model_dump()) != header.checksum:
        raise VaultDamagedError(_DAMAGED)
    return header


def write(path: Path, header: Header) -> None:
    """Replace the file in one step: the old header or the new one is there, never half of one."""
    write_whole(path, as_bytes(header))


def as_bytes(header: Header) -> bytes:
    return _canonical(header.model_dump()) + b"\n"


def _canonical(fields: object) -> bytes:
    return json.dumps(fields, indent=1, sort_keys=True).encode("ascii")


def _checksum_of(fields: dict[str, object]) -> str:
    return hashlib.sha256(_canonical({k: v for k, v in fields.items() if k != "checksum"})).hexdigest()


def _context(slot: dict[str, object], vault_id: str) -> bytes:
    bound = {k: v for k, v in slot.items() if k != "wrapped"}
    return _canonical({"notekeeper_vault": FORMAT, "vault_id": vault_id, "slot": bound})


def _unwrapped(slot: PassphraseSlot | RecoverySlot, wrapping: bytes, vault_id: str) -> VaultKey | None:
    context = _context(slot.model_dump(), vault_id)
    return keys.unwrap(bytes.fromhex(slot.wrapped), wrapping, bytes.fromhex(slot.nonce), context)


def _passphrase_slot(key: VaultKey, vault_id: str, passphrase: str) -> PassphraseSlot:
    salt, nonce = secrets.token_bytes(keys.SALT_BYTES), secrets.token_bytes(keys.NONCE_BYTES)
    cost = {"memory_kib": keys.MEMORY_KIB, "iterations": keys.ITERATIONS, "lanes": keys.LANES}
    wrapping = keys.passphrase_key(passphrase, salt, **cost)
    fields: dict[str, object] = {"kdf": "argon2id", "salt": salt.hex(), "nonce": nonce.hex(), **cost}
    wrapped = keys.wrap(key, wrapping, nonce, _context(fields, vault_id))
    return PassphraseSlot.model_validate({**fields, "wrapped": wrapped.hex()})


def _recovery_slot(key: VaultKey, vault_id: str, recovery_key: str) -> RecoverySlot:
    salt, nonce = secrets.token_bytes(keys.SALT_BYTES), secrets.token_bytes(keys.NONCE_BYTES)
    fields: dict[str, object] = {"kdf": "hkdf-sha256", "salt": salt.hex(), "nonce": nonce.hex()}
    wrapping = keys.expanded(keys.recovery_secret(recovery_key), salt, b"recovery")
    wrapped = keys.wrap(key, wrapping, nonce, _context(fields, vault_id))
    return RecoverySlot.model_validate({**fields, "wrapped": wrapped.hex()})


def _mac(key: VaultKey, header: Header) -> str:
    fields = header.model_dump(exclude={"mac", "checksum"})
    mac_key = keys.expanded(key.raw, bytes.fromhex(header.vault_id), b"header code")
    return hmac.new(mac_key, _canonical(fields), hashlib.sha256).hexdigest()


def _sealed(key: VaultKey, vault_id: str, passphrase: PassphraseSlot, recovery: RecoverySlot) -> Header:
    empty = "0" * 64
    bare = Header(vault_id=vault_id, passphrase=passphrase, recovery=recovery, mac=empty, checksum=empty)
    coded = bare.model_copy(update={"mac": _mac(key, bare)})
    return coded.model_copy(update={"checksum": _checksum_of(coded.model_dump())})


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
