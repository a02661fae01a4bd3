"""What happens when the terminal is closed under the app, or the system asks it to end.

What always holds: the app is asked to keep what is typed and to end; a process that cannot, because it waits for a
terminal that is gone, ends all the same.
"""

import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

_PATIENCE_S = 4


class HangUp:
    """Listens from `listen` to `stop`. `soon` is called in a signal handler, with `end`, to call when it is safe."""

    def __init__(self, soon: Callable[[Callable[[], None]], object], end: Callable[[], None]) -> None:
        self._soon, self._end = soon, end
        self._before: dict[signal.Signals, Any] = {}

    def listen(self) -> None:
        """Take the signals over. Without effect outside the main thread, and for those that the system lacks."""
        for name in ("SIGHUP", "SIGTERM"):
            with suppress(KeyError, ValueError, OSError):
                number = signal.Signals[name]
                self._before[number] = signal.signal(number, self._heard)

    def stop(self) -> None:
        """Give the signals back."""
        while self._before:
            number, handler = self._before.popitem()
            with suppress(ValueError, OSError, TypeError):
                signal.signal(number, handler)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        if hasattr(signal, "alarm"):
            signal.alarm(_PATIENCE_S)  # nobody handles it, so the system ends the process then
        with suppress(RuntimeError):  # the app's loop has ended already
            self._soon(self._end)
