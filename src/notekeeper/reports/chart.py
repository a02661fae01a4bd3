"""Where the chart's marks go: themes down, sessions across, each mark told by its shape.

What always holds: a bounded size, whatever the report holds; the newest sessions are shown, and the themes of the
first page; `left_out` says what is not. All measures are SVG user
units, which are CSS pixels at full size.
"""

from dataclasses import dataclass
from typing import Literal

from notekeeper.domain.report import ThemeReport
from notekeeper.reports import phrases

MAX_SESSIONS = 24
LABEL_WIDTH = 236
LABEL_CHARACTERS = 36
STEP_X = 22
STEP_Y = 22
TOP = 26

Shape = Literal["noted", "not_noted", "not_included"]


@dataclass(frozen=True, slots=True)
class Mark:
    x: int
    y: int
    shape: Shape


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    full: str
    y: int


@dataclass(frozen=True, slots=True)
class Chart:
    width: int
    height: int
    columns: tuple[tuple[int, int], ...]
    """Session number and the x of its column."""
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]
    described: str
    left_out: str


def chart(report: ThemeReport) -> Chart:
    """The chart of the themes of `report` over the sessions of its period."""
    included = set(report.coverage.included)
    sessions = sorted(included | set(report.coverage.not_included))
    shown = sessions[-MAX_SESSIONS:]
    themes = phrases.leading(report)
    columns = tuple((number, LABEL_WIDTH + STEP_X // 2 + place * STEP_X) for place, number in enumerate(shown))
    rows, marks = [], []
    for place, theme in enumerate(themes):
        y = TOP + STEP_Y // 2 + place * STEP_Y
        full = phrases.line(theme.label)
        rows.append(Row(_short(full), full, y))
        noted = set(theme.sessions)
        marks += [Mark(x, y, _shape(number, noted, included)) for number, x in columns]
    described = " ".join(f"{phrases.line(t.label)}: {phrases.theme_count(t, report)}." for t in themes)
    return Chart(
        width=LABEL_WIDTH + STEP_X * max(1, len(shown)),
        height=TOP + STEP_Y * len(themes),
        columns=columns,
        rows=tuple(rows),
        marks=tuple(marks),
        described=described,
        left_out=_left_out(len(sessions) - len(shown)),
    )


def _shape(number: int, noted: set[int], included: set[int]) -> Shape:
    if number not in included:
        return "not_included"
    return "noted" if number in noted else "not_noted"


def _short(label: str) -> str:
    return label if len(label) <= LABEL_CHARACTERS else label[: LABEL_CHARACTERS - 1].rstrip() + "…"


def _left_out(sessions: int) -> str:
    if not sessions:
        return ""
    return f"The {sessions} earliest {'session is' if sessions == 1 else 'sessions are'} in the table only."
