"""What an item must pass before it is shown. A failing item is withheld with its reason, and counted.

What always holds: a reason is a sentence from this file and holds no word of the note; an item with no reason has
every content word, by stem, in the sentences it cites or in the neutral list, no digit that its evidence lacks, no
quotation mark, no word that may be a name, and no word taken out of a denial without the denial.
"""

import re
from collections.abc import Sequence

from notekeeper.drafting.denials import has_denial, only_denied
from notekeeper.drafting.terms import brought_in
from notekeeper.drafting.wordlists import WordLists
from notekeeper.drafting.words import Vocabulary, bare, stem, stems, words

OUTSIDE = "It has words that its sentences do not have."
NUMBER = "It has a number that its sentences do not have."
QUOTED = "It repeats words in quotation marks."
NAMED = "It may hold a name or a place."
EMPTY = "The model gave no words."
CUT = "The model's answer broke off."
LENGTH = "It is longer or shorter than such an item may be."
REPEATS = "It says the same word twice."
DENIED = 'Its sentences say so only with a "no" or "not" that it leaves out.'
NOT_VERBATIM = "Its evidence does not stand in the note."
DUPLICATE = "It says the same as another item."
NO_LISTS = WordLists()
_MARKS = re.compile(r"[\"“”„«»‹›]|(?<!\w)['‘]|['’](?!\w)")


def check_item(
    text: str,
    evidence: Sequence[str],
    vocabulary: Vocabulary,
    names: frozenset[str],
    *,
    least: int,
    most: int,
    lists: WordLists = NO_LISTS,
    asked: frozenset[str] = frozenset(),
) -> str | None:
    """The first reason to withhold `text`, or None. `least` and `most` count words; the words of a question that is
    in `asked`, the library, need not all stand in the evidence."""
    spoken = words(text)
    held = frozenset[str]().union(*(stems(piece) for piece in evidence))
    numbers = [word for word in spoken if any(c.isdigit() for c in word)]
    found = (
        (not spoken, EMPTY),
        (not least <= len(spoken) <= most, LENGTH),
        (bool(_MARKS.search(text)), QUOTED),
        (any(bare(word) in names and not (word.islower() and word in vocabulary.neutral) for word in spoken), NAMED),
        (any(stem(word) not in held for word in numbers), NUMBER),
        (text not in asked and bool(vocabulary.outside(text, evidence)), OUTSIDE),
        (_drops_a_denial(text, evidence, vocabulary), DENIED),
    )
    return next((reason for failed, reason in found if failed), None) or brought_in(text, evidence, lists)


def _drops_a_denial(text: str, evidence: Sequence[str], vocabulary: Vocabulary) -> bool:
    if has_denial(words(text)):
        return False
    under = only_denied(evidence)
    return any(stem(word) in under for word in vocabulary.content(text))


def repeats(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a content word comes twice, by stem: the mark of an answer that went round in a circle."""
    found = [stem(word) for word in vocabulary.content(text)]
    return len(found) != len(set(found))


def same_theme(label: str, other: str, vocabulary: Vocabulary) -> bool:
    """Whether two labels say the same: equal content words by stem, or all of the shorter in the longer."""
    first = {stem(word) for word in vocabulary.content(label)}
    second = {stem(word) for word in vocabulary.content(other)}
    return bool(first) and bool(second) and (first <= second or second <= first)
