"""Reflections and ideas ask and wonder; they never tell, diagnose or name a feeling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.config import resource
from notekeeper.domain.draft import Theme
from notekeeper.domain.text import Evidence
from notekeeper.drafting.prompts import read_prompt, together
from notekeeper.drafting.suggestions import LINKS, MOST_REFLECTIONS, QUESTIONS, ideas, reflections
from tests.unit.gold import vocabulary


def theme(label: str, *starts: int) -> Theme:
    return Theme(label=label, support=0.5, evidence=tuple(Evidence(start=s, end=s + 4, text="text") for s in starts))


def test_every_form_holds_neutral_words_alone() -> None:
    for form in (*QUESTIONS, *LINKS):
        assert vocabulary().content(form.format(theme="", one="", other="")) == []


@given(st.text())
def test_a_question_is_open_and_cites_its_theme(note: str) -> None:
    themes = [theme("Waking at night", 0), theme("Her mother's house", 10), theme("The rota", 20)]
    asked = reflections(note, themes)
    assert len(asked) == MOST_REFLECTIONS
    for question, about in zip(asked, themes, strict=False):
        assert question.question.startswith(f"{about.label}: ")
        assert question.question.endswith("?")
        assert question.evidence == about.evidence
    assert len({question.question.split(": ", 1)[1] for question in asked}) == len(asked)
    assert asked == reflections(note, themes)


@given(st.text())
def test_an_idea_is_a_perhaps_over_two_themes_that_rest_apart(note: str) -> None:
    found = ideas(note, [theme("Waking at night", 0, 10), theme("Mother", 10), theme("PTSD leaflet", 30)])
    assert len(found) == 1
    assert found[0].hypothesis.startswith("Perhaps ")
    assert "waking at night; PTSD leaflet" in found[0].hypothesis
    assert [piece.start for piece in found[0].evidence] == [0, 10, 30]


@pytest.mark.parametrize("themes", [[], [theme("One", 0)], [theme("One", 0), theme("Two", 0)]])
def test_without_two_themes_that_rest_apart_there_is_no_idea(themes: list[Theme]) -> None:
    assert ideas("a note", themes) == ()


@pytest.mark.parametrize("name", ["label", "focus"])
def test_prompts_are_read_and_end_with_an_answer(name: str) -> None:
    prompt = read_prompt(resource(f"prompts/{name}.md").read_text(encoding="utf-8"))
    assert prompt.name == name
    assert [turn.role for turn in prompt.turns] == ["system"] + ["user", "assistant"] * (len(prompt.turns) // 2)
    assert prompt.answer_tokens > 0


@pytest.mark.parametrize("text", ["", "## user\nx", "---\nname: a\n---", "---\nname: a\n---\n## robot\nx"])
def test_what_is_no_prompt_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        read_prompt(text)


def test_a_changed_prompt_has_another_digest() -> None:
    text = resource("prompts/label.md").read_text(encoding="utf-8")
    one, other = read_prompt(text), read_prompt(text.replace("No names.", "No names!"))
    assert together(one) != together(other)
