"""The log: one entry for every change, each chained to the one before it by SHA-256.

What always holds: an entry has random ids, a time, the name of an event and a keyed commitment, never a code or a
word; the key of a client's commitments is destroyed with the client, so that an erased text cannot be confirmed by
guessing while the chain still verifies. `hash` is SHA-256 over the canonical JSON list of the entry's other columns
and the hash before it (64 zeros before the first).
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from notekeeper.domain.entry import EntryKind
from notekeeper.domain.vault import LogEntry
from notekeeper.errors import ChainBrokenError, UsageError
from notekeeper.vault.connection import Connection, Row

START = "0" * 64
SALT_BYTES = 16
# Events that only the vault itself may write, because verification holds them against its tables.
OWN_EVENTS = frozenset(
    {
        "vault.created",
        "vault.migrated",
        "vault.rekeyed",
        "passphrase.changed",
        "recovery.changed",
        "shares.made",
        "shares.withdrawn",
        "signer.set",
        "will.set",
        "backup_folder.set",
        "state.accepted",
        "vault.restored",
        "client.added",
        "client.erased",
        "front_sheet.saved",
        "note.added",
        "revision.saved",
        "agreement.recorded",
        "draft.stored",
        "draft.ended",
        "decision.made",
        "review.own",
        "review.risk",
        "note.signed",
        "addendum.added",
        "addendum.risk",
        "follow_up.added",
        "follow_up.marked",
        "identity.set",
        "identity.removed",
        "retention_policy.set",
        "supervision_log.set",
        "signing_key.set",
        "signature.made",
        "provenance.ended",
        "note.moved",
        "client.destroyed",
        "unlock.failed",
        *(kind.value for kind in EntryKind),
    }
)
_EVENT = re.compile(r"[a-z][a-z0-9_.-]{0,39}")
_SUBJECT = re.compile(r"[0-9a-f-]{0,64}")
_COLUMNS = "number, at, event, subject, owner, commitment, hash"


def canonical(value: object) -> bytes:
    """The one JSON text of a value: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def new_id() -> str:
    """A random id of 128 bits in hex."""
    return secrets.token_hex(16)


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def now() -> datetime:
    return datetime.now(UTC)


def digest(salt: bytes, content: bytes) -> str:
    """HMAC-SHA256 in hex; without the salt nobody can tell what it stands for."""
    return hmac.new(salt, content, hashlib.sha256).hexdigest()


def chain_hash(before: str, row: Row) -> str:
    """What `hash` must be for a row of number, at, event, subject, owner and commitment."""
    return hashlib.sha256(canonical([before, *row[:6]])).hexdigest()


def entry_name(number: int, at: str) -> str:
    """How an entry is named to people."""
    return f"Entry {number} of the log ({at[:10]})"


class SqlLog:
    """`domain.vault.Log`, and the appending and checking that the rest of the vault builds on."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def entries(self) -> Sequence[LogEntry]:
        return [
            LogEntry(number, datetime.fromisoformat(at), event, subject, commitment, own, owner)
            for number, at, event, subject, owner, commitment, own in self.raw()
        ]

    def raw(self) -> list[Row]:
        """Rows of number, at, event, subject, owner, commitment and hash, in order."""
        return self._db.rows(f"SELECT {_COLUMNS} FROM log_entry ORDER BY number")  # noqa: S608 (constant columns)

    def head(self) -> str:
        row = self._db.row("SELECT hash FROM log_entry ORDER BY number DESC LIMIT 1")
        return row[0] if row else START

    def event(self, event: str, subject: str = "", content: bytes = b"", client_id: str | None = None) -> None:
        """Raises `ValueError` for an event of the vault's own or a subject that is no random id or hash, and
        `UsageError` for an unknown client."""
        if event in OWN_EVENTS or not _EVENT.fullmatch(event) or not _SUBJECT.fullmatch(subject):
            raise ValueError("not an event that can be written from outside the vault")
        self.append(event, subject, (content.hex(),) if content else (), client_id or "")

    def found(self, event: str, subject: str, content: bytes, client_id: str) -> LogEntry | None:
        wanted = self.commitment(event, subject, (content.hex(),), client_id)
        same = [each for each in self.entries() if each.event == event and each.client_id == client_id]
        return next((each for each in reversed(same) if hmac.compare_digest(each.commitment, wanted)), None)

    def append(
        self, event: str, subject: str, content: Sequence[object] = (), owner: str = "", salt: bytes = b""
    ) -> None:
        """Add an entry that commits to `content`. `owner` is the client whose key the commitment is under, or '' for
        the vault itself."""
        with self._db.transaction():
            last = self._db.row("SELECT number, hash FROM log_entry ORDER BY number DESC LIMIT 1")
            number, before = last or (0, START)
            commitment = self.commitment(event, subject, content, owner, salt) if content else ""
            row: Row = (number + 1, now().isoformat(), event, subject, owner, commitment)
            self._db.run(
                "INSERT INTO log_entry (number, at, event, subject, owner, commitment, hash) VALUES (?,?,?,?,?,?,?)",
                (*row, chain_hash(before, row)),
            )

    def commitment(self, event: str, subject: str, content: Sequence[object], owner: str, salt: bytes = b"") -> str:
        """HMAC-SHA256 in hex under the owner's key. Raises `UsageError` when the client is unknown or erased."""
        key = self._db.row("SELECT key FROM commitment_key WHERE owner = ?", (owner,))
        if key is None:
            raise UsageError("There is no such client in this vault. Nothing was changed.")
        return digest(key[0], canonical([event, subject, salt.hex(), *content]))

    def new_key(self, owner: str) -> None:
        self._db.run("INSERT INTO commitment_key (owner, key) VALUES (?, ?)", (owner, secrets.token_bytes(32)))

    def named(self, event: str, subject: str) -> str:
        """How the newest such entry on `subject` is named to people."""
        row = self._db.row(
            "SELECT number, at FROM log_entry WHERE subject = ? AND event = ? ORDER BY number DESC LIMIT 1",
            (subject, event),
        )
        return entry_name(*row) if row else "Something without an entry in the log"

    def check(self, event: str, subject: str, content: Sequence[object], owner: str, salt: bytes) -> None:
        """Raise `ChainBrokenError`, naming the entry, unless the newest entry on `subject` commits to `content` and
        hangs in the chain."""
        row = self._db.row(
            f"SELECT {_COLUMNS} FROM log_entry WHERE subject = ? AND event = ? ORDER BY number DESC LIMIT 1",  # noqa: S608
            (subject, event),
        )
        if row is None:
            raise ChainBrokenError(
                "Something signed has no entry in the log, so it cannot be trusted. Nothing was changed. Please run "
                "`notekeeper verify` and compare with a backup."
            )
        before = self._db.row("SELECT hash FROM log_entry WHERE number = ?", (row[0] - 1,))
        chained = chain_hash(before[0] if before else START, row) == row[6]
        if not chained or not hmac.compare_digest(row[5], self.commitment(event, subject, content, owner, salt)):
            raise ChainBrokenError(
                f"What was signed does not match entry {row[0]} of the log: one of them was altered outside "
                "notekeeper. Nothing was changed. Please run `notekeeper verify` and compare with a backup."
            )
