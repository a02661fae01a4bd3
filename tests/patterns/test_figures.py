"""The figures of patterns: with each client left out, from a file that the recipe makes, on any file of series."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from models.starter.score_patterns import PRESENCE, Told, left_out, near, scored
from models.starter.train_patterns import as_text, judged, learned, read_alone, series
from notekeeper.config import resource
from notekeeper.domain.pattern import Pattern, PatternKind
from notekeeper.errors import UsageError
from notekeeper.evaluation.patterns import GoldPattern, Tally, read_series, tally
from notekeeper.patterns.parameters import Parameters

CHECK = Path(__file__).parent / "series-check.jsonl"


@pytest.fixture(scope="module")
def start() -> Parameters:
    return read_alone()


def test_the_file_that_is_shipped_is_what_the_recipe_makes(start: Parameters) -> None:
    made = json.loads(as_text(learned(start, series())))
    shipped = json.loads(resource("models/starter/patterns.json").read_text(encoding="utf-8"))
    assert made.pop("words") == shipped.pop("words")
    assert made == shipped


@pytest.mark.parametrize("trends", [True, False])
def test_what_other_clients_teach_finds_a_clients_patterns_and_their_kinds(start: Parameters, trends: bool) -> None:
    clients = series()
    told = Told(trends=trends)
    whole = sum(scored(clients, left_out(start, clients), told), Tally())
    presence = sum(scored(clients, left_out(start, clients, PRESENCE), told), Tally())
    assert whole.f1 >= 0.75
    assert whole.f1_kind >= 0.55
    assert whole.f1_kind > presence.f1_kind + 0.1


def test_without_any_code_patterns_are_found_by_words(start: Parameters) -> None:
    clients = series()
    assert sum(scored(clients, left_out(start, clients), Told(held_back=1)), Tally()).f1 >= 0.6


def test_codes_and_trends_that_are_held_back_are_not_told() -> None:
    bare = judged(series()[-1], trends=False, held_back=1).signed
    assert {(each.code, each.trend) for each in bare.themes} == {(None, None)}


def test_another_file_of_series_is_scored_by_the_command() -> None:
    command = [sys.executable, "-m", "models.starter.score_patterns", str(CHECK)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "3 series, 18 patterns judged" in run.stdout
    learned_row = next(line for line in run.stdout.splitlines() if line.startswith("  learned"))
    without, with_kind = map(float, learned_row.split()[1:3])
    assert without >= 0.75
    assert with_kind >= 0.55


def test_a_file_that_is_none_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        command = [sys.executable, "-m", "models.starter.score_patterns", str(path)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        assert run.returncode == 1
        assert run.stderr.strip() == f"{path} cannot be read as text. Nothing was scored."


GOOD: dict[str, Any] = {
    "client_code": "one",
    "sessions": [{"date": "2026-01-01", "themes": []}],
    "patterns": [{"label": "secret", "code": None, "kind": "fading", "sessions": [0]}],
}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "it is not JSON"),
        ("[]", "it is not an object"),
        (json.dumps(GOOD | {"sessions": []}), "field sessions"),
        (json.dumps(GOOD | {"patterns": [{"label": "secret", "kind": "gone", "sessions": [0]}]}), "patterns.0.kind"),
        (json.dumps(GOOD | {"patterns": [{**GOOD["patterns"][0], "sessions": [1]}]}), "no session that is there"),
        (json.dumps({"client_code": "one"}), "field sessions"),
    ],
)
def test_a_wrong_line_is_named_and_its_words_are_not(line: str, fault: str) -> None:
    assert len(read_series([json.dumps(GOOD), ""])) == 1
    with pytest.raises(UsageError, match="Line 2") as told:
        read_series([json.dumps(GOOD), line])
    assert fault in str(told.value)
    assert "secret" not in str(told.value)


def found(label: str, code: str | None, sessions: tuple[int, ...], kind: PatternKind = PatternKind.FADING) -> Pattern:
    return Pattern(label=label, code=code, kind=kind, sessions=sessions, statement="x", evidence=())


def test_patterns_are_the_same_by_code_or_label_and_half_of_the_sessions_and_once_only() -> None:
    gold = [
        GoldPattern(label="Sleep", code="sleep", kind=PatternKind.FADING, sessions=(0, 1, 2, 3)),
        GoldPattern(label="Nights at the depot", code=None, kind=PatternKind.RECURRING, sessions=(0, 1)),
    ]
    assert tally([found("Other", "sleep", (0, 1))], gold, near).same == 1
    assert tally([found("Other", "sleep", (0,))], gold, near).same == 0
    assert tally([found("Other", None, (0, 1, 2, 3))], gold, near).same == 0
    assert tally([found("Depot nights", None, (0, 1))], gold, near) == Tally(1, 2, 1, 0)
    twice = [found("A", "sleep", (0, 1, 2)), found("B", "sleep", (0, 1, 2, 3))]
    assert tally(twice, gold, near) == Tally(2, 2, 1, 1)
    assert tally([], [], near).f1 == 1.0
