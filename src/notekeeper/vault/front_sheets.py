"""Front sheets: one for each client, kept as revisions of which the newest stands."""

from notekeeper.domain.client_file import FrontSheet
from notekeeper.errors import UsageError
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.log import SqlLog, canonical, new_id, new_salt, now

_NEWEST = "SELECT number, body FROM front_sheet WHERE client_id = ? ORDER BY number DESC LIMIT 1"


class SqlFrontSheets:
    """`domain.vault.FrontSheets`."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log

    def save(self, client_id: str, sheet: FrontSheet) -> None:
        body, salt = canonical(sheet.model_dump(mode="json")).decode(), new_salt()
        with self._db.transaction():
            if self._db.row("SELECT 1 FROM client WHERE id = ?", (client_id,)) is None:
                raise UsageError("There is no such client in this vault. Nothing was changed.")
            number, newest = self._db.row(_NEWEST, (client_id,)) or (0, "{}")
            if FrontSheet.model_validate_json(newest) == sheet:  # whichever fields it was kept with
                return
            row: Row = (new_id(), client_id, number + 1, body, now().isoformat())
            self._db.run(
                "INSERT INTO front_sheet (id, client_id, number, body, saved_at, salt) VALUES (?,?,?,?,?,?)",
                (*row, salt),
            )
            self._log.append("front_sheet.saved", row[0], row, client_id, salt)

    def current(self, client_id: str) -> FrontSheet:
        row = self._db.row(_NEWEST, (client_id,))
        return FrontSheet.model_validate_json(row[1]) if row else _EMPTY

    def all(self) -> dict[str, FrontSheet]:
        rows = self._db.rows("SELECT client_id, body FROM front_sheet ORDER BY client_id, number")
        newest: dict[str, str] = {row[0]: row[1] for row in rows}
        return {client_id: FrontSheet.model_validate_json(body) for client_id, body in newest.items()}


_EMPTY = FrontSheet()
