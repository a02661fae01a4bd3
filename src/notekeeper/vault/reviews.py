"""A review in progress: decisions on a draft's items, the therapist's own view, the risk entry.

Decisions are append-only and the newest on an item stands. The own view and the risk entry may be written again
until the note is signed; the sign-off holds them afterwards, and here they are gone.
"""

from datetime import datetime
from typing import Literal

from notekeeper.domain.draft import Draft
from notekeeper.domain.review import Choice, Decision, Destination, OwnView, RejectReason, check_decision
from notekeeper.domain.risk import RiskEntry
from notekeeper.errors import UsageError
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.log import SqlLog, canonical, digest, new_id, new_salt
from notekeeper.vault.records import client_of_unsigned

Part = Literal["own", "risk"]


class SqlReviews:
    """`domain.vault.Reviews`."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log

    def decide(self, draft_id: str, decision: Decision) -> None:
        """Also raises `UsageError` when the draft has been replaced or destroyed, or the decision does not fit it."""
        with self._db.transaction():
            draft = self._db.row("SELECT note_id, client_id FROM draft WHERE id = ?", (draft_id,))
            if draft is None:
                raise UsageError("There is no such draft in this vault. Nothing was changed.")
            client_id = client_of_unsigned(self._db, draft[0])
            body = self._db.row("SELECT body FROM draft_content WHERE draft_id = ?", (draft_id,))
            if body is None:
                raise UsageError("This draft has been replaced or destroyed, so nothing can be decided on it now.")
            check_decision(Draft.model_validate_json(body[0]), decision)
            self._store(draft_id, client_id, decision)

    def _store(self, draft_id: str, client_id: str, decision: Decision) -> None:
        decision_id, salt = new_id(), new_salt()
        row: Row = (
            decision_id,
            draft_id,
            client_id,
            decision.item,
            decision.choice.value,
            decision.at.isoformat(),
            decision.destination.value if decision.destination else None,
            decision.reason.value if decision.reason else None,
            digest(salt, canonical(decision.text)) if decision.text is not None else "",
        )
        self._db.run(
            "INSERT INTO decision (id, draft_id, client_id, item, choice, at, destination, reason, text_hash) "
            "VALUES (?,?,?,?,?,?,?,?,?)",
            row,
        )
        if decision.text is not None:
            self._db.run(
                "INSERT INTO decision_text (decision_id, draft_id, client_id, salt, text) VALUES (?,?,?,?,?)",
                (decision_id, draft_id, client_id, salt, decision.text),
            )
        self._log.append("decision.made", decision_id, row, client_id)

    def decisions(self, draft_id: str) -> dict[str, Decision]:
        rows = self._db.rows(
            "SELECT d.item, d.choice, d.at, t.text, d.destination, d.reason FROM decision d "
            "LEFT JOIN decision_text t ON t.decision_id = d.id WHERE d.draft_id = ? ORDER BY d.seq",
            (draft_id,),
        )
        return {
            item: Decision(
                item=item,
                choice=Choice(choice),
                at=datetime.fromisoformat(at),
                text=text,
                destination=Destination(destination) if destination else None,
                reason=RejectReason(reason) if reason else None,
            )
            for item, choice, at, text, destination, reason in rows
        }

    def set_own(self, note_id: str, own: OwnView) -> None:
        """Raises `UsageError` on a signed note."""
        self._set(note_id, "own", canonical(own.model_dump(mode="json")).decode())

    def own(self, note_id: str) -> OwnView:
        body = self._get(note_id, "own")
        return OwnView.model_validate_json(body) if body else OwnView()

    def set_risk(self, note_id: str, risk: RiskEntry) -> None:
        """Raises `UsageError` on a signed note."""
        self._set(note_id, "risk", canonical(risk.model_dump(mode="json")).decode())

    def risk(self, note_id: str) -> RiskEntry | None:
        body = self._get(note_id, "risk")
        return RiskEntry.model_validate_json(body) if body else None

    def _set(self, note_id: str, name: Part, body: str) -> None:
        salt = new_salt()
        with self._db.transaction():
            client_id = client_of_unsigned(self._db, note_id)
            self._db.run(
                "INSERT INTO review_part (note_id, client_id, name, salt, body) VALUES (?,?,?,?,?) "
                "ON CONFLICT (note_id, name) DO UPDATE SET salt = excluded.salt, body = excluded.body",
                (note_id, client_id, name, salt, body),
            )
            self._log.append(f"review.{name}", note_id, (note_id, name, body), client_id, salt)

    def _get(self, note_id: str, name: Part) -> str | None:
        row = self._db.row("SELECT body FROM review_part WHERE note_id = ? AND name = ?", (note_id, name))
        return str(row[0]) if row else None
