"""Spans and sentences: how every part of the program points into a note.

Offsets are Unicode code points, half-open, into the note exactly as the therapist typed it.
"""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, model_validator


class Frozen(BaseModel):
    """The base of all values that go to disk, to a process or to a file: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, bullet or line of a note. `number` counts from 1; `text == note[start:end]` always."""

    number: int
    start: int
    end: int
    text: str
    section: str | None = None


class Evidence(Frozen):
    """A verbatim piece of a note. `text == note[start:end]`, checked wherever a note is at hand."""

    start: int
    end: int
    text: str

    @model_validator(mode="after")
    def _spans_agree(self) -> "Evidence":
        if self.start < 0 or self.end - self.start != len(self.text) or not self.text:
            raise ValueError("an evidence span and its text disagree in length")
        return self

    def stands_in(self, note: str) -> bool:
        """Whether this evidence is verbatim in `note` at its own place."""
        return note[self.start : self.end] == self.text
