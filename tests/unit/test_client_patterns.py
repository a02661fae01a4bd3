"""Patterns of a client in a vault: found in what was signed, reviewed one by one, signed as a whole."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from notekeeper.domain.client_file import FrontSheet, Work
from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.note import NoteFormat, NoteKind
from notekeeper.domain.pattern import PatternKind, PatternSignOff, SignedPatterns
from notekeeper.domain.people import Capacity
from notekeeper.domain.signature import fits
from notekeeper.domain.supervision import TakenComment, TakenComments
from notekeeper.domain.vault import Vault
from notekeeper.errors import AgreementMissingError, NotReadyError, UsageError
from notekeeper.services.client_patterns import Noted, patterns_of, signed_patterns, work_of
from notekeeper.services.client_patterns_review import (
    accept_pattern,
    add_own_pattern,
    before_signing,
    edit_pattern,
    reject_pattern,
    reopen_pattern,
    sign_patterns,
    take_own_away,
)
from notekeeper.services.client_patterns_threads import (
    merge_threads,
    rename_thread,
    split_thread,
    undo_edit,
)
from notekeeper.services.consent import record_agreement
from notekeeper.services.people import add_person
from notekeeper.services.signing import set_signer
from notekeeper.vault.connection import Connection
from tests.vault.patterned import ROTA, SLEEP, agree_to, patterned, signed_session, write_session

PLAIN = [Purpose.PATTERNS]


def test_what_supervision_said_of_a_pattern_stands_beside_it(vault: Vault) -> None:
    client = patterned(vault, purposes=PLAIN)
    sleep, rota = patterns_of(vault, client).review.items
    said = TakenComment(
        ref="C014/pattern/2",
        item=f"{rota.label}, {rota.pattern.kind.words}",
        text="Whose yes is it?",
    )
    taken = TakenComments(discussed_on=date(2026, 5, 14), comments=(said,), file_sha256="0" * 64)
    vault.entries.add(client.id, EntryKind.COMMENTS, taken)
    seen = patterns_of(vault, client)
    assert seen.said_of(seen.review.items[1]) == ("Discussed 14 May 2026: Whose yes is it?",)
    assert seen.said_of(seen.review.items[0]) == ()
    assert sleep.label != rota.label


def test_patterns_are_plain_counts_of_signed_sessions_without_any_model(vault: Vault) -> None:
    client = patterned(vault, purposes=PLAIN)
    seen = patterns_of(vault, client)
    assert [(item.name, item.label) for item in seen.review.items] == [
        ("P1", "Lying awake at four"),
        ("P2", "Saying yes to the rota"),
    ]
    assert "noted in 4 of 4 sessions (1, 2, 3, 4)" in seen.review.items[0].statement
    assert "noted in 3 of 4 sessions (1, 2, 3)" in seen.review.items[1].statement
    assert [item.origin for item in seen.review.items] == ["composed", "composed"]
    texts = {each.note.id: vault.notes.latest(each.note.id) for each in seen.sessions}
    for item in seen.review.items:
        assert item.evidence
        for piece in item.evidence:
            text = texts[piece.note_id]
            assert text is not None
            assert text.text[piece.start : piece.end] == piece.text


def test_a_session_that_is_not_signed_is_shown_as_such_and_tells_of_nothing(vault: Vault) -> None:
    client = patterned(vault, purposes=PLAIN)
    before = patterns_of(vault, client)
    write_session(vault, client, [("Never signed", "sleep", "worsening", "Neversigned words about the night.")], 5)
    vault.notes.add(client.id, kind=NoteKind.CONTACT, format=NoteFormat.FREE, date=before.sessions[0].note.date)
    seen = patterns_of(vault, client)
    assert [each.number for each in seen.sessions] == [1, 2, 3, 4, 5]
    assert [thread.marks[-1] for thread in seen.threads] == [Noted.NOT_SIGNED, Noted.NOT_SIGNED]
    assert seen.threads[0].marks[:4] == (Noted.NOTED, Noted.NOTED, Noted.EASING, Noted.EASING)
    assert seen.threads[1].marks[:4] == (Noted.NOTED, Noted.WORSE, Noted.NOTED, Noted.NOT_NOTED)
    assert seen.counts == (2, 2, 2, 1, 0)
    assert "eversigned" not in repr(seen.review)
    assert [item.statement for item in seen.review.items] == [item.statement for item in before.review.items]


def test_sessions_are_called_by_their_number_in_the_file(vault: Vault) -> None:
    client = patterned(vault, purposes=PLAIN)
    write_session(vault, client, [], -1)  # before the others, and not signed
    item = patterns_of(vault, client).review.items[1]
    assert "noted in 3 of 4 sessions (2, 3, 4)" in item.statement


@pytest.mark.parametrize("answer", [Answer.DECLINED, Answer.WITHDRAWN])
def test_without_agreement_nothing_is_followed_and_the_sentence_says_how_to_answer(
    vault: Vault, answer: Answer
) -> None:
    client = patterned(vault, purposes=[])
    with pytest.raises(AgreementMissingError, match="has not been asked about AI patterns"):
        patterns_of(vault, client)
    record_agreement(vault, client, Purpose.PATTERNS, Answer.AGREED, how="spoken")
    accept_pattern(vault, client, "P1")
    record_agreement(vault, client, Purpose.PATTERNS, answer, how="spoken")
    for refused in (
        lambda: patterns_of(vault, client),
        lambda: accept_pattern(vault, client, "P1"),
        lambda: merge_threads(vault, client, "T1", "T2"),
        lambda: sign_patterns(vault, client),
    ):
        with pytest.raises(AgreementMissingError, match="consent record CODE patterns agreed"):
            refused()


def test_a_couple_needs_everybody(vault: Vault) -> None:
    client = patterned(vault, purposes=[])
    vault.front_sheets.save(client.id, FrontSheet(work=Work.COUPLE))
    one, other = (add_person(vault, client, label, Capacity.CLIENT) for label in ("Partner A", "Partner B"))
    record_agreement(vault, client, Purpose.PATTERNS, Answer.AGREED, how="spoken", person=one.id)
    with pytest.raises(AgreementMissingError, match="P2 of this file has not been asked"):
        patterns_of(vault, client)
    record_agreement(vault, client, Purpose.PATTERNS, Answer.AGREED, how="spoken", person=other.id)
    assert len(patterns_of(vault, client).review.items) == 2


def test_each_pattern_is_decided_on_by_itself_and_the_whole_is_signed(vault: Vault) -> None:
    client = patterned(vault, purposes=PLAIN)
    with pytest.raises(NotReadyError, match=r"2 pattern\(s\) still await your decision: P1, P2"):
        sign_patterns(vault, client)
    accept_pattern(vault, client, "p1")
    with pytest.raises(NotReadyError, match="P2"):
        sign_patterns(vault, client)
    seen = edit_pattern(vault, client, "P2", label="The rota", statement="The rota: I noted it three times.")
    assert seen.review.undecided() == ()
    seen = add_own_pattern(vault, client, "My own haste", kind=PatternKind.RECURRING, numbers=[4, 2])
    assert (before_signing(vault, seen).kept, before_signing(vault, seen).own) == (3, 1)
    signed = sign_patterns(vault, client)
    assert signed_patterns(vault, client) == signed
    assert [(each.label, each.origin) for each in signed.body.patterns] == [
        ("Lying awake at four", "composed"),
        ("The rota", "therapist"),
        ("My own haste", "therapist"),
    ]
    assert signed.body.patterns[2].statement == "My own haste: noted in 2 of 4 sessions (2, 4)."
    assert signed.body.notes == tuple(each.note.id for each in seen.sessions)
    assert (signed.body.ai_used, signed.body.provenance, signed.body.signer.name) == (False, None, "Dr Imagined")
    assert signed.body.attestation.startswith("I have read each of these patterns")
    assert work_of(vault, client).decisions == {}
    assert vault.verify().problems == ()


def test_a_later_signature_stands_and_the_earlier_stays_legible(vault: Vault) -> None:
    client = patterned(vault, purposes=PLAIN)
    accept_pattern(vault, client, "P1")
    reject_pattern(vault, client, "P2")
    first = sign_patterns(vault, client)
    assert (len(first.body.patterns), first.body.rejected) == (1, 1)
    signed_session(vault, client, [SLEEP[3]], 6)
    seen = patterns_of(vault, client)
    assert seen.signed == first
    assert seen.review.undecided() == ("P1", "P2")
    for name in ("P1", "P2"):
        accept_pattern(vault, client, name)
    second = sign_patterns(vault, client)
    assert vault.pattern_signoffs.of_client(client.id) == [first, second]
    assert signed_patterns(vault, client) == second
    assert "noted in 5 of 5 sessions" in second.body.patterns[0].statement


def test_a_decision_is_on_what_was_shown_and_typed_words_are_shown_again_when_that_changes(vault: Vault) -> None:
    client = patterned(vault, purposes=PLAIN)
    edit_pattern(vault, client, "P1", statement="Her nights, as I noted them.")
    accept_pattern(vault, client, "P2")
    signed_session(vault, client, [SLEEP[3]], 6)
    seen = patterns_of(vault, client)
    assert seen.review.undecided() == ("P1", "P2")
    assert seen.review.items[0].earlier == "Her nights, as I noted them."
    assert seen.review.items[1].earlier == ""


def test_a_decision_can_be_taken_back_and_an_own_pattern_taken_away(vault: Vault) -> None:
    client = patterned(vault, purposes=PLAIN)
    reject_pattern(vault, client, "P1")
    assert reopen_pattern(vault, client, "P1").review.undecided() == ("P1", "P2")
    add_own_pattern(vault, client, "One", kind=PatternKind.SHIFTING, numbers=[1], statement="One, as I see it.")
    add_own_pattern(vault, client, "Two", kind=PatternKind.FADING, numbers=[1, 2])
    assert [own.label for own in take_own_away(vault, client, 1).review.own] == ["Two"]
    with pytest.raises(UsageError, match="O2"):
        take_own_away(vault, client, 2)


@pytest.mark.parametrize(
    ("label", "statement", "told"),
    [
        ('What she calls "it"', None, "quotation"),
        ("", None, "1 to 10 words"),
        (None, "She said “never again”.", "quotation"),
        (None, "   ", "1 to 1000"),
        (None, "word " * 300, "1 to 1000"),
        (None, None, "what is to be different"),
    ],
)
def test_words_that_could_not_travel_in_a_report_are_refused(
    vault: Vault, label: str | None, statement: str | None, told: str
) -> None:
    client = patterned(vault, purposes=PLAIN)
    with pytest.raises(UsageError, match=told):
        edit_pattern(vault, client, "P1", label=label, statement=statement)
    assert patterns_of(vault, client).review.undecided() == ("P1", "P2")


def test_two_patterns_of_one_label_wait_for_another(vault: Vault) -> None:
    client = patterned(vault, purposes=PLAIN)
    accept_pattern(vault, client, "P1")
    edit_pattern(vault, client, "P2", label="lying Awake at four")
    with pytest.raises(NotReadyError, match="same label"):
        sign_patterns(vault, client)


def test_an_own_pattern_rests_on_signed_sessions(vault: Vault) -> None:
    client = patterned(vault, purposes=PLAIN)
    write_session(vault, client, [], 5)
    for numbers in ([], [5], [9], [1, 9]):
        with pytest.raises(UsageError, match="Signed are 1, 2, 3, 4"):
            add_own_pattern(vault, client, "Mine", kind=PatternKind.RECURRING, numbers=numbers)


def test_nobody_signs_without_a_name_and_the_demonstration_signs_its_own(vault: Vault) -> None:
    client = vault.clients.add("D01", demonstration=True)
    agree_to(vault, client, Purpose.PATTERNS)
    for week, told in enumerate([[SLEEP[0]], [SLEEP[1]], [SLEEP[2]]]):
        signed_session(vault, client, told, week)
    accept_pattern(vault, client, "P1")
    body = sign_patterns(vault, client).body
    assert (body.signer.name, body.demonstration) == ("Demonstration", True)
    other = vault.clients.add("C02")
    agree_to(vault, other, Purpose.PATTERNS)
    for week, told in enumerate([[SLEEP[0]], [SLEEP[1]], [SLEEP[2]]]):
        signed_session(vault, other, told, week)
    accept_pattern(vault, other, "P1")
    with pytest.raises(NotReadyError, match="notekeeper signer"):
        sign_patterns(vault, other)


def test_where_nothing_comes_back_there_is_nothing_to_sign(vault: Vault) -> None:
    client = vault.clients.add("C09")
    set_signer(vault, "A. Invented")
    agree_to(vault, client, Purpose.PATTERNS)
    assert patterns_of(vault, client).threads == ()
    with pytest.raises(NotReadyError, match="no pattern to sign"):
        sign_patterns(vault, client)


def test_threads_are_merged_split_renamed_and_each_is_taken_back(vault: Vault) -> None:
    client = patterned(vault, purposes=PLAIN)

    def threads() -> list[tuple[str, tuple[int, ...]]]:
        return [(each.label, each.numbers) for each in patterns_of(vault, client).threads]

    before = threads()
    assert before == [("Lying awake at four", (1, 2, 3, 4)), ("Saying yes to the rota", (1, 2, 3))]
    merge_threads(vault, client, "T1", "t2")
    assert [numbers for _, numbers in threads()] == [(1, 2, 3, 4)]
    rename_thread(vault, client, "T1", "Nights and the rota")
    assert threads() == [("Nights and the rota", (1, 2, 3, 4))]
    split_thread(vault, client, "T1", [1])
    assert sorted(numbers for _, numbers in threads()) == [(1,), (2, 3, 4)]
    for _ in range(3):
        undo_edit(vault, client)
    assert threads() == before
    with pytest.raises(UsageError, match="none to take back"):
        undo_edit(vault, client)
    assert len(patterns_of(vault, client).edits) == 3


def test_an_edit_holds_for_sessions_that_come_later(vault: Vault) -> None:
    client = patterned(vault, purposes=PLAIN)
    rename_thread(vault, client, "T2", "The rota")
    signed_session(vault, client, [ROTA[1]], 7)
    labels = [each.label for each in patterns_of(vault, client).threads]
    assert "The rota" in labels


@pytest.mark.parametrize(
    "edit",
    [
        lambda vault, client: merge_threads(vault, client, "T1", "T1"),
        lambda vault, client: merge_threads(vault, client, "T1", "T9"),
        lambda vault, client: split_thread(vault, client, "T2", [4]),
        lambda vault, client: split_thread(vault, client, "T2", []),
        lambda vault, client: split_thread(vault, client, "T2", [1, 2, 3]),
        lambda vault, client: rename_thread(vault, client, "T1", "“Nights”"),
    ],
)
def test_an_edit_that_makes_no_sense_changes_nothing(vault: Vault, edit: object) -> None:
    client = patterned(vault, purposes=PLAIN)
    assert callable(edit)
    with pytest.raises(UsageError):
        edit(vault, client)
    assert patterns_of(vault, client).edits == ()


def test_signed_patterns_are_made_in_two_ways_alone(vault: Vault) -> None:
    client = patterned(vault, purposes=PLAIN)
    for name in ("P1", "P2"):
        accept_pattern(vault, client, name)
    body = sign_patterns(vault, client).body
    assert isinstance(body, PatternSignOff)
    with pytest.raises(TypeError, match="made by signing"):
        SignedPatterns(body)


def test_one_more_session_costs_one_more_signature_and_a_few_rows(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = {"signatures": 0, "rows": 0}

    def counting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            counted[name] += 1
            return real(*given)

        return call

    monkeypatch.setattr("notekeeper.vault.signatures.fits", counting("signatures", fits))
    monkeypatch.setattr(Connection, "rows", counting("rows", Connection.rows))

    def cost() -> dict[str, int]:
        counted.update(dict.fromkeys(counted, 0))
        patterns_of(vault, client)
        return dict(counted)

    client = patterned(vault, purposes=PLAIN)
    before = cost()
    signed_session(vault, client, [SLEEP[3]], 6)
    after = cost()
    assert (before["signatures"], after["signatures"]) == (4, 5)
    assert after["rows"] - before["rows"] <= 12
