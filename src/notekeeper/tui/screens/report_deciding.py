"""Boxes of the rehearsal: the words of a decision, and the passphrase that a bundle is sealed with.

What always holds: words that are typed and not used yet are kept in the client's file and are there again; a passphrase
is kept nowhere.
"""

import json
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from notekeeper.domain.entry import DECIDING
from notekeeper.domain.identifiers import MAX_IDENTIFIER, Treatment
from notekeeper.domain.note import Client
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.services.identifiers import decide
from notekeeper.tui.base import Box, Telling, plain
from notekeeper.tui.newpass import NewPassphrase

_MOST_REASON = 1000
_ASKED = {
    Treatment.REPLACE: ("Replace", "What stands there instead; empty: [name], [place] or the like"),
    Treatment.GENERALISE: ("Say more generally", "More general words for it"),
    Treatment.KEEP: ("Keep", "Why it stays; this stays in your file"),
}


class DecideBox(Box[bool]):
    """One decision on what was found, in `client`'s file. Answers True once it is made."""

    CSS = """
    DecideBox .box { padding: 0 1; }
    DecideBox Input { margin: 0; }
    DecideBox #deciding-about { height: auto; max-height: 8; }
    """

    def __init__(self, vault: Vault, client: Client, found: str, treatment: Treatment, words: str = "") -> None:
        super().__init__()
        self._vault, self._client, self._found, self._treatment = vault, client, found, treatment
        self._kept = words

    def compose(self) -> ComposeResult:
        done, asked = _ASKED[self._treatment]
        with Vertical(classes="box"):
            yield Static(plain(f"{done}: {self._found}"), id="deciding-about", classes="label", markup=False)
            most = _MOST_REASON if self._treatment is Treatment.KEEP else MAX_IDENTIFIER
            words = Input(self._kept, max_length=most, select_on_focus=False, id="deciding-words")
            words.border_title = asked
            yield words
            yield Telling()
            yield Static(
                plain(f"Enter decides, for {self._client.code} from here on · Esc goes back"),
                classes="hint",
                markup=False,
            )

    def on_mount(self) -> None:
        words = self.query_one(Input)
        if not words.value:
            words.value = self._typed_before()
        words.focus()

    def _typed_before(self) -> str:
        kept = self._vault.jottings.of(self._client.id + DECIDING)
        about, words = json.loads(kept) if kept else (None, "")
        return str(words) if about == [self._found, self._treatment.value] else ""

    def keep(self) -> None:
        """What is typed, beside what it is about."""
        typed = self.query_one(Input).value
        if typed != self._kept:
            self._kept = typed
            kept = json.dumps([[self._found, self._treatment.value], typed]) if typed else ""
            self._vault.jottings.keep(self._client.id + DECIDING, self._client.id, kept)

    def action_leave(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return
        self.dismiss(None)

    @on(Input.Submitted)
    def _decide(self) -> None:
        words = self.query_one(Input).value
        given = {"reason": words} if self._treatment is Treatment.KEEP else {"instead": words}
        try:
            with self._vault.transaction():
                decide(self._vault, self._client, self._found, self._treatment, **given)
                self._vault.jottings.keep(self._client.id + DECIDING, self._client.id, "")
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return
        self._kept = words
        self.dismiss(True)


class SealBox(Box[str]):
    """Asks for the passphrase of a bundle, twice. Answers with it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "show", "Show", id="sealing.show")]
    CSS = """
    SealBox .box { padding: 0 1; }
    """

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield NewPassphrase("Passphrase for the sealed bundle")
            yield Telling()
            yield Static(
                plain("Enter seals and writes · F3 shows what is typed · Esc goes back. Give it by telephone."),
                classes="hint",
                markup=False,
            )

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def action_show(self) -> None:
        for each in self.query(Input):
            each.password = not each.password

    @on(NewPassphrase.Unfit)
    def _unfit(self, message: NewPassphrase.Unfit) -> None:
        self.query_one(Telling).tell(message.sentence, trouble=True)

    @on(NewPassphrase.Given)
    def _given(self, message: NewPassphrase.Given) -> None:
        self.dismiss(message.passphrase)
