"""Drafts: facts and counts that stay, beside content that is destroyed when the draft ends.

A draft ends when its note is signed, when a newer draft takes its place, or when the client declines drafting or
withdraws. Then the model's words, the therapist's wording of edited items and what made the draft go; counts and
durations stay. (Facts stored by earlier versions name what made the draft and cannot be altered.)
"""

from collections import Counter
from datetime import datetime
from typing import Literal

from notekeeper.domain.agreement import Lack, Purpose, agrees, lacking_words
from notekeeper.domain.draft import Draft, kind_of
from notekeeper.domain.vault import StoredDraft
from notekeeper.errors import AgreementMissingError, UsageError
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.log import SqlLog, canonical, digest, new_id, new_salt, now
from notekeeper.vault.records import client_of_unsigned
from notekeeper.vault.who_agrees import standings

Reason = Literal["signed", "replaced", "agreement"]


def end_drafts(
    db: Connection, log: SqlLog, reason: Reason, *, note_id: str | None = None, client_id: str | None = None
) -> None:
    """Destroy the content of every draft of this note, or of this client, that has not ended. Inside the caller's
    transaction."""
    column, value = ("note_id", note_id) if note_id is not None else ("client_id", client_id)
    rows = db.rows(
        f"SELECT id, client_id FROM draft WHERE {column} = ? "  # noqa: S608 (one of two constant names)
        "AND NOT EXISTS (SELECT 1 FROM draft_end e WHERE e.draft_id = draft.id) ORDER BY seq",
        (value,),
    )
    for draft_id, owner in rows:
        at = now().isoformat()
        db.run(
            "INSERT INTO draft_end (draft_id, client_id, reason, at) VALUES (?,?,?,?)", (draft_id, owner, reason, at)
        )
        db.run("DELETE FROM draft_content WHERE draft_id = ?", (draft_id,))
        db.run("DELETE FROM decision_text WHERE draft_id = ?", (draft_id,))
        log.append("draft.ended", draft_id, (draft_id, owner, reason, at), owner)


class SqlDrafts:
    """`domain.vault.Drafts`."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log

    def store(self, note_id: str, revision_id: str, draft: Draft) -> StoredDraft:
        """Also raises `UsageError` when the revision is not this note's, and `AgreementMissingError` when the file no
        longer agrees: somebody declined or withdrew while the draft was being made, or was entered and not asked."""
        stored = StoredDraft(new_id(), note_id, revision_id, now(), draft)
        salt, body = new_salt(), canonical(draft.model_dump(mode="json"))
        with self._db.transaction():
            client_id = client_of_unsigned(self._db, note_id)
            if self._db.row("SELECT 1 FROM revision WHERE id = ? AND note_id = ?", (revision_id, note_id)) is None:
                raise UsageError("That text does not belong to this note. The draft was not kept.")
            self._still_agreed(client_id)
            end_drafts(self._db, self._log, "replaced", note_id=note_id)
            facts = canonical(_facts(draft)).decode()
            made_at = stored.made_at.isoformat()
            row: Row = (stored.id, note_id, client_id, revision_id, made_at, facts, digest(salt, body))
            self._db.run(
                "INSERT INTO draft (id, note_id, client_id, revision_id, made_at, facts, content_hash) "
                "VALUES (?,?,?,?,?,?,?)",
                row,
            )
            self._db.run(
                "INSERT INTO draft_content (draft_id, client_id, salt, body) VALUES (?,?,?,?)",
                (stored.id, client_id, salt, body.decode()),
            )
            self._log.append("draft.stored", stored.id, row, client_id)
        return stored

    def _still_agreed(self, client_id: str) -> None:
        # The permit was made when the draft was begun; in a file where nobody was asked or entered, nothing can have
        # changed since.
        standing = standings(self._db, self._log, client_id, Purpose.DRAFTING)
        untouched = standing and all(not each.party.id and each.lack is Lack.NOT_ASKED for each in standing)
        if not agrees(standing) and not untouched:
            raise AgreementMissingError(
                f"{lacking_words(Purpose.DRAFTING, standing)}, so the draft was not kept. The note can be finished "
                "without AI with `notekeeper finish`."
            )

    def latest(self, note_id: str) -> StoredDraft | None:
        row = self._db.row(
            "SELECT d.id, d.revision_id, d.made_at, c.body FROM draft d JOIN draft_content c ON c.draft_id = d.id "
            "WHERE d.note_id = ? ORDER BY d.seq DESC LIMIT 1",
            (note_id,),
        )
        if row is None:
            return None
        return StoredDraft(row[0], note_id, row[1], datetime.fromisoformat(row[2]), Draft.model_validate_json(row[3]))


def _facts(draft: Draft) -> dict[str, object]:
    """What stays of a draft: no word of the model's or the note's, and nothing of what made it."""
    return {
        "timing": draft.timing.model_dump(mode="json"),
        "refused": draft.refused.value if draft.refused else None,
        "sentences": draft.read.sentences,
        "items": dict(Counter(kind_of(item) for item in draft.items().values())),
        "withheld": dict(Counter(item.kind for item in draft.withheld)),
    }
