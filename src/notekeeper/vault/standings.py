"""How far each note has come, in one query, so that a caseload of any size is shown at once.

What always holds: nothing of a note's or a draft's words is read. The risk state of a signed note is taken from the
newest addendum that brings one, else from its sign-off, without the check against the log that `addenda` and
`signoffs` make: it is for a list of what is still to do.
"""

from notekeeper.domain.risk import RiskState
from notekeeper.domain.vault import NoteStanding
from notekeeper.vault.connection import Connection
from notekeeper.vault.records import HERE, NOTE_COLUMNS, note_of

_STANDINGS = f"""
SELECT {NOTE_COLUMNS},
  EXISTS (
    SELECT 1 FROM draft d JOIN draft_content c ON c.draft_id = d.id
    WHERE d.note_id = n.id AND d.revision_id = (
      SELECT r.id FROM revision r WHERE r.note_id = n.id AND r.part = 'record' ORDER BY r.number DESC LIMIT 1)
  ),
  EXISTS (SELECT 1 FROM working_text w WHERE w.note_id = n.id),
  coalesce(
    (SELECT json_extract(k.body, '$.state') FROM addendum_risk k JOIN addendum a ON a.id = k.addendum_id
      WHERE a.note_id = n.id ORDER BY a.number DESC LIMIT 1),
    (SELECT json_extract(s.body, '$.risk.state') FROM sign_off s WHERE s.note_id = n.id),
    (SELECT json_extract(p.body, '$.state') FROM review_part p WHERE p.note_id = n.id AND p.name = 'risk')
  ),
  EXISTS (SELECT 1 FROM addendum_risk k JOIN addendum a ON a.id = k.addendum_id WHERE a.note_id = n.id)
FROM note n WHERE (? IS NULL OR n.client_id = ?) AND {HERE} ORDER BY n.client_id, n.date, n.number
"""  # noqa: S608 - constant columns


def standings(db: Connection, client_id: str | None) -> list[NoteStanding]:
    """Of every note, or of one client's, by client, date and number."""
    return [
        NoteStanding(note_of(row), bool(row[8]), bool(row[9]), RiskState(row[10]) if row[10] else None, bool(row[11]))
        for row in db.rows(_STANDINGS, (client_id, client_id))
    ]
