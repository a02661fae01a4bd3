"""Dated entries of a client's file: what is added once and never changed.

What always holds: an entry has one kind, counts from 1 within its kind and file, and keeps its words as they were
written; what changes its standing is a later entry about it. `about` is the id of the entry or note it belongs to,
'' when it belongs to the file as a whole.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from notekeeper.domain.text import Frozen

Body = TypeVar("Body", bound=Frozen)


class EntryKind(StrEnum):
    """What an entry is; its value is also the event that the log names it by."""

    PERSON = "person.added"
    PERSON_LEFT = "person.left"
    AGREEMENT_DETAIL = "agreement.detail"
    CORRECTION = "correction.asked"
    CORRECTION_ANSWER = "correction.answered"
    AI_USE = "ai_use.noted"
    RETENTION = "retention.set"
    HOLD = "hold.set"
    HOLD_LIFTED = "hold.lifted"
    ACCESS = "access.asked"
    ACCESS_MARK = "access.marked"
    ACCESS_UNMARK = "access.unmarked"
    ACCESS_ANSWER = "access.answered"
    IMPORTED = "note.imported"
    RECEIVED = "note.received"
    THREAD_EDIT = "pattern.thread"
    PATTERNS_SIGNED = "pattern.signed"
    IDENTIFIER = "identifier.entered"
    IDENTIFIER_DECISION = "identifier.decided"
    REPORT_APPROVED = "report.approved"
    FLAG = "supervision.flagged"
    FLAG_DONE = "supervision.flag_done"
    COMMENTS = "supervision.comments"
    ACTION = "supervision.action"


CITING = (
    EntryKind.THREAD_EDIT,
    EntryKind.PATTERNS_SIGNED,
    EntryKind.IDENTIFIER,
    EntryKind.IDENTIFIER_DECISION,
    EntryKind.REPORT_APPROVED,
    EntryKind.FLAG,
    EntryKind.COMMENTS,
)
"""Entries that can hold words of one or more notes. Their bodies name those notes in `notes`; when one of them leaves
the file, the entry goes with it, and so do entries about it."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One entry as kept. `body` is the JSON of the kind's own type."""

    id: str
    client_id: str
    kind: EntryKind
    number: int
    about: str
    body: str = field(repr=False)
    at: datetime

    def read(self, kind: type[Body]) -> Body:
        """The body as its own type."""
        return kind.model_validate_json(self.body)


class FileEntries(Protocol):
    def add(self, client_id: str, kind: EntryKind, body: Frozen, about: str = "") -> FileEntry:
        """Kept for good, in the client's file. Raises `UsageError` for an unknown client."""
        ...

    def of(self, client_id: str | None, *kinds: EntryKind, about: str | None = None) -> list[FileEntry]:
        """The client's entries of these kinds, or everyone's, in the order they were added; with `about` only those
        that belong to it. Verified against the log. Raises `ChainBrokenError`."""
        ...


REPORT_PREPARED, DECIDING = ".report-prepared", ".deciding"
PREPARED = (".patterns-draft", REPORT_PREPARED, DECIDING)
"""Jottings, named by the client's id and one of these, that hold words of several notes and are made anew at will: they
are cleared when a note leaves the file."""
