"""Patterns over one client's sessions: from a file of sessions that belong to no client of a vault, or from what was
signed in the vault, where the client agreed.

What always holds: a file's themes are taken as signed, as its giver says; in the vault only signed sessions count, and
none of a client who does not agree to patterns now.
"""

import json
from collections.abc import Iterable
from datetime import date

from pydantic import Field, ValidationError

from notekeeper.domain.draft import Trend
from notekeeper.domain.engine import OnProgress
from notekeeper.domain.pattern import Pattern, SessionPlace, SignedTheme, SignedThemes, themes_given
from notekeeper.domain.text import Evidence, Frozen
from notekeeper.drafting.parts import DraftingParts
from notekeeper.errors import UsageError
from notekeeper.patterns.finding import find_patterns
from notekeeper.services.drafting import suggest

MOST_SESSIONS = 2000


class _GivenTheme(Frozen):
    label: str = Field(min_length=1, max_length=400)
    code: str | None = None
    trend: Trend | None = None
    evidence: tuple[Evidence | str, ...] = ()
    support: float | None = None


class GivenSession(Frozen):
    """One line of the file. Other fields of a line are passed over."""

    date: date
    text: str = ""
    themes: tuple[_GivenTheme, ...] | None = None


def read_sessions(lines: Iterable[str]) -> tuple[GivenSession, ...]:
    """The sessions of a file, one JSON object a line, as they stand there; blank lines are passed over. Raises
    `UsageError` naming the first wrong line by its number and the field, never a word of it."""
    found: list[GivenSession] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            found.append(GivenSession.model_validate({k: given[k] for k in ("date", "text", "themes") if k in given}))
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
            raise _wrong(number, f"look at the field {where}") from None
        except (ValueError, RecursionError, TypeError, KeyError):
            raise _wrong(number, "it is not a JSON object") from None
        if len(found) > MOST_SESSIONS:
            raise UsageError(f"The file holds more than {MOST_SESSIONS} sessions. Nothing was done.")
    if not found:
        raise UsageError("The file holds no session, so there is nothing to follow. Nothing was changed.")
    return tuple(found)


def without_themes(sessions: tuple[GivenSession, ...]) -> tuple[int, ...]:
    """The places of sessions that have a text and no themes."""
    return tuple(place for place, session in enumerate(sessions) if session.themes is None and session.text.strip())


def drafted(session: GivenSession, parts: DraftingParts, on_progress: OnProgress | None = None) -> GivenSession:
    """The session with the themes of a draft of its text, which nobody has reviewed; with none where the text was
    refused. Raises `UsageError`, `EngineError`."""
    made = suggest(session.text, parts, on_progress)
    themes = tuple(
        _GivenTheme(label=theme.label, code=theme.code, trend=theme.trend, evidence=theme.evidence)
        for theme in made.themes
    )
    return session.model_copy(update={"themes": themes})


def patterns_of_sessions(sessions: tuple[GivenSession, ...]) -> tuple[Pattern, ...]:
    """The patterns of one client's sessions, followed in the order of their dates; sessions are named by their place
    among those given, from 0. Raises as `themes_of_sessions`."""
    order = _by_date(sessions)
    return tuple(
        pattern.model_copy(
            update={
                "sessions": tuple(order[session] for session in pattern.sessions),
                "evidence": tuple(
                    piece.model_copy(update={"session": order[piece.session]}) for piece in pattern.evidence
                ),
            }
        )
        for pattern in find_patterns(themes_of_sessions(sessions))
    )


def themes_of_sessions(sessions: tuple[GivenSession, ...]) -> SignedThemes:
    """The themes as they are given, in the order of the sessions' dates, each session named by its place among those
    given. Raises `UsageError` for a session without themes, or with evidence that does not stand in its text."""
    order = _by_date(sessions)
    themes: list[SignedTheme] = []
    for place, given in enumerate(order):
        session = sessions[given]
        if session.themes is None:
            raise _wrong(given + 1, "it has no themes; draft and review them first, or give them")
        for theme in session.themes:
            evidence = tuple(_evidence(piece, session.text, given + 1) for piece in theme.evidence)
            themes.append(SignedTheme(place, theme.label, theme.code, theme.trend, evidence))
    places = tuple(SessionPlace(str(given), sessions[given].date) for given in order)
    return themes_given(len(sessions), tuple(themes), places)


def _by_date(sessions: tuple[GivenSession, ...]) -> list[int]:
    return sorted(range(len(sessions)), key=lambda place: (sessions[place].date, place))


def _evidence(piece: Evidence | str, text: str, number: int) -> Evidence:
    if isinstance(piece, str):
        start = text.find(piece)
        if start < 0 or not piece:
            raise _wrong(number, "evidence does not stand in its text")
        return Evidence(start=start, end=start + len(piece), text=piece)
    if text and not piece.stands_in(text):
        raise _wrong(number, "evidence does not stand in its text at its place")
    return piece


def _wrong(number: int, fault: str) -> UsageError:
    return UsageError(f"Session {number} of the file cannot be used: {fault}. Nothing was changed.")
