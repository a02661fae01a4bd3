"""`import`: looked at first, brought in once however often it is stopped, and every bad file named."""

import json
import random
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.driver import InProcess, Program
from tests.forms import many
from tests.vault.invented import Sealed

FILES = many(60, 1000)


def write(folder: Path, texts: Mapping[str, str | bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def test_a_folder_is_looked_at_and_then_imported_unsigned(quick: InProcess) -> None:
    folder = write(
        quick.work / "old",
        {
            "2026-01-05.txt": "She rang.\r\nAnd wrote.\r\n",
            "b.md": "---\ndate: 2026-01-06\nkind: letter\n---\nA letter.",
            "c.json": json.dumps([{"date": "2026-01-07", "text": "One"}, {"date": "2999-01-01", "text": "Two"}]),
            "d.docx": b"PK\x03\x04 broken",
            "e.pdf": b"%PDF",
            "2026-01-08.txt": "",
            "undated.txt": "No day.",
        },
    )
    (folder / "link.txt").symlink_to(folder / "b.md")
    before = quick.json("note", "list", "C014")
    looked = quick.run("import", "old", "--client", "C014", "--dry-run")
    assert looked.code == 2
    assert "C014  2026-01-05  session  21 characters  2026-01-05.txt" in looked.out
    assert "To import: 3 note(s). Imported before: 0. Refused: 6." in looked.out
    assert quick.json("note", "list", "C014") == before
    done = quick.run("import", "old", "--client", "C014", "--yes", "--json")
    assert done.code == 2
    reasons = {Path(each["file"]).name: each["reason"] for each in done.json["refused"]}
    assert set(reasons) == {"c.json", "d.docx", "e.pdf", "2026-01-08.txt", "undated.txt", "link.txt"}
    assert "future" in reasons["c.json"]
    assert "empty" in reasons["2026-01-08.txt"]
    assert "No date" in reasons["undated.txt"]
    notes = quick.json("note", "list", "C014")["notes"][len(before["notes"]) :]
    assert [(n["date"], n["kind"], n["signed"]) for n in notes] == [
        ("2026-01-05", "session", False),
        ("2026-01-06", "letter", False),
        ("2026-01-07", "session", False),
    ]
    assert quick.json("note", "show", notes[0]["note"])["text"] == "She rang.\nAnd wrote.\n"
    assert [hit["note"] for hit in quick.json("search", given="letter")["hits"]] == [notes[1]["note"]]
    again = quick.run("import", "old", "--client", "C014", "--yes", "--date", "2026-01-09")
    assert f"imported before as {notes[0]['note']}" in again.out
    assert "Imported: 1 note(s), not signed." in again.out  # the one without a day
    assert quick.json("verify")["sound"] is True


def test_the_same_words_on_two_days_are_two_notes(quick: InProcess) -> None:
    texts = {f"2026-01-{day:02}.txt": "Did not attend." for day in (5, 12, 19)}
    write(quick.work / "old", {**texts, "A copy.txt": "Did not attend."})
    ask = ("import", "old", "--client", "C014", "--yes", "--json")
    done = quick.run(*ask)
    assert [(n["date"], n["already"]) for n in done.json["notes"]] == [
        ("2026-01-05", None),
        ("2026-01-12", None),
        ("2026-01-19", None),
    ]
    assert "very same text" in done.json["notes"][1]["remarks"][0]
    assert len(done.json["refused"]) == 1  # the copy bears no day, and is not taken for imported
    again = quick.run(*ask, "--date", "2026-02-02").json
    assert all(each["already"] for each in again["notes"])
    assert len(quick.json("note", "list", "C014")["notes"]) == 2 + 3


def test_one_file_twice_in_an_import_comes_once_and_each_client_has_its_own(quick: InProcess) -> None:
    quick.json("client", "add", "K7")
    write(
        quick.work / "old",
        {"C014 2026-01-05.txt": "Same.", "C014 2026-01-05 (2).txt": "Same.", "K7_20260105.md": "Same."},
    )
    done = quick.run("import", "old", "--by-name", "--yes", "--json")
    assert done.code == 0
    assert [(n["client"], n["already"]) for n in done.json["notes"]] == [
        ("C014", None),
        ("C014", "another file of this import"),
        ("K7", None),
    ]


def test_what_is_not_said_is_asked_and_nothing_is_imported(quick: InProcess) -> None:
    write(quick.work / "old", {"2026-01-05.txt": "Text."})
    for arguments in (
        ("old", "--yes"),
        ("old", "--yes", "--client", "C014", "--by-name"),
        ("old", "--client", "C014"),
        ("nowhere", "--client", "C014", "--yes"),
        ("old", "--client", "X9", "--yes"),
        ("old", "--client", "C014", "--yes", "--date", "2999-01-01"),
    ):
        done = quick.run("import", *arguments)
        assert (done.code, done.out) == (2, ""), arguments
        assert done.err
    assert len(quick.json("note", "list", "C014")["notes"]) == 2


@pytest.mark.timeout(900)
def test_an_import_that_is_killed_goes_on_where_it_stopped(first: tuple[InProcess, str], program: Program) -> None:
    numbers = range(FILES)
    write(program.work / "old", {f"2026-01-05 {n:04}.txt": f"Note number {n} of them all." for n in numbers})
    asked = ("import", "old", "--client", "C014", "--yes", "--json")
    with program.started(*asked) as process:
        deadline, held = time.monotonic() + 60, program.vault / "vault.db-wal"
        while process.poll() is None and time.monotonic() < deadline:
            if held.exists() and held.stat().st_size > 50_000:  # the first notes are in
                time.sleep(random.uniform(0, FILES / 100))
                break
            time.sleep(0.002)
        process.kill()
        process.wait()
    done = program.run(*asked)
    assert done.code == 0, done.err
    before = sum(each["already"] is not None for each in done.json["notes"])
    print(f"killed after {before} of {FILES} notes")
    assert len(done.json["notes"]) == FILES
    vault = Sealed(program.vault, first[1]).open()
    try:
        notes = vault.notes.of_client(vault.clients.by_code("C014").id)[2:]
        texts = [revision.text for note in notes if (revision := vault.notes.latest(note.id))]
        assert vault.verify().problems == ()
    finally:
        vault.close()
    assert sorted(texts) == sorted(f"Note number {n} of them all." for n in numbers)
