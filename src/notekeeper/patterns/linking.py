"""Linking: into which thread each theme goes, by code, label and evidence.

What always holds: a theme goes by its code where a thread of that code is there; else into the thread that is most like
it, on the average of the thread's themes, if it is like enough; two themes of one session are never made one by their
words. What a theme costs grows with the threads that share a word with it, not with the themes before it.
"""

from collections import defaultdict
from collections.abc import Sequence

from notekeeper.domain.pattern import SignedTheme
from notekeeper.patterns.parameters import Linking
from notekeeper.patterns.reading import Read, Vector


def linked(themes: Sequence[SignedTheme], reads: Sequence[Read], linking: Linking) -> list[int]:
    """For each theme, in the order given, the number of the thread it is linked into."""
    numbers = [0] * len(themes)
    held = _Threads(linking)
    for place in sorted(range(len(themes)), key=lambda place: themes[place].session):
        numbers[place] = held.take(themes[place], reads[place])
    return numbers


class _Threads:
    def __init__(self, linking: Linking) -> None:
        self._linking = linking
        self._codes: list[str | None] = []
        self._sizes: list[int] = []
        self._latest: list[int] = []
        self._of_code: dict[str, int] = {}
        # For each stem the threads it is in, with the sum of its weights there: averages of cosines are sums of these.
        self._labels: dict[str, dict[int, float]] = defaultdict(dict)
        self._words: dict[str, dict[int, float]] = defaultdict(dict)

    def take(self, theme: SignedTheme, read: Read) -> int:
        number = self._of_code.get(theme.code) if theme.code is not None else None
        if number is None:
            number = self._most_alike(theme, read)
        if number is None:
            number = len(self._codes)
            self._codes.append(None)
            self._sizes.append(0)
            self._latest.append(-1)
        if theme.code is not None and self._codes[number] is None:
            self._codes[number] = theme.code
            self._of_code[theme.code] = number
        self._sizes[number] += 1
        self._latest[number] = theme.session
        for held, vector in ((self._labels, read.label), (self._words, read.words)):
            for stem, weight in vector.items():
                held[stem][number] = held[stem].get(number, 0.0) + weight
        return number

    def _most_alike(self, theme: SignedTheme, read: Read) -> int | None:
        alike: dict[int, float] = defaultdict(float)
        self._add(alike, self._labels, read.label, self._linking.label)
        self._add(alike, self._words, read.words, 1 - self._linking.label)
        best, most = None, 0.0
        for number, total in alike.items():
            other = self._codes[number]
            least = self._linking.across if theme.code is not None and other is not None else self._linking.join
            average = total / self._sizes[number]
            if average >= least and self._latest[number] != theme.session and (average, -number) > (most, -(best or 0)):
                best, most = number, average
        return best

    @staticmethod
    def _add(alike: dict[int, float], held: dict[str, dict[int, float]], vector: Vector, share: float) -> None:
        for stem, weight in vector.items():
            for number, total in held.get(stem, {}).items():
                alike[number] += share * weight * total
