"""From signed themes to patterns: threads, which of them are patterns, their kind, their sentence, what goes together.

What always holds: the same themes give the same patterns; each piece of evidence is one that a theme of the thread was
signed with.
"""

from collections.abc import Sequence
from itertools import combinations

from notekeeper.domain.pattern import (
    NO_EDITS,
    CoOccurrence,
    Pattern,
    PatternEvidence,
    PatternKind,
    SignedThemes,
    ThreadEdits,
)
from notekeeper.patterns.kinds import is_pattern, kind_of
from notekeeper.patterns.parameters import Parameters, shipped
from notekeeper.patterns.statements import label_of, statement
from notekeeper.patterns.threads import Thread, threads_of

TOGETHER = 3
"""Sessions in which two patterns must both be noted to be said to go together."""


def find_patterns(signed: SignedThemes, edits: ThreadEdits = NO_EDITS) -> tuple[Pattern, ...]:
    """The patterns of one client in threads as the therapist made them, those noted in most sessions first."""
    return patterns_by(shipped(), signed, edits)


def followed(signed: SignedThemes, edits: ThreadEdits = NO_EDITS) -> tuple[tuple[Thread, Pattern | None], ...]:
    """Every thread as the therapist made it, with the pattern that it makes if it is enough for one, in that order."""
    used = shipped()
    return tuple(
        (thread, _pattern(thread, kind_of(thread, signed.sessions, used), signed))
        if is_pattern(thread, signed.sessions)
        else (thread, None)
        for thread in threads_of(signed, edits, used)
    )


def patterns_by(parameters: Parameters, signed: SignedThemes, edits: ThreadEdits = NO_EDITS) -> tuple[Pattern, ...]:
    """The patterns as these parameters have them."""
    threads = [thread for thread in threads_of(signed, edits, parameters) if is_pattern(thread, signed.sessions)]
    return patterns_of([(thread, kind_of(thread, signed.sessions, parameters)) for thread in threads], signed)


def patterns_of(judged: Sequence[tuple[Thread, PatternKind]], signed: SignedThemes) -> tuple[Pattern, ...]:
    """Threads of these themes, each with its kind, as patterns."""
    return tuple(_pattern(thread, kind, signed) for thread, kind in judged)


def together(patterns: tuple[Pattern, ...]) -> tuple[CoOccurrence, ...]:
    """Pairs of patterns that are noted in the same sessions: in at least three, and in at least half of those of the
    rarer one."""
    found = []
    for (first, one), (second, other) in combinations(enumerate(patterns), 2):
        both = tuple(sorted({*one.sessions} & {*other.sessions}))
        if len(both) >= TOGETHER and len(both) * 2 >= min(len(one.sessions), len(other.sessions)):
            found.append(CoOccurrence(first=first, second=second, sessions=both))
    return tuple(found)


def _pattern(thread: Thread, kind: PatternKind, signed: SignedThemes) -> Pattern:
    return Pattern(
        label=label_of(thread),
        code=thread.code,
        kind=kind,
        sessions=thread.sessions,
        statement=statement(thread, kind, signed.numbers()),
        evidence=_evidence(thread),
        themes=tuple(signed.name_of(theme) for theme in thread.themes),
    )


def _evidence(thread: Thread) -> tuple[PatternEvidence, ...]:
    """Every piece once, by session and place."""
    pieces = {
        (theme.session, piece.start, piece.end, piece.text) for theme in thread.themes for piece in theme.evidence
    }
    return tuple(
        PatternEvidence(session=session, start=start, end=end, text=text)
        for session, start, end, text in sorted(pieces)
    )
