"""Signatures of sign-offs and addenda by a key of the vault's own: Ed25519, RFC 8032.

What always holds: the key is made with the first signature and stays for the vault's life, through a new passphrase,
a new key of the vault and a restore; its secret half leaves the encrypted database for no file, message or log. What
is signed begins with a line that says what it is, so that a signature of one thing is none of another.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field

from notekeeper.domain.signature import PATTERNS, REPORT, Proof, fits, words_of
from notekeeper.domain.text import Frozen
from notekeeper.errors import ChainBrokenError, UsageError
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.log import SqlLog
from notekeeper.vault.settings import set_setting, verified_setting

SIGN_OFF, ADDENDUM = b"notekeeper sign-off 1\n", b"notekeeper addendum 1\n"
_LOOK = "Nothing was changed. Please run `notekeeper verify` and compare with a backup."


class SigningKey(Frozen):
    """The setting `signing_key`: secret and public half, 32 bytes each, in hex."""

    seed: str = Field(repr=False)
    public_key: str


def new_signing_key() -> SigningKey:
    """From the system's source of randomness."""
    key = Ed25519PrivateKey.generate()
    return SigningKey(seed=key.private_bytes_raw().hex(), public_key=key.public_key().public_bytes_raw().hex())


def public_half(seed: str) -> str:
    """The public key of a secret one, both in hex."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)).public_key().public_bytes_raw().hex()


class SqlSignatures:
    """`domain.signature.Signatures`, and what sign-offs and addenda are signed and verified with."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log

    def public_key(self) -> str:
        key = self.key()
        return key.public_key if key else ""

    def words(self) -> tuple[str, ...]:
        return words_of(self.public_key())

    def make(self, subject: str, note_id: str, client_id: str, signed: bytes) -> None:
        """Sign these bytes for the sign-off or addendum `subject`, in the caller's transaction. Raises
        `ChainBrokenError` when the key is not the one the log knows."""
        key, signature = self._signed(signed)
        row: Row = (subject, note_id, client_id, key.public_key, signature)
        self._db.run(
            "INSERT INTO signature (subject, note_id, client_id, public_key, signature) VALUES (?,?,?,?,?)", row
        )
        self._log.append("signature.made", subject, row, client_id)

    def sign(self, content: bytes) -> Proof:
        if not content.startswith((REPORT, PATTERNS)):
            raise UsageError("Only a report or patterns are signed this way. Nothing was signed.")
        key, signature = self._signed(content)
        return Proof(key.public_key, signature, content)

    def _signed(self, content: bytes) -> tuple[SigningKey, str]:
        key = self.key()
        if key is None:
            key = new_signing_key()
            set_setting(self._db, self._log, "signing_key", key)
        return key, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key.seed)).sign(content).hex()

    def proof(self, subject: str, signed: bytes) -> Proof | None:
        """The signature of `subject`, verified over these bytes and against the log; None for what was signed before
        there were signatures. Raises `ChainBrokenError`, which names the entry."""
        row = self._db.row(
            "SELECT subject, note_id, client_id, public_key, signature FROM signature WHERE subject = ?", (subject,)
        )
        if row is None:
            if self._known("signature.made", subject):
                raise ChainBrokenError(
                    f"{self._log.named('signature.made', subject)}: the signature made then is missing. {_LOOK}"
                )
            return None
        self._log.check("signature.made", subject, row, row[2], b"")
        proof = Proof(row[3], row[4], signed)
        if not fits(proof):
            raise ChainBrokenError(
                f"{self._log.named('signature.made', subject)}: the signature does not fit what was signed. {_LOOK}"
            )
        return proof

    def key(self) -> SigningKey | None:
        """The key as the log knows it; None before the first signature. Raises `ChainBrokenError`."""
        body = verified_setting(self._db, self._log, "signing_key")
        if body is None and self._known("signing_key.set", ""):
            raise ChainBrokenError(f"The key that signs sign-offs and addenda is missing from the vault. {_LOOK}")
        return None if body is None else SigningKey.model_validate_json(body)

    def _known(self, event: str, subject: str) -> bool:
        return bool(self._db.row("SELECT 1 FROM log_entry WHERE subject = ? AND event = ?", (subject, event)))
