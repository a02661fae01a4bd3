"""Reflections for the therapist, from the library or in a fixed form, and ideas that link two themes.

What always holds: a reflection is an open question about the therapist's own part, an idea is worded "Perhaps … may
…" and links two themes that rest on different sentences; neither advises, and neither has a word of feeling,
diagnosis, theory, risk or the client's life that the sentences it cites do not have. The same note and themes give
the same ones.
"""

import hashlib
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from notekeeper.domain.draft import Idea, Reflection, Theme
from notekeeper.domain.engine import Encoder, Vectors
from notekeeper.domain.text import Evidence
from notekeeper.drafting.labels import in_mid_sentence
from notekeeper.drafting.library import Library
from notekeeper.drafting.terms import brings_topic, brought_in
from notekeeper.drafting.wordlists import WordLists
from notekeeper.drafting.words import words

# The theme's label stands apart, before or after a colon, because a phrase of the note fits no sentence for certain.
QUESTIONS = (
    "{theme}: what did I notice in myself as we came to this?",
    "{theme}: where was I quick, and where slow, to stay with this?",
    "{theme}: what might I not have heard?",
    "{theme}: what of my own may this meet?",
    "{theme}: how did we each come to this?",
)
# A modal verb fits one label and several, whatever their number: "Guilt over not visiting mother", "Rows at work".
LINKS = (
    "Perhaps {one} may be linked with {other}.",
    "Perhaps {one} and {other} may be connected.",
    "Perhaps {one} may have to do with {other}.",
)
MOST_REFLECTIONS = 2
MOST_IN_LONG = 3
LONG_NOTE_WORDS = 300
"""Above it a note may have three reflections. Of the 590 gold notes 25 are longer."""
ONE_MEANING = 0.7
"""Two questions whose vectors are nearer than this (cosine) ask nearly the same: one pair in a thousand of the
library is."""
NEIGHBOURHOOD = 400
"""Characters between two themes' sentences beyond which an idea links them only where none are nearer. Our choice."""


def reflections(
    note: str, themes: Sequence[Theme], library: Library, encoder: Encoder, lists: WordLists
) -> tuple[Reflection, ...]:
    """One question for each of the first themes, two in all and three for a long note.

    It is the library's question of the theme's code that is nearest to its sentences, or a fixed form with the label
    where none may be asked. Raises what the encoder raises.
    """
    most = MOST_IN_LONG if len(words(note)) > LONG_NOTE_WORDS else MOST_REFLECTIONS
    first = themes[:most]
    offered = [_askable(theme, library, lists) for theme in first]
    vectors = _vectors(first, offered, encoder)
    start = _number(note)
    asked: list[str] = []
    found: list[Reflection] = []
    for place, (theme, questions) in enumerate(zip(first, offered, strict=True)):
        aim = np.mean([vectors[piece.text] for piece in theme.evidence], axis=0)
        apart = [q for q in questions if all(float(vectors[q] @ vectors[other]) < ONE_MEANING for other in asked)]
        if apart:
            question = max(apart, key=lambda q: float(vectors[q] @ aim))
            asked.append(question)
        else:
            question = QUESTIONS[(start + place) % len(QUESTIONS)].format(theme=theme.label)
        found.append(Reflection(question=question, evidence=theme.evidence))
    return tuple(found)


def claims_too_much(text: str, evidence: Sequence[str], lists: WordLists) -> bool:
    """Whether a question has a word of feeling, diagnosis, theory, risk or a client's life that its evidence lacks."""
    return brought_in(text, evidence, lists) is not None or brings_topic(text, evidence, lists)


def ideas(note: str, themes: Sequence[Theme]) -> tuple[Idea, ...]:
    """One tentative link between two themes that rest on different sentences, or none.

    The first theme is linked where it can be, and to the theme whose sentences lie nearest to its own in the note: a
    therapist who writes two things side by side has often linked them already.
    """
    # A phrase cut out of a sentence makes no sentence with another, and an unsure theme is no ground for an idea.
    whole = [theme for theme in themes if theme.code is not None and not theme.plain]
    apart = [pair for pair in combinations(whole, 2) if not _starts(pair[0]) & _starts(pair[1])]
    if not apart:
        return ()
    near = [pair for pair in apart if _distance(*pair) <= NEIGHBOURHOOD] or apart
    leading = [pair for pair in near if pair[0] == near[0][0]]
    one, other = min(leading, key=lambda pair: _distance(*pair))
    listed = any(" and " in theme.label or "," in theme.label for theme in (one, other))
    forms = [form for form in LINKS if not listed or "{one} and {other}" not in form]
    form = forms[_number(note) % len(forms)]
    text = form.format(one=in_mid_sentence(one.label), other=in_mid_sentence(other.label))
    return (Idea(hypothesis=text, evidence=_both(one.evidence, other.evidence)),)


def _askable(theme: Theme, library: Library, lists: WordLists) -> list[str]:
    cited = [piece.text for piece in theme.evidence]
    questions = library.by_code.get(theme.code, ()) if theme.code is not None else ()
    return [question for question in questions if not claims_too_much(question, cited, lists)]


def _vectors(themes: Sequence[Theme], offered: Sequence[Sequence[str]], encoder: Encoder) -> dict[str, Vectors]:
    cited = [piece.text for theme in themes for piece in theme.evidence]
    texts = list(dict.fromkeys([*cited, *(question for questions in offered for question in questions)]))
    if not any(offered):
        return dict.fromkeys(texts, np.zeros(1, np.float32))
    return dict(zip(texts, encoder.encode(texts), strict=True))


def _starts(theme: Theme) -> set[int]:
    return {piece.start for piece in theme.evidence}


def _distance(one: Theme, other: Theme) -> int:
    """Characters between the nearest sentences of two themes."""
    return min(max(b.start - a.end, a.start - b.end, 0) for a in one.evidence for b in other.evidence)


def _both(one: Sequence[Evidence], other: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted((*one, *other), key=lambda piece: piece.start))


def _number(note: str) -> int:
    return hashlib.sha256(note.encode("utf-8", "surrogatepass")).digest()[0]
