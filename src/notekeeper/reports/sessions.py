"""Which sessions a report is made of, and what they are called.

What always holds: a session's number is its place in the client's whole file, so that it is the same in every report
until an earlier session is added; a session is included only when it is signed and lies in the period.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from notekeeper.domain.note import Note, NoteKind
from notekeeper.domain.report import Appointment
from notekeeper.domain.review import SignedReview, SignOff


@dataclass(frozen=True, slots=True)
class Session:
    """A reported session: its number in the client's file, its date, and the sign-off."""

    number: int
    date: date
    body: SignOff


def session_numbers(notes: Sequence[Note]) -> dict[str, int]:
    """The session number, from 1, of every note of kind session, by note id: its place by date, then by number."""
    sessions = sorted((n for n in notes if n.kind is NoteKind.SESSION), key=lambda n: (n.date, n.number))
    return {note.id: place for place, note in enumerate(sessions, start=1)}


def included_sessions(
    signed: Sequence[SignedReview], numbers: Mapping[str, int], in_period: Mapping[str, Note]
) -> list[Session]:
    """The signed sessions of the period, by session number."""
    by_note = {s.body.note_id: s.body for s in signed}
    found = [
        Session(numbers[note_id], in_period[note_id].date, body)
        for note_id, body in by_note.items()
        if note_id in numbers and note_id in in_period
    ]
    return sorted(found, key=lambda s: s.number)


def appointments_of(numbers: Mapping[str, int], in_period: Iterable[Note]) -> tuple[Appointment, ...]:
    """Sessions of the period and those that the client did not attend, by date, without their dates."""
    kinds = (NoteKind.SESSION, NoteKind.DID_NOT_ATTEND)
    kept = sorted((n for n in in_period if n.kind in kinds), key=lambda n: (n.date, n.number))
    if not kept:
        return ()
    first = _monday(kept[0].date)
    return tuple(Appointment(week=(_monday(n.date) - first).days // 7, session=numbers.get(n.id)) for n in kept)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
