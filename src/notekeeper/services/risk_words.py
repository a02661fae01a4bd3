"""Where a note mentions risk: a list of words and phrases, and the places that they are found at.

What always holds: finding something says that the note has the word, finding nothing says nothing; a denial mentions
what it denies; no term reaches over the end of a sentence. The list is `prompts/risk-mentions.txt`, which explains
its own signs.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
        meant = {one for one in found if not any(start <= one.start and one.end <= end for start, end in innocent)}
        kept = [one for one in meant if not any(_within(one, other) for other in meant)]
        return sorted(kept, key=lambda one: (one.start, one.end, one.topics))


def _within(one: Mention, other: Mention) -> bool:
    return one.end - one.start < other.end - other.start and other.start <= one.start and one.end <= other.end


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
