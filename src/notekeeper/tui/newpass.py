"""Two fields for a new passphrase, typed twice, with its strength as it is typed.

What always holds: what is given on is strong enough and was typed twice alike; the strength is worked out in a thread;
nothing of what is typed is shown unless asked for.
"""

from dataclasses import dataclass
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from notekeeper.services.strength import strength
from notekeeper.tui.base import plain


class NewPassphrase(Vertical):
    """The fields. Enter in the first goes to the second; Enter in the second posts what came of it."""

    DEFAULT_CSS = """
    NewPassphrase { height: auto; }
    NewPassphrase Input { max-width: 76; margin: 0; }
    NewPassphrase .label { margin: 1 0 0 0; }
    """

    @dataclass
    class Given(Message):
        """A passphrase that is strong enough was typed twice alike."""

        passphrase: str

    @dataclass
    class Unfit(Message):
        """What was typed cannot be taken; `sentence` says why."""

        sentence: str

    @dataclass
    class _Rated(Message):
        passphrase: str
        words: str

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        yield Static(plain(self._title), classes="label", markup=False)
        yield Input(password=True, select_on_focus=False, id="create-passphrase")
        yield Static(plain(strength("").words), id="create-strength", markup=False)
        yield Static(plain("The same again"), classes="label", markup=False)
        yield Input(password=True, select_on_focus=False, id="create-again")

    @on(Input.Changed, "#create-passphrase")
    def _rate(self, event: Input.Changed) -> None:
        self.run_worker(partial(self._in_thread, event.value), thread=True, exclusive=True, group="strength")

    def _in_thread(self, passphrase: str) -> None:
        self.post_message(self._Rated(passphrase, strength(passphrase).words))

    @on(_Rated)
    def _show_strength(self, message: _Rated) -> None:
        if message.passphrase == self.query_one("#create-passphrase", Input).value:
            self.query_one("#create-strength", Static).update(plain(message.words))

    @on(Input.Submitted)
    def _look(self, event: Input.Submitted) -> None:
        event.stop()
        first, again = self.query_one("#create-passphrase", Input), self.query_one("#create-again", Input)
        if event.input is first and not again.value:
            again.focus()
        elif not (rated := strength(first.value)).enough:
            *_, said = rated.words.split(maxsplit=2)  # the words beside the bars
            self.post_message(self.Unfit(f"Not strong enough: {said}."))
            first.focus()
        elif first.value != again.value:
            self.post_message(self.Unfit("The two are not the same. F3 shows what is typed."))
            again.focus()
        else:
            self.post_message(self.Given(first.value))
