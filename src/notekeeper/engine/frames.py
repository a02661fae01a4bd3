"""Frames on the pipe between the app and a worker: a length, a JSON header, then raw payloads.

A frame is a 4-byte big-endian length, that many bytes of UTF-8 JSON `{"header": {...}, "sizes": [..]}`, then one
payload of each size. What always holds: nothing is unpickled; a length over the limits is refused before a byte of
what it announces is read; a stream that ends inside a frame is an error, between frames it is the end.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

MAX_HEADER = 32 * 1024 * 1024
MAX_PAYLOAD = 256 * 1024 * 1024
MAX_PAYLOADS = 4
_LENGTH = 4
_CHUNK = 1024 * 1024


class FrameError(Exception):
    """What was read or given is no frame within the limits. The message holds no content."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: a JSON object and the binary payloads that go with it."""

    header: dict[str, Any]
    payloads: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        """Says sizes alone: a header may hold a note's words."""
        return f"Frame({len(self.header)} fields, {len(self.payloads)} payloads)"


def pack(frame: Frame) -> bytes:
    """The bytes of a frame. Raises `FrameError` when it is over the limits or its header is no JSON."""
    sizes = [len(payload) for payload in frame.payloads]
    _check_sizes(sizes)
    try:
        text = json.dumps({"header": frame.header, "sizes": sizes}, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        raise FrameError("the header is no JSON") from None
    head = text.encode()
    if len(head) > MAX_HEADER:
        raise FrameError("the header is too long")
    return b"".join((len(head).to_bytes(_LENGTH, "big"), head, *frame.payloads))


def write_frame(stream: IO[bytes], frame: Frame) -> None:
    """Write one frame and flush. Raises `FrameError` before a byte is written, `OSError` when the pipe is closed."""
    stream.write(pack(frame))
    stream.flush()


def read_frame(stream: IO[bytes]) -> Frame | None:
    """The next frame, or None at the end of the stream. Raises `FrameError` for anything else."""
    length = stream.read(_LENGTH)
    if not length:
        return None
    if len(length) < _LENGTH:
        raise FrameError("the stream ends inside a length")
    size = int.from_bytes(length, "big")
    if not 0 < size <= MAX_HEADER:
        raise FrameError("the announced header is too long")
    header, sizes = _parse(_exactly(stream, size))
    return Frame(header, tuple(_exactly(stream, one) for one in sizes))


def _parse(head: bytes) -> tuple[dict[str, Any], list[int]]:
    try:
        parsed = json.loads(head)
    except (ValueError, RecursionError):
        raise FrameError("the header is no JSON") from None
    if not isinstance(parsed, dict) or set(parsed) != {"header", "sizes"}:
        raise FrameError("the header is no object of header and sizes")
    header, sizes = parsed["header"], parsed["sizes"]
    if not isinstance(header, dict) or not isinstance(sizes, list):
        raise FrameError("header or sizes are of the wrong kind")
    if any(type(size) is not int for size in sizes):
        raise FrameError("a size is no whole number")
    _check_sizes(sizes)
    return header, sizes


def _check_sizes(sizes: Sequence[int]) -> None:
    if len(sizes) > MAX_PAYLOADS or any(not 0 <= size <= MAX_PAYLOAD for size in sizes):
        raise FrameError("payloads are over the limits")


def _exactly(stream: IO[bytes], size: int) -> bytes:
    """Reads in pieces, so that an announced length alone never takes memory."""
    parts: list[bytes] = []
    left = size
    while left:
        part = stream.read(min(left, _CHUNK))
        if not part:
            raise FrameError("the stream ends inside a frame")
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
