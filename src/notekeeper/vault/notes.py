"""Notes, their revisions, and the typing that is kept before it is saved."""

from datetime import date, datetime

from notekeeper.domain.note import (
    MAX_NOTE_CHARACTERS,
    Note,
    NoteFormat,
    NoteKind,
    NotePart,
    Revision,
    WorkingText,
)
from notekeeper.errors import UsageError
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.log import SqlLog, new_id, new_salt, now
from notekeeper.vault.misfiled import move_note
from notekeeper.vault.records import HERE, NOTE_COLUMNS, client_of_unsigned, note_of
from notekeeper.vault.search import index_text, unindex_text

_NO_NOTE = 1 << 62  # the database holds no number much greater
_REVISION = "SELECT id, note_id, part, number, text, saved_at FROM revision WHERE note_id = ? AND part = ?"


class SqlNotes:
    """`domain.vault.Notes`. `save` and `autosave` raise `UsageError` for a text that cannot be kept."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log

    def add(self, client_id: str, *, kind: NoteKind, format: NoteFormat, date: date) -> Note:
        with self._db.transaction():
            self._db.run("UPDATE client SET last_number = last_number + 1 WHERE id = ?", (client_id,))
            number = self._db.row("SELECT last_number FROM client WHERE id = ?", (client_id,))
            if number is None:
                raise UsageError("There is no such client in this vault. Nothing was changed.")
            note = Note(new_id(), client_id, number[0], kind, format, date, now())
            at = note.created_at.isoformat()
            row: Row = (note.id, client_id, note.number, kind.value, format.value, date.isoformat(), at)
            self._db.run(
                "INSERT INTO note (id, client_id, number, kind, format, date, created_at) VALUES (?,?,?,?,?,?,?)", row
            )
            self._log.append("note.added", note.id, row, client_id)
        return note

    def by_number(self, client_id: str, number: int) -> Note:
        row = self._db.row(
            f"SELECT {NOTE_COLUMNS} FROM note n WHERE n.client_id = ? AND n.number = ? AND {HERE}",  # noqa: S608 (constant columns)
            (client_id, min(number, _NO_NOTE)),
        )
        if row is None and any(stub.number == number for stub in self.stubs(client_id)):
            raise UsageError(
                "This note was filed under the wrong client and moved to the right file. Only its number and date are "
                "left here."
            )
        if row is None:
            raise UsageError("This client has no note with that number. `notekeeper note list` names them.")
        return note_of(row)

    def of_client(self, client_id: str) -> list[Note]:
        sql = f"SELECT {NOTE_COLUMNS} FROM note n WHERE n.client_id = ? AND {HERE} ORDER BY n.number"  # noqa: S608 (constant columns)
        return [note_of(row) for row in self._db.rows(sql, (client_id,))]

    def stubs(self, client_id: str) -> list[Note]:
        sql = f"SELECT {NOTE_COLUMNS} FROM note n WHERE n.client_id = ? AND NOT {HERE} ORDER BY n.number"  # noqa: S608
        return [note_of(row) for row in self._db.rows(sql, (client_id,))]

    def move(self, note_id: str, to_client_id: str) -> Note:
        return move_note(self._db, self._log, self, note_id, to_client_id)

    def save(self, note_id: str, text: str, part: NotePart = NotePart.RECORD) -> Revision:
        _check_length(text)
        with self._db.transaction():
            client_id = client_of_unsigned(self._db, note_id)
            self._db.run("DELETE FROM working_text WHERE note_id = ? AND part = ?", (note_id, part.value))
            newest = self.latest(note_id, part)
            if newest is not None and newest.text == text:
                return newest
            number = newest.number + 1 if newest else 1
            revision = Revision(new_id(), note_id, part, number, text, now())
            row: Row = (revision.id, note_id, part.value, number, text, revision.saved_at.isoformat())
            salt = new_salt()
            if newest is not None:
                unindex_text(self._db, newest.id)
            self._db.run(
                "INSERT INTO revision (id, note_id, part, number, text, saved_at, client_id, salt) "
                "VALUES (?,?,?,?,?,?,?,?)",
                (*row, client_id, salt),
            )
            index_text(self._db, revision.id)
            self._log.append("revision.saved", revision.id, row, client_id, salt)
        return revision

    def latest(self, note_id: str, part: NotePart = NotePart.RECORD) -> Revision | None:
        row = self._db.row(f"{_REVISION} ORDER BY number DESC LIMIT 1", (note_id, part.value))
        return _revision(row) if row else None

    def revisions(self, note_id: str, part: NotePart = NotePart.RECORD) -> list[Revision]:
        return [_revision(row) for row in self._db.rows(f"{_REVISION} ORDER BY number", (note_id, part.value))]

    def autosave(self, note_id: str, text: str, part: NotePart = NotePart.RECORD) -> WorkingText:
        _check_length(text)
        kept = WorkingText(note_id, part, text, now())
        with self._db.transaction():
            client_id = client_of_unsigned(self._db, note_id)
            self._db.run(
                "INSERT INTO working_text (note_id, client_id, part, text, saved_at) VALUES (?,?,?,?,?) "
                "ON CONFLICT (note_id, part) DO UPDATE SET text = excluded.text, saved_at = excluded.saved_at",
                (note_id, client_id, part.value, text, kept.saved_at.isoformat()),
            )
        return kept

    def working(self, note_id: str, part: NotePart = NotePart.RECORD) -> WorkingText | None:
        row = self._db.row(
            "SELECT text, saved_at FROM working_text WHERE note_id = ? AND part = ?", (note_id, part.value)
        )
        return WorkingText(note_id, part, row[0], datetime.fromisoformat(row[1])) if row else None


def _revision(row: Row) -> Revision:
    return Revision(row[0], row[1], NotePart(row[2]), row[3], row[4], datetime.fromisoformat(row[5]))


def _check_length(text: str) -> None:
    if len(text) > MAX_NOTE_CHARACTERS:
        raise UsageError(
            f"A note holds at most {MAX_NOTE_CHARACTERS:,} characters. Nothing was saved. Please divide the text."
        )
