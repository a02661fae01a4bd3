"""Clients, known by a code; erasure is in erase.py."""

from datetime import datetime

from notekeeper.domain.note import Client, client_code
from notekeeper.errors import UsageError
from notekeeper.vault.connection import Connection, Row
from notekeeper.vault.erase import erase_client
from notekeeper.vault.folder import VaultFolder
from notekeeper.vault.log import SqlLog, new_id, now


class SqlClients:
    """`domain.vault.Clients`."""

    def __init__(self, db: Connection, log: SqlLog, place: VaultFolder) -> None:
        self._db, self._log, self._place = db, log, place

    def add(self, code: str, *, demonstration: bool = False) -> Client:
        client = Client(new_id(), client_code(code), now(), demonstration)
        with self._db.transaction():
            if self._db.row("SELECT 1 FROM client WHERE code = ?", (code,)):
                raise UsageError(f"There is a client with the code {code} already. Nothing was changed.")
            row: Row = (client.id, client.code, client.added_at.isoformat(), int(demonstration))
            self._log.new_key(client.id)
            self._db.run("INSERT INTO client (id, code, added_at, demonstration) VALUES (?,?,?,?)", row)
            self._log.append("client.added", client.id, row, client.id)
        return client

    def by_code(self, code: str) -> Client:
        row = self._db.row("SELECT id, code, added_at, demonstration FROM client WHERE code = ?", (code,))
        if row is None:
            raise UsageError("There is no client with that code. `notekeeper client list` names them.")
        return _client(row)

    def all(self) -> list[Client]:
        return [
            _client(row) for row in self._db.rows("SELECT id, code, added_at, demonstration FROM client ORDER BY code")
        ]

    def erase(self, client_id: str) -> None:
        """Raises `UsageError` when there is no such client, and `VaultWriteError`; then nothing is erased."""
        erase_client(self._db, self._log, self._place, client_id)


def _client(row: Row) -> Client:
    return Client(row[0], row[1], datetime.fromisoformat(row[2]), bool(row[3]))
