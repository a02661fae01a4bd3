"""Passphrases, the printed recovery key, and the wrapping of the vault key.

What always holds: the vault key is 32 random bytes, made once and never derived from a passphrase; a passphrase is
read in the same Unicode form each time; Argon2id runs only with parameters inside the bounds below, so that a hostile
header cannot ask for a hundred gigabytes. Nothing here appears in an error or a repr.
"""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from zxcvbn import zxcvbn

from notekeeper.errors import VaultError, WeakPassphraseError, WrongPassphraseError

KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 12
# The least that is ever taken. RFC 9106, section 4, the second recommended option: 64 MiB, 3 passes, 4 lanes.
MEMORY_KIB, ITERATIONS, LANES = 65_536, 3, 4
MEMORY_KIB_MOST, ITERATIONS_MOST, LANES_MOST = 1_048_576, 12, 16
MIN_LENGTH, MIN_SCORE = 10, 3
_ZXCVBN_LENGTH = 72

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OIL", "011")
_RECOVERY_BYTES = 20
_CHECK_SYMBOLS = 4
_GROUP = 4


@dataclass(frozen=True, slots=True)
class VaultKey:
    """The key of one vault: exactly 32 bytes, never shown."""

    raw: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise ValueError("a vault key is 32 bytes")


@dataclass(frozen=True, slots=True)
class KeyCost:
    """What one guess at a passphrase costs: the parameters of Argon2id. Raises `ValueError` out of bounds."""

    memory_kib: int = MEMORY_KIB
    iterations: int = ITERATIONS
    lanes: int = LANES

    def __post_init__(self) -> None:
        within = (
            MEMORY_KIB <= self.memory_kib <= MEMORY_KIB_MOST
            and ITERATIONS <= self.iterations <= ITERATIONS_MOST
            and 1 <= self.lanes <= LANES_MOST
        )
        if not within:
            raise ValueError("Argon2id parameters out of bounds")


FLOOR = KeyCost()


def new_vault_key() -> VaultKey:
    """A fresh random key."""
    return VaultKey(secrets.token_bytes(KEY_BYTES))


def normalised(passphrase: str) -> bytes:
    """The bytes a passphrase stands for, whichever Unicode form the keyboard gave (NFKC, UTF-8)."""
    return unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")


def check_strength(passphrase: str) -> None:
    """Raise `WeakPassphraseError` for one that is short or easily guessed (zxcvbn score below 3 of 4)."""
    text = unicodedata.normalize("NFKC", passphrase)
    if len(text) < MIN_LENGTH:
        raise WeakPassphraseError(
            f"A passphrase has at least {MIN_LENGTH} characters. Four or five unrelated words are easy to remember and "
            "hard to guess. Nothing was changed."
        )
    # The longest text that zxcvbn takes; what follows can only make a passphrase stronger.
    if zxcvbn(text[:_ZXCVBN_LENGTH], user_inputs=["notekeeper", "vault", "therapy"])["score"] < MIN_SCORE:
        raise WeakPassphraseError(
            "That passphrase could be guessed too easily. Four or five unrelated words are easy to remember and hard "
            "to guess. Nothing was changed."
        )


def passphrase_key(passphrase: str, salt: bytes, cost: KeyCost) -> bytes:
    """32 bytes by Argon2id. Raises `VaultError` when this computer has not the memory for it now."""
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt is 16 bytes")
    kdf = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    try:
        return kdf.derive(normalised(passphrase))
    except MemoryError:
        raise VaultError(
            f"Trying the passphrase takes {cost.memory_kib // 1024} MiB of memory, which this computer has not free: "
            "it was set on one with more. Nothing was changed. Please close other programs and try again, or open the "
            "vault by its recovery key, which needs little, and set a new passphrase here."
        ) from None


def expanded(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    """32 bytes by HKDF-SHA256; one secret gives unrelated keys for different purposes."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=b"notekeeper " + purpose).derive(secret)


def wrap(key: VaultKey, wrapping: bytes, nonce: bytes, context: bytes) -> bytes:
    """The vault key under another key (AES-256-GCM), bound to `context`."""
    return AESGCM(wrapping).encrypt(nonce, key.raw, context)


def unwrap(wrapped: bytes, wrapping: bytes, nonce: bytes, context: bytes) -> VaultKey | None:
    """The vault key, or None when `wrapping` is not the key it was wrapped under or `context` differs."""
    try:
        return VaultKey(AESGCM(wrapping).decrypt(nonce, wrapped, context))
    except InvalidTag:
        return None


def new_recovery_key() -> str:
    """160 random bits in Crockford's base 32 with four check letters, in nine groups of four."""
    return printed(secrets.token_bytes(_RECOVERY_BYTES))


def printed(secret: bytes) -> str:
    """How a recovery secret of 20 bytes is shown to a person."""
    letters = _letters(int.from_bytes(secret, "big"), _RECOVERY_BYTES * 8 // 5) + _check_letters(secret)
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def recovery_secret(typed: str) -> bytes:
    """The 20 bytes of a recovery key as typed, forgiving case, spaces, dashes, O for 0, and I or L for 1.
    Raises `WrongPassphraseError` when it is mistyped, which its check letters tell without touching the vault."""
    text = unicodedata.normalize("NFKC", typed[:400]).upper().translate(_READ_AS)
    letters = re.sub(r"[\s\u002d\u2010-\u2015\u2212_.,]+", "", text)
    count = _RECOVERY_BYTES * 8 // 5
    if len(letters) == count + _CHECK_SYMBOLS and not set(letters) - set(_CROCKFORD):
        number = 0
        for letter in letters[:count]:
            number = number * 32 + _CROCKFORD.index(letter)
        secret = number.to_bytes(_RECOVERY_BYTES, "big")
        if _check_letters(secret) == letters[count:]:
            return secret
    raise WrongPassphraseError(
        "That is not a recovery key as it was printed: nine groups of four letters and digits. Please look for a "
        "mistyped, missing or doubled character. The vault was not changed."
    )


def _check_letters(secret: bytes) -> str:
    digest = hashlib.sha256(b"notekeeper recovery key" + secret).digest()
    return _letters(int.from_bytes(digest[:4], "big") % 32**_CHECK_SYMBOLS, _CHECK_SYMBOLS)


def _letters(number: int, count: int) -> str:
    return "".join(_CROCKFORD[number >> 5 * place & 31] for place in reversed(range(count)))
