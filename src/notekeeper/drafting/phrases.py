"""Phrases of the evidence that could name a theme, and the plainest of them for where the model gives none.

What always holds: a phrase is a run of one sentence's own words in their own order, without names, digits or
quotation, and with every denial that reaches them ("no longer dreads", never "dreads"); the model of the starter
tier chooses among the nearest in meaning, so that it cannot invent.
"""

from collections.abc import Sequence

import numpy as np

from notekeeper.domain.engine import Encoder, Vectors
from notekeeper.drafting.denials import clauses, denied
from notekeeper.drafting.words import Vocabulary, bare, stem, words

LEAST, MOST = 2, 6
CHOICES = 2
"""With six to choose from, the starter took phrases further from the theme: "Wednesday night" where the nearest was
"Voice was loud on Wednesday night". Judged by eye on a few demonstration notes, not scored."""
CODE_WEIGHT = 1.0
"""How much nearness to the code's description counts beside nearness to the sentences. Mean cosine to the annotator's
label, of the nearest phrase to the sentences of 148 development themes: 0.348 at 0.6, 0.353 at 1.0, 0.357 at 1.5."""
FAMILIAR, SURPRISE = 3.0, 0.2
"""The taught model's label competes with the nearest phrase, its nearness raised by SURPRISE for each unit of mean
surprise under FAMILIAR. On the same themes: 0.368 for the label always, 0.353 for the phrase always, 0.379 for the two
in competition; 0.05 to 0.2 and 2 to 3 make little difference."""
_MAX_RUNS = 160
_OPENINGS = frozenset({"no", "not", "never", "without"})
_ENOUGH = 3
_SHORTEST = 3
NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands "
    "dozen half".split()
)
_NUMBERS = NUMBERS | {"times"}
_REPORTING = frozenset(
    "said says say saying told tells asked asks reported reports described describes noted notes mentioned talked "
    "spoke seems seemed discussed explored recalled wants wanted got went did does felt feels".split()
)
_FRAGMENT = frozenset("i me my you your we our who which if but because that's it's i'm i've i'd i'll you're".split())


def candidate_phrases(evidence: Sequence[str], vocabulary: Vocabulary, names: frozenset[str]) -> list[str]:
    """Runs of two to six words of the evidence that could stand as a label, in order of appearance.

    A run that neither cuts into a word group before it nor after it ("sick with guilt", not "sick with guilt until")
    is preferred: others are given only where there are fewer than three such.
    """
    whole: dict[str, None] = {}
    other: dict[str, None] = {}
    for piece in evidence:
        for clause in clauses(piece):
            spoken = clause.words
            for start in range(len(spoken)):
                for end in range(start + LEAST, min(start + MOST, len(spoken)) + 1):
                    if not denied(clause, start, end) and _stands_alone(spoken[start:end], vocabulary, names):
                        around = (*spoken[max(0, start - 1) : start], *spoken[end : end + 1])
                        cuts = any(word.casefold() not in vocabulary.neutral for word in around)
                        (other if cuts else whole)[" ".join(spoken[start:end])] = None
    return list(whole if len(whole) >= _ENOUGH else whole | other)[:_MAX_RUNS]


def _stands_alone(run: Sequence[str], vocabulary: Vocabulary, names: frozenset[str]) -> bool:
    small = [word.casefold() for word in run]
    if small[0] in _OPENINGS and len(small) == LEAST:
        return False
    opening = small[1] if small[0] in _OPENINGS else small[0]
    for edge in (opening, small[-1]):
        if len(edge) < _SHORTEST or edge in vocabulary.neutral or edge in _REPORTING or edge in _NUMBERS:
            return False
    return not any(bare(word) in names or word in _FRAGMENT or any(c.isdigit() for c in word) for word in small)


def better_phrase(label: str, surprise: float, phrases: Sequence[str], aim: Vectors, encoder: Encoder) -> str | None:
    """The phrase nearest to `aim`, where it is nearer than the label that a model wrote with this mean `surprise`."""
    if not phrases:
        return None
    nearness = encoder.encode([label, *phrases]) @ aim
    best = int(np.argmax(nearness[1:]))
    if nearness[1 + best] <= nearness[0] + SURPRISE * (FAMILIAR - surprise):
        return None
    return phrases[best][0].upper() + phrases[best][1:]


def nearest_phrases(phrases: Sequence[str], aim: Vectors, encoder: Encoder) -> list[str]:
    """At most two of the phrases, nearest to the vector `aim` first, none saying mostly what one before it says."""
    if not phrases:
        return []
    nearness = encoder.encode(phrases) @ aim
    chosen: list[str] = []
    for place in np.argsort(-nearness, kind="stable"):
        phrase = phrases[int(place)]
        if all(_overlap(phrase, other) <= 0.6 for other in chosen):
            chosen.append(phrase[0].upper() + phrase[1:])
        if len(chosen) == CHOICES:
            break
    return chosen


def _overlap(one: str, other: str) -> float:
    first, second = {stem(word) for word in words(one)}, {stem(word) for word in words(other)}
    return len(first & second) / len(first | second)
