"""A child process that kills itself at the n-th line it runs in the vault's own modules, as a power cut would."""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import FrameType
from typing import Any

import pytest

WATCHED = f"notekeeper{os.sep}vault{os.sep}"


def lines_in(action: Callable[[], object]) -> int:
    """How many lines of the vault's modules the action runs, in a child process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _run(action, None, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    assert os.waitpid(child, 0)[1] == 0
    return int(said)


def killed_at(line: int, action: Callable[[], object]) -> bool:
    """Run the action in a child process that is killed at that line; whether it was, and did not end before."""
    child = os.fork()
    if child == 0:
        _run(action, line, None)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def spread(lines: int, most: int, last: int = 0) -> Iterable[int]:
    """At most `most` of the line numbers from 1 on, evenly, and the `last` ones all."""
    step = max(1, (lines - last) // max(1, most))
    return sorted({*range(1, lines - last + 1, step), *range(max(1, lines - last + 1), lines + 1)})


def _run(action: Callable[[], object], line: int | None, told: int | None) -> None:
    """Never returns."""
    seen = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal seen
        if WATCHED not in frame.f_code.co_filename:
            return None
        if event == "line":
            seen += 1
            if seen == line:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    code = 1
    with suppress(BaseException):
        sys.settrace(trace)
        action()
        sys.settrace(None)
        if told is not None:
            os.write(told, str(seen).encode())
        code = 0
    os._exit(code)


def must_fork() -> None:
    """Skip the test where there is no fork."""
    if not hasattr(os, "fork"):
        pytest.skip("this test stops a forked process at each line, and this system has no fork")
