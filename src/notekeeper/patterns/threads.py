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
    for theme in signed.themes:
        if theme.code is not None:
            coded[theme.code].append(theme)
    for theme in signed.themes:
        if theme.code is None:
            near = _nearest(theme, [*coded.values(), *loose])
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


def alike(one: str, other: str) -> float:
    """Share of the smaller label's words that the other holds too, 0 to 1."""
    first, second = content_stems(one), content_stems(other)
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _nearest(theme: SignedTheme, held: list[list[SignedTheme]]) -> list[SignedTheme] | None:
    best = max(held, key=lambda themes: _nearness(theme, themes), default=None)
    return best if best is not None and _nearness(theme, best) >= NEAR else None


def _nearness(theme: SignedTheme, themes: Iterable[SignedTheme]) -> float:
    return max(alike(theme.label, other.label) for other in themes)


def _ordered(themes: list[SignedTheme]) -> tuple[SignedTheme, ...]:
    return tuple(sorted(themes, key=lambda theme: theme.session))
