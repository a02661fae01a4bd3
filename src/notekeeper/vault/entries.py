"""Dated entries of a client's file, of every kind: added, read back verified, never changed."""

from datetime import datetime

from notekeeper.domain.entry import EntryKind, FileEntry
from notekeeper.domain.text import Frozen
from notekeeper.errors import UsageError
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.log import SqlLog, canonical, new_id, new_salt, now

_COLUMNS = "id, client_id, kind, number, about, body, at, salt"


class SqlEntries:
    """`domain.entry.FileEntries`."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log

    def add(self, client_id: str, kind: EntryKind, body: Frozen, about: str = "") -> FileEntry:
        written, salt = canonical(body.model_dump(mode="json")).decode(), new_salt()
        with self._db.transaction():
            if self._db.row("SELECT 1 FROM client WHERE id = ?", (client_id,)) is None:
                raise UsageError("There is no such client in this vault. Nothing was changed.")
            last = self._db.row(
                "SELECT max(number) FROM file_entry WHERE client_id = ? AND kind = ?", (client_id, kind.value)
            )
            number = max(last[0] or 0 if last else 0, self._ever(client_id, kind)) + 1
            row: Row = (new_id(), client_id, kind.value, number, about, written, now().isoformat())
            self._db.run(f"INSERT INTO file_entry ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?)", (*row, salt))  # noqa: S608
            self._log.append(kind.value, row[0], row, client_id, salt)
        return _entry(row)

    def _ever(self, client_id: str, kind: EntryKind) -> int:
        """The entries of this kind that went with notes of another client's count too, so that no number is given
        twice: an answer to an access request names marks by theirs. 0 where no note was moved."""
        row = self._db.row(
            "SELECT count(*) FROM log_entry WHERE event = ? AND owner = ? "
            "AND EXISTS (SELECT 1 FROM note_moved m WHERE m.client_id = ?)",
            (kind.value, client_id, client_id),
        )
        return int(row[0]) if row else 0

    def of(self, client_id: str | None, *kinds: EntryKind, about: str | None = None) -> list[FileEntry]:
        places = ", ".join("?" for _ in kinds)
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM file_entry WHERE (? IS NULL OR client_id = ?) AND (? IS NULL OR about = ?) "  # noqa: S608
            f"AND kind IN ({places}) ORDER BY seq",
            (client_id, client_id, about, about, *(kind.value for kind in kinds)),
        )
        for *row, salt in rows:
            self._log.check(row[2], row[0], row, row[1], salt)
        return [_entry(row) for row in rows]


def _entry(row: Row) -> FileEntry:
    return FileEntry(row[0], row[1], EntryKind(row[2]), row[3], row[4], row[5], datetime.fromisoformat(row[6]))
