"""Linking of themes into threads, by code, label and evidence."""

from hypothesis import given

from notekeeper.domain.pattern import SignedThemes, themes_given
from notekeeper.patterns.threads import Thread, threads_of
from tests.patterns.made import series, signed, some_themes, theme


def labels(thread: Thread) -> list[str]:
    return [each.label for each in thread.themes]


def linked(themes: SignedThemes) -> list[list[str]]:
    return sorted(labels(thread) for thread in threads_of(themes))


def test_themes_without_a_code_join_by_what_they_are_about() -> None:
    themes = signed(
        4,
        theme(0, None, "Awake at three", "Wakes at three and lies there until the bins are emptied."),
        theme(1, None, "Rent overdue", "The landlord has written about the rent."),
        theme(2, None, "Waking in the night", "Still wakes at three on most nights."),
        theme(3, None, "The rent again", "Cannot pay the rent this month."),
    )
    assert linked(themes) == [["Awake at three", "Waking in the night"], ["Rent overdue", "The rent again"]]


def test_a_theme_that_lost_its_code_joins_those_that_have_it() -> None:
    themes = signed(
        3,
        theme(0, "sleep", "Awake at three", "Wakes at three and lies there."),
        theme(1, None, "Awake at three again", "Was awake at three, lying there."),
        theme(2, "sleep", "Two whole nights", "Two good nights since we met."),
    )
    assert linked(themes) == [["Awake at three", "Awake at three again", "Two whole nights"]]


def test_the_same_theme_under_another_code_is_one_thread_and_a_near_one_is_not() -> None:
    themes = signed(
        4,
        theme(0, "anxiety", "Dread before seminars", "Lies awake before each seminar with dread."),
        theme(1, "study", "Dread before seminars", "Dread before the seminar, all morning."),
        theme(2, "study", "Essay overdue", "The essay is three weeks over."),
        theme(3, "achievement", "Seminar paper given", "Gave the paper in the seminar."),
    )
    assert linked(themes) == [
        ["Dread before seminars", "Dread before seminars"],
        ["Essay overdue"],
        ["Seminar paper given"],
    ]


def test_two_themes_of_one_session_stay_two_whatever_they_share() -> None:
    sentence = "Wakes at three and lies there, counting what she owes."
    themes = signed(1, theme(0, None, "Awake at three", sentence), theme(0, None, "Awake counting debts", sentence))
    assert len(threads_of(themes)) == 2


def test_on_the_series_linking_by_words_joins_nothing_that_the_codes_hold_apart() -> None:
    for client in series():
        told = [
            theme(place, each["code"], each["label"], " ".join(each["evidence"]))
            for place, session in enumerate(client["sessions"])
            for each in session["themes"]
        ]
        threads = threads_of(themes_given(len(client["sessions"]), tuple(told)))
        assert all(len({each.code for each in thread.themes}) == 1 for thread in threads)
        assert len(threads) == len({each.code for each in told})


@given(some_themes())
def test_every_theme_is_in_exactly_one_thread(themes: SignedThemes) -> None:
    held = [id(each) for thread in threads_of(themes) for each in thread.themes]
    assert sorted(held) == sorted(id(each) for each in themes.themes)


@given(some_themes(), some_themes(most=4))
def test_a_session_that_comes_in_later_leaves_earlier_threads_as_they_were(
    themes: SignedThemes, later: SignedThemes
) -> None:
    more = tuple(theme(themes.sessions, each.code, each.label) for each in later.themes)
    grown = themes_given(themes.sessions + 1, (*themes.themes, *more))
    before = {tuple(id(each) for each in thread.themes) for thread in threads_of(themes)}
    after = {
        tuple(id(each) for each in thread.themes if each.session < themes.sessions) for thread in threads_of(grown)
    }
    assert before == after - {()}
