"""The items of a report that a comment can be on, by the names that comments give them.

What always holds: within one report every name is given once, and an item keeps its name as long as the document is
the same.
"""

from typing import Literal

from notekeeper.domain.report import RISK_NOT_INCLUDED, ClientPage, ItemRef, ReportDocument
from notekeeper.reports import phrases
from notekeeper.reports.phrases import line
from notekeeper.reports.risk_lines import RISK_HEADING, last_asked

ItemKind = Literal["page", "risk", "question", "course", "theme", "pattern", "part"]


def items_of(document: ReportDocument) -> tuple[tuple[ItemRef, ItemKind, str], ...]:
    """Name, kind and words of each item, page by page in the order shown; words are one line each."""
    return tuple(
        (page.client_code + ref, kind, line(words)) for page in document.pages for ref, kind, words in _items(page)
    )


def _items(page: ClientPage) -> list[tuple[str, ItemKind, str]]:
    risk = f"{RISK_HEADING}. {last_asked(page)}" if page.risk.included else RISK_NOT_INCLUDED
    course = "; ".join(f"{name}: {text}" for name, text in phrases.course(page))
    found: list[tuple[str, ItemKind, str]] = [
        ("", "page", f"Client {page.client_code}, {phrases.period(page)}"),
        ("/risk", "risk", risk),
    ]
    if page.question:
        found.append(("/question", "question", page.question))
    found.append(("/course", "course", course))
    found += [
        (f"/theme/{place}", "theme", f"{theme.label}: {phrases.noted_in(theme, page)}")
        for place, theme in enumerate(page.themes, start=1)
    ]
    found += [
        (f"/pattern/{place}", "pattern", f"{pattern.label} ({pattern.kind.words}): {pattern.statement}")
        for place, pattern in enumerate(page.patterns, start=1)
    ]
    found += [(f"/part/{place}", "part", item.text) for place, item in enumerate(page.supervision, start=1)]
    found += [(f"/question/{place}", "question", text) for place, text in enumerate(page.questions, start=1)]
    return found
