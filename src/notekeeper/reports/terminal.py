"""The report as plain text for a terminal, a screen reader or a printer.

What always holds: the same order as the HTML, no colour and no drawing, no line over the width asked for, and no
character that a terminal would obey. Without a width nothing is wrapped or indented: every field is one line behind a
label of its own, for a screen reader.
"""

import textwrap

from notekeeper.domain.report import IDENTIFIABILITY, RISK_NOT_INCLUDED, ThemeReport
from notekeeper.reports import phrases

MIN_WIDTH = 40


def report_text(report: ThemeReport, width: int | None = 80) -> str:
    """The report in lines of at most `width` characters (at least 40), or of any length for None; it ends with a
    newline."""
    page = _Page(max(MIN_WIDTH, width)) if width is not None else _Spoken(0)
    if report.demonstration:
        page.say(phrases.DEMONSTRATION)
    page.say(IDENTIFIABILITY)
    page.say(_title(report))
    _risk(page, report)
    if report.question:
        page.head("Question for supervision")
        page.field("Question", report.question)
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
        page.number("Question", place + 1, report.questions[place] if place < len(report.questions) else "")
    page.head("Agreed actions")
    for place in range(1, phrases.ACTION_LINES + 1):
        page.number("Action", place)
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

    def field(self, label: str, text: str) -> None:  # noqa: ARG002 - spoken alone; here the heading says it
        """A text beneath a heading that names it."""
        self.say(text, 2)

    def number(self, label: str, place: int, text: str = "") -> None:  # noqa: ARG002 - as for `field`
        """A numbered line, to be written on when `text` is empty."""
        self.say(f"{place}. {text}", 2)

    def block(self, label: str, lines: list[str]) -> None:
        """What was written under a label, line by line."""
        self.say(f"{label}: {lines[0]}", 4)
        for shown in lines[1:]:
            self.say(shown, 6)

    def head(self, text: str) -> None:
        self.lines.append("")
        self.say(text)


class _Spoken(_Page):
    """One line for each sentence and field, each behind its label; "Section" is the label of a heading."""

    def say(self, text: str, indent: int = 0) -> None:  # noqa: ARG002 - nothing is indented
        self.lines.append(phrases.line(text))

    def field(self, label: str, text: str) -> None:
        self.say(f"{label}: {text}")

    def number(self, label: str, place: int, text: str = "") -> None:
        self.say(f"{label} {place}: {text or phrases.NOTHING_WRITTEN}")

    def block(self, label: str, lines: list[str]) -> None:
        for place, shown in enumerate(lines, start=1):
            self.say(f"{label}: {shown}" if place == 1 else f"{label}, line {place}: {shown}")

    def head(self, text: str) -> None:
        self.say(f"Section: {text}")


def _risk(page: _Page, report: ThemeReport) -> None:
    if not report.risk.included:
        page.head(RISK_NOT_INCLUDED)
        return
    page.head(phrases.RISK_HEADING)
    page.say(phrases.last_asked(report))
    page.say(phrases.RISK_SCOPE)
    for entry in report.risk.entries:
        since = phrases.recorded(entry)
        page.say(f"Session {entry.session}: {entry.state.words}{f', {since}' if since else ''}", 2)
        for kind in phrases.risk_kinds(entry):
            page.say(kind, 4)
        for name, lines in phrases.risk_texts(entry):
            page.block(name, lines)


def _themes(page: _Page, report: ThemeReport) -> None:
    page.head("Themes")
    page.say(report.ai_note)
    page.say(phrases.THEMES_SCOPE)
    for place, theme in enumerate(phrases.leading(report), start=1):
        told = f"{theme.label}: {phrases.theme_count(theme, report)}"
        own = phrases.theme_own(theme, report)
        page.number("Theme", place, f"{told} (therapist's own, no AI used: {own})" if own else told)
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
        told = f"{theme.label}: {phrases.theme_count(theme, report)}"
        page.number("Theme", place, f"{told} (therapist's own, no AI used: {own})" if own else told)
        if worded:
            page.say(f"Worded, by session: {worded}", 5)


def _title(report: ThemeReport) -> str:
    period = f"{phrases.day(report.period_from)} to {phrases.day(report.period_to)}"
    return f"Theme report for client {report.client_code}, {period}"
