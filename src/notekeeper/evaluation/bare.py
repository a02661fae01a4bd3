"""The baseline of a language model as it comes: one call for a whole answer in JSON, over numbered sentences.

What always holds: the grammar admits only JSON of the asked form and numbers of sentences that exist; an answer that
was cut off gives no draft.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from notekeeper.domain.draft import Draft, Theme
from notekeeper.domain.engine import Turn, Wording, WordingRequest
from notekeeper.domain.text import Sentence
from notekeeper.evaluation.contestants import Splitter, cited, themes_alone

MAX_TOKENS = 320
"""Five themes with labels of six words and three numbers each fit."""
_ASK = Turn(
    "system",
    "You read a session note whose sentences are numbered. Name the three to five themes that the session turned on. "
    'Answer in JSON: {"themes":[{"label":"two to six words","sentences":[numbers of the sentences it rests on]}]}.',
)
_FORM = r"""root ::= "{\"themes\":[" theme ("," theme ("," theme ("," theme ("," theme)?)?)?)? "]}\n"
theme ::= "{\"label\":\"" word (" " word (" " word (" " word (" " word (" " word)?)?)?)?)? "\",\"sentences\":" list
list ::= "[" number ("," number ("," number)?)? "]}"
word ::= [A-Za-z] [a-z'-]{0,17}
number ::= """


@dataclass
class Bare:
    """The language model asked once for everything, without examples, adapters or checks."""

    wording: Wording
    split: Splitter
    name: str = "bare"
    gated: bool = False

    def prepare(self) -> None:
        """Load the language model."""
        self.wording.facts()

    def draft(self, note: str) -> Draft | None:
        """The themes it named, None when its answer broke off. Raises `EngineError`, also for a note that its window
        does not hold."""
        sentences = self.split(note)
        if not sentences:
            return themes_alone([], 0)
        asked = Turn("user", "\n".join(f"{one.number}. {' '.join(one.text.split())}" for one in sentences))
        worded = self.wording.word(WordingRequest((_ASK,), (asked,), whole_grammar(len(sentences)), MAX_TOKENS))
        return themes_alone(found, len(sentences)) if (found := _themes(worded.text, sentences)) is not None else None


def whole_grammar(sentences: int) -> str:
    """One to five themes, each a label of one to six words and one to three numbers from 1 to `sentences`."""
    return _FORM + " | ".join(f'"{number}"' for number in range(1, sentences + 1))


def _themes(answer: str, sentences: Sequence[Sentence]) -> list[Theme] | None:
    try:
        return [
            Theme(label=one["label"], support=0.0, evidence=cited(sentences, [n - 1 for n in one["sentences"]]))
            for one in json.loads(answer)["themes"]
        ]
    except (ValueError, KeyError, IndexError, TypeError, ValidationError):
        return None
