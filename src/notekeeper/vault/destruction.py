"""The destruction of a client's file, and the register of files destroyed.

What always holds: a file goes and its line in the register comes in one transaction, with an entry of the log that
commits to the line; the line holds no code and no word; a file on legal hold is not destroyed.
"""

from datetime import datetime

from notekeeper.domain.backup import Backup, Backups
from notekeeper.domain.destruction import Destroyed, Destruction, Grounds, Holdings
from notekeeper.domain.review import Signer
from notekeeper.errors import UsageError
from notekeeper.vault.connection import Connection
from notekeeper.vault.erase import erase_client, on_hold
from notekeeper.vault.folder import VaultFolder, left_beside
from notekeeper.vault.log import SqlLog, canonical, now

# The counts of `domain.destruction.PARTS`, each of rows in one table.
_COUNTED = {
    "notes": "note",
    "revisions": "revision",
    "working_texts": "working_text",
    "drafts": "draft",
    "decisions": "decision",
    "sign_offs": "sign_off",
    "signatures": "signature",
    "addenda": "addendum",
    "reviews": "review_part",
    "follow_ups": "follow_up",
    "agreements": "agreement",
    "front_sheets": "front_sheet",
    "entries": "file_entry",
    "identities": "identity",
    "jottings": "jotting",
    "moved_notes": "note_moved",
}
# Reports and exports of this client, and those of every client at once since this one was added.
_EXPORTS = """
    SELECT count(*) FROM log_entry WHERE event IN ('report.written', 'export.made') AND (owner = ?1 OR (owner = ''
    AND number > (SELECT number FROM log_entry WHERE event = 'client.added' AND subject = ?1)))
"""


class SqlDestructions:
    """`domain.destruction.Destructions`."""

    def __init__(self, db: Connection, log: SqlLog, place: VaultFolder, backups: Backups) -> None:
        self._db, self._log, self._place, self._backups = db, log, place, backups

    def holdings(self, client_id: str) -> Holdings:
        counts, exports = self._counts(client_id), self._exports(client_id)
        added = self._db.row(
            "SELECT number, at FROM log_entry WHERE event = 'client.added' AND subject = ?", (client_id,)
        )
        first, since = (added[0], datetime.fromisoformat(added[1])) if added else (0, now())
        holding = tuple(each for each in self._backups.all() if _may_hold(each, first, since))
        second = self._backups.second_folder()
        away = second is not None and not second.is_dir()
        return Holdings(counts, exports, holding, away, on_hold(self._db, client_id), left_beside(self._place))

    def destroy(self, client_id: str, grounds: Grounds, by: Signer) -> Destroyed:
        entries, head = self._log_at()
        at = now()
        body = Destruction(
            grounds=grounds,
            by=by,
            counts=self._counts(client_id),
            exports=self._exports(client_id),
            log_entries=entries,
            log_head=head,
        )

        def enter() -> None:
            row = (client_id, canonical(body.model_dump(mode="json")).decode(), at.isoformat())
            self._db.run("INSERT INTO destruction (client_id, body, at) VALUES (?,?,?)", row)
            self._log.append("client.destroyed", client_id, row)

        erase_client(self._db, self._log, self._place, client_id, enter)
        return Destroyed(client_id, at, body, self._log.head())

    def all(self) -> list[Destroyed]:
        rows = self._db.rows("SELECT client_id, body, at FROM destruction ORDER BY at, client_id")
        for row in rows:
            self._log.check("client.destroyed", row[0], row, "", b"")
        return [
            Destroyed(client_id, datetime.fromisoformat(at), Destruction.model_validate_json(body))
            for client_id, body, at in rows
        ]

    def _log_at(self) -> tuple[int, str]:
        row = self._db.row("SELECT count(*) FROM log_entry")
        return (row[0] if row else 0), self._log.head()

    def _counts(self, client_id: str) -> dict[str, int]:
        if self._db.row("SELECT 1 FROM client WHERE id = ?", (client_id,)) is None:
            raise UsageError("There is no such client in this vault, or it has been erased. Nothing was changed.")
        found = {}
        for part, table in _COUNTED.items():
            row = self._db.row(f"SELECT count(*) FROM {table} WHERE client_id = ?", (client_id,))  # noqa: S608 (names from the table above)
            found[part] = row[0] if row else 0
        return found

    def _exports(self, client_id: str) -> int:
        row = self._db.row(_EXPORTS, (client_id,))
        return row[0] if row else 0


def _may_hold(backup: Backup, first_entry: int, added_at: datetime) -> bool:
    """Whether a client whom entry `first_entry` of the log added is in this backup. Of one that the log does not know,
    its own time must do."""
    return backup.entries >= first_entry if backup.known else backup.made_at >= added_at
