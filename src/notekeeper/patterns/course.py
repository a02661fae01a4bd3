"""The course of a thread: how each session's note speaks of it, and how the therapist may take that.

What always holds: the trend that was signed counts before any word; a word list is asked only where none was signed;
a note is taken to speak of easing only by words that stand in its label or evidence.
"""

import re

from notekeeper.domain.pattern import SignedTheme
from notekeeper.patterns.threads import Thread

EASING = re.compile(
    r"\b(?:better|easier|eas(?:ed|es|ing)|less(?:en\w*)?|fewer|fell|down to|coming down|no longer|not once|settl\w+|"
    r"sl(?:e|ee)p(?:t|s|ing)? (?:better|well|through|until)|mostly|only|shorter|r(?:ode|idden) out|without|lighter|"
    r"answer(?:ed|ing)|said no|shared?|sharing|together|at last|sitting down|sat down|planned|alone to|improv\w+|"
    r"calmer|manag(?:ed|es|ing)|stopped|reduc\w+|drop(?:s|ped)|half|first time|recover\w*)\b",
    re.IGNORECASE,
)
"""Words by which notes tell of less of a difficulty or of more room in it. Set on the five invented series."""


def eases(theme: SignedTheme) -> bool:
    """Whether this session's note speaks of the theme as easing: by the trend that was signed, else by its words."""
    if theme.trend is not None:
        return theme.trend in ("improving", "absent")
    return EASING.search(" ".join([theme.label, *(piece.text for piece in theme.evidence)])) is not None


def course_of(thread: Thread) -> tuple[bool, ...]:
    """For each session of the thread, in order, whether its note speaks of easing."""
    return tuple(any(eases(theme) for theme in thread.at(session)) for session in thread.sessions)


def has_eased(thread: Thread) -> bool:
    """Whether the later notes speak of easing: at least half of those after the first and the last one too, or at
    least half of the thread's second half."""
    course = course_of(thread)
    later, second = course[1:] or course, course[len(course) // 2 :]
    return (course[-1] and sum(later) * 2 >= len(later)) or sum(second) * 2 >= len(second)
