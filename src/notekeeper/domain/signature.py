"""What anyone needs to check a signature without this program.

What always holds: it holds a public key and never the key that signs.
"""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Proof:
    """An Ed25519 signature (RFC 8032) over the bytes `signed`: key of 32 bytes and signature of 64, both in hex. The
    bytes hold what was signed, word for word."""

    public_key: str
    signature: str
    signed: bytes = field(repr=False)


class Signatures(Protocol):
    """The key of this vault that signs sign-offs and addenda."""

    def public_key(self) -> str:
        """32 bytes in hex; '' while nothing was signed. Raises `ChainBrokenError`."""
        ...

    def words(self) -> tuple[str, ...]:
        """The public key as eight words to read out or compare; none while nothing was signed. They stand for the
        first 80 bits of its SHA-256. Raises `ChainBrokenError`."""
        ...
