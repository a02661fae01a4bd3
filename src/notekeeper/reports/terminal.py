"""The report as plain text for a terminal, a screen reader or a printer.

What always holds: the same order as the HTML, no colour and no drawing, no line over the width asked for, and no
character that a terminal would obey. Without a width nothing is wrapped or indented: every field is one line behind a
label of its own, for a screen reader.
"""

import textwrap

from notekeeper.domain.report import IDENTIFIABILITY, ReportDocument
from notekeeper.reports import phrases
from notekeeper.reports.view import Behind, PageView, PatternView, ThemeView, view_of

MIN_WIDTH = 40


def report_text(document: ReportDocument, width: int | None = 80) -> str:
    """The report in lines of at most `width` characters (at least 40), or of any length for None; it ends with a
    newline."""
    paper = _Paper(max(MIN_WIDTH, width)) if width is not None else _Spoken(0)
    view = view_of(document)
    if view.demonstration:
        paper.say(phrases.DEMONSTRATION)
    paper.say(IDENTIFIABILITY)
    alone = len(view.pages) == 1
    if not alone:
        paper.say(view.title)
        paper.say(f"{phrases.CONTENTS}: {', '.join(page.code for page in view.pages)}")
    for page in view.pages:
        if not alone:
            paper.rule()
        paper.say(f"{view.title if alone else f'Client {page.code}'}, {page.period}")
        _page(paper, page)
    for page in view.pages:
        _last(paper, page, "" if alone else f": {page.code}")
    paper.head(phrases.MADE)
    for text in view.provenance:
        paper.say(text)
    return "\n".join(paper.lines) + "\n"


class _Paper:
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

    def block(self, label: str, lines: tuple[str, ...]) -> None:
        """What was written under a label, line by line."""
        self.say(f"{label}: {lines[0]}", 4)
        for shown in lines[1:]:
            self.say(shown, 6)

    def head(self, text: str) -> None:
        self.lines.append("")
        self.say(text)

    def rule(self) -> None:
        """Between two clients."""
        self.lines += ["", "=" * self.width]


class _Spoken(_Paper):
    """One line for each sentence and field, each behind its label; "Section" is the label of a heading."""

    def say(self, text: str, indent: int = 0) -> None:  # noqa: ARG002 - nothing is indented
        self.lines.append(phrases.line(text))

    def field(self, label: str, text: str) -> None:
        self.say(f"{label}: {text}")

    def number(self, label: str, place: int, text: str = "") -> None:
        self.say(f"{label} {place}: {text or phrases.NOTHING_WRITTEN}")

    def block(self, label: str, lines: tuple[str, ...]) -> None:
        for place, shown in enumerate(lines, start=1):
            self.say(f"{label}: {shown}" if place == 1 else f"{label}, line {place}: {shown}")

    def head(self, text: str) -> None:
        self.say(f"Section: {text}")

    def rule(self) -> None:
        """Nothing is drawn."""


def _page(paper: _Paper, page: PageView) -> None:
    _risk(paper, page)
    if page.question:
        paper.head(phrases.QUESTION)
        paper.field("Question", page.question)
    paper.head(phrases.COURSE)
    for name, text in page.course:
        paper.say(f"{name}: {text}.", 2)
    paper.say(f"{phrases.APPOINTMENTS}: {page.chart.described}", 2)
    if page.discussed:
        paper.head(phrases.DISCUSSED)
    for head, agreed in page.discussed:
        for words in agreed:
            paper.say(f"{head}: {words}", 2)
    _themes(paper, page)
    if page.patterns:
        paper.head(phrases.PATTERNS)
        paper.say(page.basis)
    for place, pattern in enumerate(page.leading_patterns, start=1):
        paper.number("Pattern", place, _pattern(pattern))
    _behind(paper, phrases.MY_PART, phrases.MY_PART_SCOPE, page.newest_part)
    _behind(paper, phrases.QUOTATIONS, phrases.QUOTATIONS_SCOPE, page.quotations)
    if page.more:
        paper.say(page.more)
    paper.head(phrases.QUESTIONS)
    for place in range(2):
        paper.number("Question", place + 1, page.questions[place] if place < len(page.questions) else "")
    paper.head(phrases.ACTIONS)
    for place in range(1, phrases.ACTION_LINES + 1):
        paper.number("Action", place)


def _behind(paper: _Paper, heading: str, scope: str, items: tuple[Behind, ...]) -> None:
    """Items under a heading of their own, if there are any."""
    if items:
        paper.head(heading)
    if items and scope:
        paper.say(scope)
    for item in items:
        paper.say(f"{item.tail[0].upper()}{item.tail[1:]}: {item.text}", 2)


def _risk(paper: _Paper, page: PageView) -> None:
    paper.head(page.risk.title)
    if not page.risk.included:
        return
    paper.say(page.risk.asked)
    paper.say(page.risk.scope)
    for row in page.risk.rows:
        many = "Session" if row.session.isdigit() else "Sessions"
        paper.say(f"{many} {row.session}: {row.state}{f', {row.since}' if row.since else ''}", 2)
        for kind in row.kinds:
            paper.say(kind, 4)
        for label, lines in row.texts:
            paper.block(label, lines)


def _themes(paper: _Paper, page: PageView) -> None:
    paper.head(phrases.THEMES)
    paper.say(page.ai_note)
    paper.say(phrases.THEMES_SCOPE)
    for place, theme in enumerate(page.leading, start=1):
        paper.number("Theme", place, _theme(theme))
    if page.further:
        paper.say(page.further, 2)


def _theme(theme: ThemeView) -> str:
    own = f" (therapist's own, no AI used: {theme.own})" if theme.own else ""
    return f"{theme.label}: {theme.count}{own}"


def _pattern(pattern: PatternView) -> str:
    said = f". {pattern.statement}" if pattern.statement else ""
    return f"{pattern.label}: {pattern.told}{said}"


def _last(paper: _Paper, page: PageView, code: str) -> None:
    """The lines that the client's page has no room for."""
    if len(page.themes) > len(page.leading) or any(theme.wordings for theme in page.themes):
        paper.head(f"{phrases.ALL_THEMES}{code}")
        for place, theme in enumerate(page.themes, start=1):
            paper.number("Theme", place, _theme(theme))
            if theme.wordings:
                paper.say(f"Worded, by session: {theme.wordings}", 5)
    if page.other_patterns:
        paper.head(f"{phrases.PATTERNS}, the others{code}")
    for place, pattern in enumerate(page.other_patterns, start=phrases.LEADING_PATTERNS + 1):
        paper.number("Pattern", place, _pattern(pattern))
    _behind(paper, f"{phrases.MY_PART}, earlier{code}", "", page.earlier_part)
