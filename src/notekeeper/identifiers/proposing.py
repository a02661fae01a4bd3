"""Spans of a note that may identify somebody, proposed to the therapist."""

import re

from notekeeper.domain.identifiers import IdentifierType, Proposal


def propose(text: str) -> list[Proposal]:
    """Spans that may tell who somebody is, in the order of the text; they do not overlap."""
    return [
        Proposal(text=match.group(), type=IdentifierType.OTHER, start=match.start(), end=match.end())
        for match in re.finditer(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*|\d[\d/.:]*", text)
    ]
