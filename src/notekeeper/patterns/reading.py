"""What the words of one theme say: what it is about, whether it eases, of which sort it is.

What always holds: only the theme's label and evidence are read; where a trend was signed, nothing here overrules it;
no word of a note is kept once the themes at hand are read.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from notekeeper.domain.pattern import SignedTheme
from notekeeper.patterns.parameters import Parameters
from notekeeper.patterns.sorts import SORT_OF, SORTS
from notekeeper.patterns.words import COMMON, NUMBER, stems

Vector = dict[str, float]
"""Weights by stem, of length 1 unless it is empty."""
_NO_SORTS = (0.0,) * len(SORTS)


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """`label` and `words` (label and evidence) are stems, each once, in the order met. `eases` is how far above the
    mean of teaching themes the words tell of easing, in spreads; 0 where a trend was signed. `sorts` is how much
    likelier the words are in a theme of each sort than in any (natural logarithm), in the order of `SORTS`; 0 where the
    theme has a code, which says it."""

    label: tuple[str, ...]
    words: tuple[str, ...]
    eases: float
    sorts: tuple[float, ...]


def read_all(themes: Iterable[SignedTheme], parameters: Parameters) -> list[Read]:
    """Each of these themes as its words have it."""
    met: dict[str, tuple[str, ...]] = {}
    return [_read(theme, parameters, met) for theme in themes]


def easing(theme: SignedTheme, parameters: Parameters) -> float:
    """The natural logarithm of the odds that a note is called easing, by the theme's words; its trend is not asked."""
    words = _words(theme, {})[1]
    sorts = _NO_SORTS if theme.code in SORT_OF else _sorts(words, parameters)
    return _easing(words, theme.code, sorts, parameters)


def measure_of_sorts(code: str | None, sorts: Sequence[float]) -> tuple[float, ...]:
    """Of each sort in what measure, summing to 1: wholly of that of a code the taxonomy has, else as the words say."""
    if code in SORT_OF:
        return tuple(float(SORT_OF[code] is sort) for sort in SORTS)
    # Words of one theme come together, so each counts for less than if it came alone.
    raised = [math.exp((value - max(sorts)) / 2) for value in sorts]
    return tuple(value / sum(raised) for value in raised)


def vector(words: Iterable[str], parameters: Parameters) -> Vector:
    """What a text is about: a rare word weighs more than a frequent one, by the logarithm of how rarely it was seen;
    common words, numbers and single letters weigh nothing."""
    rarity, unseen = parameters.rarity, math.log(parameters.texts + 1)
    weights = {
        each: rarity.get(each, unseen) for each in words if each not in COMMON and each != NUMBER and len(each) > 1
    }
    length = math.sqrt(sum([weight * weight for weight in weights.values()]))
    return {each: weight / length for each, weight in weights.items()} if length else {}


def likeness(first: Vector, second: Vector) -> float:
    """The cosine of two vectors, 0 to 1."""
    small, large = sorted((first, second), key=len)
    return sum(weight * large[each] for each, weight in small.items() if each in large)


def _read(theme: SignedTheme, parameters: Parameters, met: dict[str, tuple[str, ...]]) -> Read:
    label, words = _words(theme, met)
    sorts = _NO_SORTS if theme.code in SORT_OF else _sorts(words, parameters)
    eases = 0.0
    if theme.trend is None:
        eases = (_easing(words, theme.code, sorts, parameters) - parameters.easing.mean) / parameters.easing.spread
    return Read(label, words, eases, sorts)


def _words(theme: SignedTheme, met: dict[str, tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of the label, and of all. A dict is a set that keeps its order: sums in another order differ a little."""
    label = dict.fromkeys(stems(theme.label, met))
    words = dict(label)
    for piece in theme.evidence:
        words.update(dict.fromkeys(stems(piece.text, met)))
    return tuple(label), tuple(words)


def _sorts(words: Iterable[str], parameters: Parameters) -> tuple[float, ...]:
    known = [parameters.words[each].sorts for each in words if each in parameters.words]
    return tuple(sum(column) for column in zip(*known, strict=True)) if known else _NO_SORTS


def _easing(words: Sequence[str], code: str | None, sorts: Sequence[float], parameters: Parameters) -> float:
    reader, weighing, together = parameters.easing, parameters.weighing, set(words)
    weights = [weighing[each] for each in words if each in weighing]
    weights += [change.weight for change in reader.change.values() if not together.isdisjoint(change.stems)]
    score = reader.bias + sum(weights) / math.sqrt(max(1, len(words)))
    for share, sort in zip(measure_of_sorts(code, sorts), SORTS, strict=True):
        score += share * reader.sorts[sort]
    return score
