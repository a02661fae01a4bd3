"""What the therapist changed in how themes are linked over sessions, as it is kept in a client's file.

What always holds: an edit is added and never changed; it is taken back by a further one, `about` which it then is; it
names the notes it rests on, and goes with any of them that leaves the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notekeeper.domain.entry import FileEntry
from notekeeper.domain.pattern import ThreadEdit, ThreadEdits
from notekeeper.domain.text import Frozen


class KeptThreadEdit(Frozen):
    """The body of an entry. `edit` is None where it takes back the entry it is about."""

    notes: tuple[str, ...]
    edit: ThreadEdit | None = None


@dataclass(frozen=True, slots=True)
class MadeEdit:
    """One edit as it was made; `undone` says that a later one took it back."""

    id: str
    number: int
    at: datetime
    notes: tuple[str, ...]
    edit: ThreadEdit
    undone: bool


def made_edits(entries: Sequence[FileEntry]) -> tuple[MadeEdit, ...]:
    """Every edit in the order made, from the entries of a file in their order."""
    bodies = [(entry, entry.read(KeptThreadEdit)) for entry in entries]
    undone = {entry.about for entry, body in bodies if body.edit is None}
    return tuple(
        MadeEdit(entry.id, entry.number, entry.at, body.notes, body.edit, entry.id in undone)
        for entry, body in bodies
        if body.edit is not None
    )


def standing_edits(made: Sequence[MadeEdit]) -> ThreadEdits:
    """Those that nobody took back."""
    return ThreadEdits(edits=tuple(each.edit for each in made if not each.undone))
