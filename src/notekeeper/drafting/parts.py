"""What the pipeline is made of, gathered once: vocabulary, taught reading, code descriptions, prompts, models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from notekeeper.domain.engine import Encoder, Wording
from notekeeper.drafting.library import Library
from notekeeper.drafting.prompts import Prompt
from notekeeper.drafting.reading import TaughtReading
from notekeeper.drafting.wordlists import WordLists
from notekeeper.drafting.words import Vocabulary


class WordingWay(StrEnum):
    """How freely the model words a label: it chooses among phrases of the evidence, or joins words of it.

    The starter model untaught, given words, wrote "Said not told told" and "Said not a time"; taught by its adapter, it
    words from a closed vocabulary. Larger models are given words; none has been tried.
    """

    PHRASES = "phrases"
    TAUGHT = "taught"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class DraftingParts:
    """`descriptions` says in a few words what each theme code stands for; `joining` are the words a taught label may
    hold beside those of its evidence, and `forms` the forms of a word by its stem."""

    encoder: Encoder
    wording: Wording
    vocabulary: Vocabulary
    word_lists: WordLists
    library: Library
    reading: TaughtReading
    descriptions: Mapping[str, str]
    label_prompt: Prompt
    focus_prompt: Prompt
    reflection_prompt: Prompt
    idea_prompt: Prompt
    statement_prompt: Prompt
    app_version: str
    way: WordingWay = WordingWay.PHRASES
    joining: tuple[str, ...] = ()
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
