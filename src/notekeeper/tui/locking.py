"""When the app locks, and how: by a key, by itself, when the computer slept, when it is asked to stop or to end.

What always holds: what is typed is kept before anything is closed; the engine ends first, and a process that takes
longer over closing than `watchdog.ALLOWED_S` is ended as it is; a lock that is due while something cannot be kept
covers the screen and waits; the panic key waits for nothing.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events

from notekeeper.errors import NotekeeperError
from notekeeper.tui.access import Ending
from notekeeper.tui.base import Box, Page
from notekeeper.tui.cover import Cover
from notekeeper.tui.hangup import Signals
from notekeeper.tui.wake import Wake
from notekeeper.tui.watchdog import Watchdog

if TYPE_CHECKING:
    from notekeeper.tui.app import NotekeeperApp

LOOK_S = 1.0
PANIC_KEY = "ctrl+l"
BLANK = "\x1b[H\x1b[2J\x1b[3J"
_SECOND_THOUGHT_S = 60.0
_TOUCHES = (
    events.Key,
    events.Paste,
    events.MouseDown,
    events.MouseScrollUp,
    events.MouseScrollDown,
    events.MouseScrollLeft,
    events.MouseScrollRight,
)


class Locking:
    """One for each app. `wake` looks at the clocks. `dark`: nothing is drawn any more."""

    def __init__(self, app: "NotekeeperApp", watchdog: Watchdog, wake: Wake) -> None:
        self._app, self._watchdog, self.wake = app, watchdog, wake
        self._signals = Signals(self._soon, end=self.hang_up, lock=self.lock_now_due)
        self._told_until = 0.0
        self.dark = False
        self.touched()

    def listen(self) -> None:
        """Look at the clocks from now on, and hear the system's requests."""
        self._app.set_interval(min(LOOK_S, self._app.idle_s / 2), self.look)
        self._signals.listen()

    def stop(self) -> None:
        """Hear the system no more."""
        self._signals.stop()

    def touched(self) -> None:
        """A key or click came."""
        # Both clocks: the one stands still while a laptop sleeps, the other can be put back.
        self.last_touch = time.monotonic(), time.time()

    def touched_by(self, event: events.Event) -> bool:
        """Note that somebody is there, if this event says so. False when the app must lock and not act on it."""
        if isinstance(event, events.Key) and event.key == PANIC_KEY:
            self.at_once()
            return False
        if not isinstance(event, _TOUCHES):
            return True
        if self.dark or self.look():  # the first key after a laptop's sleep comes before the clocks are looked at
            return False
        if self._covered() is None:
            self.touched()
        return True

    def look(self) -> bool:
        """Whether it has become time to lock; then the app does."""
        if self._covered() is not None:
            self.lock_due()
        elif self._woke() or self._idle():
            self.lock_due()
            return True
        return False

    def may_draw(self) -> bool:
        """Whether what the app has to show may go to the terminal: nothing of before a sleep does after it."""
        if not self.dark and self._woke():
            self._app.call_later(self.lock_now_due)
        return not self.dark

    def _woke(self) -> bool:
        if self.wake.slept() and not self.dark:
            self._blank()
            return True
        return False

    def _idle(self) -> bool:
        monotonic, wall = self.last_touch
        untouched = max(time.monotonic() - monotonic, time.time() - wall)
        return self._app.vault is not None and untouched >= self._app.idle_s

    def lock_now_due(self) -> None:
        """Lock, the screen blank from this moment on."""
        self._blank()
        self.lock_due()

    def lock_due(self) -> None:
        """Lock; while something cannot be kept, cover the screen, say so, and try again at every look."""
        trouble = self.keep_everything()
        cover = self._covered()
        if not trouble:
            self.end(Ending.LOCKED)
        elif cover is not None:
            cover.say(trouble)
        else:
            self.dark = False
            self._app.push_screen(Cover(trouble))

    def _covered(self) -> Cover | None:
        return next((screen for screen in self._app.screen_stack if isinstance(screen, Cover)), None)

    def ask(self, ending: Ending) -> None:
        """End by a key: at once when everything is kept, else after saying so and hearing the key again."""
        trouble = self.keep_everything()
        if trouble and not self._covered() and time.monotonic() > self._told_until:
            self._told_until = time.monotonic() + _SECOND_THOUGHT_S
            self._tell(f"Still open, because not everything is kept yet. {trouble} The same key again closes.")
            return
        self.end(ending)

    def hear_panic(self) -> None:
        """The panic key was pressed: blank the screen and give closing its time. Safe in any thread."""
        self._watchdog.start(Ending.LOCKED)
        self._blank()

    def at_once(self) -> None:
        """Blank the screen and lock; what can be kept is, and nothing is asked or waited for."""
        self.hear_panic()
        self._app.end_engine()
        self.keep_everything()
        self.end(Ending.LOCKED)

    def hang_up(self) -> None:
        """The terminal is gone, or the system asked the app to end."""
        self.keep_everything()
        self.end(Ending.HUNG_UP)

    def end(self, ending: Ending) -> None:
        """End the app. Whoever calls has kept what could be kept."""
        self._watchdog.start(ending)
        self._blank()
        self._app.end_engine()
        self._app.forget_clipboard()
        self._app.exit(ending)

    def keep_everything(self) -> str:
        """Let every open page and box put what is typed into the vault; the first sentence of trouble, else ""."""
        troubles = []
        for screen in reversed(self._app.screen_stack):
            if isinstance(screen, Page | Box):
                try:
                    screen.keep()
                except NotekeeperError as error:
                    troubles.append(str(error))
        self._look_at_the_files()
        return troubles[0] if troubles else ""

    def _look_at_the_files(self) -> None:
        """Let the vault find out now, while there is time to make a copy, whether its files were taken away."""
        if self._app.vault is not None:
            with suppress(NotekeeperError), self._app.vault.transaction():
                pass

    def _blank(self) -> None:
        self.dark = True
        driver = self._app.driver
        if driver is not None:
            with suppress(Exception):  # a terminal that is gone has nothing left to blank
                driver.write(BLANK)
                driver.flush()

    def _tell(self, sentence: str) -> None:
        for screen in reversed(self._app.screen_stack):
            if isinstance(screen, Page):
                screen.tell(sentence, trouble=True)

    def _soon(self, call: Callable[[], None]) -> None:
        """Call something in the app's loop; safe in a signal handler."""
        self._app.from_signal(call)
