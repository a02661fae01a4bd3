"""A note that was filed under the wrong client is moved to the right file.

What always holds: one transaction makes the new, unsigned note in the right file and destroys everything of the old
one, its words in the search index too; then the write-ahead log is folded in, so that no page on disk holds them under
the old note. What is left there is a stub of number, kind and date, and one line of the log without content. Nothing a
model drafted goes along, and no note leaves a file on legal hold. The right client's code is written nowhere in the
wrong file, nor the other way about.
"""

import json

from notekeeper.domain.ai_use import AiUse
from notekeeper.domain.entry import CITING, PREPARED, EntryKind
from notekeeper.domain.misfiled import Received, own_view_of, with_addenda, with_begun
from notekeeper.domain.note import MAX_NOTE_CHARACTERS, Note, NotePart
from notekeeper.domain.review import OwnView
from notekeeper.domain.risk import RiskEntry
from notekeeper.domain.vault import Notes
from notekeeper.errors import UsageError
from notekeeper.vault.addenda import SqlAddenda, SqlJottings
from notekeeper.vault.connection import Connection
from notekeeper.vault.entries import SqlEntries
from notekeeper.vault.erase import on_hold
from notekeeper.vault.follow_ups import SqlFollowUps
from notekeeper.vault.log import SqlLog, canonical, now
from notekeeper.vault.provenance import end_provenance_of
from notekeeper.vault.records import NOTE_COLUMNS, note_of
from notekeeper.vault.reviews import SqlReviews
from notekeeper.vault.signoffs import SqlSignOffs

STAYING = (EntryKind.CORRECTION, EntryKind.CORRECTION_ANSWER)
"""Entries about the note that stay in the wrong file: what its client asked for is theirs."""
_DRAFTS = "draft_id IN (SELECT id FROM draft WHERE note_id = ?)"
_CITING = ", ".join(f"'{kind.value}'" for kind in CITING)
_STAYING = ", ".join(f"'{kind.value}'" for kind in STAYING)
# What the log names by an id of its own: the ids of rows that are destroyed.
_SUBJECTS = (
    """
SELECT id FROM revision WHERE note_id = :note
UNION SELECT id FROM draft WHERE note_id = :note
UNION SELECT e.id FROM decision e JOIN draft d ON d.id = e.draft_id WHERE d.note_id = :note
UNION SELECT id FROM sign_off WHERE note_id = :note
UNION SELECT subject FROM signature WHERE note_id = :note
UNION SELECT sign_off_id FROM provenance_end WHERE note_id = :note
UNION SELECT id FROM addendum WHERE note_id = :note
UNION SELECT id FROM follow_up WHERE note_id = :note
UNION SELECT m.id FROM follow_up_mark m JOIN follow_up f ON f.id = m.follow_up_id WHERE f.note_id = :note
UNION SELECT id FROM file_entry WHERE about = :note AND kind NOT IN (STAYING)
UNION SELECT l.id FROM file_entry l JOIN file_entry e ON e.id = l.about
  WHERE e.about = :note AND e.kind NOT IN (STAYING)
UNION SELECT e.id FROM file_entry e, json_each(e.body, '$.notes') n WHERE e.kind IN (CITING) AND n.value = :note
UNION SELECT l.id FROM file_entry l JOIN file_entry e ON e.id = l.about, json_each(e.body, '$.notes') n
  WHERE e.kind IN (CITING) AND n.value = :note
""".replace("STAYING", _STAYING)
    .replace("CITING", _CITING)
    .replace(":note", "?1")
)
_ANEW = (
    f"jotting WHERE owner IN (SELECT n.client_id || p.value FROM note n, json_each('{json.dumps(PREPARED)}') p "  # noqa: S608 (constants)
    "WHERE n.id = ?)"
)
# Rows that point to others come first.
_DESTROYED = (
    f"decision_text WHERE {_DRAFTS}",
    f"decision WHERE {_DRAFTS}",
    f"draft_content WHERE {_DRAFTS}",
    f"draft_end WHERE {_DRAFTS}",
    "draft WHERE note_id = ?",
    "provenance WHERE note_id = ?",
    "provenance_end WHERE note_id = ?",
    "signature WHERE note_id = ?",
    "review_part WHERE note_id = ?",
    "working_text WHERE note_id = ?",
    "follow_up_mark WHERE follow_up_id IN (SELECT id FROM follow_up WHERE note_id = ?)",
    "follow_up WHERE note_id = ?",
    "addendum_risk WHERE addendum_id IN (SELECT id FROM addendum WHERE note_id = ?)",
    "addendum WHERE note_id = ?",
    "sign_off WHERE note_id = ?",
    "revision WHERE note_id = ?",
    # Entries that cite the note among others, and entries about them; `_SUBJECTS` names them.
    "file_entry WHERE id IN (SELECT s.value FROM note_moved m, json_each(m.subjects) s WHERE m.note_id = ?)",
    _ANEW,
    f"file_entry WHERE about IN (SELECT id FROM file_entry WHERE about = ? AND kind NOT IN ({_STAYING}))",  # noqa: S608 (constants)
    f"file_entry WHERE about = ? AND kind NOT IN ({_STAYING})",
)
_NEWEST = """
    SELECT seq, text FROM revision r WHERE note_id = ?
    AND number = (SELECT max(number) FROM revision WHERE note_id = r.note_id AND part = r.part)
"""


def move_note(db: Connection, log: SqlLog, notes: Notes, note_id: str, to_client_id: str) -> Note:
    """The new note. Raises `UsageError`, and `ChainBrokenError` when what was signed does not verify; whatever is
    raised leaves both files as they were."""
    with db.transaction():
        note = _movable(db, note_id, to_client_id)
        moved = notes.add(to_client_id, kind=note.kind, format=note.format, date=note.date)
        _carry(db, log, notes, note, moved)
        subjects = sorted(row[0] for row in db.rows(_SUBJECTS, (note_id,)))
        row = (note_id, note.client_id, canonical(subjects).decode(), now().isoformat())
        db.run("INSERT INTO note_moved (note_id, client_id, subjects, at) VALUES (?,?,?,?)", row)
        _destroy(db, note_id)
        # Of signed patterns that rested on this note and on later ones.
        end_provenance_of(db, log, subjects)
        log.append("note.moved", note_id, row, note.client_id)
    db.ask("wal_checkpoint(TRUNCATE)")
    return moved


def _movable(db: Connection, note_id: str, to_client_id: str) -> Note:
    row = db.row(f"SELECT {NOTE_COLUMNS} FROM note n WHERE n.id = ?", (note_id,))  # noqa: S608 (constant columns)
    there = db.row("SELECT demonstration FROM client WHERE id = ?", (to_client_id,))
    if row is None or there is None:
        raise UsageError("There is no such note or client in this vault. Nothing was changed.")
    note = note_of(row)
    if db.row("SELECT 1 FROM note_moved WHERE note_id = ?", (note_id,)):
        raise UsageError("This note was moved to the right file already. Nothing was changed.")
    if on_hold(db, note.client_id):
        raise UsageError(
            "The file that holds this note is on legal hold, and a move would destroy what is there of it. Lift the "
            "hold first. Nothing was changed."
        )
    if note.client_id == to_client_id:
        raise UsageError("The note is in that client's file already. Nothing was changed.")
    if db.row("SELECT 1 FROM client WHERE id = ? AND demonstration = ?", (note.client_id, there[0])) is None:
        raise UsageError("A note is not moved between a demonstration client and a real one. Nothing was changed.")
    return note


def _carry(db: Connection, log: SqlLog, notes: Notes, note: Note, moved: Note) -> None:
    """Texts, own view, risk entry, typing and follow-ups into the new note."""
    signed, addenda = SqlSignOffs(db, log).of_note(note.id), SqlAddenda(db, log).of_note(note.id)
    reviews, jottings = SqlReviews(db, log), SqlJottings(db)
    for part in NotePart:
        if text := notes.latest(note.id, part):
            first = signed.body.risk if signed else None
            record = part is NotePart.RECORD
            notes.save(moved.id, _fitting(with_addenda(text.text, first, addenda) if record else text.text), part)
        if typing := notes.working(note.id, part):
            notes.autosave(moved.id, typing.text, part)
    own = own_view_of(signed.body) if signed else reviews.own(note.id)
    if own != OwnView():
        reviews.set_own(moved.id, own)
    later = [added.risk for added in addenda if added.risk is not None]
    risk = later[-1] if later else signed.body.risk if signed else reviews.risk(note.id)
    if risk is not None:
        reviews.set_risk(moved.id, risk)
    _carry_typing(db, notes, jottings, note, moved)
    follow_ups = SqlFollowUps(db, log)
    for each in follow_ups.of_client(note.client_id):
        if each.note_id == note.id:
            again = follow_ups.add(moved.client_id, each.words, each.due, moved.id)
            if each.done is not None:
                follow_ups.mark(again.id, each.done)
    entries = SqlEntries(db, log)
    for noted in entries.of(note.client_id, EntryKind.AI_USE, about=note.id):
        entries.add(moved.client_id, EntryKind.AI_USE, noted.read(AiUse), moved.id)
    received = Received(was_signed=signed is not None, addenda=len(addenda))
    entries.add(moved.client_id, EntryKind.RECEIVED, received, moved.id)


def _carry_typing(db: Connection, notes: Notes, jottings: SqlJottings, note: Note, moved: Note) -> None:
    """What is typed for the note: a begun addendum becomes unsaved typing, the rest belongs to the new note."""
    risk = jottings.of(f"{note.id}.risk")
    text = notes.working(moved.id) or notes.latest(moved.id)
    said = text.text if text else ""
    begun = with_begun(said, jottings.of(note.id), RiskEntry.model_validate_json(risk) if risk else None)
    if begun != said:
        notes.autosave(moved.id, _fitting(begun))
    for owner in (note.id, f"{note.id}.risk"):
        jottings.keep(owner, note.client_id, "")
    for owner, typed in db.rows("SELECT owner, text FROM jotting WHERE owner LIKE ? || '.%'", (note.id,)):
        jottings.keep(moved.id + owner.removeprefix(note.id), moved.client_id, typed)
        jottings.keep(owner, note.client_id, "")


def _fitting(text: str) -> str:
    if len(text) > MAX_NOTE_CHARACTERS:
        raise UsageError("The note and its addenda together are longer than one note can be. Nothing was changed.")
    return text


def _destroy(db: Connection, note_id: str) -> None:
    """Every row of the note and its words in the index; on disk too, as in an erasure."""
    db.run("INSERT INTO word_index (word_index, rank) VALUES ('secure-delete', 1)")
    db.run("INSERT INTO addendum_index (addendum_index, rank) VALUES ('secure-delete', 1)")
    for seq, text in db.rows(_NEWEST, (note_id,)):
        db.run("INSERT INTO word_index (word_index, rowid, text) VALUES ('delete', ?, ?)", (seq, text))
    for seq, text in db.rows("SELECT seq, text FROM addendum WHERE note_id = ?", (note_id,)):
        db.run("INSERT INTO addendum_index (addendum_index, rowid, text) VALUES ('delete', ?, ?)", (seq, text))
    for rows in _DESTROYED:
        db.run(f"DELETE FROM {rows}", (note_id,))  # noqa: S608 (constants from the tuple above)
    db.run("INSERT INTO word_index (word_index) VALUES ('optimize')")
    db.run("INSERT INTO word_index (word_index, rank) VALUES ('secure-delete', 0)")
    db.run("INSERT INTO addendum_index (addendum_index) VALUES ('optimize')")
    db.run("INSERT INTO addendum_index (addendum_index, rank) VALUES ('secure-delete', 0)")
