"""Which sessions and items a report counts, and what stops it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.domain.addendum import LaterRisk
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.note import NoteKind
from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.report import (
    NO_AI,
    Course,
    Coverage,
    PatternBasis,
    Quotation,
    ReportPattern,
    ReportRisk,
    ReportTheme,
    ThemeWording,
)
from notekeeper.domain.review import Destination, Signer
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.supervision import TakenComment, TakenComments
from notekeeper.errors import ReportError
from notekeeper.reports.sessions import session_numbers

from .invented import CLIENT, DAY_ONE, DISCLOSED, EVIDENCE, FOCUS, NOW, CaseFile, document, item

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
            case.page(period_from=first, period_to=last)
        return
    page = case.page(period_from=first, period_to=last, include_risk=True)

    assert page.coverage.included == tuple(sorted(number[i] for i in expected))
    assert {*page.coverage.included, *page.coverage.not_included} == {number[n.id] for n in within if n.id in number}
    assert page.coverage.total == len(page.coverage.included) + len(page.coverage.not_included)
    assert page.course.did_not_attend == sum(n.kind is NoteKind.DID_NOT_ATTEND for n in within)
    assert page.course.held == page.coverage.total
    assert page.course.session == max(number[n.id] for n in within if n.id in number)
    assert {t.label for t in page.themes} == {f"Theme of {i}" for i in expected}
    assert tuple(e.session for e in page.risk.entries) == page.coverage.included
    used = sum(bodies[i].ai_used for i in expected)
    assert page.ai_note == NO_AI if not used else f"in {used} of {len(expected)} session" in page.ai_note


def test_a_session_keeps_its_number_whatever_the_period() -> None:
    case = CaseFile()
    for _ in range(4):
        case.session(item("theme", "Saying no"))
    late = case.page(period_from=DAY_ONE + timedelta(weeks=2))
    assert late.coverage == Coverage(total=2, included=(3, 4))


def test_one_code_is_one_theme_in_the_wording_signed_last() -> None:
    case = CaseFile()
    case.session(item("theme", "Waking at four", code="sleep"), item("theme", "Saying no"))
    case.session(item("theme", "Broken sleep", code="sleep"), item("theme", "saying NO"))
    case.session(item("theme", "Sleeping until six", code="sleep"), item("theme", "Up by seven", code="sleep"))
    assert case.page().themes == (
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
    page = case.page()
    assert (page.themes[0].sessions, page.themes[0].own) == ((1, 2, 3), 1)
    assert page.ai_note.startswith("AI drafts were used in 2 of 3 sessions")


def test_client_who_said_no_is_reported_without_ai() -> None:
    case = CaseFile()
    for _ in range(3):
        case.session(item("theme", "Saying no", origin="therapist"), ai=False)
    page = case.page()
    assert (page.ai_note, page.models, page.themes[0].own) == (NO_AI, (), 3)
    assert page.coverage == Coverage(total=3, included=(1, 2, 3))


def test_risk_is_the_therapists_words_for_every_reported_session() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"), risk=DISCLOSED)
    case.session(item("theme", "Saying no"), risk=RiskEntry(state=RiskState.NOT_ASKED))
    risk = case.page(include_risk=True).risk
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
    without = case.page(include_risk=False).risk
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
    risk = case.page(include_risk=True, later_risks=later).risk
    assert [(e.session, e.state, e.added_on) for e in risk.entries] == [
        (1, RiskState.NOT_RECORDED, None),
        (1, RiskState.ASKED_NOT_DISCLOSED, on),
        (2, DISCLOSED.state, None),
        (2, RiskState.NOT_ASKED, on),
    ]
    assert risk.last_asked == DAY_ONE
    assert case.page(include_risk=False, later_risks=later).risk.entries == ()


def test_supervision_items_travel_only_when_sent_there_and_chosen() -> None:
    case = CaseFile()
    case.session(
        item("theme", "Saying no"),
        item("reflection", "What did I avoid?", destination=Destination.SUPERVISION),
        item("idea", "Perhaps care is a rule.", destination=Destination.RECORD),
    )
    assert case.page().supervision == ()
    assert [i.text for i in case.page(include_supervision=True).supervision] == ["What did I avoid?"]


@pytest.mark.parametrize(
    "label", ['The "good" sister', "The “good” sister", "The «good» sister", "The 「good」 sister"]
)
def test_quoted_words_in_a_label_stop_the_report_and_stay_unsaid(label: str) -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    case.session(item("theme", label))
    with pytest.raises(ReportError) as stopped:
        case.page()
    assert "session 2" in str(stopped.value)
    assert "sister" not in str(stopped.value)
    assert case.page(period_to=DAY_ONE + timedelta(days=6)).coverage.included == (1,)


def test_quoted_words_in_a_supervision_item_stop_only_a_report_with_them() -> None:
    case = CaseFile()
    case.session(
        item("theme", "Saying no"), item("idea", "Perhaps “never” is hers.", destination=Destination.SUPERVISION)
    )
    with pytest.raises(ReportError) as stopped:
        case.page(include_supervision=True)
    assert "never" not in str(stopped.value)
    assert case.page().supervision == ()


def test_a_code_that_could_be_prose_is_left_out() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no", code="rows with Anna in Leeds"))
    assert case.page().themes[0].code is None


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
    page = case.page(sheet=sheet, period_to=DAY_ONE + timedelta(weeks=1))
    assert page.course == Course(session=2, planned=12, held=2, breaks="two weeks in August", ending=date(2026, 4, 1))
    assert "CANARY" not in page.model_dump_json()
    assert case.page().course == Course(session=3, held=3)


@pytest.mark.parametrize("breaks", ["the “long” one", "word " * 70])
def test_breaks_that_may_not_travel_stop_the_report_and_stay_unsaid(breaks: str) -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    with pytest.raises(ReportError, match="front sheet") as stopped:
        case.page(sheet=FrontSheet(breaks=breaks))
    assert "long one" not in str(stopped.value)


def test_two_more_questions_and_no_third() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    assert case.page(questions=("Pace?", " Why\nnow? ", "")[:2]).questions == ("Pace?", "Why now?")
    with pytest.raises(ReportError, match="room for two"):
        case.page(questions=("a", "b", "c"))


def test_demonstration_is_said_of_the_client_or_of_any_review() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    assert not case.page().demonstration
    assert case.page(client=replace(CLIENT, demonstration=True)).demonstration
    case.session(item("theme", "Saying no"), demonstration=True)
    assert case.page().demonstration


def test_all_signers_and_models_are_named_once() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    case.session(item("theme", "Saying no"))
    case.session(item("theme", "Saying no"), signer=Signer(name="Q. Invented"))
    page = case.page()
    assert page.signed_by == "P. Invented, REG 1; Q. Invented"
    assert page.models == ("invented-model, SHA-256 " + "ab" * 32,)


def test_what_cannot_be_reported_is_refused() -> None:
    case = CaseFile()
    note = case.session(item("theme", "Saying no"))
    with pytest.raises(ReportError, match="ends before it starts"):
        case.page(period_from=date(2026, 2, 1), period_to=date(2026, 1, 1))
    with pytest.raises(ReportError, match="question is longer"):
        case.page(question="word " * 200)
    with pytest.raises(ReportError, match="another client"):
        case.page(notes=[replace(note, client_id="k2")])
    with pytest.raises(ReportError, match="no note in this client's file"):
        case.page(notes=[])
    with pytest.raises(ReportError, match="another client"):
        case.page(client=replace(CLIENT, id="k2"), notes=[])


def three_sessions() -> CaseFile:
    case = CaseFile()
    for _ in range(3):
        case.session(item("theme", "Saying no", code="boundaries"))
    return case


def test_signed_patterns_come_with_the_sessions_numbers_of_the_file_and_what_they_rest_on() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    case.note(NoteKind.DID_NOT_ATTEND)
    case.session(item("theme", "Saying no"))
    kept = case.pattern("Saying no", PatternKind.FADING, 1, 3)
    page = case.page(patterns=case.patterns(kept, ai_used=True))
    assert page.patterns == (
        ReportPattern(label="Saying no", kind=PatternKind.FADING, sessions=(1, 2), statement=kept.statement),
    )
    assert page.pattern_basis == PatternBasis(signed_on=NOW.astimezone().date(), sessions=(1, 2), ai_used=True)
    assert case.page().patterns == ()
    assert case.page().pattern_basis is None


def test_a_pattern_without_a_session_in_the_period_is_left_out() -> None:
    case = three_sessions()
    signed = case.patterns(
        case.pattern("Saying no", PatternKind.RECURRING, 1, 2), case.pattern("A late no", PatternKind.EMERGING, 2, 3)
    )
    late = case.page(period_from=DAY_ONE + timedelta(weeks=2), patterns=signed)
    assert [each.label for each in late.patterns] == ["A late no"]
    assert case.page(period_to=DAY_ONE, patterns=case.patterns(signed.body.patterns[1])).pattern_basis is None


@pytest.mark.parametrize("words", [{"label": "The “good” one"}, {"statement": 'Says "never" less often.'}])
def test_quoted_words_in_a_pattern_stop_the_report_and_stay_unsaid(words: dict[str, str]) -> None:
    case = three_sessions()
    kept = case.pattern("Saying no", PatternKind.RECURRING, 1, 2).model_copy(update=words)
    with pytest.raises(ReportError, match="signed pattern") as stopped:
        case.page(patterns=case.patterns(kept))
    assert not any(word in str(stopped.value) for word in ("good", "never"))


def test_patterns_of_another_client_or_of_a_note_that_left_are_refused() -> None:
    case = three_sessions()
    for changes in ({"client_id": "k2"}, {"notes": ("n1", "gone")}):
        with pytest.raises(ReportError):
            case.page(patterns=case.patterns(case.pattern("Saying no", PatternKind.RECURRING, 1), **changes))


def test_nothing_is_quoted_but_what_was_chosen_and_stands_in_signed_evidence() -> None:
    case = three_sessions()
    assert case.page().quotations == ()
    words = "the kitchen light was on"
    assert case.page(quotations=((2, words), (1, EVIDENCE), (2, words))).quotations == (
        Quotation(session=1, label="Saying no", text=EVIDENCE),
        Quotation(session=2, label="Saying no", text=words),
    )


@pytest.mark.parametrize(
    "chosen",
    [(1, "the kitchen lamp was on"), (9, EVIDENCE), (1, " "), (1, FOCUS), (1, "kitchen  light")],
)
def test_words_to_quote_that_are_not_found_stop_the_report_and_stay_unsaid(chosen: tuple[int, str]) -> None:
    with pytest.raises(ReportError, match=f"note {chosen[0]}") as stopped:
        three_sessions().page(quotations=(chosen,))
    assert "kitchen" not in str(stopped.value)
    assert "CANARY" not in str(stopped.value)


def test_a_session_outside_the_period_is_not_quoted() -> None:
    with pytest.raises(ReportError, match="in this period"):
        three_sessions().page(period_to=DAY_ONE, quotations=((2, EVIDENCE),))


def taken(day: date | None, *words: str, action: bool = True) -> TakenComments:
    comments = tuple(TakenComment(ref="C014/risk", text=each, action=action) for each in words)
    return TakenComments(discussed_on=day, comments=comments, file_sha256="0" * 64)


def test_of_earlier_supervision_what_was_agreed_comes_newest_first_and_three_at_most() -> None:
    days = [date(2026, 1, 9), date(2026, 2, 6), date(2026, 1, 23), date(2025, 12, 12)]
    comments = [taken(day, f"Agreed on {day}") for day in days]
    others = [taken(None, "Not held yet"), taken(date(2026, 3, 1), "Only said", action=False)]
    found = three_sessions().page(comments=[*comments, *others]).discussed
    assert [each.day for each in found] == sorted(days, reverse=True)[:3]
    assert found[0].agreed == ("Agreed on 2026-02-06",)


def test_what_was_agreed_names_the_day_until_which() -> None:
    comment = TakenComment(ref="C014/risk", text="Ring\nthe GP", action=True, until=date(2026, 3, 1))
    made = TakenComments(discussed_on=DAY_ONE, comments=(comment,), file_sha256="0" * 64)
    assert three_sessions().page(comments=[made]).discussed[0].agreed == ("Ring the GP (until 1 March 2026)",)


def test_appointments_are_counted_in_weeks_and_hold_no_date() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    case.note(NoteKind.DID_NOT_ATTEND)
    case.note(NoteKind.CONTACT)
    case.note(day=DAY_ONE + timedelta(weeks=6, days=3))
    page = case.page()
    assert [(each.week, each.session) for each in page.appointments] == [(0, 1), (1, None), (6, 2)]
    assert page.coverage.not_included == (2,)
    dates = {str(note.date) for note in case.notes} - {str(page.period_from)}
    assert not any(day in page.model_dump_json() for day in dates)


def test_a_report_is_of_one_to_four_clients_each_once() -> None:
    page = three_sessions().page()
    pages = [page.model_copy(update={"client_code": code}) for code in "ABCDE"]
    assert [each.client_code for each in document(*pages[:4]).pages] == ["A", "B", "C", "D"]
    for wrong in ((), pages):
        with pytest.raises(ReportError, match="one to 4 clients"):
            document(*wrong)
    with pytest.raises(ReportError, match="twice"):
        document(pages[0], pages[1], pages[0])
