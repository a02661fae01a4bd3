"""What anyone needs to check a signature without this program.

What always holds: it holds a public key and never the key that signs.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WORDS, _WORD_BITS = 8, 10
REPORT, PATTERNS = b"notekeeper report 3\n", b"notekeeper patterns 1\n"
"""What the signed bytes of a report and of a sign-off of patterns begin with."""


@dataclass(frozen=True, slots=True)
class Proof:
    """An Ed25519 signature (RFC 8032) over the bytes `signed`: key of 32 bytes and signature of 64, both in hex. The
    bytes hold what was signed, word for word."""

    public_key: str
    signature: str
    signed: bytes = field(repr=False)


def fits(proof: Proof) -> bool:
    """Whether the signature is that key's of those bytes."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(proof.public_key))
        key.verify(bytes.fromhex(proof.signature), proof.signed)
    except (ValueError, InvalidSignature):
        return False
    return True


def words_of(public_key: str) -> tuple[str, ...]:
    """Eight words of the SLIP-39 list, ten bits each, from the start of the key's SHA-256; none for ''."""
    from shamir_mnemonic.wordlist import WORDLIST

    if not public_key:
        return ()
    number = int.from_bytes(hashlib.sha256(bytes.fromhex(public_key)).digest()[: WORDS * _WORD_BITS // 8], "big")
    places = [number >> (_WORD_BITS * place) & (1 << _WORD_BITS) - 1 for place in reversed(range(WORDS))]
    return tuple(str(WORDLIST[place]) for place in places)


class Signatures(Protocol):
    """The key of this vault that signs sign-offs, addenda, patterns and reports."""

    def sign(self, content: bytes) -> Proof:
        """The vault's signature over `content`, which begins with `REPORT` or `PATTERNS`. It is kept nowhere by
        itself. Raises `UsageError` for any other beginning, and `ChainBrokenError` when the key is not the one the log
        knows."""
        ...

    def public_key(self) -> str:
        """32 bytes in hex; '' while nothing was signed. Raises `ChainBrokenError`."""
        ...

    def words(self) -> tuple[str, ...]:
        """The public key as eight words to read out or compare; none while nothing was signed. They stand for the
        first 80 bits of its SHA-256. Raises `ChainBrokenError`."""
        ...
