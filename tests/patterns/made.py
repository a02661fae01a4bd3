"""Themes made for tests: invented, and short."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from notekeeper.config import resource
from notekeeper.domain.draft import Trend
from notekeeper.domain.pattern import SignedTheme, SignedThemes, ThemeName, themes_given
from notekeeper.domain.text import Evidence

Told = tuple[int, str | None, str, str, Trend | None]
"""A session, a code, a label, a sentence and a trend."""


def theme(session: int, code: str | None, label: str, sentence: str = "", trend: Trend | None = None) -> SignedTheme:
    evidence = (Evidence(start=0, end=len(sentence), text=sentence),) if sentence else ()
    return SignedTheme(session, label, code, trend, evidence)


def signed(sessions: int, *told: SignedTheme) -> SignedThemes:
    return themes_given(sessions, told)


def name(session: int, label: str, code: str | None = None) -> ThemeName:
    return ThemeName(note=str(session), label=label, code=code)


def series() -> Iterator[dict[str, Any]]:
    """The invented series that come with notekeeper."""
    for part in ("series-a", "series-b"):
        for line in resource(f"models/starter/data/{part}.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


SENTENCES = (
    "Wakes at three and lies there until the bins are emptied.",
    "Slept through on four nights of seven.",
    "Said no to the second rota and did not explain.",
    "His brother rang and the old quarrel began again.",
    "Walked to the weir with Jean and laughed.",
    "The landlord has written again about the rent.",
)
LABELS = (
    "Awake at three",
    "Sleeping through",
    "Saying no at work",
    "Quarrel with his brother",
    "Walks with Jean",
    "Rent",
)
CODES = ("sleep", "boundaries", "family_of_origin", "enjoyment", "housing", "a_code_of_nobody", None)
TRENDS = ("present", "absent", "improving", "worsening", None)


@st.composite
def some_themes(draw: st.DrawFn, most: int = 30) -> SignedThemes:
    """Themes of up to twelve sessions, in any order, with codes and trends or without."""
    sessions = draw(st.integers(1, 12))
    told = draw(
        st.lists(
            st.builds(
                theme,
                st.integers(0, sessions - 1),
                st.sampled_from(CODES),
                st.sampled_from(LABELS) | st.text(min_size=1, max_size=20),
                st.sampled_from(SENTENCES) | st.just(""),
                st.sampled_from(TRENDS),
            ),
            max_size=most,
        )
    )
    return themes_given(sessions, tuple(told))
