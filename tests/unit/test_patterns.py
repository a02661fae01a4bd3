"""Patterns: what a supervisor judged on the invented series, and what holds for any themes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.config import resource
from notekeeper.domain.draft import Trend
from notekeeper.domain.pattern import PatternKind, SignedTheme, SignedThemes, themes_given
from notekeeper.domain.text import Evidence
from notekeeper.errors import UsageError
from notekeeper.patterns.finding import find_patterns, together
from notekeeper.services.patterns import patterns_of_sessions, read_sessions


def series() -> Iterator[dict[str, Any]]:
    for name in ("series-a", "series-b"):
        for line in resource(f"models/starter/data/{name}.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def lines(sessions: list[dict[str, Any]], *, trend: bool = True) -> list[str]:
    kept = json.loads(json.dumps(sessions))
    for session in kept:
        for theme in session["themes"]:
            if not trend:
                theme.pop("trend", None)
    return [json.dumps(session) for session in kept]


@pytest.mark.parametrize("trend", [True, False])
def test_the_gold_series_are_found_with_their_kinds(trend: bool) -> None:
    """F1 of at least 0.75 without the kind and 0.55 with it, whether trends were signed or not."""
    right = of_kind = found = gold = 0
    for client in series():
        patterns = patterns_of_sessions(read_sessions(lines(client["sessions"], trend=trend)))
        left = list(client["patterns"])
        found, gold = found + len(patterns), gold + len(left)
        for pattern in patterns:
            for judged in left:
                both, either = {*pattern.sessions} & {*judged["sessions"]}, {*pattern.sessions} | {*judged["sessions"]}
                if pattern.code == judged["code"] and 2 * len(both) >= len(either):
                    left.remove(judged)
                    right, of_kind = right + 1, of_kind + (pattern.kind.value == judged["kind"])
                    break
    assert 2 * right / (found + gold) >= 0.75
    assert 2 * of_kind / (found + gold) >= 0.55


def test_every_piece_of_evidence_is_of_its_own_theme_and_stands_in_its_session() -> None:
    for client in series():
        sessions = client["sessions"]
        for pattern in patterns_of_sessions(read_sessions(lines(sessions))):
            for piece in pattern.evidence:
                session = sessions[piece.session]
                assert session["text"][piece.start : piece.end] == piece.text
                own = [text for t in session["themes"] if t["code"] == pattern.code for text in t["evidence"]]
                assert piece.text in own


def themes(*noted: tuple[int, str, Trend | None]) -> SignedThemes:
    made = tuple(
        SignedTheme(session, f"Told of {code}", code, trend, (Evidence(start=0, end=1, text="x"),))
        for session, code, trend in noted
    )
    return themes_given(8, made)


def test_a_theme_of_every_session_fades_when_each_note_tells_of_less() -> None:
    told: list[tuple[int, str, Trend | None]] = [(0, "panic", "present")]
    told += [(session, "panic", "improving") for session in range(1, 8)]
    assert [pattern.kind for pattern in find_patterns(themes(*told))] == [PatternKind.FADING]
    steady: list[tuple[int, str, Trend | None]] = [(session, "panic", "present") for session in range(8)]
    assert [pattern.kind for pattern in find_patterns(themes(*steady))] == [PatternKind.RECURRING]


def test_what_begins_midway_is_newly_noted_and_what_was_always_there_is_not() -> None:
    assert [p.kind for p in find_patterns(themes(*[(s, "grief", "present") for s in (4, 5, 7)]))] == [
        PatternKind.EMERGING
    ]
    assert [p.kind for p in find_patterns(themes(*[(s, "grief", "present") for s in (0, 5, 7)]))] == [
        PatternKind.RECURRING
    ]


def test_sessions_out_of_order_keep_their_own_places() -> None:
    client = next(series())
    straight = patterns_of_sessions(read_sessions(lines(client["sessions"])))
    turned = patterns_of_sessions(read_sessions(lines(client["sessions"][::-1])))
    last = len(client["sessions"]) - 1
    assert {(p.code, p.kind, p.sessions) for p in straight} == {
        (p.code, p.kind, tuple(last - s for s in p.sessions)) for p in turned
    }


some_themes = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.sampled_from(["sleep", "grief", "trust", "money", None]),
        st.sampled_from(["present", "improving", "worsening", "absent", None]),
        st.text(min_size=1, max_size=12),
    ),
    max_size=40,
)


@given(some_themes)
def test_counts_are_of_sessions_and_nothing_is_said_of_the_client(
    noted: list[tuple[int, str | None, Trend | None, str]],
) -> None:
    made = tuple(
        SignedTheme(session, f"Label {word}", code, trend, (Evidence(start=0, end=len(word), text=word),))
        for session, code, trend, word in noted
    )
    signed = themes_given(8, made)
    patterns = find_patterns(signed)
    assert patterns == find_patterns(signed)
    for pattern in patterns:
        assert list(pattern.sessions) == sorted(set(pattern.sessions))
        assert f"{len(pattern.sessions)} of 8 sessions" in pattern.statement
        assert {piece.session for piece in pattern.evidence} == set(pattern.sessions)
        assert {int(name.note) for name in pattern.themes} == set(pattern.sessions)
    for pair in together(patterns):
        assert set(pair.sessions) <= set(patterns[pair.first].sessions) & set(patterns[pair.second].sessions)


def test_patterns_are_found_in_signed_themes_alone() -> None:
    with pytest.raises(TypeError):
        SignedThemes((), ())


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "{}",
        '{"date": "then"}',
        '{"date": "2026-01-01", "themes": [{"label": "secret"}, {"x": 1}]}',
    ],
)
def test_a_line_that_is_no_session_is_named_and_its_words_are_not(line: str) -> None:
    good = json.dumps({"date": "2026-01-01", "themes": []})
    with pytest.raises(UsageError, match="Session 2") as told:
        read_sessions([good, line])
    assert "secret" not in str(told.value)
