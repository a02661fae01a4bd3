"""What a worker's parts have in common: a request being worked on, and the shape of a part.

What always holds: progress is told and a stop noticed through `Work` alone.
"""

from collections.abc import Callable, Set
from typing import Literal, Protocol

from notekeeper.engine.faults import Code, FaultError
from notekeeper.engine.messages import Advanced, Answer, Load, Loaded, Request

Send = Callable[[Answer, bytes | None], None]
Stage = Literal["loading", "reading", "prompt", "wording"]


class Work:
    """One request being worked on: where its progress goes and whether it was stopped."""

    def __init__(self, request: int, send: Send, stopped: Set[int]) -> None:
        self.request = request
        self._send = send
        self._stopped = stopped

    def stopped(self) -> bool:
        """Whether the therapist stopped this request."""
        return self.request in self._stopped

    def check(self) -> None:
        """Raises a cancelled `FaultError` when the request was stopped."""
        if self.stopped():
            raise FaultError(Code.CANCELLED)

    def advanced(self, stage: Stage, done: int, total: int) -> None:
        """Tell the app how far this request has come. Raises a cancelled `FaultError` when it was stopped."""
        self.check()
        self._send(Advanced(request=self.request, stage=stage, done=done, total=total), None)


class Part(Protocol):
    """What a worker holds: the encoder or the language model. Both methods raise `FaultError`."""

    def load(self, request: Load, work: Work) -> Loaded:
        """Check the files and load them; `load_s` is filled in by the worker."""
        ...

    def answer(self, request: Request, work: Work) -> tuple[Answer, bytes | None]:
        """Do one piece of work: the answer and its payload."""
        ...
