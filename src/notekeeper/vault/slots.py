"""The slots of a header: the vault key wrapped for one way in, and what each slot is bound to.

What always holds: every parameter of a slot and the vault's id are associated data of its wrapped key, so that none can
be changed; what slots are bound to does not change with the header's format, so that a slot can be carried over without
the secret that opens it.
"""

import json
import secrets
from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from notekeeper.vault import keys
from notekeeper.vault.keys import KeyCost, VaultKey

SHARES_LEAST, SHARES_MOST = 2, 16  # SLIP-39 has 16 at most; one share that opens alone would be a recovery key
_BOUND_TO = 1

Hex16 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Hex12 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{24}$")]
Hex32 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Wrapped = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{96}$")]


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PassphraseSlot(Strict):
    kdf: Literal["argon2id"] = "argon2id"
    salt: Hex16
    memory_kib: int = Field(ge=keys.MEMORY_KIB, le=keys.MEMORY_KIB_MOST)
    iterations: int = Field(ge=keys.ITERATIONS, le=keys.ITERATIONS_MOST)
    lanes: int = Field(ge=1, le=keys.LANES_MOST)
    nonce: Hex12
    wrapped: Wrapped


class RecoverySlot(Strict):
    kdf: Literal["hkdf-sha256"] = "hkdf-sha256"
    salt: Hex16
    nonce: Hex12
    wrapped: Wrapped


class SharesSlot(RecoverySlot):
    """`needed` of `count` shares open it."""

    needed: int = Field(ge=SHARES_LEAST, le=SHARES_MOST)
    count: int = Field(ge=SHARES_LEAST, le=SHARES_MOST)


def _context(slot: dict[str, object], vault_id: str) -> bytes:
    bound = {k: v for k, v in slot.items() if k != "wrapped"}
    return canonical({"notekeeper_vault": _BOUND_TO, "vault_id": vault_id, "slot": bound})


def unwrapped(slot: PassphraseSlot | RecoverySlot, wrapping: bytes, vault_id: str) -> VaultKey | None:
    """The vault key, or None when `wrapping` is not the slot's or the slot was altered."""
    context = _context(slot.model_dump(), vault_id)
    return keys.unwrap(bytes.fromhex(slot.wrapped), wrapping, bytes.fromhex(slot.nonce), context)


def passphrase_slot(key: VaultKey, vault_id: str, passphrase: str, cost: KeyCost) -> PassphraseSlot:
    """Slow on purpose, as `cost` says."""
    salt, nonce = secrets.token_bytes(keys.SALT_BYTES), secrets.token_bytes(keys.NONCE_BYTES)
    wrapping = keys.passphrase_key(passphrase, salt, cost)
    fields: dict[str, object] = {"kdf": "argon2id", "salt": salt.hex(), "nonce": nonce.hex(), **asdict(cost)}
    wrapped = keys.wrap(key, wrapping, nonce, _context(fields, vault_id))
    return PassphraseSlot.model_validate({**fields, "wrapped": wrapped.hex()})


def recovery_slot(key: VaultKey, vault_id: str, recovery_key: str) -> RecoverySlot:
    """Raises `WrongPassphraseError` for a recovery key that is mistyped."""
    fields, wrapping, nonce = _by_secret(keys.recovery_secret(recovery_key), b"recovery")
    wrapped = keys.wrap(key, wrapping, nonce, _context(fields, vault_id))
    return RecoverySlot.model_validate({**fields, "wrapped": wrapped.hex()})


def shares_slot(key: VaultKey, vault_id: str, secret: bytes, needed: int, count: int) -> SharesSlot:
    """For the secret of which the caller makes `count` shares."""
    fields, wrapping, nonce = _by_secret(secret, b"shares")
    fields |= {"needed": needed, "count": count}
    wrapped = keys.wrap(key, wrapping, nonce, _context(fields, vault_id))
    return SharesSlot.model_validate({**fields, "wrapped": wrapped.hex()})


def _by_secret(secret: bytes, purpose: bytes) -> tuple[dict[str, object], bytes, bytes]:
    """The fields of a slot for a random secret so far, the key it wraps under, and its nonce."""
    salt, nonce = secrets.token_bytes(keys.SALT_BYTES), secrets.token_bytes(keys.NONCE_BYTES)
    fields: dict[str, object] = {"kdf": "hkdf-sha256", "salt": salt.hex(), "nonce": nonce.hex()}
    return fields, keys.expanded(secret, salt, purpose), nonce


def canonical(fields: object) -> bytes:
    """The one JSON text of a header or a part of it: sorted keys, an indent of one space, ASCII."""
    return json.dumps(fields, indent=1, sort_keys=True).encode("ascii")
