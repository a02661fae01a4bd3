"""The last mark of the log that this computer knows, kept outside the vault, and the alarm when the vault has lost it.

What always holds: one small file for each vault in the user's state folder holds the vault's random id, a number of
entries, a hash and a time, nothing else; a mark that the vault does not contain is kept until a therapist accepts the
vault as it stands or restores a backup; a file that is missing, damaged or cannot be written stops nothing. Whoever
can write to the vault and to this folder can change both: the alarm is for copies that come from elsewhere.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from notekeeper.config import state_folder
from notekeeper.errors import VaultError
from notekeeper.vault.connection import Connection
from notekeeper.vault.folder import read_small, write_whole
from notekeeper.vault.log import SqlLog, canonical, now

_MOST = 4096


class Mark(BaseModel):
    """How far a log had come, and when this computer saw it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: int = Field(ge=0)
    head: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    at: datetime


def mark_of(db: Connection) -> Mark:
    """The last entry of this log, and now."""
    number, head = db.row("SELECT number, hash FROM log_entry ORDER BY number DESC LIMIT 1") or (0, "0" * 64)
    return Mark(entries=number, head=head, at=now())


def holds(db: Connection, entries: int, head: str) -> bool:
    """Whether this log has that hash at that entry; it may have come further."""
    return db.row("SELECT hash FROM log_entry WHERE number = ?", (entries,)) == (head,)


def keep(vault_id: str, mark: Mark, *, at_once: bool = True) -> None:
    """Note this mark in place of the one before; `at_once`: not to be lost even if the power fails now."""
    path = _path(vault_id)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, canonical(mark.model_dump(mode="json")) + b"\n", synced=at_once)
    except (OSError, VaultError):
        return  # the older mark stands, which a vault that went further contains as well


def kept(vault_id: str) -> Mark | None:
    """The mark noted last; None when there is none or it cannot be read."""
    raw = read_small(_path(vault_id), _MOST)
    try:
        return None if raw is None else Mark.model_validate_json(raw)
    except ValidationError:
        return None


def vault_id_of(db: Connection) -> str:
    """The random id the vault was made with, as its log has it; '' when the log has none."""
    row = db.row("SELECT subject FROM log_entry WHERE event = 'vault.created' ORDER BY number LIMIT 1")
    return row[0] if row else ""


class Watch:
    """Holds an open vault against the mark that this computer keeps of it. `alarm` is a sentence, or ''."""

    def __init__(self, db: Connection, log: SqlLog) -> None:
        self._db, self._log = db, log
        self._id = vault_id_of(db)
        known = kept(self._id)
        self._noted = (known.head if known else ""), True
        self.alarm = "" if known is None or holds(db, known.entries, known.head) else _sentence(known, mark_of(db))
        self.note()

    def note(self, *, at_once: bool = True) -> None:
        """Keep the mark as it is now, unless an alarm stands; `at_once` as in `keep`. A vault with no client but the
        demonstration's leaves no trace on the computer."""
        mark = mark_of(self._db)
        if not self._noted[0] and self._db.row("SELECT 1 FROM client WHERE demonstration = 0") is None:
            return
        if not self.alarm and self._noted not in ((mark.head, True), (mark.head, at_once)):
            keep(self._id, mark, at_once=at_once)
            self._noted = mark.head, at_once

    def accept(self) -> None:
        """Take the vault as it stands, and write down that it was accepted."""
        self._log.append("state.accepted", self._id)
        self.alarm = ""
        self.note()


def _path(vault_id: str) -> Path:
    return state_folder() / "heads" / f"{vault_id}.json"


def _sentence(known: Mark, found: Mark) -> str:
    seen = f"On {known.at.astimezone():%Y-%m-%d at %H:%M} its log had {known.entries} entries on this computer"
    now_is = (
        f"now it has {found.entries}" if found.entries < known.entries else "now those entries are not the ones it had"
    )
    return (
        "This vault is an older copy than the one last open here, or was altered outside notekeeper. "
        f"{seen}; {now_is}. Notes saved since may be missing. Write nothing yet; look for the newer copy, or see "
        "`notekeeper backup list`. If you put an older copy there yourself and mean to go on with it, run `notekeeper "
        "verify --accept`."
    )
