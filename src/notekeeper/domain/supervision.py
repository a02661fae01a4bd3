"""Supervision: what is flagged for it, what is on its agenda, what came of it, and the hours of it.

What always holds: a flag, an outcome and comments that were taken in belong to one client's file and go with it; hours
belong to the practice and name no client.
"""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from notekeeper.domain.comments import MAX_COMMENT
from notekeeper.domain.report import ClientPage, ItemRef
from notekeeper.domain.text import Frozen


class Flaggable(StrEnum):
    """What a flag can be on; a flag on the file as a whole is one too."""

    FILE = "file"
    NOTE = "note"
    THEME = "theme"
    REFLECTION = "reflection"
    RISK = "risk"
    PATTERN = "pattern"
    FOLLOW_UP = "follow_up"


class Flag(Frozen):
    """`notes` are the notes it rests on: when one of them leaves the file, the flag goes with it. `words` are what it
    is on, in short, and `why` the therapist's own words."""

    on: Flaggable
    words: str = Field(default="", max_length=400, repr=False)
    why: str = Field(default="", max_length=4000, repr=False)
    notes: tuple[str, ...] = ()


class FlagDone(Frozen):
    """That a flag was taken to supervision, or taken back, on `day`. The entry is about the flag."""

    day: date
    discussed: bool = True


class ApprovedReport(Frozen):
    """One client's part of a report whose exact bytes the therapist approved: their page, the SHA-256 of every file of
    it by ending (json, html, md, pdf), and the notes it rests on, with which it goes. Other clients of the same report
    are not named."""

    approved_at: datetime
    page: ClientPage
    files: dict[str, str]
    notes: tuple[str, ...] = ()


class TakenComment(Frozen):
    """A supervisor's comment as taken in. `item` is what the commented item said, in short."""

    ref: ItemRef
    item: str = Field(default="", max_length=1000, repr=False)
    text: str = Field(max_length=MAX_COMMENT, repr=False)
    action: bool = False
    until: date | None = None


class TakenComments(Frozen):
    """One client's comments of a file that was taken in; the entry is about the approved report. `file_sha256` keeps
    the same file from being taken in twice."""

    supervisor: str = ""
    discussed_on: date | None = None
    comments: tuple[TakenComment, ...]
    file_sha256: str
    notes: tuple[str, ...] = ()


class AgreedAction(Frozen):
    """What became of an agreed action: a follow-up of the client by its number, or, without one, that it is settled on
    `day`. The entry is about the comments; `place` counts them from 1. The newest on a place stands."""

    place: int = Field(ge=1)
    day: date
    follow_up: int | None = None


class SupervisionHours(Frozen):
    """One supervision held. `clients_discussed` is a count and names nobody. With `corrects`, the number from 1 of an
    earlier line, it stands in that line's place; 0 minutes then say that it was not held."""

    day: date
    minutes: int = Field(ge=0, le=1440)
    kind: str = Field(default="individual", max_length=40)
    supervisor: str = Field(default="", max_length=200)
    clients_discussed: int = Field(default=0, ge=0, le=500)
    note: str = Field(default="", max_length=1000, repr=False)
    corrects: int | None = Field(default=None, ge=1)


class SupervisionLog(Frozen):
    """All hours of the practice, in the order entered, and the ratio agreed: sessions to one hour, None while open."""

    hours: tuple[SupervisionHours, ...] = ()
    sessions_per_hour: int | None = Field(default=None, ge=1, le=200)
