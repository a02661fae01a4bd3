"""Follow-ups of clients, and the marks that say they were done or are open again.

What always holds: neither is ever changed; of the marks on a follow-up the newest stands.
"""

from datetime import date, datetime

from notekeeper.domain.follow_up import FollowUp, follow_up_words
from notekeeper.errors import UsageError
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.log import SqlLog, new_id, new_salt, now
from notekeeper.vault.records import client_of

_FOLLOW_UPS = """
SELECT f.id, f.client_id, f.number, f.words, f.due, f.note_id, n.number, f.added_at, m.done, m.day
FROM follow_up f LEFT JOIN note n ON n.id = f.note_id
LEFT JOIN follow_up_mark m ON m.seq = (SELECT max(seq) FROM follow_up_mark WHERE follow_up_id = f.id)
"""


class SqlFollowUps:
    """`domain.vault.FollowUps`."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log

    def add(self, client_id: str, words: str, due: date, note_id: str | None = None) -> FollowUp:
        words, salt = follow_up_words(words), new_salt()
        with self._db.transaction():
            if self._db.row("SELECT 1 FROM client WHERE id = ?", (client_id,)) is None:
                raise UsageError("There is no such client in this vault. Nothing was changed.")
            if note_id is not None and client_of(self._db, note_id) != client_id:
                raise UsageError("That note is in another client's file. Nothing was changed.")
            last = self._db.row("SELECT max(number) FROM follow_up WHERE client_id = ?", (client_id,))
            number = (last[0] or 0 if last else 0) + 1
            row: Row = (new_id(), client_id, number, note_id, words, due.isoformat(), now().isoformat())
            self._db.run(
                "INSERT INTO follow_up (id, client_id, number, note_id, words, due, added_at, salt) "
                "VALUES (?,?,?,?,?,?,?,?)",
                (*row, salt),
            )
            self._log.append("follow_up.added", row[0], row, client_id, salt)
        return self.by_number(client_id, number)

    def mark(self, follow_up_id: str, day: date, *, done: bool = True) -> FollowUp:
        with self._db.transaction():
            found = self._one("WHERE f.id = ?", (follow_up_id,))
            if (found.done is not None) == done:
                raise UsageError(f"This follow-up is {'done' if done else 'open'} already. Nothing was changed.")
            row: Row = (new_id(), follow_up_id, found.client_id, int(done), day.isoformat(), now().isoformat())
            self._db.run(
                "INSERT INTO follow_up_mark (id, follow_up_id, client_id, done, day, at) VALUES (?,?,?,?,?,?)", row
            )
            self._log.append("follow_up.marked", row[0], row, found.client_id)
            return self._one("WHERE f.id = ?", (follow_up_id,))

    def by_number(self, client_id: str, number: int) -> FollowUp:
        return self._one("WHERE f.client_id = ? AND f.number = ?", (client_id, number))

    def of_client(self, client_id: str | None = None) -> list[FollowUp]:
        where = "WHERE ? IS NULL OR f.client_id = ? ORDER BY f.due, f.client_id, f.number"
        return [_follow_up(row) for row in self._db.rows(_FOLLOW_UPS + where, (client_id, client_id))]

    def _one(self, where: str, values: Row) -> FollowUp:
        row = self._db.row(_FOLLOW_UPS + where, values)
        if row is None:
            raise UsageError("There is no follow-up with that number. `notekeeper followup list` names them.")
        return _follow_up(row)


def _follow_up(row: Row) -> FollowUp:
    return FollowUp(
        id=row[0],
        client_id=row[1],
        number=row[2],
        words=row[3],
        due=date.fromisoformat(row[4]),
        note_id=row[5],
        note_number=row[6],
        added_at=datetime.fromisoformat(row[7]),
        done=date.fromisoformat(row[9]) if row[8] else None,
    )
