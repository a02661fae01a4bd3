"""The engine's clients: `Encoder` and `Wording` of the domain, by asking a worker process.

What always holds: a worker is started at the first use (or by `warm`) and serves one request at a time; one that
crashes, breaks the protocol or falls silent is ended and started anew at the next use; nothing of a request is in any
error. After `close` nothing is started any more.
"""

import importlib.util
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Literal

import numpy as np

from notekeeper.domain.engine import OnProgress, PartFacts, Progress, Vectors, Worded, WordingRequest
from notekeeper.engine import faults
from notekeeper.engine.catalogue import Entry
from notekeeper.engine.files import missing_files
from notekeeper.engine.frames import FrameError
from notekeeper.engine.messages import (
    Advanced,
    Answer,
    Answered,
    Cancel,
    Encode,
    Encoded,
    Failed,
    Load,
    Loaded,
    Request,
    SaidTurn,
    Word,
)
from notekeeper.engine.process import Gone, WorkerProcess
from notekeeper.errors import EngineError

STARTER_WINDOW = 2048
GENERAL_WINDOW = 8192
PATIENCE_S = 300.0
RECYCLE_TOKENS = 20_000
_POLL_S = 0.05
_STOP_S = 10.0
_MOST_THREADS = 8


class Client:
    """What both clients share: one worker, one lane. `patience_s`: seconds without a sign of life before it is ended."""

    _which: Literal["encoder", "wording"]
    _packages: tuple[str, ...]

    def __init__(self, entry: Entry, folder: Path, *, threads: int | None = None, patience_s: float = PATIENCE_S) -> None:
        """`folder` is the models folder. Starts nothing."""
        self._entry = entry
        self._folder = folder
        self._threads = threads or physical_cores()
        self._patience_s = patience_s
        self._lane = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._closed = False
        self._last = 0
        self._loading = False
        self._facts: PartFacts | None = None
        self._load_s = 0.0

    @property
    def pid(self) -> int | None:
        """The worker's process id, None when none runs."""
        worker = self._worker
        return worker.pid if worker is not None and worker.running() else None

    def warm(self) -> None:
        """Start loading now, without waiting; what goes wrong is told at the first use."""
        if self._lane.acquire(blocking=False):
            try:
                with suppress(EngineError):
                    self._start()
            finally:
                self._lane.release()

    def close(self) -> None:
        """End the worker at once, whatever it is doing; that request is cancelled. Nothing is started afterwards."""
        self._closed = True
        worker = self._worker
        if worker is not None:
            worker.end()

    def facts(self) -> PartFacts:
        """What is loaded; loads it if need be. `load_s` counts from the last question. Raises `EngineError`."""
        with self._turn(None):
            if self._facts is None:
                worker = self._start()
                if self._facts is None:
                    self._await(worker, 1, None, None)
            facts, load_s, self._load_s = self._facts, self._load_s, 0.0
        if facts is None:
            raise faults.crashed(self._entry.name)
        return PartFacts(facts.name, facts.sha256, load_s, facts.context, facts.threads)

    def _load_request(self, number: int) -> Load:
        return Load(request=number, entry=self._entry, folder=str(self._folder.absolute()), threads=self._threads)

    def _ask(
        self, request: Request, on_progress: OnProgress | None, cancel: Event | None
    ) -> tuple[Answer, tuple[bytes, ...]]:
        """Send a request in the lane the caller holds and wait for its answer."""
        worker = self._start()
        self._last += 1
        numbered = request.model_copy(update={"request": self._last})
        try:
            worker.send(numbered)
        except FrameError:
            raise EngineError(
                "This is more text than can be worked on at once. Your notes and drafts are untouched. "
                "Write the note in shorter parts."
            ) from None
        except Gone:
            raise self._gone() from None
        return self._await(worker, self._last, on_progress, cancel)

    def _start(self) -> WorkerProcess:
        if self._closed:
            raise EngineError("The engine was closed, so nothing was drafted. Your notes and drafts are untouched.")
        if self._worker is not None and self._worker.running():
            return self._worker
        self._drop()
        for package in self._packages:
            if importlib.util.find_spec(package) is None:
                raise faults.package_missing(package)
        if missing_files(self._entry, self._folder):
            raise faults.weights_missing(self._entry.name)
        worker = WorkerProcess(self._which)
        self._worker, self._last, self._loading = worker, 1, True
        if self._closed:  # closed by another thread while the process was being started
            self._drop()
            raise faults.cancelled()
        try:
            worker.send(self._load_request(1))
        except Gone:
            raise self._gone() from None
        return worker

    def _await(
        self, worker: WorkerProcess, number: int, on_progress: OnProgress | None, cancel: Event | None
    ) -> tuple[Answer, tuple[bytes, ...]]:
        alive = monotonic()
        stop_by: float | None = None
        while True:
            try:
                got = worker.receive(_POLL_S)
            except Gone:
                raise self._gone() from None
            if cancel is not None and cancel.is_set() and stop_by is None:
                stop_by = monotonic() + _STOP_S
                with suppress(Gone):
                    worker.send(Cancel(request=number))
                if self._loading:  # loading goes on in the background, for the next request
                    raise faults.cancelled()
            if got is None:
                if stop_by is not None and monotonic() > stop_by:
                    self._drop()
                    raise faults.cancelled()
                if monotonic() - alive > self._patience_s:
                    self._drop()
                    raise faults.silent(self._entry.name, self._patience_s)
                continue
            alive = monotonic()
            answer, payloads = got
            if isinstance(answer, Loaded):
                self._note_loaded(answer)
            if isinstance(answer, Advanced):
                if on_progress is not None and stop_by is None and answer.request in (1, number):
                    on_progress(Progress(answer.stage, answer.done, answer.total))
            elif isinstance(answer, Failed) and (self._loading or answer.request == number):
                raise self._failure(answer)
            elif answer.request == number:
                if stop_by is not None:
                    raise faults.cancelled()
                return answer, payloads

    def _note_loaded(self, answer: Loaded) -> None:
        self._loading = False
        self._load_s += answer.load_s
        self._facts = PartFacts(self._entry.name, answer.sha256, 0.0, answer.context, answer.threads)

    def _failure(self, failed: Failed) -> EngineError:
        if self._loading:
            self._drop()
        try:
            code = faults.Code(failed.code)
        except ValueError:
            code = faults.Code.FAILED
        if code is faults.Code.REFUSED and failed.detail not in {file.path for file in self._entry.files}:
            code = faults.Code.FAILED
        return faults.error_for(code, failed.detail, self._entry.name)

    def _gone(self) -> EngineError:
        self._drop()
        return faults.cancelled() if self._closed else faults.crashed(self._entry.name)

    def _drop(self) -> None:
        worker, self._worker, self._loading = self._worker, None, False
        if worker is not None:
            worker.end()

    @contextmanager
    def _turn(self, cancel: Event | None) -> Iterator[None]:
        """Wait for the lane, and stop waiting when cancelled."""
        while not self._lane.acquire(timeout=_POLL_S):
            if cancel is not None and cancel.is_set():
                raise faults.cancelled()
        try:
            if cancel is not None and cancel.is_set():
                raise faults.cancelled()
            yield
        finally:
            self._lane.release()


class EncoderClient(Client):
    """The sentence encoder, in its own process."""

    _which = "encoder"
    _packages = ("torch", "sentence_transformers")

    def encode(
        self, texts: Sequence[str], on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> Vectors:
        """Unit vectors, float32, one row for each text. Raises `EngineError`, `CancelledError`."""
        with self._turn(cancel):
            answer, payloads = self._ask(Encode(request=1, texts=tuple(map(_sendable, texts))), on_progress, cancel)
            if isinstance(answer, Encoded) and len(payloads) == 1 and answer.rows == len(texts):
                vectors = np.frombuffer(payloads[0], dtype="<f4")
                if vectors.size == answer.rows * answer.width and np.isfinite(vectors).all():
                    return vectors.reshape(answer.rows, answer.width).astype(np.float32)
            self._drop()
            raise faults.crashed(self._entry.name)


class WordingClient(Client):
    """The language model, in its own process. `prefixes` is how many different prefixes stay evaluated."""

    _which = "wording"
    _packages = ("llama_cpp",)

    def __init__(
        self,
        entry: Entry,
        folder: Path,
        *,
        threads: int | None = None,
        patience_s: float = PATIENCE_S,
        recycle_tokens: int = RECYCLE_TOKENS,
    ) -> None:
        """After `recycle_tokens` worded tokens the worker is started anew, which gives back what native code kept."""
        super().__init__(entry, folder, threads=threads, patience_s=patience_s)
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
        )

    def _load_request(self, number: int) -> Load:
        return super()._load_request(number).model_copy(update={"context": self._window, "prefixes": self._prefixes})


def physical_cores() -> int:
    """Cores this process may use, hyper-threads counted once where Linux says so; at most 8."""
    if not hasattr(os, "sched_getaffinity"):
        return max(1, min(_MOST_THREADS, os.cpu_count() or 1))
    siblings = set()
    for cpu in os.sched_getaffinity(0):
        try:
            siblings.add(Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text("ascii"))
        except OSError:
            siblings.add(str(cpu))
    return max(1, min(_MOST_THREADS, len(siblings)))


def _word(request: WordingRequest) -> Word:
    return Word(
        request=1,
        prefix=tuple(SaidTurn(role=turn.role, text=_sendable(turn.text)) for turn in request.prefix),
        turns=tuple(SaidTurn(role=turn.role, text=_sendable(turn.text)) for turn in request.turns),
        grammar=request.grammar,
        max_tokens=request.max_tokens,
    )


def _sendable(text: str) -> str:
    """The text without lone surrogates, which no encoding of Unicode can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
