"""A calendar month as the ICO reckons it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.services.calendar import one_month_after


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 9, 3), date(2026, 10, 3)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 12, 31), date(2027, 1, 31)),
    ],
)
def test_the_corresponding_day_or_the_last_of_the_month(asked: date, due: date) -> None:
    assert one_month_after(asked) == due


@given(st.dates(max_value=date(9999, 11, 30)))
def test_always_the_next_month_and_never_a_later_day_of_it(day: date) -> None:
    due = one_month_after(day)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == 1
    assert due.day == day.day or (due.day < day.day and (due + timedelta(days=1)).day == 1)


def test_the_end_of_the_calendar_is_said() -> None:
    with pytest.raises(OverflowError):
        one_month_after(date(9999, 12, 1))
