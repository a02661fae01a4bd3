"""What happens when the terminal is closed under the app, or the system asks it to end, to stop or to go on.

What always holds: the app is asked to keep what is typed and to end; a process that cannot, because it waits for a
terminal that is gone, ends all the same; a process that holds a key is never stopped by a request to stop: it locks.
"""

import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import Any

_PATIENCE_S = 4
_ENDS, _STOPS = ("SIGHUP", "SIGTERM"), ("SIGTSTP", "SIGCONT")


class Signals:
    """Listens from `listen` to `stop`. `soon` is called in a signal handler, with what to call when it is safe: `end`,
    or `lock` where the process was asked to stop or had been stopped."""

    def __init__(
        self, soon: Callable[[Callable[[], None]], object], *, end: Callable[[], None], lock: Callable[[], None]
    ) -> None:
        self._soon, self._end, self._lock = soon, end, lock
        self._before: dict[signal.Signals, Any] = {}

    def listen(self) -> None:
        """Take the signals over. Without effect outside the main thread, and for those that the system lacks."""
        for names, heard in ((_ENDS, self._heard), (_STOPS, partial(self._ask, self._lock))):
            for name in names:
                with suppress(KeyError, ValueError, OSError):
                    number = signal.Signals[name]
                    self._before[number] = signal.signal(number, heard)

    def stop(self) -> None:
        """Give the signals back."""
        while self._before:
            number, handler = self._before.popitem()
            with suppress(ValueError, OSError, TypeError):
                signal.signal(number, handler)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        if hasattr(signal, "alarm"):
            signal.alarm(_PATIENCE_S)  # nobody handles it, so the system ends the process then
        self._ask(self._end)

    def _ask(self, call: Callable[[], None], *_: Any) -> None:
        with suppress(RuntimeError):  # the app's loop has ended already
            self._soon(call)
