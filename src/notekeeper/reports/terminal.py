"""The report as plain text for a terminal, a screen reader or a printer.

What always holds: the same order as the HTML, no colour and no drawing, no line over the width asked for, and no
character that a terminal would obey.
"""

import textwrap

from notekeeper.domain.report import IDENTIFIABILITY, RISK_NOT_INCLUDED, ThemeReport
from notekeeper.reports import phrases

MIN_WIDTH = 40


def report_text(report: ThemeReport, width: int = 80) -> str:
    """The report in lines of at most `width` characters (at least 40), ending with a newline."""
    page = _Page(max(MIN_WIDTH, width))
    if report.demonstration:
        page.say(phrases.DEMONSTRATION)
    page.say(IDENTIFIABILITY)
    page.say(_title(report))
    _risk(page, report)
    if report.question:
        page.head("Question for supervision")
        page.say(report.question, 2)
    page.head("Where the work stands")
    for name, text in phrases.course(report):
        page.say(f"{name}: {text}.", 2)
    _themes(page, report)
    if report.supervision:
        page.head(phrases.MY_PART)
        page.say(phrases.MY_PART_SCOPE)
    for item in report.supervision:
        page.say(f"Session {item.session}, {item.kind}: {item.text}", 2)
    page.head(phrases.QUESTIONS)
    for place in range(2):
        page.say(f"{place + 1}. {report.questions[place] if place < len(report.questions) else ''}", 2)
    page.head("Agreed actions")
    for place in range(1, phrases.ACTION_LINES + 1):
        page.say(f"{place}.", 2)
    _every_theme(page, report)
    page.head("How this report was made")
    for text in phrases.provenance(report):
        page.say(text)
    return "\n".join(page.lines) + "\n"


class _Page:
    """Wrapped lines. Only headings and whole sentences start at the margin, so no field can pass for a heading."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[str] = []

    def say(self, text: str, indent: int = 0) -> None:
        first, rest = " " * indent, " " * (indent + 2)
        self.lines += textwrap.wrap(phrases.line(text), self.width, initial_indent=first, subsequent_indent=rest)

    def head(self, text: str) -> None:
        self.lines.append("")
        self.say(text)


def _risk(page: _Page, report: ThemeReport) -> None:
    if not report.risk.included:
        page.head(RISK_NOT_INCLUDED)
        return
    page.head(phrases.RISK_HEADING)
    page.say(phrases.last_asked(report))
    page.say(phrases.RISK_SCOPE)
    for entry in report.risk.entries:
        page.say(f"Session {entry.session}: {entry.state.words}", 2)
        named = (
            ("In the therapist's words", entry.words),
            ("Action", entry.action),
            ("Safeguarding", entry.safeguarding),
        )
        for name, text in named:
            first, *more = phrases.block(text) or [phrases.NOTHING_WRITTEN]
            page.say(f"{name}: {first}", 4)
            for shown in more:
                page.say(shown, 6)


def _themes(page: _Page, report: ThemeReport) -> None:
    page.head("Themes")
    page.say(report.ai_note)
    page.say(phrases.THEMES_SCOPE)
    for place, theme in enumerate(phrases.leading(report), start=1):
        told = f"{place}. {theme.label}: {phrases.theme_count(theme, report)}"
        own = phrases.theme_own(theme, report)
        page.say(f"{told} (therapist's own, no AI used: {own})" if own else told, 2)
    if others := phrases.further(report):
        page.say(others, 2)


def _every_theme(page: _Page, report: ThemeReport) -> None:
    """The lines that the first page has no room for."""
    lines = [(theme, phrases.theme_wordings(theme)) for theme in report.themes]
    more = report.themes[phrases.LEADING_THEMES :]
    if not more and not any(worded for _, worded in lines):
        return
    page.head(phrases.ALL_THEMES)
    for place, (theme, worded) in enumerate(lines, start=1):
        own = phrases.theme_own(theme, report) if theme in more else ""
        told = f"{place}. {theme.label}: {phrases.theme_count(theme, report)}"
        page.say(f"{told} (therapist's own, no AI used: {own})" if own else told, 2)
        if worded:
            page.say(f"Worded, by session: {worded}", 5)


def _title(report: ThemeReport) -> str:
    period = f"{phrases.day(report.period_from)} to {phrases.day(report.period_to)}"
    return f"Theme report for client {report.client_code}, {period}"
