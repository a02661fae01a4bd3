"""Words, stems, and which words of an item its evidence must hold.

What always holds: two forms of one English word have one stem here and everywhere in drafting (Snowball's English
stemmer, as a kept library gives it); a neutral word is one of `prompts/neutral-words.txt` in exactly that form.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import snowballstemmer

from notekeeper.domain.text import Sentence

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_STEMMER = snowballstemmer.stemmer("english")
_QUOTED = re.compile(r"\"[^\"]*\"?|“[^”]*”?|«[^»]*»?|(?<!\w)['‘](?:[^'’\n]|(?<=\w)['’](?=\w)){1,300}?['’](?!\w)")


def words(text: str) -> list[str]:
    """The words and numbers of `text`, as written; a hyphen parts words, an apostrophe does not."""
    return _WORD.findall(text)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one word, case and possessive apart."""
    plain = re.sub(r"'s?$|'(?=\w)", "", word.casefold().replace("’", "'"))
    return str(_STEMMER.stemWord(plain))


def bare(word: str) -> str:
    """A word in small letters without its possessive ending, as names are kept and compared."""
    return re.sub(r"['’]s?$", "", word.casefold())


def stems(text: str) -> frozenset[str]:
    """The stems of all words of `text`."""
    return frozenset(stem(word) for word in words(text))


def unquoted(text: str, instead: Callable[[str], str] = lambda _: " ") -> str:
    """`text` with quoted speech replaced by a space, or by what `instead` makes of it."""
    return _QUOTED.sub(lambda found: instead(found.group()), text)


# Written with a capital, and tell nothing of who or where. Months are not here: May, March and April are names too.
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays "
    "sundays christmas easter".split()
)


@dataclass(frozen=True)
class Vocabulary:
    """The neutral words, and the `lexicon` of ordinary words that tells a capital at a sentence's start from a name."""

    neutral: frozenset[str]
    lexicon: frozenset[str]
    order: tuple[str, ...] = field(default=())

    def content(self, text: str) -> list[str]:
        """The words of `text` that its evidence must hold: all but the neutral ones and their possessives."""
        return [
            word
            for word in words(text)
            if word.casefold().replace("’", "'") not in self.neutral and bare(word) not in self.neutral
        ]

    def outside(self, text: str, evidence: Iterable[str]) -> list[str]:
        """The content words of `text` that stand, by stem, in none of `evidence`."""
        held = frozenset[str]().union(*(stems(piece) for piece in evidence))
        return [word for word in self.content(text) if stem(word) not in held]


def read_vocabulary(neutral_text: str, lexicon_text: str) -> Vocabulary:
    """From the two bundled word files: white space separates words, a line that starts with # is a comment."""
    lines = [line for line in neutral_text.splitlines() if not line.startswith("#")]
    order = tuple(dict.fromkeys(" ".join(lines).casefold().split()))
    return Vocabulary(frozenset(order), frozenset(lexicon_text.split()), order)


def name_like(sentences: Sequence[Sentence], vocabulary: Vocabulary) -> frozenset[str]:
    """Case-folded words of a note that may be names of people or places, or tell who the client is.

    A capital within a sentence makes a word name-like; at a sentence's start it does so unless the word stands in
    small letters elsewhere in the note or is an ordinary word of the lexicon. Too many rather than too few: a word
    taken for a name is only kept out of labels.
    """
    within: set[str] = set()
    first: set[str] = set()
    small: set[str] = set()
    for sentence in sentences:
        opening = True
        for match in _WORD.finditer(sentence.text):
            word = match.group()
            after_break = opening or bool(re.search(r"[.!?:\"“'‘(\n•]\s*$", sentence.text[: match.start()]))
            if word[0].isupper() and word not in {"I", "I'm", "I've", "I'd", "I'll"}:
                (first if after_break else within).add(bare(word))
            elif word[0].islower():
                small.add(bare(word))
            opening = False
    doubtful = {w for w in first if w not in small and w not in vocabulary.lexicon and w not in vocabulary.neutral}
    return frozenset(within | doubtful) - _CALENDAR
