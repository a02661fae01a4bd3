"""Choosing the next token under a grammar, greedily and cheaply.

The best token is taken first and the grammar asked about that one alone; only when it refuses is the whole vocabulary
masked. That gives the very text that masking at every token gives, since the best token of the allowed ones is the
best of all whenever it is allowed. What always holds: the grammar is advanced by allowed tokens alone, because
llama.cpp ends the process for any other.
"""

import ctypes
from types import TracebackType
from typing import Any, Self

import llama_cpp as cpp
import numpy as np
from numpy.typing import NDArray

from notekeeper.engine.faults import Code, FaultError
from notekeeper.engine.tokens import Vocabulary

_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)], align=True)
_ROOT = b"root"


class GrammarGuide:
    """A grammar over a vocabulary, for one answer. Use as a context manager: it holds native memory."""

    def __init__(self, vocabulary: Vocabulary, grammar: str) -> None:
        self._vocabulary = vocabulary
        self._barred = np.array(sorted(vocabulary.marks - vocabulary.ends), dtype=np.int64)
        self._one = np.zeros(1, dtype=_CANDIDATE)
        self._all = np.zeros(vocabulary.size, dtype=_CANDIDATE)
        self._ids = np.arange(vocabulary.size, dtype=np.int32)
        self.refusals = 0
        # NULL for a grammar llama.cpp cannot parse; its use would end the process, so it is looked at first.
        self._sampler = cpp.llama_sampler_init_grammar(vocabulary.pointer, grammar.encode("utf-8", "replace"), _ROOT)
        if not self._sampler:
            raise FaultError(Code.GRAMMAR)

    def __enter__(self) -> Self:
        """The guide itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Frees the native grammar."""
        cpp.llama_sampler_free(self._sampler)
        self._sampler = None

    def choose(self, logits: NDArray[np.float32]) -> int:
        """The best allowed token, which may be an end. `logits` is changed. Raises `FaultError` when none is."""
        logits[self._barred] = -np.inf
        best = int(logits.argmax())
        self._one[0] = (best, logits[best], 0.0)
        self._apply(self._one)
        if np.isneginf(self._one["logit"][0]):
            self.refusals += 1
            self._all["id"] = self._ids
            self._all["logit"] = logits
            self._apply(self._all)
            place = int(self._all["logit"].argmax())
            if np.isneginf(self._all["logit"][place]):
                raise FaultError(Code.GRAMMAR)
            best = int(self._all["id"][place])
        if best not in self._vocabulary.ends:
            cpp.llama_sampler_accept(self._sampler, best)
        return best

    def _apply(self, candidates: NDArray[Any]) -> None:
        array = cpp.llama_token_data_array(
            data=candidates.ctypes.data_as(cpp.llama_token_data_p), size=len(candidates), selected=-1, sorted=False
        )
        cpp.llama_sampler_apply(self._sampler, ctypes.byref(array))
