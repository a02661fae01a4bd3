"""What a file's place says of the note in it: its date, and the client it belongs to.

What always holds: a date that could be read in two ways is told of; no date is taken from the file's own times; a
client is found only by a whole code that exists.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from notekeeper.domain.note import Client

_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_. ](\d\d?)[-_. ](\d\d?)(?!\d)")
_RUN = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d\d?)[-_. ](\d\d?)[-_. ]((?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class NamedDay:
    """The day that a name holds, None for none; `remark` says how it was read, or why none was."""

    day: date | None = None
    remark: str = ""


def day_in(stem: str) -> NamedDay:
    """The one date in a file's name without its ending."""
    certain = {_day(*map(int, found)) for form in (_YEAR_FIRST, _RUN) for found in form.findall(stem)}
    days = {day: "" for day in certain if day}
    for first, second, year in _YEAR_LAST.findall(stem):
        read, other = _day(int(year), int(second), int(first)), _day(int(year), int(first), int(second))
        if read and other and read != other:
            days[read] = f"The date in the name is read as {_long(read)}; it could be {_long(other)}."
        elif day := read or other:
            days.setdefault(day, "" if read else f"The date in the name is read as {_long(day)}.")
    if len(days) > 1:
        return NamedDay(remark="The name holds more than one date, so none was taken from it.")
    return next((NamedDay(day, remark) for day, remark in days.items()), NamedDay())


def client_in(path: Path, clients: Iterable[Client]) -> Client | None:
    """The client whose code the file's name begins with, or else its folder's name; the longest code counts."""
    codes = sorted(clients, key=lambda client: len(client.code), reverse=True)
    for name in (path.name, path.parent.name):
        for client in codes:
            if re.match(rf"{re.escape(client.code)}(?![A-Za-z0-9])", name, re.IGNORECASE):
                return client
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
