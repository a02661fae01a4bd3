"""What the words of one theme say: what it is about, whether it eases, of which sort it is.

What always holds: only the theme's label and evidence are read; where a trend was signed, nothing here overrules it.
"""

import math
from dataclasses import dataclass

from notekeeper.domain.pattern import SignedTheme
from notekeeper.patterns.parameters import Parameters
from notekeeper.patterns.sorts import SORT_OF, SORTS
from notekeeper.patterns.words import about, stems

Vector = dict[str, float]
"""Weights by stem, of length 1 unless it is empty."""


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """`label` and `words` (label and evidence) as vectors. `eases` is how far above the mean of teaching themes the
    words tell of easing, in spreads. `sorts` is how much likelier the words are in a theme of each sort than in any
    (natural logarithm), in the order of `SORTS`."""

    label: Vector
    words: Vector
    eases: float
    sorts: tuple[float, ...]


def read(theme: SignedTheme, parameters: Parameters) -> Read:
    """A theme as its words have it."""
    label = stems(theme.label)
    found = [*label, *(each for piece in theme.evidence for each in stems(piece.text))]
    told = about(tuple(found))
    sorts = tuple(
        sum(parameters.words[each].sorts[place] for each in sorted(told) if each in parameters.words)
        for place in range(len(SORTS))
    )
    return Read(
        label=_vector(about(label), parameters),
        words=_vector(told, parameters),
        eases=_eases(frozenset(found), theme.code, sorts, parameters),
        sorts=sorts,
    )


def measure_of_sorts(code: str | None, sorts: tuple[float, ...]) -> tuple[float, ...]:
    """Of each sort in what measure, summing to 1: wholly of that of a code the taxonomy has, else as the words say."""
    if code in SORT_OF:
        return tuple(float(SORT_OF[code] is sort) for sort in SORTS)
    # Words of one theme come together, so each counts for less than if it came alone.
    raised = [math.exp((value - max(sorts)) / 2) for value in sorts]
    return tuple(value / sum(raised) for value in raised)


def likeness(first: Vector, second: Vector) -> float:
    """The cosine of two vectors, 0 to 1."""
    small, large = sorted((first, second), key=len)
    return sum(weight * large[each] for each, weight in small.items() if each in large)


def _vector(told: frozenset[str], parameters: Parameters) -> Vector:
    """A rare word weighs more than a frequent one: by the logarithm of how rarely it was seen."""
    weights = {}
    for each in sorted(told):
        known = parameters.words.get(each)
        weights[each] = math.log((parameters.texts + 1) / ((known.seen if known else 0) + 1))
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {each: weight / length for each, weight in weights.items()} if length else {}


def _eases(found: frozenset[str], code: str | None, sorts: tuple[float, ...], parameters: Parameters) -> float:
    return (easing_score(found, code, sorts, parameters) - parameters.easing.mean) / parameters.easing.spread


def easing_score(found: frozenset[str], code: str | None, sorts: tuple[float, ...], parameters: Parameters) -> float:
    """The score whose mean and spread over teaching themes are in the parameters; above 0 easing is likelier."""
    easing = parameters.easing
    measure = measure_of_sorts(code, sorts)
    score = easing.bias + sum(share * easing.sorts[sort] for share, sort in zip(measure, SORTS, strict=True))
    weights = [parameters.words[each].eases for each in sorted(found) if each in parameters.words]
    weights += [change.weight for change in easing.change.values() if not found.isdisjoint(change.stems)]
    return score + sum(weights) / math.sqrt(max(1, len(found)))
