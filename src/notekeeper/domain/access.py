"""A client's request to see what is held on them, what the therapist marks to be withheld, and the answer.

What always holds: nothing is withheld but what the therapist marked, each time with one of two tests and a reason; a
mark is never changed: taking it back is an entry of its own. The program judges neither test.
"""

from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from notekeeper.domain.note import NotePart
from notekeeper.domain.text import Frozen

MAX_WORDS = 2000
MAX_PASSAGE = 1_000_000


class AccessRequest(Frozen):
    """Asked on a day, by whom (a person of the file, or somebody for them), received how, and due one calendar month
    later."""

    asked_on: date
    by: str = Field(min_length=1, max_length=200)
    how: str = Field(default="", max_length=MAX_WORDS, repr=False)
    due: date


class WithholdTest(StrEnum):
    THIRD_PARTY = "third_party"
    SERIOUS_HARM = "serious_harm"

    @property
    def words(self) -> str:
        """How it is shown to a person."""
        return {
            WithholdTest.THIRD_PARTY: "Third party: about somebody else",
            WithholdTest.SERIOUS_HARM: "Serious-harm test",
        }[self]


class AccessMark(Frozen):
    """A passage that is withheld from the client's copy that answers `request`, by its number in the file. `words` is
    the passage as it stood; empty for a whole note. `note` is the number of the note, None when the passage lies
    elsewhere in the file; `part`, `revision`, `start` and `end` (code points, half-open) say where in it, `addendum`
    in which addendum. `opinion_*` belong to the serious-harm test: the health professional whose opinion it rests on,
    and the day of it."""

    request: int
    test: WithholdTest
    reason: str = Field(min_length=1, max_length=MAX_WORDS, repr=False)
    words: str = Field(default="", max_length=MAX_PASSAGE, repr=False)
    note: int | None = None
    note_id: str | None = None
    whole_note: bool = False
    part: NotePart | None = None
    revision: int | None = None
    addendum: int | None = None
    start: int | None = None
    end: int | None = None
    opinion_from: str = Field(default="", max_length=300, repr=False)
    opinion_on: date | None = None

    @model_validator(mode="after")
    def _whole(self) -> "AccessMark":
        if self.whole_note != (not self.words) or (self.whole_note and self.note is None):
            raise ValueError("a mark is on a whole note, or on a passage with its words")
        if self.test is WithholdTest.SERIOUS_HARM and not (self.opinion_from.strip() and self.opinion_on):
            raise ValueError("the serious-harm test needs whose opinion it rests on, and its date")
        return self


class AccessUnmark(Frozen):
    """A mark was taken back."""

    reason: str = Field(default="", max_length=MAX_WORDS, repr=False)


class WrittenFile(Frozen):
    """One file of the answer: its format and the SHA-256 of its bytes, in hex."""

    format: str
    sha256: str


class AccessAnswer(Frozen):
    """What was given on `day` in answer to `request`: the files, how many marks were applied by test, in how many
    places, which marks (their numbers), and the head of the log when the copy was made."""

    request: int
    day: date
    files: tuple[WrittenFile, ...]
    withheld: dict[str, int] = Field(default_factory=dict)
    places: int = 0
    marks: tuple[int, ...] = ()
    log_head: str
