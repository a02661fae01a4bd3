"""The program in a real terminal of its own, and ways to look at what it leaves there, in memory and on disk.

What always holds: the program is started as a person starts it, in folders of its own; every byte that it ever wrote
to the terminal is kept.
"""

import io
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pexpect
import pytest

from notekeeper.cli import run
from tests.cli.driver import Program

F2, F5, F6, F12, ESCAPE, CTRL_Q = "\x1bOQ", "\x1b[15~", "\x1b[17~", "\x1b[24~", "\x1b", "\x11"
LEFT, CLEARED = b"\x1b[?1049l", b"\x1b[2J\x1b[3J\x1b[H"


@dataclass
class Terminal:
    """One terminal of 80 columns and 24 lines with the program in it."""

    child: Any  # the type that comes for pexpect knows neither its bytes nor its terminal
    written: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        self.child.logfile_read = self.written

    @property
    def pid(self) -> int:
        return int(self.child.pid)

    def see(self, text: str) -> None:
        """Wait until the program writes these words, after what was waited for before."""
        self.child.expect_exact(text.encode())

    def type(self, text: str) -> None:
        self.child.send(text.encode())

    def end(self) -> int:
        """Wait until the process has ended; its exit code, or minus the number of the signal that ended it."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        code: int | None = self.child.exitstatus
        return -int(self.child.signalstatus) if code is None else code

    def close_window(self) -> None:
        """The terminal is gone, as when its window is closed."""
        self.child.ptyproc.fileobj.close()
        self.child.ptyproc.closed = self.child.closed = True

    def ended(self, seconds: float = 30) -> bool:
        """Whether the process ends within this time."""
        end = time.monotonic() + seconds
        while self.child.ptyproc.isalive():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def output(self) -> bytes:
        return self.written.getvalue()

    def words_after_the_app(self) -> str:
        """What stands on the screen once the app has gone, without the sequences that move the cursor."""
        rest = self.output().rpartition(LEFT)[2].rpartition(CLEARED)[2]
        return " ".join(re.sub(rb"\x1b\[[0-9;?<>=$]*[A-Za-z]", b"", rest).decode().split())


@contextmanager
def terminal(program: Program, *, fault: str = "") -> Iterator[Terminal]:
    """notekeeper on the program's vault. `fault` is Python that is run first, in the program's own process."""
    arguments = ["--vault", str(program.vault)]
    command = ["-m", "notekeeper", *arguments]
    if fault:
        command = ["-c", f"{fault}\nimport sys\nfrom {run.__module__} import run\nsys.exit(run({arguments!r}))"]
    child = pexpect.spawn(
        sys.executable,
        command,
        env={**program.environment(), "TERM": "xterm-256color"},
        cwd=str(program.work),
        dimensions=(24, 80),
        timeout=60,
    )
    try:
        yield Terminal(child)
    finally:
        child.close(force=True)


def memory(pid: int) -> bytes:
    """All that a process holds in memory that it can write to. Linux only, and root: it refuses other onlookers."""
    if not os.access(f"/proc/{pid}/mem", os.R_OK):
        pytest.skip("notekeeper lets no program of the same user read its memory; run this test as root")
    found = []
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            span, rights = line.split()[:2]
            if not rights.startswith("rw") or "[vvar" in line:
                continue
            start, end = (int(number, 16) for number in span.split("-"))
            try:
                file.seek(start)
                found.append(file.read(end - start))
            except (OSError, OverflowError, ValueError):
                continue
    return b"\0".join(found)


def on_disk(folder: Path) -> bytes:
    """Every file under a folder, names included."""
    return b"\0".join(
        str(path).encode() + b"\0" + path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    )
