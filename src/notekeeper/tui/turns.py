"""Keys and pastes one after another: each has done all that it does before the next is looked at.

A key is given to the field that has the focus; Tab, Enter, Backspace or a page's own key goes from there up to the
app before anything comes of it, and a field that takes the focus then does so in one more step. A key that comes within
those milliseconds, from a fast typist or a paste that the terminal does not mark as one, would still go to the old
field. What always holds here: keys are taken in the order in which they came; none is dropped while the app runs; one
that takes longer than a moment lets the next ones through rather than holding them for good.
"""

import time
from collections import deque
from typing import Any

from textual import events
from textual.app import App, ScreenStackError
from textual.dom import DOMNode

_MOMENT_S = 1.0
_LEAST, _MOST = 2, 8
"""How often the way from the focused field to the app is gone: once for the key, once for what followed from it; and
while the focus or the screen is still changing, not for ever."""


class Turns:
    """Whose turn it is. The app asks `take` of every key and calls `given` when it has passed the key on."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[events.Event] = deque()
        self._next: events.Event | None = None
        self._busy = False
        self._since = 0.0
        self._turn = 0

    def take(self, event: events.Event) -> bool:
        """Whether it is this key's turn. If not, it waits here and is posted to the app again when it is."""
        if not self._app.screen_stack:  # the app is ending
            return False
        if event is self._next:
            self._next = None
            return True
        if self._busy and time.monotonic() - self._since > _MOMENT_S:
            self._waiting.append(event)
            self._end()
            return False
        if self._busy:
            self._waiting.append(event)
            return False
        self._begin()
        return True

    def given(self) -> None:
        """The key is on its way: follow it until nothing comes of it any more."""
        self._round(self._turn, 1)

    def _begin(self) -> None:
        self._busy, self._since = True, time.monotonic()
        self._turn += 1

    def _end(self) -> None:
        self._busy = False
        if self._waiting and self._next is None:
            self._begin()
            self._next = self._waiting.popleft()
            self._app.post_message(self._next)

    def _where(self) -> DOMNode:
        """Where a key would go now."""
        try:
            return self._app.focused or self._app.screen
        except ScreenStackError:  # the app is ending
            return self._app

    def _round(self, turn: int, number: int) -> None:
        start = self._where()
        self._hop(turn, number, [*start.ancestors_with_self], start)

    def _hop(self, turn: int, number: int, ways: list[DOMNode], start: DOMNode) -> None:
        """Wait until the first of these has seen all that it was sent so far; then the one above it."""
        if turn != self._turn:
            return
        while ways:
            node = ways.pop(0)
            if node.call_later(self._hop, turn, number, ways, start):
                return
        if number < _LEAST or (self._where() is not start and number < _MOST):
            self._round(turn, number + 1)
        else:
            self._end()
