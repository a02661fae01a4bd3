"""Days that the law counts.

What always holds: a month is reckoned as the ICO's guidance on the right of access reckons it: from the day of receipt
to the corresponding day of the next month, and where there is none, to that month's last day.
"""

from calendar import monthrange
from datetime import date


def one_month_after(day: date) -> date:
    """The corresponding calendar day of the next month, or that month's last day. 31 January gives 28 or 29 February.
    Raises `OverflowError` for December of the year 9999."""
    if (day.year, day.month) == (date.max.year, 12):
        raise OverflowError("There is no month after this one.")
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))
