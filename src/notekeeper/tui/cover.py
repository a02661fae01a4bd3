"""What is shown in the place of the notes while a lock is due and something typed cannot be kept yet.

What always holds: nothing of a note is on the screen; there is no way back to it but by locking.
"""

from typing import Any

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from notekeeper.tui.base import plain

_SAID = (
    "Locking is due and waits, because not everything you typed is kept yet.\n\n{trouble}\n\n"
    "Your notes are hidden. As soon as everything is kept, the vault locks by itself, and you unlock it as ever. "
    "F12 or Ctrl+L locks now; what was not kept is lost then."
)


class Cover(Screen[None]):
    """Covers every other screen. `trouble` is a sentence that says why something cannot be kept."""

    DEFAULT_CSS = """
    Cover { align: center middle; background: $background; }
    Cover #cover { width: 72; max-width: 96%; height: auto; border: round $error; padding: 1 2; }
    """

    def __init__(self, trouble: str) -> None:
        super().__init__()
        self._trouble = trouble

    def compose(self) -> ComposeResult:
        yield Static(self._words(), id="cover", markup=False)

    def say(self, trouble: str) -> None:
        """Say what stands in the way now."""
        if trouble != self._trouble:
            self._trouble = trouble
            self.query_one("#cover", Static).update(self._words())

    def _words(self) -> Any:
        return plain(_SAID.format(trouble=self._trouble))
