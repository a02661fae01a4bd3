"""The numbers that patterns are judged by, as models/starter/train_patterns.py made them from invented notes.

What always holds: the file is read once in a process; a file that lacks a number, a sort or a kind is refused whole.
"""

import math
from functools import cached_property, lru_cache
from typing import NamedTuple

from pydantic import ValidationError, model_validator

from notekeeper.config import resource
from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.text import Frozen
from notekeeper.errors import NotekeeperError
from notekeeper.patterns.sorts import Sort

FEATURES = ("bias", "late", "gone", "thinning", "eased", "ends", "read", *Sort)
"""What the kinds weigh; course.py says what each is."""


class Word(NamedTuple):
    """What is known of one stem: in how many teaching themes and sentences it was seen, how it weighs for easing, and
    by how much likelier than elsewhere it is in a theme of each sort (natural logarithm)."""

    seen: int
    eases: float
    sorts: tuple[float, float, float, float, float]


class Change(Frozen):
    """Stems of words of change, between spaces, of which one in a theme weighs as much as another."""

    words: str
    weight: float

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(self.words.split())


class Easing(Frozen):
    """How a theme's words are read where no trend was signed. The score is the natural logarithm of the odds that a
    therapist would call it improving; `mean` and `spread` are of the score over the teaching themes."""

    bias: float
    sorts: dict[Sort, float]
    change: dict[str, Change]
    mean: float
    spread: float


class Linking(Frozen):
    """`label` is the weight of the labels' likeness, beside that of all words with 1 - `label`; a theme joins the
    thread that is most like it from `join` on, but where both have codes and they differ only one whose labels alone
    are like its own from `across` on."""

    label: float
    join: float
    across: float


class Parameters(Frozen):
    """Everything that is learned. `texts` is how many teaching themes and sentences words were counted over."""

    about: str
    texts: int
    words: dict[str, Word]
    easing: Easing
    linking: Linking
    kinds: dict[PatternKind, dict[str, float]]

    @cached_property
    def rarity(self) -> dict[str, float]:
        """What each stem weighs by how rarely it was seen: the natural logarithm of texts by those that have it."""
        return {each: math.log((self.texts + 1) / (word.seen + 1)) for each, word in self.words.items()}

    @cached_property
    def weighing(self) -> dict[str, float]:
        """The stems that weigh for easing, or against it, and what each weighs."""
        return {each: word.eases for each, word in self.words.items() if word.eases}

    @model_validator(mode="after")
    def _is_whole(self) -> "Parameters":
        if set(self.kinds) != set(PatternKind) or set(self.easing.sorts) != set(Sort):
            raise ValueError("a kind or a sort is missing")
        if any(set(weights) != set(FEATURES) for weights in self.kinds.values()):
            raise ValueError("a feature is missing")
        return self


@lru_cache(maxsize=1)
def shipped() -> Parameters:
    """The parameters that come with notekeeper. Raises `NotekeeperError` when the file is missing or damaged."""
    try:
        return Parameters.model_validate_json(resource("models/starter/patterns.json").read_bytes())
    except ValidationError:
        raise NotekeeperError(
            "The file by which patterns are found is damaged. Your vault is not touched. Install notekeeper again."
        ) from None
