"""Linking: into which thread each theme goes, by code, label and evidence.

What always holds: a theme goes by its code where a thread of that code is there; else into the thread that is most like
it, on the average of the thread's themes, if it is like enough, which under another code only nearly the same label is;
two themes of one session are never made one by their words. What a theme costs grows with the threads that share a word
with it, and is bounded; it does not grow with the themes before it.
"""

from collections import defaultdict
from collections.abc import Sequence

from notekeeper.domain.pattern import SignedTheme
from notekeeper.patterns.parameters import Parameters
from notekeeper.patterns.reading import Read, Vector, vector

MANY = 100
"""A word that so many threads share tells none from another and is passed over, so that no file takes long."""


_Held = dict[str, dict[int, float]]


def linked(themes: Sequence[SignedTheme], reads: Sequence[Read], parameters: Parameters) -> list[int]:
    """For each theme, in the order given, the number of the thread it is linked into."""
    numbers = [0] * len(themes)
    held = _Threads(parameters)
    for place in sorted(range(len(themes)), key=lambda place: themes[place].session):
        numbers[place] = held.take(themes[place], reads[place])
    return numbers


class _Threads:
    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._codes: list[str | None] = []
        self._sizes: list[int] = []
        self._latest: list[int] = []
        self._of_code: dict[str, int] = {}
        # For each stem the threads it is in, with the sum of its weights there: averages of cosines are sums of these.
        self._labels: _Held = defaultdict(dict)
        self._words: _Held = defaultdict(dict)
        self._waiting: list[tuple[int, Read]] = []

    def take(self, theme: SignedTheme, read: Read) -> int:
        """The number of the thread that the theme is linked into, which is a new one where none is like it."""
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
        self._waiting.append((number, read))
        return number

    def _most_alike(self, theme: SignedTheme, read: Read) -> int | None:
        self._add_waiting()
        linking, coded = self._parameters.linking, theme.code is not None
        labels = _likeness(self._labels, vector(read.label, self._parameters))
        alike = {number: linking.label * total for number, total in labels.items()}
        for number, total in _likeness(self._words, vector(read.words, self._parameters)).items():
            alike[number] = alike.get(number, 0.0) + (1 - linking.label) * total
        best, most = None, linking.join
        for number, total in alike.items():
            size = self._sizes[number]
            average = total / size
            if average < most or (average == most and best is not None and best < number):
                continue
            across = coded and self._codes[number] is not None and labels.get(number, 0.0) / size < linking.across
            if not across and self._latest[number] != theme.session:
                best, most = number, average
        return best

    def _add_waiting(self) -> None:
        """Words of themes that went by their code are looked at only once another theme is compared with them."""
        for number, read in self._waiting:
            for held, words in ((self._labels, read.label), (self._words, read.words)):
                for stem, weight in vector(words, self._parameters).items():
                    threads = held[stem]
                    threads[number] = threads.get(number, 0.0) + weight
        self._waiting.clear()


def _likeness(held: _Held, told: Vector) -> dict[int, float]:
    """For each thread that shares a word, the sum of the likenesses of its themes."""
    found: dict[int, float] = {}
    for stem, weight in told.items():
        threads = held.get(stem)
        if threads is not None and len(threads) < MANY:
            for number, total in threads.items():
                found[number] = found.get(number, 0.0) + weight * total
    return found
