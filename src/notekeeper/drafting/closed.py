"""The closed vocabulary of a label: words of its evidence, other forms of them, and words that claim nothing.

What always holds: the grammar admits no other word, so that a label cannot name what its sentences do not; names,
numbers and quoted speech are not among the words, whoever wrote them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from notekeeper.drafting.grammar import usable
from notekeeper.drafting.phrases import NUMBERS
from notekeeper.drafting.words import Vocabulary, stem, unquoted, words

MOST_WORDS = 6
MAX_FORMS = 400
"""Alternatives in one rule; the forms of the first sentences stay."""
_SHORT = 3
_SMALL = frozenset(
    "of with about over from for in on at to and not without after before between under around through against towards "
    "into as than while when by the a an her his their own this no".split()
)


def forms_by_stem(lexicon: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Every form that the lexicon knows of a word, by its stem."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word in lexicon:
        found[stem(word)].append(word)
    return {each: tuple(forms) for each, forms in found.items()}


def closed_words(
    evidence: Sequence[str],
    vocabulary: Vocabulary,
    names: frozenset[str],
    forms: Mapping[str, tuple[str, ...]],
    risk: frozenset[str] = frozenset(),
) -> list[str]:
    """The words a label for this evidence may hold, in small letters: those that stand there, then other forms.
    No number, since a part of one says another ("sixty" of "sixty-eight"), and none whose stem is in `risk`."""
    neutral = [word for piece in evidence for word in words(unquoted(piece)) if word in vocabulary.neutral]
    own = [*usable(evidence, vocabulary, names), *(word for word in neutral if word.isalpha() and len(word) > _SHORT)]
    own = [word for word in own if word not in NUMBERS and stem(word) not in risk]
    others = (form for word in own for form in forms.get(stem(word), ()) if form.isalpha() and form not in names)
    return list(dict.fromkeys((*own, *others)))[:MAX_FORMS]


def closed_grammar(content: Sequence[str], joining: Sequence[str]) -> str:
    """A title of two to six words, the first with a capital; it neither opens nor closes with a small joining word.
    `content` holds at least one word. Raises `ValueError` when it does not."""
    if not content:
        raise ValueError("a label needs words to choose from")
    spoken = list(dict.fromkeys((*content, *joining)))
    strong = [word for word in spoken if word not in _SMALL]
    roots = [" ".join(["first", *['" " word'] * inner, '" " last "\\n"']) for inner in range(MOST_WORDS - 1)]
    return "\n".join(
        (
            "root ::= " + " | ".join(roots),
            f"first ::= {_any(word.capitalize() for word in (*strong, 'no', 'not'))}",
            f"word ::= {_any(spoken)}",
            f"last ::= {_any(strong)}",
        )
    )


def _any(choices: Iterable[str]) -> str:
    return " | ".join(f'"{choice}"' for choice in dict.fromkeys(choices))
