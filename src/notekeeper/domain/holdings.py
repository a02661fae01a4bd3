"""What a vault holds on one client that no other port gives whole: earlier revisions, earlier answers, drafts that
ended, typing of every kind, and the client's own entries of the log.

What always holds: reading changes nothing; what the log commits to is held against it before it is given.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.consent import Agreement
from notekeeper.domain.draft import Draft
from notekeeper.domain.review import Decision
from notekeeper.domain.vault import LogEntry


@dataclass(frozen=True, slots=True)
class HeldSheet:
    """One revision of the front sheet, `number` counting from 1."""

    number: int
    sheet: FrontSheet = field(repr=False)
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """One draft of a note. `facts` (JSON) stay for good; `draft` is None once its content was destroyed, and `ended`
    says why and when. `decisions` are all of them in the order made; the wording of an edit goes with the content."""

    id: str
    note_id: str
    revision_id: str
    made_at: datetime
    facts: str
    draft: Draft | None = field(repr=False)
    ended: tuple[str, datetime] | None
    decisions: tuple[Decision, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class HeldMark:
    """That a follow-up was done, or open again, on `day`."""

    follow_up_id: str
    done: bool
    day: date


@dataclass(frozen=True, slots=True)
class HeldTyping:
    """Typing that belongs to no record yet. `note_id` is the note it was begun for, '' for the file; `place` is the
    place in the program where it was typed, as it is named there."""

    note_id: str
    text: str = field(repr=False)
    saved_at: datetime
    place: str = ""


class Holdings(Protocol):
    """All of one client. Raises `ChainBrokenError` where the log commits to something else."""

    def front_sheets(self, client_id: str) -> list[HeldSheet]:
        """Every revision, oldest first."""
        ...

    def agreements(self, client_id: str) -> list[tuple[str, Agreement]]:
        """Every answer with its id, in the order recorded."""
        ...

    def drafts(self, client_id: str) -> list[HeldDraft]:
        """Every draft there was, in the order made."""
        ...

    def marks(self, client_id: str) -> list[HeldMark]:
        """Every mark on a follow-up, in the order made."""
        ...

    def typing(self, client_id: str) -> list[HeldTyping]:
        """Typing kept and not added anywhere."""
        ...

    def log(self, client_id: str) -> list[LogEntry]:
        """The entries of the log that are under this client's key, in order; '' gives the vault's own."""
        ...
