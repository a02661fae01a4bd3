"""Supervisors at the command line: no vault, several files, keys compared, comments written back."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest

from notekeeper.reports.comments import read_comments
from notekeeper.reports.envelope import Seal, Secret
from notekeeper.services.bundling import bundle_report
from notekeeper.services.shelf import Shelf
from tests.browsing.invented import NOW, Therapist, page, theme
from tests.cli.driver import Done, InProcess, Program

WORDS = "otter velvet ladder quince"


@pytest.fixture
def room(tmp_path: Path) -> InProcess:
    return InProcess(tmp_path / "room")


@pytest.fixture
def rowan() -> Therapist:
    return Therapist.new()


def run(room: InProcess, *arguments: str, given: str = "") -> Done:
    return room.run(*arguments, given=given, vault=False)


def with_words(room: InProcess, *arguments: str, words: str = WORDS) -> Done:
    return room.run(*arguments, passphrase=words)


def test_one_report_is_printed_as_ever_with_who_signed_it_before(room: InProcess, rowan: Therapist) -> None:
    rowan.write(room.work, "a")
    shown = run(room, "browse", "a.json")
    assert (shown.code, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert lines[0].startswith("Signed with a key that you do not know yet; the report calls its maker Rowan Meadows")
    assert "Theme report for client C014, 5 January 2026 to 23 February 2026" in shown.out
    document = rowan.document().model_dump(mode="json")
    assert run(room, "browse", "a.json", "--json").json == document
    spoken = run(room, "--plain", "browse", "a.json").out
    assert "Section: Risk and safeguarding\n" in spoken


def test_several_are_printed_one_by_one_and_what_is_none_is_said(room: InProcess, rowan: Therapist) -> None:
    rowan.write(room.work, "a")
    rowan.write(room.work, "b", page("C022"))
    (room.work / "invoice.json").write_text('{"secret": "CANARY"}')
    shown = run(room, "browse", ".")
    assert shown.code == 40
    assert "invoice.json: This file is not a notekeeper report" in shown.err
    assert "1 of 3 files were not read" in shown.err
    assert shown.out.index("client C014") < shown.out.index("client C022")
    assert "CANARY" not in shown.out + shown.err
    found = run(room, "browse", "a.json", "b.json", "--json").json
    assert [each["clients"] for each in found["reports"]] == [["C014"], ["C022"]]
    assert [each["signature"] for each in found["reports"]] == ["unknown", "unknown"]
    assert found["not_read"] == []


def test_a_key_is_added_by_its_words_listed_and_removed(room: InProcess, rowan: Therapist) -> None:
    rowan.write(room.work, "a")
    (words,) = {tuple(each["words"]) for each in run(room, "browse", "--verify", "a.json", "--json").json["reports"]}
    assert run(room, "trust", "add", "a.json").code == 2  # nobody could be asked
    refused = run(room, "trust", "add", "a.json", "--words", "eight other words that nobody has read out")
    assert refused.code == 2
    assert "not the eight words" in refused.err
    assert run(room, "trust", "list", "--json").json["keys"] == []
    added = run(room, "trust", "add", "a.json", "--name", "Rowan", "--words", " ".join(words), "--json").json
    assert (added["added"]["name"], added["was"]) == ("Rowan", "unknown")
    listed = run(room, "trust", "list")
    assert f"Rowan, known since {added['added']['added_on']}: {' '.join(words)}\n" == listed.out
    assert run(room, "browse", "a.json").out.startswith("Signed by Rowan: the key that you know since")
    Therapist.new(rowan.name).write(room.work, "b", page("C031"))
    warned = run(room, "browse", "--verify", "a.json", "b.json")
    assert warned.code == 40
    assert "WARNING: this is NOT the key that you know for Rowan" in warned.out
    assert "1 of 2 reports cannot be relied on" in warned.err
    assert run(room, "trust", "remove", "Rowan").out == "Forgotten: 1 key of Rowan.\n"
    assert run(room, "trust", "remove", "Rowan").code == 2


def test_a_bundle_is_made_read_and_taken_out(room: InProcess, rowan: Therapist, tmp_path: Path) -> None:
    rowan.write(room.work, "a")
    weak = with_words(room, "bundle", "make", "a.json", words="password")
    assert weak.code == 18
    made = with_words(room, "bundle", "make", "a.json")
    assert made.code == 0, made.err
    assert (room.work / "a.zip.age").exists()
    shown = with_words(room, "browse", "a.zip.age")
    assert "client C014" in shown.out
    assert with_words(room, "browse", "a.zip.age", words="another passphrase").code == 13
    assert run(room, "browse", "a.zip.age").code == 2
    several = run(room, "browse", "a.json", "a.zip.age")
    assert several.code == 40
    assert "client C014" in several.out
    out = tmp_path / "out"
    out.mkdir()
    taken = with_words(room, "bundle", "open", "a.zip.age", "--out", str(out), "--json").json
    assert sorted(taken) == ["html", "json", "md", "pdf"]
    assert Path(taken["json"]).read_bytes() == (room.work / "a.json").read_bytes()


def test_a_bundle_for_a_key_opens_with_the_file_that_holds_it(room: InProcess, rowan: Therapist) -> None:
    keys = room.work / "key.txt"
    subprocess.run(["age-keygen", "-o", str(keys)], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", str(keys)], check=True, capture_output=True, text=True).stdout.strip()
    rowan.write(room.work, "a")
    assert run(room, "bundle", "make", "a.json", "--to", public, "--json").json["for"] == "keys"
    assert run(room, "browse", "a.zip.age").code == 13
    assert "client C014" in run(room, "browse", "a.zip.age", "--identity", "key.txt").out
    assert run(room, "bundle", "open", "a.zip.age", "--identity", "a.json").code == 2


def test_comments_hours_and_what_goes_back(room: InProcess, rowan: Therapist) -> None:
    rowan.write(room.work, "a")
    items = run(room, "supervisor", "items", "a.json").out
    assert "C014/risk  Risk and safeguarding\n" in items
    refused = run(room, "supervisor", "comment", "a.json", "C014/theme/9", given="Words")
    assert refused.code == 2
    said = run(
        room, "supervisor", "comment", "a.json", "C014/risk", "--action", "--until", "2026-05-21", given="Ask again"
    )
    assert "Kept as comment 1." in said.out
    run(room, "supervisor", "comment", "a.json", "C014/theme/1", given="Whose yes?")
    run(room, "supervisor", "comment", "a.json", "C014/theme/1", "--at", "2", given="Whose yes is it?")
    assert "    Agreed action 1, until 2026-05-21: Ask again\n" in run(room, "supervisor", "items", "a.json").out
    held = run(room, "supervisor", "held", "a.json", "--day", "2026-05-14", "--minutes", "60")
    assert "1 supervision, 1 h; 8 client sessions covered: one hour to 8 sessions" in held.out
    hours = run(room, "supervisor", "hours", "--json").json
    assert hours["held"][0]["sessions_covered"] == 8
    back = with_words(room, "supervisor", "write", "a.json", "--sealed", "--name", "Invented Supervisor", "--json").json
    found = read_comments(Path(back["file"]), Secret(passphrase=WORDS))
    assert (found.supervisor, str(found.discussed_on), found.minutes) == ("Invented Supervisor", "2026-05-14", 60)
    assert [each.text for each in found.comments] == ["Ask again", "Whose yes is it?"]
    run(room, "supervisor", "comment", "a.json", "C014/risk", "--at", "1", given="")
    assert [each.text for each in read_comments(room.work / "a.comments.json").comments] == ["Whose yes is it?"]


def test_two_reports_are_compared(room: InProcess, rowan: Therapist) -> None:
    rowan.write(room.work, "a", page(), page("C022"))
    rowan.write(room.work, "b", page(period=NOW, themes=(theme("Moving house", 11),)), page("C022", NOW))
    unclear = run(room, "supervisor", "compare", "a.json", "b.json")
    assert unclear.code == 2
    assert "C014, C022" in unclear.err
    shown = run(room, "supervisor", "compare", "b.json", "a.json", "--client", "C014").out
    assert shown.index("Risk and safeguarding") < shown.index("Themes: newly noted") < shown.index("Moving house")
    spoken = run(room, "--plain", "supervisor", "compare", "b.json", "a.json", "--client", "C014").out
    assert "Moving house, now: 1 of 6 sessions: 11\n" in spoken
    found = run(room, "supervisor", "compare", "b.json", "a.json", "--client", "C014", "--json").json
    assert found["sections"][0]["heading"] == "Risk and safeguarding"


def test_no_vault_is_made_or_looked_for(room: InProcess, rowan: Therapist) -> None:
    rowan.write(room.work, "a")
    for arguments in (("browse", "a.json"), ("trust", "list"), ("supervisor", "items", "a.json")):
        assert room.run(*arguments, vault=False).code == 0
    assert not list(room.room.rglob("*.vault"))
    assert not list(room.room.rglob("vault.db"))


@pytest.mark.skipif(os.name == "nt", reason="pexpect needs a pseudo-terminal")
def test_at_a_terminal_the_browser_opens_and_kills_lose_nothing(tmp_path: Path, rowan: Therapist) -> None:
    program = Program(tmp_path / "room")
    rowan.write(program.work, "a")
    child = pexpect.spawn(
        sys.executable,
        ["-m", "notekeeper", "browse", "a.json"],
        cwd=str(program.work),
        env={**program.environment(), "TERM": "xterm-256color"},
        dimensions=(24, 80),
        timeout=60,
        encoding="utf-8",
    )
    child.expect("The whole page")
    child.send("r")
    child.expect("last asked about")
    child.send("c")
    child.expect("Your comment")
    child.send("Kept though killed")
    kept = program.work / "a.comments.json"
    child.expect("Kept in")
    assert kept.exists()
    child.kill(9)
    child.wait()
    assert [each.text for each in read_comments(kept).comments] == ["Kept though killed"]
    assert Shelf.of([program.work / "a.json"]).readings


@pytest.mark.skipif(os.name == "nt", reason="pexpect needs a pseudo-terminal")
def test_the_eight_words_are_shown_and_confirmed_at_a_terminal(tmp_path: Path, rowan: Therapist) -> None:
    program = Program(tmp_path / "room")
    rowan.write(program.work, "a")
    for answer, code in (("n", 2), ("y", 0)):
        child = pexpect.spawn(
            sys.executable,
            ["-m", "notekeeper", "trust", "add", "a.json", "--name", "Rowan"],
            cwd=str(program.work),
            env=program.environment(),
            dimensions=(24, 200),
            timeout=60,
            encoding="utf-8",
        )
        child.expect("eight words of this report's key: ")
        child.expect("in this order")
        child.sendline(answer)
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == code


def test_the_json_is_one_line_of_ascii(room: InProcess, rowan: Therapist) -> None:
    rowan.write(room.work, "a", page(question="Größe \u202e"))
    for arguments in (("browse", "a.json"), ("browse", "--verify", "a.json"), ("supervisor", "items", "a.json")):
        done = run(room, *arguments, "--json")
        assert done.out.isascii()
        found: Any = json.loads(done.out)
        assert found


def test_nothing_of_a_bundle_is_ever_on_disk_unsealed(tmp_path: Path, rowan: Therapist) -> None:
    program = Program(tmp_path / "room")
    away = tmp_path / "away"
    away.mkdir()
    path = rowan.write(away, "a", page(question="CANARYQUESTION"))
    bundle_report(path, Seal(passphrase=WORDS), program.work)
    trace = tmp_path / "trace.txt"
    traced = Program(
        tmp_path / "room",
        wrapper=("strace", "-f", "-qq", "-e", "trace=openat,open,creat,mkdir,rename", "-o", str(trace)),
    )
    done = traced.run("browse", "a.zip.age", passphrase=WORDS)
    assert done.code == 0, done.err
    assert "CANARYQUESTION" in done.out
    written = [
        line
        for line in trace.read_text().splitlines()
        if ("O_WRONLY" in line or "O_RDWR" in line or "O_CREAT" in line or "mkdir(" in line) and "= -1" not in line
    ]
    assert [line for line in written if '"/dev/' not in line and '"/proc/' not in line] == []
    assert not any(b"CANARYQUESTION" in each.read_bytes() for each in program.room.rglob("*") if each.is_file())
