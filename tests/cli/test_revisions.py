"""Revisions, differences and a note moved to the right client's file, without a screen."""

import json
from pathlib import Path

from tests.cli.conftest import SIGNED, UNSIGNED
from tests.cli.driver import InProcess
from tests.reports.written import written_in

WORDS = "okapiword"


def test_revisions_are_listed_and_compared(quick: InProcess) -> None:
    assert quick.run("note", "diff", UNSIGNED).code == 2
    quick.json("note", "save", UNSIGNED, given="He walked to the river and back.")
    listed = quick.json("note", "revisions", UNSIGNED)
    assert [(row["revision"], row["words"]) for row in listed["revisions"]] == [(1, 7), (2, 7)]
    told = quick.json("note", "diff", UNSIGNED)
    assert (told["from"], told["to"]) == (1, 2)
    assert told["changes"] == [
        {"change": "same", "text": "He walked to the "},
        {"change": "removed", "text": "sea"},
        {"change": "added", "text": "river"},
        {"change": "same", "text": " and back."},
    ]
    assert "± He walked to the [−sea−]{+river+} and back.\n" in quick.run("note", "diff", UNSIGNED, "1", "2").out
    spoken = quick.run("--plain", "note", "diff", UNSIGNED).out
    assert "Line 1, changed: He walked to the (removed: sea)(added: river) and back.\n" in spoken
    assert quick.run("note", "diff", UNSIGNED, "2", "2").out.endswith("The two are the same.\n")
    assert quick.run("note", "diff", UNSIGNED, "1", "3").code == 2
    assert quick.json("note", "revisions", UNSIGNED, "--process")["revisions"] == []
    # The text of a signed note as it came to be is there too.
    assert len(quick.json("note", "revisions", SIGNED)["revisions"]) == 1


def test_a_note_of_the_wrong_client_is_moved_and_no_word_of_it_is_found_under_them(quick: InProcess) -> None:
    made = quick.json("note", "add", "C014", "--date", "2026-03-12", given=f"{WORDS} was said.")["note"]
    assert quick.run("note", "move", made, "D100", given="C014/1").code == 2
    assert quick.run("note", "move", made, "C014", "--yes").code == 2
    assert quick.run("note", "move", made, "NOBODY", "--yes").code == 2
    assert quick.json("note", "show", made)["text"] == f"{WORDS} was said."
    moved = quick.json("note", "move", made, "D100", given=f"{made.lower()}\n")
    assert (moved["note"], moved["moved_from"], moved["files_written"]) == ("D100/2", made, [])
    assert quick.json("note", "show", "D100/2")["text"] == f"{WORDS} was said."
    listed = quick.json("note", "list", "C014")
    assert [row["note"] for row in listed["notes"]] == [SIGNED, UNSIGNED]
    assert listed["moved"] == [{"note": made, "date": "2026-03-12", "kind": "session"}]
    printed = quick.run("note", "list", "C014").out
    assert f"{made}  2026-03-12  session  – filed under the wrong client, moved –\n" in printed
    assert "D100" not in printed
    gone = quick.run("note", "show", made)
    assert gone.code == 2
    assert "moved to the right file" in gone.err
    assert quick.json("search", "--client", "C014", given=WORDS)["hits"] == []
    assert [hit["note"] for hit in quick.json("search", given=WORDS)["hits"]] == ["D100/2"]
    assert quick.json("verify")["sound"] is True


def test_what_was_signed_and_written_outside_is_said_before_it_is_moved(quick: InProcess) -> None:
    quick.json("consent", "record", "C014", "supervision", "agreed")
    quick.reported("C014", "--out", "made")
    quick.json("note", "addendum", SIGNED, "-", given="She rang.")
    done = quick.run("note", "move", SIGNED, "D100", "--yes")
    assert done.code == 0
    assert "OUTSIDE MY REACH" in done.err
    assert "It was signed" in done.err
    text = quick.json("note", "show", "D100/2")
    assert text["signed"] is False
    assert text["text"].startswith("The house is quiet now.\n\nAddendum 1, ")
    assert text["text"].endswith("A. Invented:\nShe rang.")
    # Nothing of it reaches a report of the wrong client any more.
    assert quick.run("report", "C014", "--out", "again").code != 0


def test_the_wrong_file_no_export_report_log_or_list_of_the_wrong_client_holds_a_word(quick: InProcess) -> None:
    """The story: a whole session of one client, signed in another's file with theirs beside it."""
    form = {
        "focus": f"{WORDS} focus",
        "themes": [{"label": f"{WORDS} theme", "sentences": [1]}],
        "risk": {"state": "raised_by_client", "words": f"{WORDS} risk"},
    }
    made = quick.json("note", "add", "C014", "--date", "2026-03-12", given=f"{WORDS} was said.")["note"]
    quick.json("note", "save", made, "--process", given=f"{WORDS} in process notes")
    quick.json("finish", made, "-", given=json.dumps(form))
    quick.json("sign", made, "--attest")
    quick.json("note", "addendum", made, "-", given=f"{WORDS} added")
    quick.json("followup", "add", "C014", "--on", "+3", "--note", made, given=f"{WORDS} to do")
    quick.json("consent", "record", "C014", "supervision", "agreed")
    quick.json("note", "move", made, "D100", "--yes")
    for folder in ("wrong", "right"):
        (quick.room / folder).mkdir()
    quick.json("export", "C014", "--to", str(quick.room / "wrong"))
    quick.json("export", "D100", "--to", str(quick.room / "right"))
    quick.reported("C014", "--out", str(quick.room / "wrong" / "report"), "--risk")
    written = {folder: read_all(quick.room / folder) for folder in ("wrong", "right")}
    assert "The house is quiet now." in written["wrong"]
    assert WORDS not in written["wrong"].lower()
    assert "D100" not in written["wrong"]
    for words in ("was said.", "in process notes", "focus", "theme", "risk", "added", "to do"):
        assert f"{WORDS} {words}" in written["right"]
    for listed in (("note", "list", "C014"), ("followup", "list", "C014"), ("client", "list"), ("monday",)):
        shown = json.dumps(quick.json(*listed))
        assert (WORDS in shown) == (listed == ("monday",))  # there it is the right client's
    assert [line["client"] for line in quick.json("monday")["follow_ups_due"]] == ["D100"]
    assert quick.json("verify")["sound"] is True


def read_all(folder: Path) -> str:
    return "\n".join(written_in(path) for path in sorted(folder.rglob("*")) if path.is_file())
