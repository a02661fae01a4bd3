"""Grammars made for one piece of evidence (GBNF), so that the model can only write words that stand there.

What always holds: a grammar admits no word outside the evidence and the neutral list, no name-like word, no digit
and no quotation mark; counts are written out, never as repetitions over the parser's limit; every grammar ends the
answer by itself.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import permutations

from notekeeper.drafting.words import Vocabulary, bare, unquoted

MAX_WORDS = 120
"""Alternatives in one rule. Evidence is at most six bounded sentences, so this is rarely met; the first words stay."""

JOINING = tuple("of with about over from for in on at to and not without after before between against under".split())
OWNING = tuple("the a her his their own this no".split())


def usable(evidence: Sequence[str], vocabulary: Vocabulary, names: frozenset[str]) -> list[str]:
    """The content words of the evidence that a label may use, in small letters, in order of appearance. Words that
    are quoted, hold a digit, may be names or are single letters are left out."""
    found: dict[str, None] = {}
    for piece in evidence:
        for word in vocabulary.content(unquoted(piece)):
            plain = word.casefold()
            if len(plain) > 2 and plain.isalpha() and bare(plain) not in names:
                found[plain] = None
    return list(found)[:MAX_WORDS]


def label_grammar(content: Sequence[str]) -> str:
    """A title of two to six words that opens and closes with a content word. `content` holds at least one word."""
    if not content:
        raise ValueError("a label needs words to choose from")
    return "\n".join(
        (
            (
                'root ::= first " " word "\\n" | first " " word " " word "\\n" | first " " link " " word "\\n"'
                ' | first " " word " " link " " word "\\n" | first " " link " " word " " word "\\n"'
                ' | first " " link " " owning " " word "\\n" | first " " word " " link " " owning " " word "\\n"'
            ),
            f"first ::= {_any(word.capitalize() for word in content)}",
            f"word ::= {_any(content)}",
            f"link ::= {_any(JOINING)}",
            f"owning ::= {_any(OWNING)}",
        )
    )


def choice_grammar(phrases: Sequence[str]) -> str:
    """One of the given phrases, whole. `phrases` holds at least one."""
    if not phrases:
        raise ValueError("a choice needs phrases to choose from")
    return "root ::= " + " | ".join(f'"{_plain_phrase(phrase)}\\n"' for phrase in phrases)


def focus_grammar(labels: Sequence[str]) -> str:
    """Two or three of the labels in an order of the model's choosing, joined to one sentence. `labels` holds two to
    four, with their first letters small where that is how they stand in mid-sentence."""
    orders = [order for count in (2, 3) for order in permutations(labels, min(count, len(labels)))]
    sentences = [_joined(order) for order in orders]
    return "root ::= " + " | ".join(f'"{_plain_phrase(sentence)}\\n"' for sentence in dict.fromkeys(sentences))


def _joined(parts: Sequence[str]) -> str:
    opening = parts[0][0].upper() + parts[0][1:]
    return ", ".join((opening, *parts[1:-1])) + f", and {parts[-1]}."


def numbered_grammar(numbers: Sequence[int], most: int) -> str:
    """Sentence numbers before free words, for models that read and word in one call: one to `most` of exactly the
    given numbers, a colon, then two to six words of small letters. Each number is spelled out as an alternative,
    because a schema's bounds on integers are not enforced."""
    if not numbers:
        raise ValueError("a numbered answer needs sentences to choose from")
    more = "".join(f'more{i} ::= ":" | ", " number more{i + 1}\n' for i in range(1, most))
    return (
        f'root ::= number more1 " " word " " word last\n{more}more{most} ::= ":"\n'
        f"number ::= {_any(str(number) for number in numbers)}\n"
        'last ::= "\\n" | " " word "\\n" | " " word " " word "\\n" | " " word " " word " " word "\\n"\n'
        "word ::= [A-Za-z] [a-z'-]{0,17}"
    )


def _any(choices: Iterable[str]) -> str:
    return " | ".join(f'"{_plain(choice)}"' for choice in choices)


def _plain(word: str) -> str:
    if not re.fullmatch(r"[\w'-]+", word):
        raise ValueError("a grammar takes words only")
    return word


def _plain_phrase(phrase: str) -> str:
    if not re.fullmatch(r"[\w'’,. -]+", phrase):
        raise ValueError("a grammar takes words only")
    return phrase
