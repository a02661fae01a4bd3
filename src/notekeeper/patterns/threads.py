"""Threads: which themes of different sessions are one theme followed over time.

What always holds: themes of one code are one thread, as a code exists to follow a theme; a theme without a code joins
the thread whose labels and evidence share most of its words, or begins its own; no theme is in two threads.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import snowballstemmer

from notekeeper.domain.pattern import SignedTheme, SignedThemes

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

    @property
    def sessions(self) -> tuple[int, ...]:
        """The sessions in which it was noted, in order, from 0."""
        return tuple(sorted({theme.session for theme in self.themes}))

    def at(self, session: int) -> tuple[SignedTheme, ...]:
        """Its themes in one session."""
        return tuple(theme for theme in self.themes if theme.session == session)


def threads_of(signed: SignedThemes) -> list[Thread]:
    """Every thread, those noted in most sessions first, then by their first session and code."""
    coded: dict[str, list[SignedTheme]] = defaultdict(list)
    loose: list[list[SignedTheme]] = []
    # Once for each label: every label is held against every other, and kept no longer than that.
    stems = {label: content_stems(label) for label in {theme.label for theme in signed.themes}}
    for theme in signed.themes:
        if theme.code is not None:
            coded[theme.code].append(theme)
    for theme in signed.themes:
        if theme.code is None:
            near = _nearest(theme, [*coded.values(), *loose], stems)
            if near is None:
                loose.append([theme])
            else:
                near.append(theme)
    found = [Thread(code, _ordered(themes)) for code, themes in coded.items()]
    found += [Thread(None, _ordered(themes)) for themes in loose]
    return sorted(found, key=lambda thread: (-len(thread.sessions), thread.sessions, thread.code or "~"))


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words of `text` that carry meaning; numbers and common words left out."""
    found = (word.casefold() for word in _WORD.findall(text))
    return frozenset(str(_STEMMER.stemWord(word)) for word in found if word not in _COMMON)


def alike(first: frozenset[str], second: frozenset[str]) -> float:
    """Share of the words of the smaller of two labels, as stems, that the other holds too, 0 to 1."""
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _nearest(theme: SignedTheme, held: list[list[SignedTheme]], stems: _Stems) -> list[SignedTheme] | None:
    def nearness(themes: Iterable[SignedTheme]) -> float:
        return max(alike(stems[theme.label], stems[other.label]) for other in themes)

    best = max(held, key=nearness, default=None)
    return best if best is not None and nearness(best) >= NEAR else None


def _ordered(themes: list[SignedTheme]) -> tuple[SignedTheme, ...]:
    return tuple(sorted(themes, key=lambda theme: theme.session))
