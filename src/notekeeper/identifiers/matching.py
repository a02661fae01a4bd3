"""Known identifiers in a text, in every spelling: a reader's eye, not a search.

What always holds: a match is whole words; a spelling with one letter wrong, missing, too many or exchanged with the
next counts, save where it is an ordinary word itself; of matches that overlap the longest stands.

Spellings with one letter wrong are looked up by what is left when any one letter is taken out, of the form and of the
word (the symmetric deletion of W. Garbe's SymSpell), and each is then measured with rapidfuzz's distance of optimal
string alignment.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from notekeeper.domain.identifiers import Identifier, IdentifierType
from notekeeper.identifiers.ages import ages
from notekeeper.identifiers.capitals import opens
from notekeeper.identifiers.dated import Day, days_in, same_day
from notekeeper.identifiers.figures import NEAR, SHORTEST, figures_of, numbers_in
from notekeeper.identifiers.folding import FoldedText, Word, fold, words_of
from notekeeper.identifiers.forms import Form, forms_of
from notekeeper.identifiers.numbers import number_in
from notekeeper.identifiers.words import ACRONYMS, TRADE, WEEKDAYS, is_common, is_ordinary

_CLOSE = re.compile(r"[\s.,@/'&+:()_-]{1,3}")
_BROKEN = re.compile(r"-?\s?\n\s?|-")
_OF_THE_TRADE = frozenset("ad ed em si".split())
"""Short names that in capitals mean something else in notes far more often."""
_LONGEST, _LONGEST_NEAR = 200, 60
"""Letters of the longest identifier, and of the longest that is looked for with one of them wrong."""
_NOBODY = WEEKDAYS | TRADE
"""Words with a capital that are nobody's name misspelt: Weds, Dad, God."""
_LONG = 6
"""So many letters make a word that is still known when it is broken by a space, or when two of its words are near."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where known identifier number `known` stands, half-open. `near`: not as it was entered but another spelling of
    it, or an ordinary word in small letters, which may be just that."""

    start: int
    end: int
    known: int
    near: bool


class Matcher:
    """Looks for these identifiers in any number of texts."""

    def __init__(self, identifiers: Sequence[Identifier]) -> None:
        self._forms: dict[str, list[tuple[int, Form]]] = {}
        self._shortened: dict[str, list[tuple[str, int, Form]]] = {}
        self._figures: dict[str, int] = {}
        self._days: list[tuple[int, frozenset[Day]]] = []
        self._ages: dict[int, int] = {}
        self._literals: list[tuple[int, re.Pattern[str]]] = []
        self._widest = 1
        for number, identifier in enumerate(identifiers):
            self._learn(number, identifier)

    def _learn(self, number: int, identifier: Identifier) -> None:
        text = identifier.text.strip()
        figures = figures_of(text)
        days = next((span.days for span in days_in(text) if span.end - span.start >= len(text) - 4), None)
        age = number_in(text) if identifier.type is IdentifierType.AGE else None
        if days:
            self._days.append((number, days))
        elif age is not None:
            self._ages.setdefault(age, number)
        elif len(figures) >= SHORTEST:
            self._figures.setdefault(figures, number)
        else:
            forms = forms_of(identifier)
            for form in forms:
                self._widest = max(self._widest, form.words + 1)
                self._add(form.text, number, form)
                if form.text.isalpha() and not form.text.endswith("s"):
                    self._add(form.text + "s", number, form)
            if not forms:
                self._literals.append((number, _literal(text)))

    def _add(self, text: str, number: int, form: Form) -> None:
        self._forms.setdefault(text, []).append((number, form))
        if form.near and len(text) <= _LONGEST_NEAR:
            for shorter in _one_less(text):
                self._shortened.setdefault(shorter, []).append((text, number, form))

    def matches(self, text: str) -> tuple[Match, ...]:
        """Every place of a known identifier in `text`, in its order, none overlapping another."""
        folded = words_of(text)
        found = [*self._words(folded), *self._numbers(folded), *self._dates(text), *self._others(text)]
        found.sort(key=lambda match: (match.start - match.end, match.near, match.known))
        taken, kept = bytearray(len(text)), []
        for match in found:
            if not any(taken[match.start : match.end]):
                taken[match.start : match.end] = b"\x01" * (match.end - match.start)
                kept.append(match)
        return tuple(sorted(kept, key=lambda match: match.start))

    def _words(self, folded: FoldedText) -> Iterator[Match]:
        for first in range(len(folded.words)):
            joined = ""
            for last in range(first, min(first + self._widest, len(folded.words))):
                if last > first and not _CLOSE.fullmatch(folded.between[last - 1]):
                    break
                joined += folded.words[last].folded
                if len(joined) > _LONGEST:
                    break
                if last > first and folded.words[last].folded == "s" and folded.between[last - 1] == "'":
                    continue  # the name before it was found without its possessive
                window = _Window(folded, first, last, joined)
                if found := self._exact(window) or self._almost(window):
                    yield found

    def _exact(self, window: "_Window") -> Match | None:
        for number, form in self._forms.get(window.joined, ()):
            if not window.holds_together(form):
                continue
            entered = form.whole and form.text == window.joined
            if window.capital:
                taken = form.whole or not (window.is_acronym and window.joined in _OF_THE_TRADE)
            elif window.is_ordinary:
                taken = entered
            else:
                taken = not form.named and (form.whole or window.joined not in ACRONYMS)
            if taken:
                return window.match(number, near=not entered or (window.is_ordinary and not window.capital))
        return None

    def _almost(self, window: "_Window") -> Match | None:
        if not window.may_be_misspelt:
            return None
        joined = window.joined
        for key in (joined, *_one_less(joined)):
            for text, number, form in self._shortened.get(key, ()):
                if window.holds_together(form) and OSA.distance(joined, text, score_cutoff=1) <= 1:
                    return window.match(number, near=True)
        return None

    def _numbers(self, folded: FoldedText) -> Iterator[Match]:
        for first, last, figures in numbers_in(folded) if self._figures else ():
            number = self._figures.get(figures)
            near = number is None
            if number is None and len(figures) >= NEAR:
                close = (other for other in self._figures if OSA.distance(figures, other, score_cutoff=1) <= 1)
                number = self._figures.get(next(close, ""))
            if number is not None:
                start = folded.words[first].start
                start -= len(folded.text[:start]) - len(folded.text[:start].rstrip("+("))
                yield Match(start, folded.words[last].end, number, near)

    def _dates(self, text: str) -> Iterator[Match]:
        for span in days_in(text) if self._days else ():
            for number, days in self._days:
                if same_day(span.days, days):
                    yield Match(span.start, span.end, number, near=False)
                    break

    def _others(self, text: str) -> Iterator[Match]:
        for age in ages(text) if self._ages else ():
            number = self._ages.get(number_in(text[age.start : age.end]) or -1)
            if number is not None:
                yield Match(age.start, age.end, number, near=False)
        for number, pattern in self._literals:
            for match in pattern.finditer(text):
                yield Match(match.start(), match.end(), number, near=False)


@dataclass(frozen=True, slots=True)
class _Window:
    """One or more words that follow each other closely, as if they were one."""

    folded: FoldedText
    first: int
    last: int
    joined: str

    @property
    def capital(self) -> bool:
        return any(word.capital for word in self.folded.words[self.first : self.last + 1])

    @property
    def is_ordinary(self) -> bool:
        return all(is_ordinary(word.folded) for word in self.folded.words[self.first : self.last + 1])

    @property
    def is_acronym(self) -> bool:
        """Whether it is written in capitals as one of the trade's is, as SI for suicidal ideation."""
        written = self.folded.text[self.folded.words[self.first].start : self.folded.words[self.last].end]
        return self.first == self.last and written.isupper() and self.joined in ACRONYMS

    def holds_together(self, form: Form) -> bool:
        """Whether what stands between the words is what may stand within this form."""
        if self.first == self.last or form.words > 1:
            return True
        between = self.folded.between[self.first : self.last]
        if all(_BROKEN.fullmatch(each) for each in between):
            return len(self.joined) > 3
        return len(self.joined) >= _LONG and len(between) == 1 and between[0] == " " and not self.is_ordinary

    @property
    def may_be_misspelt(self) -> bool:
        """An ordinary word is taken for itself unless a capital within a sentence says otherwise."""
        words = self.folded.words[self.first : self.last + 1]
        if not 3 <= len(self.joined) <= _LONGEST_NEAR or self.joined.isdecimal():
            return False
        if self.first != self.last:
            return len(self.joined) >= _LONG and all(_ends_a_name(end) for end in (words[0], words[-1]))
        word = words[0]
        if word.folded in _NOBODY:
            return False
        if not is_ordinary(word.folded):
            return len(self.joined) > 3 or (word.capital and not self.is_acronym)
        if not word.capital or len(self.joined) < 4:
            return False
        return not opens(self.folded.text, word.start) or (len(self.joined) > 4 and not is_common(word.folded))

    def match(self, known: int, *, near: bool) -> Match:
        words = self.folded.words
        return Match(words[self.first].start, words[self.last].end, known, near)


def _ends_a_name(word: Word) -> bool:
    return word.capital or (len(word.folded) > 1 and not is_ordinary(word.folded))


def _one_less(text: str) -> set[str]:
    return {text[:place] + text[place + 1 :] for place in range(len(text))} | {text}


def _literal(text: str) -> re.Pattern[str]:
    """What has neither letters nor five figures, as 2014–17 or (4): to the letter, but for hyphens and spaces."""
    loose = re.escape(fold(text)).replace(r"\-", "[-\u2010-\u2015]").replace(r"\ ", r"\s+")
    return re.compile(rf"(?<!\w){loose}(?!\w)", re.IGNORECASE)
