"""docs/security.md says what tests/lines.py counts, every line has a test, and the table tells a miss."""

import re
from pathlib import Path

import pytest

from tests.lines import LINES, Table, Tally

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_has_the_lines_that_are_counted() -> None:
    told = re.findall(r"^\| (\d+) \| (.+) \|$", (ROOT / "docs/security.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {int(number): words for number, words in told} == LINES


def test_every_line_has_a_test() -> None:
    shown: set[int] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for numbers in re.findall(r"mark\.line\(([\d, ]+)\)", path.read_text(encoding="utf-8")):
            shown |= {int(number) for number in numbers.split(",") if number.strip()}
    assert shown == set(LINES)


@pytest.mark.parametrize(
    ("tally", "outcome", "counts", "missed"),
    [
        (Tally(), "passed", (1, 1), False),
        (Tally(200, 200), "passed", (200, 200), False),
        (Tally(200, 199), "failed", (200, 199), True),
        (Tally(12, 12), "failed", (13, 12), True),
        (Tally(), "failed", (1, 0), True),
        (Tally(5, 4), "passed", (5, 4), True),
        (Tally(), "skipped", (0, 0), True),
    ],
)
def test_a_miss_is_told(tally: Tally, outcome: str, counts: tuple[int, int], missed: bool) -> None:
    table = Table()
    table.note(tuple(LINES), Tally(), "passed")
    before = table.tries[7], table.survived[7]
    table.note((7,), tally, outcome)
    assert (table.tries[7] - before[0], table.survived[7] - before[1]) == counts
    assert table.missed() == ([7] if missed else [])
    assert ("MISS" in table.rows()[7]) is missed


def test_a_line_without_a_test_is_a_miss() -> None:
    assert Table().missed() == list(LINES)


def test_what_two_processes_found_is_added_up() -> None:
    whole, other = Table(), Table()
    whole.note(tuple(LINES), Tally(3, 3), "passed")
    other.note((7, 9), Tally(5, 4), "failed")
    other.note((8,), Tally(), "skipped")
    whole.add(other.plain())
    assert (whole.tries[7], whole.survived[7], whole.tries[9], whole.tries[1]) == (8, 7, 8, 3)
    assert whole.missed() == [7, 8, 9]
