"""The front sheet and the Monday list without a screen."""

import json

from tests.cli.driver import InProcess


def test_a_front_sheet_is_set_from_json_and_shown(quick: InProcess) -> None:
    sheet = {"gp": "Invented Surgery", "sessions_planned": 3, "ending": "2031-05-03"}
    set_to = quick.json("client", "front-set", "C014", given=json.dumps(sheet))["front_sheet"]
    shown = quick.json("client", "front", "C014")
    assert shown["front_sheet"] == set_to
    assert {name: set_to[name] for name in sheet} == sheet
    assert set_to["safety_plan"] == ""
    assert (shown["sessions_held"], shown["client"]) == (2, "C014")
    assert quick.json("client", "front-set", "C014", given=json.dumps(set_to))["front_sheet"] == set_to


def test_a_front_sheet_is_read_by_a_person(quick: InProcess) -> None:
    quick.run(
        "client", "front-set", "C014", "-", given='{"safety_plan": "Crisis \\u001b[31mline", "sessions_planned": 2}'
    )
    done = quick.run("client", "front", "C014")
    assert done.code == 0
    assert done.out.startswith("Client C014, session 2 of 2\nEmergency contact: not given\n")
    assert "Crisis ⟨U+001B⟩[31mline" in done.out
    assert "All planned sessions have been held." in done.out


def test_a_form_that_cannot_be_used_changes_nothing_and_is_not_repeated(quick: InProcess) -> None:
    quick.run("client", "front-set", "C014", given='{"gp": "Kept Surgery"}')
    for form in ('{"ending": "secretword"}', '{"secretword": 1}', "secretword"):
        done = quick.run("client", "front-set", "C014", given=form)
        assert (done.code, done.out) == (2, "")
        assert "secretword" not in done.err
    assert quick.json("client", "front", "C014")["front_sheet"]["gp"] == "Kept Surgery"


def test_the_monday_list_says_what_is_still_to_do(quick: InProcess) -> None:
    todo = quick.json("monday")
    assert [(line["client"], line["note"]) for line in todo["unfinished"]] == [("C014", 2)]
    assert [(line["client"], line["note"]) for line in todo["to_review"]] == [("D100", 1)]
    assert [(line["client"], line["note"]) for line in todo["risk_not_recorded"]] == [("C014", 2), ("D100", 1)]
    assert todo["near_ending"] == []
    printed = quick.run("monday").out
    assert "Unfinished notes: 1\n    C014: note 2, session, 2026-03-11\n" in printed
    assert "Near the ending: none" in printed
