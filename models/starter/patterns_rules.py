"""The rules by which kinds were given before they were learned, kept as they stood to be compared with.

What always holds: the groups of codes and the list of words were set while looking at all five series, so what they
reach on these is how they were made, and no figure of how they fare elsewhere.
"""

import re

from notekeeper.domain.pattern import PatternKind, SignedTheme
from notekeeper.patterns.threads import Thread

EASING = re.compile(
    r"\b(?:better|easier|eas(?:ed|es|ing)|less(?:en\w*)?|fewer|fell|down to|coming down|no longer|not once|settl\w+|"
    r"sl(?:e|ee)p(?:t|s|ing)? (?:better|well|through|until)|mostly|only|shorter|r(?:ode|idden) out|without|lighter|"
    r"answer(?:ed|ing)|said no|shared?|sharing|together|at last|sitting down|sat down|planned|alone to|improv\w+|"
    r"calmer|manag(?:ed|es|ing)|stopped|reduc\w+|drop(?:s|ped)|half|first time|recover\w*)\b",
    re.IGNORECASE,
)
OF_THE_WORK = frozenset({"goals_progress", "psychoeducation"})
COMES = frozenset(
    "grief anger enjoyment hope achievement agency self_compassion activation support_network insight values "
    "resilience faith_meaning".split()
)
WAYS = frozenset(
    "boundaries avoidance shame guilt trust parenting couple_conflict intimacy abandonment friendship caring_role "
    "separation workplace_relations dating transference alliance ambivalence control identity".split()
)
GROUND = frozenset(
    "family_of_origin migration_culture money housing study health fertility_birth ageing discrimination "
    "neurodivergence menopause work_stress job_change childhood_adversity self_criticism homework endings".split()
)


def is_pattern(thread: Thread, sessions: int) -> bool:
    """Whether the rules see a pattern in a thread among `sessions` sessions."""
    held = thread.sessions
    return thread.code not in OF_THE_WORK and (len(held) >= 3 or (len(held) == 2 and held[0] * 2 >= sessions))


def kind_of(thread: Thread, sessions: int) -> PatternKind:
    """The kind that the rules give."""
    held = thread.sessions
    late = held[0] >= sessions * 0.25
    if late and (thread.code in COMES or (held[0] >= sessions * 0.375 and held[-1] >= sessions - 2)):
        return PatternKind.EMERGING
    if thread.code in GROUND:
        return PatternKind.RECURRING
    eased = _has_eased(thread)
    if thread.code in WAYS:
        return PatternKind.SHIFTING if eased or late else PatternKind.RECURRING
    return PatternKind.FADING if eased else PatternKind.RECURRING


def says_easing(theme: SignedTheme) -> bool:
    """Whether a theme's note speaks of easing by the list of words."""
    return EASING.search(" ".join([theme.label, *(piece.text for piece in theme.evidence)])) is not None


def _has_eased(thread: Thread) -> bool:
    course = [
        any(
            each.trend in ("improving", "absent") if each.trend is not None else says_easing(each)
            for each in thread.at(session)
        )
        for session in thread.sessions
    ]
    later, second = course[1:] or course, course[len(course) // 2 :]
    return (course[-1] and sum(later) * 2 >= len(later)) or sum(second) * 2 >= len(second)
