"""The system's clipboard, for a therapist who asked for it in the settings.

What always holds: what was put there is written over after `KEPT_S` seconds and when the app ends; nothing is ever
read from it. A program that keeps a history of the clipboard, as some desktops do, may keep a copy all the same.
"""

import base64
from collections.abc import Callable
from typing import Protocol

KEPT_S = 30.0
_SET = "\x1b]52;c;{}\x07"
_CLEAR = _SET.format(base64.b64encode(b" ").decode()) + _SET.format("!")
"""A space goes over it, which every terminal that can set the clipboard does; then what is no base64, which by xterm's
description of its control sequences leaves the clipboard empty."""


class Timer(Protocol):
    def stop(self) -> None: ...


class SystemClipboard:
    """Sets the clipboard by the terminal's own sequence, OSC 52. `later` calls something after so many seconds."""

    def __init__(self, write: Callable[[str], object], later: Callable[[float, Callable[[], None]], Timer]) -> None:
        self._write, self._later = write, later
        self._timer: Timer | None = None

    def put(self, text: str) -> None:
        """Put the text there, for `KEPT_S` seconds from now."""
        self._stop()
        self._write(_SET.format(base64.b64encode(text.encode("utf-8", "replace")).decode()))
        self._timer = self._later(KEPT_S, self.clear)

    def clear(self) -> None:
        """Write over what was put there and is there still; nothing if that has been done."""
        if self._stop():
            self._write(_CLEAR)

    def _stop(self) -> bool:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.stop()
        return timer is not None
