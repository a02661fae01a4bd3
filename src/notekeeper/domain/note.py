"""Clients, notes and their revisions.

What always holds: a revision is never changed; a note's newest revision of a part is its text; a client is known
by a code, never by a name.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from notekeeper.errors import UsageError

MAX_NOTE_CHARACTERS = 20_000_000
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,23}")


class NoteKind(StrEnum):
    SESSION = "session"
    DID_NOT_ATTEND = "did_not_attend"
    CONTACT = "contact"
    LETTER = "letter"
    SAFEGUARDING = "safeguarding_consultation"
    SUPERVISION = "supervision_outcome"


class NoteFormat(StrEnum):
    FREE = "free"
    SOAP = "soap"
    DAP = "dap"
    BIRP = "birp"
    GIRP = "girp"


class NotePart(StrEnum):
    """The record, or process notes: kept apart from AI and reports; still personal data and may be disclosable."""

    RECORD = "record"
    PROCESS = "process"


@dataclass(frozen=True, slots=True)
class Client:
    """`id` is random and means nothing outside the vault; `code` is what the therapist calls the client."""

    id: str
    code: str
    added_at: datetime
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """One entry in a client's file. `number` counts from 1 within the file and is never reused."""

    id: str
    client_id: str
    number: int
    kind: NoteKind
    format: NoteFormat
    date: date
    created_at: datetime
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Revision:
    """What the therapist saved, as saved. `number` counts from 1 within the note and part."""

    id: str
    note_id: str
    part: NotePart
    number: int
    text: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class WorkingText:
    """Typing that is autosaved but not yet saved as a revision."""

    note_id: str
    part: NotePart
    text: str
    saved_at: datetime


def client_code(raw: str) -> str:
    """The code as it will be kept. Raises `UsageError` when it could not be one."""
    if not _CODE.fullmatch(raw):
        raise UsageError(
            "A client code is 1 to 24 letters, digits, hyphens or underscores, and starts with a letter or digit. "
            "Please use a code, not a name."
        )
    return raw


def note_reference(raw: str) -> tuple[str, int]:
    """`CODE/N` as the command line writes a note. Raises `UsageError`."""
    code, slash, number = raw.rpartition("/")
    if not slash or not number.isascii() or not number.isdigit() or len(number) > 6:
        raise UsageError("A note is written CODE/N: the client's code, a slash and the note's number, like C014/3.")
    return client_code(code), int(number)
