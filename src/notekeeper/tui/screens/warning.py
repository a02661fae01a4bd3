"""What is wrong with the vault as a whole or the place it lies in, and what the therapist says to it.

What always holds: nothing is accepted by leaving the box; what is accepted is written into the log.
"""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button, Static

from notekeeper.tui.base import Box, plain

HIDE, ACCEPT = "hide", "accept"
_ACCEPTED = "Only if you put the older copy there yourself, or know what changed it: y goes on with it as it stands."


class WarningBox(Box[str]):
    """The sentences, with what can be done. Answers HIDE, ACCEPT where `alarm` says that there is something to accept,
    or None."""

    DEFAULT_CSS = """
    WarningBox .buttons { height: auto; margin: 1 0 0 0; }
    WarningBox Button { margin: 0 1 0 0; }
    WarningBox .said { margin: 1 0 0 0; }
    """
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("h", "answer('hide')", "Hide until the next unlock", id="warning.hide"),
        Binding("y", "answer('accept')", "Go on with this vault", id="warning.accept"),
    ]

    def __init__(self, said: Sequence[str], *, alarm: bool) -> None:
        super().__init__()
        self._said, self._alarm = said, alarm

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            yield Static(plain("Before you go on"), classes="label", markup=False)
            for sentence in self._said:
                yield Static(plain(f"! {sentence}"), classes="said", markup=False)
            if self._alarm:
                yield Static(plain(_ACCEPTED), classes="said", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Hide it now (h)", id="warning-hide", variant="primary")
                if self._alarm:
                    yield Button("Go on with it (y)", id="warning-accept")
                yield Button("Back (Esc)", id="warning-back")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return (self._alarm or parameters != (ACCEPT,)) and super().check_action(action, parameters)

    def action_answer(self, answer: str) -> None:
        self.dismiss(answer)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss({"warning-hide": HIDE, "warning-accept": ACCEPT}.get(event.button.id or ""))
