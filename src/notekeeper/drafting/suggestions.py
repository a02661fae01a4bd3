"""Reflections and ideas in a few fixed forms, fitted to the note by its own themes.

What always holds: a reflection is an open question about the therapist's own part, an idea is worded "Perhaps … may
…" and links two themes; neither advises, diagnoses or names a feeling; beside the theme's label all their words are
neutral ones, and they cite the themes' sentences.
"""

import hashlib
from collections.abc import Sequence

from notekeeper.domain.draft import Idea, Reflection, Theme
from notekeeper.domain.text import Evidence
from notekeeper.drafting.labels import in_mid_sentence

# The theme's label stands apart, before or after a colon, because a phrase of the note fits no sentence for certain.
QUESTIONS = (
    "{theme}: what did I notice in myself as we came to this?",
    "{theme}: where was I quick, and where slow, to stay with this?",
    "{theme}: what might I not have heard?",
    "{theme}: what of my own may this meet?",
    "{theme}: how did we each come to this, and turn from it?",
)
LINKS = (
    "Perhaps these may be linked: {one}; {other}.",
    "Perhaps one of these may come before the other: {one}; {other}.",
)
MOST_REFLECTIONS = 2


def reflections(note: str, themes: Sequence[Theme]) -> tuple[Reflection, ...]:
    """One question for each of the first two themes. Which form is used depends on the note alone."""
    start = _number(note)
    return tuple(
        Reflection(
            question=QUESTIONS[(start + place) % len(QUESTIONS)].format(theme=theme.label),
            evidence=theme.evidence,
        )
        for place, theme in enumerate(themes[:MOST_REFLECTIONS])
    )


def ideas(note: str, themes: Sequence[Theme]) -> tuple[Idea, ...]:
    """One tentative link between the first two themes that rest on different sentences, or none."""
    for place, one in enumerate(themes):
        for other in themes[place + 1 :]:
            if {piece.start for piece in one.evidence}.isdisjoint(piece.start for piece in other.evidence):
                form = LINKS[_number(note) % len(LINKS)]
                text = form.format(one=in_mid_sentence(one.label), other=in_mid_sentence(other.label))
                return (Idea(hypothesis=text, evidence=_both(one.evidence, other.evidence)),)
    return ()


def _both(one: Sequence[Evidence], other: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted((*one, *other), key=lambda piece: piece.start))


def _number(note: str) -> int:
    return hashlib.sha256(note.encode("utf-8", "surrogatepass")).digest()[0]
