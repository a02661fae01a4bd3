"""Everything held on one client, read for an export: `domain.holdings.Holdings`.

What always holds: nothing is written; front sheets, answers, drafts and decisions are held against the log.
"""

from datetime import date, datetime

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.consent import Agreement, Answer, Purpose
from notekeeper.domain.draft import Draft
from notekeeper.domain.holdings import HeldDraft, HeldMark, HeldSheet, HeldTyping
from notekeeper.domain.review import Choice, Decision, Destination, RejectReason
from notekeeper.domain.vault import LogEntry
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.log import SqlLog

_AGREEMENT = "id, client_id, purpose, answer, how, given_by, wording_version, at"
_DRAFT = "d.id, d.note_id, d.client_id, d.revision_id, d.made_at, d.facts, d.content_hash"
_DECISION = "c.id, c.draft_id, c.client_id, c.item, c.choice, c.at, c.destination, c.reason, c.text_hash"


class SqlHoldings:
    """`domain.holdings.Holdings`."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log

    def front_sheets(self, client_id: str) -> list[HeldSheet]:
        rows = self._db.rows(
            "SELECT id, client_id, number, body, saved_at, salt FROM front_sheet WHERE client_id = ? ORDER BY number",
            (client_id,),
        )
        for *row, salt in rows:
            self._log.check("front_sheet.saved", row[0], row, client_id, salt)
        return [
            HeldSheet(row[2], FrontSheet.model_validate_json(row[3]), datetime.fromisoformat(row[4])) for row in rows
        ]

    def agreements(self, client_id: str) -> list[tuple[str, Agreement]]:
        rows = self._db.rows(f"SELECT {_AGREEMENT} FROM agreement WHERE client_id = ? ORDER BY seq", (client_id,))  # noqa: S608 (constant columns)
        for row in rows:
            self._log.check("agreement.recorded", row[0], row, client_id, b"")
        return [
            (
                row[0],
                Agreement(
                    client_id=row[1],
                    purpose=Purpose(row[2]),
                    answer=Answer(row[3]),
                    how=row[4],
                    given_by=row[5],
                    wording_version=row[6],
                    at=datetime.fromisoformat(row[7]),
                ),
            )
            for row in rows
        ]

    def drafts(self, client_id: str) -> list[HeldDraft]:
        rows = self._db.rows(
            f"SELECT {_DRAFT}, t.body, e.reason, e.at FROM draft d LEFT JOIN draft_content t ON t.draft_id = d.id "  # noqa: S608
            "LEFT JOIN draft_end e ON e.draft_id = d.id WHERE d.client_id = ? ORDER BY d.seq",
            (client_id,),
        )
        decided = self._decisions(client_id)
        for row in rows:
            self._log.check("draft.stored", row[0], row[:7], client_id, b"")
        return [
            HeldDraft(
                id=row[0],
                note_id=row[1],
                revision_id=row[3],
                made_at=datetime.fromisoformat(row[4]),
                facts=row[5],
                draft=Draft.model_validate_json(row[7]) if row[7] else None,
                ended=(row[8], datetime.fromisoformat(row[9])) if row[8] else None,
                decisions=tuple(decided.get(row[0], ())),
            )
            for row in rows
        ]

    def _decisions(self, client_id: str) -> dict[str, list[Decision]]:
        rows = self._db.rows(
            f"SELECT {_DECISION}, t.text FROM decision c LEFT JOIN decision_text t ON t.decision_id = c.id "  # noqa: S608
            "WHERE c.client_id = ? ORDER BY c.seq",
            (client_id,),
        )
        found: dict[str, list[Decision]] = {}
        for row in rows:
            self._log.check("decision.made", row[0], row[:9], client_id, b"")
            found.setdefault(row[1], []).append(_decision(row))
        return found

    def marks(self, client_id: str) -> list[HeldMark]:
        rows = self._db.rows(
            "SELECT follow_up_id, done, day FROM follow_up_mark WHERE client_id = ? ORDER BY seq", (client_id,)
        )
        return [HeldMark(row[0], bool(row[1]), date.fromisoformat(row[2])) for row in rows]

    def typing(self, client_id: str) -> list[HeldTyping]:
        rows = self._db.rows(
            "SELECT owner, text, saved_at FROM jotting WHERE client_id = ? ORDER BY owner", (client_id,)
        )
        notes = {row[0] for row in self._db.rows("SELECT id FROM note WHERE client_id = ?", (client_id,))}
        return [
            HeldTyping(owner if owner in notes else "", text, _at(saved_at), place)
            for (owner, _, place), text, saved_at in ((row[0].partition("."), row[1], row[2]) for row in rows)
        ]

    def log(self, client_id: str) -> list[LogEntry]:
        rows = self._db.rows(
            "SELECT number, at, event, subject, commitment, hash FROM log_entry WHERE owner = ? ORDER BY number",
            (client_id,),
        )
        return [LogEntry(row[0], _at(row[1]), row[2], row[3], row[4], row[5]) for row in rows]


def _at(raw: str) -> datetime:
    return datetime.fromisoformat(raw)


def _decision(row: Row) -> Decision:
    return Decision(
        item=row[3],
        choice=Choice(row[4]),
        at=_at(row[5]),
        text=row[9],
        destination=Destination(row[6]) if row[6] else None,
        reason=RejectReason(row[7]) if row[7] else None,
    )
