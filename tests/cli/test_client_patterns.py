"""`thread` and `pattern`: from signed sessions to a signature, each decision about one pattern."""

import pytest

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.services.client_patterns import LESS_MENTION, patterns_of
from tests.cli.driver import InProcess
from tests.vault.invented import Sealed
from tests.vault.patterned import ROTA, agree_to, patterned, signed_session, write_session

pytestmark = pytest.mark.usefixtures("followed")


@pytest.fixture
def followed(sealed: Sealed, quick: InProcess) -> None:
    """A client T1 with four signed sessions and one that is not; agreement to patterns alone."""
    del quick
    vault = sealed.open()
    client = patterned(vault, "E7", purposes=[Purpose.PATTERNS])
    write_session(vault, client, ROTA[:1], 5)
    vault.close()


def test_threads_are_shown_by_sessions_merged_split_renamed_and_taken_back(quick: InProcess) -> None:
    found = quick.json("thread", "list", "E7")
    assert [(each["thread"], each["label"], each["sessions"]) for each in found["threads"]] == [
        ("T1", "Lying awake at four", [1, 2, 3, 4]),
        ("T2", "Saying yes to the rota", [1, 2, 3]),
    ]
    assert found["threads"][0]["noted"] == ["noted", "noted", "easing", "easing", "not_signed"]
    assert found["threads"][1]["noted"] == ["noted", "worse", "noted", "not_noted", "not_signed"]
    assert [each["signed"] for each in found["sessions"]] == [True, True, True, True, False]
    assert [each["themes"] for each in found["sessions"]] == [2, 2, 2, 1, 0]
    merged = quick.json("thread", "merge", "E7", "T1", "T2")
    assert [each["sessions"] for each in merged["threads"]] == [[1, 2, 3, 4]]
    renamed = quick.json("thread", "rename", "E7", "T1", given="Nights and the rota\n")
    assert renamed["threads"][0]["label"] == "Nights and the rota"
    split = quick.json("thread", "split", "E7", "T1", "1", "2")
    assert sorted(each["sessions"] for each in split["threads"]) == [[1, 2], [3, 4]]
    for count in (2, 1, 0):
        left = quick.json("thread", "undo", "E7")
        assert sum(not edit["undone"] for edit in left["edits"]) == count
    assert left["threads"] == found["threads"]
    quick.json("thread", "merge", "E7", "T1", "T2")
    undone = quick.run("thread", "undo", "E7").out
    assert "Taken back: merged Lying awake at four with Saying yes to the rota." in undone
    done = quick.run("thread", "undo", "E7")
    assert (done.code, "none to take back" in done.err) == (2, True)
    printed = quick.run("thread", "list", "E7").out
    assert "●●▽▽?" in printed
    assert "▽ noted as easing" in printed


def test_patterns_are_decided_on_one_by_one_and_signed(quick: InProcess) -> None:
    found = quick.json("pattern", "list", "E7")
    assert [each["kind"] for each in found["patterns"]]
    assert found["undecided"] == ["P1", "P2"]
    assert found["patterns"][0]["evidence"][0]["session"] == 1
    assert quick.run("pattern", "sign", "E7", "--attest").code == 3
    assert quick.json("pattern", "accept", "E7", "P1")["undecided"] == ["P2"]
    assert quick.json("pattern", "edit", "E7", "P2", "--label", given="The rota")["label"] == "The rota"
    edited = quick.json("pattern", "edit", "E7", "P2", given="The rota, which I noted in three sessions.")
    assert (edited["label"], edited["statement"], edited["origin"]) == (
        "The rota",
        "The rota, which I noted in three sessions.",
        "therapist",
    )
    added = quick.json("pattern", "add", "E7", "--session", "2", "--session", "4", given="My haste\nI hurried.")
    assert (added["own"][0]["pattern"], added["own"][0]["sessions"]) == ("O1", [2, 4])
    quick.json("pattern", "add", "E7", "--session", "1", "--kind", "shifting", given="Another of mine")
    assert "Taken away: O2. Next: `notekeeper pattern sign`." in quick.run("pattern", "remove", "E7", "o2").out
    assert quick.run("pattern", "sign", "E7").code == 3
    signed = quick.json("pattern", "sign", "E7", "--attest")["signed"]
    assert [(each["label"], each["origin"]) for each in signed["patterns"]] == [
        ("Lying awake at four", "composed"),
        ("The rota", "therapist"),
        ("My haste", "therapist"),
    ]
    assert quick.json("pattern", "show", "E7")["signed"] == [signed]
    assert quick.json("pattern", "list", "E7")["undecided"] == ["P1", "P2"]
    printed = quick.run("pattern", "show", "E7", "--all").out
    assert "I hurried." in printed
    assert LESS_MENTION in printed
    assert quick.json("verify")["problems"] == []


def test_a_decision_is_taken_back_and_a_rejection_may_have_a_reason(quick: InProcess) -> None:
    rejected = quick.json("pattern", "reject", "E7", "P2", "--reason", "not_important")
    assert rejected["decision"]["reason"] == "not_important"
    assert quick.json("pattern", "reopen", "E7", "P2")["decision"] is None
    assert quick.run("pattern", "accept", "E7", "P9").code == 2


def test_without_agreement_the_sentence_says_how_to_answer_and_what_was_signed_stays(quick: InProcess) -> None:
    for name in ("P1", "P2"):
        quick.json("pattern", "accept", "E7", name)
    quick.json("pattern", "sign", "E7", "--attest")
    quick.json("consent", "record", "E7", "patterns", "withdrawn")
    for command in (
        ("pattern", "list"),
        ("thread", "list"),
        ("thread", "undo"),
        ("pattern", "word"),
    ):
        done = quick.run(*command, "E7")
        assert (done.code, "has withdrawn AI patterns" in done.err) == (4, True)
    assert "consent record CODE patterns agreed" in quick.run("pattern", "list", "E7").err
    assert len(quick.json("pattern", "show", "E7")["signed"][0]["patterns"]) == 2


def test_a_model_is_asked_only_where_drafting_is_agreed_to_as_well(quick: InProcess, sealed: Sealed) -> None:
    done = quick.run("pattern", "word", "E7")
    assert (done.code, "has not been asked about AI drafting" in done.err) == (4, True)
    vault = sealed.open()
    client = vault.clients.by_code("E7")
    agree_to(vault, client, Purpose.DRAFTING, answer=Answer.DECLINED)
    signed_session(vault, client, ROTA[:1], 8)
    assert len(patterns_of(vault, client).review.items) == 2
    assert "pattern.worded" not in {entry.event for entry in vault.log.entries()}
    vault.close()
