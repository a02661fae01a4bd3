"""`--plain`: every command that prints for a person, run beside its ordinary self on copies of one vault.

Owns two promises: what is printed can be read out (no drawing, no column, nothing written over), and no word, number
or date of the ordinary output is missing from it.
"""

import json
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import click
import pexpect
import pytest
from hypothesis import given as any_given
from hypothesis import strategies as st

from notekeeper.cli import cli, plain
from notekeeper.cli.common import ProgressLine
from notekeeper.domain.text import visible
from tests.cli.conftest import DRAFTED, FORM, SIGNED, UNSIGNED
from tests.cli.driver import PASSPHRASE, Done, InProcess, Program
from tests.cli.invented import TRANSCRIPT

NEW = "copper ladder winter thistle"
SHEET = {"safety_plan": "Rings her sister\nWalks to the harbour", "sessions_planned": 3}
DISCLOSED = {
    **FORM,
    "risk": {
        "state": "asked_disclosed",
        "words": "Thoughts of leaving",
        "action": "Plan made",
        "kinds": [{"kind": "suicide", "state": "raised_by_client", "when": "both", "thoughts": "yes", "plan": "no"}],
        "protective": "Her dog – and the choir",
        "told": "Her doctor, by telephone",
        "safeguarding_child": True,
    },
}
FOLLOWED = {
    "focus": "The nights",
    "themes": [{"label": "Waking at four", "code": "sleep", "trend": "improving", "sentences": [1]}],
    "risk": {"state": "not_asked"},
}
NOTED = "\n".join(
    json.dumps(
        {"date": f"2026-0{month}-02", "themes": [{"label": "Waking at four", "code": "sleep", "trend": "present"}]}
    )
    for month in range(1, 5)
)
LONGER = (
    "She spoke about the quarrel with her sister over the house. She has slept badly since the quarrel. "
    "She said at work she agrees to every extra shift and then resents it."
)


@dataclass(frozen=True)
class Step:
    """One run. `paired` is false where there is no ordinary output to hold it against."""

    arguments: tuple[str, ...]
    given: str | bytes = ""
    code: int = 0
    passphrase: str | None = None
    paired: bool = True
    models: str | None = None


STEPS: dict[str, Step] = {
    "verify": Step(("verify",)),  # before what is run in one room alone, so that both logs are as long
    "start": Step((), paired=False),
    "init": Step(("--vault", "fresh.vault", "init")),
    "signer": Step(("signer", "--name", "A. Invented", "--registration", "X-1")),
    "client add": Step(("client", "add", "E5")),
    "front sheet set": Step(("client", "front-set", "C014"), json.dumps(SHEET)),
    "front sheet": Step(("client", "front", "C014")),
    "agreement": Step(("consent", "record", "C014", "drafting", "agreed")),
    "agreement to reports": Step(("consent", "record", "C014", "supervision", "agreed", "--how", "written")),
    "agreements": Step(("consent", "show", "C014")),
    "person": Step(("person", "add", "E5", "Partner A")),
    "another": Step(("person", "add", "E5", "Partner B", "--minor")),
    "agreement of one": Step(("consent", "record", "E5", "drafting", "agreed", "--for", "Partner A")),
    "agreements of two": Step(("consent", "show", "E5")),
    "person changed": Step(("person", "change", "E5/P2", "--of-age")),
    "person left": Step(("person", "left", "E5/P2")),
    "people": Step(("person", "list", "E5")),
    "identity": Step(("identity", "set", "E5"), '{"name": "Ann Invented", "born": "1990-02-03"}'),
    "identity shown": Step(("identity", "show", "E5")),
    "identifiers entered": Step(("identifier", "add", "E5"), "Ann Invented\nWhitby – by the sea"),
    "identifier decided": Step(("identifier", "decide", "E5", "keep"), "Whitby\nA town – of “thousands”"),
    "identifiers": Step(("identifier", "list", "E5", "--all")),
    "identifiers looked for": Step(("identifier", "check", "E5"), "Ann and Whitby – with Ngozi – on 4 May"),
    "identifier taken off": Step(("identifier", "remove", "E5"), "Ann Invented\nNobody"),
    "identifiers proposed": Step(("identifier", "propose", "C014")),
    "identity removed": Step(("identity", "remove", "E5")),
    "no identity": Step(("identity", "show", "E5")),
    "note add": Step(("note", "add", "C014", "--date", "2026-03-18"), LONGER),
    "note write": Step(("note", "write", "C014", "--date", "2026-03-19"), "He rang.\n"),
    "typing broken off": Step(("note", "write", "C014", "--date", "2026-03-20"), b"He rang again.\n\xff\n", code=2),
    "caseload": Step(("client", "list")),
    "note list": Step(("note", "list", "C014")),
    "note recover": Step(("note", "recover", "C014/5")),
    "note save": Step(("note", "save", UNSIGNED), "He flew a kite → over the sea – “twice”."),
    "addendum": Step(("note", "addendum", SIGNED, "-"), "She rang.\nAnd wrote."),
    "addenda": Step(("note", "addendum", SIGNED)),
    "note show": Step(("note", "show", SIGNED)),
    "follow-up": Step(("followup", "add", "C014", "--on", "2031-04-01"), "Ask about the piano"),
    "follow-ups": Step(("followup", "list")),
    "follow-up done": Step(("followup", "done", "C014/F1")),
    "follow-up again": Step(("followup", "reopen", "C014/F1")),
    "retention policy": Step(("retention", "policy", "--years", "6")),
    "own retention": Step(("retention", "set", "C014", "--until", "2040-02-03"), "The insurer asked for it"),
    "hold": Step(("retention", "hold", "C014"), "A letter from a solicitor"),
    "files": Step(("retention", "list")),
    "one file": Step(("retention", "list", "C014")),
    "hold lifted": Step(("retention", "lift", "C014"), "Settled"),
    "ai use": Step(("aiuse", "add", "C014"), json.dumps({"tool": "A chat program", "purpose": "Sleep", "note": "1"})),
    "ai uses": Step(("aiuse", "list", "C014")),
    "what would go": Step(("client", "destroy", "E5", "--preview")),
    "not destroyed": Step(("client", "destroy", "E5", "--reason", "other"), "E6", code=2),
    "destroyed": Step(("client", "destroy", "E5", "--reason", "opened_by_mistake", "--certificate", "gone"), "E5"),
    "register": Step(("retention", "certificates"), paired=False),
    "correction asked": Step(
        ("correction", "ask", "C014", "--by", "The client", "--on", "2026-03-20", "--note", "1"), "It was\nloud."
    ),
    "correction answered": Step(
        ("correction", "answer", "C014/C1", "-", "--outcome", "not_corrected"), "It is what I noted."
    ),
    "corrections": Step(("correction", "list", "C014")),
    "revisions": Step(("note", "revisions", UNSIGNED)),
    "difference": Step(("note", "diff", UNSIGNED)),
    "note of the wrong client": Step(("note", "add", "C014", "--date", "2026-03-21"), "Of somebody else."),
    "not moved": Step(("note", "move", "C014/6", "D100"), "C014/5", code=2),
    "moved": Step(("note", "move", "C014/6", "D100"), "C014/6"),
    "stub": Step(("note", "list", "C014")),
    "monday": Step(("monday",)),
    "review": Step(("review", "list", DRAFTED)),
    "accept": Step(("review", "accept", DRAFTED, "T1")),
    "edit": Step(("review", "edit", DRAFTED, "F"), "Selling – and “keeping”"),
    "accept a question": Step(("review", "accept", DRAFTED, "R1", "--to", "supervision_notes")),
    "reject": Step(("review", "reject", DRAFTED, "I1", "--reason", "not_in_note")),
    "review decided": Step(("review", "list", DRAFTED)),
    "reopen": Step(("review", "reopen", DRAFTED, "I1")),
    "nothing signed": Step(("sign", DRAFTED, "--attest"), code=3),
    "reject again": Step(("review", "reject", DRAFTED, "I1")),
    "finish": Step(("finish", DRAFTED, "-"), json.dumps(DISCLOSED)),
    "sign": Step(("sign", DRAFTED, "--attest")),
    "review signed": Step(("review", "list", DRAFTED)),
    "what can be flagged": Step(("supervision", "flaggable", "C014")),
    "flag": Step(("supervision", "flag", "C014", "theme:1.1", "-"), "The quiet –\nand “mine”."),
    "flag on a note": Step(("supervision", "flag", "C014", "note:2")),
    "flags": Step(("supervision", "flags")),
    "flag settled": Step(("supervision", "settle", "C014/S2")),
    "flag taken back": Step(("supervision", "take-back", "C014/S2"), code=2),
    "agenda": Step(("supervision", "agenda", "--all")),
    "agenda moved": Step(("supervision", "agenda-move", "C014", "down")),
    "agenda reset": Step(("supervision", "agenda-reset")),
    "outcome": Step(("supervision", "outcome", "C014", "--supervisor", "S. Imagined")),
    "every flag": Step(("supervision", "flags", "C014", "--all")),
    "no comments": Step(("supervision", "take", "nowhere.json"), code=40),
    "comments": Step(("supervision", "comments", "C014")),
    "no agreed action": Step(("supervision", "follow-up", "C014/D1.1", "--on", "+7"), code=2),
    "nothing to close": Step(("supervision", "close", "C014/D1.1"), code=2),
    "hours added": Step(
        ("supervision", "hours-add", "-", "--on", "2026-03-20", "--minutes", "90", "--supervisor", "S. Imagined"),
        "Two –\nat once",
    ),
    "hours corrected": Step(
        ("supervision", "hours-correct", "1", "--on", "2026-03-20", "--minutes", "60", "--sort", "group")
    ),
    "ratio": Step(("supervision", "hours-ratio", "8")),
    "hours": Step(("supervision", "hours")),
    "hours exported": Step(("supervision", "hours-export", "--as", "text")),
    "own learning": Step(("supervision", "learning")),
    "no approved report": Step(("approved", "list")),
    "report": Step(("report", "C014", "--out", "made", "--risk")),
    "sentences to quote": Step(("report", "C014", "--quotable")),
    "report approved": Step(("report", "C014", "--approve", "{digest}", "--out", "made", "--pdf", "--markdown")),
    "approved reports": Step(("approved", "list")),
    "approved file": Step(("approved", "check", "made.html")),
    "another file": Step(("approved", "check", "fresh.vault/header"), code=40),
    "browse": Step(("browse", "made.json")),
    "browse verified": Step(("browse", "--verify", "made.json")),
    "no key known": Step(("trust", "list")),
    "key not added": Step(
        ("trust", "add", "made.json", "--words", "eight words that nobody has read out aloud"), code=2
    ),
    "no such key": Step(("trust", "remove", "Nobody"), code=2),
    "comment": Step(
        ("supervisor", "comment", "made.json", "C014/risk", "--action", "--until", "2026-05-21"), "Ask – again"
    ),
    "items": Step(("supervisor", "items", "made.json")),
    "held": Step(("supervisor", "held", "made.json", "--day", "2026-05-01", "--minutes", "90")),
    "supervisor's hours": Step(("supervisor", "hours")),
    "comments written": Step(("supervisor", "write", "made.json")),
    "one report compared": Step(("supervisor", "compare", "made.json", "made.json"), code=2),
    "bundle": Step(("bundle", "make", "made.json"), passphrase=NEW),
    "bundle opened": Step(("bundle", "open", "made.zip.age", "--out", "taken"), passphrase=NEW),
    "search": Step(("search",), "kite"),
    "search with filters": Step(("search", "--signed", "--from", "2026-03-01", "--theme", "quiet")),
    "no template": Step(("template", "remove", "Intake"), code=2),
    "templates": Step(("template", "list")),
    "template": Step(("template", "add", "nowhere.md"), code=2),
    "templates' folder": Step(("template", "folder")),
    "note begun": Step(("note", "new", "D100", "--format", "soap", "--date", "2026-03-20")),
    "import": Step(("import", ".", "--client", "D100", "--yes"), code=2),
    "log of nobody": Step(("log", "--client", "E5"), code=2),
    "log of a file": Step(("log", "--client", "D100", "--event", "client.opened"), paired=False),
    "log of a signature": Step(("log", "--event", "signing_key.set", "--to", "2001-01-01")),
    "signing key": Step(("signature", "show"), paired=False),
    "doctor": Step(("doctor",), code=1),
    "will": Step(("will", "save"), json.dumps({"executor": "Ruth Invented", "clients": "Ring; do not write."})),
    "will shown": Step(("will", "show")),
    "sheet": Step(("will", "seal", "sheet.age", "--preview")),
    "sealed": Step(("will", "seal", "sheet.age"), passphrase=f"{PASSPHRASE}\n{NEW}"),
    "opened": Step(("will", "open", "sheet.age"), passphrase=NEW),
    "access asked": Step(("access", "ask", "C014", "--by", "The client", "--on", "2026-03-20", "--how", "by letter")),
    "access marked": Step(
        ("access", "mark", "C014", "--test", "third_party", "--reason", "-", "--note", "2", "--whole"), "His brother"
    ),
    "access marked twice": Step(
        ("access", "mark", "C014", "--test", "third_party", "--reason", "-", "--note", "1", "--from", "4", "--to", "9"),
        "The house",
    ),
    "access taken back": Step(("access", "unmark", "C014", "2")),
    "access shown": Step(("access", "show", "C014", "--words")),
    "access answered": Step(("access", "answer", "C014", "--to", ".", "--format", "md")),
    "export": Step(("export", "C014", "--to", ".", "--format", "text")),
    "models": Step(("models", "list")),
    "models verify": Step(("models", "verify")),
    "models fetch": Step(("models", "fetch", "starter")),
    "models add": Step(("models", "add", "nowhere.gguf"), code=30),
    "models use": Step(("models", "use", "starter-words"), models="models"),
    "nothing to evaluate": Step(("evaluate", "--set", "nowhere.jsonl"), code=2),
    "patterns": Step(("patterns", "-"), NOTED),
    "client with patterns": Step(("client", "add", "P5")),
    "agreement to patterns": Step(("consent", "record", "P5", "patterns", "agreed")),
    **{
        f"{what} {number}": Step(arguments, given)
        for number in (1, 2, 3)
        for what, arguments, given in (
            ("noted", ("note", "add", "P5", "--date", f"2026-04-0{number}"), "He woke at four – again."),
            ("finished", ("finish", f"P5/{number}", "-"), json.dumps(FOLLOWED)),
            ("signed", ("sign", f"P5/{number}", "--attest"), ""),
        )
    },
    "threads": Step(("thread", "list", "P5")),
    "thread renamed": Step(("thread", "rename", "P5", "T1"), "Nights"),
    "thread split": Step(("thread", "split", "P5", "T1", "1")),
    "threads merged": Step(("thread", "merge", "P5", "T1", "T2")),
    "thread edit taken back": Step(("thread", "undo", "P5")),
    "split taken back": Step(("thread", "undo", "P5")),
    "patterns of a client": Step(("pattern", "list", "P5")),
    "patterns not worded": Step(("pattern", "word", "P5"), code=4),
    "pattern accepted": Step(("pattern", "accept", "P5", "P1", "--counts")),
    "pattern edited": Step(("pattern", "edit", "P5", "P1"), "Nights – as I noted them."),
    "pattern rejected": Step(("pattern", "reject", "P5", "P1")),
    "pattern open again": Step(("pattern", "reopen", "P5", "P1")),
    "patterns not signed": Step(("pattern", "sign", "P5", "--attest"), code=3),
    "pattern kept": Step(("pattern", "accept", "P5", "P1")),
    "own pattern": Step(("pattern", "add", "P5", "--session", "2"), "My haste\nI hurried – twice."),
    "other own pattern": Step(("pattern", "add", "P5", "--session", "3"), "My own"),
    "own pattern removed": Step(("pattern", "remove", "P5", "O2")),
    "patterns decided": Step(("pattern", "list", "P5")),
    "patterns signed": Step(("pattern", "sign", "P5", "--attest")),
    "signed patterns": Step(("pattern", "show", "P5")),
    "suggest": Step(("suggest", "-"), TRANSCRIPT),
    "draft": Step(("draft", "C014/3"), paired=False),
    "demo": Step(("demo", "--folder", "demonstration"), models="none"),
    "no second folder": Step(("backup", "folder")),
    "second folder": Step(("backup", "folder", ".")),
    "backup": Step(("backup", "now")),
    "backups": Step(("backup", "list"), paired=False),
    "backup tried": Step(("backup", "check"), paired=False),
    "not a backup": Step(("restore", "."), code=23, paired=False),
    "restore": Step(("restore", "../own.vault")),
    "passphrase change": Step(("passphrase", "change"), passphrase=f"{PASSPHRASE}\n{NEW}"),
    "recovery check": Step(("recovery", "check"), passphrase="{key}"),
    "recovery key not typed back": Step(("recovery", "new"), code=13, passphrase=f"{NEW}\n" + "{key}"),
    "new key not typed back": Step(("rekey",), code=13, passphrase=f"{NEW}\n" + "{key}"),
    "shares": Step(("shares", "make", "--needed", "2", "--count", "3"), passphrase=NEW, paired=False),
    "shares withdrawn": Step(("shares", "withdraw"), passphrase=NEW, paired=False),
    "no shares": Step(("shares", "withdraw"), passphrase=NEW),
    "reset by no shares": Step(("passphrase", "reset", "--shares"), code=41, passphrase=f"nonsense\n\n{NEW}"),
    "passphrase reset": Step(("passphrase", "reset"), passphrase="{key}\n" + PASSPHRASE),
}


@dataclass(frozen=True)
class Said:
    """What the steps printed: plain, and as ordinarily; and the room of the plain ones."""

    plain: dict[str, Done]
    ordinary: dict[str, Done]
    room: InProcess


@pytest.fixture(scope="module")
def said(first: tuple[InProcess, str], tmp_path_factory: pytest.TempPathFactory) -> Said:
    rooms = {kind: InProcess(tmp_path_factory.mktemp(kind) / "room", key=first[1]) for kind in ("plain", "ordinary")}
    for room in rooms.values():
        shutil.copytree(first[0].vault, room.vault)
    runs: dict[str, dict[str, Done]] = {"plain": {}, "ordinary": {}}
    for name, step in STEPS.items():
        for kind, room in rooms.items():
            if kind == "plain" or step.paired:
                runs[kind][name] = _run(room, step, ("--plain",) if kind == "plain" else (), first[1])
    return Said(runs["plain"], runs["ordinary"], rooms["plain"])


def _run(room: InProcess, step: Step, before: tuple[str, ...], key: str) -> Done:
    passphrase = step.passphrase.format(key=key) if step.passphrase else None
    other = {"NOTEKEEPER_MODELS": str(room.room / step.models)} if step.models else {}
    digests = [digest for done in room.history for digest in re.findall(r"--approve ([0-9a-f]{12})", done.out)]
    arguments = [digests[-1] if each == "{digest}" else each for each in step.arguments]
    with mock.patch.dict(os.environ, other):
        return room.run(*before, *arguments, given=step.given, passphrase=passphrase)


def speakable(printed: str) -> bool:
    """Whether there are but letters, digits and ordinary punctuation in lines that are neither indented nor aligned."""
    if not printed:
        return True
    odd = [c for c in printed if c != "\n" and not (c.isascii() and c.isprintable())]
    drawn = [c for c in odd if unicodedata.category(c)[0] not in "LMN"]
    return not drawn and not re.search(r"^(?:[*+-] | )|  |[`|]| $|^$", printed.removesuffix("\n"), re.MULTILINE)


def facts(printed: str) -> set[str]:
    """The words, numbers and dates in it. What differs from one vault to the next, and places on disk, left out."""
    lasting = re.sub(
        r"\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b|\b[0-9A-Z]{4,}(?:-[0-9A-Z]{4,}){3,}|\S*/(?:plain|ordinary)\d/\S*",
        " ",
        printed,
    )
    return {word.casefold() for word in re.findall(r"\w+", lasting)}


# Words that stand before a place on disk or a command line, which plain output gives a label instead.
SAID_OTHERWISE = {"and", "terminal"}


@pytest.mark.parametrize("name", STEPS)
def test_it_can_be_read_out_and_nothing_is_missing(said: Said, name: str) -> None:
    done, step = said.plain[name], STEPS[name]
    assert done.code == step.code, done.err
    assert done.out + done.err
    assert speakable(done.out), done.out
    assert speakable(done.err), done.err
    if step.paired:
        usual = said.ordinary[name]
        assert usual.code == step.code
        assert facts(usual.out + usual.err) - facts(done.out + done.err) <= SAID_OTHERWISE, usual.out


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, (*path, name))
    else:
        yield path


def test_every_command_there_is_was_listened_to() -> None:
    heard = [step.arguments for step in STEPS.values()]
    heard = [arguments[2:] if arguments[:1] == ("--vault",) else arguments for arguments in heard]
    assert [path for path in commands(cli) if not any(arguments[: len(path)] == path for arguments in heard)] == []


def test_each_fact_of_an_item_is_a_line_of_its_own_in_reading_order(said: Said) -> None:
    lines = said.plain["review decided"].out.splitlines()
    at = lines.index("Item 2 of 4, named T1.")
    assert lines[at + 1 : at + 5] == [
        "Theme: modelword theme",
        "Support: fair",
        "State: accepted",
        "Evidence, sentence 1: She sold the piano.",
    ]
    assert 'Focus: Selling, and "keeping"' in lines
    assert "State: rejected, reason: not in note" in lines
    assert "State: accepted, goes to your supervision notes" in lines


def test_a_draft_is_said_with_all_its_items_and_the_numbers_of_their_sentences(said: Said) -> None:
    out = said.plain["draft"].out
    kept = said.room.json("review", "list", "C014/3")["items"]
    assert kept
    for place, item in enumerate(kept, start=1):
        assert f"Item {place} of {len(kept)}, named {item['item']}.\n" in out
        assert facts(item["text"]) <= facts(out)
        for piece in item["evidence"]:
            number = LONGER[: piece["start"]].count(". ") + 1
            assert f"Evidence, sentence {number}: {piece['text']}\n" in out


def test_the_start_says_what_is_to_do_and_how_to_go_on(said: Said) -> None:
    out = said.plain["start"].out
    assert out.startswith("Clients: 2.\nUnfinished notes: 1\nClient C014: note 2, session, 2026-03-11\n")
    assert "Go on with: notekeeper note show C014/2\n" in out
    assert "Go on with: notekeeper review list D100/1\n" in out
    assert "To write a note: notekeeper note write CODE\n" in out


def test_a_value_of_several_lines_has_its_label_on_each(said: Said) -> None:
    out = said.plain["front sheet"].out
    assert "Safety plan: Rings her sister\nSafety plan, line 2: Walks to the harbour\n" in out


def test_json_is_the_same(said: Said) -> None:
    assert (
        said.room.run("--plain", "note", "list", "C014", "--json").out
        == said.room.run("note", "list", "C014", "--json").out
    )


@pytest.mark.parametrize("path", [(), ("review",), *commands(cli)])
def test_help_has_no_columns(path: tuple[str, ...], tmp_path: Path) -> None:
    helped = InProcess(tmp_path).run("--plain", *path, "--help", vault=False)
    assert helped.code == 0
    assert speakable(helped.out), helped.out
    assert "-h, --help: Show this message and exit.\n" in helped.out
    assert "..." not in helped.out.replace("[ARGS]...", "")


@any_given(st.text())
def test_any_text_is_said_on_lines_behind_its_label(text: str) -> None:
    lines = list(plain.facts_spoken((("Theme", visible(text)),)))
    assert all(re.match(r"Theme(, line \d+)?: \S", line) for line in lines)
    said = "".join(lines)
    assert "  " not in said
    drawn = [c for c in said if "\u2000" <= c < "\u2c00" and unicodedata.category(c)[0] in "PSZ"]
    assert {unicodedata.category(c) for c in drawn} <= {"Sc"}
    heard = iter(said)
    assert all(letter in heard for letter in text if letter.isalnum())


def test_progress_is_a_line_for_each_stage(capsys: pytest.CaptureFixture[str]) -> None:
    plain.choose(True)
    try:
        line = ProgressLine()
        line.show("loading")
        for done in range(5):
            line.show("wording", f" {done} of 5")
        line.end(kept=False)
    finally:
        plain.choose(False)
    assert capsys.readouterr().err == "loading\nwording 0 of 5\n"


_BY_KIND = (("By kind", "y"), *(("choose one", answer) for answer in ("1", "2", "1", "", "", "", "", "")))


def test_at_a_terminal_it_asks_for_the_passphrase_and_draws_nothing(program: Program) -> None:
    heard = _talk(program, (), ("Passphrase", PASSPHRASE))
    assert "Drafts to review: 1" in heard
    assert "Set NOTEKEEPER" not in heard
    finished = _talk(
        program,
        ("finish", UNSIGNED),
        ("Passphrase", PASSPHRASE),
        ("Focus", "Waiting"),
        ("Theme 1", "The sea"),
        ("Theme 2", ""),
        ("choose one", "4"),
        *_BY_KIND,
        ("choose one", "1"),
        *_BY_KIND,
        ("your words", "At night"),
        ("Protective", ""),
        ("What you did", ""),
        ("Whom you told", ""),
        ("concern: child", "y"),
        ("concern: adult", ""),
        ("Safeguarding, in", ""),
    )
    assert "Risk, choice 2: Asked, not disclosed\n" in finished
    assert "My theme: The sea\nRisk and safeguarding: Asked, disclosed\n" in finished
    assert "\nBy kind: Suicide: Asked, disclosed; current; " in finished
    assert "current; thoughts yes, plan not recorded, intent not recorded\n" in finished
    assert "and the overall state says" in finished
    assert "Safeguarding concern: child\n" in finished
    signed = _talk(program, ("sign", UNSIGNED), ("Passphrase", PASSPHRASE), ("Type sign", "sign"))
    assert "My focus: Waiting\n" in signed
    assert "The note is closed." in signed


def _talk(program: Program, arguments: tuple[str, ...], *answers: tuple[str, str]) -> str:
    """What a terminal showed, with the variable set, until the program ended well."""
    child: Any = pexpect.spawn(
        sys.executable,
        ["-m", "notekeeper", "--vault", str(program.vault), *arguments],
        env={**program.environment(), plain.VARIABLE: "1", "TERM": "xterm-256color"},
        cwd=program.work,
        encoding="utf-8",
        timeout=60,
    )
    heard = ""
    for asked, answer in answers:
        child.expect_exact(asked)
        heard += child.before + child.after
        child.sendline(answer)
    child.expect(pexpect.EOF)
    heard += child.before
    child.close()
    assert child.exitstatus == 0, heard
    assert "\x1b" not in heard
    return str(heard).replace("\r\n", "\n")
