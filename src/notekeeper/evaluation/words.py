"""Words that a draft shows and its own evidence lacks: feelings, diagnoses, theory, risk, and names.

What always holds: an item is held against the sentences it cites itself, not against the note; an inflection counts as
the word, and a feeling also passes by a synonym of its group.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from notekeeper.evaluation.gold import Identifier

Kind = Literal["feelings", "diagnoses", "theory", "risk", "names"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_NAMING = frozenset({"PERSON", "PLACE", "ORG"})
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class WordLists:
    """Terms, those of several words joined by single spaces. `feelings` gives for each term the group that may stand
    for it in the evidence, itself or others. `ordinary` holds words that are no names when written in small letters.
    `stems` gives the words of a text in the form of the feelings and risk terms, in order; `singulars` in that of the
    diagnoses and theory terms."""

    feelings: Mapping[str, frozenset[str]]
    diagnoses: frozenset[str]
    theory: frozenset[str]
    risk: frozenset[str]
    ordinary: frozenset[str]
    stems: Callable[[str], Sequence[str]]
    singulars: Callable[[str], Sequence[str]]


def lacking(text: str, evidence: Sequence[str], identifiers: Sequence[Identifier], lists: WordLists) -> dict[Kind, int]:
    """How many different terms of each kind `text` shows that its `evidence` lacks."""
    shown, backed = names_in(text, identifiers, lists), names_in(" / ".join(evidence), identifiers, lists)
    return {
        "feelings": _unbacked(lists.feelings, text, evidence, lists.stems),
        "diagnoses": _unbacked(_themselves(lists.diagnoses), text, evidence, lists.singulars),
        "theory": _unbacked(_themselves(lists.theory), text, evidence, lists.singulars),
        "risk": _unbacked(_themselves(lists.risk), text, evidence, lists.stems),
        "names": len(shown - backed),
    }


def names_in(text: str, identifiers: Sequence[Identifier], lists: WordLists) -> frozenset[str]:
    """The annotated identifiers that `text` shows, in small letters: each whole, and each capitalised word of a person,
    a place or an organisation. One written without its capital counts unless it is then an ordinary word."""
    written = set(_WORD.findall(text))
    whole = " ".join(_WORD.findall(text))
    found: set[str] = set()
    for identifier in identifiers:
        words = _WORD.findall(identifier.text)
        if f" {' '.join(words)} " in f" {whole} ":
            found.add(identifier.text.casefold())
        if identifier.type in _NAMING:
            capitals = {word for word in words if len(word) > 2 and word[0].isupper()}
            small = {word for word in capitals if word.casefold() in written and word.casefold() not in lists.ordinary}
            found.update(word.casefold() for word in (capitals & written) | small)
    return frozenset(found)


def _unbacked(
    backing: Mapping[str, frozenset[str]], text: str, evidence: Sequence[str], form: Callable[[str], Sequence[str]]
) -> int:
    """How many terms stand in the text while no term that backs them stands in a piece of the evidence."""
    said, held = _padded(form(text)), [_padded(form(piece)) for piece in evidence]
    spoken = [term for term in backing if f" {term} " in said]
    return sum(not any(f" {one} " in piece for one in backing[term] for piece in held) for term in spoken)


def _padded(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "


def _themselves(terms: frozenset[str]) -> Mapping[str, frozenset[str]]:
    return {term: frozenset({term}) for term in terms}
