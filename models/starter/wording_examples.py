"""What the wording is taught from: a theme's evidence as the question, its label as the answer.

What always holds: a label that holds a name, a place, a date or anything else the annotator marked as telling who
somebody is, or a quotation mark, is never an answer; the question has the form in which the program asks.
"""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.starter.gold import Note
from notekeeper.config import resource
from notekeeper.domain.engine import Turn
from notekeeper.drafting.prompts import Prompt, read_prompt
from notekeeper.engine.catalogue import PromptFormat
from notekeeper.engine.formats import FORMATS, Piece

MOST_TOKENS = 420
_QUOTATION = re.compile(r"[\"“”„«»‹›]|(?<!\w)['‘]|['’](?!\w)")
_FEWER, _STRAY, _NO_HINT = 0.3, 0.15, 0.2


@dataclass(frozen=True, slots=True)
class Pair:
    """What the model is asked and what it should answer, as text."""

    asked: str
    answer: str


def may_teach(label: str, identifiers: Iterable[str]) -> bool:
    """Whether a label holds neither a quotation mark nor any of the note's identifiers as a whole word."""
    named = (name for name in identifiers if name)
    return not _QUOTATION.search(label) and not any(re.search(rf"\b{re.escape(name)}\b", label) for name in named)


def pairs(notes: Sequence[Note], descriptions: Mapping[str, str], chance: random.Random | None = None) -> list[Pair]:
    """A pair for each theme whose label may teach. With `chance` now and then a sentence is left out, one of another
    theme is added, or the code's description is held back, because what the reader finds is not always what the
    annotator chose."""
    out: list[Pair] = []
    for note in notes:
        identifiers = [found["text"] for found in note.get("identifiers", [])]
        for theme in note["themes"]:
            if may_teach(theme["label"], identifiers):
                evidence, hint = list(theme["evidence"]), descriptions.get(theme["code"])
                if chance is not None:
                    evidence = _disturbed(evidence, note, theme, chance)
                    hint = None if chance.random() < _NO_HINT else hint
                evidence.sort(key=note["text"].index)
                out.append(Pair("\n".join([*([f"({hint})"] if hint else []), *evidence]), theme["label"]))
    return out


def _disturbed(evidence: list[str], note: Note, theme: Note, chance: random.Random) -> list[str]:
    if len(evidence) > 2 and chance.random() < _FEWER:
        evidence.pop(chance.randrange(len(evidence)))
    if chance.random() < _STRAY:
        others = [piece for other in note["themes"] if other is not theme for piece in other["evidence"]]
        if strays := [piece for piece in others if piece not in evidence]:
            evidence.append(chance.choice(strays))
    return evidence


def tokens_of(pair: Pair, tokenizer: Any) -> tuple[list[int], list[int]]:
    """The tokens of the question, in the starter's prompt and format, and those of the answer and its end of line."""
    form = FORMATS[PromptFormat.CHATML]
    pieces = [*form.pieces([*_prompt().turns, Turn("user", pair.asked)]), *form.opening()]
    asked = [token for piece in pieces for token in _tokens(piece, tokenizer)]
    return asked, _tokens(Piece(pair.answer + "\n", marker=False), tokenizer)


@cache
def _prompt() -> Prompt:
    return read_prompt(resource("prompts/label-taught.md").read_text(encoding="utf-8"))


def _tokens(piece: Piece, tokenizer: Any) -> list[int]:
    """Text stays text: what looks like a mark of the format is one only where the format puts it."""
    told = tokenizer(piece.text, add_special_tokens=False, split_special_tokens=not piece.marker)
    return list(told["input_ids"])


def short_enough(examples: Iterable[tuple[list[int], list[int]]]) -> list[tuple[list[int], list[int]]]:
    """The examples of fewer than 420 tokens; longer ones would fill a batch with padding."""
    return [(asked, answer) for asked, answer in examples if len(asked) + len(answer) < MOST_TOKENS]
