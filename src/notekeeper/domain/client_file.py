"""The front sheet of a client's file: what a therapist needs at hand before anything else.

What always holds: every field may be empty; the program fills none of them.
"""

from datetime import date
from enum import StrEnum

from pydantic import Field

from notekeeper.domain.text import Frozen

MAX_FIELD = 20_000


class Work(StrEnum):
    """Who the work is with."""

    INDIVIDUAL = "individual"
    COUPLE = "couple"
    FAMILY = "family"
    GROUP = "group"


class FrontSheet(Frozen):
    """Texts in the therapist's own words. `sessions_planned` is the N of "session n of N", `ending` the date agreed
    for the last session; both None while open. `lawful_basis` is the basis for keeping records, which is apart from
    agreement to AI use. `started` and `ended` are the days the work began and ended; retention counts from `ended`.
    `under_18` is the client of individual work; the persons of a couple, family or group each have their own."""

    work: Work = Work.INDIVIDUAL
    under_18: bool = False
    lawful_basis: str = Field(default="", max_length=MAX_FIELD)
    started: date | None = None
    ended: date | None = None
    emergency_contact: str = Field(default="", max_length=MAX_FIELD)
    gp: str = Field(default="", max_length=MAX_FIELD)
    safety_plan: str = Field(default="", max_length=MAX_FIELD)
    contract: str = Field(default="", max_length=MAX_FIELD)
    sessions_planned: int | None = Field(default=None, ge=1, le=2000)
    breaks: str = Field(default="", max_length=MAX_FIELD)
    ending: date | None = None
