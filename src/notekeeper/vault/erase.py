"""The erasure of one client.

What always holds: one transaction writes down the erasure, removes every row that holds anything of the client, takes
their words out of the search index and destroys the key of their commitments; then the write-ahead log is folded in,
so that no page on disk holds them. Copies that an earlier notekeeper made before a change of form are removed too;
backups go by `rotation`, as soon as a newer one is there. Left over: a random id, a time, and the entries of the log,
which hold no word.
"""

import shutil
from collections.abc import Callable

from notekeeper.errors import UsageError, VaultWriteError
from notekeeper.vault.connection import Connection
from notekeeper.vault.folder import VaultFolder
from notekeeper.vault.log import SqlLog, now

# Rows that point to others come first.
_TABLES = (
    "signature",
    "provenance",
    "provenance_end",
    "decision_text",
    "decision",
    "draft_content",
    "draft_end",
    "draft",
    "review_part",
    "working_text",
    "follow_up_mark",
    "follow_up",
    "addendum_risk",
    "addendum",
    "jotting",
    "sign_off",
    "revision",
    "note_moved",
    "note",
    "agreement",
    "front_sheet",
    "file_entry",
    "identity",
)
_NEWEST = """
    SELECT seq, text FROM revision r WHERE client_id = ?
    AND number = (SELECT max(number) FROM revision WHERE note_id = r.note_id AND part = r.part)
"""


_HELD = """
    SELECT 1 FROM file_entry h WHERE h.client_id = ? AND h.kind = 'hold.set' AND NOT EXISTS
    (SELECT 1 FROM file_entry l WHERE l.client_id = h.client_id AND l.kind = 'hold.lifted' AND l.about = h.id)
"""


def on_hold(db: Connection, client_id: str) -> bool:
    """Whether a legal hold stands on the client's file that was not lifted."""
    return db.row(_HELD, (client_id,)) is not None


def erase_client(
    db: Connection, log: SqlLog, place: VaultFolder, client_id: str, then: Callable[[], None] = lambda: None
) -> None:
    """`then` is done in the same transaction, once the client is gone. Raises `UsageError` for an unknown client and
    for one whose file is on legal hold; whatever is raised before the end leaves the client whole."""
    with db.transaction():
        client = db.row("SELECT demonstration FROM client WHERE id = ?", (client_id,))
        if client is None:
            raise UsageError("There is no such client in this vault, or it has been erased. Nothing was changed.")
        if on_hold(db, client_id):
            raise UsageError(
                "This file is on legal hold, and nothing of it can be destroyed until the hold is lifted. Nothing was "
                "changed."
            )
        db.run("INSERT INTO erasure (client_id, at) VALUES (?, ?)", (client_id, now().isoformat()))
        # For ordinary saves this would cost tens of milliseconds and hide nothing: earlier texts are kept anyway.
        db.run("INSERT INTO word_index (word_index, rank) VALUES ('secure-delete', 1)")
        db.run("INSERT INTO addendum_index (addendum_index, rank) VALUES ('secure-delete', 1)")
        for seq, text in db.rows(_NEWEST, (client_id,)):
            db.run("INSERT INTO word_index (word_index, rowid, text) VALUES ('delete', ?, ?)", (seq, text))
        for seq, text in db.rows("SELECT seq, text FROM addendum WHERE client_id = ?", (client_id,)):
            db.run("INSERT INTO addendum_index (addendum_index, rowid, text) VALUES ('delete', ?, ?)", (seq, text))
        for table in _TABLES:
            db.run(f"DELETE FROM {table} WHERE client_id = ?", (client_id,))  # noqa: S608 (names from the tuple above)
        db.run("DELETE FROM client WHERE id = ?", (client_id,))
        db.run("DELETE FROM commitment_key WHERE owner = ?", (client_id,))
        db.run("INSERT INTO word_index (word_index) VALUES ('optimize')")
        db.run("INSERT INTO word_index (word_index, rank) VALUES ('secure-delete', 0)")
        db.run("INSERT INTO addendum_index (addendum_index) VALUES ('optimize')")
        # Only its entry can tell later that this was nobody, whom no backup need be removed for.
        log.append("client.erased", client_id, ("demonstration",) if client[0] else ())
        then()
    db.ask("wal_checkpoint(TRUNCATE)")
    try:
        for copy in sorted(place.backups.glob("before-form-*")):
            shutil.rmtree(copy)
    except OSError:
        raise VaultWriteError(
            "The client was erased from the vault, but a copy made before an upgrade could not be removed. Please "
            "delete the folder backups/before-form-… inside the vault by hand."
        ) from None
