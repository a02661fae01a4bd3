"""The engine's pipes, from either end: frames, the messages in them, a worker and a client that get anything at all.

What always holds: bytes are a frame or a `FrameError`; a header is a message or a `FrameError`; a frame that was read
is written again to the same effect; no refusal repeats what it refuses.
"""

import io
import json
import queue
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from notekeeper.engine import worker
from notekeeper.engine.catalogue import Entry, LocalSource, ModelFile
from notekeeper.engine.client import EncoderClient
from notekeeper.engine.faults import Code, FaultError, error_for
from notekeeper.engine.frames import Frame, FrameError, pack, read_frame
from notekeeper.engine.messages import Answer, Encoded, Failed, Request, parse_answer, parse_request
from notekeeper.engine.process import GoneError, WorkerProcess
from notekeeper.engine.work import Work
from notekeeper.errors import EngineError


@cache
def small_entry() -> Entry:
    """A model that nobody has."""
    file = ModelFile(path="model.gguf", bytes=1, sha256="ab" * 32)
    return Entry(
        name="small",
        kind="encoder",
        tier="starter",
        files=(file,),
        sources=(LocalSource(type="local"),),
        licence="MIT",
        context=256,
        memory_gb=1,
    )


def frames(stream: io.BytesIO) -> None:
    """Read to the end or to the first refusal."""
    with suppress(FrameError):
        while (frame := read_frame(stream)) is not None:
            again = read_frame(io.BytesIO(pack(frame)))
            assert again is not None
            assert (repr(again), again.payloads) == (repr(frame), frame.payloads)
            _message(parse_request, frame)
            _message(parse_answer, frame)


def _message(parse: Callable[[dict[str, Any]], Request | Answer], frame: Frame) -> None:
    try:
        message = parse(frame.header)
    except FrameError:
        return
    assert parse(json.loads(json.dumps(message.header()))) == message
    if isinstance(message, Failed):
        with suppress(ValueError):
            error_for(Code(message.code), message.detail, "small")


def headers(stream: io.BytesIO) -> None:
    """The JSON of a message without the frame around it, which the fuzzer would have to guess."""
    raw = stream.read()
    frames(io.BytesIO(b"".join((len(head := _framed(raw)).to_bytes(4, "big"), head))))


def _framed(raw: bytes) -> bytes:
    return b'{"header":' + raw + b',"sizes":[]}'


class _End(BaseException):
    """Stands for the end of the worker's process, which would be that of the fuzzer too."""


class _Part:
    """A part that answers every request by refusing it, as one whose model is damaged."""

    def load(self, _request: object, _work: Work) -> Answer:
        raise FaultError(Code.REFUSED)

    def answer(self, _request: object, _work: Work) -> tuple[Answer, bytes | None]:
        raise FaultError(Code.FAILED)


def worker_end(stream: io.BytesIO) -> None:
    """A worker that is sent anything: it takes whole requests, and its process ends at the first that is none."""
    made = worker.Worker(_Part, stream, out := io.BytesIO())  # type: ignore[arg-type]
    with mock.patch("os._exit", side_effect=_End), suppress(_End):
        made._read()
    taken = []
    with suppress(queue.Empty):
        while True:
            taken.append(made._waiting.get_nowait())
    for request in taken:
        made._send(*made._serve(request, Work(request.request, made._send, made._stopped)))
    answers = io.BytesIO(out.getvalue())
    for request in taken:
        frame = read_frame(answers)
        assert frame is not None
        answer = parse_answer(frame.header)
        assert isinstance(answer, Failed)
        assert answer.request == request.request


def client_end(stream: io.BytesIO) -> None:
    """The app that is answered with anything: whole answers until the first that is none, then that the worker is
    gone."""
    process = WorkerProcess.__new__(WorkerProcess)
    process._answers, process._scratch = queue.SimpleQueue(), None
    process._read(stream)
    with suppress(GoneError):
        while (got := process.receive(1)) is not None:
            answer, payloads = got
            assert answer.request >= 1
            assert all(isinstance(payload, bytes) for payload in payloads)
        raise AssertionError("the client waits for a worker that is gone")


def numbers(stream: io.BytesIO) -> None:
    """The encoder's client that is answered with any shape and any bytes: vectors of that shape, or an error."""
    rows, width = (int.from_bytes(stream.read(2), "little") for _ in range(2))
    answer = Encoded(request=1, rows=rows % 5, width=width)
    client = EncoderClient(small_entry(), Path())
    payload = stream.read()
    for texts in ([], ["one"], ["one", "two"]):
        with mock.patch.object(client, "_ask", return_value=(answer, (payload,))):
            with suppress(EngineError):
                assert client.encode(texts).shape == (len(texts), width)
            with suppress(EngineError):
                found = client.read(texts)
                assert len(found.codes) == len(found.bond) == len(texts)


PIPES = (frames, headers, worker_end, client_end, numbers)
