"""A client's request that something in their file be corrected, the therapist's answer, and the client's statement.

What always holds: what was asked and what was answered is never changed; a later answer stands beside the earlier one;
a statement the client gave stays beside the note for good.
"""

import re
from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from notekeeper.domain.text import Frozen
from notekeeper.errors import UsageError

MAX_CORRECTION = 20_000
_REFERENCE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,23})/[Cc]([0-9]{1,9})")


class CorrectionRequest(Frozen):
    """Asked on a day, by whom, what. `due` is one calendar month later. What it is about is the entry's own `about`: a
    note, or the file as a whole."""

    asked_on: date
    by: str = Field(min_length=1, max_length=200)
    asks: str = Field(min_length=1, max_length=MAX_CORRECTION, repr=False)
    due: date
    statement: str = Field(default="", max_length=MAX_CORRECTION, repr=False)


class Outcome(StrEnum):
    ADDENDUM = "addendum"
    BEFORE_SIGNING = "before_signing"
    NOT_CORRECTED = "not_corrected"

    @property
    def words(self) -> str:
        """How it is shown to a person."""
        return {
            Outcome.ADDENDUM: "Corrected by an addendum",
            Outcome.BEFORE_SIGNING: "Corrected before signing",
            Outcome.NOT_CORRECTED: "Not corrected",
        }[self]


class CorrectionAnswer(Frozen):
    """The therapist's answer, with its reasons. `addendum` is its number where one corrected the note."""

    outcome: Outcome
    answered_on: date
    reasons: str = Field(default="", max_length=MAX_CORRECTION, repr=False)
    addendum: int | None = Field(default=None, ge=1)
    statement: str = Field(default="", max_length=MAX_CORRECTION, repr=False)

    @model_validator(mode="after")
    def _whole(self) -> "CorrectionAnswer":
        if (self.outcome is Outcome.ADDENDUM) != (self.addendum is not None):
            raise ValueError("a correction by addendum names it, and no other does")
        if self.outcome is Outcome.NOT_CORRECTED and not self.reasons.strip():
            raise ValueError("what is not corrected has its reasons")
        return self


def correction_reference(text: str) -> tuple[str, int]:
    """The client's code and the number of a correction request written CODE/CN. Raises `UsageError`."""
    found = _REFERENCE.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            "A correction request is written CODE/CN, like C014/C1. `notekeeper correction list` names them."
        )
    return found[1], int(found[2])
