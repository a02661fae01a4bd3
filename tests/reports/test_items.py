"""The names that comments give to the items of a report, and the chart's geometry."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.domain.note import NoteKind
from notekeeper.domain.report import RISK_NOT_INCLUDED, Appointment, ReportDocument
from notekeeper.reports import phrases
from notekeeper.reports.chart import MAX_WIDTH, chart
from notekeeper.reports.items import items_of

from .invented import DAY_ONE, CaseFile, item
from .ordinary import ordinary_page, ordinary_report


def test_every_item_has_one_name_and_its_words() -> None:
    report = ordinary_report(2)
    found = items_of(report)
    names = [name for name, _, _ in found]
    assert len(names) == len(set(names))
    of_first = {name: (kind, words) for name, kind, words in found if name.startswith("C014")}
    assert list(of_first)[:5] == ["C014", "C014/risk", "C014/question", "C014/course", "C014/theme/1"]
    assert of_first["C014/theme/1"] == ("theme", "Saying yes before thinking: 8 of 10 sessions")
    assert of_first["C014/pattern/2"][1].startswith("Sleep and the early waking (noted less often, or as easing")
    assert of_first["C014/part/4"][0] == "part"
    assert of_first["C014/question/1"] == ("question", "Do I bring up the fee now or after the break?")
    assert len(of_first) == 4 + 7 + 3 + 4 + 1
    assert [name.replace("C022", "C014") for name in names[len(of_first) :]] == names[: len(of_first)]


def test_risk_that_is_not_included_is_an_item_that_says_so() -> None:
    assert ("C014/risk", "risk", RISK_NOT_INCLUDED) in items_of(ordinary_report(risk=False))
    (told,) = [words for name, _, words in items_of(ordinary_report()) if name == "C014/risk"]
    assert told == "Risk and safeguarding. Risk was last asked about on 16 February 2026."


def test_words_of_an_item_are_one_line_that_acts_on_nothing() -> None:
    page = ordinary_page().model_copy(update={"question": "Where\n\x1b[31m am I?"})
    report = ReportDocument.model_validate({**dict(ordinary_report()), "pages": (page,)})
    assert ("C014/question", "question", "Where ⟨U+001B⟩[31m am I?") in items_of(report)


def test_the_chart_stays_small_and_tells_what_it_leaves_out() -> None:
    case = CaseFile()
    for place in range(30):
        case.session(item("theme", "Saying no"), item("theme", f"Theme number {place}"))
    drawn = chart(case.page())
    assert drawn.width <= MAX_WIDTH
    assert drawn.appointments[-1].words == "30"
    assert len(drawn.strips) == phrases.LEADING_THEMES
    assert drawn.left_out == f"The {30 - len(drawn.appointments)} earliest sessions are not drawn."


def test_a_break_is_drawn_where_it_is_long_for_this_work() -> None:
    def weeks_drawn(*gaps: int) -> list[str]:
        case, day = CaseFile(), DAY_ONE
        case.note(day=day)
        for gap in gaps:
            day += timedelta(weeks=gap)
            case.note(day=day)
        case.sign(case.notes[0], item("theme", "Saying no"))
        return [mark.words for mark in chart(case.page()).appointments if mark.shape == "gap"]

    assert weeks_drawn(1, 1, 1, 3, 1, 2) == ["3 wk"]
    assert weeks_drawn(2, 2, 3, 2, 5) == ["5 wk"]
    assert weeks_drawn(4, 4, 4) == []
    assert weeks_drawn() == []


def test_what_was_not_attended_and_what_is_not_included_have_their_own_marks() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    case.note(NoteKind.DID_NOT_ATTEND)
    case.note()
    drawn = chart(case.page())
    assert [mark.shape for mark in drawn.appointments] == ["held", "did_not_attend", "not_included"]
    assert [mark.shape for mark in drawn.strips[0].marks] == ["noted", "not_included"]
    assert dict(drawn.legend).keys() == {"held", "did_not_attend", "noted", "not_included"}


@given(st.lists(st.tuples(st.integers(0, 10**9), st.one_of(st.none(), st.integers(-5, 10**9))), max_size=60))
def test_whatever_appointments_a_file_holds_the_chart_is_bounded(drawn: list[tuple[int, int | None]]) -> None:
    appointments = tuple(Appointment(week=week, session=session) for week, session in drawn)
    made = chart(ordinary_page().model_copy(update={"appointments": appointments}))
    assert made.width <= MAX_WIDTH
    assert all(0 <= mark.x <= MAX_WIDTH for mark in made.appointments)
    assert all(len(mark.words) <= 10 for mark in made.appointments)


@pytest.mark.parametrize(
    ("sessions", "words"),
    [((), ""), ((3,), "3"), ((1, 2, 3), "1, 2, 3"), ((1, 2, 3, 4), "1 to 4"), ((1, 3, 4, 5, 6, 9), "1, 3 to 6, 9")],
)
def test_numbers_that_follow_each_other_are_told_in_few_words(sessions: tuple[int, ...], words: str) -> None:
    assert phrases.numbers(sessions) == words
