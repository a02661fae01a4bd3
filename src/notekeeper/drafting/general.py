"""Reflections and ideas in a larger model's own words.

What always holds: the model is shown the cited sentences alone and answers in the form asked for; what it wrote passes
the same checks as anything else, and what fails is withheld with the reason, the library's question or the fixed form
standing in.
"""

from collections.abc import Sequence
from itertools import combinations

from notekeeper.domain.draft import Idea, Reflection, Theme
from notekeeper.domain.engine import Turn
from notekeeper.domain.text import Evidence
from notekeeper.drafting.labels import Wordings
from notekeeper.drafting.prompts import Prompt

QUESTION_WORDS = (4, 30)
IDEA_WORDS = (5, 35)
# A question opens as an open question does; letters, commas and apostrophes alone, so no quotation and no number.
QUESTION_GRAMMAR = """root ::= opening (" " word ","?){3,28} "?\\n"
opening ::= "What" | "How" | "Where" | "When" | "Which" | "Whose" | "Who"
word ::= [a-z] [a-z'-]{0,17} | "I" """
IDEA_GRAMMAR = """root ::= "Perhaps" (" " word ","?){1,14} " may" (" " word ","?){1,18} ".\\n"
word ::= [a-z] [a-z'-]{0,17}"""


def worded_reflections(
    wordings: Wordings, prompt: Prompt, themes: Sequence[Theme], standing_in: Sequence[Reflection]
) -> tuple[Reflection, ...]:
    """The model's question for each theme that has one in `standing_in`, which stands in where it fails a check.
    Raises `EngineError`, `CancelledError`."""
    found = []
    for theme, other in zip(themes, standing_in, strict=False):
        turns = (Turn("user", _told(theme.evidence)),)
        text = wordings.asked(
            "reflection",
            prompt=prompt,
            cited=theme.evidence,
            turns=turns,
            grammar=QUESTION_GRAMMAR,
            bounds=QUESTION_WORDS,
        )
        found.append(other if text is None else Reflection(question=text, evidence=theme.evidence))
    return tuple(found)


def worded_ideas(
    wordings: Wordings, prompt: Prompt, themes: Sequence[Theme], standing_in: Sequence[Idea]
) -> tuple[Idea, ...]:
    """The model's idea for the pair of themes that each of `standing_in` links. Raises as above."""
    found = []
    for other in standing_in:
        pair = _linked(themes, other)
        if not pair:
            found.append(other)
            continue
        turns = (Turn("user", "\n".join(f"{theme.label}: {_told(theme.evidence)}" for theme in pair)),)
        text = wordings.asked(
            "idea", prompt=prompt, cited=other.evidence, turns=turns, grammar=IDEA_GRAMMAR, bounds=IDEA_WORDS
        )
        found.append(other if text is None else Idea(hypothesis=text, evidence=other.evidence))
    return tuple(found)


def _linked(themes: Sequence[Theme], idea: Idea) -> tuple[Theme, ...]:
    """The two themes whose sentences together are those that the idea rests on."""
    pairs = combinations(themes, 2)
    return next((pair for pair in pairs if {*pair[0].evidence, *pair[1].evidence} == set(idea.evidence)), ())


def _told(evidence: Sequence[Evidence]) -> str:
    return "\n".join(piece.text for piece in evidence)
