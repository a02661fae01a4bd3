"""One language model in memory: loading it, and evaluating tokens from a kept prefix.

What always holds: a prefix is evaluated by itself, from an empty sequence, in the same batches each time, and its
state kept; what follows is evaluated after removing all that followed before. So an answer does not depend on what
was asked earlier.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import llama_cpp as cpp
import numpy as np
from numpy.typing import NDArray

from notekeeper.engine.faults import Code, FaultError
from notekeeper.engine.tokens import Vocabulary

BATCH = 512
_silence = cpp.llama_log_callback(lambda _level, _text, _data: None)  # llama.cpp may log a prompt; nobody hears it
_ABORTED = 2
_HUNDRED = 100
_TOUCHED = 16


class Model:
    """A loaded GGUF with a context of `window` tokens for each of `prefixes` kept prefixes."""

    def __init__(
        self,
        file: BinaryIO,
        path: Path,
        *,
        window: int,
        threads: int,
        prefixes: int,
        on_percent: Callable[[int], bool],
        adapter: tuple[BinaryIO, Path] | None = None,
    ) -> None:
        """`file` is open and checked; it is what gets loaded wherever the system lets an open file be named. So it is
        with `adapter`, which teaches the model."""
        cpp.llama_log_set(_silence, None)
        cpp.llama_backend_init()
        self._stop: Callable[[], bool] = bool
        self._abort = cpp.ggml_abort_callback(lambda _data: self._stop())
        self._model = cpp.llama_model_load_from_file(_name_of(file, path), _model_parameters(on_percent))
        if not self._model:
            raise FaultError(Code.LOADING)
        self.window = min(window, int(cpp.llama_model_n_ctx_train(self._model)) or window)
        self._context = cpp.llama_init_from_model(self._model, _context_parameters(self.window, threads, prefixes))
        if not self._context:
            raise FaultError(Code.MEMORY)
        if adapter is not None:
            self._adapter = _adapted(self._model, self._context, _name_of(*adapter))
        cpp.llama_set_abort_callback(self._context, self._abort, None)
        self._memory = cpp.llama_get_memory(self._context)
        self.vocabulary = Vocabulary(cpp.llama_model_get_vocab(self._model))
        self._batch = cpp.llama_batch_init(BATCH, 0, 1)
        # The prefix kept in each sequence, least recently used first.
        self._kept: dict[int, tuple[int, ...]] = dict.fromkeys(range(prefixes), ())
        self._touch_weights()

    def start(self, prefix: Sequence[int], stop: Callable[[], bool], on_tokens: Callable[[int], None]) -> "Run":
        """A run after `prefix`, which is evaluated unless its state is kept. `stop` aborts. Raises `FaultError`."""
        self._stop = stop
        wanted = tuple(prefix)
        sequence = next((seq for seq, kept in self._kept.items() if kept == wanted), next(iter(self._kept)))
        kept = self._kept.pop(sequence) == wanted
        self._kept[sequence] = ()
        run = Run(self, sequence, 0)
        # A model whose state cannot be rewound in part (a hybrid) is cleared whole and reads its prefix again.
        if not (kept and cpp.llama_memory_seq_rm(self._memory, sequence, len(wanted), -1)):
            cpp.llama_memory_seq_rm(self._memory, sequence, -1, -1)
            run.evaluate(wanted, on_tokens)
        run.position = len(wanted)
        self._kept[sequence] = wanted
        return run

    def _touch_weights(self) -> None:
        """Evaluate a few tokens once, so that the first request does not wait for the weights to be read in."""
        self.decode([0] * _TOUCHED, 0, 0)
        cpp.llama_memory_seq_rm(self._memory, 0, -1, -1)

    def decode(self, tokens: Sequence[int], position: int, sequence: int) -> None:
        """Evaluate at most `BATCH` tokens; logits are made for the last. Raises `FaultError`, cancelled included."""
        batch = self._batch
        batch.n_tokens = len(tokens)
        for place, token in enumerate(tokens):
            batch.token[place] = token
            batch.pos[place] = position + place
            batch.n_seq_id[place] = 1
            batch.seq_id[place][0] = sequence
            batch.logits[place] = place == len(tokens) - 1
        outcome = int(cpp.llama_decode(self._context, batch))
        if outcome == _ABORTED or self._stop():
            raise FaultError(Code.CANCELLED)
        if outcome != 0:
            raise FaultError(Code.FAILED)

    def logits(self) -> NDArray[np.float32]:
        """What the last evaluated token says of the next, one number for each of the vocabulary; a view, valid until
        the next `decode`."""
        pointer = cpp.llama_get_logits_ith(self._context, -1)
        if not pointer:
            raise FaultError(Code.FAILED)
        return np.ctypeslib.as_array(pointer, shape=(self.vocabulary.size,))


class Run:
    """Tokens evaluated one after another in a sequence of a model."""

    def __init__(self, model: Model, sequence: int, position: int) -> None:
        self._model = model
        self._sequence = sequence
        self.position = position

    def evaluate(self, tokens: Sequence[int], on_tokens: Callable[[int], None]) -> None:
        """Evaluate in batches; `on_tokens` is told how many are done. Raises `FaultError`."""
        for start in range(0, len(tokens), BATCH):
            part = tokens[start : start + BATCH]
            self._model.decode(part, self.position, self._sequence)
            self.position += len(part)
            on_tokens(start + len(part))


def _name_of(file: BinaryIO, path: Path) -> bytes:
    """On Linux the opened, checked file itself; elsewhere its path."""
    return os.fsencode(f"/proc/self/fd/{file.fileno()}" if sys.platform.startswith("linux") else path)


def _adapted(model: int, context: int, name: bytes) -> object:
    """The adapter, loaded and in force. Raises `FaultError`."""
    found = cpp.llama_adapter_lora_init(model, name)
    if not found:
        raise FaultError(Code.LOADING)
    adapters, scales = (cpp.llama_adapter_lora_p_ctypes * 1)(found), (ctypes.c_float * 1)(1.0)
    if cpp.llama_set_adapters_lora(context, adapters, 1, scales) != 0:
        raise FaultError(Code.LOADING)
    return found


def _model_parameters(on_percent: Callable[[int], bool]) -> cpp.llama_model_params:
    parameters = cpp.llama_model_default_params()
    parameters.n_gpu_layers = 0
    parameters.progress_callback = cpp.llama_progress_callback(lambda share, _data: on_percent(round(share * _HUNDRED)))
    return parameters


def _context_parameters(window: int, threads: int, prefixes: int) -> cpp.llama_context_params:
    parameters = cpp.llama_context_default_params()
    parameters.n_ctx = window * prefixes
    parameters.n_seq_max = prefixes
    parameters.n_batch = parameters.n_ubatch = min(BATCH, window)
    parameters.n_threads = parameters.n_threads_batch = threads
    parameters.flash_attn_type = cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
    parameters.swa_full = True  # sliding-window models can then be rewound to the prefix
    parameters.no_perf = True
    return parameters
