"""Everything that can be asked for wrongly: its exit code, a sentence to act on, and nothing changed on disk."""

import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import DRAFTED, SIGNED, UNSIGNED
from tests.cli.driver import PASSPHRASE, Done, InProcess, Program, record, snapshot
from tests.vault.invented import Sealed

# Two days on, so that it is still ahead when midnight comes while the tests run.
TOMORROW = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 - the day as the program counts it
BAD_FORM = '{"focus": "wrennidge", "themes": [{"name": "wrennidge"}]}'

# What is typed, what comes on standard input, the exit code, words of the sentence.
REFUSED: dict[str, tuple[tuple[str, ...], str | bytes, int, str]] = {
    "unknown client": (("note", "add", "C999"), "Some words.", 2, "no client with that code"),
    "duplicate code": (("client", "add", "C014"), "", 2, "already"),
    "a name for a code": (("client", "add", "Jane Doe"), "", 2, "use a code, not a name"),
    "unknown note": (("note", "show", "C014/99"), "", 2, "no note with that number"),
    "no reference": (("note", "show", "C014"), "", 2, "CODE/N"),
    "signed note saved": (("note", "save", SIGNED), "Other words.", 2, "signed"),
    "signed note finished": (("finish", SIGNED, "-"), '{"focus": "Other"}', 2, "signed"),
    "signed note signed": (("sign", SIGNED, "--attest"), "", 2, "signed already"),
    "signed note decided": (("review", "accept", SIGNED, "T1"), "", 2, "signed"),
    "nothing decided": (("sign", DRAFTED, "--attest"), "", 3, "F, T1, R1, I1"),
    "no attestation": (("sign", UNSIGNED), "", 3, "--attest"),
    "no risk entry": (("sign", UNSIGNED, "--attest"), "", 3, "Not recorded"),
    "unknown item": (("review", "accept", DRAFTED, "T9"), "", 2, "no item T9"),
    "no destination": (("review", "accept", DRAFTED, "R1"), "", 2, "supervision notes"),
    "edited to nothing": (("review", "edit", DRAFTED, "F"), "  \n", 2, "new wording"),
    "a label that quotes": (("review", "edit", DRAFTED, "T1"), "Being “the strong one”", 2, "quotation marks"),
    "never asked": (("draft", UNSIGNED), "", 4, "has not been asked"),
    "no agreement to a report": (("report", "C014"), "", 4, "has not been asked"),
    "empty note": (("note", "add", "C014"), " \n\t\n", 2, "empty"),
    "future date": (("note", "add", "C014", "--date", TOMORROW), "Some words.", 2, "today"),
    "no date": (("note", "add", "C014", "--date", "yesterday"), "Some words.", 2, "YYYY-MM-DD"),
    "not UTF-8": (("note", "add", "C014"), b"caf\xe9", 2, "UTF-8"),
    "UTF-16": (("note", "add", "C014"), "Some words.".encode("utf-16"), 2, "UTF-8"),
    "no such file": (("note", "add", "C014", "nowhere.txt"), "", 2, "could not be read"),
    "form is no JSON": (("finish", UNSIGNED, "-"), '{"focus": "wrennidge"', 2, "cannot be used"),
    "form with unknown fields": (("finish", UNSIGNED, "-"), BAD_FORM, 2, "themes"),
    "form with another code": (("finish", UNSIGNED, "-"), '{"themes": [{"label": "A", "code": "zz"}]}', 2, "taxonomy"),
    "form with no such sentence": (
        ("finish", UNSIGNED, "-"),
        '{"themes": [{"label": "A", "sentences": [9]}]}',
        2,
        "sentences 1 to 1",
    ),
    "nothing typed": (("note", "recover", UNSIGNED), "", 2, "no unsaved text"),
    "no such report": (("browse", "nowhere.json"), "", 40, "no such report"),
    "no such model": (("suggest", "--model", "gpt-9", "-"), "Some words.", 31, "models list"),
    "no such command": (("frobnicate",), "", 2, "--help"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_its_code_and_nothing_changed(quick: InProcess, name: str) -> None:
    arguments, given, code, words = REFUSED[name]
    before = record(quick)
    done = quick.run(*arguments, given=given)
    _refused(done, code, words)
    assert record(quick) == before
    assert not any(quick.work.iterdir())


def _refused(done: Done, code: int, words: str) -> None:
    assert (done.code, done.out) == (code, ""), done
    assert words in done.err
    assert done.err.startswith("notekeeper: ")
    assert len(done.err.splitlines()) == 1
    for leaked in ("Traceback", "wrennidge", PASSPHRASE, "SQLITE", "sqlcipher", "pydantic"):
        assert leaked not in done.err


def test_a_draft_left_behind_by_newer_text_takes_no_decision(quick: InProcess) -> None:
    quick.json("note", "save", DRAFTED, given="She sold the piano and the stool.")
    _refused(quick.run("review", "accept", DRAFTED, "T1"), 3, "changed after its draft was made")
    assert quick.json("review", "list", DRAFTED)["draft"] == "stale"
    assert "modelword" not in quick.run("review", "list", DRAFTED).out


def _no_vault(program: Program) -> None:
    shutil.rmtree(program.vault)


def _zero(program: Program) -> None:
    (program.vault / "vault.db").write_bytes(b"")


def _header_cut(program: Program) -> None:
    header = program.vault / "header"
    header.write_bytes(header.read_bytes()[:-40])


def _header_flipped(program: Program) -> None:
    header = program.vault / "header"
    raw = bytearray(header.read_bytes())
    raw[len(raw) // 2] ^= 1
    header.write_bytes(raw)


def _header_lost(program: Program) -> None:
    (program.vault / "header").unlink()


def _database_flipped(program: Program) -> None:
    database = program.vault / "vault.db"
    raw = bytearray(database.read_bytes())
    raw[100] ^= 1
    database.write_bytes(raw)


def _not_a_vault(program: Program) -> None:
    _no_vault(program)
    program.vault.mkdir()


BROKEN: dict[str, tuple[Callable[[Program], None], int, str]] = {
    "missing": (_no_vault, 11, "notekeeper init"),
    "no vault": (_not_a_vault, 11, "not a vault"),
    "zero bytes": (_zero, 15, "zero bytes"),
    "header cut short": (_header_cut, 14, "Nothing was changed"),
    "header with one bit flipped": (_header_flipped, 14, "Nothing was changed"),
    "header lost": (_header_lost, 14, "header is missing"),
    "database with one bit flipped": (_database_flipped, 14, "damaged"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_vault_that_cannot_be_opened_says_so_and_stays_as_it_is(quick: InProcess, name: str) -> None:
    break_it, code, words = BROKEN[name]
    break_it(quick)
    before = snapshot(quick.vault) if quick.vault.exists() else None
    _refused(quick.run("client", "list"), code, words)
    _refused(quick.run("note", "add", "C014", given="Some words."), code, words)
    after = snapshot(quick.vault) if quick.vault.exists() else None
    if before is not None and after is not None:
        before.pop("lock", None)
        after.pop("lock", None)
    assert after == before


def test_a_wrong_passphrase_changes_nothing(quick: InProcess) -> None:
    before = snapshot(quick.vault)
    _refused(quick.run("client", "list", passphrase="velvet lantern tenth orchard"), 13, "")
    _refused(quick.run("client", "list", passphrase=""), 13, "")
    after = snapshot(quick.vault)
    assert json.loads(after.pop("attempts"))["count"] == 2
    assert after == before


def test_init_leaves_an_existing_vault_alone_and_refuses_a_weak_passphrase(quick: InProcess, tmp_path: Path) -> None:
    before = snapshot(quick.vault)
    _refused(quick.run("init"), 12, "already something")
    assert snapshot(quick.vault) == before
    other = InProcess(tmp_path / "other", passphrase="password1")
    _refused(other.run("init"), 18, "")
    assert not other.vault.exists()


def test_a_newer_vault_is_left_to_a_newer_program(quick: InProcess, sealed: Sealed) -> None:
    raw = sealed.sqlcipher()
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    before = snapshot(quick.vault)
    _refused(quick.run("client", "list"), 16, "newer notekeeper")
    assert snapshot(quick.vault) == before


def test_a_second_instance_is_told_where_the_first_is(program: Program, sealed: Sealed) -> None:
    held = sealed.open()
    try:
        _refused(program.run("note", "add", "C014", given="Some words."), 17, "Another notekeeper")
    finally:
        held.close()
    assert program.json("note", "list", "C014")["notes"][-1]["note"] == UNSIGNED


def test_without_a_terminal_the_passphrase_comes_by_a_descriptor(quick: InProcess) -> None:
    done = quick.run("--vault", str(quick.vault), "client", "list", vault=False)
    _refused(done, 2, "--passphrase-fd")
    done = quick.run("--vault", str(quick.vault), "--passphrase-fd", "77", "client", "list", vault=False)
    _refused(done, 2, "could not be read from that descriptor")
