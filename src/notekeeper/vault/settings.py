"""The vault's own settings: one text each, by name, which the log commits to by the event NAME.set."""

from notekeeper.domain.text import Frozen
from notekeeper.vault.connection import Connection
from notekeeper.vault.log import SqlLog, canonical, new_salt


def setting(db: Connection, name: str) -> str | None:
    """The setting's JSON, or None."""
    row = db.row("SELECT body FROM setting WHERE name = ?", (name,))
    return row[0] if row else None


def verified_setting(db: Connection, log: SqlLog, name: str) -> str | None:
    """As `setting`. Raises `ChainBrokenError` when it is not what the log committed to."""
    row = db.row("SELECT body, salt FROM setting WHERE name = ?", (name,))
    if row is None:
        return None
    log.check(f"{name}.set", "", (row[0],), "", row[1])
    return str(row[0])


def set_setting(db: Connection, log: SqlLog, name: str, value: Frozen) -> None:
    """Keep it in place of what was there."""
    body, salt = canonical(value.model_dump(mode="json")).decode(), new_salt()
    with db.transaction():
        db.run(
            "INSERT INTO setting (name, salt, body) VALUES (?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET salt = excluded.salt, body = excluded.body",
            (name, salt, body),
        )
        log.append(f"{name}.set", "", (body,), "", salt)
