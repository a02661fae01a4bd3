"""Search in the newest saved texts, inside the encrypted database.

What always holds: whatever is typed is a search for its words; no input is query syntax and none makes the search
fail. The indexes answer for the newest revision of each part of each note, and for addenda; the words of an erased
client or of a moved note leave them whole. Words of signed risk entries have no index and are read through: they come
after the notes and addenda, while there is room.
"""

import json
import unicodedata

from notekeeper.domain.finding import ALL, Filters, words_in
from notekeeper.domain.note import NotePart
from notekeeper.domain.vault import SearchHit
from notekeeper.vault.connection import Connection
from notekeeper.vault.records import HERE, NOTE_COLUMNS, note_of
from notekeeper.vault.search_signed import Scope, around, in_risk, themed

MOST_WORDS = 100
MOST_TYPED = 10_000
"""Characters of what is typed that are looked at."""
_SNIPPET_WORDS = 14
_LONG = 20_000
"""Bytes from which FTS5 does not cut the snippet: its time grows with the square of how often a word stands in a
text. One word 20,000 times over took four seconds, 80,000 times fifty-one. Nor does it where a NUL stands in the text,
at which SQLite's own functions end a text."""
_BEGINNING = 160
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
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in words[:MOST_TYPED])
    kept = dict.fromkeys(word for word in plain.split() if any(unicodedata.category(c)[0] in "LN" for c in word))
    return " ".join('"' + word.replace('"', '""') + '"' for word in list(kept)[:MOST_WORDS])


def find(db: Connection, words: str, client_id: str | None, limit: int, filters: Filters = ALL) -> list[SearchHit]:
    """Notes whose newest text, or an addendum or a signed risk entry of which, holds every word (accents and case
    apart), newest first. Without words but with filters: every note they leave."""
    query = as_query(words)
    if limit < 1 or (not query and (words.strip() or not filters)):
        return []
    limit, scope = min(limit, 10_000), _scope(db, client_id, filters)
    if not query:
        return _listed(db, scope, filters.part, limit)
    hits = _indexed(db, query, scope, filters.part, limit)
    if len(hits) < limit and filters.part is not NotePart.PROCESS and filters.signed is not False:
        hits += in_risk(db, words_in(words[:MOST_TYPED]), scope, limit - len(hits))
    return hits


def _scope(db: Connection, client_id: str | None, filters: Filters) -> Scope:
    """The conditions on a note `n` and their values."""
    signed = "EXISTS (SELECT 1 FROM sign_off s WHERE s.note_id = n.id)"
    asked: list[tuple[str, str | None]] = [
        ("n.client_id = ?", client_id),
        ("n.date >= ?", filters.start.isoformat() if filters.start else None),
        ("n.date <= ?", filters.end.isoformat() if filters.end else None),
        ("n.kind = ?", filters.kind.value if filters.kind else None),
        ("n.id IN (SELECT value FROM json_each(?))", themed(db, filters.theme) if filters.theme else None),
    ]
    kept = [(condition, value) for condition, value in asked if value is not None]
    standing = [] if filters.signed is None else [signed if filters.signed else f"NOT {signed}"]
    return Scope(" AND ".join([HERE, *standing, *(condition for condition, _ in kept)]), tuple(v for _, v in kept))


def _indexed(db: Connection, query: str, scope: Scope, part: NotePart | None, limit: int) -> list[SearchHit]:
    """What the two indexes find."""
    texts = _hits("word_index", "revision", "r.part, 0", f"{scope.sql} AND (? IS NULL OR r.part = ?)")
    asked: list[object] = [query, *scope.values, part, part]
    if part is not NotePart.PROCESS:
        texts += f" UNION ALL {_hits('addendum_index', 'addendum', f'{_RECORD}, 1', scope.sql)}"
        asked += [query, *scope.values]
    rows = db.rows(f"{texts} ORDER BY 6 DESC, 7 DESC, 10 DESC, 11 LIMIT ?", (*asked, limit))
    # For the rows shown alone: to cut a snippet costs more than to find a note.
    found = {
        bool(added): _snippets(db, index, table, query, [row[11] for row in rows if row[10] == added])
        for added, index, table in ((0, "word_index", "revision"), (1, "addendum_index", "addendum"))
    }
    return [
        SearchHit(note_of(row), row[8], NotePart(row[9]), found[bool(row[10])][row[11]], addendum=bool(row[10]))
        for row in rows
    ]


def _listed(db: Connection, scope: Scope, part: NotePart | None, limit: int) -> list[SearchHit]:
    """Every note within the scope, newest first, with the beginning of its text; with `part` those that have one."""
    shown = part or NotePart.RECORD
    rows = db.rows(
        f"SELECT {NOTE_COLUMNS}, c.code, (SELECT substr(CAST(r.text AS BLOB), 1, {_BEGINNING * 4}) FROM revision r "  # noqa: S608
        "WHERE r.note_id = n.id AND r.part = ? ORDER BY r.number DESC LIMIT 1) AS begins "
        f"FROM note n JOIN client c ON c.id = n.client_id WHERE {scope.sql} AND (? IS NULL OR begins IS NOT NULL) "
        "ORDER BY 6 DESC, 7 DESC, n.number DESC LIMIT ?",
        (shown, *scope.values, part, limit),
    )
    begins = ((row, (row[9] or b"").decode("utf-8", "ignore")[:_BEGINNING]) for row in rows)
    return [SearchHit(note_of(row), row[8], shown, text) for row, text in begins]


def _hits(index: str, table: str, part: str, scope: str) -> str:
    """The query of one index; its arguments are constant names and conditions."""
    return (
        f"SELECT {NOTE_COLUMNS}, c.code, {part}, r.seq "  # noqa: S608
        f"FROM {index} JOIN {table} r ON r.seq = {index}.rowid JOIN note n ON n.id = r.note_id "
        f"JOIN client c ON c.id = n.client_id WHERE {index} MATCH ? AND {scope}"
    )


def _snippets(db: Connection, index: str, table: str, query: str, rows: list[int]) -> dict[int, str]:
    """The words around what was found, by the row of the index; index and table are constant names."""
    cut = f"snippet({index}, 0, '«', '»', '…', {_SNIPPET_WORDS})"
    long = (
        f"(SELECT length(CAST(t.text AS BLOB)) > {_LONG} OR instr(t.text, char(0)) "  # noqa: S608
        f"FROM {table} t WHERE t.seq = {index}.rowid)"
    )
    asked = (
        f"SELECT rowid, CASE WHEN {long} THEN NULL ELSE {cut} END FROM {index} "  # noqa: S608
        f"WHERE {index} MATCH ? AND rowid IN (SELECT value FROM json_each(?))"
    )
    found: dict[int, str] = dict(db.rows(asked, (query, json.dumps(rows))))
    first = query.partition('" "')[0].strip('"').replace('""', '"')
    for seq in [seq for seq, snippet in found.items() if snippet is None]:
        row = db.row(f"SELECT text FROM {table} WHERE seq = ?", (seq,))  # noqa: S608
        found[seq] = around(row[0] if row else "", first)
    return found
