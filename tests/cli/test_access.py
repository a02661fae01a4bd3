"""Access requests and plain export without a screen: asked, marked, shown, answered, exported."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from notekeeper.services.calendar import one_month_after
from tests.cli.driver import InProcess


def _file(quick: InProcess, name: str, text: str) -> str:
    path = quick.room / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_request_goes_from_asked_to_answered(quick: InProcess) -> None:
    today = date.today()  # noqa: DTZ011 - as the program counts it
    day = today - timedelta(days=2)
    asked = quick.json("access", "ask", "C014", "--by", "The client", "--on", day.isoformat(), "--how", "by letter")
    assert (asked["request"], asked["due"]) == (1, one_month_after(day).isoformat())
    (line,) = quick.json("monday")["access_requests"]
    assert line["words"].startswith("request 1, ")
    assert "days left" in line["words"]
    out = quick.room / "out"
    out.mkdir()
    reason, passage = _file(quick, "reason", "Privatereason"), _file(quick, "passage", "walked to the sea")
    marked = quick.json(
        "access", "mark", "C014", "--test", "third_party", "--reason", reason, "--note", "2", "--passage-file", passage
    )
    assert (marked["mark"], marked["start"], marked["end"], marked["words"]) == (1, 3, 20, "walked to the sea")
    (shown,) = quick.json("access", "show", "C014")["marks"]
    assert shown["places"] >= 1
    given = quick.json("access", "answer", "C014", "--to", str(out))
    assert given["withheld"] == {"third_party": 1}
    for each in given["files"]:
        written = Path(each["file"]).read_text(encoding="utf-8")
        assert "He [withheld 1] and back." in written
        assert "The house is quiet now." in written
        assert "Privatereason" not in written
    assert quick.json("monday")["access_requests"] == []
    assert quick.json("access", "show", "C014")["requests"][0]["answered"] == [today.isoformat()]
    kept = quick.json("export", "C014", "--to", str(out), "--format", "json")["files"][0]
    mine = Path(kept["file"]).read_text(encoding="utf-8")
    assert "Privatereason" in mine
    assert given["files"][0]["sha256"] in mine
    assert quick.json("verify")["sound"] is True


def test_one_partner_asks_and_it_is_said_that_the_file_is_about_others_too(quick: InProcess) -> None:
    assert quick.json("access", "ask", "C014", "--by", "The client")["several"] is False
    for label in ("Partner A", "Partner B"):
        quick.json("person", "add", "C014", label)
    quick.json("person", "left", "C014/P2")
    said = "This file is about more than one person."
    assert said in quick.run("access", "ask", "C014", "--by", "Partner A").out
    assert quick.json("access", "show", "C014")["several"] is True
    assert said in quick.run("access", "answer", "C014", "--to", str(quick.room)).out
    quick.json("client", "front-set", "D100", given='{"work": "couple"}')
    assert quick.json("access", "ask", "D100", "--by", "One of them")["several"] is True


def test_a_mark_is_taken_back_and_a_span_outside_refused(quick: InProcess) -> None:
    quick.json("access", "ask", "C014", "--by", "The client")
    mark = ("access", "mark", "C014", "--test", "third_party", "--reason", _file(quick, "reason", "Why"), "--note", "2")
    assert quick.run(*mark, "--from", "3", "--to", "999").code == 2
    assert quick.json(*mark, "--from", "3", "--to", "20")["words"] == "walked to the sea"
    assert quick.json("access", "unmark", "C014", "1")["taken_back"] == 1
    assert quick.run("access", "unmark", "C014", "1").code == 2
    assert quick.json("access", "show", "C014")["marks"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("access", "ask", "C014", "--by", "The client", "--on", "9998-01-01"),
        ("access", "ask", "C014", "--by", " "),
        ("access", "answer", "C014", "--to", "."),
        ("access", "mark", "C014", "--test", "third_party", "--reason", "-"),
        ("export", "--to", "."),
        ("export", "C014", "--all", "--to", "."),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_changes_nothing(quick: InProcess, arguments: tuple[str, ...]) -> None:
    done = quick.run(*arguments, given="Why")
    assert done.code == 2
    assert done.out == ""
    assert quick.json("access", "show", "C014")["requests"] == []


def test_everything_of_the_practice_and_the_warning(quick: InProcess) -> None:
    out = quick.room / "out"
    out.mkdir()
    made = quick.json("export", "--all", "--to", str(out), "--format", "json")
    assert [each["client"] for each in made["files"]] == [None, "C014", "D100"]
    assert "not encrypted" in made["warning"]
    assert "not encrypted" in quick.run("export", "C014", "--to", str(out)).out
    for each in made["files"]:
        assert json.loads(Path(each["file"]).read_text())["format"] == "notekeeper-client-file"
    assert quick.run("export", "C014", "--to", str(out / "nowhere")).code == 40
