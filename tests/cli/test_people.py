"""People of a file, their agreement one by one, and identity, at the command line."""

import json
from datetime import date, timedelta

import pytest

from tests.cli.driver import InProcess


def agreed(quick: InProcess, *more: str, answer: str = "agreed") -> int:
    return quick.run("consent", "record", "E7", "drafting", answer, *more).code


def test_a_couple_agrees_when_both_do_and_one_withdraws_for_both(quick: InProcess) -> None:
    quick.json("client", "add", "E7")
    quick.json("client", "front-set", "E7", given='{"work": "couple", "lawful_basis": "Legitimate interests"}')
    assert agreed(quick) == 2
    people = [quick.json("person", "add", "E7", label)["person"] for label in ("Partner A", "Partner B")]
    assert people == ["E7/P1", "E7/P2"]
    assert agreed(quick) == 2
    assert agreed(quick, "--for", "p1") == 0
    quick.run("note", "add", "E7", given="They spoke about the house.")
    assert "P2 of this file has not been asked" in quick.run("draft", "E7/1").err
    assert agreed(quick, "--for", "Partner B", "--person", "P2", "--how", "written") == 0
    assert quick.json("consent", "show", "E7")["drafting"]["agrees"] is True
    assert agreed(quick, "--for", "P1", answer="withdrawn") == 0
    shown = quick.json("consent", "show", "E7")["drafting"]
    assert [(each["for"], each["answer"], each["agrees"]) for each in shown["answers"]] == [
        ("P1", "withdrawn", False),
        ("P2", "agreed", True),
    ]
    assert shown["agrees"] is False


def test_under_18_the_capacity_is_said_and_no_day_is_to_come(quick: InProcess) -> None:
    quick.json("client", "add", "E7")
    quick.json("client", "front-set", "E7", given='{"under_18": true}')
    mother = quick.json("person", "add", "E7", "Mother", "--capacity", "parent")
    assert (mother["person"], mother["capacity"]) == ("E7/P1", "parent")
    assert agreed(quick) == 2
    ahead = (date.today() + timedelta(days=3)).isoformat()  # noqa: DTZ011 - the therapist's own calendar
    assert agreed(quick, "--capacity", "parent", "--on", ahead) == 2
    assert agreed(quick, "--capacity", "parent", "--person", "Mother", "--on", "2026-01-05") == 0
    (answer,) = quick.json("consent", "show", "E7")["drafting"]["answers"]
    assert (answer["capacity"], answer["on"], answer["given_by"]) == ("parent", "2026-01-05", "P1 as parent")
    told = quick.run("consent", "show", "E7").out
    assert "drafting: agreed, 2026-01-05, spoken, by P1 as parent, wording 20" in told
    quick.json("client", "front-set", "E7", given="{}")
    assert quick.json("consent", "show", "E7")["drafting"]["agrees"] is False


def test_an_agreement_given_before_a_withdrawal_is_refused(quick: InProcess) -> None:
    quick.json("client", "add", "E7")
    assert agreed(quick, "--on", "2026-01-05") == 0
    assert agreed(quick, "--on", "2026-02-05", answer="withdrawn") == 0
    done = quick.run("consent", "record", "E7", "drafting", "agreed", "--on", "2026-01-20")
    assert (done.code, "2026-02-05" in done.err) == (2, True)
    assert agreed(quick, "--on", "2026-02-05") == 0


def test_people_are_relabelled_leave_and_are_never_mixed_up(quick: InProcess) -> None:
    quick.json("client", "add", "E7")
    for label in ("Partner A", "Child"):
        quick.json("person", "add", "E7", label)
    assert quick.run("person", "add", "E7", "partner  a").code == 2
    assert quick.run("person", "add", "E7", "P3").code == 2
    assert quick.run("person", "add", "E7", " ").code == 2
    assert quick.json("person", "change", "E7/P2", "--label", "Son", "--minor")["under_18"] is True
    assert quick.json("person", "left", "E7/P2", "--on", "2026-02-03")["left"] == "2026-02-03"
    assert quick.run("person", "left", "E7/P2").code == 2
    assert quick.run("person", "left", "E7/P9").code == 2
    assert quick.json("person", "add", "E7", "Partner B")["person"] == "E7/P3"
    printed = quick.run("person", "list", "E7").out
    assert "E7/P2, Son, client, under 18, left 2026-02-03\n" in printed
    assert printed.endswith("3 person(s).\n")


def test_an_identity_is_kept_shown_on_request_and_removed(quick: InProcess) -> None:
    given = {"name": "Ann Invented", "born": "1990-02-03", "phone": "0000"}
    assert quick.json("identity", "set", "C014", given=json.dumps(given))["fields"] == 3
    assert "Ann" not in quick.run("client", "front", "C014").out
    shown = quick.json("identity", "show", "C014")["identity"]
    assert {name: shown[name] for name in given} == given
    assert "Name: Ann Invented\nBorn: 1990-02-03\n" in quick.run("identity", "show", "C014").out
    assert quick.json("identity", "remove", "C014")["removed"] is True
    assert quick.json("identity", "remove", "C014")["removed"] is False
    assert "No identity is kept" in quick.run("identity", "show", "C014").out


@pytest.mark.parametrize("form", ['{"born": "secretword"}', '{"secretword": 1}', "secretword"])
def test_an_identity_that_cannot_be_read_changes_nothing_and_is_not_repeated(quick: InProcess, form: str) -> None:
    done = quick.run("identity", "set", "C014", given=form)
    assert (done.code, done.out) == (2, "")
    assert "secretword" not in done.err
