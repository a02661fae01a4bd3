"""What was answered to each use of AI: for a client or for each person of the file, newest last; earlier ones are kept.

What always holds: an answer and its details are added in one transaction; a refusal of drafting destroys, in the same
one, the file's drafts that are not signed, a model's words of patterns in work, and what is kept of the program and
models behind what was signed; a refusal of patterns the whole review of them in work, and the same of signed patterns;
a refusal of supervision reports what is kept of one that was shown and not approved.
"""

from notekeeper.domain.agreement import Agreement, AgreementDetail, Answer, Given, Party, Purpose, Standing
from notekeeper.domain.entry import REPORT_PREPARED, EntryKind
from notekeeper.domain.pattern_work import DRAFT, PatternsInWork
from notekeeper.errors import UsageError
from notekeeper.vault.addenda import SqlJottings
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.drafts import end_drafts
from notekeeper.vault.entries import SqlEntries
from notekeeper.vault.log import SqlLog, new_id
from notekeeper.vault.provenance import end_pattern_provenance, end_provenance
from notekeeper.vault.who_agrees import COLUMNS, agreement_of, given, parties_of, standings


class SqlAgreements:
    """`domain.vault.Agreements`."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log
        self._entries = SqlEntries(db, log)

    def record(self, agreement: Agreement, detail: AgreementDetail | None = None) -> str:
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
            self._db.run(f"INSERT INTO agreement ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?)", row)  # noqa: S608 (constant columns)
            self._log.append("agreement.recorded", row[0], row, agreement.client_id)
            if detail is not None:
                self._entries.add(agreement.client_id, EntryKind.AGREEMENT_DETAIL, detail, about=row[0])
            if agreement.answer is not Answer.AGREED:
                self._purge(agreement)
        return str(row[0])

    def _purge(self, agreement: Agreement) -> None:
        client_id = agreement.client_id
        jottings = SqlJottings(self._db)
        if agreement.purpose is Purpose.DRAFTING:
            end_drafts(self._db, self._log, "agreement", client_id=client_id)
            end_provenance(self._db, self._log, client_id)
            if kept := jottings.of(client_id + DRAFT):
                left = PatternsInWork.model_validate_json(kept).without_model()
                jottings.keep(client_id + DRAFT, client_id, left.model_dump_json())
        if agreement.purpose is Purpose.PATTERNS:
            jottings.keep(client_id + DRAFT, client_id, "")
            end_pattern_provenance(self._db, self._log, client_id)
        if agreement.purpose is Purpose.SUPERVISION:
            jottings.keep(client_id + REPORT_PREPARED, client_id, "")

    def current(self, client_id: str, purpose: Purpose) -> Agreement | None:
        row = self._db.row(
            f"SELECT {COLUMNS} FROM agreement WHERE client_id = ? AND purpose = ? ORDER BY seq DESC LIMIT 1",  # noqa: S608
            (client_id, purpose.value),
        )
        return agreement_of(row) if row else None

    def given(self, client_id: str) -> list[Given]:
        return given(self._db, self._log, client_id)

    def parties(self, client_id: str) -> tuple[Party, ...]:
        return parties_of(self._db, self._log, client_id)

    def standings(self, client_id: str, purpose: Purpose) -> tuple[Standing, ...]:
        return standings(self._db, self._log, client_id, purpose)
