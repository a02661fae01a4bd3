"""Search in the newest saved texts, inside the encrypted database.

What always holds: whatever is typed is a search for its words; no input is query syntax and none makes the search
fail. The indexes answer for the newest revision of each part of each note, and for addenda; an erased client's words
leave them whole.
"""

import json
import unicodedata

from notekeeper.domain.note import NotePart
from notekeeper.domain.vault import SearchHit
from notekeeper.vault.connection import Connection
from notekeeper.vault.records import NOTE_COLUMNS, note_of

MOST_WORDS = 100
_SNIPPET_WORDS = 14
_RECORD = f"'{NotePart.RECORD.value}'"


def index_text(db: Connection, revision_id: str) -> None:
    db.run("INSERT INTO word_index (rowid, text) SELECT seq, text FROM revision WHERE id = ?", (revision_id,))


def unindex_text(db: Connection, revision_id: str) -> None:
    db.run(
        "INSERT INTO word_index (word_index, rowid, text) SELECT 'delete', seq, text FROM revision WHERE id = ?",
        (revision_id,),
    )


def as_query(words: str) -> str:
    """Every word as a quoted phrase of FTS5, at most 100 of them; '' when nothing typed is a word."""
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in words[:10_000])
    kept = dict.fromkeys(word for word in plain.split() if any(unicodedata.category(c)[0] in "LN" for c in word))
    return " ".join('"' + word.replace('"', '""') + '"' for word in list(kept)[:MOST_WORDS])


def find(db: Connection, words: str, client_id: str | None, limit: int) -> list[SearchHit]:
    """Notes whose newest text, or an addendum of which, holds every word (accents and case apart), newest first."""
    query = as_query(words)
    if not query or limit < 1:
        return []
    rows = db.rows(
        f"{_hits('word_index', 'revision', 'r.part, 0')} UNION ALL "
        f"{_hits('addendum_index', 'addendum', f'{_RECORD}, 1')} "
        "ORDER BY 6 DESC, 7 DESC, 10 DESC, 11 LIMIT ?",
        (query, client_id, client_id, query, client_id, client_id, min(limit, 10_000)),
    )
    # For the rows shown alone: to cut a snippet costs more than to find a note.
    found = {
        bool(added): _snippets(db, index, query, [row[11] for row in rows if row[10] == added])
        for added, index in ((0, "word_index"), (1, "addendum_index"))
    }
    return [
        SearchHit(note_of(row), row[8], NotePart(row[9]), found[bool(row[10])][row[11]], addendum=bool(row[10]))
        for row in rows
    ]


def _hits(index: str, table: str, part: str) -> str:
    """The query of one index; its three arguments are constant names."""
    return (
        f"SELECT {NOTE_COLUMNS}, c.code, {part}, r.seq "  # noqa: S608
        f"FROM {index} JOIN {table} r ON r.seq = {index}.rowid JOIN note n ON n.id = r.note_id "
        f"JOIN client c ON c.id = n.client_id WHERE {index} MATCH ? AND (? IS NULL OR n.client_id = ?)"
    )


def _snippets(db: Connection, index: str, query: str, rows: list[int]) -> dict[int, str]:
    """The words around what was found, by the row of the index, which is a constant name."""
    cut = f"snippet({index}, 0, '«', '»', '…', {_SNIPPET_WORDS})"
    asked = f"SELECT rowid, {cut} FROM {index} WHERE {index} MATCH ? AND rowid IN (SELECT value FROM json_each(?))"  # noqa: S608
    return dict(db.rows(asked, (query, json.dumps(rows))))
