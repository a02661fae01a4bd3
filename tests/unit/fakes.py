"""An encoder and a language model whose answers a test decides, for what the real ones cannot be made to do.

Drafting with the real models is in tests/drafting; here stands what happens when a model writes what it should not,
fails, or must not be called at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Event

import numpy as np

from notekeeper.config import resource
from notekeeper.domain.engine import TRENDS, OnProgress, PartFacts, Progress, Readings, Vectors, Worded, WordingRequest
from notekeeper.drafting.parts import DraftingParts, WordingWay
from notekeeper.drafting.prompts import read_prompt
from notekeeper.drafting.reading import TaughtReading
from notekeeper.drafting.words import stems
from notekeeper.errors import CancelledError
from tests.unit.gbnf import literals
from tests.unit.gold import library, vocabulary, word_lists

TOPICS = {"sleep": "sleeping waking awake", "family": "mother brother", "drinking": "drank drinking wine"}
NOTE = (
    "Client came on time and sat down slowly. Lying awake most nights, waking again at four. "
    "Has not rung her mother since the funeral. Crossed the road to avoid her mother's house. "
    "Drank a bottle of wine on Friday evening alone."
)


@dataclass
class TopicEncoder:
    """One dimension for each topic, one for everything else."""

    texts: list[str] = field(default_factory=list)

    def facts(self) -> PartFacts:
        return PartFacts("topics", "a" * 64, 0.0)

    def encode(
        self, texts: Sequence[str], on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> Vectors:
        if cancel is not None and cancel.is_set():
            raise CancelledError("Stopped. Nothing was kept.")
        if on_progress is not None:
            on_progress(Progress("reading", len(texts), len(texts)))
        self.texts += texts
        found = np.zeros((len(texts), len(TOPICS) + 1), np.float32)
        for row, text in zip(found, texts, strict=True):
            row[:-1] = [len(stems(words) & stems(text)) for words in TOPICS.values()]
            row[-1] = 0.0 if row.any() else 1.0
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)

    def read(
        self, texts: Sequence[str], on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> Readings:
        """Each topic where its words are."""
        found = self.encode(texts, on_progress, cancel)[:, :-1]
        return Readings(
            codes=np.where(found > 0, 4.0, -6.0).astype(np.float32),
            salience=np.where(found.any(axis=1), 4.0, -4.0).astype(np.float32),
            trend=np.zeros((len(texts), len(TRENDS)), np.float32),
            bond=np.zeros((len(texts), 2), np.float32),
        )


def first_allowed(request: WordingRequest) -> str:
    """The first text that the grammar spells out."""
    return literals(request.grammar)[0]


@dataclass
class ScriptedWording:
    """Answers as the test says, whatever the grammar: a model that nothing holds back."""

    answer: Callable[[WordingRequest], str] = first_allowed
    complete: bool = True
    requests: list[WordingRequest] = field(default_factory=list)

    def facts(self) -> PartFacts:
        return PartFacts("scripted", "b" * 64, 0.0, context=2048, threads=1)

    def word(
        self, request: WordingRequest, on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> Worded:
        if cancel is not None and cancel.is_set():
            raise CancelledError("Stopped. Nothing was kept.")
        if on_progress is not None:
            on_progress(Progress("prompt", 1, 1))
        self.requests.append(request)
        return Worded(self.answer(request), self.complete, 10, 0.1, 5, 0.1)


class Untouchable:
    """A model that must not be called."""

    def facts(self) -> PartFacts:
        raise AssertionError("asked for its facts")

    def encode(self, *_: object, **__: object) -> Vectors:
        raise AssertionError("the encoder was called")

    def read(self, *_: object, **__: object) -> Readings:
        raise AssertionError("the encoder was called")

    def word(self, *_: object, **__: object) -> Worded:
        raise AssertionError("the model was called")


def topic_reading() -> TaughtReading:
    """A reader of the topics."""
    return TaughtReading(tuple(TOPICS), (-1.0,) * len(TOPICS), "c" * 64, "d" * 64)


def parts(
    wording: ScriptedWording | None = None,
    way: WordingWay = WordingWay.PHRASES,
    encoder: TopicEncoder | None = None,
) -> DraftingParts:
    """Everything drafting needs, the two models scripted."""
    return DraftingParts(
        encoder=encoder or TopicEncoder(),
        wording=wording or ScriptedWording(),
        vocabulary=vocabulary(),
        word_lists=word_lists(),
        library=library(),
        reading=topic_reading(),
        descriptions=TOPICS,
        label_prompt=read_prompt(resource("prompts/label.md").read_text(encoding="utf-8")),
        focus_prompt=read_prompt(resource("prompts/focus.md").read_text(encoding="utf-8")),
        reflection_prompt=read_prompt(resource("prompts/reflection.md").read_text(encoding="utf-8")),
        idea_prompt=read_prompt(resource("prompts/idea.md").read_text(encoding="utf-8")),
        statement_prompt=read_prompt(resource("prompts/statement.md").read_text(encoding="utf-8")),
        app_version="0",
        way=way,
    )


def untouchable() -> DraftingParts:
    """Parts whose models must not be called."""
    never = Untouchable()
    return replace(parts(), encoder=never, wording=never)
