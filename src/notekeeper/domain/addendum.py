"""Addenda: what a therapist adds to a note after it was signed.

What always holds: an addendum is dated, bears a name and is never changed; the note that was signed stays legible
above it, with the risk entry that was signed.
"""

from dataclasses import dataclass
from datetime import date, datetime

from notekeeper.domain.review import Signer
from notekeeper.domain.risk import RiskEntry


@dataclass(frozen=True, slots=True)
class Addendum:
    """One addition to a signed note. `number` counts from 1 within the note. `risk` is an entry recorded later, None in
    an addendum that brings none; with one, `text` may be empty."""

    id: str
    note_id: str
    number: int
    text: str
    signer: Signer
    added_at: datetime
    risk: RiskEntry | None = None


@dataclass(frozen=True, slots=True)
class LaterRisk:
    """A risk entry that an addendum brought to the note on `day`, in the therapist's own calendar."""

    note_id: str
    day: date
    entry: RiskEntry
