"""Verification of every signature in the vault, and of the key they were made with."""

from collections.abc import Iterator

from notekeeper.domain.entry import EntryKind
from notekeeper.domain.signature import Proof, fits
from notekeeper.errors import ChainBrokenError
from notekeeper.vault.addenda import signed_bytes
from notekeeper.vault.connection import Connection
from notekeeper.vault.log import SqlLog
from notekeeper.vault.pattern_signoffs import proof_of
from notekeeper.vault.signatures import SIGN_OFF, SqlSignatures, public_half

_PATTERNS = EntryKind.PATTERNS_SIGNED.value
_ADDENDA = """
SELECT g.subject, g.public_key, g.signature, k.body,
  a.id, a.note_id, a.client_id, a.number, a.text, a.signer, a.added_at
FROM addendum a JOIN signature g ON g.subject = a.id LEFT JOIN addendum_risk k ON k.addendum_id = a.id ORDER BY a.seq
"""


def signature_problems(db: Connection, log: SqlLog) -> Iterator[str]:
    """A sentence each, naming the entry of what was signed; a signature that is missing or was altered is found with
    the other rows that the log commits to."""
    yield from _key_problems(db, log)
    signed_off = db.rows(
        "SELECT g.subject, g.public_key, g.signature, s.body FROM sign_off s JOIN signature g ON g.subject = s.id "
        "ORDER BY s.seq"
    )
    made = [("note.signed", row[0], Proof(row[1], row[2], SIGN_OFF + row[3].encode())) for row in signed_off]
    made += [
        ("addendum.added", row[0], Proof(row[1], row[2], signed_bytes(row[4:], row[3]))) for row in db.rows(_ADDENDA)
    ]
    of_patterns = db.rows(
        "SELECT id, body FROM file_entry WHERE kind = ? AND json_extract(body, '$.signature') IS NOT NULL ORDER BY seq",
        (_PATTERNS,),
    )
    made += [(_PATTERNS, row[0], proof_of(row[1])) for row in of_patterns]
    for event, subject, proof in made:
        if not fits(proof):
            yield f"{log.named(event, subject)}: its signature does not fit what is there now."


def _key_problems(db: Connection, log: SqlLog) -> Iterator[str]:
    try:
        key = SqlSignatures(db, log).key()
    except ChainBrokenError:
        yield f"{log.named('signing_key.set', '')}: the key that signs is missing, or is not the one made then."
        return
    if key and public_half(key.seed) != key.public_key:
        yield f"{log.named('signing_key.set', '')}: the two halves of the key that signs do not fit each other."
    known = key.public_key if key else ""
    for (subject,) in db.rows("SELECT subject FROM signature WHERE public_key <> ? ORDER BY seq", (known,)):
        yield f"{log.named('signature.made', subject)}: the signature is of another key than this vault's."
