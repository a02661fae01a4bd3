"""A report as it is shown: every heading, line and mark in words that are the same in every format.

What always holds: every text in a view has passed `phrases.line`, so that no format meets a character that a reader
would obey; what a format adds is layout and its own way of writing a text as text.
"""

from dataclasses import dataclass

from notekeeper.domain.report import (
    IDENTIFIABILITY,
    NO_AI,
    RISK_NOT_INCLUDED,
    ClientPage,
    ReportDocument,
    ReportPattern,
)
from notekeeper.reports import phrases, risk_lines
from notekeeper.reports.chart import Chart, chart
from notekeeper.reports.phrases import line


@dataclass(frozen=True, slots=True)
class RiskView:
    """`title` alone when risk is not included."""

    included: bool
    title: str
    asked: str = ""
    scope: str = ""
    rows: tuple[risk_lines.RiskRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ThemeView:
    """`noted` as in 5 of 8 sessions, `count` with the session numbers behind it; `wordings` by session where they
    changed; `own` in how many it is the therapist's own."""

    label: str
    noted: str
    count: str
    wordings: str
    own: str


@dataclass(frozen=True, slots=True)
class PatternView:
    """`told` is the kind in words and the count, where `statement` has none; `statement` is empty where it says no more
    than `label` and `told`."""

    label: str
    told: str
    statement: str


@dataclass(frozen=True, slots=True)
class Behind:
    """A text, and what stands behind it in brackets."""

    text: str
    tail: str


@dataclass(frozen=True, slots=True)
class PageView:
    """One client's page. `themes`, `patterns` and `part` are whole; how many of them stand on the client's page, the
    others being on the last one, is said by the constants of `phrases`, and in `more` as a sentence."""

    code: str
    period: str
    demonstration: bool
    risk: RiskView
    question: str
    course: tuple[tuple[str, str], ...]
    discussed: tuple[tuple[str, tuple[str, ...]], ...]
    ai_note: str
    all_own: bool
    chart: Chart
    themes: tuple[ThemeView, ...]
    further: str
    basis: str
    patterns: tuple[PatternView, ...]
    part: tuple[Behind, ...]
    quotations: tuple[Behind, ...]
    more: str
    questions: tuple[str, ...]

    @property
    def leading(self) -> tuple[ThemeView, ...]:
        return self.themes[: phrases.LEADING_THEMES]

    @property
    def leading_patterns(self) -> tuple[PatternView, ...]:
        return self.patterns[: phrases.LEADING_PATTERNS]

    @property
    def newest_part(self) -> tuple[Behind, ...]:
        return self.part[-phrases.LEADING_ITEMS :]

    @property
    def other_patterns(self) -> tuple[PatternView, ...]:
        return self.patterns[phrases.LEADING_PATTERNS :]

    @property
    def earlier_part(self) -> tuple[Behind, ...]:
        return self.part[: -phrases.LEADING_ITEMS]


@dataclass(frozen=True, slots=True)
class DocumentView:
    title: str
    made: str
    identifiability: str
    demonstration: bool
    pages: tuple[PageView, ...]
    provenance: tuple[str, ...]


def view_of(document: ReportDocument) -> DocumentView:
    """The report in words."""
    return DocumentView(
        title=line(phrases.title(document)),
        made=line(f"By {document.therapist}, {phrases.day(document.made_at.date())}"),
        identifiability=IDENTIFIABILITY,
        demonstration=any(page.demonstration for page in document.pages),
        pages=tuple(_page(page) for page in document.pages),
        provenance=tuple(line(told) for told in phrases.provenance(document)),
    )


def _page(page: ClientPage) -> PageView:
    return PageView(
        code=line(page.client_code),
        period=phrases.period(page),
        demonstration=page.demonstration,
        risk=_risk(page),
        question=line(page.question),
        course=tuple((name, line(text)) for name, text in phrases.course(page)),
        discussed=tuple((phrases.discussed(each), tuple(map(line, each.agreed))) for each in page.discussed),
        ai_note=_sentence(line(page.ai_note)),
        all_own=page.ai_note == NO_AI,
        chart=chart(page),
        themes=tuple(
            ThemeView(
                label=line(theme.label),
                noted=phrases.noted_in(theme, page),
                count=phrases.theme_count(theme, page),
                wordings=line(phrases.theme_wordings(theme)),
                own=phrases.theme_own(theme, page),
            )
            for theme in page.themes
        ),
        further=line(phrases.further(page)),
        basis=phrases.pattern_basis(page),
        patterns=tuple(_pattern(each, page) for each in page.patterns),
        part=tuple(Behind(line(each.text), f"{each.kind}, session {each.session}") for each in page.supervision),
        quotations=tuple(
            Behind(phrases.quoted(each), f"session {each.session}, {line(each.label)}") for each in page.quotations
        ),
        more=_more(len(page.patterns) - phrases.LEADING_PATTERNS, len(page.supervision) - phrases.LEADING_ITEMS),
        questions=tuple(map(line, page.questions)),
    )


def _pattern(pattern: ReportPattern, page: ClientPage) -> PatternView:
    said = phrases.pattern_says(pattern)
    counted = phrases.has_count(said)
    told = pattern.kind.words if counted else f"{pattern.kind.words}; {phrases.pattern_count(pattern, page)}"
    return PatternView(line(pattern.label), told, said)


def _risk(page: ClientPage) -> RiskView:
    if not page.risk.included:
        return RiskView(included=False, title=RISK_NOT_INCLUDED)
    return RiskView(
        included=True,
        title=risk_lines.RISK_HEADING,
        asked=risk_lines.last_asked(page),
        scope=risk_lines.RISK_SCOPE,
        rows=tuple(risk_lines.risk_rows(page)),
    )


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) or not words else f"{words}."


def _more(patterns: int, part: int) -> str:
    told = [f"{patterns} more signed {'pattern' if patterns == 1 else 'patterns'}"] if patterns > 0 else []
    told += [f"{part} earlier of my supervision notes"] if part > 0 else []
    return f"On the last page: {' and '.join(told)}." if told else ""
