"""Reading: damaged files are refused, and what the reader says becomes the same few themes each time."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notekeeper.config import resource
from notekeeper.domain.engine import TRENDS, Readings
from notekeeper.drafting.reading import (
    MAX_EVIDENCE,
    SAME_SENTENCES,
    THEMES_A_WINDOW,
    WINDOW_SENTENCES,
    TaughtReading,
    group_sentences,
    read_taught,
    windows,
)
from notekeeper.errors import ModelRefusedError

READER = TaughtReading(tuple("abcdef"), (-1.0,) * 5 + (2.0,), "e" * 64, "f" * 64)


def file_of(about: object, more: bytes = b"") -> bytes:
    """The start of a safetensors file."""
    head = json.dumps({"__metadata__": {"about": json.dumps(about)}}).encode()
    return len(head).to_bytes(8, "little") + head + more


def said(rows: int, **codes: dict[int, float]) -> Readings:
    """Readings in which sentence i (from 0) has the given chance of a code, and next to none of the others."""
    chances = np.full((rows, len(READER.codes)), 1e-4)
    for code, places in codes.items():
        for place, chance in places.items():
            chances[place, READER.codes.index(code)] = chance
    logits = np.log(chances / (1 - chances)).astype(np.float32)
    return of(logits, np.full(rows, 9.0, np.float32))


def of(logits: np.ndarray[tuple[int, int], np.dtype[np.float32]], salience: np.ndarray) -> Readings:
    rows = len(logits)
    return Readings(logits, salience, np.zeros((rows, len(TRENDS)), np.float32), np.zeros((rows, 4), np.float32))


def test_the_bundled_reader_says_what_it_is_and_its_codes_are_the_taxonomys() -> None:
    content = resource("models/starter/reader.safetensors").read_bytes()
    reader = read_taught(content)
    taxonomy = json.loads(resource("models/starter/data/taxonomy.json").read_text(encoding="utf-8"))
    assert set(reader.codes) == {code for group in taxonomy["groups"].values() for code in group}
    with pytest.raises(ModelRefusedError, match="another sentence encoder"):
        read_taught(content, "0" * 64)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 8,
        b"\xff" * 40,
        file_of({"codes": [], "doubt": [], "encoder_sha256": "e"}),
        file_of({"codes": ["a", "a"], "doubt": [0, 0], "encoder_sha256": "e"}),
        file_of({"codes": ["a"], "doubt": [], "encoder_sha256": "e"}),
        file_of({"codes": ["a"]}),
        file_of([1]),
        len(b"[]").to_bytes(8, "little") + b"[]",
    ],
)
def test_a_file_that_is_no_reader_is_refused(content: bytes) -> None:
    with pytest.raises(ModelRefusedError, match="Reinstalling"):
        read_taught(content)


@given(st.binary(max_size=300))
def test_no_other_file_is_taken_for_a_reader(content: bytes) -> None:
    with pytest.raises(ModelRefusedError):
        read_taught(content)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 100), st.integers(0, 2**32 - 1))
def test_groups_are_few_apart_in_order_and_the_same_each_time(rows: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    found = of(
        random.normal(-1, 3, (rows, len(READER.codes))).astype(np.float32), random.normal(0, 3, rows).astype(np.float32)
    )
    left_out = frozenset(int(n) for n in random.integers(1, rows + 1, rows // 4))
    groups = group_sentences(READER, found, left_out)
    assert groups == group_sentences(READER, found, left_out)
    assert len(groups) <= THEMES_A_WINDOW * windows(rows)
    assert [g.salience for g in groups] == sorted((g.salience for g in groups), reverse=True)
    for place, group in enumerate(groups):
        assert 1 <= len(group.sentences) <= MAX_EVIDENCE
        assert set(group.sentences) <= set(range(1, rows + 1)) - left_out
        assert 0.0 <= group.support <= 1.0
        assert group.code in (None, group.near)
        for other in groups[:place]:
            first, second = set(group.sentences), set(other.sentences)
            assert len(first & second) <= SAME_SENTENCES * len(first | second)


def test_sentences_of_one_code_are_one_theme_strongest_first() -> None:
    groups = group_sentences(READER, said(6, b={1: 0.7, 4: 0.9}, d={2: 0.8}))
    assert [(group.near, group.sentences) for group in groups] == [("b", (5, 2)), ("d", (3,))]


def test_a_code_the_reader_is_not_sure_of_is_not_given() -> None:
    (group,) = group_sentences(READER, said(3, c={0: 0.4}))
    assert (group.near, group.code, group.sentences) == ("c", None, (1,))


def test_a_code_that_is_often_judged_absent_needs_more() -> None:
    common, doubtful = group_sentences(READER, said(6, a={0: 0.9, 1: 0.9}, f={3: 0.9, 4: 0.9}))
    assert (common.code, doubtful.near, doubtful.code) == ("a", "f", None)


def test_a_sentence_left_out_carries_no_theme() -> None:
    assert [g.sentences for g in group_sentences(READER, said(3, a={0: 0.9, 1: 0.9}), {1})] == [(2,)]
    assert group_sentences(READER, said(3, a={0: 0.9}), {1}) == []


def test_one_code_is_taken_of_two_that_rest_on_the_same_sentences() -> None:
    groups = group_sentences(READER, said(4, a={0: 0.9, 1: 0.9}, b={0: 0.7, 1: 0.7}))
    assert [group.near for group in groups] == ["a"]


def test_what_stands_in_a_later_window_is_read_too() -> None:
    rows = WINDOW_SENTENCES + 3
    groups = group_sentences(READER, said(rows, **{c: {i: 0.9} for i, c in enumerate("abcde")}, f={rows - 1: 0.8}))
    assert (rows,) in [group.sentences for group in groups]


def test_readings_of_another_reader_are_refused() -> None:
    with pytest.raises(ModelRefusedError):
        group_sentences(TaughtReading(("a",), (0.0,), "e" * 64, "f" * 64), said(2))
