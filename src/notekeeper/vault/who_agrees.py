"""Who agrees to what in one file: its answers, its persons and its front sheet, read together.

What always holds: every answer is held against the log before it counts, so that one written past the program grants
nothing.
"""

from datetime import datetime

from notekeeper.domain.agreement import (
    Agreement,
    AgreementDetail,
    Answer,
    Given,
    Party,
    Purpose,
    Standing,
    parties,
    standings_of,
)
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.people import people_from
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.entries import SqlEntries
from notekeeper.vault.front_sheets import SqlFrontSheets
from notekeeper.vault.log import SqlLog

COLUMNS = "id, client_id, purpose, answer, how, given_by, wording_version, at"


def given(db: Connection, log: SqlLog, client_id: str) -> list[Given]:
    """The file's answers in the order recorded. Raises `ChainBrokenError`."""
    details = {
        entry.about: entry.read(AgreementDetail)
        for entry in SqlEntries(db, log).of(client_id, EntryKind.AGREEMENT_DETAIL)
    }
    rows = db.rows(f"SELECT {COLUMNS} FROM agreement WHERE client_id = ? ORDER BY seq", (client_id,))  # noqa: S608 (constant columns)
    for row in rows:
        log.check("agreement.recorded", row[0], row, client_id, b"")
    return [Given(row[0], agreement_of(row), details.get(row[0])) for row in rows]


def parties_of(db: Connection, log: SqlLog, client_id: str) -> tuple[Party, ...]:
    """Everybody whose own answer is needed. Raises `ChainBrokenError`."""
    sheet = SqlFrontSheets(db, log).current(client_id)
    people = people_from(SqlEntries(db, log).of(client_id, EntryKind.PERSON, EntryKind.PERSON_LEFT))
    return parties(sheet.work, people, under_18=sheet.under_18)


def standings(db: Connection, log: SqlLog, client_id: str, purpose: Purpose) -> tuple[Standing, ...]:
    """How each of them stands to a purpose now. Raises `ChainBrokenError`."""
    return standings_of(purpose, parties_of(db, log, client_id), given(db, log, client_id))


def agreement_of(row: Row) -> Agreement:
    """An answer from a row of `COLUMNS`."""
    return Agreement(
        client_id=row[1],
        purpose=Purpose(row[2]),
        answer=Answer(row[3]),
        how=row[4],
        given_by=row[5],
        wording_version=row[6],
        at=datetime.fromisoformat(row[7]),
    )
