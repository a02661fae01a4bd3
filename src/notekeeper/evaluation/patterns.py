"""Scoring patterns against those that a supervisor judged on invented series of sessions.

What always holds: no pattern of either side is matched twice; a file that cannot be scored is refused whole, by the
number of its line, and never with a word of it. The format is in models/starter/data/README.md.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from notekeeper.domain.pattern import Pattern, PatternKind
from notekeeper.errors import UsageError
from notekeeper.evaluation.matching import assign

SESSIONS_SHARED = 0.5
"""Intersection over union of the sessions from which two patterns may be one; a blind second supervisor reached F1 1.00
without the kind and 0.86 with it by this, on other series of the same format."""
Near = Callable[[str, str], bool]
"""Whether two labels are near."""


class GoldPattern(BaseModel):
    """A pattern as the supervisor judged it; `sessions` are places from 0. Fields not named here are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    label: str = Field(min_length=1)
    code: str | None = None
    kind: PatternKind
    sessions: tuple[int, ...] = Field(min_length=1)


class GoldSeries(BaseModel):
    """One invented client. `sessions` are lines of sessions as `notekeeper patterns` takes them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    client_code: str = "unnamed"
    sessions: tuple[dict[str, Any], ...] = Field(min_length=1)
    patterns: tuple[GoldPattern, ...]

    @model_validator(mode="after")
    def _sessions_are_there(self) -> "GoldSeries":
        if any(not 0 <= place < len(self.sessions) for pattern in self.patterns for place in pattern.sessions):
            raise ValueError("a pattern stands in a session that is not there")
        return self


@dataclass(frozen=True, slots=True)
class Tally:
    """How many patterns were found and judged, how many of them are the same, and of how many the kind is too."""

    found: int = 0
    judged: int = 0
    same: int = 0
    same_kind: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.found + other.found,
            self.judged + other.judged,
            self.same + other.same,
            self.same_kind + other.same_kind,
        )

    @property
    def f1(self) -> float:
        """F1 of patterns without their kind, 0 to 1."""
        return 2 * self.same / (self.found + self.judged) if self.found + self.judged else 1.0

    @property
    def f1_kind(self) -> float:
        """F1 of patterns that count only where the kind is the same, 0 to 1."""
        return 2 * self.same_kind / (self.found + self.judged) if self.found + self.judged else 1.0


def read_series(lines: Iterable[str]) -> tuple[GoldSeries, ...]:
    """Series of sessions with their patterns, one JSON object a line; blank lines are passed over. Raises `UsageError`
    naming the first wrong line by its number, from 1."""
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(GoldSeries.model_validate(json.loads(line)))
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
            fault = (
                f"the field {where} is missing or wrong"
                if where
                else "it is not an object, or a pattern names no session that is there"
            )
            raise _wrong(number, fault) from None
        except (ValueError, RecursionError):
            raise _wrong(number, "it is not JSON") from None
    if not found:
        raise UsageError("The file holds no series of sessions, so there is nothing to score. Nothing was changed.")
    return tuple(found)


def tally(found: Sequence[Pattern], judged: Sequence[GoldPattern], near: Near) -> Tally:
    """How the patterns found compare to those judged: two are the same when their codes are equal or their labels near,
    and their sessions are shared by at least half. Of all ways to pair them one with most pairs counts, and among those
    one whose sessions are shared most."""
    shared = np.array([[_shared(one.sessions, other.sessions) for other in judged] for one in found])
    shared = shared.reshape(len(found), len(judged))
    allowed = np.array([[_may_be_one(one, other, near) for other in judged] for one in found], bool).reshape(
        shared.shape
    )
    pairs = assign(shared, allowed & (shared >= SESSIONS_SHARED))
    same_kind = sum(found[row].kind is judged[column].kind for row, column in pairs)
    return Tally(len(found), len(judged), len(pairs), same_kind)


def _may_be_one(found: Pattern, judged: GoldPattern, near: Near) -> bool:
    return (found.code is not None and found.code == judged.code) or near(found.label, judged.label)


def _shared(first: Sequence[int], second: Sequence[int]) -> float:
    return len({*first} & {*second}) / len({*first} | {*second})


def _wrong(number: int, fault: str) -> UsageError:
    return UsageError(f"Line {number} is not a series of sessions: {fault}. Nothing was scored and nothing changed.")
