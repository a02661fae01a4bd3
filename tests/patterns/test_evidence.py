"""Every piece of evidence of a pattern is about its thread."""

from hypothesis import given

from notekeeper.domain.pattern import SignedThemes
from notekeeper.patterns.finding import find_patterns
from tests.patterns.made import signed, some_themes, theme


@given(some_themes())
def test_each_span_belongs_to_a_theme_of_its_thread_and_none_is_left_out(themes: SignedThemes) -> None:
    for pattern in find_patterns(themes):
        held = [each for each in themes.themes if themes.name_of(each) in set(pattern.themes)]
        spans = {(each.session, piece.start, piece.end, piece.text) for each in held for piece in each.evidence}
        assert {(piece.session, piece.start, piece.end, piece.text) for piece in pattern.evidence} == spans
        assert {each.session for each in held} == set(pattern.sessions)


def test_a_sentence_behind_two_threads_stands_in_both() -> None:
    both = "Lies awake at three, counting what she owes the bank."
    themes = signed(
        3,
        *(theme(place, "sleep", "Awake at three", both) for place in range(3)),
        *(theme(place, "money", "Owing the bank", both) for place in range(3)),
    )
    found = find_patterns(themes)
    assert [pattern.code for pattern in found] == ["money", "sleep"]
    assert all({piece.text for piece in pattern.evidence} == {both} for pattern in found)
