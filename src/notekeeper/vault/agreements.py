"""What clients answered to each use of AI. The answer recorded last stands; earlier ones are kept."""

from datetime import datetime

from notekeeper.domain.consent import Agreement, Answer, Purpose
from notekeeper.errors import UsageError
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.drafts import end_drafts
from notekeeper.vault.log import SqlLog, new_id

_COLUMNS = "client_id, purpose, answer, how, given_by, wording_version, at"


class SqlAgreements:
    """`domain.vault.Agreements`."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log

    def record(self, agreement: Agreement) -> None:
        """Raises `UsageError` when there is no such client."""
        row: Row = (
            new_id(),
            agreement.client_id,
            agreement.purpose.value,
            agreement.answer.value,
            agreement.how,
            agreement.given_by,
            agreement.wording_version,
            agreement.at.isoformat(),
        )
        with self._db.transaction():
            if self._db.row("SELECT 1 FROM client WHERE id = ?", (agreement.client_id,)) is None:
                raise UsageError("There is no such client in this vault. Nothing was changed.")
            self._db.run(
                "INSERT INTO agreement (id, client_id, purpose, answer, how, given_by, wording_version, at) "
                "VALUES (?,?,?,?,?,?,?,?)",
                row,
            )
            self._log.append("agreement.recorded", row[0], row, agreement.client_id)
            if agreement.purpose is Purpose.DRAFTING and agreement.answer is not Answer.AGREED:
                end_drafts(self._db, self._log, "agreement", client_id=agreement.client_id)

    def current(self, client_id: str, purpose: Purpose) -> Agreement | None:
        row = self._db.row(
            f"SELECT {_COLUMNS} FROM agreement WHERE client_id = ? AND purpose = ? ORDER BY seq DESC LIMIT 1",  # noqa: S608
            (client_id, purpose.value),
        )
        if row is None:
            return None
        return Agreement(
            client_id=row[0],
            purpose=Purpose(row[1]),
            answer=Answer(row[2]),
            how=row[3],
            given_by=row[4],
            wording_version=row[5],
            at=datetime.fromisoformat(row[6]),
        )
