"""The twenty-four lines of docs/security.md, and what the tests of this run found for each.

A test says which lines it shows with `@pytest.mark.line(10)` (or several numbers). One that tries many times counts
with the fixture `tally`; one that does not counts as one try.
"""

from dataclasses import dataclass, field

import pytest

LINES = {
    1: "kill -9 during saves: no acknowledged note lost, no half revision",
    2: "every backup restored on a clean profile by the passphrase alone",
    3: "the whole journey under strace and without a network: no INET socket",
    4: "canary sweep of vault, home, temp, cache, logs, settings: no plaintext",
    5: "identifier variants against a report: none in the final bytes",
    6: "the bytes shown are the bytes written; a file that is no report is refused",
    7: "a forced exception in every screen: no canary, no key",
    8: "auto-lock in mid-edit: the text is kept, the screen is blank",
    9: "rollback of vault, page and write-ahead log: alarm by the log's head",
    10: "passphrase change killed at each step: old or new opens",
    11: "bit flips and truncations of vault, header, log: never accepted in silence",
    12: "disk full, I/O error, read-only disk: said, the note kept, retry works",
    13: "key length, missing key, empty ATTACH: refused, no plaintext file",
    14: "the recovery key opens; without it and the passphrase nothing does",
    15: "independent readers: apsw-sqlite3mc the vault, age the sealed sheet",
    16: "role tokens in notes: no special id inside the note's tokens",
    17: "injection corpus: no invented client, no false citation, no change",
    18: "wrong model files refused before parsing; a worker's crash leaves all alive",
    19: "second instance, stale lock, vault replaced under the app: one writer",
    20: "erase a client: no page, index or new backup holds the terms",
    21: "UPDATE or DELETE of the record rejected; an edited chain is found",
    22: "200 clients and 20,000 notes: unlock, search, save and lock in time",
    23: "NUL, bidi, ANSI, OSC, 10 MB, markup, HTML: inert, and round trips",
    24: "upgrade from each form, killed midway: backup first, newer refused",
}


@dataclass
class Tally:
    """Tries and how many of them went well, of one test."""

    tries: int = 0
    survived: int = 0

    def add(self, tries: int = 1, survived: int | None = None) -> None:
        """Count `tries` more, of which `survived` (all, if not given) went well."""
        self.tries += tries
        self.survived += tries if survived is None else survived


@dataclass
class Table:
    """What was found for each line."""

    tries: dict[int, int] = field(default_factory=dict)
    survived: dict[int, int] = field(default_factory=dict)
    skipped: dict[int, int] = field(default_factory=dict)

    def note(self, lines: tuple[int, ...], tally: Tally, outcome: str) -> None:
        """Write down one test that ended as passed, failed or skipped."""
        for line in lines:
            if outcome == "skipped":
                self.skipped[line] = self.skipped.get(line, 0) + 1
                continue
            tries = max(tally.tries, 1)
            went_well = min(tally.survived, tries) if tally.tries else tries
            if outcome != "passed":
                tries, went_well = max(tries, tally.survived + 1), min(went_well, tally.survived)
            self.tries[line] = self.tries.get(line, 0) + tries
            self.survived[line] = self.survived.get(line, 0) + went_well

    def add(self, other: dict[str, dict[int, int]]) -> None:
        """Add what another process found, as `plain` gave it."""
        for mine, theirs in ((self.tries, "tries"), (self.survived, "survived"), (self.skipped, "skipped")):
            for line, number in other[theirs].items():
                mine[line] = mine.get(line, 0) + number

    def plain(self) -> dict[str, dict[int, int]]:
        """The whole table in built-in types, for another process."""
        return {"tries": self.tries, "survived": self.survived, "skipped": self.skipped}

    def missed(self) -> list[int]:
        """The lines without a test, with a skipped one, or with a try that did not go well."""
        return [
            line
            for line in LINES
            if not self.tries.get(line) or self.survived[line] < self.tries[line] or line in self.skipped
        ]

    def rows(self) -> list[str]:
        """The table, a row for each line."""
        rows = [f"{'':2}  {'tries':>7}  {'survived':>8}"]
        for line, words in LINES.items():
            tries, survived = self.tries.get(line, 0), self.survived.get(line, 0)
            skipped = f"  ({self.skipped[line]} skipped)" if line in self.skipped else ""
            mark = "MISS " if line in self.missed() else ""
            rows.append(f"{line:2}  {tries:7}  {survived:8}  {mark}{words}{skipped}")
        return rows


TABLE = pytest.StashKey[Table]()
TALLY = pytest.StashKey[Tally]()
