"""Gold notes: invented session notes with what a careful annotator found in them, and records of talk to be refused.

What always holds: every evidence string and every identifier of a gold note stands in its text, so its spans exist; an
error names a line's number and a field, never a word of the line. The format is in models/starter/data/README.md.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from notekeeper.errors import UsageError

Span = tuple[int, int]
_Item = TypeVar("_Item")


class _Line(BaseModel):
    """Fields that the scorer does not need are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class GoldTheme(_Line):
    """`evidence` holds sentences copied exactly from the note."""

    label: str = Field(min_length=1)
    code: str | None = None
    evidence: tuple[str, ...] = Field(min_length=1)


class Identifier(_Line):
    """A piece of the note that tells who somebody is: PERSON, PLACE, ORG, DATE, CONTACT, AGE or OTHER."""

    text: str = Field(min_length=1)
    type: str


class GoldNote(_Line):
    """`absent` holds codes that a careless reader might assign and the note does not support; `traps` what makes the
    note hard."""

    id: str = Field(min_length=1)
    text: str = Field(min_length=1)
    themes: tuple[GoldTheme, ...] = Field(min_length=1)
    style: str = "unnamed"
    absent: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    traps: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _stands_in_the_text(self) -> "GoldNote":
        pieces = [piece for theme in self.themes for piece in theme.evidence]
        pieces += [identifier.text for identifier in self.identifiers]
        if not all(piece and piece in self.text for piece in pieces):
            raise ValueError("evidence or an identifier does not stand in the text")
        return self

    def spans(self, theme: GoldTheme) -> list[Span]:
        """Where a theme's evidence stands, half-open, each string at its first place."""
        starts = [(self.text.index(piece), len(piece)) for piece in theme.evidence]
        return [(start, start + length) for start, length in starts]


class Talk(_Line):
    """A record of a session's talk (`transcript`), or a note that only looks like one."""

    text: str = Field(min_length=1)
    transcript: bool = Field(strict=True)


@dataclass(frozen=True, slots=True)
class GoldSet:
    """What contestants are scored on."""

    notes: tuple[GoldNote, ...]
    talks: tuple[Talk, ...] = ()

    def limited(self, most: int | None) -> "GoldSet":
        """At most so many notes and so many talks, taken evenly; of the talks half are transcripts, where there are."""
        if most is None:
            return self
        records = [talk for talk in self.talks if talk.transcript]
        others = [talk for talk in self.talks if not talk.transcript]
        talks = (*_evenly(records, most - most // 2), *_evenly(others, most // 2))
        return GoldSet(_evenly(self.notes, most), talks)

    def development(self) -> "GoldSet":
        """The notes that nothing of the starter was trained on, with all talks."""
        return GoldSet(tuple(note for note in self.notes if for_development(note.id)), self.talks)


def for_development(name: str) -> bool:
    """Whether the note of that id is kept out of training: the fifth whose id's SHA-256 is divisible by five."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 5 == 0


def read_gold(lines: Iterable[str]) -> GoldSet:
    """Gold notes, series of sessions and talks in any order, one JSON object a line; blank lines are passed over.

    Raises `UsageError` naming the first wrong line by its number, from 1.
    """
    notes: list[GoldNote] = []
    talks: list[Talk] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        given = _parsed(line, number)
        try:
            if "transcript" in given:
                talks.append(Talk.model_validate(given))
                continue
            sessions = given["sessions"] if isinstance(given.get("sessions"), list) else [given]
            found = [GoldNote.model_validate(session) for session in sessions]
        except ValidationError as error:
            raise _wrong(number, _fault(error)) from None
        for note in found:
            if note.id in seen:
                raise _wrong(number, "its id was there before")
            seen.add(note.id)
        notes += found
    if not notes:
        raise UsageError("The set holds no gold note, so there is nothing to score. Nothing was changed.")
    return GoldSet(tuple(notes), tuple(talks))


def _parsed(line: str, number: int) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        raise _wrong(number, "it is not JSON") from None
    if not isinstance(given, dict):
        raise _wrong(number, "it is not a JSON object")
    return given


def _wrong(number: int, fault: str) -> UsageError:
    return UsageError(f"Line {number} of the set is not a gold note: {fault}. Nothing was scored and nothing changed.")


def _fault(error: ValidationError) -> str:
    """The first fault by its field; neither the value nor the library's message, which would hold it."""
    where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
    if where:
        return f"the field {where} is missing or wrong"
    return "evidence or an identifier does not stand in its text, or it is not an object"


def _evenly(items: Sequence[_Item], most: int) -> tuple[_Item, ...]:
    count = min(most, len(items))
    return tuple(items[place * len(items) // count] for place in range(count))
