"""The last mark of the log that this computer knows, kept outside the vault, and the alarm when the vault has lost it.

What always holds: one small file for each vault in the user's state folder, named by the vault's random id, holds a
number of entries, a hash and a time, nothing else. A vault that was restored beside the first has a file of its own,
whose name ends in a hash of its place, so that neither alarms the other. A mark that the vault does not contain is
kept until a therapist accepts the vault as it stands or restores a backup; a file that is missing, damaged or cannot
be written stops nothing. Whoever can write to the vault and to this folder can change both: the alarm is for copies
that come from elsewhere.
"""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from notekeeper.config import state_folder
from notekeeper.errors import VaultError
from notekeeper.vault.connection import Connection
from notekeeper.vault.folder import read_small, write_whole
from notekeeper.vault.log import SqlLog, canonical, now

_MOST = 4096
_ENTRIES_MOST = 2**53  # what SQLite and JSON both hold exactly
_FIRST, _LAST = datetime(1971, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)  # a day in every time zone


class Mark(BaseModel):
    """How far a log had come, and when this computer saw it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: int = Field(ge=0, le=_ENTRIES_MOST)
    head: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    at: AwareDatetime = Field(ge=_FIRST, le=_LAST)


def mark_of(db: Connection) -> Mark:
    """The last entry of this log, and now."""
    number, head = db.row("SELECT number, hash FROM log_entry ORDER BY number DESC LIMIT 1") or (0, "0" * 64)
    return Mark(entries=number, head=head, at=now())


def holds(db: Connection, entries: int, head: str) -> bool:
    """Whether this log has that hash at that entry; it may have come further."""
    return db.row("SELECT hash FROM log_entry WHERE number = ?", (entries,)) == (head,)


def keep(vault_id: str, place: Path, mark: Mark, *, at_once: bool = True, here_alone: bool = False) -> None:
    """Note this mark of the vault at `place` in place of the one before; `at_once`: not to be lost even if the power
    fails now; `here_alone`: a mark that is kept of this vault elsewhere stays."""
    path = _path_here(vault_id, place) if here_alone and _path(vault_id).exists() else _path_for(vault_id, place)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, canonical(mark.model_dump(mode="json")) + b"\n", synced=at_once)
    except (OSError, VaultError):
        return  # the older mark stands, which a vault that went further contains as well


def kept(vault_id: str, place: Path) -> Mark | None:
    """The mark noted last; None when there is none or it cannot be read."""
    raw = read_small(_path_for(vault_id, place), _MOST)
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

    def __init__(self, db: Connection, log: SqlLog, place: Path) -> None:
        self._db, self._log, self._place = db, log, place
        self._id = vault_id_of(db)
        known = kept(self._id, place)
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
            keep(self._id, self._place, mark, at_once=at_once)
            self._noted = mark.head, at_once

    def accept(self) -> None:
        """Take the vault as it stands, and write down that it was accepted."""
        self._log.append("state.accepted", self._id)
        self.alarm = ""
        self.note()


def _path(vault_id: str) -> Path:
    return state_folder() / "heads" / f"{vault_id}.json"


def _path_here(vault_id: str, place: Path) -> Path:
    digest = hashlib.sha256(os.path.normcase(place.resolve()).encode("utf-8", "surrogatepass")).hexdigest()
    return _path(f"{vault_id}-{digest[:16]}")


def _path_for(vault_id: str, place: Path) -> Path:
    """The file of this place alone, if it has one, else the vault's."""
    here = _path_here(vault_id, place)
    return here if here.exists() else _path(vault_id)


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
