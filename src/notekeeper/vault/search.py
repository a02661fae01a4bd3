"""Search in the newest saved texts, inside the encrypted database.

What always holds: whatever is typed is a search for its words; no input is query syntax and none makes the search
fail. The index answers for the newest revision of each part of each note; an erased client's words leave it whole.
"""

import unicodedata

from notekeeper.domain.note import NotePart
from notekeeper.domain.vault import SearchHit
from notekeeper.vault.connection import Connection
from notekeeper.vault.records import NOTE_COLUMNS, note_of

MOST_WORDS = 100
_SNIPPET_WORDS = 14


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
    """Notes whose newest text holds every word (accents and case apart), newest note first."""
    query = as_query(words)
    if not query or limit < 1:
        return []
    rows = db.rows(
        f"SELECT {NOTE_COLUMNS}, c.code, r.part, snippet(word_index, 0, '«', '»', '…', {_SNIPPET_WORDS}) "  # noqa: S608
        "FROM word_index JOIN revision r ON r.seq = word_index.rowid JOIN note n ON n.id = r.note_id "
        "JOIN client c ON c.id = n.client_id "
        "WHERE word_index MATCH ? AND (? IS NULL OR n.client_id = ?) "
        "ORDER BY n.date DESC, n.created_at DESC, r.part DESC LIMIT ?",
        (query, client_id, client_id, min(limit, 10_000)),
    )
    return [SearchHit(note_of(row), row[8], NotePart(row[9]), row[10]) for row in rows]
