"""How long it takes to follow a client's themes anew, as after one more session was signed, with no model and no vault.

Usage: python tests/bench/bench_threads.py. Clients of 60 and 500 sessions, four themes each on the average, with codes
and without any, of notes that have nothing to do with one another; prints the medians of nine runs in milliseconds, by
the clock and of the processor, which other work on the machine delays less.
"""

import statistics
import time

from notekeeper.domain.pattern import SignedThemes
from notekeeper.patterns.finding import find_patterns
from notekeeper.patterns.parameters import shipped
from tests.patterns.many import many_sessions

ROUNDS = 9
MOST = 200
"""Milliseconds that one client may take."""


def spent(themes: SignedThemes) -> tuple[float, float]:
    """Milliseconds of one run, by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    find_patterns(themes)
    return (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000


def main() -> None:
    """Measure and print."""
    began = time.perf_counter()
    shipped()
    print(f"parameters read, once in a process: {(time.perf_counter() - began) * 1000:.0f} ms")
    for sessions in (60, 500):
        for codes in (True, False):
            themes = many_sessions(sessions, codes=codes)
            runs = [spent(themes) for _ in range(ROUNDS)]
            clock, processor = (statistics.median(column) for column in zip(*runs, strict=True))
            told = "with codes" if codes else "no code given"
            print(
                f"{sessions:>4} sessions, {len(themes.themes)} themes, {told}: {clock:.0f} ms, "
                f"{processor:.0f} ms of the processor; at most {MOST} asked for"
            )


if __name__ == "__main__":
    main()
