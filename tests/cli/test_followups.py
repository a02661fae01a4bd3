"""Follow-ups without a screen: added, listed, on the Monday list, done and taken back."""

from datetime import date, timedelta

import pytest

from tests.cli.conftest import DRAFTED, SIGNED
from tests.cli.driver import InProcess, record


def today() -> date:
    """The day as the program counts it, asked when it is needed: midnight may come while the tests run."""
    return date.today()  # noqa: DTZ011


def test_a_follow_up_goes_from_added_to_done_and_back(quick: InProcess) -> None:
    added = quick.json("followup", "add", "C014", "--on", "+3", "--note", SIGNED, given="Ring the\nsurgery")
    due = (today() + timedelta(days=3)).isoformat()
    assert added == {
        "client": "C014",
        "follow_up": "C014/F1",
        "text": "Ring the surgery",
        "due": due,
        "done": None,
        "from_note": 1,
    }
    later = quick.json("followup", "add", "D100", "--on", (today() + timedelta(days=30)).isoformat(), given="Write")
    assert quick.json("followup", "list")["follow_ups"] == [added, later]
    assert quick.json("followup", "list", "C014")["follow_ups"] == [added]
    (line,) = quick.json("monday")["follow_ups_due"]
    words = f"F1, coming in 3 days, {due}: Ring the surgery (from the risk entry of note 1)"
    assert line == {**added, "note": None, "words": words}
    printed = quick.run("monday").out
    assert f"Follow-ups due: 1\n    C014: {words}\n" in printed
    assert "Go on with: notekeeper followup done C014/F1" in quick.run("--plain", "monday").out
    assert "F1, coming in 3 days" in quick.run("followup", "list").out

    assert quick.json("followup", "done", "C014/F1")["done"] == today().isoformat()
    assert quick.json("monday")["follow_ups_due"] == []
    assert quick.json("followup", "list", "C014")["follow_ups"] == []
    assert [each["done"] for each in quick.json("followup", "list", "C014", "--all")["follow_ups"]] == [
        today().isoformat()
    ]
    assert quick.run("followup", "done", "C014/F1").code == 2
    assert quick.json("followup", "reopen", "C014/F1")["done"] is None
    assert len(quick.json("monday")["follow_ups_due"]) == 1
    assert quick.json("verify")["sound"] is True


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        (("add", "C014", "--on", "next week"), "secretword", "+14"),
        (("add", "C014", "--on", "2020-01-01"), "secretword", "between today"),
        (("add", "C014", "--on", "+1"), " ", "a few words"),
        (("add", "C014", "--on", "+1"), "secretword " * 40, "300 characters"),
        (("add", "C014", "--on", "+1", "--note", DRAFTED), "secretword", "not in the file of client C014"),
        (("add", "C999", "--on", "+1"), "secretword", "no client with that code"),
        (("done", "C014/1"), "", "C014/F2"),
        (("done", "C014/F7"), "", "no follow-up with that number"),
    ],
)
def test_what_cannot_be_a_follow_up_is_refused(
    quick: InProcess, arguments: tuple[str, ...], given: str, words: str
) -> None:
    before = record(quick)
    done = quick.run("followup", *arguments, given=given)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert "secretword" not in done.err
    assert record(quick) == before
