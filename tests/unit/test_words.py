"""Words, stems and what may be a name: a label must never carry one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.drafting.checks import NAMED, check_item
from notekeeper.drafting.grammar import usable
from notekeeper.drafting.phrases import candidate_phrases
from notekeeper.drafting.sentences import split_sentences
from notekeeper.drafting.words import bare, name_like, read_vocabulary, stem, stems, unquoted, words
from tests.unit.gold import gold_notes, vocabulary


def names(note: str) -> frozenset[str]:
    return name_like(split_sentences(note), vocabulary())


def test_the_forms_of_a_word_share_one_stem() -> None:
    assert stem("worries") == stem("Worry") == stem("worried")
    assert stem("mother’s") == stem("mother's") == stem("mother") == stem("mothers")
    assert stem("loss") != stem("lost")


@given(st.text(max_size=60))
def test_words_are_pieces_of_the_text_and_stems_know_no_case(text: str) -> None:
    found = words(text)
    assert all(word in text for word in found)
    assert stems(" ".join(found)) == frozenset(stem(word) for word in found)


def test_quoted_speech_is_left_out() -> None:
    text = "Said “never again” and 'not me', \"ever\", «jamais»; her mother's house didn't change."
    assert words(unquoted(text)) == "Said and her mother's house didn't change".split()


def test_an_open_quotation_hides_what_follows() -> None:
    assert words(unquoted('He said "never again and walked off')) == ["He", "said"]


@pytest.mark.parametrize(
    "claim",
    "sad angry afraid ashamed grief anxiety depression trauma attachment transference suicidal harm risk drinking "
    "mother father partner school hospital london always never".split(),
)
def test_no_feeling_diagnosis_theory_risk_person_or_place_is_neutral(claim: str) -> None:
    assert claim not in vocabulary().neutral
    assert vocabulary().outside(f"Perhaps {claim}", ["We spoke about the garden."]) == [claim]


def test_comments_and_case_of_the_word_files() -> None:
    read = read_vocabulary("# a comment, the\nThe of\nthe", "garden\nhouse\n")
    assert read.neutral == frozenset({"the", "of"})
    assert read.order == ("the", "of")
    assert read.lexicon == {"garden", "house"}


@pytest.mark.parametrize(
    ("note", "name"),
    [
        ("Client told Priya about it.", "priya"),
        ("Priya told the client about it.", "priya"),
        ("She moved to Aberdare in spring.", "aberdare"),
        ("They met at St Brannoc's twice.", "brannoc"),
        ("- Oisín came late", "oisín"),
        ("Mother's friend Anne-Marie rang.", "marie"),
        ("“Tell Bram,” she said.", "bram"),
        ("Spoke of Rhoswen’s flat.", "rhoswen"),
    ],
)
def test_a_name_is_taken_for_one(note: str, name: str) -> None:
    assert name in names(note)


@pytest.mark.parametrize(
    "note", ["Sleep was poor. Poor sleep again.", "I've seen him. He said I'm late.", "Homework done; she was pleased."]
)
def test_ordinary_words_are_not_names(note: str) -> None:
    assert names(note) == frozenset()


def test_no_name_that_annotators_marked_gets_into_what_a_label_is_made_of() -> None:
    for note in gold_notes()[::6]:
        sentences = split_sentences(note["text"])
        held = name_like(sentences, vocabulary())
        people = {
            bare(word)
            for found in note["identifiers"]
            if found["type"] in {"PERSON", "PLACE"}
            for word in words(found["text"])
            if word[0].isupper() and word.casefold() not in {"the", "dr", "mr", "mrs", "ms"}
        }
        texts = [sentence.text for sentence in sentences]
        offered = {bare(word) for phrase in candidate_phrases(texts, vocabulary(), held) for word in words(phrase)}
        small = {word for text in texts for word in words(text) if word.islower()}
        leaked = {word for word in people & (offered | set(usable(texts, vocabulary(), held))) if word not in small}
        assert leaked <= vocabulary().lexicon, note["id"]


def test_a_name_in_the_possessive_is_a_name_still() -> None:
    note = "He shook Alec's hand at the door. Ines’ mother no longer rings on Sundays."
    sentences = split_sentences(note)
    held = names(note)
    assert {"alec", "ines"} <= held
    phrases = candidate_phrases([s.text for s in sentences], vocabulary(), held)
    assert not any("alec" in phrase.casefold() or "ines" in phrase.casefold() for phrase in phrases)
    assert check_item("Alec's hand", [note], vocabulary(), held, least=1, most=6) == NAMED


def test_speech_in_single_marks_is_quoted_whole_with_its_apostrophes() -> None:
    assert "worthless" not in unquoted("She said 'I'm worthless and stupid' twice.")
    assert "burden" not in unquoted("He wrote ‘I’m a burden to everyone’ on a card.")
    assert "house" in unquoted("Her mother's house isn't far.")
