"""Sentences: every word of a note is in one, at its exact place, and no longer than a model can read."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notekeeper.domain.text import Sentence
from notekeeper.drafting.sentences import MAX_SENTENCE_CHARACTERS, split_sentences
from tests.unit.gold import gold_notes

PIECES = (
    "S:", "- ", "* ", "1) ", "12. ", "a) ", "Dr. ", "ct. ", "word", "Word", ". ", "!", "? ", "\n", "\n\n", "\r\n", "  ",
    "“", "”", "'", '"', "9.30", "... ", "…", "e.g. ", "\u2028", "\x85", "i", "Risk - ", "x" * 50, " then ", "session:",
    ":", "é", "🙂", "\ud800", "שלום", "\x00", "(", ")",
)  # fmt: skip
NOTES = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
# What may lie outside every sentence and still hold a letter or digit: the mark of a bullet, a heading.
MARK = re.compile(
    r"\s*(?:#{1,6}[ \t]+[^\d.!?:]{1,60}\Z|\(?(?:\d{1,2}|[a-h])[.)]|[A-Za-z]+\s*(?::|\s[-–—]))\s*|[^\w]*", re.UNICODE
)


def found_in(note: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(note)]


def between(note: str, sentences: list[Sentence]) -> list[str]:
    """What lies outside every sentence, line by line."""
    edges = [0, *(edge for s in sentences for edge in (s.start, s.end)), len(note)]
    gaps = [note[left:right] for left, right in zip(edges[::2], edges[1::2], strict=True)]
    return [line for gap in gaps for line in re.split(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", gap)]


@settings(max_examples=400, deadline=None)
@given(NOTES)
def test_spans_are_verbatim_ascending_apart_and_bounded(note: str) -> None:
    sentences = split_sentences(note)
    assert [s.number for s in sentences] == list(range(1, len(sentences) + 1))
    assert all(note[s.start : s.end] == s.text and s.text.strip() == s.text for s in sentences)
    assert all(one.end <= other.start for one, other in pairwise(sentences))
    assert all(0 < len(s.text) <= MAX_SENTENCE_CHARACTERS for s in sentences)
    assert all(any(c.isalnum() for c in s.text) for s in sentences)


@settings(max_examples=400, deadline=None)
@given(NOTES)
def test_no_word_is_lost(note: str) -> None:
    for line in between(note, split_sentences(note)):
        rest = line
        for _ in range(2):  # a bullet and a heading may follow one another
            mark = MARK.match(rest)
            rest = rest[mark.end() :] if mark else rest
        assert not any(c.isalnum() for c in rest), "letters or digits lie outside every sentence"


@pytest.mark.parametrize(
    ("note", "sentences"),
    [
        ("S: Flat.\nO: Tired.\nA: Low mood.\nP: Diary.", ["Flat.", "Tired.", "Low mood.", "Diary."]),
        ("Plan – keep a diary.", ["keep a diary."]),
        ("- Slept badly\n- Rang her mother\n• Drank twice", ["Slept badly", "Rang her mother", "Drank twice"]),
        ("1. Worry diary\n2) Next week off\n(a) Holiday", ["Worry diary", "Next week off", "Holiday"]),
        ("Saw Dr. Ames about sleep. Came late.", ["Saw Dr. Ames about sleep.", "Came late."]),
        ("Ct. came late. The ct. said little.", ["Ct. came late.", "The ct. said little."]),
        ("Worries, e.g. about money. Slept.", ["Worries, e.g. about money.", "Slept."]),
        ('"I am done." He stood up.', ['"I am done."', "He stood up."]),
        ("“Where were you?” she asked. He left.", ["“Where were you?” she asked.", "He left."]),
        ("He waited... then left. Silence.", ["He waited... then left.", "Silence."]),
        ("Silence… Then tears.", ["Silence…", "Then tears."]),
        ("Slept 4.5 hours at 9.30 p.m. on Monday.", ["Slept 4.5 hours at 9.30 p.m. on Monday."]),
        ("PHQ-9 14. GAD-7 11.", ["PHQ-9 14.", "GAD-7 11."]),
        ("Seen by J. Ames. Left.", ["Seen by J. Ames.", "Left."]),
        ("One line\n\nanother line", ["One line", "another line"]),
        ("  \n\t", []),
        ("", []),
        ("- \n--\n...", []),
        ("Client came.\r\nClient left.", ["Client came.", "Client left."]),
    ],
)
def test_the_shapes_that_notes_have(note: str, sentences: list[str]) -> None:
    assert found_in(note) == sentences


def test_a_sentence_wrapped_by_hand_stays_whole() -> None:
    note = (
        "She told me that the house was sold without a word to\n"
        "her, and that the keys had been posted through the door\n"
        "by a neighbour. She laughed.\n"
    )
    assert found_in(note) == [note.removesuffix(" She laughed.\n"), "She laughed."]


def test_lines_typed_as_lines_stay_lines() -> None:
    assert found_in("slept badly\nrang her mother\nno homework") == ["slept badly", "rang her mother", "no homework"]


def test_a_headed_section_names_itself() -> None:
    sentences = split_sentences("Plan: keep a diary. Ring the GP.\n\nShe left early.")
    assert [(s.text, s.section) for s in sentences] == [
        ("keep a diary.", "plan"),
        ("Ring the GP.", "plan"),
        ("She left early.", None),
    ]


@pytest.mark.parametrize("unit", ["word and word ", "x", "слово "])
def test_twenty_thousand_characters_without_a_stop_are_cut_and_none_is_lost(unit: str) -> None:
    note = unit * (20_000 // len(unit))
    sentences = split_sentences(note)
    assert len(sentences) >= 50
    assert max(len(s.text) for s in sentences) <= MAX_SENTENCE_CHARACTERS
    assert "".join("".join(s.text.split()) for s in sentences) == "".join(note.split())


def test_gold_evidence_is_made_of_whole_sentences() -> None:
    whole = total = 0
    for note in gold_notes():
        sentences = split_sentences(note["text"])
        starts, ends = {s.start for s in sentences}, {s.end for s in sentences}
        for evidence in (e for theme in note["themes"] for e in theme["evidence"]):
            at = note["text"].find(evidence)
            total += 1
            whole += at in starts and at + len(evidence) in ends
    assert total > 5000
    assert whole / total >= 0.98
