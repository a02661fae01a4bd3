"""The client who said no to AI: no model is started, and everything else of the record works without it."""

import json
import shutil
from pathlib import Path

import pytest

from notekeeper.domain.report import RISK_NOT_INCLUDED
from tests.cli.driver import InProcess, Program

RISK = {"state": "raised_by_client", "words": "Wrennidge thoughts of ending it", "action": "Rang the crisis team"}
QUIET = [
    {"focus": "Settling in", "themes": [{"label": "New town", "sentences": [1]}], "risk": {"state": "not_asked"}},
    {"focus": "The drop", "themes": [{"label": "Weekends alone"}], "risk": {**RISK, "safeguarding": "Brother aged 9"}},
    {"focus": "A call home", "themes": [{"label": "New town"}], "risk": {"state": "asked_not_disclosed"}},
]
SECRET = ("Wrennidge", "ending it", "crisis team", "Brother aged 9")


@pytest.fixture(scope="module")
def declined(first: tuple[InProcess, str], tmp_path_factory: pytest.TempPathFactory) -> InProcess:
    quick = InProcess(tmp_path_factory.mktemp("declined") / "room", key=first[1])
    shutil.copytree(first[0].vault, quick.vault)
    quick.json("client", "add", "N7")
    quick.json("consent", "record", "N7", "drafting", "declined")
    quick.json("consent", "record", "N7", "supervision", "agreed")
    for place, day in enumerate(("2026-04-01", "2026-04-08", "2026-04-15"), start=1):
        quick.json("note", "add", "N7", "--date", day, given="He spoke of the move. Weekends are long.")
        state = quick.json("finish", f"N7/{place}", "-", given=json.dumps(QUIET[place - 1]))
        assert (state["draft"], state["undecided"]) == ("none", [])
        assert quick.json("sign", f"N7/{place}", "--attest")["signed"]["ai_used"] is False
    return quick


def test_no_program_is_started_for_a_client_who_declined(quick: InProcess, tmp_path: Path) -> None:
    quick.json("client", "add", "N7")
    quick.json("consent", "record", "N7", "drafting", "declined")
    quick.json("note", "add", "N7", given="He spoke of the move. Weekends are long.")
    strace = shutil.which("strace")
    started = tmp_path / "started"
    before = (strace, "-f", "-e", "trace=execve,execveat", "-o", str(started)) if strace else ()
    done = Program(quick.room, before).run("draft", "N7/1")
    assert (done.code, done.out) == (4, "")
    assert "declined" in done.err
    assert "notekeeper finish" in done.err
    if strace:
        runs = [line for line in started.read_text().splitlines() if "execve" in line and line.endswith("= 0")]
        assert len(runs) == 1, runs
    # And with no engine to start, the answer is the same: the agreement is asked about first.
    assert Program(quick.room, more={"NOTEKEEPER_MODELS": str(tmp_path)}).run("draft", "N7/1").code == 4


def test_withdrawing_destroys_the_draft_and_leaves_the_note(quick: InProcess) -> None:
    assert quick.json("review", "list", "D100/1")["items"]
    quick.json("consent", "record", "D100", "drafting", "withdrawn")
    state = quick.json("review", "list", "D100/1")
    assert (state["draft"], state["items"]) == ("none", [])
    assert quick.json("note", "show", "D100/1")["text"] == "She sold the piano."
    assert quick.run("draft", "D100/1").code == 4


def test_the_report_of_finished_sessions_says_no_ai_used(declined: InProcess) -> None:
    report = declined.reported("N7", "--risk", "--out", "full")["report"]["pages"][0]
    assert report["coverage"] == {"total": 3, "included": [1, 2, 3], "not_included": []}
    themes = {theme["label"]: theme for theme in report["themes"]}
    assert themes["New town"]["sessions"] == [1, 3]
    assert themes["New town"]["own"] == 2
    assert report["models"] == []
    shown = " ".join(declined.run("browse", "full.json", vault=False).out.split())
    page = (declined.work / "full.html").read_text(encoding="utf-8")
    for text in (shown, page):
        assert "3 of 3 sessions" in text
        assert "no AI used" in text
        assert "Rang the crisis team" in text


def test_the_quiet_report_opens_with_not_included_and_holds_no_word_of_the_risk(declined: InProcess) -> None:
    made = declined.reported("N7", "--out", "quiet")
    data, page = Path(made["json"]), Path(made["html"])
    shown = declined.run("browse", str(declined.work / data), vault=False).out
    written = [(declined.work / file).read_text(encoding="utf-8") for file in (data, page)]
    everything = [json.dumps(made), shown, *written]
    for text in everything:
        assert not [word for word in SECRET if word.casefold() in text.casefold()]
    first = json.loads(everything[2])["pages"][0]
    assert next(iter(first)) == "risk"
    assert first["risk"] == {"included": False, "last_asked": None, "entries": []}
    for text in (shown, everything[3].partition("<body")[2]):
        assert 0 <= text.index(RISK_NOT_INCLUDED) < text.index("Coverage") < text.index("New town")
