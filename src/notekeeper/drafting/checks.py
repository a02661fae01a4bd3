"""What an item must pass before it is shown. A failing item is withheld with its reason, and counted.

What always holds: a reason is a sentence from this program and holds no word of the note; an item with no reason has
every content word, by stem, in the sentences it cites or in the neutral list, a feeling by a listed synonym at most;
no digit that its evidence lacks, no quotation mark, no word that may be a name, no diagnosis, theory or risk that its
evidence does not name, no denial lost or added, and nothing of another's or of the past told as the client's or of now.
"""

import re
from collections.abc import Sequence

from notekeeper.drafting.denials import adds_denial, drops_denial
from notekeeper.drafting.machine import addresses_a_machine
from notekeeper.drafting.ownership import GIVEN, OWNED, changes_owner
from notekeeper.drafting.tense import PAST, drops_the_past
from notekeeper.drafting.terms import DIAGNOSIS, FEELING, RISK, THEORY, brought_in
from notekeeper.drafting.wordlists import WordLists, unsupported_feelings
from notekeeper.drafting.words import Vocabulary, bare, stem, stems, words

__all__ = ["DIAGNOSIS", "FEELING", "GIVEN", "OWNED", "PAST", "RISK", "THEORY"]

OUTSIDE = "It has words that its sentences do not have."
NUMBER = "It has a number that its sentences do not have."
QUOTED = "It repeats words in quotation marks."
NAMED = "It may hold a name or a place."
EMPTY = "The model gave no words."
CUT = "The model's answer broke off."
LENGTH = "It is longer or shorter than such an item may be."
REPEATS = "It says the same word twice."
RISK_NAMED = "It names a risk, which is for you to word."
DENIED = 'Its sentences say so only with a "no" or "not" that it leaves out.'
ADDED = 'It says "no" or "not" to what its sentences do not deny.'
INSTRUCTION = "It rests on a sentence that gives orders to a program."
NOT_VERBATIM = "Its evidence does not stand in the note."
DUPLICATE = "It says the same as another item."
NO_LISTS = WordLists()
_WORK = frozenset({"work", "working"})
"""Neutral, since sessions are work too; in a label it is where the client goes in the morning."""
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
    in `asked`, the library, need not all stand in the evidence, nor is it held to say who or when."""
    spoken = words(text)
    own = text in asked
    found = (
        (not spoken, EMPTY),
        (not least <= len(spoken) <= most, LENGTH),
        (bool(_MARKS.search(text)), QUOTED),
        (not own and brings_name(spoken, vocabulary, names), NAMED),
        (any(map(addresses_a_machine, evidence)), INSTRUCTION),
        (brings_number(spoken, evidence), NUMBER),
    )
    reason = next((reason for failed, reason in found if failed), None) or brought_in(text, evidence, lists)
    if reason is not None or own:
        return reason
    later = (
        (bool(outside(text, evidence, vocabulary, lists)), OUTSIDE),
        (drops_denial(text, evidence, vocabulary, lists), DENIED),
        (adds_denial(text, evidence, vocabulary, lists), ADDED),
    )
    reason = next((reason for failed, reason in later if failed), None) or changes_owner(text, evidence, lists)
    return reason or (PAST if drops_the_past(text, evidence, lists) else None)


def outside(text: str, evidence: Sequence[str], vocabulary: Vocabulary, lists: WordLists) -> list[str]:
    """The content words of `text` that its evidence lacks, a feeling that has a listed synonym there apart."""
    unheld = unsupported_feelings(text, evidence, lists)
    return [
        word for word in vocabulary.outside(text, evidence) if stem(word) not in lists.feelings or stem(word) in unheld
    ]


def repeats(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a content word comes twice, by stem: the mark of an answer that went round in a circle."""
    found = [stem(word) for word in vocabulary.content(text)]
    return len(found) != len(set(found))


def same_theme(label: str, other: str, vocabulary: Vocabulary, lists: WordLists = NO_LISTS) -> bool:
    """Whether two labels say the same: equal content words by stem or synonym, or all of the shorter in the longer."""
    first, second = (
        {stem(word) for word in (*vocabulary.content(said), *_WORK & set(words(said)))} for said in (label, other)
    )
    return bool(first) and bool(second) and (_within(first, second, lists) or _within(second, first, lists))


def _within(some: set[str], others: set[str], lists: WordLists) -> bool:
    both_ways = {word: {word, *lists.feelings.get(word, ())} for word in some}
    return all(
        both_ways[word] & others or any(word in lists.feelings.get(other, ()) for other in others) for word in some
    )


def brings_name(spoken: Sequence[str], vocabulary: Vocabulary, names: frozenset[str]) -> bool:
    """Whether a word may be a name; a small word that is a month too is none while it stands in small letters."""
    return any(bare(word) in names and not (word.islower() and word in vocabulary.neutral) for word in spoken)


def brings_number(spoken: Sequence[str], evidence: Sequence[str]) -> bool:
    """Whether a word with a digit stands so in none of the evidence."""
    held = frozenset[str]().union(*map(stems, evidence))
    return any(stem(word) not in held for word in spoken if any(c.isdigit() for c in word))
