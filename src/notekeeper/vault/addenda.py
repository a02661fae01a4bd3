"""Addenda of signed notes, and typing that belongs to no record yet.

What always holds: only a signed note takes an addendum; what was added is signed, never changed, and verified against
its signature and the log each time it is read; a jotting leaves nothing behind when it is cleared.
"""

import json
from collections.abc import Iterator
from datetime import datetime

from notekeeper.domain.addendum import Addendum
from notekeeper.domain.note import MAX_NOTE_CHARACTERS
from notekeeper.domain.review import Signer
from notekeeper.domain.risk import RiskEntry
from notekeeper.domain.signature import Proof
from notekeeper.errors import ChainBrokenError, UsageError
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.log import SqlLog, canonical, new_id, new_salt, now
from notekeeper.vault.records import client_of
from notekeeper.vault.signatures import ADDENDUM, SqlSignatures


class SqlAddenda:
    """`domain.vault.Addenda`."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log
        self._signatures = SqlSignatures(db, log)

    def add(self, note_id: str, text: str, signer: Signer, risk: RiskEntry | None = None) -> Addendum:
        _check_length(text)
        with self._db.transaction():
            client_id = client_of(self._db, note_id)
            if self._db.row("SELECT 1 FROM sign_off WHERE note_id = ?", (note_id,)) is None:
                raise UsageError("This note is not signed yet, so it takes no addendum. Please change the note itself.")
            last = self._db.row("SELECT max(number) FROM addendum WHERE note_id = ?", (note_id,))
            number = (last[0] or 0 if last else 0) + 1
            added = Addendum(new_id(), note_id, number, text, signer, now(), risk)
            name, salt = canonical(signer.model_dump(mode="json")).decode(), new_salt()
            row: Row = (added.id, note_id, client_id, number, text, name, added.added_at.isoformat())
            self._db.run(
                "INSERT INTO addendum (id, note_id, client_id, number, text, signer, added_at, salt) "
                "VALUES (?,?,?,?,?,?,?,?)",
                (*row, salt),
            )
            self._db.run(
                "INSERT INTO addendum_index (rowid, text) SELECT seq, text FROM addendum WHERE id = ?", (added.id,)
            )
            begun = self._db.row("SELECT text FROM jotting WHERE owner = ?", (note_id,))
            if begun is not None and begun[0].strip() == text.strip():  # another text that was begun stays
                self._db.run("DELETE FROM jotting WHERE owner = ?", (note_id,))
            self._log.append("addendum.added", added.id, row, client_id, salt)
            body = canonical(risk.model_dump(mode="json")).decode() if risk else None
            if body is not None:
                self._add_risk(added.id, client_id, body)
            self._signatures.make(added.id, note_id, client_id, signed_bytes(row, body))
        return added

    def _add_risk(self, addendum_id: str, client_id: str, body: str) -> None:
        row: Row = (addendum_id, client_id, body)
        salt = new_salt()
        self._db.run("INSERT INTO addendum_risk (addendum_id, client_id, body, salt) VALUES (?,?,?,?)", (*row, salt))
        self._log.append("addendum.risk", addendum_id, row, client_id, salt)

    def of_note(self, note_id: str) -> list[Addendum]:
        return [
            Addendum(
                r[0],
                r[1],
                r[3],
                r[4],
                Signer.model_validate_json(r[5]),
                datetime.fromisoformat(r[6]),
                None if body is None else RiskEntry.model_validate_json(body),
            )
            for r, body, _ in self._verified(note_id)
        ]

    def proofs(self, note_id: str) -> list[Proof | None]:
        return [proof for _, _, proof in self._verified(note_id)]

    def _verified(self, note_id: str) -> Iterator[tuple[Row, str | None, Proof | None]]:
        """The rows of the note's addenda, each with its risk entry and signature, all verified."""
        rows = self._db.rows(
            "SELECT id, note_id, client_id, number, text, signer, added_at, salt FROM addendum WHERE note_id = ? "
            "ORDER BY number",
            (note_id,),
        )
        risks = self._risks(note_id)
        for *row, salt in rows:
            self._log.check("addendum.added", row[0], row, row[2], salt)
            body = risks.get(row[0])
            yield tuple(row), body, self._signatures.proof(row[0], signed_bytes(tuple(row), body))

    def _risks(self, note_id: str) -> dict[str, str]:
        """The risk entries' bodies by addendum, verified; one the log knows and the table lost is not passed over."""
        rows = self._db.rows(
            "SELECT l.subject, k.client_id, k.body, k.salt FROM addendum a "
            "JOIN log_entry l ON l.subject = a.id AND l.event = 'addendum.risk' "
            "LEFT JOIN addendum_risk k ON k.addendum_id = a.id WHERE a.note_id = ?",
            (note_id,),
        )
        for *row, salt in rows:
            if salt is None:
                raise ChainBrokenError(
                    "A risk entry that an addendum brought to this note is missing from the vault. Nothing was "
                    "changed. Please run `notekeeper verify` and compare with a backup."
                )
            self._log.check("addendum.risk", row[0], row, row[1], salt)
        return {row[0]: row[2] for row in rows}


class SqlJottings:
    """`domain.vault.Jottings`."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def keep(self, owner: str, client_id: str, text: str) -> None:
        _check_length(text)
        with self._db.transaction():
            if not text:
                self._db.run("DELETE FROM jotting WHERE owner = ?", (owner,))
                return
            if self._db.row("SELECT 1 FROM client WHERE id = ?", (client_id,)) is None:
                raise UsageError("There is no such client in this vault. Nothing was changed.")
            self._db.run(
                "INSERT INTO jotting (owner, client_id, text, saved_at) VALUES (?,?,?,?) "
                "ON CONFLICT (owner) DO UPDATE SET text = excluded.text, saved_at = excluded.saved_at",
                (owner, client_id, text, now().isoformat()),
            )

    def of(self, owner: str) -> str:
        row = self._db.row("SELECT text FROM jotting WHERE owner = ?", (owner,))
        return str(row[0]) if row else ""


def signed_bytes(row: Row, risk: str | None) -> bytes:
    """The bytes that an addendum's signature is over: its columns by name, and its risk entry or null."""
    names = ("id", "note_id", "client_id", "number", "text", "signer", "added_at")
    said = dict(zip(names, row, strict=True))
    return ADDENDUM + canonical(said | {"signer": json.loads(row[5]), "risk": json.loads(risk or "null")})


def _check_length(text: str) -> None:
    if len(text) > MAX_NOTE_CHARACTERS:
        raise UsageError(f"A text holds at most {MAX_NOTE_CHARACTERS:,} characters. Nothing was saved.")
