"""What the pipeline is made of, gathered once: vocabulary, reading head, code descriptions, prompts, models."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from notekeeper.domain.engine import Encoder, Wording
from notekeeper.drafting.library import Library
from notekeeper.drafting.prompts import Prompt
from notekeeper.drafting.reading import ReadingHead
from notekeeper.drafting.wordlists import WordLists
from notekeeper.drafting.words import Vocabulary


class WordingWay(StrEnum):
    """How freely the model words a label: it chooses among phrases of the evidence, or joins words of it.

    The starter model, given words, wrote "Said not told told" and "Said not a time". Larger models are
    given words; none has been tried.
    """

    PHRASES = "phrases"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class DraftingParts:
    """`descriptions` says in a few words what each theme code stands for."""

    encoder: Encoder
    wording: Wording
    vocabulary: Vocabulary
    word_lists: WordLists
    library: Library
    head: ReadingHead
    descriptions: Mapping[str, str]
    label_prompt: Prompt
    focus_prompt: Prompt
    app_version: str
    way: WordingWay = WordingWay.PHRASES
