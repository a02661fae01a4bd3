"""Search in the newest saved texts, inside the encrypted database.

What always holds: whatever is typed is a search for its words; no input is query syntax and none makes the search
fail. The indexes answer for the newest revision of each part of each note, and for addenda; an erased client's words
leave them whole.
"""

import json
import re
import unicodedata

from notekeeper.domain.note import NotePart
from notekeeper.domain.vault import SearchHit
from notekeeper.vault.connection import Connection
from notekeeper.vault.records import NOTE_COLUMNS, note_of

MOST_WORDS = 100
_SNIPPET_WORDS = 14
_LONG = 20_000
"""Characters from which FTS5 does not cut the snippet: its time grows with the square of how often a word stands in a
text. One word 20,000 times over took four seconds, 80,000 times fifty-one."""
_AROUND = 60
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
        bool(added): _snippets(db, index, table, query, [row[11] for row in rows if row[10] == added])
        for added, index, table in ((0, "word_index", "revision"), (1, "addendum_index", "addendum"))
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


def _snippets(db: Connection, index: str, table: str, query: str, rows: list[int]) -> dict[int, str]:
    """The words around what was found, by the row of the index; index and table are constant names."""
    cut = f"snippet({index}, 0, '«', '»', '…', {_SNIPPET_WORDS})"
    long = f"(SELECT length(t.text) > {_LONG} FROM {table} t WHERE t.seq = {index}.rowid)"  # noqa: S608
    asked = (
        f"SELECT rowid, CASE WHEN {long} THEN NULL ELSE {cut} END FROM {index} "  # noqa: S608
        f"WHERE {index} MATCH ? AND rowid IN (SELECT value FROM json_each(?))"
    )
    found: dict[int, str] = dict(db.rows(asked, (query, json.dumps(rows))))
    first = query.partition('" "')[0].strip('"').replace('""', '"')
    for seq in [seq for seq, snippet in found.items() if snippet is None]:
        row = db.row(f"SELECT text FROM {table} WHERE seq = ?", (seq,))  # noqa: S608
        found[seq] = _around(row[0] if row else "", first)
    return found


def _around(text: str, word: str) -> str:
    """The first place of `word` in a long text with what stands about it; the beginning where it is written there in
    another form."""
    at = re.search(re.escape(word), text, re.IGNORECASE)
    start, end = (at.start(), at.end()) if at else (0, 0)
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    marked = f"«{text[start:end]}»" if at else ""
    return f"{'…' if start > _AROUND else ''}{before}{marked}{after}{'…' if end + _AROUND < len(text) else ''}"
