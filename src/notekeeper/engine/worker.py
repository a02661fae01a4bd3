"""The child process of one model: `python -m notekeeper.engine.worker encoder|wording [FOLDER ...]`.

It may read the folders named and what Python and the system need, and no other file. It takes requests from its
standard input and answers on its standard output, one at a time, while a second thread reads on, so that a "cancel"
arrives during the work. What always holds: it ends as soon as its input is closed, in the middle of work too; an answer
to a failure is a code, never an exception's text.
"""

import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from notekeeper.engine import isolation
from notekeeper.engine.faults import Code, FaultError
from notekeeper.engine.frames import Frame, FrameError, read_frame, write_frame
from notekeeper.engine.messages import Answer, Cancel, Failed, Load, Request, parse_request
from notekeeper.engine.work import Part, Work
from notekeeper.errors import EngineMissingError, ModelRefusedError


class Worker:
    """Reads requests and answers them with the part that `make` gives at the first "load". Owns both pipes."""

    def __init__(self, make: Callable[[], Part], incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._make = make
        self._part: Part | None = None
        self._incoming = incoming
        self._outgoing = outgoing
        self._lock = threading.Lock()
        self._stopped: set[int] = set()
        self._waiting: queue.SimpleQueue[Request] = queue.SimpleQueue()

    def run(self) -> None:
        """Serve until the input is closed; ends the process then."""
        threading.Thread(target=self._read, daemon=True).start()
        while True:
            request = self._waiting.get()
            answer, payload = self._serve(request, Work(request.request, self._send, self._stopped))
            self._send(answer, payload)
            self._stopped.discard(request.request)

    def _serve(self, request: Request, work: Work) -> tuple[Answer, bytes | None]:
        try:
            work.check()
            if isinstance(request, Load):
                return self._load(request, work), None
            if self._part is None:
                raise FaultError(Code.PROTOCOL)
            return self._part.answer(request, work)
        except FaultError as fault:
            code, detail = fault.code, fault.detail
        except ModelRefusedError:
            code, detail = Code.REFUSED, ""
        except EngineMissingError:
            code, detail = Code.WEIGHTS_MISSING, ""
        except MemoryError:
            code, detail = Code.MEMORY, ""
        except Exception:  # noqa: BLE001  whatever a library raises becomes a code; its text stays here
            code, detail = Code.LOADING if isinstance(request, Load) else Code.FAILED, ""
        return Failed(request=request.request, code=code, detail=detail), None

    def _load(self, request: Load, work: Work) -> Answer:
        began = time.perf_counter()
        try:
            part = self._make()
        except Exception:  # noqa: BLE001  a library that cannot be imported raises what it likes
            raise FaultError(Code.PACKAGE_BROKEN) from None
        loaded = part.load(request, work)
        self._part = part
        return loaded.model_copy(update={"load_s": time.perf_counter() - began})

    def _read(self) -> None:
        try:
            while (frame := read_frame(self._incoming)) is not None:
                request = parse_request(frame.header)
                if isinstance(request, Cancel):
                    self._stopped.add(request.request)
                else:
                    self._waiting.put(request)
        except (FrameError, OSError):
            pass
        finally:
            os._exit(0)

    def _send(self, answer: Answer, payload: bytes | None) -> None:
        frame = Frame(answer.header(), () if payload is None else (payload,))
        with self._lock:
            try:
                write_frame(self._outgoing, frame)
            except OSError:
                os._exit(0)


def main(which: str, folders: list[str]) -> None:
    """Give up the screen, the network and all files but those under `folders`, then serve requests for the part."""
    incoming, outgoing = isolation.take_pipes()
    given = isolation.deny_outside(map(Path, folders))
    if which == "probe":
        from notekeeper.engine.probe import answer

        answer(given, incoming, outgoing)
        return
    Worker(_encoder if which == "encoder" else _wording, incoming, outgoing).run()


def _encoder() -> Part:
    from notekeeper.engine.encoder import EncoderPart

    return EncoderPart()


def _wording() -> Part:
    from notekeeper.engine.wording import WordingPart

    return WordingPart()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
