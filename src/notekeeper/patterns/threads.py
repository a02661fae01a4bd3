"""Threads: which themes of different sessions are one theme followed over time.

What always holds: themes of one code are one thread, as a code exists to follow a theme; a theme without a code joins
the thread whose labels and evidence share most of its words, or begins its own; no theme is in two threads.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import snowballstemmer

from notekeeper.domain.pattern import NO_EDITS, SignedTheme, SignedThemes, ThreadEdits
from notekeeper.patterns.edits import edited

_WORD = re.compile(r"[^\W\d_]{3,}")
_STEMMER = snowballstemmer.stemmer("english")
_COMMON = frozenset(
    "the and for with that this her his she him they them their from was were had has have not but about into out "
    "over who what when how than then there been being more most some very client session week time said says".split()
)
_Stems = dict[str, frozenset[str]]
NEAR = 0.5
"""Share of the smaller label's words that two labels without a code must have in common to be one thread."""


@dataclass(frozen=True, slots=True)
class Thread:
    """One theme over sessions; `themes` in the order of the sessions."""

    code: str | None
    themes: tuple[SignedTheme, ...]
    renamed: str | None = None
    """The label that the therapist gave it."""

    @property
    def sessions(self) -> tuple[int, ...]:
        """The sessions in which it was noted, in order, from 0."""
        return tuple(sorted({theme.session for theme in self.themes}))

    def at(self, session: int) -> tuple[SignedTheme, ...]:
        """Its themes in one session."""
        return tuple(theme for theme in self.themes if theme.session == session)


def threads_of(signed: SignedThemes, edits: ThreadEdits = NO_EDITS) -> list[Thread]:
    """Every thread as the therapist made it, those noted in most sessions first, then by first session and code."""
    numbers, labels = edited(linked(signed), signed, edits)
    gathered: dict[int, list[SignedTheme]] = defaultdict(list)
    for number, theme in zip(numbers, signed.themes, strict=True):
        gathered[number].append(theme)
    found = [_thread(themes, labels.get(number)) for number, themes in gathered.items()]
    return sorted(found, key=lambda thread: (-len(thread.sessions), thread.sessions, thread.code or "~"))


def linked(signed: SignedThemes) -> list[int]:
    """For each theme, in the order given, the number of the thread it is linked into."""
    held: list[list[int]] = []
    of_code: dict[str, list[int]] = {}
    # Once for each label: every label is held against every other, and kept no longer than that.
    stems = {label: content_stems(label) for label in {theme.label for theme in signed.themes}}
    for place, theme in enumerate(signed.themes):
        if theme.code is not None:
            if theme.code not in of_code:
                of_code[theme.code] = []
                held.append(of_code[theme.code])
            of_code[theme.code].append(place)
    for place, theme in enumerate(signed.themes):
        if theme.code is None:
            near = _nearest(theme, held, signed, stems)
            if near is None:
                held.append([place])
            else:
                near.append(place)
    numbers = [0] * len(signed.themes)
    for number, places in enumerate(held):
        for place in places:
            numbers[place] = number
    return numbers


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words of `text` that carry meaning; numbers and common words left out."""
    found = (word.casefold() for word in _WORD.findall(text))
    return frozenset(str(_STEMMER.stemWord(word)) for word in found if word not in _COMMON)


def alike(first: frozenset[str], second: frozenset[str]) -> float:
    """Share of the words of the smaller of two labels, as stems, that the other holds too, 0 to 1."""
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _nearest(theme: SignedTheme, held: list[list[int]], signed: SignedThemes, stems: _Stems) -> list[int] | None:
    def nearness(places: Iterable[int]) -> float:
        return max(alike(stems[theme.label], stems[signed.themes[place].label]) for place in places)

    best = max(held, key=nearness, default=None)
    return best if best is not None and nearness(best) >= NEAR else None


def _thread(themes: list[SignedTheme], renamed: str | None) -> Thread:
    """The thread of these themes; its code is the one that most of them bear, of equals the first."""
    ordered = tuple(sorted(themes, key=lambda theme: theme.session))
    codes = Counter(theme.code for theme in ordered if theme.code is not None)
    return Thread(codes.most_common(1)[0][0] if codes else None, ordered, renamed)
