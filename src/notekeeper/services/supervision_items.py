"""The items of a report's page by the names that a supervisor comments on.

What always holds: a name is an item of the page exactly, or it is none; numbers count from 1 and are written plainly.
"""

import re
from collections.abc import Callable

from notekeeper.domain.report import ClientPage

RISK = "Risk and safeguarding"
_REF = re.compile(r"(?P<code>[^/]+)(?:/(?P<kind>[a-z]+)(?:/(?P<number>[1-9][0-9]{0,3}))?)?")


def _course(page: ClientPage) -> str:
    planned = f" of {page.course.planned}" if page.course.planned else ""
    return f"Session {page.course.session}{planned}"


_ALONE: dict[str, Callable[[ClientPage], str]] = {
    "": lambda page: f"Client {page.client_code}, the page",
    "risk": lambda _: RISK,
    "question": lambda page: page.question,
    "course": _course,
}
_LISTED: dict[str, Callable[[ClientPage], tuple[str, ...]]] = {
    "theme": lambda page: tuple(each.label for each in page.themes),
    "pattern": lambda page: tuple(f"{each.label}, {each.kind.words}" for each in page.patterns),
    "part": lambda page: tuple(each.text for each in page.supervision),
    "question": lambda page: page.questions,
}


def code_of(ref: str) -> str:
    """The client's code that a name begins with; '' for what cannot be a name."""
    found = _REF.fullmatch(ref)
    return found["code"] if found else ""


def kind_of(ref: str) -> str:
    """What a name names: risk, question, course, theme, pattern or part; '' for the page."""
    found = _REF.fullmatch(ref)
    return (found["kind"] or "") if found else ""


def item_of(page: ClientPage, ref: str) -> str | None:
    """What the item says, in short; None where the page has no such item."""
    found = _REF.fullmatch(ref)
    if found is None or found["code"] != page.client_code:
        return None
    kind, number = found["kind"] or "", found["number"]
    if number is None:
        return (_ALONE[kind](page) or None) if kind in _ALONE else None
    listed = _LISTED[kind](page) if kind in _LISTED else ()
    return listed[int(number) - 1] if int(number) <= len(listed) else None
