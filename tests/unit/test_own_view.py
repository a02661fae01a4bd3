"""Own themes as lines: what cannot stand is said, and at a lock no word of it is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.domain.review import OwnTheme, OwnView, theme_label
from notekeeper.domain.text import Evidence
from notekeeper.errors import UsageError
from notekeeper.services.own_view import lines_of, mended, numbered, themes_of

NOTE = "One came. Two went. Three stayed. Four left."


@given(st.text(max_size=600))
def test_mended_themes_can_stand_and_hold_every_word(lines: str) -> None:
    themes = mended(lines)
    for theme in themes:
        assert theme_label(theme.label) == theme.label
    typed = "".join(c for c in lines if c not in '"“”„«»‹›')
    assert "".join("".join(theme.label.split()) for theme in themes) == "".join(typed.split())


@given(st.lists(st.tuples(st.sampled_from(["Loss", "The quiet house", "Work (again)"]), st.sets(st.integers(1, 4)))))
def test_themes_are_the_same_after_being_shown(drawn: list[tuple[str, set[int]]]) -> None:
    sentences = numbered(NOTE)
    own = OwnView(
        themes=tuple(
            OwnTheme(
                label=label,
                evidence=tuple(
                    Evidence(start=s.start, end=s.end, text=s.text) for s in sentences if s.number in numbers
                ),
            )
            for label, numbers in drawn
        )
    )
    read = themes_of(lines_of(own, sentences), len(sentences))
    assert [(theme.label, set(theme.sentences)) for theme in read] == drawn


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("Fine\n\nQuiet (5)", "Theme line 3 names a sentence that is not there: the note has 1 to 4"),
        ('"Quiet"', "Theme line 1: .*quotation marks"),
        ("one two three four five six seven eight nine ten eleven", "Theme line 1: .*1 to 10 words"),
        ("(1)", "Theme line 1"),
    ],
)
def test_a_line_that_cannot_stand_is_named(lines: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        themes_of(lines, 4)


def test_evidence_that_the_note_no_longer_holds_is_left_out() -> None:
    own = OwnView(themes=(OwnTheme(label="Loss", evidence=(Evidence(start=0, end=4, text="Gone"),)),))
    assert lines_of(own, numbered(NOTE)) == "Loss"
