"""A report by commands: shown, decided on, approved as exactly these bytes, written, and known again."""

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.identifiers import IdentifierType, Treatment
from notekeeper.domain.vault import Vault
from notekeeper.services.consent import record_agreement
from notekeeper.services.identifiers import add_identifier, decide, decisions_of
from tests.approving.invented import SECOND, SENTENCE, add_client, sign_with_evidence
from tests.cli.driver import NOT_READY, InProcess, Program
from tests.vault.invented import Sealed

PASSPHRASE = "gravel otter seventeen lighthouse"
NAME = "Marlowe"


@pytest.fixture
def kept(quick: InProcess, sealed: Sealed) -> InProcess:
    """The program with a vault in which two clients agreed to reports and the first has sentences to quote."""
    vault = sealed.open()
    client = vault.clients.by_code("C014")
    record_agreement(vault, client, Purpose.SUPERVISION, Answer.AGREED, how="asked in session")
    sign_with_evidence(vault, client)
    add_client(vault, "C021", "Waiting rooms")
    vault.close()
    return quick


def opened(sealed: Sealed) -> Vault:
    return sealed.open()


def question(program: InProcess, words: str, name: str = "question.txt") -> str:
    (program.work / name).write_text(words, encoding="utf-8")
    return name


def approved_entries(sealed: Sealed) -> int:
    vault = opened(sealed)
    count = len(vault.entries.of(None, EntryKind.REPORT_APPROVED))
    vault.close()
    return count


def test_showing_writes_nothing_and_the_one_command_it_prints_approves(kept: InProcess, sealed: Sealed) -> None:
    shown = kept.run("report", "C014", "--out", "made", "--pdf")
    assert shown.code == 0
    assert "Risk and safeguarding: NOT INCLUDED" in shown.out
    assert list(kept.work.iterdir()) == []
    assert approved_entries(sealed) == 0
    command = re.search(r"notekeeper (report C014 --approve [0-9a-f]{12} --out made --pdf)$", shown.out, re.MULTILINE)
    assert command is not None
    written = kept.json(*command.group(1).split())
    assert sorted(path.name for path in kept.work.iterdir()) == ["made.html", "made.json", "made.pdf"]
    assert (written["client"], written["clients"]) == ("C014", ["C014"])
    assert json.loads((kept.work / "made.json").read_bytes())["pages"][0]["client_code"] == "C014"
    assert kept.json("approved", "list")["approved"][0]["sha256"]["json"] == written["digest"]
    again = kept.run(*command.group(1).split())
    assert (again.code, "show it first" in again.err) == (NOT_READY, True)


def test_a_hit_ends_with_its_own_code_until_it_is_decided(kept: InProcess, sealed: Sealed) -> None:
    vault = opened(sealed)
    client = vault.clients.by_code("C014")
    add_identifier(vault, client, NAME, IdentifierType.PERSON)
    vault.close()
    asked = ("report", "C014", "--question", question(kept, f"What does {NAME} stand for?"))
    for arguments in (asked, (*asked, "--json")):
        shown = kept.run(*arguments)
        assert shown.code == NOT_READY
        assert NAME in shown.out
        assert NAME not in shown.err
        assert "notekeeper identifier decide C014" in shown.err
    (hit,) = kept.run(*asked, "--json").json["undecided"]
    assert (hit["found"], hit["client"], hit["where"]) == (NAME, "C014", ["C014, question"])
    assert kept.run(*asked, "--json").json["approve"] is None
    digest = kept.run(*asked, "--json").json["digest"]
    refused = kept.run("report", "C014", "--approve", digest[:12])
    assert (refused.code, "not decided on" in refused.err) == (NOT_READY, True)
    vault = opened(sealed)
    decide(vault, client, NAME, Treatment.REPLACE, instead="the figure")
    vault.close()
    stale = kept.run("report", "C014", "--approve", digest[:12])
    assert (stale.code, "Look at it again" in stale.err) == (2, True)
    shown = kept.run(*asked, "--json")
    assert shown.code == 0
    assert shown.json["report"]["pages"][0]["question"] == "What does the figure stand for?"
    kept.json(*shown.json["approve"].split()[1:])
    assert NAME not in "".join(path.read_text() for path in kept.work.glob("report_*"))


def test_of_several_clients_each_has_their_own_question_and_the_order_is_free(kept: InProcess) -> None:
    one, two = question(kept, "First of one?", "one.txt"), question(kept, "First of two?", "two.txt")
    unclear = kept.run("report", "C014", "C021", "--question", one)
    assert (unclear.code, "Whose question" in unclear.err) == (2, True)
    shown = kept.json("report", "C014", "C021", "--question", f"c021={two}", "--question", f"C014={one}")
    pages = shown["report"]["pages"]
    assert [(page["client_code"], page["question"]) for page in pages] == [
        ("C014", "First of one?"),
        ("C021", "First of two?"),
    ]
    alone = kept.run("report", "C014", "--approve", shown["digest"])
    assert (alone.code, "every client that stood in it" in alone.err) == (NOT_READY, True)
    assert kept.json("report", "C021", "C014", "--approve", shown["digest"])["clients"] == ["C014", "C021"]
    too_many = kept.run("report", "C014", "C021", "C014", "C021", "C014")
    assert too_many.code == 2


def test_a_sentence_is_quoted_by_its_number_and_meant_twice(kept: InProcess) -> None:
    listed = kept.json("report", "C014", "--quotable")["quotable"]
    assert [(each["quote"], each["text"]) for each in listed] == [
        ("C014/3.1", SENTENCE),
        ("C014/3.2", SECOND),
    ] or listed
    name = next(each["quote"] for each in listed if each["text"] == SECOND)
    shown = kept.json("report", "C014", "--quote", name)
    assert [each["text"] for each in shown["quotations"]] == [SECOND]
    assert shown["approve"].endswith("--quotations 1")
    refused = kept.run("report", "C014", "--approve", shown["digest"])
    assert (refused.code, "quotes your notes 1 time" in refused.err) == (NOT_READY, True)
    kept.json(*shown["approve"].split()[1:])
    assert SECOND in next(kept.work.glob("*.html")).read_text()
    assert SENTENCE not in next(kept.work.glob("*.html")).read_text()
    assert kept.run("report", "C014", "--quote", "C014/1.9").code == 2


def test_where_it_could_not_be_written_it_is_written_elsewhere_and_approved_once(
    kept: InProcess, sealed: Sealed
) -> None:
    digest = kept.json("report", "C014")["digest"]
    failed = kept.run("report", "C014", "--approve", digest, "--out", "nowhere/made")
    assert (failed.code, "does not exist" in failed.err) == (40, True)
    kept.json("report", "C014", "--approve", digest, "--out", "made")
    assert sorted(path.name for path in kept.work.iterdir()) == ["made.html", "made.json"]
    assert approved_entries(sealed) == 1


def test_what_is_approved_cannot_be_chosen_otherwise_then(kept: InProcess) -> None:
    digest = kept.json("report", "C014")["digest"]
    for more in (("--risk",), ("--quotable",), ("--from", "2026-03-01"), ("--no-patterns",)):
        refused = kept.run("report", "C014", "--approve", digest, *more)
        assert (refused.code, "as it was shown" in refused.err) == (2, True)
    assert list(kept.work.iterdir()) == []


def test_a_bundle_needs_a_strong_passphrase_or_a_key_before_anything_is_approved(
    kept: InProcess, sealed: Sealed
) -> None:
    digest = kept.json("report", "C014")["digest"]
    weak = kept.run("report", "C014", "--approve", digest, "--bundle", passphrase=f"{kept.passphrase}\npassword1")
    assert (weak.code, list(kept.work.iterdir()), approved_entries(sealed)) == (18, [], 0)
    wrong = kept.run("report", "C014", "--approve", digest, "--recipient", "age1nothing")
    assert (wrong.code, list(kept.work.iterdir()), approved_entries(sealed)) == (2, [], 0)
    given = f"{kept.passphrase}\n{PASSPHRASE}"
    made = kept.run("report", "C014", "--approve", digest, "--bundle", "--pdf", "--json", passphrase=given)
    assert made.code == 0, made.err
    bundle = Path(made.json["bundle"])
    assert [path.name for path in kept.work.iterdir()] == [bundle.name]
    found = kept.json("approved", "check", str(bundle))
    assert (found["kind"], found["clients"]) == ("bundle", ["C014"])


def test_check_knows_the_file_and_refuses_it_changed(kept: InProcess) -> None:
    kept.reported("C014", "C021", "--out", "made")
    for name in ("made.json", "made.html"):
        said = kept.run("approved", "check", name)
        assert (said.code, "C014, C021" in said.out) == (0, True)
        path = kept.work / name
        path.write_bytes(path.read_bytes().replace(b"C021", b"C022", 1))
        refused = kept.run("approved", "check", name, "--json")
        assert (refused.code, refused.out, "not, byte for byte" in refused.err) == (40, "", True)
    assert [each["client"] for each in kept.json("approved", "list")["approved"]] == ["C014", "C021"]
    assert kept.run("approved", "list", "C021").out.startswith("C021")


def test_withdrawn_between_showing_and_approving_nothing_is_written(kept: InProcess) -> None:
    digest = kept.json("report", "C014", "C021")["digest"]
    kept.json("consent", "record", "C021", "supervision", "withdrawn")
    refused = kept.run("report", "C014", "C021", "--approve", digest)
    assert refused.code == NOT_READY
    assert list(kept.work.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="a terminal of a test's own")
class TestAtATerminal:
    """The same command where somebody sits in front of it."""

    @staticmethod
    def _run(program: Program, answers: list[tuple[str, str]], *arguments: str) -> tuple[int, str]:
        """The program on a terminal: its code, and what was shown."""
        child: Any = pexpect.spawn(
            sys.executable,
            ["-m", "notekeeper", "--vault", str(program.vault), *arguments],
            env={**program.environment(), "TERM": "xterm"},
            cwd=program.work,
            encoding="utf-8",
            timeout=120,
            dimensions=(50, 100),
        )
        shown = ""
        for asked, answer in [("Passphrase", program.passphrase), *answers]:
            child.expect_exact(asked)
            shown += child.before + child.after
            child.sendline(answer)
        child.expect(pexpect.EOF)
        shown += child.before
        child.close()
        return int(child.exitstatus), shown

    @pytest.fixture
    def seated(self, kept: InProcess, sealed: Sealed, tmp_path: Path) -> Program:
        vault = opened(sealed)
        add_identifier(vault, vault.clients.by_code("C014"), NAME, IdentifierType.PERSON)
        vault.close()
        program = Program(tmp_path / "seat")
        shutil.copytree(kept.vault, program.vault)
        (program.work / "question.txt").write_text(f"What does {NAME} stand for?", encoding="utf-8")
        return program

    def test_hits_and_quotations_are_asked_about_and_then_the_bytes(self, seated: Program) -> None:
        listed = seated.json("report", "C014", "--quotable")["quotable"]
        quote = next(each["quote"] for each in listed if each["text"] == SECOND)
        answers = [
            ("s stop", "g"),
            ("More general words", ""),
            ("s stop", "g"),
            ("More general words", "the figure"),
            ("Quote these words?", "y"),
            ("Approve exactly these bytes", "y"),
        ]
        asked = ("report", "C014", "--question", "question.txt", "--quote", quote, "--markdown")
        code, shown = self._run(seated, answers, *asked)
        assert code == 0, shown
        assert "the report as it reads now" in shown.lower()
        written = next(seated.work.glob("*.html")).read_text()
        assert "the figure" in written
        assert NAME not in written
        assert SECOND in written
        assert len(list(seated.work.glob("report_*"))) == 3
        code, shown = self._run(seated, [("Quote these words?", "n"), ("Approve exactly", "n")], *asked)
        assert code == NOT_READY
        assert "--approve" in shown
        assert len(list(seated.work.glob("report_*"))) == 3

    def test_stopping_remembers_what_was_decided_and_writes_nothing(self, seated: Program, sealed: Sealed) -> None:
        code, shown = self._run(seated, [("s stop", "s")], "report", "C014", "--question", "question.txt")
        assert code == 130, shown
        answers = [("s stop", "k"), ("Why it stays", "A figure in a novel"), ("Approve exactly", "n")]
        code, shown = self._run(seated, answers, "report", "C014", "--question", "question.txt")
        assert code == NOT_READY, shown
        assert [path.name for path in seated.work.iterdir()] == ["question.txt"]
        vault = Sealed(seated.vault, sealed.recovery_key).open()
        (decision,) = decisions_of(vault, vault.clients.by_code("C014"))
        assert (decision.treatment, decision.reason) == (Treatment.KEEP, "A figure in a novel")
        vault.close()
