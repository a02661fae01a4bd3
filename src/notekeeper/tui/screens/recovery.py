"""The recovery key, shown once and typed back before the vault is used.

What always holds: the key is on the screen only until it is to be typed, and is kept nowhere; when a vault is made it
is closed while this page is shown, and only what was typed opens it.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from notekeeper.errors import NotekeeperError
from notekeeper.tui.base import plain
from notekeeper.tui.screens.opening import OpeningPage

_ROW = 3
_EXPLAINED = (
    "If the passphrase is ever forgotten, this key is the only other way into your notes; without both they are lost "
    "for good. Write it on paper now and keep the paper where your other important papers are, not beside this "
    "computer: whoever has the key and the computer can read everything. It is shown this once and stored nowhere."
)


class PaperPage(OpeningPage):
    """Shows a key to be written down, and has it typed back: `typed_back` is given what was typed."""

    EXPLAINED: ClassVar[str] = _EXPLAINED
    AUTO_FOCUS = ""  # the field takes the keys only once it is shown
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "written", "I have written it down", id="recovery.written"),
        Binding("escape", "back", "Show the key again", id="page.back"),
    ]
    DEFAULT_CSS = """
    PaperPage #recovery-key { width: auto; border: round $primary; padding: 0 3; margin: 0 0 1 0; text-style: bold; }
    PaperPage #recovery-typed, PaperPage #recovery-hint { display: none; }
    PaperPage.typing #recovery-typed, PaperPage.typing #recovery-hint { display: block; }
    PaperPage.typing #recovery-key, PaperPage.typing #recovery-next { display: none; }
    """

    def __init__(self, recovery_key: str) -> None:
        super().__init__()
        self._key = recovery_key

    def body(self) -> ComposeResult:
        groups = self._key.split("-")
        rows = [" – ".join(groups[at : at + _ROW]) for at in range(0, len(groups), _ROW)]
        with VerticalScroll(can_focus=False):
            yield Static(plain(self.EXPLAINED), classes="text", markup=False)
            yield Static(plain("\n".join(rows)), id="recovery-key", markup=False)
            yield Static(plain("Enter, once it is on paper. You then type it back."), id="recovery-next", markup=False)
            yield Input(id="recovery-typed", placeholder="Type the key from your paper, then Enter")
            yield Static(
                plain("Esc shows the key again. Dashes and capitals do not matter."),
                id="recovery-hint",
                classes="hint",
                markup=False,
            )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        typing = self.has_class("typing")
        if action in ("written", "back"):
            return typing is (action == "back")
        return super().check_action(action, parameters)

    def action_written(self) -> None:
        self._show(typing=True)
        self.query_one(Input).focus()

    def action_back(self) -> None:
        self._show(typing=False)

    def _show(self, *, typing: bool) -> None:
        self.set_class(typing, "typing")
        self.tell("")
        self.refresh_bindings()
        if not typing:
            self.set_focus(None)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        self.typed_back(event.value)

    def typed_back(self, typed: str) -> None:
        """What follows when this was typed from the paper."""
        raise NotImplementedError


class RecoveryPage(PaperPage):
    TITLE = "Your recovery key"
    HELP = (
        "Write the key down, then press Enter and type it back from the paper. Capitals or not, with dashes or "
        "without, O for 0 and I for 1 are all understood. Esc shows the key again. The vault opens with what you "
        "typed, so you know that the paper works."
    )

    def typed_back(self, typed: str) -> None:
        """Open the vault by it."""
        access = self.keeper.access
        try:
            vault = access.unlock_with_recovery_key(access.folder, typed)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.keeper.entered(vault)
