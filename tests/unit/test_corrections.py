"""Correction requests: due in a calendar month, open until answered, their words and the client's statement kept."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from notekeeper.domain.correction import Outcome, correction_reference
from notekeeper.domain.note import Note
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.caseload import ToDo, caseload, monday
from notekeeper.services.corrections import (
    answer_correction,
    ask_correction,
    corrections_about,
    corrections_of,
    open_corrections,
    standing_words,
)
from tests.vault.invented import SIGNER, add_client, add_note, sign_without_ai

ASKED = date(2026, 1, 31)
TODAY = date(2026, 2, 20)


def signed(vault: Vault, code: str = "C014") -> Note:
    note = add_note(vault, add_client(vault, code), "He came late.")
    sign_without_ai(vault, note)
    return note


def test_a_request_is_open_until_answered_and_stands_beside_the_note_for_good(vault: Vault) -> None:
    note = signed(vault)
    client = vault.clients.by_code("C014")
    asked = ask_correction(
        vault, client, "the client", "I was on time.", ASKED, TODAY, note.number, "I was there at ten."
    )
    assert (asked.number, asked.note_id, asked.request.due, asked.answer) == (1, note.id, date(2026, 2, 28), None)
    assert standing_words(asked, TODAY) == "open, due in 8 day(s), 2026-02-28"
    assert standing_words(asked, date(2026, 3, 2)) == "OVERDUE by 2 day(s), 2026-02-28"
    (line,) = [each for each in monday(caseload(vault, TODAY)) if each.todo is ToDo.CORRECTIONS]
    assert (line.client, line.words) == (client, "request C1, open, due in 8 day(s), 2026-02-28")

    refused = answer_correction(vault, client, 1, Outcome.NOT_CORRECTED, TODAY, "My watch said so.")
    assert standing_words(refused, TODAY) == "Not corrected, 2026-02-20"
    assert open_corrections(vault) == {}
    assert not [each for each in monday(caseload(vault, TODAY)) if each.todo is ToDo.CORRECTIONS]
    added = vault.addenda.add(note.id, "He was on time.", SIGNER)
    done = answer_correction(vault, client, 1, Outcome.ADDENDUM, TODAY + timedelta(1), "", added.number, "Thank you.")
    assert standing_words(done, TODAY) == "Corrected by an addendum 1, 2026-02-21"
    assert [answer.reasons for answer in done.answers] == ["My watch said so.", ""]
    assert done.statements == ("I was there at ten.", "Thank you.")
    assert corrections_about(vault, note) == corrections_of(vault, client) == (done,)
    assert vault.verify().problems == ()


def test_a_request_about_the_file_and_one_about_a_moved_note(vault: Vault) -> None:
    note = signed(vault)
    client, right = vault.clients.by_code("C014"), add_client(vault, "RIGHT")
    vault.notes.move(note.id, right.id)
    about = ask_correction(vault, client, "the client", "That was not me.", ASKED, TODAY, note.number)
    whole = ask_correction(vault, client, "the client", "My birthday.", TODAY, TODAY)
    assert [each.note_id for each in corrections_of(vault, client)] == [note.id, ""]
    assert open_corrections(vault) == {client.id: (about, whole)}
    assert corrections_of(vault, right) == ()


def test_what_does_not_say_what_it_must_is_refused_and_adds_nothing(vault: Vault) -> None:
    note = signed(vault)
    client = vault.clients.by_code("C014")
    ask_correction(vault, client, "x", "y", ASKED, TODAY, note.number)
    ask_correction(vault, client, "x", "y", ASKED, TODAY)
    head = vault.log.head()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: ask_correction(vault, client, " ", "y", ASKED, TODAY),
        lambda: ask_correction(vault, client, "x", "\n", ASKED, TODAY),
        lambda: ask_correction(vault, client, "x" * 201, "y", ASKED, TODAY),
        lambda: ask_correction(vault, client, "x", "y\ud800", ASKED, TODAY),
        lambda: ask_correction(vault, client, "x", "y", TODAY + timedelta(1), TODAY),
        lambda: ask_correction(vault, client, "x", "y", ASKED, TODAY, 9),
        lambda: answer_correction(vault, client, 3, Outcome.BEFORE_SIGNING, TODAY),
        lambda: answer_correction(vault, client, 1, Outcome.NOT_CORRECTED, TODAY, " "),
        lambda: answer_correction(vault, client, 1, Outcome.ADDENDUM, TODAY),
        lambda: answer_correction(vault, client, 1, Outcome.ADDENDUM, TODAY, "", 1),
        lambda: answer_correction(vault, client, 2, Outcome.ADDENDUM, TODAY, "", 1),
        lambda: answer_correction(vault, client, 1, Outcome.BEFORE_SIGNING, TODAY, "", 1),
    )
    for attempt in attempts:
        with pytest.raises(UsageError) as raised:
            attempt()
        assert (
            "Nothing was" in str(raised.value) or "lists them" in str(raised.value) or "names them" in str(raised.value)
        )
    assert vault.log.head() == head


@pytest.mark.parametrize("text", ["C014", "C014/1", "C014/F1", "/C1", "C014/C", "C014/C1 "])
def test_a_reference_is_read(text: str) -> None:
    if text.strip() == "C014/C1":
        assert correction_reference(text) == ("C014", 1)
    else:
        with pytest.raises(UsageError, match="CODE/CN"):
            correction_reference(text)
