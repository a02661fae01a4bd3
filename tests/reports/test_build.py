"""Which sessions and items a report counts, and what stops it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.domain.addendum import LaterRisk
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.note import NoteKind
from notekeeper.domain.report import NO_AI, Course, Coverage, ReportRisk, ReportTheme, ThemeWording
from notekeeper.domain.review import Destination, Signer
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.errors import ReportError
from notekeeper.reports.sessions import session_numbers

from .invented import CLIENT, DAY_ONE, DISCLOSED, CaseFile, item

entries = st.lists(
    st.tuples(st.sampled_from(list(NoteKind)), st.integers(0, 40), st.booleans(), st.booleans()), max_size=14
)


@given(entries, st.integers(0, 40), st.integers(0, 40))
def test_counts_only_signed_sessions_of_the_period(
    drawn: list[tuple[NoteKind, int, bool, bool]], one: int, other: int
) -> None:
    case = CaseFile()
    for kind, days, is_signed, ai in drawn:
        note = case.note(kind, DAY_ONE + timedelta(days=days))
        if is_signed:
            case.sign(note, item("theme", f"Theme of {note.id}"), ai=ai)
    first, last = DAY_ONE + timedelta(days=min(one, other)), DAY_ONE + timedelta(days=max(one, other))
    ranked = sorted((n.date, n.number) for n in case.notes if n.kind is NoteKind.SESSION)
    number = {n.id: ranked.index((n.date, n.number)) + 1 for n in case.notes if n.kind is NoteKind.SESSION}
    bodies = {s.body.note_id: s.body for s in case.signed}
    within = [n for n in case.notes if first <= n.date <= last]
    expected = {n.id for n in within if n.kind is NoteKind.SESSION and n.id in bodies}

    assert session_numbers(case.notes) == number
    if not expected:
        with pytest.raises(ReportError, match="nothing to report"):
            case.report(period_from=first, period_to=last)
        return
    report = case.report(period_from=first, period_to=last, include_risk=True)

    assert report.coverage.included == tuple(sorted(number[i] for i in expected))
    assert {*report.coverage.included, *report.coverage.not_included} == {
        number[n.id] for n in within if n.id in number
    }
    assert report.coverage.total == len(report.coverage.included) + len(report.coverage.not_included)
    assert report.course.did_not_attend == sum(n.kind is NoteKind.DID_NOT_ATTEND for n in within)
    assert report.course.held == report.coverage.total
    assert report.course.session == max(number[n.id] for n in within if n.id in number)
    assert {t.label for t in report.themes} == {f"Theme of {i}" for i in expected}
    assert tuple(e.session for e in report.risk.entries) == report.coverage.included
    used = sum(bodies[i].ai_used for i in expected)
    assert report.ai_note == NO_AI if not used else f"in {used} of {len(expected)} session" in report.ai_note


def test_a_session_keeps_its_number_whatever_the_period() -> None:
    case = CaseFile()
    for _ in range(4):
        case.session(item("theme", "Saying no"))
    late = case.report(period_from=DAY_ONE + timedelta(weeks=2))
    assert late.coverage == Coverage(total=2, included=(3, 4))


def test_one_code_is_one_theme_in_the_wording_signed_last() -> None:
    case = CaseFile()
    case.session(item("theme", "Waking at four", code="sleep"), item("theme", "Saying no"))
    case.session(item("theme", "Broken sleep", code="sleep"), item("theme", "saying NO"))
    case.session(item("theme", "Sleeping until six", code="sleep"), item("theme", "Up by seven", code="sleep"))
    assert case.report().themes == (
        ReportTheme(
            label="Sleeping until six",
            code="sleep",
            sessions=(1, 2, 3),
            wordings=(
                ThemeWording(session=1, label="Waking at four"),
                ThemeWording(session=2, label="Broken sleep"),
                ThemeWording(session=3, label="Sleeping until six"),
                ThemeWording(session=3, label="Up by seven"),
            ),
        ),
        ReportTheme(
            label="saying NO",
            sessions=(1, 2),
            wordings=(ThemeWording(session=1, label="Saying no"), ThemeWording(session=2, label="saying NO")),
        ),
    )


def test_own_counts_sessions_without_ai_alone() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no", origin="therapist"), ai=False)
    case.session(item("theme", "Saying no", origin="therapist"), ai=True)
    case.session(item("theme", "Saying no", origin="model_edited"), ai=True)
    report = case.report()
    assert (report.themes[0].sessions, report.themes[0].own) == ((1, 2, 3), 1)
    assert report.ai_note.startswith("AI drafts were used in 2 of 3 sessions")


def test_client_who_said_no_is_reported_without_ai() -> None:
    case = CaseFile()
    for _ in range(3):
        case.session(item("theme", "Saying no", origin="therapist"), ai=False)
    report = case.report()
    assert (report.ai_note, report.models, report.themes[0].own) == (NO_AI, (), 3)
    assert report.coverage == Coverage(total=3, included=(1, 2, 3))


def test_risk_is_the_therapists_words_for_every_reported_session() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"), risk=DISCLOSED)
    case.session(item("theme", "Saying no"), risk=RiskEntry(state=RiskState.NOT_ASKED))
    risk = case.report(include_risk=True).risk
    assert risk.last_asked == DAY_ONE
    assert risk.entries == (
        ReportRisk(
            session=1,
            state=DISCLOSED.state,
            words=DISCLOSED.words,
            action=DISCLOSED.action,
            safeguarding=DISCLOSED.safeguarding,
            kinds=DISCLOSED.kinds,
            protective=DISCLOSED.protective,
            told=DISCLOSED.told,
            safeguarding_child=True,
        ),
        ReportRisk(session=2, state=RiskState.NOT_ASKED),
    )
    without = case.report(include_risk=False).risk
    assert (without.included, without.entries, without.last_asked) == (False, (), None)


def test_risk_recorded_later_stands_beneath_what_was_signed_with_its_day() -> None:
    case = CaseFile()
    first = case.session(item("theme", "Saying no"), risk=RiskEntry(state=RiskState.NOT_RECORDED))
    second = case.session(item("theme", "Saying no"), risk=DISCLOSED)
    on = DAY_ONE + timedelta(days=30)
    later = (
        LaterRisk(first.id, on, RiskEntry(state=RiskState.ASKED_NOT_DISCLOSED, words="Asked at the end")),
        LaterRisk(second.id, on, RiskEntry(state=RiskState.NOT_ASKED)),
        LaterRisk("of another period", on, DISCLOSED),
    )
    risk = case.report(include_risk=True, later_risks=later).risk
    assert [(e.session, e.state, e.added_on) for e in risk.entries] == [
        (1, RiskState.NOT_RECORDED, None),
        (1, RiskState.ASKED_NOT_DISCLOSED, on),
        (2, DISCLOSED.state, None),
        (2, RiskState.NOT_ASKED, on),
    ]
    assert risk.last_asked == DAY_ONE
    assert case.report(include_risk=False, later_risks=later).risk.entries == ()


def test_supervision_items_travel_only_when_sent_there_and_chosen() -> None:
    case = CaseFile()
    case.session(
        item("theme", "Saying no"),
        item("reflection", "What did I avoid?", destination=Destination.SUPERVISION),
        item("idea", "Perhaps care is a rule.", destination=Destination.RECORD),
    )
    assert case.report().supervision == ()
    assert [i.text for i in case.report(include_supervision=True).supervision] == ["What did I avoid?"]


@pytest.mark.parametrize(
    "label", ['The "good" sister', "The “good” sister", "The «good» sister", "The 「good」 sister"]
)
def test_quoted_words_in_a_label_stop_the_report_and_stay_unsaid(label: str) -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    case.session(item("theme", label))
    with pytest.raises(ReportError) as stopped:
        case.report()
    assert "session 2" in str(stopped.value)
    assert "sister" not in str(stopped.value)
    assert case.report(period_to=DAY_ONE + timedelta(days=6)).coverage.included == (1,)


def test_quoted_words_in_a_supervision_item_stop_only_a_report_with_them() -> None:
    case = CaseFile()
    case.session(
        item("theme", "Saying no"), item("idea", "Perhaps “never” is hers.", destination=Destination.SUPERVISION)
    )
    with pytest.raises(ReportError) as stopped:
        case.report(include_supervision=True)
    assert "never" not in str(stopped.value)
    assert case.report().supervision == ()


def test_a_code_that_could_be_prose_is_left_out() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no", code="rows with Anna in Leeds"))
    assert case.report().themes[0].code is None


def test_the_front_sheet_gives_number_breaks_and_ending_and_nothing_else() -> None:
    case = CaseFile()
    for _ in range(3):
        case.session(item("theme", "Saying no"))
    sheet = FrontSheet(
        emergency_contact="CANARY-CONTACT",
        gp="CANARY-GP",
        safety_plan="CANARY-PLAN",
        contract="CANARY-CONTRACT",
        sessions_planned=12,
        breaks="two weeks\nin August",
        ending=date(2026, 4, 1),
    )
    report = case.report(sheet=sheet, period_to=DAY_ONE + timedelta(weeks=1))
    assert report.course == Course(session=2, planned=12, held=2, breaks="two weeks in August", ending=date(2026, 4, 1))
    assert "CANARY" not in report.model_dump_json()
    assert case.report().course == Course(session=3, held=3)


@pytest.mark.parametrize("breaks", ["the “long” one", "word " * 70])
def test_breaks_that_may_not_travel_stop_the_report_and_stay_unsaid(breaks: str) -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    with pytest.raises(ReportError, match="front sheet") as stopped:
        case.report(sheet=FrontSheet(breaks=breaks))
    assert "long one" not in str(stopped.value)


def test_two_more_questions_and_no_third() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    assert case.report(questions=("Pace?", " Why\nnow? ", "")[:2]).questions == ("Pace?", "Why now?")
    with pytest.raises(ReportError, match="room for two"):
        case.report(questions=("a", "b", "c"))


def test_demonstration_is_said_of_the_client_or_of_any_review() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    assert not case.report().demonstration
    assert case.report(client=replace(CLIENT, demonstration=True)).demonstration
    case.session(item("theme", "Saying no"), demonstration=True)
    assert case.report().demonstration


def test_all_signers_and_models_are_named_once() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    case.session(item("theme", "Saying no"))
    case.session(item("theme", "Saying no"), signer=Signer(name="Q. Invented"))
    report = case.report()
    assert report.signed_by == "P. Invented, REG 1; Q. Invented"
    assert report.models == ("invented-model, SHA-256 " + "ab" * 32,)


def test_what_cannot_be_reported_is_refused() -> None:
    case = CaseFile()
    note = case.session(item("theme", "Saying no"))
    with pytest.raises(ReportError, match="ends before it starts"):
        case.report(period_from=date(2026, 2, 1), period_to=date(2026, 1, 1))
    with pytest.raises(ReportError, match="question is longer"):
        case.report(question="word " * 200)
    with pytest.raises(ReportError, match="another client"):
        case.report(notes=[replace(note, client_id="k2")])
    with pytest.raises(ReportError, match="no note in this client's file"):
        case.report(notes=[])
    with pytest.raises(ReportError, match="another client"):
        case.report(client=replace(CLIENT, id="k2"), notes=[])
