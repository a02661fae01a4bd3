"""What the drafting pipeline asks of an engine: vectors for sentences, and words under a grammar.

The protocols are implemented by `notekeeper.engine` and reach the pipeline through `bootstrap` alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
TRENDS = ("present", "absent", "improving", "worsening")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of work has come. `stage` is loading, reading, prompt or wording; `total` 0 means unknown."""

    stage: Literal["loading", "reading", "prompt", "wording"]
    done: int
    total: int


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation with the model. `text` is tokenized with special tokens off, whoever wrote it."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class WordingRequest:
    """`prefix` is the same for every note (its evaluated state is kept); `turns` hold this evidence. The model
    answers after `turns` under the GBNF `grammar`, greedily, at most `max_tokens` tokens."""

    prefix: tuple[Turn, ...]
    turns: tuple[Turn, ...]
    grammar: str
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Worded:
    """The model's answer. `complete` is False when the token limit cut it. Seconds and tokens as spent. `surprise` is
    the mean over its tokens of minus the natural logarithm of the probability that the model itself gave them."""

    text: str
    complete: bool
    prompt_tokens: int
    prompt_s: float
    completion_tokens: int
    completion_s: float
    surprise: float = 0.0


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What is loaded. `sha256` of the weights in hex, `load_s` seconds spent loading since the last question."""

    name: str
    sha256: str
    load_s: float
    context: int | None = None
    threads: int | None = None
    taught_sha256: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What the taught reading says of the sentences of one note, in order; all logits, float32.

    `codes` (sentences, codes) of each theme code; `salience` (sentences,) that a theme rests on the sentence; `trend`
    (sentences, 4) in the order of `TRENDS`; `bond` (sentences, width): two sentences belong to one theme by the
    product of their rows."""

    codes: Vectors
    salience: Vectors
    trend: Vectors
    bond: Vectors


class Encoder(Protocol):
    def facts(self) -> PartFacts: ...

    def encode(
        self, texts: Sequence[str], on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> Vectors:
        """Unit vectors, float32, shape (len(texts), 384 for the starter). Raises `EngineError`, `CancelledError`."""
        ...

    def read(
        self, texts: Sequence[str], on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> Readings:
        """What the taught reading says of the sentences of one note. Raises `EngineError`, `CancelledError`."""
        ...


class Wording(Protocol):
    def facts(self) -> PartFacts: ...

    def word(
        self, request: WordingRequest, on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> Worded:
        """The same request gives the same answer. Raises `EngineError`, `CancelledError`."""
        ...
