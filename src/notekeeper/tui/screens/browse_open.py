"""Boxes that ask for what is to be opened: a file or folder, and the secret of a sealed bundle.

What always holds: a passphrase is shown only where that is asked for, and kept in memory alone.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from notekeeper.errors import NotekeeperError
from notekeeper.reports.envelope import Secret, read_identities
from notekeeper.services.browsing import Locked, Looked
from notekeeper.services.shelf import Shelf
from notekeeper.tui.base import Box, Telling, plain

_DRAWN_S = 0.15
"""Until the sentence that asks for patience stands on the screen: nothing is drawn while a passphrase is tried."""


class OpenBox(Box[Path]):
    """Asks for the path of a report, a bundle, or a folder of them."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(plain("Open a report"), classes="label", markup=False)
            field = Input(id="path", select_on_focus=False)
            field.border_title = "A .json file, a sealed bundle (.age), or a folder"
            yield field
            yield Telling()
            yield Static(plain("Enter opens · Esc goes back"), classes="hint", markup=False)

    @on(Input.Submitted)
    def _chosen(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        path = Path(typed).expanduser()
        if not typed or not path.exists():
            self.query_one(Telling).tell("There is no such file or folder.", trouble=True)
            return
        self.dismiss(path)


class SecretBox(Box[Sequence[Looked]]):
    """Asks for what opens `locked`, and answers with every bundle that it opened."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "show", "Show or hide", id="secret.show")]

    def __init__(self, shelf: Shelf, locked: Locked) -> None:
        super().__init__()
        self._shelf, self._locked = shelf, locked

    def compose(self) -> ComposeResult:
        by_words = self._locked.by_passphrase
        with Vertical(classes="box"):
            yield Static(plain(f"Sealed: {self._locked.path.name}"), classes="label", markup=False)
            field = Input(id="secret", password=by_words, select_on_focus=False)
            field.border_title = "Its passphrase" if by_words else "The file with your secret key of age"
            yield field
            yield Telling()
            show = "F3 shows what is typed · " if by_words else ""
            yield Static(plain(f"Enter opens · {show}Esc goes back"), classes="hint", markup=False)

    def action_show(self) -> None:
        """Show what is typed, or hide it."""
        if self._locked.by_passphrase:
            field = self.query_one(Input)
            field.password = not field.password

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        if event.value:
            self._tell("Opening. This takes a moment on purpose: it slows a guesser far more.")
            self.set_timer(_DRAWN_S, lambda: self._open(event.value))

    def _open(self, typed: str) -> None:
        try:
            if self._locked.by_passphrase:
                secret = Secret(passphrase=typed)
            else:
                secret = Secret(keys=read_identities(Path(typed.strip()).expanduser()))
            found = self._shelf.unlock(secret)
        except NotekeeperError as error:
            self._tell(str(error), trouble=True)
            return
        if found:
            self.dismiss(found)
        else:
            self._tell(
                "It does not open: this is another passphrase or key, or the file was changed on its way.", trouble=True
            )

    def _tell(self, text: str, *, trouble: bool = False) -> None:
        self.query_one(Telling).tell(text, trouble=trouble)
