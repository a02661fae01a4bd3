"""The library of questions for a therapist's own reflection, by theme code.

It comes with notekeeper as `models/starter/data/reflections.jsonl`, written by hand. What always holds: a question
is asked as it stands there, word for word, so that an item can be told from what a model wrote.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Library:
    """`by_code`: the questions of a theme code in the file's order; `questions`: all of them, those for any session
    too."""

    by_code: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    questions: frozenset[str] = frozenset()


def read_library(text: str) -> Library:
    """The library from its JSON lines of {"code", "question"}; a null code is for any session. Raises `ValueError` or
    `KeyError` for lines that are not so."""
    by_code: dict[str, list[str]] = {}
    questions: set[str] = set()
    for line in text.splitlines():
        if line.strip():
            entry = json.loads(line)
            questions.add(str(entry["question"]))
            if entry["code"] is not None:
                by_code.setdefault(str(entry["code"]), []).append(str(entry["question"]))
    return Library({code: tuple(asked) for code, asked in by_code.items()}, frozenset(questions))
