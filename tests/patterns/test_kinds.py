"""What makes a thread a pattern, of which kind it is, and how that is said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.config import resource
from notekeeper.domain.draft import Trend
from notekeeper.domain.pattern import PatternKind, SignedThemes
from notekeeper.patterns.course import eases
from notekeeper.patterns.finding import find_patterns
from notekeeper.patterns.sorts import SORT_OF, Sort
from tests.patterns.made import signed, some_themes, theme

TRENDS: dict[str, Trend | None] = {"p": "present", "i": "improving", "w": "worsening", "a": "absent"}


def course(code: str | None, told: str, label: str = "Theme", sentence: str = "") -> SignedThemes:
    """A theme over sessions, one letter each; a dot where it is not noted."""
    return signed(
        len(told),
        *(theme(place, code, label, sentence, TRENDS[letter]) for place, letter in enumerate(told) if letter != "."),
    )


def kinds(themes: SignedThemes) -> list[PatternKind]:
    return [pattern.kind for pattern in find_patterns(themes)]


def test_every_code_of_the_taxonomy_is_of_one_sort_and_nothing_else_is() -> None:
    groups = json.loads(resource("models/starter/data/taxonomy.json").read_text(encoding="utf-8"))["groups"]
    assert set(SORT_OF) == {code for codes in groups.values() for code in codes}
    assert set(SORT_OF.values()) == set(Sort)


@pytest.mark.parametrize(
    ("code", "told", "kind"),
    [
        ("panic", "pppiiiii", PatternKind.FADING),
        ("panic", "pppppppp", PatternKind.RECURRING),
        ("panic", "wppwpppw", PatternKind.RECURRING),
        ("rumination", "ppp.......", PatternKind.FADING),
        ("alcohol_drugs", "pwp.iiiii.aa", PatternKind.FADING),
        ("boundaries", "pppiii", PatternKind.SHIFTING),
        ("boundaries", "p.pp.p.p", PatternKind.RECURRING),
        ("grief", "....pp.p", PatternKind.EMERGING),
        ("grief", "p....p.p", PatternKind.RECURRING),
        ("hope", ".......p.iii", PatternKind.EMERGING),
        ("money", "p.w.pp.p", PatternKind.RECURRING),
    ],
)
def test_the_kind_follows_what_the_notes_say_and_not_presence_alone(code: str, told: str, kind: PatternKind) -> None:
    assert kinds(course(code, told)) == [kind]


def test_a_theme_without_a_code_is_of_the_sort_that_its_words_tell() -> None:
    sentence = "Wakes at three and cannot get back to sleep for worry."
    assert kinds(course(None, "ppp.iiii", "Broken sleep", sentence)) == [PatternKind.FADING]
    sentence = "Felt ashamed that she cannot say no to her mother and gives in."
    assert kinds(course(None, "ppp.iiii", "Giving in to mother", sentence)) == [PatternKind.SHIFTING]


@pytest.mark.parametrize(
    ("code", "told", "found"),
    [
        ("grief", "..pp....", 0),
        ("grief", "......pp", 1),
        ("insight", "......pp", 0),
        ("grief", "p.p.p...", 1),
        ("grief", "p...................p.................p", 0),
        ("grief", "..................................p.pp..", 1),
    ],
)
def test_a_pattern_is_noted_often_enough_within_what_one_looks_back_on(code: str, told: str, found: int) -> None:
    assert len(find_patterns(course(code, told))) == found


def test_a_signed_trend_counts_before_words_and_words_are_read_where_there_is_none() -> None:
    easing = "Slept through for the first time, without the tablets, and is much better."
    assert eases(theme(0, "sleep", "Sleeping better", easing))
    assert not eases(theme(0, "sleep", "Sleeping better", easing, "present"))
    assert eases(theme(0, "sleep", "Awake at three", "Wakes at three every night.", "improving"))
    assert not eases(theme(0, "sleep", "Awake at three", "Wakes at three every night."))


@given(some_themes())
def test_it_is_counted_in_sessions_and_nothing_is_said_of_the_client(themes: SignedThemes) -> None:
    for pattern in find_patterns(themes):
        said = pattern.statement.replace(pattern.label, "")
        for each in themes.themes:
            label = " ".join(each.label.split())
            said = said.replace(label, "").replace(label[:1].lower() + label[1:], "")
        assert f"{len(pattern.sessions)} of {themes.sessions} sessions" in pattern.statement
        assert "%" not in said
        assert not {"recovered", "better", "cured", "improved", "healed"} & set(said.split())


@given(some_themes(), st.sampled_from(["sleep", "grief", "of_no_taxonomy", None]))
def test_an_order_of_themes_within_their_sessions_changes_no_kind_of_a_coded_thread(
    themes: SignedThemes, code: str | None
) -> None:
    one = [each for each in themes.themes if each.code == code and code is not None]
    straight = find_patterns(signed(themes.sessions, *one))
    turned = find_patterns(signed(themes.sessions, *reversed(one)))
    assert [(each.code, each.kind, each.sessions) for each in straight] == [
        (each.code, each.kind, each.sessions) for each in turned
    ]
