"""What made the draft behind a sign-off, kept apart from what was signed.

What always holds: a signed body holds a keyed digest of it and no word; the digest's salt goes with it, so that nobody
can tell afterwards what it stood for. Bodies signed before this was kept apart hold it in themselves and cannot be
altered: once it has ended it is given to nobody, and the bytes stay.
"""

import hmac
import json
from collections.abc import Iterable, Iterator
from typing import TypeVar

from notekeeper.domain.draft import Provenance
from notekeeper.domain.pattern import PatternSignOff
from notekeeper.domain.review import SignOff
from notekeeper.errors import ChainBrokenError
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.log import SqlLog, canonical, digest, new_salt, now

Body = TypeVar("Body", SignOff, PatternSignOff)
_SIGNED = """
signed AS (
  SELECT 'note.signed' AS event, id, client_id, body FROM sign_off
  UNION ALL SELECT kind, id, client_id, body FROM file_entry WHERE kind = 'pattern.signed'
)
"""
_KEPT = """
SELECT s.event, s.id, s.body, p.salt, p.body, e.sign_off_id FROM signed s
LEFT JOIN provenance p ON p.sign_off_id = s.id LEFT JOIN provenance_end e ON e.sign_off_id = s.id
"""
_LEFT_OVER = "SELECT 1 FROM provenance WHERE sign_off_id NOT IN (SELECT id FROM signed)"
_OF_PATTERNS = """
SELECT e.id FROM file_entry e JOIN provenance p ON p.sign_off_id = e.id
WHERE e.client_id = ? AND e.kind = 'pattern.signed'
"""


def apart(signed: Body) -> tuple[Body, Row]:
    """The body to be signed and stored, with the digest in place of the provenance, and the salt and text for
    `keep_provenance`; both are empty when there is none."""
    if signed.provenance is None:
        return signed, (b"", "")
    salt, text = new_salt(), canonical(signed.provenance.model_dump(mode="json")).decode()
    body = signed.model_copy(update={"provenance": None, "provenance_digest": digest(salt, text.encode())})
    return body, (salt, text)


def keep_provenance(db: Connection, sign_off_id: str, note_id: str, client_id: str, kept: Row) -> None:
    """Store what `apart` gave, if anything. `note_id` is the note that was signed, or the last of those that
    signed patterns rest on."""
    if kept[1]:
        db.run(
            "INSERT INTO provenance (sign_off_id, note_id, client_id, salt, body) VALUES (?,?,?,?,?)",
            (sign_off_id, note_id, client_id, *kept),
        )


def joined(db: Connection, log: SqlLog, sign_off_id: str, body: Body) -> Body:
    """The body with its provenance, without it once it has ended. Raises `ChainBrokenError` when it is missing or is
    not what was signed."""
    end = db.row("SELECT note_id, client_id, at FROM provenance_end WHERE sign_off_id = ?", (sign_off_id,))
    if end is not None:
        log.check("provenance.ended", sign_off_id, (sign_off_id, end[0], end[1], end[2]), end[1], b"")
        return body.model_copy(update={"provenance": None})
    if not body.provenance_digest:
        return body
    kept = db.row("SELECT salt, body FROM provenance WHERE sign_off_id = ?", (sign_off_id,))
    if kept is None or not hmac.compare_digest(digest(kept[0], kept[1].encode()), body.provenance_digest):
        raise ChainBrokenError(
            "What is kept of the program and models behind something signed is missing or was altered outside "
            "notekeeper. Nothing was changed. Please run `notekeeper verify` and compare with a backup."
        )
    return body.model_copy(update={"provenance": Provenance.model_validate_json(kept[1])})


def end_provenance(db: Connection, log: SqlLog, client_id: str) -> int:
    """Destroy the provenance of everything signed for the client, patterns too, within the caller's transaction; what
    was signed stays. How many sign-offs that concerned."""
    found = db.rows(
        "SELECT s.id, s.note_id, s.client_id, s.body FROM sign_off s WHERE s.client_id = ? "
        "AND NOT EXISTS (SELECT 1 FROM provenance_end e WHERE e.sign_off_id = s.id) ORDER BY s.seq",
        (client_id,),
    )
    ended = [row[:3] for row in found if _has(json.loads(row[3]))]
    _end(db, log, ended)
    return len(ended) + end_pattern_provenance(db, log, client_id)


def end_pattern_provenance(db: Connection, log: SqlLog, client_id: str) -> int:
    """The same of the client's signed patterns alone."""
    return end_provenance_of(db, log, (row[0] for row in db.rows(_OF_PATTERNS, (client_id,))))


def end_provenance_of(db: Connection, log: SqlLog, sign_offs: Iterable[str]) -> int:
    """The same of these sign-offs, by their ids, as far as they have one kept apart."""
    found = [
        row
        for sign_off_id in sign_offs
        for row in db.rows(
            "SELECT sign_off_id, note_id, client_id FROM provenance WHERE sign_off_id = ?", (sign_off_id,)
        )
    ]
    _end(db, log, found)
    return len(found)


def _end(db: Connection, log: SqlLog, ended: list[Row]) -> None:
    for sign_off_id, note_id, owner in ended:
        row: Row = (sign_off_id, note_id, owner, now().isoformat())
        db.run("INSERT INTO provenance_end (sign_off_id, note_id, client_id, at) VALUES (?,?,?,?)", row)
        db.run("DELETE FROM provenance WHERE sign_off_id = ?", (sign_off_id,))
        log.append("provenance.ended", sign_off_id, row, owner)


def _has(body: dict[str, object]) -> bool:
    return bool(body.get("provenance_digest") or body.get("provenance"))


def provenance_problems(db: Connection, log: SqlLog) -> Iterator[str]:
    """What is wrong with the provenance of what was signed, a sentence each that names the entry of the sign-off."""
    for event, sign_off_id, body, salt, kept, ended in db.rows(f"WITH {_SIGNED} {_KEPT}"):
        expected = json.loads(body).get("provenance_digest", "")
        named = f"{log.named(event, sign_off_id)}: what is kept of the program and models behind it"
        if ended is not None:
            if kept is not None:
                yield f"{named} was to be destroyed and is still in the vault."
        elif expected and kept is None:
            yield f"{named} is missing from the vault."
        elif kept is not None and not hmac.compare_digest(digest(salt, kept.encode()), expected):
            yield f"{named} has been altered outside notekeeper."
    if db.rows(f"WITH {_SIGNED} {_LEFT_OVER}"):
        yield "The vault holds what made a draft without the sign-off it belongs to."
