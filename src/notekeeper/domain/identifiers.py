"""What could tell who a client is: identifiers, and what the therapist decided about each.

What always holds: a dictionary belongs to one client and stays in that client's file; a decision names one identifier
and is remembered until another one on it is made; nothing is kept in a report that was not decided on.
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from notekeeper.domain.text import Frozen

MAX_IDENTIFIER = 200


class IdentifierType(StrEnum):
    PERSON = "person"
    PLACE = "place"
    ORG = "org"
    DATE = "date"
    CONTACT = "contact"
    AGE = "age"
    OTHER = "other"


class Identifier(Frozen):
    """One entry of a client's dictionary, as the therapist wrote it or took it over from a proposal; `notes` are those
    that a proposal came from, with which it goes. One with `removed` takes the same text off the list. `file` is what
    identity, people and front sheet say as they stand now, and is never stored again."""

    text: str = Field(min_length=1, max_length=MAX_IDENTIFIER, repr=False)
    type: IdentifierType = IdentifierType.OTHER
    source: Literal["entered", "proposed", "file"] = "entered"
    removed: bool = False
    notes: tuple[str, ...] = ()


class Treatment(StrEnum):
    """What is done with an identifier that was found: its own words instead, a more general word, or it stays."""

    REPLACE = "replace"
    GENERALISE = "generalise"
    KEEP = "keep"


class IdentifierDecision(Frozen):
    """`found` is what was found, as it stood; `instead` what stands in its place; `reason` why it stays;
    `notes` are those whose signed words it was found in."""

    found: str = Field(min_length=1, max_length=MAX_IDENTIFIER, repr=False)
    treatment: Treatment
    instead: str = Field(default="", max_length=MAX_IDENTIFIER, repr=False)
    reason: str = Field(default="", max_length=1000, repr=False)
    notes: tuple[str, ...] = ()


class Proposal(Frozen):
    """A span of a text that may identify somebody. `start` and `end` are offsets in code points, half-open."""

    text: str = Field(repr=False)
    type: IdentifierType
    start: int
    end: int


class Hit(Frozen):
    """Something found in what would be exported. `known` is the entry of the dictionary it is or is near to, '' for a
    span that only looks like an identifier; `near` says that it is another spelling; `where` names the places in
    words, as "C001, theme 2"; `client` is the code of the client in whose file a decision on it belongs."""

    found: str = Field(repr=False)
    type: IdentifierType
    known: str = Field(default="", repr=False)
    near: bool = False
    where: tuple[str, ...] = ()
    client: str = ""
