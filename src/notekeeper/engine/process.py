"""A worker as the app sees it: started, spoken to, ended.

What always holds: the child gets the environment in `_PASSED` and no more, none of the app's open files, and a
neutral working folder; its error output goes nowhere.
"""

import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Literal

import notekeeper
from notekeeper.engine.frames import Frame, FrameError, pack, read_frame
from notekeeper.engine.messages import Answer, Request, parse_answer

Which = Literal["encoder", "wording"]
_PASSED = (
    *("PATH", "HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL", "LC_CTYPE", "PYTHONPATH"),
    *("SYSTEMROOT", "WINDIR", "SYSTEMDRIVE", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV"),
)
_SET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONDONTWRITEBYTECODE": "1",
    # Threads that wait for one another sleep instead of spinning: measured six times the speed beside other work.
    "OMP_WAIT_POLICY": "PASSIVE",
}
_GRACE_S = 2.0


class GoneError(Exception):
    """The worker ended, or what it sent is no answer."""


class WorkerProcess:
    """One running child process. Not for use by two threads at a time, but `end` may be called from any."""

    def __init__(self, which: Which) -> None:
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-P", "-m", "notekeeper.engine.worker", which],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(sys.executable).anchor or None,
            env=environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            start_new_session=sys.platform != "win32",  # an interrupt typed at the terminal is for the app alone
        )
        self._answers: queue.SimpleQueue[tuple[Answer, tuple[bytes, ...]] | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True).start()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def running(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def send(self, request: Request) -> None:
        """Send a request. Raises `FrameError` when it is over the limits, `GoneError` when the worker ended."""
        raw = pack(Frame(request.header()))
        stdin = self._process.stdin
        try:
            if stdin is None:
                raise GoneError
            stdin.write(raw)
            stdin.flush()
        except (OSError, ValueError):
            raise GoneError from None

    def receive(self, timeout_s: float) -> tuple[Answer, tuple[bytes, ...]] | None:
        """The next answer and its payloads, None when there is none within the time. Raises `GoneError`."""
        try:
            got = self._answers.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if got is None:
            self._answers.put(None)
            raise GoneError
        return got

    def end(self) -> None:
        """End the process now and wait until it is gone. Safe to call twice."""
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_S)
        with suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()

    def _read(self, stdout: IO[bytes]) -> None:
        try:
            while (frame := read_frame(stdout)) is not None:
                self._answers.put((parse_answer(frame.header), frame.payloads))
        except (FrameError, OSError, ValueError):
            pass
        finally:
            self._answers.put(None)
            with suppress(OSError):
                stdout.close()


def environment() -> dict[str, str]:
    """What a worker's environment holds: an allow-list, offline settings, and where notekeeper lies."""
    passed = {name: os.environ[name] for name in _PASSED if name in os.environ}
    here = str(Path(notekeeper.__file__).resolve().parent.parent)
    passed["PYTHONPATH"] = os.pathsep.join(filter(None, (here, passed.get("PYTHONPATH", ""))))
    return {**passed, **_SET}
