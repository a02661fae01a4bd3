"""Word lists: what may stand for a feeling, and how a term is found."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.config import resource
from notekeeper.drafting import checks
from notekeeper.drafting.checks import check_item
from notekeeper.drafting.wordlists import (
    FILES,
    WordLists,
    missing_terms,
    read_word_lists,
    singular,
    terms_in,
    unsupported_feelings,
)
from notekeeper.drafting.words import stem
from tests.unit.gold import vocabulary, word_lists


def texts(**given: str) -> dict[str, str]:
    return dict.fromkeys(FILES, "") | given


def test_a_folder_and_its_texts_give_the_same_lists() -> None:
    folder = resource("prompts/words")
    assert read_word_lists({n: (folder / f"{n}.txt").read_text(encoding="utf-8") for n in FILES}) == word_lists()
    assert {path.stem for path in folder.iterdir()} == set(FILES)


def test_every_file_says_where_its_words_come_from_and_on_what_terms() -> None:
    for path in resource("prompts/words").iterdir():
        opening = path.read_text(encoding="utf-8").split("\n\n")[0]
        assert opening.startswith("# ")
        assert "Written for notekeeper" in opening
        assert "Apache-2.0" in opening


def test_no_draft_is_checked_against_half_the_lists(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"feelings\.txt"):
        read_word_lists(tmp_path)
    with pytest.raises(KeyError):
        read_word_lists({"feelings": "sad"})


def test_a_synonym_stands_one_way_only() -> None:
    lists = read_word_lists(texts(feelings="# why\nangry anger : furious fury\nfurious fury"))
    assert unsupported_feelings("Anger", ["Furious."], lists) == frozenset()
    assert unsupported_feelings("Furious", ["Angry."], lists) == {stem("furious")}
    assert unsupported_feelings("Fury", ["Furious."], lists) == frozenset()
    assert unsupported_feelings("Garden", [], lists) == frozenset()


def test_a_word_after_a_colon_is_a_feeling_though_it_has_no_line_of_its_own() -> None:
    lists = read_word_lists(texts(feelings="glad : elated"))
    assert unsupported_feelings("Elated", ["Glad."], lists) == {stem("elated")}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Panic attacks", {"panic attack"}),
        ("panic. attack", {"panic attack"}),
        ("Attack of panic", set()),
        ("PTSD's shadow", {"ptsd"}),
        ("Personality", set()),
        ("borderline-personality disorder", {"personality disorder", "borderline", "disorder"}),
    ],
)
def test_a_term_of_several_words_stands_side_by_side(text: str, found: set[str]) -> None:
    terms = frozenset({"panic attack", "ptsd", "personality disorder", "borderline", "disorder"})
    assert terms_in(text, terms, singular) == found


def test_a_singular_keeps_what_only_looks_like_a_plural() -> None:
    assert [singular(word) for word in ("Attacks", "psychosis", "abuses", "loss", "anorexia", "stress")] == [
        "attack",
        "psychosis",
        "abuse",
        "loss",
        "anorexia",
        "stress",
    ]


RISK = [
    term.strip()
    for line in resource("prompts/words/risk.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for term in line.split(",")
]


@given(st.lists(st.sampled_from(RISK), max_size=4), st.text(max_size=40))
def test_a_risk_word_that_the_evidence_has_is_never_missing(terms: list[str], more: str) -> None:
    text = " ".join(terms)
    assert not missing_terms(text, [f"{more} . {text}"], word_lists().risk, stem)
    if terms:
        assert missing_terms(text, [], word_lists().risk, stem)


GIVEN_LISTS = [word_lists().diagnoses, word_lists().theory, word_lists().risk]


@given(st.sampled_from(sorted(frozenset[str]().union(*GIVEN_LISTS))))
def test_no_word_of_the_lists_passes_on_evidence_that_lacks_it(term: str) -> None:
    found = check_item(term, ["Spoke of the garden."], vocabulary(), frozenset(), least=1, most=9, lists=word_lists())
    assert found in {checks.RISK, checks.DIAGNOSIS, checks.THEORY, checks.FEELING, checks.OUTSIDE}


def test_no_word_of_the_lists_is_neutral_for_a_label() -> None:
    single = {term for terms in GIVEN_LISTS for term in terms if " " not in term}
    neutral = {stem(word) for word in vocabulary().neutral} | {singular(word) for word in vocabulary().neutral}
    assert not single & neutral
    assert not word_lists().feelings.keys() & {stem(word) for word in vocabulary().neutral}


def test_lists_without_words_find_nothing() -> None:
    assert WordLists().personal() == frozenset()
