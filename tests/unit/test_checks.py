"""Checks: each reason to withhold has its own case, and a reason holds no word of the note."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.drafting import checks
from tests.unit.gold import vocabulary

EVIDENCE = ("Client woke at 4 and worried about the rota.", "Denied any suicidal thoughts.", "“Never again,” he said.")
NAMES = frozenset({"tom", "rota"})


def reason(text: str, least: int = 1, most: int = 8) -> str | None:
    return checks.check_item(text, EVIDENCE, vocabulary(), NAMES - {"rota"}, least=least, most=most)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", checks.EMPTY),
        (" … ", checks.EMPTY),
        ("woke and worried and woke and worried and woke and worried", checks.LENGTH),
        ("“Never again”", checks.QUOTED),
        ("'never again'", checks.QUOTED),
        ("worried ‘again’", checks.QUOTED),
        ("Worried about Tom", checks.NAMED),
        ("Woke at 5", checks.NUMBER),
        ("Woke at 4am", checks.NUMBER),
        ("Worried about money", checks.OUTSIDE),
        ("Grief about the rota", checks.OUTSIDE),
        ("Suicidal thoughts", checks.DENIED),
        ("Worried, suicidal thoughts", checks.DENIED),
        ("Denied suicidal thoughts", None),
        ("No suicidal thoughts", None),
        ("Worrying about the rota", None),
        ("Woke at 4", None),
        ("Client's worries", None),
    ],
)
def test_the_reason_for_each(text: str, why: str | None) -> None:
    assert reason(text) == why


def test_one_word_is_too_short_for_a_label() -> None:
    assert reason("Worry", least=2) == checks.LENGTH


def test_a_name_is_withheld_even_where_the_evidence_holds_it() -> None:
    found = checks.check_item("Tom's rota", ["Tom’s rota"], vocabulary(), NAMES, least=1, most=6)
    assert found == checks.NAMED


def test_a_month_that_is_a_small_word_too_does_not_withhold_the_small_word() -> None:
    names = frozenset({"may"})
    cited = ["Woke again in May, worried."]
    assert (
        checks.check_item("Perhaps these may be linked: worried", cited, vocabulary(), names, least=1, most=9) is None
    )
    assert checks.check_item("Worried in May", cited, vocabulary(), names, least=1, most=9) == checks.NAMED


@given(st.text(max_size=60))
def test_whatever_the_model_writes_an_item_without_a_reason_stands_in_its_evidence(text: str) -> None:
    found = reason(text)
    if found is None:
        assert not vocabulary().outside(text, EVIDENCE)
    else:
        assert found in {value for name, value in vars(checks).items() if name.isupper() and isinstance(value, str)}


def test_a_circle_is_seen() -> None:
    assert checks.repeats("Worry about worrying", vocabulary())
    assert not checks.repeats("About the rota and the week", vocabulary())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Worrying about the rota", "Rota worries", True),
        ("Waking early", "Waking early and worrying", True),
        ("Waking early", "Waking late", False),
        ("With her", "Waking late", False),
    ],
)
def test_themes_that_say_the_same(one: str, other: str, same: bool) -> None:
    assert checks.same_theme(one, other, vocabulary()) is same
    assert checks.same_theme(other, one, vocabulary()) is same
