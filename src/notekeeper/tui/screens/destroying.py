"""Destroying a client's file, in two deliberate steps: a reason, then the client's code typed again.

What always holds: what goes and what lies outside is said first; nothing goes by one key; a file on legal hold stays;
afterwards the page shows the certificate, and leads away from the file that is gone.
"""

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from notekeeper.domain.destruction import DestructionReason
from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError
from notekeeper.services.caseload import own_day
from notekeeper.services.destroying import REASONS, Certificate, destroy, what_will_go
from notekeeper.tui.base import Page, plain
from notekeeper.tui.stopping import stop_draft_of
from notekeeper.tui.widgets import PickOne

_REASONS = tuple(DestructionReason)


class DestroyPage(Page):
    TITLE = "Destroy this file"
    HELP = (
        "Destroys everything held on this client, for good. First read what goes, what lies outside the vault, and "
        "which backups still hold the client. Choose a reason. For a certificate in two files, .txt and .json, type "
        "where; nothing that is there is written over. F8 asks for the client's code, and Enter behind it destroys. "
        "Esc goes back at any moment before, and nothing has happened."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f8", "second_step", "Go on", id="destroy.second_step"),
    ]
    DEFAULT_CSS = """
    DestroyPage Input { margin: 0; }
    DestroyPage .text { margin: 0 0 1 0; }
    DestroyPage #destroy-code { display: none; border: heavy $error; }
    DestroyPage.second #destroy-code { display: block; }
    DestroyPage.done PickOne, DestroyPage.done Input, DestroyPage.done #destroy-code { display: none; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self._done: Certificate | None = None

    def body(self) -> ComposeResult:
        with VerticalScroll(id="destroy-all"):
            yield Static("", id="destroy-says", classes="text", markup=False)
            yield PickOne([REASONS[reason].capitalize() for reason in _REASONS], title="Because", id="destroy-reason")
            place = Input(placeholder="empty: shown here alone", id="destroy-place")
            place.border_title = "Write the certificate to new files of this name"
            yield place
            code = Input(id="destroy-code")
            code.border_title = "To destroy this file, type the client's code and press Enter"
            yield code

    def on_mount(self) -> None:
        self.banner(f"{self._client.code} · destroy this file")
        try:
            _, sentences = what_will_go(self.vault, self._client)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.query_one("#destroy-says", Static).update(plain("\n".join(sentences)))
        self.query_one("#destroy-reason").focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "second_step":
            return self._done is None
        return super().check_action(action, parameters)

    def action_second_step(self) -> None:
        """Ask for the client's code, once a reason is chosen."""
        if self.query_one(PickOne).chosen is None:
            self.tell("Choose a reason first, by its number. Nothing was destroyed.", trouble=True)
            return
        self.add_class("second")
        code = self.query_one("#destroy-code", Input)
        code.focus()
        code.scroll_visible(animate=False)
        self.tell("Type the client's code and press Enter: then everything held on the client is gone. Esc goes back.")

    @on(Input.Submitted, "#destroy-place")
    def _placed(self) -> None:
        self.action_second_step()

    @on(Input.Submitted, "#destroy-code")
    def _destroy(self, event: Input.Submitted) -> None:
        chosen, typed = self.query_one(PickOne).chosen, self.query_one("#destroy-place", Input).value.strip()
        if chosen is None or self._done is not None:
            return
        try:
            going = [standing.note.id for standing in self.vault.standings(self._client.id)]
            self._done = destroy(
                self.vault,
                self._client,
                event.value,
                _REASONS[chosen],
                today=own_day(),
                place=Path(typed).expanduser() if typed else None,
            )
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        stop_draft_of(self.keeper.room, going)
        self._show(self._done)

    def _show(self, done: Certificate) -> None:
        self.add_class("done")
        self.banner("Destroyed")
        self.query_one("#destroy-says", Static).update(plain(done.text))
        every = self.query_one("#destroy-all", VerticalScroll)
        every.focus()
        every.scroll_home(animate=False)
        self.refresh_bindings()
        if done.trouble:
            self.tell(done.trouble, trouble=True)
        elif done.paths:
            self.tell(f"Destroyed. The certificate lies at {done.paths[0]} and beside it as .json. Esc leaves.")
        else:
            self.tell(
                "Destroyed. The certificate is shown here alone; the register keeps all but the code. Esc leaves."
            )

    def action_back(self) -> None:
        if self._done is None:
            self.dismiss()
            return
        from notekeeper.tui.screens.client import ClientPage
        from notekeeper.tui.screens.menu import ClientMenu

        # Every page of the file that is gone goes with it; the first page of the app, beneath Textual's own, stays.
        while isinstance(self.app.screen, DestroyPage | ClientMenu | ClientPage) and len(self.app.screen_stack) > 2:
            self.app.pop_screen()
