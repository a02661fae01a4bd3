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
    page.head("Coverage")
    page.say(f"{phrases.coverage(report.coverage)}.")
    page.say(phrases.did_not_attend(report))
    _themes(page, report)
    if report.supervision:
        page.head("From the therapist's supervision notes")
    for item in report.supervision:
        page.say(f"Session {item.session}, {item.kind}: {item.text}", 2)
    page.head("Agreed actions")
    for place in range(1, phrases.ACTION_LINES + 1):
        page.say(f"{place}.", 2)
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
    for place, theme in enumerate(report.themes, start=1):
        told = f"{place}. {theme.label}: {phrases.theme_count(theme, report)}"
        own = phrases.theme_own(theme, report)
        page.say(f"{told} (therapist's own, no AI used: {own})" if own else told, 2)
        if worded := phrases.theme_wordings(theme):
            page.say(f"Worded, by session: {worded}", 5)


def _title(report: ThemeReport) -> str:
    period = f"{phrases.day(report.period_from)} to {phrases.day(report.period_to)}"
    return f"Theme report for client {report.client_code}, {period}"
