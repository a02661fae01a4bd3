"""Clients of many sessions, made of the invented notes: the themes of a note to a session, over and over."""

from models.starter.gold import lines
from models.starter.patterns_fit import theme_of
from notekeeper.domain.pattern import SignedThemes, themes_given


def many_sessions(sessions: int, *, codes: bool = True) -> SignedThemes:
    """So many sessions with four themes each on the average, of two sentences."""
    notes = [note for letter in "abcdef" for note in lines(f"notes-{letter}.jsonl")]
    told = tuple(
        theme_of(session, theme if codes else {**theme, "code": None})
        for session in range(sessions)
        for theme in notes[session % len(notes)]["themes"]
    )
    return themes_given(sessions, told)
