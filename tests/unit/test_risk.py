"""Risk by kind, what cannot both be so, and the reminder of what a note mentions."""

import json
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from notekeeper.domain.risk import (
    KindOfRisk,
    RiskAnswer,
    RiskEntry,
    RiskKind,
    RiskState,
    RiskWhen,
    contradictions,
)
from notekeeper.domain.risk_told import entry_told, kinds_told
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError, UsageError
from notekeeper.reports.terminal import report_text
from notekeeper.services.addenda import add_addendum, read_risk_json
from notekeeper.services.caseload import ToDo, caseload, monday
from notekeeper.services.reviewing import FinishForm, OwnThemeForm, finish
from notekeeper.services.risk import SILENCE, mentioned, reminder, reminder_of
from notekeeper.services.risk_words import risk_words
from notekeeper.services.signing import before_signing, sign
from tests.unit.risk_sentences import MENTION, NONE
from tests.vault.invented import SIGNER, add_client, add_note

TODAY = date(2026, 3, 10)
TELLING = (RiskState.ASKED_DISCLOSED, RiskState.RAISED_BY_CLIENT)
ANSWERS = st.none() | st.sampled_from(RiskAnswer)


@st.composite
def entries(draw: st.DrawFn) -> RiskEntry:
    """Any entry that can be written: also those that contradict themselves."""
    kinds = []
    for kind in draw(st.sets(st.sampled_from(RiskKind))):
        answers = {name: draw(ANSWERS) for name in ("thoughts", "plan", "intent")} if kind.by_the_client else {}
        state, when = draw(st.sampled_from(RiskState)), draw(st.sampled_from(RiskWhen))
        kinds.append(KindOfRisk(kind=kind, state=state, when=when, **answers))
    return RiskEntry(state=draw(st.sampled_from(RiskState)), kinds=tuple(kinds), words=draw(st.text(max_size=20)))


def at_odds(entry: RiskEntry) -> bool:
    """Whether two things of the entry cannot both be so, written out case by case."""
    for each in entry.kinds:
        said = [each.thoughts, each.plan, each.intent]
        if each.state in TELLING and entry.state not in TELLING:
            return True
        if each.state is RiskState.ASKED_NOT_DISCLOSED and entry.state in (RiskState.NOT_ASKED, RiskState.NOT_RECORDED):
            return True
        if each.state is RiskState.NOT_ASKED and entry.state is RiskState.NOT_RECORDED:
            return True
        if RiskAnswer.YES in said and each.state not in TELLING:
            return True
        if RiskAnswer.NO in said and each.state in (RiskState.NOT_ASKED, RiskState.NOT_RECORDED):
            return True
    return False


@given(entries())
def test_what_cannot_both_be_so_is_found_and_repeats_no_word(entry: RiskEntry) -> None:
    found = contradictions(entry)
    assert bool(found) == at_odds(entry)
    assert contradictions(entry.model_copy(update={"words": "secretword"})) == found


def test_every_pair_of_states_with_every_answer_is_at_odds_or_not_as_written_out() -> None:
    for overall in RiskState:
        for state in RiskState:
            for thoughts in (None, *RiskAnswer):
                kind = KindOfRisk(kind=RiskKind.SELF_HARM, state=state, thoughts=thoughts)
                entry = RiskEntry(state=overall, kinds=(kind,))
                assert bool(contradictions(entry)) == at_odds(entry), entry


@given(entries())
def test_an_entry_is_told_whole_and_comes_back_as_it_was(entry: RiskEntry) -> None:
    assert RiskEntry.model_validate_json(entry.model_dump_json()) == entry
    told = "\n".join(kinds_told(entry.kinds)).lower()
    for kind in RiskKind:
        assert kind.words.lower() in told
        each = entry.of(kind)
        if each is None or each.state is RiskState.NOT_RECORDED:
            assert kind.words.lower() in told.splitlines()[-1]
            assert told.endswith("not recorded")
    for absent in ("no risk", "no concern", "none", "absent"):
        assert absent not in told


def test_a_body_signed_before_there_were_kinds_still_loads_and_tells_them_as_not_recorded() -> None:
    earlier = RiskEntry.model_validate_json(
        '{"state": "not_asked", "words": "No time", "action": "", "safeguarding": ""}'
    )
    assert (earlier.kinds, earlier.safeguarding_child, earlier.told) == ((), False, "")
    assert entry_told(earlier) == (
        ("By kind", "Suicide, self-harm, harm to others, harm from others: Not recorded"),
        ("In my words", "No time"),
    )


def test_what_no_form_can_hold_is_refused() -> None:
    with pytest.raises(ValidationError):
        KindOfRisk(kind=RiskKind.HARM_FROM_OTHERS, state=RiskState.ASKED_DISCLOSED, plan=RiskAnswer.NO)
    twice = {"kind": "suicide", "state": "not_asked"}
    with pytest.raises(UsageError, match=r"`kinds`, each once"):
        read_risk_json(json.dumps({"state": "not_asked", "kinds": [twice, twice]}))


CLASH = RiskEntry(
    state=RiskState.NOT_ASKED,
    words="secretword",
    kinds=(KindOfRisk(kind=RiskKind.SUICIDE, state=RiskState.RAISED_BY_CLIENT),),
)
SAID = r"Suicide says “Raised by client”, and the overall state says “Not asked”"


def test_an_entry_at_odds_is_kept_while_written_and_stops_signature_form_and_addendum(vault: Vault) -> None:
    client = add_client(vault)
    note = add_note(vault, client, "She spoke of the garden.")
    vault.set_signer(SIGNER)
    finish(vault, note, FinishForm(focus="Garden", themes=(OwnThemeForm(label="Garden"),)), ())
    with pytest.raises(UsageError, match=SAID) as refused:
        finish(vault, note, FinishForm(risk=CLASH), ())
    assert "secretword" not in str(refused.value)
    assert vault.reviews.risk(note.id) is None
    vault.reviews.set_risk(note.id, CLASH)
    assert [SAID in sentence for sentence in before_signing(vault, client, note).missing] == [True]
    with pytest.raises(NotReadyError, match=SAID):
        sign(vault, client, note)
    vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_ASKED))
    sign(vault, client, note)
    signed = vault.notes.by_number(client.id, note.number)
    with pytest.raises(UsageError, match=SAID):
        add_addendum(vault, client, signed, "", CLASH)
    assert vault.addenda.of_note(note.id) == []


def test_the_list_finds_what_mentions_risk_and_passes_over_what_does_not() -> None:
    """Measured, not hoped: none of 48 missed, none of 42 found."""
    assert (len(MENTION), len(NONE)) == (48, 42)
    missed = [
        sentence
        for sentence, meant in MENTION
        if not any(meant in mention.topics for mention in risk_words().mentions(sentence))
    ]
    assert missed == []
    assert [sentence for sentence in NONE if risk_words().mentions(sentence)] == []


@given(st.sampled_from(MENTION), st.lists(st.sampled_from(NONE), max_size=4), st.text(max_size=30))
def test_a_mention_is_found_whatever_stands_around_it(mention: tuple[str, str], around: list[str], more: str) -> None:
    text = "\n".join([more, *around, mention[0], *around])
    found = risk_words().mentions(text)
    assert any(mention[1] in each.topics for each in found)
    assert all(0 <= each.start < each.end <= len(text) for each in found)


def test_a_denial_mentions_and_only_that_kind_quiets_the_reminder() -> None:
    text = "We met.\nShe denies suicidal thoughts. He hits her."
    said = reminder(text, None)
    assert said is not None
    assert said.kinds == ("suicide", "harm to or from others")
    assert said.sentence == (f"Your note mentions suicide and harm to or from others; risk is not recorded. {SILENCE}")
    assert [(place.line, place.words) for place in said.places] == [(2, "suicidal"), (2, "hits her")]
    assert "(“suicidal”, line 2; “hits her”, line 2)" in said.sentence_with_places
    assert reminder(text, RiskEntry(state=RiskState.NOT_RECORDED)) == said
    overall = reminder(text, RiskEntry(state=RiskState.ASKED_NOT_DISCLOSED))
    assert overall is not None
    assert "; the risk entry does not record that. " in overall.sentence
    asked = KindOfRisk(kind=RiskKind.SUICIDE, state=RiskState.ASKED_NOT_DISCLOSED)
    left = reminder(text, RiskEntry(state=RiskState.ASKED_DISCLOSED, kinds=(asked,)))
    assert left is not None
    assert left.kinds == ("harm to or from others",)
    both = (asked, KindOfRisk(kind=RiskKind.HARM_FROM_OTHERS, state=RiskState.ASKED_DISCLOSED))
    assert reminder(text, RiskEntry(state=RiskState.ASKED_DISCLOSED, kinds=both)) is None
    assert reminder("She spoke of the garden.", None) is None


def test_safeguarding_is_recorded_by_a_tick_or_by_words() -> None:
    text = "I rang the safeguarding lead."
    state = RiskState.NOT_RECORDED
    assert reminder(text, RiskEntry(state=state)) is not None
    for recorded in (
        RiskEntry(state=state, safeguarding_adult=True),
        RiskEntry(state=state, safeguarding="Rang today"),
    ):
        assert reminder(text, recorded) is None


def test_the_monday_list_counts_what_is_mentioned_and_an_entry_or_addendum_quiets_it(vault: Vault) -> None:
    client = add_client(vault)
    first, calm = add_note(vault, client, "Suicidal at night. secretword"), add_note(vault, client, "The garden.")
    rows = caseload(vault, TODAY)
    assert mentioned(vault, rows) == {first.id: ("suicide",)}
    [line] = [line for line in monday(rows, mentioned(vault, rows)) if line.todo is ToDo.RISK_NOT_RECORDED]
    assert (line.words, line.mentions) == ("in 2 of 2 session(s): note 1–2. 1 of them mentions suicide", True)
    vault.set_signer(SIGNER)
    form = FinishForm(
        focus="Night", themes=(OwnThemeForm(label="Night"),), risk=RiskEntry(state=RiskState.NOT_RECORDED)
    )
    finish(vault, first, form, ())
    reminded = before_signing(vault, client, first).reminder
    assert reminded is not None
    assert "secretword" not in reminded.sentence
    sign(vault, client, first)
    signed = vault.notes.by_number(client.id, 1)
    assert reminder_of(vault, signed) == reminded
    asked = KindOfRisk(kind=RiskKind.SUICIDE, state=RiskState.ASKED_DISCLOSED)
    add_addendum(vault, client, signed, "", RiskEntry(state=RiskState.ASKED_DISCLOSED, kinds=(asked,)))
    assert reminder_of(vault, signed) is None
    assert mentioned(vault, caseload(vault, TODAY)) == {}
    assert [note.id for row in caseload(vault, TODAY) for note in row.risk_not_recorded] == [calm.id]


def test_a_report_says_every_kind_in_the_therapist_s_words() -> None:
    from tests.reports.invented import CaseFile, item

    entry = RiskEntry(
        state=RiskState.ASKED_DISCLOSED,
        words="At night",
        kinds=(
            KindOfRisk(
                kind=RiskKind.SUICIDE,
                state=RiskState.RAISED_BY_CLIENT,
                when=RiskWhen.BOTH,
                thoughts=RiskAnswer.YES,
                plan=RiskAnswer.NOT_ASKED,
            ),
        ),
        protective="The choir",
        told="Her doctor",
        safeguarding_child=True,
        safeguarding="Aged nine",
    )
    case = CaseFile()
    case.session(item("theme", "Saying no"), risk=entry)
    case.session(item("theme", "Saying no"), risk=RiskEntry(state=RiskState.ASKED_NOT_DISCLOSED))
    text = report_text(case.report(include_risk=True), 200)
    for line in (
        "Session 2: Asked – not disclosed\n    Not recorded by kind\n    In the therapist's words: nothing written",
        "Suicide: Raised by client; past and current; thoughts yes, plan not asked, intent not recorded",
        "Self-harm, harm to others, harm from others: Not recorded",
        "Protective factors: The choir",
        "Whom the therapist told: Her doctor",
        "Safeguarding concern: child – Aged nine",
        "Nothing written: action",
    ):
        assert f"{line}\n" in text


def test_a_note_of_a_megabyte_that_mentions_it_everywhere_is_read_in_one_pass() -> None:
    """Each mention held against each other one took minutes; the bound is generous for a loaded machine."""
    begun = time.process_time()
    found = reminder("She spoke of suicide. kill time\n" * 31_000, None)
    assert time.process_time() - begun < 30
    assert found is not None
    assert found.kinds == ("suicide",)
    assert [place.line for place in found.places] == list(range(1, 31_001))
