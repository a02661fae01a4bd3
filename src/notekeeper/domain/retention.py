"""How long a file is kept after the work ended: the policy, what a therapist laid down for one file, and the reckoning.

What always holds: nothing here destroys anything; a day is reckoned only from the day the work ended, and a minor's
also from the date of birth; where either is missing no day is named; a legal hold stands above every day.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from notekeeper.domain.text import Frozen

DEFAULT_YEARS = 7
"""After the work ended: common in private practice in the United Kingdom. What holds for a practice is its own."""
DEFAULT_MINORS_UNTIL = 25
ADULT_AT = 18
MAX_REASON = 2000
SOON_WITHIN_DAYS = 90


class RetentionPolicy(Frozen):
    """The practice's: `years` after the work ended, and of somebody under 18 at least until the birthday at which they
    are `minors_until`, whichever is later."""

    years: int = Field(default=DEFAULT_YEARS, ge=1, le=100)
    minors_until: int = Field(default=DEFAULT_MINORS_UNTIL, ge=ADULT_AT, le=100)


class OwnRetention(Frozen):
    """What holds for one file instead of the policy: `years` after the work ended or a day, `until`; neither of them is
    the policy again. `reason` in the therapist's words."""

    years: int | None = Field(default=None, ge=1, le=100)
    until: date | None = None
    reason: str = Field(min_length=1, max_length=MAX_REASON, repr=False)

    @model_validator(mode="after")
    def _one_way(self) -> "OwnRetention":
        if self.years is not None and self.until is not None:
            raise ValueError("either years or a day")
        return self


class Hold(Frozen):
    """A legal hold, or its end, with the day it holds or ends from."""

    reason: str = Field(min_length=1, max_length=MAX_REASON, repr=False)
    day: date


class Standing(StrEnum):
    """How a file stands, in the order listed."""

    DUE = "due"
    SOON = "soon"
    HELD = "held"
    UNRECKONED = "unreckoned"
    KEPT = "kept"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How a file stands on a day. `due` is the day from which it may be reviewed for destruction, None while the work
    goes on or it cannot be reckoned; `why` says in words where it comes from."""

    standing: Standing
    due: date | None
    why: str


def years_after(day: date, years: int) -> date:
    """The same day `years` later. 29 February becomes 1 March where there is none, so that nothing is due too early;
    what is beyond the calendar's last day becomes that day."""
    if day.year + years > date.max.year:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def reckon(
    ended: date | None,
    today: date,
    policy: RetentionPolicy,
    *,
    under_18: bool = False,
    born: date | None = None,
    own: OwnRetention | None = None,
    held: bool = False,
) -> Reckoning:
    """How a file stands on `today`. `under_18` says that the client was; a date of birth says it too."""
    due, why = _due(ended, policy, under_18=under_18, born=born, own=own)
    if held:
        return Reckoning(Standing.HELD, due, why)
    if ended is None:
        return Reckoning(Standing.OPEN, None, why)
    if due is None:
        return Reckoning(Standing.UNRECKONED, None, why)
    days = (due - today).days
    standing = Standing.DUE if days <= 0 else Standing.SOON if days <= SOON_WITHIN_DAYS else Standing.KEPT
    return Reckoning(standing, due, why)


def _due(
    ended: date | None, policy: RetentionPolicy, *, under_18: bool, born: date | None, own: OwnRetention | None
) -> tuple[date | None, str]:
    if ended is None:
        return None, "the day the work ended is not written down, so nothing is due"
    if own is not None and own.until is not None:
        return own.until, "as laid down for this file"
    years = own.years if own is not None and own.years is not None else policy.years
    after = years_after(ended, years)
    said = f"{years} year(s) after the work ended on {ended.isoformat()}"
    if own is not None and own.years is not None:
        return after, f"{said}, as laid down for this file"
    if born is None:
        if under_18:
            return None, "cannot be reckoned: somebody was under 18, and their date of birth is not kept here"
        return after, said
    if not under_18 and years_after(born, ADULT_AT) <= ended:
        return after, said
    of_age = years_after(born, policy.minors_until)
    if of_age > after:
        return of_age, f"the client was under 18: until {policy.minors_until}, which is later than {said}"
    return after, f"{said}, which is later than the client's birthday at {policy.minors_until}"
