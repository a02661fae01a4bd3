"""The identity mapping: who a code stands for, in a table of its own.

What always holds: a client has one or none; it can be changed and taken away, and once the vault is closed no page
holds what was there; while a legal hold stands on the file nothing of it is taken away.
"""

from notekeeper.domain.identity import Identity
from notekeeper.errors import UsageError
from notekeeper.vault.connection import Connection
from notekeeper.vault.erase import on_hold
from notekeeper.vault.log import SqlLog, canonical, new_salt


class SqlIdentities:
    """`domain.vault.Identities`."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log

    def save(self, client_id: str, identity: Identity) -> None:
        body, salt = canonical(identity.model_dump(mode="json")).decode(), new_salt()
        with self._db.transaction():
            if self._db.row("SELECT 1 FROM client WHERE id = ?", (client_id,)) is None:
                raise UsageError("There is no such client in this vault. Nothing was changed.")
            before = self.of(client_id)
            if identity == before:
                return
            if on_hold(self._db, client_id) and not _keeps(before, identity):
                raise UsageError(
                    "This file is on legal hold, so nothing of the identity can be taken away or replaced until the "
                    "hold is lifted; it can be added to. Nothing was changed."
                )
            self._db.run("DELETE FROM identity WHERE client_id = ?", (client_id,))
            if identity == Identity():
                self._log.append("identity.removed", client_id, (), client_id)
                return
            self._db.run("INSERT INTO identity (client_id, salt, body) VALUES (?,?,?)", (client_id, salt, body))
            self._log.append("identity.set", client_id, (client_id, body), client_id, salt)

    def of(self, client_id: str) -> Identity:
        row = self._db.row("SELECT body FROM identity WHERE client_id = ?", (client_id,))
        return Identity.model_validate_json(row[0]) if row else Identity()


def _keeps(before: Identity, after: Identity) -> bool:
    """Whether every field still has all that it had."""
    fields = zip(before.model_dump().values(), after.model_dump().values(), strict=True)
    return all(not old or str(old) in str(new) for old, new in fields)
