"""Answers to AI use in the vault: whose they are, what stops when one is a no, and what is left then."""

from collections.abc import Callable
from datetime import date

import pytest

from notekeeper.domain.agreement import Answer, GivenAs, Purpose, agrees
from notekeeper.domain.client_file import FrontSheet, Work
from notekeeper.domain.note import Client
from notekeeper.domain.people import Capacity
from notekeeper.domain.review import conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.errors import AgreementMissingError, ChainBrokenError, UsageError
from notekeeper.services.consent import patterns_allowed, permit_for, record_agreement, require_supervision
from notekeeper.services.people import add_person, people_of, person_left, still_to_ask
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
)

DAY = date(2026, 3, 4)


def couple(vault: Vault, code: str = "C014") -> tuple[Client, list[str]]:
    """A couple's file, and the ids of both."""
    client = add_client(vault, code)
    vault.front_sheets.save(client.id, FrontSheet(work=Work.COUPLE))
    return client, [add_person(vault, client, label, Capacity.CLIENT).id for label in ("Partner A", "Partner B")]


def say(
    vault: Vault, client: Client, person: str, answer: Answer = Answer.AGREED, purpose: Purpose = Purpose.DRAFTING
) -> None:
    record_agreement(vault, client, purpose, answer, how="spoken", person=person)


def test_one_partners_no_ends_the_permit_and_every_purpose_has_answers_of_its_own(vault: Vault) -> None:
    client, both = couple(vault)
    for purpose in Purpose:
        for person in both:
            assert not agrees(vault.agreements.standings(client.id, purpose))
            say(vault, client, person, purpose=purpose)
    assert permit_for(vault, client).client_id == client.id
    assert patterns_allowed(vault, client)
    require_supervision(vault, client)
    say(vault, client, both[1], Answer.WITHDRAWN)
    with pytest.raises(AgreementMissingError, match="P2 of this file has withdrawn AI drafting"):
        permit_for(vault, client)
    assert patterns_allowed(vault, client)
    for purpose in (Purpose.PATTERNS, Purpose.SUPERVISION):
        say(vault, client, both[0], Answer.DECLINED, purpose)
    assert not patterns_allowed(vault, client)
    with pytest.raises(AgreementMissingError, match="P1 of this file has declined supervision"):
        require_supervision(vault, client)


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda vault, client, both: say(vault, client, both[0], Answer.WITHDRAWN),
        lambda vault, client, both: say(vault, client, both[1], Answer.DECLINED),
        lambda vault, client, _: add_person(vault, client, "A child", Capacity.CLIENT),
    ],
)
def test_a_draft_that_comes_after_somebodys_no_is_not_kept(
    vault: Vault, meanwhile: Callable[[Vault, Client, list[str]], object]
) -> None:
    client, both = couple(vault)
    for person in both:
        say(vault, client, person)
    note = add_note(vault, client, "text")
    revision = vault.notes.latest(note.id)
    assert revision is not None
    vault.drafts.store(note.id, revision.id, draft_of("text"))
    meanwhile(vault, client, both)
    head = vault.log.head()
    with pytest.raises(AgreementMissingError, match="the draft was not kept"):
        vault.drafts.store(note.id, revision.id, draft_of("text"))
    assert vault.log.head() == head


def test_of_an_individual_file_that_becomes_a_couples_nobody_has_agreed(vault: Vault) -> None:
    client = add_client(vault)
    agree(vault, client)
    permit_for(vault, client)
    vault.front_sheets.save(client.id, FrontSheet(work=Work.COUPLE))
    with pytest.raises(AgreementMissingError, match="fewer than two"):
        permit_for(vault, client)
    with pytest.raises(UsageError, match="Enter them first"):
        say(vault, client, "")


def test_a_withdrawal_leaves_no_word_of_the_model_and_every_word_of_the_therapist(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    agree(vault, client)
    signed_one, draft_id = drafted(vault, client, "The okapinote text", word="signedmodelword")
    for decision in decisions("keptwording"):
        vault.reviews.decide(draft_id, decision)
    vault.reviews.set_risk(signed_one.id, RiskEntry(state=RiskState.NOT_ASKED))
    vault.signoffs.sign(conclude(review_of(vault, signed_one), SIGNER, AT))
    open_one, open_draft = drafted(vault, client, "The zebranote text", word="openmodelword")
    for decision in decisions("unsignedwording"):
        vault.reviews.decide(open_draft, decision)
    record_agreement(vault, client, Purpose.DRAFTING, Answer.WITHDRAWN, how="written")
    assert vault.drafts.latest(open_one.id) is None
    signed = vault.signoffs.of_note(signed_one.id)
    assert signed is not None
    assert signed.body.provenance is None
    assert "keptwording" in {item.text for item in signed.body.items}
    assert [hit.note.id for hit in vault.search("okapinote")] == [signed_one.id]
    assert [hit.note.id for hit in vault.search("zebranote")] == [open_one.id]
    assert vault.verify().problems == ()
    vault.close()
    pages = sealed.pages()
    assert b"openmodelword" not in pages
    assert b"unsignedwording" not in pages
    assert b"signedmodelword question" not in pages
    assert b"zebranote" in pages
    db = sealed.sqlcipher()
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert not {name for name in tables if "vector" in name or "embedding" in name}
    held = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608 - the vault's own names
    assert {name for name, rows in held.items() if "openmodelword" in repr(rows)} == set()
    assert held["provenance"] == []
    db.close()


def test_who_gave_an_answer_for_whom_comes_back_and_is_erased_with_the_client(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    vault.front_sheets.save(client.id, FrontSheet(under_18=True))
    mother = add_person(vault, client, "okapilabel", Capacity.PARENT)
    with pytest.raises(UsageError, match="in what capacity"):
        record_agreement(vault, client, Purpose.DRAFTING, Answer.AGREED, how="spoken")
    record_agreement(
        vault, client, Purpose.DRAFTING, Answer.AGREED, how="form", giver=mother, capacity=GivenAs.PARENT, on=DAY
    )
    (given,) = vault.agreements.given(client.id)
    assert given.detail is not None
    assert (given.detail.giver, given.capacity, given.day) == (mother.id, GivenAs.PARENT, DAY)
    assert (given.agreement.given_by, given.agreement.how) == ("P1 as parent", "form")
    permit_for(vault, client)
    person_left(vault, client, mother, DAY)
    assert [(each.label, each.left) for each in people_of(vault, client)] == [("okapilabel", DAY)]
    vault.clients.erase(client.id)
    assert vault.verify().problems == ()
    vault.close()
    assert b"okapilabel" not in sealed.pages()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO agreement SELECT 99, 'ff', client_id, purpose, 'agreed', how, given_by, 'v', at FROM agreement",
        "DROP TRIGGER agreement_update; UPDATE agreement SET answer = 'agreed'",
    ],
)
def test_an_answer_written_past_the_program_grants_nothing(sealed: Sealed, statement: str) -> None:
    vault = sealed.open()
    client = add_client(vault)
    agree(vault, client, Answer.DECLINED)
    vault.close()
    db = sealed.sqlcipher()
    for part in statement.split("; "):
        db.execute(part)
    db.commit()
    db.close()
    vault = sealed.open()
    with pytest.raises(ChainBrokenError):
        permit_for(vault, client)
    vault.close()


def test_a_sheet_kept_before_it_had_more_fields_is_the_same_sheet(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    sheet = FrontSheet(gp="Dr Made Up")
    early = sheet.model_dump(mode="json", exclude={"work", "under_18", "lawful_basis", "started", "ended"})

    class _Early(FrontSheet):
        def model_dump(self, **options: object) -> dict[str, object]:
            del options
            return early

    vault.front_sheets.save(client.id, _Early.model_validate(sheet.model_dump()))
    head = vault.log.head()
    vault.front_sheets.save(client.id, sheet)
    assert vault.log.head() == head
    vault.front_sheets.save(client.id, sheet.model_copy(update={"ended": DAY}))
    assert vault.front_sheets.current(client.id).ended == DAY
    assert vault.verify().problems == ()
    vault.close()


def test_the_front_sheet_says_under_18_for_a_person_entered_too(vault: Vault) -> None:
    client = add_client(vault)
    vault.front_sheets.save(client.id, FrontSheet(under_18=True))
    person = add_person(vault, client, "The client", Capacity.CLIENT)
    with pytest.raises(UsageError, match="under 18"):
        say(vault, client, person.id)


def test_what_an_adult_did_not_state_is_not_stated_for_somebody_under_18(vault: Vault) -> None:
    client = add_client(vault)
    say(vault, client, "")
    assert permit_for(vault, client).client_id == client.id
    vault.front_sheets.save(client.id, FrontSheet(under_18=True))
    with pytest.raises(AgreementMissingError, match="not recorded in what capacity"):
        permit_for(vault, client)
    record_agreement(vault, client, Purpose.DRAFTING, Answer.AGREED, how="spoken", capacity=GivenAs.SELF)
    assert permit_for(vault, client).client_id == client.id


def test_a_no_is_not_taken_back_by_calling_its_person_a_mistake(vault: Vault) -> None:
    client, both = couple(vault)
    for person in both:
        say(vault, client, person)
    say(vault, client, both[1], Answer.WITHDRAWN)
    second = people_of(vault, client)[1]
    with pytest.raises(UsageError, match="declined or withdrew"):
        person_left(vault, client, second, DAY, mistake=True)
    with pytest.raises(AgreementMissingError):
        permit_for(vault, client)
    say(vault, client, both[1])
    person_left(vault, client, second, DAY, mistake=True)


def test_entering_somebody_says_which_drafts_wait(vault: Vault) -> None:
    client = add_client(vault)
    agree(vault, client)
    note, text = drafted(vault, client, "We spoke about the move.")
    saved = vault.notes.latest(note.id)
    assert saved is not None
    added = add_person(vault, client, "Partner A", Capacity.CLIENT)
    assert "1 draft(s) made before" in still_to_ask(vault, client, added)
    with pytest.raises(AgreementMissingError, match="P1 of this file has not been asked"):
        vault.drafts.store(note.id, saved.id, draft_of(text))
