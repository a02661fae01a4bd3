"""Search in what was signed: the labels of themes, and the words of risk entries.

What always holds: only sign-offs and the addenda beneath them are read; what is typed is compared with words and is
never part of a query. The bodies are ASCII JSON, so a first look in the database leaves out those that cannot hold
the words, and only the rest is read.
"""

import json
import re
from dataclasses import dataclass

from notekeeper.domain.finding import is_theme, words_in
from notekeeper.domain.note import NotePart
from notekeeper.domain.vault import SearchHit
from notekeeper.vault.connection import Connection
from notekeeper.vault.records import NOTE_COLUMNS, note_of

_AROUND = 60
_FEW = 5
"""Of the words typed, those that the first look asks for; every one of them is compared afterwards."""


_TEXTS = ("words", "protective", "action", "told", "safeguarding")
"""The texts of a risk entry; its other strings are states."""

_AT_SIGNING = ("SELECT s.note_id, json_extract(s.body, '$.risk') FROM sign_off s", "s.body", False)
_ADDED_LATER = (
    "SELECT a.note_id, k.body FROM addendum_risk k JOIN addendum a ON a.id = k.addendum_id",
    "k.body",
    True,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Conditions on a note `n`, constant text, and the values in them."""

    sql: str
    values: tuple[str, ...]


def themed(db: Connection, theme: str) -> str:
    """The ids of notes with that signed theme, as a JSON list."""
    # By its code a theme may be found whose label has none of the words.
    maybe, values = _maybe(words_in(theme.replace("_", " ")))
    rows = db.rows(f"SELECT s.note_id, json_extract(s.body, '$.items') FROM sign_off s WHERE {maybe}", values)  # noqa: S608
    return json.dumps(
        [
            note_id
            for note_id, items in rows
            if any(is_theme(theme, it["text"], it["code"]) for it in json.loads(items) if it["kind"] == "theme")
        ]
    )


def in_risk(db: Connection, words: frozenset[str], scope: Scope, limit: int) -> list[SearchHit]:
    """Notes whose signed risk entry, or one that an addendum brought, holds every word; newest first. None for no
    word, as of a letter that is nothing but an accent."""
    if not words:
        return []
    found: list[tuple[str, str, bool]] = []
    for sql, body, added in (_AT_SIGNING, _ADDED_LATER):
        maybe, values = _maybe(words, body)
        for note_id, written in db.rows(f"{sql} WHERE {maybe}", values):
            entry = json.loads(written)
            text = " ".join(entry[name] for name in _TEXTS if entry.get(name))
            if words <= words_in(text):
                found.append((note_id, around(text, min(words)), added))
    # The notes afterwards: joined to them, the bodies would be read in no order of the disk's.
    asked = json.dumps([note_id for note_id, _, _ in found])
    rows = db.rows(
        f"SELECT {NOTE_COLUMNS}, c.code FROM note n JOIN client c ON c.id = n.client_id "  # noqa: S608
        f"WHERE n.id IN (SELECT value FROM json_each(?)) AND {scope.sql} ORDER BY 6 DESC, 7 DESC, 3 DESC LIMIT ?",
        (asked, *scope.values, limit),
    )
    return [
        SearchHit(note_of(row), row[8], NotePart.RECORD, snippet, addendum=added, risk=True)
        for row in rows
        for note_id, snippet, added in found
        if note_id == row[0]
    ][:limit]


def _maybe(words: frozenset[str], body: str = "s.body") -> tuple[str, tuple[str, ...]]:
    """A condition that no body with these words fails, and its values. Letters beyond ASCII stand as escapes in it,
    and one of them may be a word's own letter with an accent."""
    plain = [word for word in sorted(words, key=len, reverse=True) if word.isascii()][:_FEW]
    if not plain:
        return "1", ()
    each = " AND ".join(f"{body} LIKE ?" for _ in plain)
    return f"(({each}) OR instr({body}, '\\u'))", tuple(f"%{word}%" for word in plain)


def around(text: str, word: str) -> str:
    """The first place of `word` in a text with what stands about it; the beginning where it is written there in
    another form."""
    at = re.search(re.escape(word), text, re.IGNORECASE)
    start, end = (at.start(), at.end()) if at else (0, 0)
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    marked = f"«{text[start:end]}»" if at else ""
    return f"{'…' if start > _AROUND else ''}{before}{marked}{after}{'…' if end + _AROUND < len(text) else ''}"
