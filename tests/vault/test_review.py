"""Drafts, decisions and sign-off: what is kept, what is destroyed and when."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from notekeeper.domain.consent import Answer
from notekeeper.domain.note import NotePart
from notekeeper.domain.review import Choice, Decision, OwnTheme, OwnView, conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.errors import AgreementMissingError, ChainBrokenError, UsageError
from tests.vault.invented import (
    AT,
    SIGNER,
    Sealed,
    add_client,
    add_note,
    agree,
    decisions,
    draft_of,
    drafted,
    review_of,
    sign_without_ai,
)

RISK = RiskEntry(state=RiskState.ASKED_NOT_DISCLOSED, words="Asked.\x00", action="None needed")


def test_a_draft_and_its_decisions_come_back(vault: Vault) -> None:
    note, draft_id = drafted(vault, add_client(vault), "a\x00text")
    stored = vault.drafts.latest(note.id)
    assert stored is not None
    assert (stored.id, stored.draft) == (draft_id, draft_of("a\x00text"))
    vault.reviews.decide(draft_id, Decision(item="F", choice=Choice.ACCEPTED, at=AT))
    for decision in decisions():
        vault.reviews.decide(draft_id, decision)
    assert vault.reviews.decisions(draft_id) == {d.item: d for d in decisions()}
    with pytest.raises(UsageError):
        vault.reviews.decide(draft_id, Decision(item="T9", choice=Choice.ACCEPTED, at=AT))
    own = OwnView(focus="mine", themes=(OwnTheme(label="theme"),))
    vault.reviews.set_own(note.id, OwnView(focus="earlier"))
    vault.reviews.set_own(note.id, own)
    vault.reviews.set_risk(note.id, RISK)
    assert (vault.reviews.own(note.id), vault.reviews.risk(note.id)) == (own, RISK)
    assert vault.verify().problems == ()


def test_signing_keeps_the_kept_words_and_destroys_the_others(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    note, draft_id = drafted(vault, client, "text", word="unkeptword")
    for decision in [Decision(item="F", choice=Choice.EDITED, at=AT, text="firsttry"), *decisions("keptwording")]:
        vault.reviews.decide(draft_id, decision)
    vault.reviews.set_risk(note.id, RISK)
    review = conclude(review_of(vault, note), SIGNER, AT)
    vault.signoffs.sign(review)
    signed = vault.signoffs.of_note(note.id)
    assert signed is not None
    assert signed.body.provenance_digest
    assert signed.body.model_copy(update={"provenance_digest": ""}) == review.body
    assert vault.signoffs.of_client(client.id) == [signed]
    assert vault.notes.by_number(client.id, 1).signed
    assert vault.drafts.latest(note.id) is None
    assert vault.reviews.own(note.id) == OwnView()
    assert {d.text for d in vault.reviews.decisions(draft_id).values()} == {None}
    assert vault.verify().problems == ()
    vault.close()
    db = sealed.sqlcipher()
    assert db.execute("SELECT count(*) FROM draft_content").fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM decision_text").fetchone() == (0,)
    facts = db.execute("SELECT facts FROM draft").fetchone()[0]
    db.close()
    assert "tiny" not in facts  # what made it goes with its content, and stays apart with a sign-off
    assert '"withheld":{"theme":1}' in facts
    pages = sealed.pages()
    assert b"keptwording" in pages
    for gone in (b"unkeptword idea", b"unkeptword question", b"unkeptword withheld", b"firsttry"):
        assert gone not in pages


def test_a_signed_note_takes_nothing_more(vault: Vault) -> None:
    client = add_client(vault)
    note, draft_id = drafted(vault, client, "text")
    for decision in decisions():
        vault.reviews.decide(draft_id, decision)
    vault.reviews.set_risk(note.id, RISK)
    review = conclude(review_of(vault, note), SIGNER, AT)
    vault.signoffs.sign(review)
    revision = vault.notes.latest(note.id)
    assert revision is not None
    head = vault.log.head()
    attempts: list[Callable[[], object]] = [
        lambda: vault.signoffs.sign(review),
        lambda: vault.notes.save(note.id, "text"),
        lambda: vault.notes.save(note.id, "process", NotePart.PROCESS),
        lambda: vault.notes.autosave(note.id, "text"),
        lambda: vault.drafts.store(note.id, revision.id, draft_of("text")),
        lambda: vault.reviews.decide(draft_id, decisions()[0]),
        lambda: vault.reviews.set_own(note.id, OwnView()),
        lambda: vault.reviews.set_risk(note.id, RISK),
    ]
    for attempt in attempts:
        with pytest.raises(UsageError):
            attempt()
    assert vault.log.head() == head


def test_only_the_newest_text_of_the_right_client_is_signed(vault: Vault) -> None:
    note = add_note(vault, add_client(vault), "first")
    vault.reviews.set_risk(note.id, RISK)
    vault.reviews.set_own(note.id, OwnView(focus="f", themes=(OwnTheme(label="t"),)))
    review = review_of(vault, note)
    for wrong in (
        replace(review, revision_id="0" * 32),
        replace(review, revision_sha256="0" * 64),
        replace(review, client_id=add_client(vault, "other").id),
    ):
        with pytest.raises(UsageError):
            vault.signoffs.sign(conclude(wrong, SIGNER, AT))
    vault.notes.save(note.id, "second")
    with pytest.raises(UsageError):
        vault.signoffs.sign(conclude(review, SIGNER, AT))
    vault.notes.autosave(note.id, "typing that is not saved")
    with pytest.raises(UsageError, match="not saved"):
        vault.signoffs.sign(conclude(review_of(vault, note), SIGNER, AT))
    assert vault.signoffs.of_note(note.id) is None
    assert vault.reviews.risk(note.id) == RISK
    vault.notes.autosave(note.id, "second")
    vault.signoffs.sign(conclude(review_of(vault, note), SIGNER, AT))
    assert vault.notes.working(note.id) is None


def test_a_newer_draft_takes_the_place_of_the_older(vault: Vault) -> None:
    note, draft_id = drafted(vault, add_client(vault), "text")
    vault.reviews.decide(draft_id, decisions()[0])
    revision = vault.notes.save(note.id, "newer text")
    newer = vault.drafts.store(note.id, revision.id, draft_of("newer text"))
    assert vault.drafts.latest(note.id) == newer
    with pytest.raises(UsageError, match="replaced"):
        vault.reviews.decide(draft_id, decisions()[0])
    assert vault.verify().problems == ()


@pytest.mark.parametrize("answer", [Answer.DECLINED, Answer.WITHDRAWN])
def test_declining_or_withdrawing_destroys_unsigned_drafts_of_that_client_alone(sealed: Sealed, answer: Answer) -> None:
    vault = sealed.open()
    client, other = add_client(vault), add_client(vault, "other")
    note, draft_id = drafted(vault, client, "text", word="withdrawnword")
    vault.reviews.decide(draft_id, decisions("withdrawnedit")[0])
    vault.reviews.set_own(note.id, OwnView(focus="mine stays"))
    others, _ = drafted(vault, other, "text", word="otherword")
    agree(vault, client, answer)
    assert vault.drafts.latest(note.id) is None
    assert vault.drafts.latest(others.id) is not None
    assert vault.reviews.own(note.id).focus == "mine stays"
    revision = vault.notes.latest(note.id)
    assert revision is not None
    with pytest.raises(AgreementMissingError):
        vault.drafts.store(note.id, revision.id, draft_of("text"))
    assert vault.verify().problems == ()
    vault.close()
    assert b"otherword" in sealed.pages()
    assert b"withdrawnword" not in sealed.pages()
    assert b"withdrawnedit" not in sealed.pages()


def test_an_altered_sign_off_is_not_given_out(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    sign_without_ai(vault, note := add_note(vault, client, "text"), label="honest")
    number = next(entry.number for entry in vault.log.entries() if entry.event == "note.signed")
    vault.close()
    db = sealed.sqlcipher()
    db.execute("DROP TRIGGER sign_off_update")
    db.execute("UPDATE sign_off SET body = replace(body, 'honest', 'forged')")
    db.close()
    vault = sealed.open()
    with pytest.raises(ChainBrokenError, match=f"entry {number} "):
        vault.signoffs.of_note(note.id)
    with pytest.raises(ChainBrokenError, match=f"entry {number} "):
        vault.signoffs.of_client(client.id)
    vault.close()


def test_sign_offs_come_by_date_and_number(vault: Vault) -> None:
    client = add_client(vault)
    notes = [add_note(vault, client, f"text {n}") for n in range(3)]
    for note in reversed(notes):
        sign_without_ai(vault, note)
    assert [s.body.note_id for s in vault.signoffs.of_client(client.id)] == [n.id for n in notes]
