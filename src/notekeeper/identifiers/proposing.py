"""Spans of a note that may identify somebody, proposed to the therapist.

What always holds: a proposal is a question to the therapist, never an entry; a note without proposals may still name
somebody.
"""

from collections.abc import Iterator

from notekeeper.domain.identifiers import Proposal
from notekeeper.identifiers.ages import ages
from notekeeper.identifiers.capitals import names
from notekeeper.identifiers.dates import dates
from notekeeper.identifiers.shapes import shapes
from notekeeper.identifiers.spans import Span, proposals, without_overlaps


def propose(text: str) -> list[Proposal]:
    """Spans that may tell who somebody is, in the order of the text; they do not overlap."""
    return proposals(text, without_overlaps(_rules(text), len(text)))


def _rules(text: str) -> Iterator[Span]:
    """Shapes stand before dates, dates before ages, and all of them before capitals, which they may hold."""
    for rule in (shapes, dates, ages, names):
        yield from rule(text)
