"""How rows of the record are read, and what the log commits to for each of them.

`COMMITTED` gives, for each event, a query whose rows are: subject, owner, salt, then the columns that the commitment
is over, as a canonical JSON list. Writers pass the same columns in the same order; verification reads them back.
"""

from datetime import date, datetime

from notekeeper.domain.entry import EntryKind
from notekeeper.domain.note import Note, NoteFormat, NoteKind
from notekeeper.errors import UsageError
from notekeeper.vault.connection import Connection, Row

NOTE_COLUMNS = (
    "n.id, n.client_id, n.number, n.kind, n.format, n.date, n.created_at, "
    "EXISTS (SELECT 1 FROM sign_off s WHERE s.note_id = n.id)"
)
HERE = "NOT EXISTS (SELECT 1 FROM note_moved m WHERE m.note_id = n.id)"
"""Of a note `n` that is not the stub of one filed under the wrong client."""
COMMITTED = {
    "client.added": "SELECT id, id, x'', id, code, added_at, demonstration FROM client",
    "front_sheet.saved": "SELECT id, client_id, salt, id, client_id, number, body, saved_at FROM front_sheet",
    "note.added": "SELECT id, client_id, x'', id, client_id, number, kind, format, date, created_at FROM note",
    "revision.saved": "SELECT id, client_id, salt, id, note_id, part, number, text, saved_at FROM revision",
    "agreement.recorded": (
        "SELECT id, client_id, x'', id, client_id, purpose, answer, how, given_by, wording_version, at FROM agreement"
    ),
    "draft.stored": (
        "SELECT id, client_id, x'', id, note_id, client_id, revision_id, made_at, facts, content_hash FROM draft"
    ),
    "draft.ended": "SELECT draft_id, client_id, x'', draft_id, client_id, reason, at FROM draft_end",
    "decision.made": (
        "SELECT id, client_id, x'', id, draft_id, client_id, item, choice, at, destination, reason, text_hash "
        "FROM decision"
    ),
    "note.signed": "SELECT id, client_id, salt, note_id, client_id, body FROM sign_off",
    "addendum.added": (
        "SELECT id, client_id, salt, id, note_id, client_id, number, text, signer, added_at FROM addendum"
    ),
    "addendum.risk": "SELECT addendum_id, client_id, salt, addendum_id, client_id, body FROM addendum_risk",
    "follow_up.added": (
        "SELECT id, client_id, salt, id, client_id, number, note_id, words, due, added_at FROM follow_up"
    ),
    "follow_up.marked": "SELECT id, client_id, x'', id, follow_up_id, client_id, done, day, at FROM follow_up_mark",
    "signature.made": (
        "SELECT subject, client_id, x'', subject, note_id, client_id, public_key, signature FROM signature"
    ),
    "provenance.ended": "SELECT sign_off_id, client_id, x'', sign_off_id, note_id, client_id, at FROM provenance_end",
    "note.moved": "SELECT note_id, client_id, x'', note_id, client_id, subjects, at FROM note_moved",
    "client.destroyed": "SELECT client_id, '', x'', client_id, body, at FROM destruction",
    **{
        kind.value: "SELECT id, client_id, salt, id, client_id, kind, number, about, body, at FROM file_entry "  # noqa: S608
        f"WHERE kind = '{kind.value}'"
        for kind in EntryKind
    },
}
# Rows that are written again: only the newest entry on a subject holds.
REPLACED = {
    "review.own": "SELECT note_id, client_id, salt, note_id, name, body FROM review_part WHERE name = 'own'",
    "review.risk": "SELECT note_id, client_id, salt, note_id, name, body FROM review_part WHERE name = 'risk'",
    "signer.set": "SELECT '', '', salt, body FROM setting WHERE name = 'signer'",
    "will.set": "SELECT '', '', salt, body FROM setting WHERE name = 'will'",
    "retention_policy.set": "SELECT '', '', salt, body FROM setting WHERE name = 'retention_policy'",
    "supervision_log.set": "SELECT '', '', salt, body FROM setting WHERE name = 'supervision_log'",
    "signing_key.set": "SELECT '', '', salt, body FROM setting WHERE name = 'signing_key'",
    "identity.set": "SELECT client_id, client_id, salt, client_id, body FROM identity",
    "backup_folder.set": "SELECT '', '', salt, body FROM setting WHERE name = 'backup_folder'",
}


def note_of(row: Row) -> Note:
    """A note from `NOTE_COLUMNS`."""
    return Note(
        id=row[0],
        client_id=row[1],
        number=row[2],
        kind=NoteKind(row[3]),
        format=NoteFormat(row[4]),
        date=date.fromisoformat(row[5]),
        created_at=datetime.fromisoformat(row[6]),
        signed=bool(row[7]),
    )


def client_of(db: Connection, note_id: str) -> str:
    """The client of this note. Raises `UsageError` when there is no such note."""
    row = db.row("SELECT client_id FROM note WHERE id = ?", (note_id,))
    if row is None:
        raise UsageError("There is no such note in this vault. Nothing was changed.")
    return str(row[0])


def client_of_unsigned(db: Connection, note_id: str) -> str:
    """The client of this note. Raises `UsageError` when there is no such note or it is signed."""
    client_id = client_of(db, note_id)
    if db.row("SELECT 1 FROM note_moved WHERE note_id = ?", (note_id,)):
        raise UsageError(
            "This note was filed under the wrong client and moved to the right file, so nothing is kept here any more."
        )
    if db.row("SELECT 1 FROM sign_off WHERE note_id = ?", (note_id,)):
        raise UsageError("This note is signed and stays as it was signed. Nothing was changed.")
    return client_id
