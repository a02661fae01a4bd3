"""Sign-offs: the body that was signed, verified against its signature, the log and the note's text at each reading.

What always holds: a note has one sign-off or none; what is signed is the note's newest saved text and nothing typed
is left unsaved; in the same transaction drafts, edited wordings and the review's working parts are destroyed; no
sign-off is given out beside a text that is not the one signed.
"""

import hashlib
import hmac

from notekeeper.domain.note import NotePart
from notekeeper.domain.review import SignedReview, SignOff, restored
from notekeeper.domain.signature import Proof
from notekeeper.errors import ChainBrokenError, UsageError
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.drafts import end_drafts
from notekeeper.vault.log import SqlLog, canonical, new_id, new_salt
from notekeeper.vault.provenance import apart, joined, keep_provenance
from notekeeper.vault.records import client_of_unsigned
from notekeeper.vault.signatures import SIGN_OFF, SqlSignatures

_COLUMNS = "s.id, s.note_id, s.client_id, s.salt, s.body"


class SqlSignOffs:
    """`domain.vault.SignOffs`."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log
        self._signatures = SqlSignatures(db, log)

    def sign(self, review: SignedReview) -> None:
        """Also raises `UsageError` while typing is kept that was not saved."""
        signed = review.body
        with self._db.transaction():
            client_id = client_of_unsigned(self._db, signed.note_id)
            self._check(signed, client_id)
            end_drafts(self._db, self._log, "signed", note_id=signed.note_id)
            self._db.run("DELETE FROM review_part WHERE note_id = ?", (signed.note_id,))
            stored, made_by = apart(signed)
            body = canonical(stored.model_dump(mode="json")).decode()
            sign_off_id, salt = new_id(), new_salt()
            self._db.run(
                "INSERT INTO sign_off (id, note_id, client_id, salt, body) VALUES (?,?,?,?,?)",
                (sign_off_id, signed.note_id, client_id, salt, body),
            )
            keep_provenance(self._db, sign_off_id, signed.note_id, client_id, made_by)
            self._log.append("note.signed", sign_off_id, (signed.note_id, client_id, body), client_id, salt)
            self._signatures.make(sign_off_id, signed.note_id, client_id, SIGN_OFF + body.encode())

    def _check(self, signed: SignOff, client_id: str) -> None:
        if not self._is_newest_text(signed) or signed.client_id != client_id:
            raise UsageError(
                "The note's newest text is not the one that was reviewed. Nothing was signed. Please review it again."
            )
        # Typing that says what is saved already is nothing unsaved.
        self._db.run(
            "DELETE FROM working_text AS w WHERE note_id = ? AND text = (SELECT text FROM revision r "
            "WHERE r.note_id = w.note_id AND r.part = w.part ORDER BY number DESC LIMIT 1)",
            (signed.note_id,),
        )
        if self._db.row("SELECT 1 FROM working_text WHERE note_id = ?", (signed.note_id,)):
            raise UsageError(
                "This note has typing that is kept but not saved. Nothing was signed. Please save it, then review "
                "and sign."
            )

    def _is_newest_text(self, signed: SignOff) -> bool:
        """Whether the note's newest saved text is the one that the sign-off is over."""
        newest = self._db.row(
            "SELECT id, text FROM revision WHERE note_id = ? AND part = ? ORDER BY number DESC LIMIT 1",
            (signed.note_id, NotePart.RECORD.value),
        )
        # A saved text with a lone surrogate cannot exist, so encoding it cannot fail.
        return (
            newest is not None
            and newest[0] == signed.revision_id
            and hmac.compare_digest(hashlib.sha256(newest[1].encode()).hexdigest(), signed.revision_sha256)
        )

    def of_note(self, note_id: str) -> SignedReview | None:
        row = self._db.row(f"SELECT {_COLUMNS} FROM sign_off s WHERE s.note_id = ?", (note_id,))  # noqa: S608 (constant)
        return self._verified(row) if row else None

    def of_client(self, client_id: str) -> list[SignedReview]:
        sql = f"SELECT {_COLUMNS} FROM sign_off s JOIN note n ON n.id = s.note_id WHERE s.client_id = ? "  # noqa: S608
        return [self._verified(row) for row in self._db.rows(f"{sql} ORDER BY n.date, n.number", (client_id,))]

    def proof(self, note_id: str) -> Proof | None:
        row = self._db.row("SELECT id, body FROM sign_off WHERE note_id = ?", (note_id,))
        return self._signatures.proof(row[0], SIGN_OFF + row[1].encode()) if row else None

    def _verified(self, row: Row) -> SignedReview:
        sign_off_id, note_id, client_id, salt, body = row
        self._log.check("note.signed", sign_off_id, (note_id, client_id, body), client_id, salt)
        self._signatures.proof(sign_off_id, SIGN_OFF + body.encode())
        signed = SignOff.model_validate_json(body)
        if not self._is_newest_text(signed):
            raise ChainBrokenError(
                f"{self._log.named('note.signed', sign_off_id)}: the note's text is not the one that was signed; it "
                "was altered outside notekeeper. Nothing was changed. Please run `notekeeper verify` and compare with "
                "a backup."
            )
        return restored(joined(self._db, self._log, sign_off_id, signed))
