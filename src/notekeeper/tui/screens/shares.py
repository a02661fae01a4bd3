"""Opening a vault by shares of its recovery, for the day on which passphrase and recovery key are lost.

What always holds: shares are on the screen only while they are typed, and are kept nowhere; a new passphrase is chosen
before the vault opens; until then nothing is changed.
"""

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, Static

from notekeeper.errors import NotekeeperError
from notekeeper.tui.base import plain
from notekeeper.tui.newpass import NewPassphrase
from notekeeper.tui.screens.opening import OpeningPage, VaultOpened
from notekeeper.tui.screens.unlock import UnlockPage

_EXPLAINED = (
    "Each share is 23 words on a paper of its own. Type one and press Enter, then the next, in any order; capitals do "
    "not matter. Each must be from the same set."
)
_ENOUGH = "That is enough. Choose a new passphrase, which opens the vault from now on. The shares stay as they are."


class SharesPage(OpeningPage):
    TITLE = "Open by shares"
    HELP = (
        "For the day on which passphrase and recovery key are both lost. People you trust hold shares of the recovery, "
        "23 words each; as many as were laid down when they were made open the vault together. You choose a new "
        "passphrase then. Nothing is changed before that, and nothing that you type here is kept."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "show", "Show or hide", tooltip="Show or hide what is typed", id="shares.show"),
        Binding("f5", "again", "Begin again", tooltip="Forget the shares typed so far", id="shares.again"),
    ]
    DEFAULT_CSS = """
    SharesPage #shares-new { display: none; height: auto; }
    SharesPage.enough #shares-new { display: block; }
    SharesPage.enough #shares-typing { display: none; }
    SharesPage #shares-typing { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shares: list[str] = []

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            with Vertical(id="shares-typing"):
                yield Static(plain(_EXPLAINED), classes="text", markup=False)
                yield Static(plain("Share 1"), id="shares-label", classes="label", markup=False)
                yield Input(id="shares-typed", select_on_focus=False, placeholder="23 words, then Enter")
            with Vertical(id="shares-new"):
                yield Static(plain(_ENOUGH), classes="text", markup=False)
                yield NewPassphrase("New passphrase")

    def action_back(self) -> None:
        self.app.switch_screen(UnlockPage())

    def action_show(self) -> None:
        for field in self.query(Input):
            field.password = not field.password

    def action_again(self) -> None:
        self._shares.clear()
        self._show_next("")

    @on(Input.Submitted, "#shares-typed")
    def _typed(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            self.tell("Nothing is typed yet.", trouble=True)
            return
        try:
            missing = self.keeper.access.shares_missing([*self._shares, event.value])
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._shares.append(event.value)
        taken = f"Share {len(self._shares)} is well formed ✓"
        more = f"{missing} more {'is' if missing == 1 else 'are'} needed."
        self._show_next("" if missing == 0 else f"{taken} {more}", enough=missing == 0)

    def _show_next(self, said: str, *, enough: bool = False) -> None:
        self.tell(said)
        self.set_class(enough, "enough")
        field = self.query_one("#shares-typed", Input)
        field.value = ""
        self.query_one("#shares-label", Static).update(plain(f"Share {len(self._shares) + 1}"))
        (self.query_one("#create-passphrase") if enough else field).focus()

    @on(NewPassphrase.Unfit)
    def _unfit(self, message: NewPassphrase.Unfit) -> None:
        self.tell(f"{message.sentence} Nothing was changed yet.", trouble=True)

    @on(NewPassphrase.Given)
    def _given(self, message: NewPassphrase.Given) -> None:
        if not self.must_wait():
            self.attempt(
                "Setting the new passphrase and opening the vault. This takes a moment on purpose.",
                partial(self._reset, tuple(self._shares), message.passphrase),
            )

    def _reset(self, shares: tuple[str, ...], passphrase: str) -> VaultOpened:
        access = self.keeper.access
        access.by_shares(access.folder, shares, passphrase)
        return VaultOpened(access.unlock(access.folder, passphrase))
