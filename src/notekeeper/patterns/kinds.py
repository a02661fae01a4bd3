"""Which threads are patterns, and of which kind.

What always holds: presence alone decides nothing but whether a thread is long enough; the kind comes from when it was
first noted, from what the notes say of its course, and from what such a theme can do: a difficulty that comes in
amounts can be noted less, a way of relating changes its character, a circumstance goes on.
"""

from notekeeper.domain.pattern import PatternKind
from notekeeper.patterns.course import has_eased
from notekeeper.patterns.threads import Thread

LEAST_SESSIONS = 3
"""Sessions from which a thread is a pattern; two are enough when both lie in the second half."""
LATE, LATER = 0.25, 0.375
"""Shares of the sessions after which a theme that is first noted counts as newly noted."""
OF_THE_WORK = frozenset({"goals_progress", "psychoeducation"})
"""Codes of what is done in every therapy; by themselves no pattern of this client's."""
COMES = frozenset(
    "grief anger enjoyment hope achievement agency self_compassion activation support_network insight values "
    "resilience faith_meaning".split()
)
"""Themes that come into a therapy as it goes on: what could not be felt before, and strengths."""
WAYS = frozenset(
    "boundaries avoidance shame guilt trust parenting couple_conflict intimacy abandonment friendship caring_role "
    "separation workplace_relations dating transference alliance ambivalence control identity".split()
)
"""Ways of relating and of meeting things: they change their character."""
GROUND = frozenset(
    "family_of_origin migration_culture money housing study health fertility_birth ageing discrimination "
    "neurodivergence menopause work_stress job_change childhood_adversity self_criticism homework endings".split()
)
"""Circumstances, history and what the work keeps coming back to."""


def is_pattern(thread: Thread, sessions: int) -> bool:
    """Whether a thread of a client with so many sessions is long enough, and of this client, to be a pattern."""
    held = thread.sessions
    late_pair = len(held) == LEAST_SESSIONS - 1 and held[0] * 2 >= sessions
    return thread.code not in OF_THE_WORK and (len(held) >= LEAST_SESSIONS or late_pair)


def kind_of_thread(thread: Thread, sessions: int) -> PatternKind:
    """The kind of a thread among `sessions` sessions."""
    held = thread.sessions
    late = held[0] >= sessions * LATE
    goes_on = held[0] >= sessions * LATER and held[-1] >= sessions - 2
    if late and (thread.code in COMES or goes_on):
        return PatternKind.EMERGING
    if thread.code in GROUND:
        return PatternKind.RECURRING
    eased = has_eased(thread)
    if thread.code in WAYS:
        return PatternKind.SHIFTING if eased or late else PatternKind.RECURRING
    return PatternKind.FADING if eased else PatternKind.RECURRING
