"""Sign-offs of patterns: entries of a client's file that are signed by the vault's key and verified whenever read.

What always holds: a later one supersedes an earlier one, which stays as it was; it is signed over every word of it but
the provenance, which is kept apart; in the same transaction what was prepared for it is destroyed, so that words of a
model that were not kept are gone.
"""

import json

from notekeeper.domain.entry import EntryKind, FileEntry
from notekeeper.domain.pattern import PatternSignOff, SignedPatterns, restored_patterns
from notekeeper.domain.pattern_work import DRAFT
from notekeeper.domain.signature import PATTERNS, Proof, fits
from notekeeper.errors import ChainBrokenError, UsageError
from notekeeper.vault.connection import Connection
from notekeeper.vault.entries import SqlEntries
from notekeeper.vault.log import SqlLog, canonical
from notekeeper.vault.provenance import apart, joined, keep_provenance
from notekeeper.vault.signatures import SqlSignatures

_UNSIGNED = ("provenance", "public_key", "signature")


class SqlPatternSignOffs:
    """`domain.vault.PatternSignOffs`."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log
        self._entries, self._signatures = SqlEntries(db, log), SqlSignatures(db, log)

    def sign(self, patterns: SignedPatterns) -> SignedPatterns:
        with self._db.transaction():
            self._check(patterns.body)
            body, made_by = apart(patterns.body)
            proof = self._signatures.sign(signed_bytes(body.model_dump_json()))
            body = body.model_copy(update={"public_key": proof.public_key, "signature": proof.signature})
            entry = self._entries.add(body.client_id, EntryKind.PATTERNS_SIGNED, body)
            keep_provenance(self._db, entry.id, body.notes[-1], body.client_id, made_by)
            self._db.run("DELETE FROM jotting WHERE owner = ?", (body.client_id + DRAFT,))
            return self._verified(entry)

    def of_client(self, client_id: str) -> list[SignedPatterns]:
        return [self._verified(entry) for entry in self._entries.of(client_id, EntryKind.PATTERNS_SIGNED)]

    def _check(self, body: PatternSignOff) -> None:
        of_the_file = {
            row[0] for row in self._db.rows("SELECT note_id FROM sign_off WHERE client_id = ?", (body.client_id,))
        }
        cited = {note for pattern in body.patterns for note in pattern.notes}
        cited |= {piece.note_id for pattern in body.patterns for piece in pattern.evidence}
        if not body.notes or not {*body.notes} <= of_the_file or not cited <= {*body.notes}:
            raise UsageError("Patterns rest on signed notes of the client's own file. Nothing was signed.")

    def _verified(self, entry: FileEntry) -> SignedPatterns:
        body = entry.read(PatternSignOff)
        if body.public_key != self._signatures.public_key() or not fits(proof_of(entry.body)):
            raise ChainBrokenError(
                f"{self._log.named(entry.kind.value, entry.id)}: its signature is not this vault's of what is there. "
                "Nothing was changed. Please run `notekeeper verify` and compare with a backup."
            )
        return restored_patterns(joined(self._db, self._log, entry.id, body))


def signed_bytes(stored: str) -> bytes:
    """What the signature is over: `PATTERNS` and the canonical JSON of the body without key, signature and provenance.
    `stored` is the JSON of a `PatternSignOff` as it stands, so that a field added later changes nothing."""
    body = json.loads(stored)
    return PATTERNS + canonical({name: value for name, value in body.items() if name not in _UNSIGNED})


def proof_of(stored: str) -> Proof:
    """Key, signature and signed bytes of a stored body; a proof that fits nothing for one that cannot be read."""
    try:
        body = json.loads(stored)
        return Proof(body["public_key"], body["signature"], signed_bytes(stored))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Proof("", "", b"")
