"""Reading: damaged heads are refused, and the same vectors give the same groups."""

import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notekeeper.config import resource
from notekeeper.domain.engine import Vectors
from notekeeper.drafting.reading import (
    MAX_EVIDENCE,
    THEMES_A_WINDOW,
    WINDOW_SENTENCES,
    ReadingHead,
    group_sentences,
    read_head,
    windows,
)
from notekeeper.errors import ModelRefusedError

CODES, LENGTH = 6, 5


def small_head() -> ReadingHead:
    """A head whose code i fires on the i-th part of a vector."""
    weights = np.zeros((CODES, 3 * LENGTH), np.float32)
    weights[np.arange(LENGTH), np.arange(LENGTH)] = 8.0
    bias = np.full(CODES, -4.0, np.float32)
    return ReadingHead(tuple("abcdef"), weights, bias, 0.3, "e" * 64, "f" * 64)


def file_of(**changed: object) -> bytes:
    about = {"codes": ["a", "b"], "neighbour": 0.3, "encoder_sha256": "e" * 64}
    parts: dict[str, object] = {"weights": np.ones((2, 9), np.float32), "bias": np.zeros(2, np.float32)}
    about.update({k: v for k, v in changed.items() if k in about})
    parts.update({k: v for k, v in changed.items() if k in parts})
    target = io.BytesIO()
    with np.errstate(all="ignore"):
        np.savez(
            target,
            about=np.frombuffer(json.dumps(about).encode(), np.uint8),
            weights=np.asarray(parts["weights"]),
            bias=np.asarray(parts["bias"]),
        )
    return target.getvalue()


def vectors(rows: int, seed: int) -> Vectors:
    found = np.random.default_rng(seed).normal(size=(rows, LENGTH)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def test_the_bundled_head_is_read_and_its_codes_are_the_taxonomys() -> None:
    head = read_head(resource("models/starter/reading-head.npz").read_bytes())
    taxonomy = json.loads(resource("models/starter/data/taxonomy.json").read_text(encoding="utf-8"))
    assert set(head.codes) <= {code for group in taxonomy["groups"].values() for code in group}
    assert np.isfinite(head.weights).all()
    with pytest.raises(ModelRefusedError, match="another sentence encoder"):
        read_head(resource("models/starter/reading-head.npz").read_bytes(), "0" * 64)


@pytest.mark.filterwarnings("error")
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_bytes_are_refused_and_never_anything_else(data: st.DataObject) -> None:
    whole = file_of()
    head = read_head(whole)
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = data.draw(
        st.sampled_from([whole[:at], whole[:at] + bytes([whole[at] ^ (1 << (at % 8))]) + whole[at + 1 :], whole[at:]])
    )
    try:
        found = read_head(damaged)
    except ModelRefusedError as error:
        assert "Reinstalling" in str(error)  # noqa: PT017 - either outcome is right
    else:
        assert np.array_equal(found.weights, head.weights)
        assert found.codes == head.codes


@given(st.binary(max_size=300))
def test_no_other_file_is_taken_for_a_head(content: bytes) -> None:
    with pytest.raises(ModelRefusedError):
        read_head(content)


@pytest.mark.parametrize(
    "content",
    [
        file_of(codes=["a"]),
        file_of(weights=np.float32(1)),
        file_of(weights=np.ones(2, np.float32)),
        file_of(bias=np.zeros(3, np.float32)),
        file_of(neighbour="much"),
    ],
)
def test_a_head_whose_parts_disagree_is_refused(content: bytes) -> None:
    with pytest.raises(ModelRefusedError):
        read_head(content)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 130), st.integers(0, 2**16))
def test_groups_are_bounded_cite_real_sentences_and_come_out_the_same(rows: int, seed: int) -> None:
    head, found = small_head(), vectors(rows, seed)
    groups = group_sentences(head, found)
    assert groups == group_sentences(head, found.copy())
    assert len(groups) <= THEMES_A_WINDOW * windows(rows)
    assert len({group.code for group in groups}) == len(groups)
    assert [group.salience for group in groups] == sorted((g.salience for g in groups), reverse=True)
    for group in groups:
        assert 1 <= len(group.sentences) <= MAX_EVIDENCE
        assert len(set(group.sentences)) == len(group.sentences)
        assert all(1 <= number <= rows for number in group.sentences)
        assert 0 <= group.support <= 1


def test_equal_sentences_keep_the_order_of_the_note() -> None:
    same = np.zeros((5, LENGTH), np.float32)
    same[:, 2] = 1.0
    assert [group.sentences for group in group_sentences(small_head(), same)] == [(1, 2, 3, 4, 5)]


def test_a_theme_of_the_last_window_is_found() -> None:
    late = np.zeros((3 * WINDOW_SENTENCES, LENGTH), np.float32)
    late[:, 0] = 1.0
    late[-2:] = 0.0
    late[-2:, 4] = 1.0
    groups = {group.code: group.sentences for group in group_sentences(small_head(), late)}
    assert groups["e"] == (3 * WINDOW_SENTENCES - 1, 3 * WINDOW_SENTENCES)


@pytest.mark.parametrize(("sentences", "count"), [(0, 0), (1, 1), (40, 1), (41, 2), (100, 3)])
def test_windows(sentences: int, count: int) -> None:
    assert windows(sentences) == count
