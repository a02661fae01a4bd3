"""Frames come back as they went, and nothing else is taken for one."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.engine import frames
from notekeeper.engine.frames import Frame, FrameError, pack, read_frame, write_frame

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FRAMES = st.builds(
    Frame,
    st.dictionaries(st.text(max_size=8), JSON, max_size=5),
    st.lists(st.binary(max_size=200), max_size=frames.MAX_PAYLOADS).map(tuple),
)


@given(st.lists(FRAMES, max_size=4))
def test_round_trip(sent: list[Frame]) -> None:
    stream = io.BytesIO()
    for frame in sent:
        write_frame(stream, frame)
    stream.seek(0)
    got = list(iter(lambda: read_frame(stream), None))
    assert got == sent


@given(FRAMES, st.data())
def test_a_cut_frame_is_an_error(frame: Frame, data: st.DataObject) -> None:
    whole = pack(frame)
    cut = data.draw(st.integers(1, len(whole) - 1))
    with pytest.raises(FrameError):
        read_frame(io.BytesIO(whole[:cut]))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_frame_an_end_or_an_error(raw: bytes) -> None:
    stream = io.BytesIO(raw)
    try:
        frame = read_frame(stream)
    except FrameError:
        return
    assert frame is None if not raw else isinstance(frame, Frame)


class Counting(io.BytesIO):
    """Remembers the largest piece that was asked for."""

    asked = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.asked = max(self.asked, size or 0)
        return super().read(size)


@given(st.integers(0, 2**32 - 1), st.binary(max_size=50))
def test_an_announced_length_takes_no_memory(length: int, rest: bytes) -> None:
    stream = Counting(struct.pack(">I", length) + rest)
    with pytest.raises(FrameError):
        read_frame(stream)
    assert stream.asked <= 1024 * 1024


@pytest.mark.parametrize(
    "head",
    [
        b"[]",
        b"{}",
        b'{"header":{},"sizes":[-1]}',
        b'{"header":{},"sizes":[true]}',
        b'{"header":{},"sizes":[1e3]}',
        b'{"header":{},"sizes":[999999999999]}',
        b'{"header":{},"sizes":[0,0,0,0,0]}',
        b'{"header":[],"sizes":[]}',
        b'{"header":{},"sizes":[],"more":1}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_hostile_headers_are_refused(head: bytes) -> None:
    with pytest.raises(FrameError):
        read_frame(io.BytesIO(struct.pack(">I", len(head)) + head))


def test_what_is_no_json_or_too_long_is_never_written() -> None:
    stream = io.BytesIO()
    for header in ({"a": float("nan")}, {"a": object()}, {"a": "x" * frames.MAX_HEADER}):
        with pytest.raises(FrameError) as caught:
            write_frame(stream, Frame(header))
        assert "x" * 10 not in str(caught.value)
    assert stream.getvalue() == b""


def test_a_frame_does_not_show_its_words() -> None:
    assert "secret" not in repr(Frame({"text": "secret"}, (b"secret",)))
