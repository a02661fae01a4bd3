"""Which threads are patterns, and of which kind.

What always holds: a thread is a pattern by how often it was noted within so many sessions as one looks back on at once;
its kind comes from its course and its sort, weighed by the same few numbers for every client.
"""

from notekeeper.domain.pattern import PatternKind
from notekeeper.patterns.course import course
from notekeeper.patterns.parameters import Parameters
from notekeeper.patterns.reading import measure_of_sorts
from notekeeper.patterns.sorts import SORT_OF, SORTS, Sort
from notekeeper.patterns.threads import Thread

LEAST_SESSIONS = 3
"""Sessions in which a theme must be noted to be a pattern."""
LOOKED_BACK = 12
"""Sessions in a row within which they must lie: the longest series that the gold patterns were judged on."""


def is_pattern(thread: Thread, sessions: int) -> bool:
    """Whether a thread of a client with so many sessions is noted often enough to be a pattern. Two sessions are enough
    for what comes in late, in the second half of those last looked back on, unless it is the work of therapy: that is
    done with every client."""
    noted = thread.sessions
    if any(last - first < LOOKED_BACK for first, last in zip(noted, noted[LEAST_SESSIONS - 1 :], strict=False)):
        return True
    span = min(sessions, LOOKED_BACK)
    comes_late = len(noted) == LEAST_SESSIONS - 1 and noted[0] * 2 >= 2 * sessions - span
    return comes_late and _likeliest_sort(thread) is not Sort.WORK


def features(thread: Thread, sessions: int) -> dict[str, float]:
    """Every number that the kind is judged by, by its name in the parameters."""
    return course(thread.themes, thread.reads, sessions) | dict(zip(SORTS, _sorts(thread), strict=True))


def kind_of(thread: Thread, sessions: int, parameters: Parameters) -> PatternKind:
    """The kind whose weights give these features the most; among equals the first in the order of the kinds."""
    found = features(thread, sessions)
    weighed = {
        kind: sum(weights[name] * value for name, value in found.items()) for kind, weights in parameters.kinds.items()
    }
    return max(PatternKind, key=lambda kind: weighed[kind])


def _sorts(thread: Thread) -> tuple[float, ...]:
    """The thread's measure of each sort: by the mean of those of its themes that have a code which the taxonomy has, or
    else by the words of all its themes together."""
    by_code = [measure_of_sorts(theme.code, ()) for theme in thread.themes if theme.code in SORT_OF]
    if by_code:
        return tuple(sum(column) / len(by_code) for column in zip(*by_code, strict=True))
    return measure_of_sorts(
        None, tuple(sum(column) for column in zip(*(said.sorts for said in thread.reads), strict=True))
    )


def _likeliest_sort(thread: Thread) -> Sort:
    measures = _sorts(thread)
    return SORTS[measures.index(max(measures))]
