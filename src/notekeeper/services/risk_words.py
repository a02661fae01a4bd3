"""Where a note mentions risk: a list of words and phrases, and the places that they are found at.

What always holds: finding something says that the note has the word, finding nothing says nothing; a denial mentions
what it denies; no term reaches over the end of a sentence. The list is `prompts/risk-mentions.txt`, which explains
its own signs.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from notekeeper.config import resource
from notekeeper.domain.risk import RiskKind
from notekeeper.drafting.words import stem

SAFEGUARDING = "safeguarding"
TOPICS = (*(kind.value for kind in RiskKind), SAFEGUARDING)
"""What can be mentioned, by name."""
_INNOCENT = "innocent"
_GAP, _GAP_WORDS = None, 3
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?(?:&[^\W_]+)?|[.!?;:\n]")
_CLASSES = {
    "~self": "self myself yourself himself herself itself themself themselves ourselves oneself hisself",
    "~whose": "my your his her its their our the a an own",
    "~who": "me you him her them us it someone somebody anyone anybody everyone people others another",
    "~not": "not never no without dont doesnt didnt wont wouldnt isnt wasnt cannot cant couldnt hasnt havent hardly",
}

Form = frozenset[str] | None
"""The stems, or with = the exact forms, that one word of a term may have; None for a gap."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place of a text, `text[start:end]`, and the topics it may mean: it is recorded if any of them is."""

    topics: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RiskWords:
    """Terms by each form that their first word may have, every one with its topics; none for the innocent."""

    terms: Mapping[str, Sequence[tuple[tuple[Form, ...], tuple[str, ...]]]]

    def mentions(self, text: str) -> list[Mention]:
        """Every place of `text` where the list finds something, in order; of one that lies within another, the
        other."""
        found: list[Mention] = []
        innocent: list[tuple[int, int]] = []
        for run in _sentences(text):
            for at, token in enumerate(run):
                for form in token.forms:
                    for term, topics in self.terms.get(form, ()):
                        last = _end(term, run, at)
                        if last is None:
                            continue
                        if topics:
                            found.append(Mention(topics, token.start, run[last].end))
                        else:
                            innocent.append((token.start, run[last].end))
        passed = _Reach(innocent)
        meant = {one for one in found if passed.until(one.start) < one.end}
        reach = _Reach((one.start, one.end) for one in meant)
        kept = [one for one in meant if reach.until(one.start) <= one.end and reach.until(one.start - 1) < one.end]
        return sorted(kept, key=lambda one: (one.start, one.end, one.topics))


class _Reach:
    """How far places reach, asked in the time of one search: a note may have a hundred thousand."""

    def __init__(self, places: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(places)
        self._starts = [start for start, _ in ordered]
        self._ends = list(accumulate((end for _, end in ordered), max))

    def until(self, start: int) -> int:
        """The furthest end of a place that begins at `start` or before; -1 where none does."""
        before = bisect_right(self._starts, start)
        return self._ends[before - 1] if before else -1


class _Token(NamedTuple):
    forms: tuple[str, str]
    start: int
    end: int


def _sentences(text: str) -> Iterator[list[_Token]]:
    run: list[_Token] = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        if word[0] in ".!?;:\n":
            if run:
                yield run
            run = []
        else:
            run.append(_Token(_forms(word), match.start(), match.end()))
    if run:
        yield run


@lru_cache(maxsize=65536)
def _forms(word: str) -> tuple[str, str]:
    """The stem, and the word itself in small letters behind =."""
    return stem(word), f"={word.casefold()}"


def _end(term: tuple[Form, ...], run: Sequence[_Token], at: int) -> int | None:
    """The place of the last word of `term` in `run` when it begins at `at`, the nearest one; None if it does not."""
    if not term:
        return at - 1
    first, *rest = term
    if first is _GAP:
        ends = (_end(tuple(rest), run, at + skipped) for skipped in range(_GAP_WORDS + 1))
        return next((end for end in ends if end is not None), None)
    if at >= len(run) or first.isdisjoint(run[at].forms):
        return None
    return _end(tuple(rest), run, at + 1)


def read_risk_words(text: str) -> RiskWords:
    """The list from its text. Raises `ValueError` for a line about something else."""
    terms: defaultdict[str, list[tuple[tuple[Form, ...], tuple[str, ...]]]] = defaultdict(list)
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        head, _, listed = line.partition(":")
        topics = () if head == _INNOCENT else tuple(head.split(" or "))
        if not set(topics) <= set(TOPICS):
            raise ValueError(f"the list of risk words knows no {head!r}")
        for written in listed.split(","):
            term = tuple(map(_form, written.split()))
            for first in (term[0] or ()) if term else ():
                terms[first].append((term, topics))
    return RiskWords(dict(terms))


def _form(word: str) -> Form:
    if word == "..":
        return _GAP
    return frozenset(form for each in word.split("|") for form in _named(each))


def _named(word: str) -> Iterator[str]:
    if word in _CLASSES:
        yield from map(stem, _CLASSES[word].split())
    else:
        yield word.casefold() if word.startswith("=") else stem(word)


@lru_cache(maxsize=1)
def risk_words() -> RiskWords:
    """The list that comes with notekeeper."""
    return read_risk_words(resource("prompts/risk-mentions.txt").read_text(encoding="utf-8"))
