"""Wordings that are nearly the same, found by their letters, without a model.

What always holds: a wording is nearest to itself; the order of words and capitals make no difference.
"""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

ALIKE = 80
"""Out of 100, by rapidfuzz's ratio of the words in order of the alphabet: from here on two wordings count as one. No
two of the library's 440 questions come that near to each other; the nearest two have 76."""


class Wordings:
    """Wordings among which the one that is nearest to another is looked for."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words: list[str] = []
        self._sorted: list[str] = []
        self._found: dict[str, str] = {}
        for each in sorted(words):
            self.add(each)

    def add(self, words: str) -> None:
        """One more to be found."""
        self._words.append(words)
        self._sorted.append(_in_order(words))
        self._found[words] = words

    def nearest(self, words: str) -> str | None:
        """The wording itself, or the nearest of those that are nearly the same; None without one."""
        if words not in self._found:
            found = process.extractOne(_in_order(words), self._sorted, scorer=fuzz.ratio, score_cutoff=ALIKE)
            if found is None:
                return None
            self._found[words] = self._words[found[2]]
        return self._found[words]


def _in_order(words: str) -> str:
    return " ".join(sorted(words.casefold().split()))
