"""Words that a model may not bring in by itself: feelings, diagnoses, terms of theory, words of risk, a life's topics.

They are read from `prompts/words/`, where each file says where its words come from. What always holds: feelings,
risk and topics are compared by stem, diagnoses and theory by the form written, a plural apart, because "project" is
no projection and "depressed" no depression; a term of several words is found only where they stand side by side.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from notekeeper.drafting.words import bare, stem, words

FILES = ("feelings", "diagnoses", "theory", "risk", "topics", "conduct")
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class WordLists:
    """`feelings`: the stem of a feeling word to the stems that may stand in the evidence for it, itself among them;
    `risk`, `topics` and `conduct`: terms as stems; `diagnoses` and `theory`: terms in small letters, singular."""

    feelings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    diagnoses: frozenset[str] = frozenset()
    theory: frozenset[str] = frozenset()
    risk: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    conduct: frozenset[str] = frozenset()

    def lasting(self) -> frozenset[str]:
        """Stems of what may be past and over: conduct, diagnoses, risk."""
        return _single(self.conduct | self.risk, self.diagnoses)

    def personal(self) -> frozenset[str]:
        """Stems of what is one person's and not another's: those of `lasting`, and feelings."""
        return self.lasting() | self.feelings.keys()


def read_word_lists(source: Path | Mapping[str, str]) -> WordLists:
    """The lists from a folder of `feelings.txt`, `diagnoses.txt` …, or from their texts by name without ending.

    Raises `OSError` or `KeyError` where one is missing: no draft is checked against half the lists.
    """
    texts = (
        {name: (source / f"{name}.txt").read_text(encoding="utf-8") for name in FILES}
        if isinstance(source, Path)
        else source
    )
    return WordLists(
        feelings=_feelings(texts["feelings"]),
        diagnoses=_terms(texts["diagnoses"], singular),
        theory=_terms(texts["theory"], singular),
        risk=_terms(texts["risk"], stem),
        topics=_terms(texts["topics"], stem),
        conduct=_terms(texts["conduct"], stem),
    )


def singular(word: str) -> str:
    """A word in small letters without possessive and plural ending, else in the form written."""
    plain = bare(word)
    return plain[:-1] if len(plain) > 3 and plain[-1] == "s" and plain[-2:] not in {"ss", "us", "is", "as"} else plain


def terms_in(text: str, terms: frozenset[str], form: Callable[[str], str]) -> frozenset[str]:
    """The terms of the list that stand in the text, its words brought to `form`: `stem` or `singular`."""
    formed = [form(word) for word in words(text)]
    runs = {" ".join(formed[at : at + size]) for at in range(len(formed)) for size in range(1, _MOST_WORDS + 1)}
    return terms & runs


def feelings_in(text: str, lists: WordLists) -> frozenset[str]:
    """The stems of the feeling words of the text."""
    return frozenset(stem(word) for word in words(text)) & lists.feelings.keys()


def unsupported_feelings(text: str, evidence: Iterable[str], lists: WordLists) -> frozenset[str]:
    """The stems of feeling words of the text for which the evidence has neither the word nor a listed synonym."""
    held = frozenset(stem(word) for piece in evidence for word in words(piece))
    return frozenset(found for found in feelings_in(text, lists) if not lists.feelings[found] & held)


def missing_terms(
    text: str, evidence: Iterable[str], terms: frozenset[str], form: Callable[[str], str]
) -> frozenset[str]:
    """The terms of the list that stand in the text and in no piece of the evidence."""
    spoken = terms_in(text, terms, form)
    held = frozenset[str]().union(*(terms_in(piece, spoken, form) for piece in evidence))
    return spoken - held


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _terms(text: str, form: Callable[[str], str]) -> frozenset[str]:
    terms = [term for line in _lines(text) for term in line.split(",")]
    return frozenset(" ".join(map(form, words(term))) for term in terms if words(term))


@lru_cache(maxsize=8)
def _single(stemmed: frozenset[str], formed: frozenset[str]) -> frozenset[str]:
    """The stems of the terms of one word: a word of a longer term ("panic disorder") may stand for much else."""
    single = {term for term in stemmed if " " not in term}
    return frozenset(single | {stem(term) for term in formed if " " not in term})


def _feelings(text: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _lines(text):
        first, _, more = line.partition(":")
        own = {stem(word) for word in words(first)}
        said = own | {stem(word) for word in words(more)}
        for word in own:
            found.setdefault(word, set()).update(said)
        for word in said - own:
            found.setdefault(word, set()).add(word)
    return {word: frozenset(group) for word, group in found.items()}
