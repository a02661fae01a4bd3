"""Finishing, deciding and signing through the services, with the real vault."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.config import resource
from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import Choice, Destination
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError, NotReadyError, UsageError
from notekeeper.services.consent import permit_for, record_agreement
from notekeeper.services.demonstration import fill
from notekeeper.services.drafting import draft
from notekeeper.services.reviewing import FinishForm, OwnThemeForm, decide, finish, read_form, review_of
from notekeeper.services.signing import DEMONSTRATION, set_signer, sign
from notekeeper.services.writing import add_note
from tests.unit.fakes import NOTE, parts

CODES = ("sleep", "family")
SECRET = "She cried about her son"


def a_note(vault: Vault) -> tuple[Client, Note]:
    client = vault.clients.add("C014")
    return client, add_note(vault, client, NOTE, date(2026, 3, 3))[0]


def drafted(vault: Vault) -> tuple[Client, Note]:
    client, note = a_note(vault)
    record_agreement(vault, client, Purpose.DRAFTING, Answer.AGREED, how="asked")
    draft(permit_for(vault, client), vault, note, parts())
    return client, note


def whole_form() -> FinishForm:
    return FinishForm(
        focus="Own focus",
        themes=(OwnThemeForm(label="Own theme", code="sleep", sentences=(2, 1, 2)),),
        risk=RiskEntry(state=RiskState.NOT_ASKED),
    )


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({SECRET: 1}, "a field that is not known"),
        ({"themes": [{"label": "x", SECRET: 2}]}, "themes.0"),
        ({"risk": {"state": "not_asked", SECRET: "x"}}, "risk"),
        ({"risk": {"state": SECRET}}, "risk.state"),
        ({"risk": SECRET}, "risk"),
        ({"focus": [SECRET]}, "focus"),
        ({"focus": SECRET * 40}, "focus"),
        ({"themes": [{"label": "x", "trend": SECRET}]}, "themes.0.trend"),
        ({"themes": [{"label": "x", "sentences": [SECRET]}]}, "themes.0.sentences.0"),
        ([SECRET], "the form"),
    ],
)
def test_a_forms_fault_names_the_field_and_none_of_its_content(form: object, field: str) -> None:
    with pytest.raises(UsageError, match="Nothing was changed") as refused:
        read_form(json.dumps(form))
    assert field in str(refused.value)
    assert SECRET not in str(refused.value)
    assert "cried" not in repr(refused.value)


@given(st.text())
def test_whatever_is_given_as_a_form_is_one_or_is_refused(text: str) -> None:
    try:
        read_form(text)
    except UsageError:
        return


def test_a_note_is_finished_without_ai(vault: Vault) -> None:
    client, note = a_note(vault)
    set_signer(vault, " A. Therapist ", "X-1")
    state = finish(vault, note, whole_form(), CODES)
    assert [piece.text for piece in state.review.own.themes[0].evidence] == [
        "Client came on time and sat down slowly.",
        "Lying awake most nights, waking again at four.",
    ]
    signed = sign(vault, client, note)
    assert not signed.body.ai_used
    assert signed.body.signer.name == "A. Therapist"
    assert vault.notes.by_number(client.id, 1).signed


@pytest.mark.parametrize(
    "theme",
    [
        OwnThemeForm(label="x", code="made_up"),
        OwnThemeForm(label="x", sentences=(0,)),
        OwnThemeForm(label="x", sentences=(6,)),
        OwnThemeForm(label="“quoted”"),
        OwnThemeForm(label=" "),
    ],
)
def test_one_theme_at_fault_and_nothing_is_taken(vault: Vault, theme: OwnThemeForm) -> None:
    _, note = a_note(vault)
    with pytest.raises(UsageError):
        finish(vault, note, whole_form().model_copy(update={"themes": (theme,)}), CODES)
    review = review_of(vault, note).review
    assert (review.own.focus, review.own.themes, review.risk) == (None, (), None)


def test_fields_left_out_stay(vault: Vault) -> None:
    _, note = a_note(vault)
    finish(vault, note, whole_form(), CODES)
    state = finish(vault, note, FinishForm(focus="Another focus"), CODES)
    assert state.review.own.focus == "Another focus"
    assert [theme.label for theme in state.review.own.themes] == ["Own theme"]
    assert state.review.risk == RiskEntry(state=RiskState.NOT_ASKED)


def test_no_step_but_the_therapists_fills_the_risk_entry(vault: Vault) -> None:
    client, note = drafted(vault)
    set_signer(vault, "A. Therapist")
    finish(vault, note, FinishForm(focus="Own focus"), CODES)
    for item in review_of(vault, note).review.undecided():
        decide(vault, note, item, Choice.ACCEPTED, destination=Destination.SUPERVISION if item[0] in "RI" else None)
    assert review_of(vault, note).review.risk is None
    with pytest.raises(NotReadyError, match="risk"):
        sign(vault, client, note)
    finish(vault, note, FinishForm(risk=RiskEntry(state=RiskState.NOT_RECORDED)), CODES)
    assert sign(vault, client, note).body.ai_used


def test_items_are_decided_one_by_one(vault: Vault) -> None:
    _, note = drafted(vault)
    for item in ("", "*", "all", "T1,T2", "T9", "t1"):
        with pytest.raises(UsageError):
            decide(vault, note, item, Choice.ACCEPTED)
    waiting = review_of(vault, note).review.undecided()
    decide(vault, note, "T1", Choice.ACCEPTED)
    assert set(waiting) - set(review_of(vault, note).review.undecided()) == {"T1"}


def test_newer_text_leaves_the_draft_behind(vault: Vault) -> None:
    _, note = drafted(vault)
    decide(vault, note, "T1", Choice.ACCEPTED)
    vault.notes.save(note.id, NOTE + " She left early.")
    state = review_of(vault, note)
    assert (state.stale, state.stored, state.review.draft, state.review.decisions) == (True, None, None, {})
    with pytest.raises(NotReadyError, match="changed after its draft"):
        decide(vault, note, "T1", Choice.ACCEPTED)


@pytest.mark.parametrize("name", ["", "  ", "Demonstration", " demonstration "])
def test_a_signature_needs_a_persons_name(vault: Vault, name: str) -> None:
    with pytest.raises(UsageError):
        set_signer(vault, name)
    client, note = a_note(vault)
    finish(vault, note, whole_form(), CODES)
    with pytest.raises(NotReadyError, match="Give your name"):
        sign(vault, client, note)


def test_demonstration_signs_its_own_and_nothing_else(vault: Vault) -> None:
    client, note = a_note(vault)
    set_signer(vault, "A. Therapist")
    finish(vault, note, whole_form(), CODES)
    with pytest.raises(UsageError, match="demonstration"):
        sign(vault, client, note, demonstration=True)
    shown = vault.clients.add("demo", demonstration=True)
    other, _ = add_note(vault, shown, NOTE, date(2026, 3, 3))
    finish(vault, other, whole_form(), CODES)
    with pytest.raises(UsageError, match="demonstration"):
        sign(vault, shown, other)
    body = sign(vault, shown, other, demonstration=True).body
    assert (body.signer, body.demonstration) == (DEMONSTRATION, True)
    assert not sign(vault, client, note).body.demonstration


def test_a_signed_note_takes_nothing_more(vault: Vault) -> None:
    client, note = a_note(vault)
    set_signer(vault, "A. Therapist")
    finish(vault, note, whole_form(), CODES)
    sign(vault, client, note)
    closed = vault.notes.by_number(client.id, note.number)
    record_agreement(vault, client, Purpose.DRAFTING, Answer.AGREED, how="asked")
    for late in (
        lambda: sign(vault, client, closed),
        lambda: finish(vault, closed, whole_form(), CODES),
        lambda: decide(vault, closed, "T1", Choice.ACCEPTED),
        lambda: draft(permit_for(vault, client), vault, closed, parts()),
    ):
        with pytest.raises(UsageError, match="signed"):
            late()
    with pytest.raises(UsageError):
        finish(vault, replace(closed, signed=False), FinishForm(focus="Late"), CODES)


def test_the_demonstration_leaves_the_newest_session_to_a_person(vault: Vault) -> None:
    shown = fill(vault, resource("models/starter/data/series-a.jsonl"))
    assert shown.clients == len(vault.clients.all()) >= 2
    notes = vault.notes.of_client(shown.client.id)
    assert [note.signed for note in notes] == [True] * (len(notes) - 1) + [False]
    assert shown.newest.id == notes[-1].id
    for client in vault.clients.all():
        for review in vault.signoffs.of_client(client.id):
            assert review.body.demonstration
            assert review.body.signer == DEMONSTRATION
            assert review.body.risk == RiskEntry(state=RiskState.NOT_RECORDED)
            assert not review.body.ai_used


def test_a_demonstration_without_its_data_says_so(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(NotekeeperError, match="Install notekeeper again"):
        fill(vault, tmp_path / "none.jsonl")
