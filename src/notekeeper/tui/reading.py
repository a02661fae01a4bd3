"""The app of a supervisor: reports without a vault.

What always holds: everything that guards the therapist's app guards this one, the blank screen and the silence after a
crash among it; comments are kept before it ends; with a sealed report open it closes by itself when nobody is there.
"""

import time

from notekeeper.config import default_vault
from notekeeper.services.shelf import Shelf
from notekeeper.tui.access import access_to
from notekeeper.tui.app import NotekeeperApp
from notekeeper.tui.base import Page
from notekeeper.tui.screens.browse_list import ShelfPage
from notekeeper.tui.watchdog import AtLast

_LOOK_S = 2.0


class ReadingApp(NotekeeperApp):
    """The browser over `shelf`. No vault is opened, whatever lies in its place."""

    TITLE = "notekeeper, reading"

    def __init__(self, shelf: Shelf, *, at_last: AtLast | None = None, idle_s: float | None = None) -> None:
        super().__init__(access_to(default_vault()), at_last=at_last, idle_s=idle_s)
        self.shelf = shelf

    def first(self) -> Page:
        return ShelfPage(self.shelf, leaves=True)

    def on_mount(self) -> None:
        self.set_interval(min(_LOOK_S, self.idle_s / 2), self._look_for_somebody)

    def _look_for_somebody(self) -> None:
        """End as by a lock when a sealed report is open and nobody has been there for as long as the settings say."""
        sealed = any(reading.secret is not None for reading in self.shelf.readings)
        if sealed and time.monotonic() - self.locking.last_touch[0] >= self.idle_s:
            self.locking.lock_due()
