"""Where the marks of a page's chart go: appointments across, and beneath them one strip for each leading theme, in the
same columns; each mark is told by its shape.

What always holds: a bounded size, whatever the report holds; the newest appointments are drawn, and the themes of the
client's page; `left_out` says what is not. All measures are CSS pixels at full size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from notekeeper.domain.report import Appointment, ClientPage, ReportTheme
from notekeeper.reports import phrases

MAX_WIDTH = 440
STEP, GAP = 22, 40
HEIGHT, TOP = 20, 36
"""Of a theme's strip; and of the appointments, whose numbers stand above their marks."""
MIN_GAP_WEEKS = 3

Shape = Literal["held", "not_included", "did_not_attend", "gap", "noted", "not_noted"]
LEGEND: dict[Shape, str] = {
    "held": "session",
    "did_not_attend": "did not attend",
    "gap": "weeks without an appointment",
    "noted": "theme noted",
    "not_noted": "not noted",
    "not_included": "session not included",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """`x` is the middle of its column; `words` stand above it."""

    x: int
    shape: Shape
    words: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """One theme over the columns; `described` says the same in words."""

    marks: tuple[Mark, ...]
    described: str


@dataclass(frozen=True, slots=True)
class Chart:
    width: int
    appointments: tuple[Mark, ...]
    described: str
    strips: tuple[Strip, ...]
    legend: tuple[tuple[Shape, str], ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class _Column:
    shape: Shape
    session: int | None = None
    weeks: int = 0

    @property
    def width(self) -> int:
        return GAP if self.shape == "gap" else STEP


def chart(page: ClientPage) -> Chart:
    """The chart of the appointments of the page and of its leading themes."""
    columns = _columns(page)
    shown = _newest(columns)
    places, x = [], 0
    for column in shown:
        places.append((x + column.width // 2, column))
        x += column.width
    strips = tuple(_strip(theme, page, places) for theme in phrases.leading(page))
    marks = tuple(Mark(at, column.shape, _above(column)) for at, column in places)
    used = {mark.shape for mark in (*marks, *(mark for strip in strips for mark in strip.marks))}
    left = sum(c.session is not None for c in columns) - sum(c.session is not None for c in shown)
    return Chart(
        width=max(x, STEP),
        appointments=marks,
        described="; ".join(_told(column) for column in shown).capitalize() + "." if shown else "",
        strips=strips,
        legend=tuple((shape, words) for shape, words in LEGEND.items() if shape in used),
        left_out=_left_out(left),
    )


def _columns(page: ClientPage) -> list[_Column]:
    """Every appointment, with a column of its own wherever weeks lie between two. Pages of earlier versions know the
    sessions alone."""
    included = set(page.coverage.included)
    known = page.appointments or tuple(
        Appointment(week=0, session=number) for number in sorted(included | set(page.coverage.not_included))
    )
    weeks = [later.week - earlier.week for earlier, later in pairwise(known)]
    found: list[_Column] = []
    for appointment, before in zip(known, (0, *weeks), strict=True):
        if before >= _long(weeks):
            found.append(_Column("gap", weeks=before))
        if appointment.session is None:
            found.append(_Column("did_not_attend"))
        else:
            shape: Shape = "held" if appointment.session in included else "not_included"
            found.append(_Column(shape, appointment.session))
    return found


def _long(weeks: Sequence[int]) -> float:
    """From how many weeks on the time between two appointments is drawn: three, and twice what is usual here."""
    return max(MIN_GAP_WEEKS, 2 * median(weeks)) if weeks else MIN_GAP_WEEKS


def _newest(columns: Sequence[_Column]) -> list[_Column]:
    shown: list[_Column] = []
    for column in reversed(columns):
        if sum(c.width for c in shown) + column.width > MAX_WIDTH:
            break
        shown.insert(0, column)
    return shown[1:] if shown and shown[0].shape == "gap" else shown


def _strip(theme: ReportTheme, page: ClientPage, places: Sequence[tuple[int, _Column]]) -> Strip:
    noted = set(theme.sessions)
    marks = []
    for x, column in places:
        if column.session is not None:
            held: Shape = "noted" if column.session in noted else "not_noted"
            marks.append(Mark(x, held if column.shape == "held" else "not_included"))
    others = tuple(number for number in page.coverage.included if number not in noted)
    told = [f"Noted in {_sessions(theme.sessions)}"]
    told += [f"not noted in {phrases.numbers(others)}"] if others else []
    told += [f"not included: {phrases.numbers(page.coverage.not_included)}"] if page.coverage.not_included else []
    return Strip(tuple(marks), "; ".join(told) + ".")


def _sessions(numbers: tuple[int, ...]) -> str:
    return f"{'session' if len(numbers) == 1 else 'sessions'} {phrases.numbers(numbers)}"


def _above(column: _Column) -> str:
    if column.shape == "gap":
        return f"{min(column.weeks, 999)} wk"
    return "" if column.session is None else str(column.session)


def _told(column: _Column) -> str:
    match column.shape:
        case "gap":
            return f"{column.weeks} weeks without an appointment"
        case "did_not_attend":
            return "did not attend"
        case "not_included":
            return f"session {column.session}, not included"
        case _:
            return f"session {column.session}"


def _left_out(sessions: int) -> str:
    if not sessions:
        return ""
    return f"The {'earliest session is' if sessions == 1 else f'{sessions} earliest sessions are'} not drawn."
