"""`identifier` at the command line: nothing of an identifier in an argument, JSON for every command."""

import json

import pytest

from tests.cli.conftest import first, quick
from tests.cli.driver import InProcess

__all__ = ["first", "quick"]


def test_identifiers_are_entered_listed_proposed_and_taken_off(quick: InProcess) -> None:
    quick.run("note", "add", "C014", given="She told Priya about Whitby.")
    proposed = quick.json("identifier", "propose", "C014")["proposals"]
    assert [(one["text"], one["type"]) for one in proposed] == [("Priya", "person"), ("Whitby", "person")]
    added = quick.json("identifier", "add", "C014", "--proposed", given="Priya\n\nWhitby\n")
    assert [one["source"] for one in added["added"]] == ["proposed", "proposed"]
    quick.json("identifier", "add", "C014", "--type", "place", given="Whitby")
    listed = quick.json("identifier", "list", "C014")
    assert [(one["text"], one["type"]) for one in listed["identifiers"]] == [("Priya", "person"), ("Whitby", "place")]
    assert quick.json("identifier", "remove", "C014", given="priya\nNobody")["removed"] == 1
    assert quick.json("identifier", "propose", "C014")["proposals"] == []
    assert quick.run("identifier", "add", "C014", given="").code == 2


def test_the_identity_is_counted_and_shown_only_where_that_is_logged(quick: InProcess) -> None:
    quick.json("identity", "set", "C014", given=json.dumps({"name": "Ngozi Amoah"}))
    listed = quick.run("identifier", "list", "C014")
    assert "Ngozi" not in listed.out
    assert "1 more from identity" in listed.out
    assert "Ngozi" in quick.run("identifier", "list", "C014", "--all").out
    assert "The identity was shown." in quick.run("log", "--client", "C014").out


def test_a_decision_is_read_from_two_lines_and_listed(quick: InProcess) -> None:
    decided = quick.json("identifier", "decide", "C014", "keep", given="Whitby\na town of thousands\n")["decision"]
    assert (decided["found"], decided["treatment"], decided["reason"]) == ("Whitby", "keep", "a town of thousands")
    assert quick.json("identifier", "decide", "C014", "replace", given="Priya")["decision"]["instead"] == "[name]"
    assert quick.run("identifier", "decide", "C014", "keep", given="Whitby").code == 2
    assert quick.run("identifier", "decide", "C014", "replace", given="a\nb\nc").code == 2
    told = quick.run("identifier", "list", "C014").out
    assert "Whitby: kept; reason: a town of thousands" in told
    assert "Priya: replaced by [name]" in told


def test_a_text_is_looked_through_before_it_is_sent(quick: InProcess) -> None:
    quick.json("identifier", "add", "C014", given="Priya")
    letter = quick.work / "letter.md"
    letter.write_text("On the phone with Pria and Whitby\\.", encoding="utf-8")
    found = quick.json("identifier", "check", "C014", str(letter))
    assert [(one["found"], one["known"]) for one in found["undecided"]] == [("Pria", "Priya"), ("Whitby", "")]
    told = quick.run("identifier", "check", "C014", given="nothing at all")
    assert "0 to decide on" in told.out
    assert quick.run("identifier", "check", "C014", "there-is-none.txt").code == 2


@pytest.mark.parametrize("command", ["add", "remove", "decide"])
def test_no_command_takes_an_identifier_as_an_argument(quick: InProcess, command: str) -> None:
    refused = quick.run("identifier", command, "C014", "Zbigniew the Great")
    assert refused.code == 2
    assert "Zbigniew" not in refused.out
