"""The invented notes, transcripts and word files that come with the project, read once."""

import json
from functools import cache
from typing import Any

from notekeeper.config import resource
from notekeeper.drafting.library import Library, read_library
from notekeeper.drafting.wordlists import WordLists, read_word_lists
from notekeeper.drafting.words import Vocabulary, read_vocabulary

NOTES = ("a", "b", "c", "d", "e", "f")


@cache
def vocabulary() -> Vocabulary:
    """The program's own vocabulary."""
    return read_vocabulary(
        resource("prompts/neutral-words.txt").read_text(encoding="utf-8"),
        resource("models/starter/lexicon.txt").read_text(encoding="utf-8"),
    )


@cache
def word_lists() -> WordLists:
    """The program's own word lists."""
    return read_word_lists(resource("prompts/words"))


@cache
def library() -> Library:
    """The program's own questions."""
    return read_library(resource("models/starter/data/reflections.jsonl").read_text(encoding="utf-8"))


@cache
def gold_notes() -> list[dict[str, Any]]:
    """Every gold note of notes-*.jsonl."""
    return [note for letter in NOTES for note in _lines(f"models/starter/data/notes-{letter}.jsonl")]


@cache
def transcripts() -> list[dict[str, Any]]:
    """The records of talk, and the notes that only look like one."""
    return _lines("models/starter/data/transcripts.jsonl")


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in resource(name).read_text(encoding="utf-8").splitlines()]
