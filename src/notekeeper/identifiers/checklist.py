"""The motivated intruder: what somebody who wants to know could put together from a report, as questions.

What always holds: a question is asked whatever the program counted; a count says what the program saw, never that a
report is safe.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the checklist. `counted` is what the program itself counted for it, a sentence, '' where it can
    count nothing; `look` says that what was counted makes it worth another look."""

    words: str
    counted: str = ""
    look: bool = False
