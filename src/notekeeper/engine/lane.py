"""One worker and the one lane that leads to it: what both clients of the engine share.

What always holds: a worker is started at the first use (or by `warm`) and serves one request at a time; one that
crashes, breaks the protocol or falls silent is ended and started anew at the next use; nothing of a request is in any
error. After `close` nothing is started any more.
"""

import importlib.util
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic

from notekeeper.domain.engine import OnProgress, PartFacts, Progress
from notekeeper.engine import faults
from notekeeper.engine.catalogue import Entry
from notekeeper.engine.files import missing_files
from notekeeper.engine.frames import FrameError
from notekeeper.engine.messages import Advanced, Answer, Cancel, Failed, Load, Loaded, Request
from notekeeper.engine.process import GoneError, Which, WorkerProcess
from notekeeper.errors import EngineError

Payloads = tuple[bytes, ...]
PATIENCE_S = 300.0
_LOAD = 1  # the first request to every worker
_POLL_S = 0.05
_STOP_S = 10.0
_MOST_THREADS = 8


class Lane:
    """What both clients share: one worker, one request at a time."""

    _which: Which
    _packages: tuple[str, ...]

    def __init__(
        self,
        entry: Entry,
        folder: Path,
        *,
        bundled: Path | None = None,
        threads: int | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """`folder` is the models folder; `bundled` that of the parts that come with notekeeper, without which the model
        stays untaught; `patience_s`, seconds without a sign of life before the worker is ended.
        Starts nothing."""
        self._entry = entry
        self._folder = folder
        self._bundled = bundled
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
                    self._await(worker, _LOAD, None, None)
            facts, load_s, self._load_s = self._facts, self._load_s, 0.0
        if facts is None:
            raise faults.crashed(self._entry.name)
        return replace(facts, load_s=load_s)

    def _load_request(self, number: int) -> Load:
        return Load(
            request=number,
            entry=self._entry,
            folder=str(self._folder.absolute()),
            bundled="" if self._bundled is None else str(self._bundled.absolute()),
            threads=self._threads,
        )

    def _ask(self, request: Request, on_progress: OnProgress | None, cancel: Event | None) -> tuple[Answer, Payloads]:
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
        except GoneError:
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
        readable = [folder.absolute() for folder in (self._folder, self._bundled) if folder is not None]
        worker = WorkerProcess(self._which, readable)
        self._worker, self._last, self._loading = worker, _LOAD, True
        if self._closed:  # closed by another thread while the process was being started
            self._drop()
            raise faults.cancelled()
        try:
            worker.send(self._load_request(_LOAD))
        except GoneError:
            raise self._gone() from None
        return worker

    def _await(
        self, worker: WorkerProcess, number: int, on_progress: OnProgress | None, cancel: Event | None
    ) -> tuple[Answer, Payloads]:
        """Wait for the answer to request `number`, telling progress, heeding cancel and patience."""
        alive = monotonic()
        stop_by: float | None = None
        while True:
            try:
                got = worker.receive(_POLL_S)
                if stop_by is None and cancel is not None and cancel.is_set():
                    stop_by = monotonic() + _STOP_S
                    worker.send(Cancel(request=number))
                    if self._loading:  # it goes on loading, for the next request
                        raise faults.cancelled()
            except GoneError:
                raise self._gone() from None
            if got is None:
                self._check_patience(alive, stop_by)
                continue
            alive = monotonic()
            if stop_by is not None and got[0].request == number and not isinstance(got[0], Advanced):
                raise faults.cancelled()
            if self._concludes(got[0], number, on_progress if stop_by is None else None):
                return got

    def _check_patience(self, alive: float, stop_by: float | None) -> None:
        if stop_by is not None and monotonic() > stop_by:
            self._drop()
            raise faults.cancelled()
        if monotonic() - alive > self._patience_s:
            self._drop()
            raise faults.silent(self._entry.name, self._patience_s)

    def _concludes(self, answer: Answer, number: int, on_progress: OnProgress | None) -> bool:
        """Whether this is the answer to request `number`. Answers to requests that were given up are passed over."""
        match answer:
            case Advanced():
                if on_progress is not None and answer.request in (_LOAD, number):
                    on_progress(Progress(answer.stage, answer.done, answer.total))
                return False
            case Failed() if self._loading or answer.request == number:
                raise self._failure(answer)
            case Loaded():
                self._note_loaded(answer)
        return answer.request == number

    def _note_loaded(self, answer: Loaded) -> None:
        self._loading = False
        self._load_s += answer.load_s
        self._facts = PartFacts(
            self._entry.name, answer.sha256, 0.0, answer.context, answer.threads, answer.taught_sha256
        )

    def _failure(self, failed: Failed) -> EngineError:
        if self._loading:
            self._drop()
        try:
            code = faults.Code(failed.code)
        except ValueError:
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
