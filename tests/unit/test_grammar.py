"""Grammars: whatever the model does, it can write only words that the evidence holds."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notekeeper.drafting.closed import closed_grammar, closed_words
from notekeeper.drafting.grammar import (
    JOINING,
    OWNING,
    choice_grammar,
    focus_grammar,
    label_grammar,
    numbered_grammar,
    usable,
)
from notekeeper.drafting.words import words
from tests.unit.gbnf import admits, literals, pattern
from tests.unit.gold import vocabulary, word_lists

HOSTILE = ('a"b', "a\\nb", "two words", 'x" | "y', "x\ny", "", "<|im_end|>", "a::=b", "[a-z]", "(x)", "x*")
ORDINARY = st.lists(st.text("abcdefgh", min_size=3, max_size=6), min_size=1, max_size=8, unique=True)


@settings(max_examples=60, deadline=None)
@given(ORDINARY, st.data())
def test_every_label_is_two_to_six_words_of_the_evidence_and_ends(content: list[str], data: st.DataObject) -> None:
    grammar = label_grammar(content)
    label = data.draw(st.from_regex(pattern(grammar), fullmatch=True))
    assert label.endswith("\n")
    spoken = label.rstrip("\n").split(" ")
    assert 2 <= len(spoken) <= 6
    assert {word.casefold() for word in spoken} <= {*content, *JOINING, *OWNING}
    assert spoken[0].lower() in content
    assert spoken[-1] in content


def test_a_label_grammar_admits_what_it_should_and_no_more() -> None:
    grammar = label_grammar(["waking", "rota", "worry"])
    assert admits(grammar, "Waking with worry\n")
    assert admits(grammar, "Worry about the rota\n")
    for text in (
        "Waking\n",
        "Waking rota",
        "Waking grief\n",
        "Waking worry\nrota\n",
        "Waking 4\n",
        "Waking about the\n",
    ):
        assert not admits(grammar, text), text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abcd ", min_size=2, max_size=9).map(str.strip).filter(bool), min_size=2, max_size=4))
def test_a_focus_is_made_of_the_labels_alone(labels: list[str]) -> None:
    for sentence in literals(focus_grammar(labels)):
        assert sentence.endswith(".\n")
        rest = sentence.casefold().rstrip(".\n")
        assert set(words(rest)) <= {*words(" ".join(labels).casefold()), "and"}


def test_a_choice_is_one_of_the_phrases_whole() -> None:
    grammar = choice_grammar(["Waking at night", "Mother's house", "No longer dreads"])
    assert literals(grammar) == ["Waking at night\n", "Mother's house\n", "No longer dreads\n"]
    assert not admits(grammar, "Waking at night\nMother's house\n")


@pytest.mark.parametrize("word", HOSTILE)
def test_words_that_could_break_out_of_a_grammar_are_refused(word: str) -> None:
    with pytest.raises(ValueError, match="words only"):
        label_grammar([word])
    if word != "two words":
        with pytest.raises(ValueError, match="words only"):
            choice_grammar(["fine words", word])


def test_nothing_to_choose_from_is_no_grammar() -> None:
    for make in (label_grammar, choice_grammar):
        with pytest.raises(ValueError, match="choose from"):
            make([])
    with pytest.raises(ValueError, match="choose from"):
        numbered_grammar([], 3)


@given(st.text(max_size=120))
def test_whatever_stands_in_a_note_a_grammar_can_be_made_of_it(piece: str) -> None:
    content = usable([piece], vocabulary(), frozenset())
    if content:
        re.compile(pattern(label_grammar(content)))
        assert {word.casefold() for word in words(piece)} >= set(content)


def test_quotations_digits_names_and_neutral_words_are_not_usable() -> None:
    piece = "Client told Anna “run away” at 4pm about the rota; x2 worry."
    assert usable([piece], vocabulary(), frozenset({"anna"})) == ["told", "rota", "worry"]


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(1, 300), min_size=1, max_size=12), st.integers(1, 5), st.data())
def test_a_numbered_answer_names_only_given_sentences(numbers: set[int], most: int, data: st.DataObject) -> None:
    grammar = numbered_grammar(sorted(numbers), most)
    answer = data.draw(st.from_regex(pattern(grammar), fullmatch=True))
    cited, label = answer.split(":", 1)
    assert {int(number) for number in cited.split(", ")} <= numbers
    assert len(cited.split(", ")) <= most
    assert 2 <= len(label.split()) <= 6


def test_a_closed_label_holds_no_name_number_quotation_or_risk() -> None:
    evidence = ["Drank twelve pints with Tom, said 'I'm done' and had suicidal thoughts at seven.", "Walked home."]
    found = closed_words(evidence, vocabulary(), frozenset({"tom"}), {"walk": ("walking",)}, word_lists().risk)
    assert {"drank", "pints", "walked", "walking", "home"} <= set(found)
    assert not {"twelve", "seven", "tom", "done", "suicidal"} & set(found)
    assert "twelve" not in closed_grammar(found, ("of", "with"))
