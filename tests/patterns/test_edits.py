"""The therapist's edits of threads, and that they hold when sessions come in later."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.domain.pattern import (
    SignedThemes,
    ThemeName,
    ThreadEdit,
    ThreadEdits,
    ThreadMerge,
    ThreadRename,
    ThreadSplit,
    themes_given,
)
from notekeeper.patterns.finding import find_patterns
from notekeeper.patterns.threads import threads_of
from tests.patterns.made import name, some_themes, theme

SLEEP = tuple(theme(place, "sleep", f"Night {place}", "Wakes at three.") for place in range(4))
MONEY = tuple(theme(place, "money", f"Debt {place}", "Owes the bank.") for place in range(1, 4))
THEMES = themes_given(4, (*SLEEP, *MONEY))
LATER = themes_given(6, (*SLEEP, *MONEY, theme(4, "sleep", "Night 4"), theme(5, "money", "Debt 5")))


def held(themes: SignedThemes, *edits: ThreadEdit) -> list[list[str]]:
    return sorted([each.label for each in thread.themes] for thread in threads_of(themes, ThreadEdits(edits=edits)))


def names(themes: SignedThemes, code: str) -> tuple[ThemeName, ...]:
    return tuple(themes.name_of(each) for each in themes.themes if each.code == code)


def test_merged_threads_are_one_also_for_sessions_that_come_later() -> None:
    merge = ThreadMerge(one=names(THEMES, "sleep"), other=names(THEMES, "money"))
    assert held(THEMES, merge) == [["Night 0", "Night 1", "Debt 1", "Night 2", "Debt 2", "Night 3", "Debt 3"]]
    assert [len(thread) for thread in held(LATER, merge)] == [9]


def test_a_theme_split_off_stays_off_and_the_others_go_on() -> None:
    split = ThreadSplit(themes=(name(2, "Night 2", "sleep"),))
    assert held(THEMES, split) == [["Debt 1", "Debt 2", "Debt 3"], ["Night 0", "Night 1", "Night 3"], ["Night 2"]]
    assert ["Night 0", "Night 1", "Night 3", "Night 4"] in held(LATER, split)


def test_a_name_given_stays_and_stands_in_the_sentence() -> None:
    rename = ThreadRename(themes=names(THEMES, "sleep"), label="Nights")
    (found,) = (each for each in find_patterns(LATER, ThreadEdits(edits=(rename,))) if each.code == "sleep")
    assert found.label == "Nights"
    assert found.statement.startswith("Nights")


def test_a_later_edit_stands_over_an_earlier_one() -> None:
    merge = ThreadMerge(one=names(THEMES, "sleep"), other=names(THEMES, "money"))
    apart = ThreadSplit(themes=names(THEMES, "money"))
    assert held(THEMES, merge, apart) == held(THEMES)
    assert len(held(THEMES, apart, merge)) == 1


def test_a_thread_is_the_one_that_holds_most_of_what_it_was_named_by() -> None:
    strayed = (*names(THEMES, "sleep"), name(1, "Debt 1", "money"))
    (found,) = (
        each
        for each in find_patterns(THEMES, ThreadEdits(edits=(ThreadRename(themes=strayed, label="Nights"),)))
        if each.label == "Nights"
    )
    assert found.code == "sleep"


@pytest.mark.parametrize(
    "edit",
    [
        ThreadMerge(one=(name(0, "Gone"),), other=names(THEMES, "money")),
        ThreadSplit(themes=(name(9, "Night 0", "sleep"),)),
        ThreadRename(themes=(name(0, "Night 0", "another"),), label="Nights"),
    ],
)
def test_themes_that_are_no_longer_there_are_passed_over(edit: ThreadEdit) -> None:
    assert find_patterns(THEMES, ThreadEdits(edits=(edit,))) == find_patterns(THEMES)


@given(some_themes(), st.data())
def test_whatever_is_edited_each_theme_is_in_one_thread_and_edits_read_back_as_written(
    themes: SignedThemes, data: st.DataObject
) -> None:
    known = [themes.name_of(each) for each in themes.themes] or [name(0, "Nothing")]
    some = st.lists(st.sampled_from(known), min_size=1, max_size=4).map(tuple)
    one = st.one_of(
        st.builds(ThreadMerge, one=some, other=some),
        st.builds(ThreadSplit, themes=some),
        st.builds(ThreadRename, themes=some, label=st.just("Named")),
    )
    edits = ThreadEdits(edits=tuple(data.draw(st.lists(one, max_size=6))))
    assert ThreadEdits.model_validate_json(edits.model_dump_json()) == edits
    threads = threads_of(themes, edits)
    assert sorted(id(each) for thread in threads for each in thread.themes) == sorted(map(id, themes.themes))
    assert find_patterns(themes, edits) == find_patterns(themes, edits)
