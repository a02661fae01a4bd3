"""What a report says of itself: codes, days, numbers, who made it, and the words that every report has.

What always holds: a word is the report's own only because the program writes it; nothing that a person typed makes it
so, save the therapist's own name, which a report is meant to carry.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from notekeeper.domain.report import ReportDocument
from notekeeper.identifiers.fields import PROGRAMS_OWN, SIGNED
from notekeeper.identifiers.folding import words_of

_MONTHS = (
    "january february march april may june july august september october november december "
    "jan feb mar apr may jun jul aug sep oct nov dec"
).split()
_MAKER = "Typst"  # the program that a PDF names as its maker


def own_words(document: ReportDocument, always: Iterable[str] = ()) -> frozenset[str]:
    """The folded words that are the report's own wherever they stand: of `always`, which is what a report without a
    person's words says, of its codes and models, and of the therapist's name."""
    texts = (text for name, text in _texts(document) if name in PROGRAMS_OWN or name in SIGNED)
    return _folded((*always, *texts, _MAKER))


def counts_and_days(document: ReportDocument) -> frozenset[str]:
    """The folded words of its days, in figures and words, and its numbers: its own in a file, where they stand in
    fields of their own, and not in a person's sentences."""
    return _folded(text for name, text in _texts(document) if not name)


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word.folded for text in texts for word in words_of(text).words)


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text with its field's name; days and numbers without one."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, date | datetime):
        names = f"{_MONTHS[value.month - 1]} {_MONTHS[value.month + 11]}"
        yield "", f"{value.year} {names} {value:%d %m} {value.day} {value:%dT%H}"
    elif isinstance(value, int | float):
        yield "", str(value)
    elif isinstance(value, BaseModel):
        for inner in type(value).model_fields:
            yield from _texts(getattr(value, inner), inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _texts(inner, name)
