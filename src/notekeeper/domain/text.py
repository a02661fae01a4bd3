"""Spans and sentences: how every part of the program points into a note.

Offsets are Unicode code points, half-open, into the note exactly as the therapist typed it.
"""

import re
import unicodedata
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


def visible(text: str) -> str:
    """`text` with every character that a terminal or a reader would obey shown as ⟨U+XXXX⟩: control characters,
    escapes, bidirectional overrides, invisible marks. Line breaks of every kind become newlines; tabs stay."""
    return _BREAKS.sub("\n", text).translate(_INERT)


_BREAKS = re.compile("\r\n|[\r\u2028\u2029]")
# The two joiners shape letters in several scripts and emoji, and cannot hide or reorder anything.
_KEPT = "\n\t\u200c\u200d"
_OBEYED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class _Inert(dict[int, str]):
    """How each character is shown; it is looked at once, when it is first met, so that ten million cost a second."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        obeyed = character not in _KEPT and unicodedata.category(character) in _OBEYED
        self[point] = f"⟨U+{point:04X}⟩" if obeyed else character
        return self[point]


_INERT = _Inert()
