"""Follow-ups: what a therapist means to do for a client, and by when.

What always holds: the words are the therapist's own, on one line; nothing is overwritten: that a follow-up was done,
or is open again, is a fact of its own with its date.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from notekeeper.errors import UsageError

MAX_FOLLOW_UP = 300
_REFERENCE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,23})/[Ff]([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One follow-up of a client, `number` counting from 1 within the client's file. `note_number` is the note whose
    risk entry it came from, if it came from one. `done` is the day it was done, None while it is open."""

    id: str
    client_id: str
    number: int
    words: str = field(repr=False)
    due: date
    note_id: str | None
    note_number: int | None
    added_at: datetime
    done: date | None = None


def follow_up_words(text: str) -> str:
    """`text` on one line, if it can be a follow-up. Raises `UsageError`."""
    words = " ".join(text.split())
    if not words:
        raise UsageError("A follow-up needs a few words of what is to be done. Nothing was changed.")
    if len(words) > MAX_FOLLOW_UP:
        raise UsageError(f"A follow-up has at most {MAX_FOLLOW_UP} characters. Please shorten it; nothing was changed.")
    try:
        words.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError("The words hold broken characters (half of a pair). Nothing was changed.") from None
    return words


def follow_up_reference(text: str) -> tuple[str, int]:
    """The client's code and the number of a follow-up written CODE/FN. Raises `UsageError`."""
    found = _REFERENCE.fullmatch(text.strip())
    if found is None:
        raise UsageError("A follow-up is written CODE/FN, like C014/F2. `notekeeper followup list` names them.")
    return found[1], int(found[2])
