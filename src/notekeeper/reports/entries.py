"""One client's page cut into the items that a reader moves through and comments on.

What always holds: the page as a whole comes first, then risk, and each item has the name (`ItemRef`) by which a
comment is taken in beside it, the same as in `items.items_of`; every line has passed `phrases.line`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from notekeeper.domain.report import RISK_NOT_INCLUDED, ClientPage, ItemRef, ReportDocument, ReportTheme
from notekeeper.reports import phrases
from notekeeper.reports.risk_lines import RISK_HEADING, RISK_SCOPE, RiskRow, last_asked, risk_rows

WHOLE, THEMES = "The whole page", "Themes"


@dataclass(frozen=True, slots=True)
class Entry:
    """`label` is how it stands in a list under `section`; `lines` are what it says, each a line of text."""

    ref: ItemRef
    section: str
    label: str
    lines: tuple[str, ...]


def entries_of(document: ReportDocument, page: ClientPage) -> tuple[Entry, ...]:
    """The items of a page in the order of the report. Those of one kind are numbered as in the document."""
    return tuple(_entries(document, page))


def risk_told(page: ClientPage) -> tuple[str, ...]:
    """The risk section line by line, the same wherever it stands by itself; what it covers is not among it."""
    if not page.risk.included:
        return (RISK_NOT_INCLUDED,)
    return (last_asked(page), *(line for row in risk_rows(page) for line in _row(row)))


def _entries(document: ReportDocument, page: ClientPage) -> Iterator[Entry]:
    code = page.client_code
    yield Entry(code, "", WHOLE, _about(document, page))
    yield _risk(page)
    if page.question:
        yield Entry(f"{code}/question", "", phrases.QUESTION, (phrases.line(page.question),))
    yield Entry(f"{code}/course", "", phrases.COURSE, _course(page))
    for place, theme in enumerate(page.themes, start=1):
        yield Entry(f"{code}/theme/{place}", THEMES, phrases.line(theme.label), _theme(theme, page))
    for place, pattern in enumerate(page.patterns, start=1):
        told = (f"{pattern.kind.words}: {phrases.pattern_count(pattern, page)}", phrases.line(pattern.statement))
        basis = phrases.pattern_basis(page)
        lines = (*told, basis) if basis else told
        yield Entry(f"{code}/pattern/{place}", phrases.PATTERNS, phrases.line(pattern.label), lines)
    for place, item in enumerate(page.supervision, start=1):
        where = f"{item.kind.capitalize()}, session {item.session}. {phrases.MY_PART_SCOPE}"
        yield Entry(f"{code}/part/{place}", phrases.MY_PART, phrases.line(item.text), (phrases.line(item.text), where))
    for place, asked in enumerate(page.questions, start=1):
        yield Entry(f"{code}/question/{place}", phrases.QUESTIONS, phrases.line(asked), (phrases.line(asked),))


def _risk(page: ClientPage) -> Entry:
    ref = f"{page.client_code}/risk"
    if not page.risk.included:
        return Entry(ref, "", "Risk: NOT INCLUDED", risk_told(page))
    return Entry(ref, "", RISK_HEADING, (*risk_told(page), RISK_SCOPE))


def _about(document: ReportDocument, page: ClientPage) -> tuple[str, ...]:
    told = [f"Client {phrases.line(page.client_code)}, {phrases.period(page)}"]
    told += [f"{name}: {text}" for name, text in phrases.course(page) if name == "Coverage"]
    return (*told, phrases.line(page.ai_note), *map(phrases.line, phrases.provenance(document)))


def _course(page: ClientPage) -> tuple[str, ...]:
    lines = [f"{name}: {phrases.line(text)}" for name, text in phrases.course(page)]
    for each in page.discussed:
        lines.append(f"{phrases.discussed(each)}{':' if each.agreed else ' nothing noted'}")
        lines += [f"  {phrases.line(agreed)}" for agreed in each.agreed]
    return tuple(lines)


def _theme(theme: ReportTheme, page: ClientPage) -> tuple[str, ...]:
    lines = [f"Noted in {phrases.theme_count(theme, page)}"]
    if worded := phrases.theme_wordings(theme):
        lines.append(f"Worded, by session: {phrases.line(worded)}")
    if own := phrases.theme_own(theme, page):
        lines.append(f"Therapist's own, no AI used: {own}")
    names = {theme.label.casefold(), *(each.label.casefold() for each in theme.wordings)}
    lines += [
        f"Quoted, session {quotation.session}: {phrases.quoted(quotation)}"
        for quotation in page.quotations
        if quotation.label.casefold() in names
    ]
    return (*lines, phrases.THEMES_SCOPE)


def _row(row: RiskRow) -> Iterator[str]:
    noun = "Sessions" if "," in row.session else "Session"
    yield f"{noun} {row.session}: {row.state}{f', {row.since}' if row.since else ''}"
    yield from (f"  {kind}" for kind in row.kinds)
    for label, texts in row.texts:
        yield f"  {label}: {texts[0]}"
        yield from (f"    {text}" for text in texts[1:])
