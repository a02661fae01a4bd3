"""Follow-ups by the day, the Monday list worked off, and risk that is recorded after a session was signed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import OwnTheme, OwnView, conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.reports.terminal import report_text
from notekeeper.services.addenda import add_addendum, begun, begun_risk, keep_begun, keep_begun_risk, read_risk_json
from notekeeper.services.caseload import ToDo, caseload, monday
from notekeeper.services.consent import record_agreement
from notekeeper.services.follow_ups import (
    add_follow_up,
    begun_follow_up,
    due_of,
    find_follow_up,
    keep_begun_follow_up,
    open_follow_ups,
    read_due,
)
from notekeeper.services.front_sheet import open_file
from notekeeper.services.reporting import ReportChoices, build
from tests.vault.invented import AT, SIGNER, add_client, add_note, review_of

TODAY = date(2026, 3, 10)
LATER = RiskEntry(state=RiskState.ASKED_DISCLOSED, words="Asked on the telephone")


def signed_without_risk(vault: Vault) -> tuple[Client, Note]:
    """A session that was signed with "Not recorded"."""
    client = add_client(vault)
    note = add_note(vault, client, "signed")
    vault.reviews.set_own(note.id, OwnView(focus="own focus", themes=(OwnTheme(label="own theme"),)))
    vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_RECORDED, words="no time"))
    vault.signoffs.sign(conclude(review_of(vault, note), SIGNER, AT))
    vault.set_signer(SIGNER)
    return client, vault.notes.by_number(client.id, note.number)


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("2026-03-10", TODAY),
        (" 2026-11-30 ", date(2026, 11, 30)),
        ("+14", date(2026, 3, 24)),
        ("+ 1 day", date(2026, 3, 11)),
        ("+0", TODAY),
    ],
)
def test_a_day_is_typed_whole_or_as_days_from_today(typed: str, due: date) -> None:
    assert read_due(typed, TODAY) == due


@pytest.mark.parametrize("typed", ["", "soon", "30 Nov", "2026-02-30", "2026-03-09", "2062-01-01", "+9999", "14"])
def test_a_day_that_cannot_be_meant_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UsageError, match=r"2026-03-24|between today"):
        read_due(typed, TODAY)


@given(st.dates(TODAY - timedelta(days=60), TODAY + timedelta(days=60)))
def test_a_follow_up_is_listed_from_a_week_before_until_it_is_done(due: date) -> None:
    from notekeeper.domain.follow_up import FollowUp

    stands = due_of(FollowUp("a", "b", 1, "ring", due, None, None, AT), TODAY)
    assert stands.listed == (due <= TODAY + timedelta(days=7))
    assert stands.now == (due <= TODAY)
    assert due.isoformat() in stands.words
    assert ("OVERDUE" in stands.words) == (due < TODAY)


def test_the_monday_list_has_what_is_due_and_loses_what_is_done(vault: Vault) -> None:
    one, two = add_client(vault), add_client(vault, "A001")
    note = add_note(vault, one)
    for days, words, about in ((8, "far", one), (7, "coming", one), (0, "today", note), (-2, "overdue", two)):
        add_follow_up(vault, about, words, TODAY + timedelta(days=days))
    lines = [line for line in monday(caseload(vault, TODAY)) if line.todo is ToDo.FOLLOW_UPS_DUE]
    assert [(line.client, line.words, line.now) for line in lines] == [
        (two, "F1, OVERDUE by 2 days, 2026-03-08: overdue", True),
        (one, "F3, due today, 2026-03-10: today (from the risk entry of note 1)", True),
        (one, "F2, coming in 7 days, 2026-03-17: coming", False),
    ]
    client, follow_up = find_follow_up(vault, "c014/f3")
    assert client == one
    vault.follow_ups.mark(follow_up.id, TODAY)
    assert [each.words for each in open_follow_ups(vault, one)] == ["coming", "far"]
    assert open_file(vault, one).follow_ups == open_follow_ups(vault, one)
    assert len([line for line in monday(caseload(vault, TODAY)) if line.todo is ToDo.FOLLOW_UPS_DUE]) == 2


def test_typing_for_a_follow_up_is_kept_until_it_is_added(vault: Vault) -> None:
    client = add_client(vault)
    note = add_note(vault, client)
    keep_begun_follow_up(vault, client, "Ring the sur", "+1")
    keep_begun_follow_up(vault, note, "Ask again", "")
    assert begun_follow_up(vault, client) == ("Ring the sur", "+1")
    with pytest.raises(UsageError):
        add_follow_up(vault, client, "", TODAY)
    assert begun_follow_up(vault, client) == ("Ring the sur", "+1")
    add_follow_up(vault, client, "Write to the school", TODAY)  # from elsewhere
    add_follow_up(vault, client, "Ring the sur", TODAY)  # the same words, another day
    assert begun_follow_up(vault, client) == ("Ring the sur", "+1")
    add_follow_up(vault, client, " Ring the  sur", TODAY + timedelta(days=1), "+1")
    assert begun_follow_up(vault, client) == ("", "")
    assert begun_follow_up(vault, note) == ("Ask again", "")


def test_an_addendum_from_elsewhere_leaves_what_was_begun(vault: Vault) -> None:
    client, note = signed_without_risk(vault)
    other = LATER.model_copy(update={"words": "Asked by letter"})
    keep_begun(vault, note, "half a sentence")
    keep_begun_risk(vault, note, LATER)
    add_addendum(vault, client, note, "Another matter.", other)
    assert (begun(vault, note), begun_risk(vault, note)) == ("half a sentence", LATER)
    add_addendum(vault, client, note, "Another matter.", LATER)
    assert (begun(vault, note), begun_risk(vault, note)) == ("half a sentence", None)
    keep_begun_risk(vault, note, LATER)
    add_addendum(vault, client, note, "half a sentence\n", other)
    assert (begun(vault, note), begun_risk(vault, note)) == ("", LATER)


def test_risk_recorded_later_takes_the_session_off_the_list_and_stands_in_the_report(vault: Vault) -> None:
    client, note = signed_without_risk(vault)
    assert [line.todo for line in monday(caseload(vault, TODAY))] == [ToDo.RISK_NOT_RECORDED]
    add_addendum(vault, client, note, "A thought, and no word of risk.")
    assert [line.todo for line in monday(caseload(vault, TODAY))] == [ToDo.RISK_NOT_RECORDED]
    keep_begun_risk(vault, note, LATER)
    assert begun_risk(vault, note) == LATER
    for unfit, text in ((None, " "), (RiskEntry(state=RiskState.NOT_RECORDED), "words")):
        with pytest.raises(UsageError):
            add_addendum(vault, client, note, text, unfit)
    added = add_addendum(vault, client, note, " \n", LATER)
    assert (added.text, added.risk, begun_risk(vault, note)) == ("", LATER, None)
    assert monday(caseload(vault, TODAY)) == []
    record_agreement(vault, client, Purpose.SUPERVISION, Answer.AGREED, how="spoken")
    report = build(vault, [(client, ReportChoices(risk=True))])
    day = added.added_at.astimezone().date()
    assert [(e.state, e.words, e.added_on) for e in report.pages[0].risk.entries] == [
        (RiskState.NOT_RECORDED, "no time", None),
        (LATER.state, LATER.words, day),
    ]
    shown = report_text(report, width=200)
    assert "Session 1: Not recorded\n" in shown
    assert f"Session 1: Asked – disclosed, recorded by addendum on {day.day} " in shown


@pytest.mark.parametrize("text", ["", "[]", '{"state": "secretword"}', '{"words": "secretword"}'])
def test_a_risk_entry_that_cannot_be_used_is_refused_without_its_words(text: str) -> None:
    with pytest.raises(UsageError, match="asked_disclosed") as refusal:
        read_risk_json(text)
    assert "secretword" not in str(refusal.value)
    assert read_risk_json('{"state": "not_asked"}') == RiskEntry(state=RiskState.NOT_ASKED)
