"""Notes with anything in them: kept as they were given, shown so that no terminal obeys them."""

import unicodedata

import pytest

from tests.cli.conftest import DRAFTED, SIGNED, UNSIGNED
from tests.cli.driver import InProcess, Program

HOSTILE = {
    "escapes": "Before \x1b[2J\x1b]52;c;aGVsbG8=\x07 after \x9b31m red.",
    "NUL and controls": "A\x00B\x01C\x7fD\x85E.",
    "bidirectional": "He paid \u202e0001\u202c and \u2066hid\u2069 it.\u200b",
    "carriage returns": "Shown\roverwritten\r\nnext line\n",
    "markup": "[bold red]x[/] <script>alert(1)</script> {{ 7*7 }} %s \\x1b[2J",
    "scripts": "Ça va – 你好 👩‍👩‍👧 e\u0301 שלום.",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_note_comes_back_as_given_and_is_inert_when_shown(quick: InProcess, name: str) -> None:
    text = HOSTILE[name]
    made = quick.json("note", "add", "C014", given=text)
    assert quick.json("note", "show", made["note"])["text"] == text
    shown = quick.run("note", "show", made["note"]).out
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    assert not set(shown) & set("\u202e\u2066\u202c\u2069\u200b\u2028")
    assert quick.json("verify")["sound"] is True


def test_a_note_of_a_million_characters_is_kept_and_drafting_says_too_long(quick: InProcess) -> None:
    text = "She walked to the sea and back, and said so. " * 22_300
    made = quick.json("note", "add", "C014", given=text)
    assert made["characters"] == len(text) > 1_000_000
    assert quick.json("note", "show", made["note"])["text"] == text
    quick.json("consent", "record", "C014", "drafting", "agreed")
    done = quick.run("draft", made["note"], "--json")
    assert (done.code, done.out) == (2, "")
    assert "Nothing was cut" in done.err


def test_a_byte_order_mark_is_not_part_of_a_note(quick: InProcess) -> None:
    made = quick.json("note", "add", "C014", given=b"\xef\xbb\xbfPasted from another quick.")
    assert quick.json("note", "show", made["note"])["text"] == "Pasted from another quick."


def test_typing_that_breaks_off_is_kept_up_to_there(quick: InProcess) -> None:
    done = quick.run("note", "write", "C014", "--json", given=b"The first line.\nThe second.\n\xff\xfe\nnever\n")
    assert done.code == 2
    assert "note recover C014/3" in done.err
    assert quick.json("note", "show", "C014/3", "--unsaved")["text"] == "The first line.\nThe second.\n"
    assert quick.json("note", "recover", "C014/3")["revision"] == 1


def test_a_later_revision_is_what_is_shown_and_found(quick: InProcess) -> None:
    assert quick.json("note", "save", UNSIGNED, given="He flew a kite.")["revision"] == 2
    assert quick.json("note", "show", UNSIGNED)["text"] == "He flew a kite."
    assert [hit["note"] for hit in quick.json("search", given="kite")["hits"]] == [UNSIGNED]
    assert quick.json("search", given="walked sea")["hits"] == []
    assert quick.json("search", given='") OR 1 -- *')["hits"] == []


def test_process_notes_stay_apart(quick: InProcess) -> None:
    quick.json("note", "save", UNSIGNED, "--process", given="My own irritation.")
    assert quick.json("note", "show", UNSIGNED)["text"] == "He walked to the sea and back."
    assert quick.json("note", "show", UNSIGNED, "--process")["text"] == "My own irritation."


def test_a_decision_is_taken_back_and_the_item_awaits_one_again(quick: InProcess) -> None:
    quick.json("review", "reject", DRAFTED, "T1", "--reason", "wording")
    again = quick.json("review", "reopen", DRAFTED, "t1")
    assert (again["decision"]["choice"], again["undecided"]) == ("reopened", ["F", "T1", "R1", "I1"])
    assert quick.json("review", "list", DRAFTED)["items"][1]["decision"] is None
    assert quick.json("review", "accept", DRAFTED, "T1")["undecided"] == ["F", "R1", "I1"]
    assert quick.run("review", "reopen", DRAFTED, "T9").code == 2
    assert quick.run("review", "reopen", SIGNED, "T1").code == 2


def test_output_for_a_terminal_that_is_not_unicode_still_comes(program: Program) -> None:
    program.more = {"PYTHONIOENCODING": "ascii"}
    done = program.run("consent", "show", "C014")
    assert done.code == 0
    assert "drafting: not asked" in done.out
