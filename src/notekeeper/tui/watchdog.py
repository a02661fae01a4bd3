"""Ends the process when closing takes too long: after a lock no process holds the key for longer than a second.

What always holds: once started it cannot be put off by anything that the app, the engine or the disk does; what it
calls at last does not come back.
"""

import signal
import threading
from collections.abc import Callable

from notekeeper.tui.access import Ending

ALLOWED_S, END_S = 0.55, 0.75
"""Seconds for closing, and from its beginning until the system ends the process, whatever hinders the rest. They leave
a quarter of the second for a computer that is busy with a draft."""

AtLast = Callable[[Ending], object]


class Watchdog:
    """`at_last` ends the process, as this ending would; None where the app is not the whole process."""

    def __init__(self, at_last: AtLast | None, allowed_s: float = ALLOWED_S) -> None:
        self._at_last, self._allowed_s = at_last, allowed_s
        self._started = threading.Lock()

    def start(self, ending: Ending) -> None:
        """Give closing its time, from now. Safe in any thread; only the first call counts."""
        if self._at_last is not None and self._started.acquire(blocking=False):
            end_after(END_S)
            threading.Thread(target=self._wait, args=(self._at_last, ending), daemon=True).start()

    def _wait(self, at_last: AtLast, ending: Ending) -> None:
        threading.Event().wait(self._allowed_s)
        at_last(ending)


def end_after(seconds: float = 0.0) -> None:
    """Have the system end this process after so many seconds; 0 calls that off. It goes on through an exec."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)  # nobody handles its signal, so the system ends the process
