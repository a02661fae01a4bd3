"""What cannot be a note, a code or a date, and what only looks so: one clear sentence, the right exit code, nothing
lost.

Owns: the list of bad inputs as a whole. tests/cli/test_notes.py has texts with anything in them that are kept as given.
"""

import json
import shutil
from datetime import date, timedelta

import pytest

from tests.cli.conftest import EMPTY, SIGNED, UNSIGNED
from tests.cli.driver import InProcess

TOMORROW = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 - later than today in every time zone
REFUSED = {
    "empty note": (("note", "add", "C014"), b"", "empty"),
    "white space alone": (("note", "add", "C014"), b" \n\t\r\n", "empty"),
    "empty new text": (("note", "save", UNSIGNED), b"\n", "empty"),
    "not UTF-8": (("note", "add", "C014"), b"\xff\xfeA\x00", "not text in UTF-8"),
    "half a pair": (("note", "add", "C014"), b"\xed\xa0\x80", "not text in UTF-8"),
    "over the limit": (("note", "add", "C014"), b"a" * 20_000_001, "at most 20,000,000"),
    "in the future": (("note", "add", "C014", "--date", TOMORROW), b"x", "between 1950 and today"),
    "ancient": (("note", "add", "C014", "--date", "1899-12-31"), b"x", "between 1950 and today"),
    "no date": (("note", "add", "C014", "--date", "31/12/2025"), b"x", "YYYY-MM-DD"),
    "a day that is none": (("note", "add", "C014", "--date", "2026-02-30"), b"x", "YYYY-MM-DD"),
    "unknown code": (("note", "add", "X9"), b"x", "client"),
    "duplicate code": (("client", "add", "C014"), b"", "C014|taken|already"),
    "duplicate code, case apart": (("client", "add", "c014"), b"", "taken|already"),
    "a name for a code": (("client", "add", "Ruth Invented"), b"", "a code, not a name"),
    "an escape for a code": (("client", "add", "C\x1b[2J"), b"", "a code, not a name"),
    "no such note": (("note", "show", "C014/99"), b"", "no note with that number"),
    "no reference": (("note", "show", "C014"), b"", "CODE/N"),
    "a signed note": (("note", "save", SIGNED), b"later", "signed"),
    "a filter that leaves none": (("search", "--from", "2026-03-02", "--to", "2026-03-01"), b"sea", "after the last"),
    "a filter that is no day": (("search", "--from", "March"), b"sea", "YYYY-MM-DD"),
    "a theme among unsigned": (("search", "--unsigned", "--theme", "x"), b"sea", "signed notes only"),
    "no such template": (("note", "new", "C014", "--template", "../../x"), b"", "no template"),
    "two beginnings": (("note", "new", "C014", "--template", "x", "--format", "soap"), b"", "not both"),
    "the end of the work in the future": (
        ("client", "front-set", "C014"),
        b'{"ended": "%s"}' % TOMORROW.encode(),
        "still to come",
    ),
    "born in the future": (("identity", "set", "C014"), b'{"born": "%s"}' % TOMORROW.encode(), "still to come"),
    "a signer's name without an end": (("signer", "--name", "A. " * 100), b"", "at most 200"),
    "half a pair for a signer": (("signer", "--name", "A\udcff"), b"", "broken characters"),
    "half a pair for who asked": (("access", "ask", "C014", "--by", "A\udcff"), b"", "broken characters"),
    "a number no note can have": (("correction", "ask", "C014", "--by", "A", "--note", "9" * 30), b"x", "no note with"),
    "nothing to import": (("import", "nowhere", "--client", "C014", "--yes"), b"", "not there"),
}


@pytest.fixture(scope="module")
def shared(first: tuple[InProcess, str], tmp_path_factory: pytest.TempPathFactory) -> InProcess:
    """One copy of the first vault for all refusals: none of them may change it."""
    made = InProcess(tmp_path_factory.mktemp("bad") / "room", key=first[1])
    shutil.copytree(first[0].vault, made.vault)
    return made


def held(program: InProcess) -> tuple[object, ...]:
    """What the vault holds, but for the log of who opened it."""
    listed = program.json("client", "list"), program.json("note", "list", "C014")
    return *listed, program.json("note", "show", UNSIGNED), program.json("note", "show", SIGNED)


@pytest.fixture(scope="module")
def before(shared: InProcess) -> tuple[object, ...]:
    return held(shared)


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_one_sentence_and_nothing_is_changed(
    shared: InProcess, before: tuple[object, ...], name: str
) -> None:
    arguments, given, said = REFUSED[name]
    done = shared.run(*arguments, given=given)
    assert (done.code, done.out) == (2, ""), done
    assert done.err.startswith("notekeeper: ")
    assert done.err.count("\n") == 1
    assert "\x1b" not in done.err
    assert any(word in done.err for word in said.split("|")), done.err
    assert held(shared) == before


BROKEN_FILES = {
    "broken.docx": b"PK\x03\x04\x00",
    "old.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "empty 2026-01-01.txt": b"",
    "blank 2026-01-02.md": b"\r\n \r\n",
    "cut.json": b'[{"text": "x", "date": "2026-01-03"}',
    f"future {TOMORROW}.txt": b"Not yet.",
    "picture 2026-01-04.txt": bytes(range(256)) * 20,
    "2026-01-05.rtf": b"{\\rtf1}",
}


def test_broken_files_are_named_and_a_sound_one_beside_them_comes_in(quick: InProcess) -> None:
    folder = quick.work / "old"
    folder.mkdir()
    for name, content in {**BROKEN_FILES, "2026-01-06 sound.txt": b"A heron.\x00\x1b[31m"}.items():
        (folder / name).write_bytes(content)
    done = quick.run("import", "old", "--client", "C014", "--yes", "--json")
    assert done.code == 2
    assert "\x1b" not in done.out + done.err
    assert sorted(each["file"].rpartition("/")[2] for each in done.json["refused"]) == sorted(BROKEN_FILES)
    assert all(each["reason"].endswith(".") for each in done.json["refused"])
    assert {path.name: path.read_bytes() for path in folder.iterdir()}.items() >= BROKEN_FILES.items()
    (note,) = done.json["notes"]
    assert quick.json("note", "show", f"C014/{note['number']}")["text"] == "A heron.\x00\x1b[31m"


def test_a_megabyte_is_imported_whole_and_the_preview_says_that_it_is_long(quick: InProcess) -> None:
    text = "She walked to the sea and back. " * 35_000
    (quick.work / "2026-01-05.txt").write_text(text)
    done = quick.json("import", "2026-01-05.txt", "--client", "C014", "--yes")
    assert "kept whole" in done["notes"][0]["remarks"][0]
    assert quick.json("note", "show", f"C014/{done['notes'][0]['number']}")["text"] == text
    assert json.dumps(text)[:20] not in json.dumps(done)


def test_a_note_begun_with_headings_is_typing_and_no_saved_note(quick: InProcess) -> None:
    made = quick.json("note", "new", "C014", "--format", "soap")
    assert made["note"] == EMPTY
    assert quick.json("note", "show", EMPTY, "--unsaved")["text"].startswith("Subjective:\n")
    assert quick.run("note", "show", EMPTY).code == 2
