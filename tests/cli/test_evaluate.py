"""`evaluate` with the real starter on a few invented notes: every contestant, the table, wrong lines, a stop.

Owns: one run of the real thing, shared; what is printed for people is made from the figures of that run.
"""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from notekeeper import bootstrap
from notekeeper.cli import evaluate
from notekeeper.evaluation.figures import Figures
from notekeeper.services.evaluating import Baseline, development_set
from tests.cli.driver import Done, InProcess, Program, snapshot

SLEEP = "She lies awake until four most nights and dreads the alarm."
MOTHER = "She has not rung her mother since the quarrel about the house."
DRINK = "He drank on three evenings this week, alone, after the shift."
NOTES: tuple[dict[str, Any], ...] = (
    {
        "id": "one",
        "style": "prose",
        "text": f"{SLEEP} Came late again, out of breath. {MOTHER} We agreed to go on with the diary.",
        "themes": [
            {"label": "Lying awake", "code": "sleep", "evidence": [SLEEP]},
            {"label": "Silence with her mother", "code": "family_of_origin", "evidence": [MOTHER]},
        ],
        "absent": ["panic"],
        "traps": ["very_short"],
    },
    {
        "id": "two",
        "style": "bullets",
        "text": f"- {DRINK}\n- Spoke quietly and looked at the floor.\n- Has told nobody at Larchfield about it.",
        "themes": [{"label": "Drinking alone after work", "code": "alcohol_drugs", "evidence": [DRINK]}],
        "absent": ["grief"],
        "identifiers": [{"text": "Larchfield", "type": "PLACE"}],
        "traps": [],
    },
)
TALK = {
    "text": "T: How have you been since we met?\nC: Um, okay, I guess. You know, work and so on.\n"
    "T: And your sleep, how is that?\nC: Oh, you know. I wake at four and then I just lie there.\n"
    "T: What goes through your mind then?\nC: Yeah, mostly my mum. I said to you last time, I can't ring her.",
    "transcript": True,
}
CONTESTANTS = ["starter-words", "linear", "similarity", "copy", "bare"]


def lines(*more: str) -> str:
    return "\n".join([*map(json.dumps, NOTES), json.dumps(TALK), *more])


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, dict[str, bytes], dict[str, bytes]]:
    """One run of all contestants, and what was in the room before and after."""
    program = Program(tmp_path_factory.mktemp("evaluate") / "room")
    (program.work / "gold.jsonl").write_text(lines(), encoding="utf-8")
    before = snapshot(program.room)
    asked = ("--model", "starter-words", "--baseline", "all", "--set", "gold.jsonl", "--json")
    return program.run("evaluate", *asked, vault=False), before, snapshot(program.room)


def figures(done: Done) -> dict[str, Figures]:
    return {one["name"]: Figures.model_validate(one) for one in done.json["contestants"]}


def test_every_contestant_is_scored_and_nothing_is_kept(
    scored: tuple[Done, dict[str, bytes], dict[str, bytes]],
) -> None:
    done, before, after = scored
    assert (done.code, done.err) == (0, "")
    assert done.json["set"] == {"source": "given", "notes": 2, "talks": 1}
    assert list(figures(done)) == CONTESTANTS
    assert after == before
    for one in figures(done).values():
        assert (one.notes, one.gold, one.failed) == (2, 3, 0)
        assert 0 <= one.matched <= one.gold
        assert set(one.by_trap) == {"very_short", "none"}
        assert set(one.by_style) == {"prose", "bullets"}


def test_the_starter_drafts_verbatim_refuses_talk_and_brings_nothing_in(
    scored: tuple[Done, dict[str, bytes], dict[str, bytes]],
) -> None:
    found = figures(scored[0])
    starter = found["starter-words"]
    assert (starter.valid, starter.notes_refused, starter.names_shown) == (2, 0, 0)
    assert (starter.transcripts, starter.transcripts_refused) == (1, 1)
    assert set(starter.lacking.values()) == {0}
    assert starter.made_by is not None
    assert starter.made_by.model == "starter-words"
    assert found["linear"].matched > 0
    assert found["copy"].themes_a_note == 1.0
    assert {name: one.transcripts for name, one in found.items() if name != "starter-words"} == dict.fromkeys(
        CONTESTANTS[1:]
    )


@pytest.fixture
def rerun(
    scored: tuple[Done, dict[str, bytes], dict[str, bytes]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> InProcess:
    """The command with the figures of the real run, so that printing them costs no second run."""
    found = list(figures(scored[0]).values())
    monkeypatch.setattr(evaluate, "evaluate", lambda *_, **__: found)
    program = InProcess(tmp_path / "room")
    (program.work / "gold.jsonl").write_text(lines(), encoding="utf-8")
    return program


def test_the_table_has_a_column_for_each_and_a_row_for_each_figure(rerun: InProcess) -> None:
    printed = rerun.run("evaluate", "--baseline", "all", "--set", "gold.jsonl", vault=False)
    head, *rows = printed.out.splitlines()
    assert head.split() == CONTESTANTS
    f1 = next(row for row in rows if row.startswith("Theme F1"))
    assert len(f1.split()) == 2 + len(CONTESTANTS)
    assert any(row.startswith("F1, trap very_short (1)") for row in rows)
    assert "0.88" in rows[-1]
    assert max(map(len, rows[:-1])) <= 110


def test_plain_says_who_with_every_figure(rerun: InProcess) -> None:
    spoken = rerun.run("--plain", "evaluate", "--baseline", "all", "--set", "gold.jsonl", vault=False)
    (f1,) = [row for row in spoken.out.splitlines() if row.startswith("Theme F1: ")]
    assert [part.split()[0] for part in f1.removeprefix("Theme F1: ").split(", ")] == CONTESTANTS
    assert "  " not in spoken.out


@pytest.mark.parametrize(
    ("asked", "given", "code", "told"),
    [
        (("--set", "-"), lines("", '{"id": "Wisteria"'), 2, "Line 5 of the set"),
        (("--set", "-"), lines(json.dumps({**NOTES[0], "id": "x", "text": "Wisteria"})), 2, "Line 4 of the set"),
        (("--set", "-"), "", 2, "no gold note"),
        (("--set", "absent.jsonl"), "", 2, "could not be read"),
        (("--model", "no-such-model"), "", 31, "catalogue"),
        (("--model", "starter-encoder"), "", 2, "this one reads"),
        (("--model", "qwen3-0.6b"), "", 31, "qwen3-0.6b"),
        (("--limit", "0"), "", 2, "--limit"),
        (("--baseline", "oracle"), "", 2, "oracle"),
    ],
)
def test_what_cannot_be_scored_is_said_before_anything_is_loaded(
    asked: tuple[str, ...], given: str, code: int, told: str, tmp_path: Path
) -> None:
    done = InProcess(tmp_path / "room").run("evaluate", *asked, given=given, vault=False)
    assert (done.code, done.out) == (code, "")
    assert told in done.err
    assert "Wisteria" not in done.err


def test_progress_is_shown_on_a_terminal_and_a_stop_says_that_nothing_is_kept(tmp_path: Path) -> None:
    import pty  # not on Windows, where these tests are skipped

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background ignores it
    program = Program(tmp_path / "room")
    terminal, theirs = pty.openpty()
    try:
        with program.started("evaluate", "--baseline", "similarity", vault=False, stderr=theirs) as process:
            os.close(theirs)
            heard = b""
            while b": 0 of 118 texts" not in heard:
                heard += os.read(terminal, 4096)
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=120)
            try:
                while got := os.read(terminal, 4096):
                    heard += got
            except OSError:  # a terminal whose other side is closed, on Linux
                pass
    finally:
        os.close(terminal)
    assert (process.returncode, out) == (130, b"")
    assert b"not kept" in heard
    assert b"Traceback" not in heard


def test_the_set_that_comes_along_is_what_nothing_was_trained_on() -> None:
    gold = development_set(bootstrap.gold_folder())
    assert (len(gold.notes), len(gold.talks)) == (118, 40)
    assert [one.value for one in Baseline] == CONTESTANTS[1:]
