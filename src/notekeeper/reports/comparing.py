"""Two reports of one client beside each other: what was noted then, and what is noted now.

What always holds: risk stands first, of both, each in the therapist's own words or as NOT INCLUDED; counts stay
counts of sessions; less mention is called that and never anything better; what one report alone could not know, that
periods overlap or sessions are missing, is said before the themes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from notekeeper.domain.report import ClientPage, ReportPattern, ReportTheme
from notekeeper.reports import phrases
from notekeeper.reports.entries import risk_told
from notekeeper.reports.risk_lines import RISK_HEADING, RISK_SCOPE

NEWLY, NO_LONGER, BOTH = "Newly noted", "No longer noted", "Noted in both"
SCOPE = (
    "Counts are of the signed sessions of each report. Noted less often, or no longer, means so in the therapist's "
    "notes, and no more than that; it says nothing about how the client is."
)
NOT_NOTED = "not noted"
_Counted = TypeVar("_Counted", ReportTheme, ReportPattern)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison: `name` tells what it is of; `then` and `now` are lines of text beneath each other."""

    name: str
    then: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading, with the sentences that go before them."""

    heading: str
    rows: tuple[Row, ...]
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """`then` is the report whose period begins, or else ends, earlier. `risk` stands first; `said` are sentences to be
    read before the other sections."""

    then: ClientPage
    now: ClientPage
    risk: Section
    said: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def demonstration(self) -> bool:
        """Whether a client is invented."""
        return self.then.demonstration or self.now.demonstration


def compare(one: ClientPage, other: ClientPage) -> Comparison:
    """Both pages beside each other, the earlier period first. Raises `ValueError` for two clients."""
    if one.client_code != other.client_code:
        raise ValueError("two clients are not compared")
    then, now = sorted((one, other), key=lambda page: (page.period_from, page.period_to))
    sections = (_course(then, now), _question(then, now), *_themes(then, now), _patterns(then, now))
    return Comparison(then, now, _risk(then, now), _said(then, now), sections)


def _said(then: ClientPage, now: ClientPage) -> tuple[str, ...]:
    told = []
    if then.period_to >= now.period_from:
        shared = sorted({*then.coverage.included} & {*now.coverage.included})
        counted = f" Counted in both: {_sessions(shared)}." if shared else ""
        told.append(f"The two periods overlap.{counted}")
    for name, page in (("then", then), ("now", now)):
        if left_out := page.coverage.not_included:
            told.append(f"Not every session is counted, {name}: {_sessions(left_out)} not included.")
    return tuple(told)


def _sessions(numbers: tuple[int, ...] | list[int]) -> str:
    return f"{'session' if len(numbers) == 1 else 'sessions'} {phrases.numbers(tuple(numbers))}"


def _risk(then: ClientPage, now: ClientPage) -> Section:
    return Section(RISK_HEADING, (Row("Risk", risk_told(then), risk_told(now)),), (RISK_SCOPE,))


def _course(then: ClientPage, now: ClientPage) -> Section:
    pairs = zip(phrases.course(then), phrases.course(now), strict=True)
    rows = (Row(name, (phrases.line(before),), (phrases.line(after),)) for (name, before), (_, after) in pairs)
    return Section(phrases.COURSE, tuple(rows))


def _question(then: ClientPage, now: ClientPage) -> Section:
    asked = ((phrases.line(page.question) or phrases.NOTHING_WRITTEN,) for page in (then, now))
    return Section(phrases.QUESTION, (Row("Question", *asked),))


def _themes(then: ClientPage, now: ClientPage) -> tuple[Section, ...]:
    parts: dict[str, list[Row]] = {NEWLY: [], NO_LONGER: [], BOTH: []}
    for name, before, after in _matched(then.themes, now.themes):
        reworded = before is not None and before.label.casefold() != name.casefold()
        row = Row(name, (_theme(before, then, reworded=reworded),), (_theme(after, now),))
        parts[NEWLY if before is None else NO_LONGER if after is None else BOTH].append(row)
    said = {NEWLY: (SCOPE,)}
    return tuple(
        Section(f"Themes: {name[0].lower()}{name[1:]}", tuple(rows), said.get(name, ())) for name, rows in parts.items()
    )


def _theme(theme: ReportTheme | None, page: ClientPage, *, reworded: bool = False) -> str:
    if theme is None:
        return NOT_NOTED
    counted = phrases.theme_count(theme, page)
    return f"{counted}; then worded: {phrases.line(theme.label)}" if reworded else counted


def _patterns(then: ClientPage, now: ClientPage) -> Section:
    rows = (
        Row(name, _pattern(before, then), _pattern(after, now))
        for name, before, after in _matched(then.patterns, now.patterns)
    )
    return Section(phrases.PATTERNS, tuple(rows))


def _pattern(pattern: ReportPattern | None, page: ClientPage) -> tuple[str, ...]:
    if pattern is None:
        return ("no pattern signed",)
    return (f"{pattern.kind.words}; {phrases.pattern_count(pattern, page)}", phrases.line(pattern.statement))


def _matched(then: Sequence[_Counted], now: Sequence[_Counted]) -> list[tuple[str, _Counted | None, _Counted | None]]:
    """Label, and both sides of what has the same code, else the same label; what only one side has stands with None.
    Those of now first, in their order."""
    left: list[_Counted] = list(then)
    pairs: list[tuple[str, _Counted | None, _Counted | None]] = []
    for after in now:
        before = next((each for each in left if _same(each, after)), None)
        if before is not None:
            left.remove(before)
        pairs.append((phrases.line(after.label), before, after))
    pairs += [(phrases.line(before.label), before, None) for before in left]
    return pairs


def _same(one: ReportTheme | ReportPattern, other: ReportTheme | ReportPattern) -> bool:
    if one.code and other.code:
        return one.code == other.code
    return one.label.casefold() == other.label.casefold()
