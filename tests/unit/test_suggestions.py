"""Reflections and ideas ask and wonder; they never tell, diagnose or bring in what the note has not."""

from collections.abc import Sequence
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.config import resource
from notekeeper.domain.draft import Theme
from notekeeper.domain.engine import OnProgress, Vectors
from notekeeper.domain.text import Evidence
from notekeeper.drafting.library import Library, read_library
from notekeeper.drafting.prompts import read_prompt, together
from notekeeper.drafting.suggestions import (
    LINKS,
    LONG_NOTE_WORDS,
    MOST_IN_LONG,
    MOST_REFLECTIONS,
    QUESTIONS,
    claims_too_much,
    ideas,
    reflections,
)
from notekeeper.drafting.wordlists import WordLists
from tests.unit.fakes import TopicEncoder
from tests.unit.gold import library, vocabulary, word_lists

NOTHING = Library()


def theme(label: str, *starts: int, code: str | None = "unlisted", text: str = "text") -> Theme:
    evidence = tuple(Evidence(start=start, end=start + len(text), text=text) for start in starts)
    return Theme(label=label, code=code, support=0.5, evidence=evidence)


def fixed(note: str, themes: Sequence[Theme]) -> list[str]:
    return [found.question for found in reflections(note, themes, NOTHING, TopicEncoder(), word_lists())]


def asked(note: str, themes: Sequence[Theme], questions: Library | None = None) -> list[str]:
    return [found.question for found in reflections(note, themes, questions or library(), TopicEncoder(), word_lists())]


def test_every_form_holds_neutral_words_alone() -> None:
    for form in (*QUESTIONS, *LINKS):
        assert vocabulary().content(form.format(theme="", one="", other="")) == []


@given(st.text())
def test_a_theme_without_questions_of_its_own_is_asked_about_in_a_fixed_form(note: str) -> None:
    themes = [theme("Waking at night", 0), theme("Her mother's house", 10), theme("The rota", 20)]
    questions = fixed(note, themes)
    assert len(questions) == MOST_REFLECTIONS
    for question, about in zip(questions, themes, strict=False):
        assert question.startswith(f"{about.label}: ")
        assert question.endswith("?")
    assert len({question.split(": ", 1)[1] for question in questions}) == len(questions)
    assert questions == fixed(note, themes)


@given(st.lists(st.sampled_from(sorted(library().by_code)), min_size=1, max_size=4))
def test_a_question_of_the_library_brings_nothing_in(codes: list[str]) -> None:
    themes = [
        theme(f"Theme {code}", 100 * place, code=code, text="Waking at four again.") for place, code in enumerate(codes)
    ]
    found = reflections("A short note.", themes, library(), TopicEncoder(), word_lists())
    assert len(found) == min(len(codes), MOST_REFLECTIONS)
    assert len({reflection.question for reflection in found}) == len(found)
    for reflection, about in zip(found, themes, strict=False):
        assert reflection.evidence == about.evidence
        cited = [piece.text for piece in reflection.evidence]
        if reflection.question in library().questions:
            assert reflection.question in library().by_code[about.code or ""]
            assert not claims_too_much(reflection.question, cited, word_lists())
        else:
            assert reflection.question.startswith(f"{about.label}: ")


def test_a_word_of_feeling_is_asked_about_only_where_the_note_has_it_or_a_listed_synonym() -> None:
    only = read_library('{"code": "anger", "question": "What did I do as the anger came closer?"}')
    for text, taken in (("She was furious with him.", True), ("She slammed the door.", False), ("Angry again.", True)):
        found = asked("note", [theme("Door", 0, code="anger", text=text)], only)
        assert (found[0] in only.questions) is taken


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What do I know of depression?", "Felt depressed all week."),
        ("What theory of projection was I leaning on?", "Spoke of the project at work."),
        ("How did I speak about suicide?", "Low all week."),
        ("How did the person who died become real to me?", "Spoke of her mother a great deal."),
        ("What are my beliefs about drinking?", "Two bottles of wine on Friday."),
    ],
)
def test_what_the_evidence_lacks_is_not_asked_about(question: str, text: str) -> None:
    assert claims_too_much(question, [text], word_lists())
    assert not claims_too_much(question, [question], word_lists())


def test_two_questions_of_one_meaning_are_not_asked() -> None:
    class Alike(TopicEncoder):
        def encode(
            self, texts: Sequence[str], on_progress: OnProgress | None = None, cancel: Event | None = None
        ) -> Vectors:
            return super().encode(["the same"] * len(texts), on_progress, cancel)

    themes = [theme("Waking", 0, code="sleep"), theme("Mother", 10, code="family_of_origin")]
    found = reflections("note", themes, library(), Alike(), WordLists())
    assert found[0].question in library().questions
    assert found[1].question.startswith("Mother: ")


def test_a_long_note_may_have_one_reflection_more() -> None:
    themes = [theme(f"Theme {letter}", place * 10) for place, letter in enumerate("abcd")]
    assert len(fixed("word " * LONG_NOTE_WORDS, themes)) == MOST_REFLECTIONS
    assert len(fixed("word " * (LONG_NOTE_WORDS + 1), themes)) == MOST_IN_LONG


def test_without_themes_nothing_is_asked_and_no_encoder_needed() -> None:
    encoder = TopicEncoder()
    assert reflections("note", [], library(), encoder, word_lists()) == ()
    assert encoder.texts == []


def test_the_library_has_questions_for_every_theme_code_and_each_is_a_question() -> None:
    codes = resource("models/starter/data/taxonomy.json").read_text(encoding="utf-8")
    assert all(f'"{code}"' in codes for code in library().by_code)
    assert len(library().by_code) == 80
    assert all(question.endswith("?") for question in library().questions)
    assert len(library().questions) == 440


@given(st.text())
def test_an_idea_is_a_perhaps_over_two_themes_that_rest_apart(note: str) -> None:
    found = ideas(note, [theme("Waking at night", 0, 10), theme("Mother", 10), theme("PTSD leaflet", 30)])
    assert len(found) == 1
    assert found[0].hypothesis.startswith("Perhaps waking at night ")
    assert " may " in found[0].hypothesis
    assert "PTSD leaflet" in found[0].hypothesis
    assert [piece.start for piece in found[0].evidence] == [0, 10, 30]


def test_an_idea_links_what_stands_side_by_side() -> None:
    themes = [theme("Guilt over not visiting mother", 0), theme("Rows at work", 3000), theme("Waking at four", 20)]
    assert "waking at four" in ideas("note", themes)[0].hypothesis
    far = [themes[0], themes[1], theme("Rota", 3010)]
    assert "rows at work" in ideas("note", far)[0].hypothesis
    assert "rota" in ideas("note", far)[0].hypothesis
    assert ideas("note", themes[:2])


@given(st.text())
def test_labels_that_are_lists_are_not_joined_by_another_and(note: str) -> None:
    themes = [theme("Gym, choir and cooking", 0), theme("Low mood lifting", 10)]
    assert "cooking and" not in ideas(note, themes)[0].hypothesis


def test_phrases_cut_from_the_note_and_unsure_themes_are_not_linked() -> None:
    sure, unsure = theme("Waking at night", 0), theme("Rows at work", 10, code=None)
    assert ideas("note", [sure, unsure]) == ()
    assert ideas("note", [sure, theme("Rows at work", 10).model_copy(update={"plain": True})]) == ()


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
