"""Seconds a note and peak memory of `suggest --batch` on the invented notes, each process by itself.

Usage: python tests/bench/bench_suggest.py [NOTES] (20 if not given). Notes are taken evenly from all files, in a fixed
order. Loading is told apart: it is paid once. Peak memory is VmHWM of /proc/PID/status, read ten times a second while
the processes run; where there is no /proc it says so and gives none. Prints what was refused or failed as well.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import notekeeper
from notekeeper.config import resource

PROC = Path("/proc/self/status").is_file()
NOTES = 20


def texts(number: int) -> list[str]:
    """`number` notes, one of each file in turn."""
    files = sorted(resource("models/starter/data").glob("notes-*.jsonl"))
    columns = [[json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()] for file in files]
    most = max(map(len, columns))
    in_turn = [column[place] for place in range(most) for column in columns if place < len(column)]
    return in_turn[:number]


class Peaks:
    """Peak resident memory, MB by process: the program, and the worker processes by what they hold."""

    def __init__(self, pid: int) -> None:
        self.seen: dict[str, float] = {}
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while PROC and not self._ended.wait(0.1):
            for name, pid in self._processes():
                try:
                    status = Path(f"/proc/{pid}/status").read_text()
                except OSError:
                    continue
                peak = [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")]
                if peak:
                    self.seen[name] = max(peak[0], self.seen.get(name, 0.0))

    def _processes(self) -> list[tuple[str, int]]:
        found = [("program", self._pid)]
        for task in Path(f"/proc/{self._pid}/task").glob("*/children"):
            try:
                for child in map(int, task.read_text().split()):
                    arguments = Path(f"/proc/{child}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
                    if b"notekeeper.engine.worker" in arguments:
                        found.append((f"{arguments[-1].decode()} worker", child))
            except OSError:
                continue
        return found


def run(notes: list[str]) -> tuple[list[dict[str, Any]], list[float], dict[str, float]]:
    """The answers, the seconds between one answer and the next (the first with loading), and the peaks."""
    source = str(Path(notekeeper.__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "notes.jsonl"
        lines.write_text("\n".join(json.dumps({"id": n, "text": text}) for n, text in enumerate(notes)))
        command = [sys.executable, "-m", "notekeeper", "suggest", "--batch", str(lines), "--json"]
        began = time.perf_counter()
        answers, gaps = [], []
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": source}
        ) as process:
            peaks = Peaks(process.pid)
            for line in process.stdout or ():
                now = time.perf_counter()
                gaps.append(now - began)
                began = now
                answers.append(json.loads(line))
            peaks.stop()
        if process.returncode != 0:
            raise SystemExit(f"suggest ended with {process.returncode}")
    return answers, gaps, peaks.seen


def main() -> None:
    notes = texts(int(sys.argv[1]) if len(sys.argv) > 1 else NOTES)
    answers, gaps, peaks = run(notes)
    drafted = [answer for answer in answers if answer.get("refused") is None and "error" not in answer]
    load = max((answer["timing"]["load_s"] for answer in drafted), default=0.0)
    after_first = gaps[1:]
    words = statistics.median(len(text.split()) for text in notes)
    print(f"{len(answers)} notes, median {words:.0f} words; {len(drafted)} drafted, {len(answers) - len(drafted)} not")
    print(f"loading, both models: {load:.1f} s; first answer after {gaps[0]:.1f} s")
    if after_first:
        print(f"then a note: median {statistics.median(after_first):.2f} s, longest {max(after_first):.2f} s")
    for name, megabytes in sorted(peaks.items()):
        print(f"peak memory, {name}: {megabytes:.0f} MB")
    if not PROC:
        print("peak memory: not measured, because this system has no /proc")
    print(f"on {os.cpu_count()} cores" + (f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""))


if __name__ == "__main__":
    main()
