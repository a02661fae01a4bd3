"""Days, however they are written: 17/08/1985, 17 Aug 85, August 17th and 1985-08-17 are one.

What always holds: a day whose order of day and month is open is both; a year left out fits any.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:(?:19|20)\d\d|['’]?\d\d)"
_FORMS = (
    re.compile(r"(?<![\w/.-])(?P<y>(?:19|20)\d\d)\s?[-/.]\s?(?P<a>\d{1,2})\s?[-/.]\s?(?P<b>\d{1,2})(?![\w/])"),
    re.compile(rf"(?<![\w/.-])(?P<a>\d{{1,2}})\s?([-/.])\s?(?P<b>\d{{1,2}})\s?\2\s?(?P<y>{_YEAR})(?![\w/])"),
    re.compile(
        rf"(?<![\w/.-])(?P<a>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?[-/.]\s?|\s+(?:of\s+)?)(?P<m>{_MONTH})(?![^\W\d_])"
        rf"(?:\.?,?(?:\s+|\s?[-/.]\s?)(?P<y>{_YEAR})(?![\w/:]))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\w)(?P<m>{_MONTH})\.?\s+(?:the\s+)?(?P<a>\d{{1,2}})(?:st|nd|rd|th)?(?![\w/:])(?:,?\s+(?P<y>{_YEAR})(?![\w/:]|[-.]\d))?",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\w/.-])(?P<a>\d{1,2})\s?/\s?(?P<b>\d{1,2})(?![\w/])"),
)
Day = tuple[int | None, int, int]
"""Year, where one is given, month and day."""


@dataclass(frozen=True, slots=True)
class DaySpan:
    """A day in a text: `days` are all that it may be."""

    start: int
    end: int
    days: frozenset[Day]


def days_in(text: str) -> Iterator[DaySpan]:
    """Every day written in `text`, the fullest forms first; none overlaps an earlier one."""
    taken = bytearray(len(text))
    for form in _FORMS:
        for match in form.finditer(text):
            days = frozenset(_days(match))
            if days and not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
                yield DaySpan(match.start(), match.end(), days)


def same_day(one: frozenset[Day], other: frozenset[Day]) -> bool:
    """Whether both may be the same day."""
    return any(a[1:] == b[1:] and (a[0] is None or b[0] is None or a[0] == b[0]) for a in one for b in other)


def _days(match: re.Match[str]) -> Iterator[Day]:
    parts = match.groupdict()
    year = _year(parts.get("y"))
    first = int(parts["a"])
    if parts.get("m"):
        month = _MONTHS.index(parts["m"][:3].lower()) + 1
        if 1 <= first <= 31:
            yield year, month, first
        return
    second = int(parts["b"])
    yearly = bool(parts.get("y")) and match.start("y") < match.start("a")
    for month, day in ((first, second),) if yearly else ((second, first), (first, second)):
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield year, month, day


def _year(written: str | None) -> int | None:
    if not written:
        return None
    figures = int(written.strip("'’"))
    if figures >= 100:
        return figures
    return figures + (2000 if figures < 40 else 1900)
