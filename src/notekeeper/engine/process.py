"""A worker as the app sees it: started, spoken to, ended.

What always holds: the child gets the environment in `_PASSED` and no more, none of the app's open files, a neutral
working folder, and a folder for temporary files of its own, which is gone once its model is loaded; its error output
goes nowhere.
"""

import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Literal

import notekeeper
from notekeeper.engine.frames import Frame, FrameError, pack, read_frame
from notekeeper.engine.isolation import SCRATCH_PREFIX
from notekeeper.engine.messages import Advanced, Answer, Request, parse_answer

Which = Literal["encoder", "wording"]
_PASSED = (
    *("PATH", "HOME", "USERPROFILE", "LANG", "LC_ALL", "LC_CTYPE", "PYTHONPATH"),
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
_TEMPORARY = ("TMPDIR", "TEMP", "TMP")
_GRACE_S = 2.0


class GoneError(Exception):
    """The worker ended, or what it sent is no answer."""


class WorkerProcess:
    """One running child process. Not for use by two threads at a time, but `end` may be called from any."""

    def __init__(self, which: Which, models: Sequence[Path] = ()) -> None:
        """`models` are the folders that the worker may read beside Python and the system's libraries."""
        self._scratch = _scratch()
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            command(which, models),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(sys.executable).anchor or None,
            env=environment(self._scratch),
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
        self._clear()

    def _read(self, stdout: IO[bytes]) -> None:
        try:
            while (frame := read_frame(stdout)) is not None:
                answer = parse_answer(frame.header)
                if not isinstance(answer, Advanced):
                    self._clear()
                self._answers.put((answer, frame.payloads))
        except (FrameError, OSError, ValueError):
            pass
        finally:
            self._answers.put(None)
            with suppress(OSError):
                stdout.close()

    def _clear(self) -> None:
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)


def command(which: str, models: Sequence[Path]) -> list[str]:
    """What starts a worker that may read the folders `models`."""
    return [sys.executable, "-P", "-m", "notekeeper.engine.worker", which, *map(str, models)]


def environment(scratch: Path | None = None) -> dict[str, str]:
    """What a worker's environment holds: an allow-list, offline settings, where notekeeper lies, and its own folder for
    temporary files; without one, the user's."""
    passed = {name: os.environ[name] for name in (*_PASSED, *_TEMPORARY) if name in os.environ}
    if scratch is not None:
        passed |= dict.fromkeys(_TEMPORARY, str(scratch))
    here = str(Path(notekeeper.__file__).resolve().parent.parent)
    passed["PYTHONPATH"] = os.pathsep.join(filter(None, (here, passed.get("PYTHONPATH", ""))))
    return {**passed, **_SET}


def _scratch() -> Path | None:
    """A new private folder; None where there is no place for one, which the worker then says as it loads."""
    try:
        return Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX))
    except OSError:
        return None
