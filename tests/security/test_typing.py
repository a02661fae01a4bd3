"""kill -9 of `note write` again and again while lines stream in: what was acknowledged is there, and at most two
seconds of typing are not."""

import json
import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli.driver import InProcess, Program
from tests.forms import many
from tests.lines import Tally

ROUNDS, LANES = many(8, 20), 2
SEED = 2207
MOST_LOST_S = 2.0


@pytest.mark.line(1)
@pytest.mark.timeout(900)
@pytest.mark.skipif(os.name != "posix", reason="the passphrase goes by a file descriptor, and kill -9 is POSIX's")
def test_what_was_typed_is_kept(tmp_path: Path, tally: Tally) -> None:
    # The vaults are made here, by a passphrase that costs the least; what is killed is a program of its own.
    for lane in range(LANES):
        InProcess(tmp_path / f"lane{lane}").json("init")
    with ThreadPoolExecutor(LANES) as pool:
        lost = [s for lane in pool.map(lambda n: _lane(tmp_path / f"lane{n}", SEED + n), range(LANES)) for s in lane]
    assert len(lost) == ROUNDS
    tally.add(ROUNDS, sum(each <= MOST_LOST_S for each in lost))
    assert max(lost) <= MOST_LOST_S, sorted(lost)


def _lane(room: Path, seed: int) -> list[float]:
    """Seconds of typing lost in each of this lane's rounds."""
    program, chance = Program(room), random.Random(seed)
    program.json("client", "add", "C014")
    lost = [_round(program, number, chance) for number in range(1, ROUNDS // LANES + 1)]
    recovered = program.json("note", "recover", "C014/1")
    assert recovered["revision"] == 1
    assert program.json("verify")["sound"] is True
    assert program.run("note", "recover", "C014/1").code == 2
    return lost


def _round(program: Program, number: int, chance: random.Random) -> float:
    sent: list[tuple[float, str]] = []
    kept: list[int] = []
    with program.started("note", "write", "C014", "--json") as process:
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None
        assert stdout is not None

        def listen() -> None:
            # A line cut in two by the kill was not acknowledged.
            kept.extend(json.loads(line)["kept"] for line in stdout if line.endswith(b"\n"))

        listener = threading.Thread(target=listen)
        listener.start()

        def type_line() -> None:
            line = f"Line {len(sent)} of round {number}: she paused – “{'so ' * chance.randrange(1, 30)}”.\n"
            stdin.write(line.encode())
            stdin.flush()
            sent.append((time.monotonic(), line))

        type_line()
        while not kept:  # the program has started when the first line is kept
            assert process.poll() is None
            time.sleep(0.01)
        end = time.monotonic() + chance.uniform(0.1, 2.6)
        while time.monotonic() < end:
            type_line()
            time.sleep(chance.uniform(0.005, 0.08))
        killed = time.monotonic()
        process.kill()
        process.wait()
        listener.join()
    typed = "".join(line for _, line in sent)
    held = program.json("note", "show", f"C014/{number}", "--unsaved")["text"]
    assert typed.startswith(held)
    assert len(held) >= max(kept)
    length = 0
    for at, line in sent:
        length += len(line)
        if length > len(held):
            return killed - at
    return 0.0
