"""The client who said no: no permit, no call of the engine, and no report where none was agreed to."""

from datetime import date

import pytest

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.note import Client, Note
from notekeeper.domain.vault import Vault
from notekeeper.errors import AgreementMissingError, NotReadyError, UsageError
from notekeeper.services.consent import (
    WORDING,
    permit_for,
    permit_for_no_client,
    record_agreement,
    require_supervision,
)
from notekeeper.services.drafting import draft, suggest
from notekeeper.services.writing import add_note, new_note
from tests.unit.fakes import NOTE, parts, untouchable

DAY = date(2026, 3, 3)


def agree(vault: Vault, client: Client, answer: Answer = Answer.AGREED, purpose: Purpose = Purpose.DRAFTING) -> None:
    record_agreement(vault, client, purpose, answer, how="asked in session")


def a_note(vault: Vault, code: str = "C014") -> tuple[Client, Note]:
    client = vault.clients.add(code)
    return client, add_note(vault, client, NOTE, DAY)[0]


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [(Purpose.DRAFTING, Answer.DECLINED)],
        [(Purpose.DRAFTING, Answer.AGREED), (Purpose.DRAFTING, Answer.WITHDRAWN)],
        [(Purpose.PATTERNS, Answer.AGREED), (Purpose.SUPERVISION, Answer.AGREED)],
    ],
)
def test_without_an_agreement_that_stands_there_is_no_permit(
    vault: Vault, answers: list[tuple[Purpose, Answer]]
) -> None:
    client, note = a_note(vault)
    for purpose, answer in answers:
        agree(vault, client, answer, purpose)
    with pytest.raises(AgreementMissingError):
        draft(permit_for(vault, client), vault, note, untouchable())
    assert vault.drafts.latest(note.id) is None


def test_the_agreement_of_one_client_drafts_nothing_of_another(vault: Vault) -> None:
    client, _ = a_note(vault)
    _, other = a_note(vault, "C015")
    agree(vault, client)
    with pytest.raises(TypeError, match="another client"):
        draft(permit_for(vault, client), vault, other, untouchable())


def test_the_permit_of_given_text_drafts_no_clients_note(vault: Vault) -> None:
    _, note = a_note(vault)
    with pytest.raises(TypeError, match="another client"):
        draft(permit_for_no_client(), vault, note, untouchable())


def test_a_client_who_agrees_is_drafted_and_withdrawing_takes_the_draft_away(vault: Vault) -> None:
    client, note = a_note(vault)
    agree(vault, client)
    stored, made = draft(permit_for(vault, client), vault, note, parts())
    assert stored is not None
    assert stored.draft == made
    agree(vault, client, Answer.WITHDRAWN)
    assert vault.drafts.latest(note.id) is None
    assert vault.notes.latest(note.id) is not None


def test_a_refused_note_leaves_no_draft(vault: Vault) -> None:
    client = vault.clients.add("C014")
    agree(vault, client)
    text = "T: Where would you like to start?\nC: I don't know, you tell me.\n" * 8
    note, _ = add_note(vault, client, text, DAY)
    stored, made = draft(permit_for(vault, client), vault, note, untouchable())
    assert (stored, made.refused) == (None, "transcript")
    assert vault.drafts.latest(note.id) is None


def test_a_note_without_saved_text_is_not_drafted(vault: Vault) -> None:
    client = vault.clients.add("C014")
    agree(vault, client)
    with pytest.raises(NotReadyError, match="no saved text"):
        draft(permit_for(vault, client), vault, new_note(vault, client, DAY), untouchable())


def test_text_of_no_client_is_suggested_on_and_nothing_is_kept(vault: Vault) -> None:
    before = vault.log.head()
    assert suggest(NOTE, parts()).themes
    assert vault.log.head() == before


def test_agreeing_to_supervision_is_its_own_answer(vault: Vault) -> None:
    client, _ = a_note(vault)
    agree(vault, client)
    with pytest.raises(AgreementMissingError, match="not been asked"):
        require_supervision(vault, client)
    agree(vault, client, Answer.DECLINED, Purpose.SUPERVISION)
    with pytest.raises(AgreementMissingError, match="declined"):
        require_supervision(vault, client)
    agree(vault, client, Answer.AGREED, Purpose.SUPERVISION)
    require_supervision(vault, client)


def test_every_purpose_has_words_to_ask_with_and_none_says_anonymous_without_not() -> None:
    assert set(WORDING) == set(Purpose)
    assert not any("anonymous" in words and "not anonymous" not in words for words in WORDING.values())


def test_a_permit_is_made_from_the_answer_that_stands_now(vault: Vault) -> None:
    client, _ = a_note(vault)
    for answer in (Answer.DECLINED, Answer.AGREED, Answer.WITHDRAWN, Answer.AGREED):
        agree(vault, client, answer)
    assert permit_for(vault, client).client_id == client.id
    assert not issubclass(AgreementMissingError, UsageError)
