"""A comparison of two reports as text: two columns beside each other, or for a screen reader one fact to a line.

What always holds: no line is wider than asked for, counted in cells of a terminal; neither column can pass for the
other, because each stands behind the same bar, or behind its own label.
"""

import unicodedata

from notekeeper.domain.report import ClientPage
from notekeeper.reports import phrases
from notekeeper.reports.comparing import Comparison, Section
from notekeeper.reports.risk_lines import RISK_HEADING

THEN, NOW, NOTHING = "Then", "Now", "none"
MIN_WIDTH = 40
_BAR = " │ "
_ALONE = (RISK_HEADING, phrases.QUESTION)
"""Sections of one row that their heading names."""


def comparison_text(found: Comparison, width: int | None = 80) -> str:
    """The comparison in lines of at most `width` cells (at least 40), or of any length for None, where each fact has a
    label of its own. It ends with a newline."""
    lines = _spoken(found) if width is None else _columns(found, max(MIN_WIDTH, width))
    return "\n".join(lines) + "\n"


def _spoken(found: Comparison) -> list[str]:
    lines = [phrases.DEMONSTRATION] if found.demonstration else []
    lines.append(f"Client: {phrases.line(found.now.client_code)}")
    lines += [f"{name}: {phrases.period(page)}" for name, page in ((THEN, found.then), (NOW, found.now))]
    for section in (found.risk, *found.sections):
        lines += [f"Section: {section.heading}", *section.said]
        if not section.rows:
            lines.append(f"{section.heading}: {NOTHING}")
        for row in section.rows:
            for name, told in ((THEN, row.then), (NOW, row.now)):
                label = f"{row.name}, {name.lower()}"
                for place, text in enumerate(told, start=1):
                    lines.append(f"{label}{f', line {place}' if place > 1 else ''}: {phrases.line(text)}")
        lines += map(phrases.line, found.said if section is found.risk else ())
    return lines


def _columns(found: Comparison, width: int) -> list[str]:
    half = (width - len(_BAR)) // 2
    lines = wrapped(phrases.DEMONSTRATION, width) if found.demonstration else []
    lines += _beside([_head(THEN, found.then)], [_head(NOW, found.now)], half)
    lines += _section(found.risk, width, half)
    if found.said:
        lines += ["", *(line for text in found.said for line in wrapped(text, width))]
    for section in found.sections:
        lines += _section(section, width, half)
    return lines


def _head(name: str, page: ClientPage) -> str:
    return f"{name.upper()}: {phrases.period(page)}"


def _section(section: Section, width: int, half: int) -> list[str]:
    lines = ["", _ruled(section.heading, width)]
    for text in section.said:
        lines += wrapped(text, width)
    if not section.rows:
        lines.append(f"  {NOTHING}")
    for row in section.rows:
        if section.heading in _ALONE:
            lines += _beside(row.then, row.now, half)
        elif section.heading == phrases.COURSE:
            lines += _beside(_named(row.name, row.then), _named(row.name, row.now), half)
        else:
            lines += wrapped(row.name, width, "  ")
            lines += _beside([f"    {text}" for text in row.then], [f"    {text}" for text in row.now], half)
    return lines


def _ruled(heading: str, width: int) -> str:
    """A heading on a line that is drawn across, so that no text of a report can pass for one."""
    shown = wrapped(f"── {heading}", width)[0]
    return f"{shown} {'─' * (width - cells(shown) - 1)}".rstrip()


def _named(name: str, told: tuple[str, ...]) -> list[str]:
    return [f"{name}: {told[0]}", *told[1:]] if told else []


def _beside(then: tuple[str, ...] | list[str], now: tuple[str, ...] | list[str], half: int) -> list[str]:
    left = [line for text in then for line in wrapped(text, half, _indent(text))]
    right = [line for text in now for line in wrapped(text, half, _indent(text))]
    height = max(len(left), len(right))
    left += [""] * (height - len(left))
    right += [""] * (height - len(right))
    return [
        f"{one}{' ' * (half - cells(one))}{_BAR}{other}".rstrip(" ") for one, other in zip(left, right, strict=True)
    ]


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" "))]


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """`text` in lines of at most `width` cells, each behind `indent`; a word that is longer is cut."""
    lines, here = [], indent
    for word in phrases.line(text).split(" "):
        rest = word
        while rest:
            gap = "" if here == indent else " "
            if cells(here) + len(gap) + cells(rest) <= width:
                here, rest = f"{here}{gap}{rest}", ""
            elif here != indent:
                lines.append(here)
                here = indent
            else:
                fits = _fitting(rest, width - len(indent))
                lines.append(f"{indent}{rest[:fits]}")
                rest = rest[fits:]
    if here != indent or not lines:
        lines.append(here)
    return lines


def cells(text: str) -> int:
    """How many cells of a terminal `text` takes, as far as Unicode tells."""
    return sum(map(_cells_of, text))


def _cells_of(character: str) -> int:
    if unicodedata.combining(character) or character in "\u200c\u200d":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _fitting(text: str, width: int) -> int:
    """How many characters of `text` take at most `width` cells; at least one."""
    taken = 0
    for place, character in enumerate(text):
        taken += _cells_of(character)
        if taken > width:
            return max(1, place)
    return len(text)
