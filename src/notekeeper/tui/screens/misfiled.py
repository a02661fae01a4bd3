"""A box for a note that was filed under the wrong client: what a move does and does not reach, then the move.

What always holds: nothing is moved before the right client's code and the note's own reference are typed; the box says
first which files were written outside this vault's reach.
"""

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from notekeeper.domain.note import Client, Note
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.services.misfiled import before_moving, move_note
from notekeeper.tui.base import Box, Telling, plain


class MoveBox(Box[tuple[Client, Note]]):
    """Answers with the right client and the new note, or None."""

    CSS = """
    MoveBox .box { padding: 0 1; }
    MoveBox Input { margin: 0; }
    MoveBox Telling { padding: 0; }
    """

    def __init__(self, vault: Vault, client: Client, note: Note) -> None:
        super().__init__()
        self._vault, self._client, self._note = vault, client, note

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            name = f"{self._client.code}/{self._note.number}"
            yield Static(plain(f"Filed under the wrong client: move note {name}"), classes="label", markup=False)
            yield Static(id="move-says", markup=False)
            code = Input(max_length=24, id="move-code")
            code.border_title = "The right client's code"
            yield code
            again = Input(max_length=40, id="move-again")
            again.border_title = f"To move this note, type {name}"
            yield again
            yield Telling()
            yield Static(plain("Enter goes on · Esc goes back, and nothing is moved"), classes="hint", markup=False)

    def on_mount(self) -> None:
        try:
            said = before_moving(self._vault, self._note).sentences()
        except NotekeeperError as error:
            self._tell(str(error))
            return
        self.query_one("#move-says", Static).update(plain("\n".join(f"· {sentence}" for sentence in said)))
        self.query_one("#move-code").focus()

    def _tell(self, text: str) -> None:
        self.query_one(Telling).tell(text, trouble=True)

    @on(Input.Submitted, "#move-code")
    def _to_the_reference(self) -> None:
        self.query_one("#move-again").focus()

    @on(Input.Submitted, "#move-again")
    def _move(self, event: Input.Submitted) -> None:
        name = f"{self._client.code}/{self._note.number}"
        if event.value.strip().casefold() != name.casefold():
            self._tell(f"Type {name} to move it. Nothing was moved.")
            return
        try:
            moved = move_note(self._vault, self._note, self.query_one("#move-code", Input).value)
        except NotekeeperError as error:
            self._tell(str(error))
            return
        self.dismiss(moved)
