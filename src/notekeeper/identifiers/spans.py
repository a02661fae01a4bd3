"""Spans that rules of several kinds give for one text, brought into one order.

What always holds: of spans that overlap the one that was given first stands, and of one rule the earlier in the text.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from notekeeper.domain.identifiers import IdentifierType, Proposal


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open, in code points."""

    start: int
    end: int
    type: IdentifierType


def without_overlaps(spans: Iterable[Span], length: int) -> list[Span]:
    """By place; `length` is the text's."""
    taken = bytearray(length)
    kept = []
    for span in spans:
        if span.start < span.end and not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def proposals(text: str, spans: Iterable[Span]) -> list[Proposal]:
    return [
        Proposal(text=text[span.start : span.end], type=span.type, start=span.start, end=span.end) for span in spans
    ]
