"""The engine's clients: `Encoder` and `Wording` of the domain, each by asking a worker process of its own.

What always holds: what a worker answers is checked before it is believed; texts go out as Unicode that any encoding
can hold.
"""

from collections.abc import Sequence
from pathlib import Path
from threading import Event

import numpy as np
from numpy.typing import NDArray

from notekeeper.domain.engine import TRENDS, OnProgress, Readings, Turn, Vectors, Worded, WordingRequest
from notekeeper.engine import faults
from notekeeper.engine.catalogue import Entry
from notekeeper.engine.lane import PATIENCE_S, Lane
from notekeeper.engine.messages import BOND, Answered, Encode, Encoded, Load, Read, SaidTurn, Word

STARTER_WINDOW = 2048
GENERAL_WINDOW = 8192
RECYCLE_TOKENS = 20_000
_FLOAT = 4  # bytes of each number that the encoder answers with


class EncoderClient(Lane):
    """The sentence encoder, in its own process."""

    _which = "encoder"
    _packages = ("torch", "sentence_transformers")

    def encode(
        self, texts: Sequence[str], on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> Vectors:
        """Unit vectors, float32, one row for each text. Raises `EngineError`, `CancelledError`."""
        return self._rows(Encode(request=1, texts=tuple(map(_sendable, texts))), len(texts), on_progress, cancel)

    def read(
        self, texts: Sequence[str], on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> Readings:
        """What the taught reading says of the sentences of one note. Raises `EngineError`, `CancelledError`."""
        found = self._rows(Read(request=1, texts=tuple(map(_sendable, texts))), len(texts), on_progress, cancel)
        codes = found.shape[1] - BOND - len(TRENDS) - 1
        if codes < 1:
            raise faults.crashed(self._entry.name)
        return Readings(
            codes=found[:, :codes],
            salience=found[:, codes],
            trend=found[:, codes + 1 : codes + 1 + len(TRENDS)],
            bond=found[:, -BOND:],
        )

    def _rows(
        self, request: Encode | Read, rows: int, on_progress: OnProgress | None, cancel: Event | None
    ) -> NDArray[np.float32]:
        with self._turn(cancel):
            answer, payloads = self._ask(request, on_progress, cancel)
            sizes = [len(payload) for payload in payloads]
            if isinstance(answer, Encoded) and answer.rows == rows and sizes == [_FLOAT * rows * answer.width]:
                vectors = np.frombuffer(payloads[0], dtype="<f4")
                if np.isfinite(vectors).all():
                    return vectors.reshape(answer.rows, answer.width).astype(np.float32)
            self._drop()
            raise faults.crashed(self._entry.name)


class WordingClient(Lane):
    """The language model, in its own process. `prefixes` is how many different prefixes stay evaluated."""

    _which = "wording"
    _packages = ("llama_cpp",)

    def __init__(
        self,
        entry: Entry,
        folder: Path,
        *,
        bundled: Path | None = None,
        threads: int | None = None,
        patience_s: float = PATIENCE_S,
        recycle_tokens: int = RECYCLE_TOKENS,
    ) -> None:
        """After `recycle_tokens` worded tokens the worker is started anew, which gives back what native code kept."""
        super().__init__(entry, folder, bundled=bundled, threads=threads, patience_s=patience_s)
        starter = entry.tier == "starter"
        self._window = min(entry.context, STARTER_WINDOW if starter else GENERAL_WINDOW)
        self._prefixes = 2 if starter else 1
        self._recycle_tokens = recycle_tokens
        self._spent = 0

    def word(
        self, request: WordingRequest, on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> Worded:
        """The same request gives the same answer. Raises `EngineError`, `CancelledError`."""
        if not request.grammar:
            raise faults.error_for(faults.Code.GRAMMAR, "", self._entry.name)
        with self._turn(cancel):
            if self._spent >= self._recycle_tokens:
                self._drop()
            if self._worker is None:
                self._spent = 0
            answer, _ = self._ask(_word(request), on_progress, cancel)
            if not isinstance(answer, Answered):
                self._drop()
                raise faults.crashed(self._entry.name)
            self._spent += answer.completion_tokens
        return Worded(
            answer.text,
            answer.complete,
            answer.prompt_tokens,
            answer.prompt_s,
            answer.completion_tokens,
            answer.completion_s,
            answer.surprise,
        )

    def _load_request(self, number: int) -> Load:
        return super()._load_request(number).model_copy(update={"context": self._window, "prefixes": self._prefixes})


def _word(request: WordingRequest) -> Word:
    return Word(
        request=1,
        prefix=_said(request.prefix),
        turns=_said(request.turns),
        grammar=_sendable(request.grammar),
        max_tokens=request.max_tokens,
    )


def _said(turns: Sequence[Turn]) -> tuple[SaidTurn, ...]:
    return tuple(SaidTurn(role=turn.role, text=_sendable(turn.text)) for turn in turns)


def _sendable(text: str) -> str:
    """The text without lone surrogates, which no encoding of Unicode can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
