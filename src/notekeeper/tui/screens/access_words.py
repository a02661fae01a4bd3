"""Marking words for an access request that stand outside the newest texts of the notes: addenda, earlier texts, the
front sheet and everything else that is held.

What always holds: only words that stand in the file are taken; what is typed here stands there already, so it is kept
nowhere.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from notekeeper.domain.note import Client
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.services import access as requests
from notekeeper.services import passages
from notekeeper.services.caseload import own_day
from notekeeper.services.file_export import build_file
from notekeeper.tui.base import Box, Telling, plain
from notekeeper.tui.widgets import ShortText

MOST_WORDS = 20_000


class WordsBox(Box[requests.Where]):
    """Asks for words of the file, and answers with where they lie."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+s", "take", "Take", id="access.take_words", key_display="F5"),
    ]
    CSS = """
    WordsBox .box { padding: 0 1; }
    WordsBox ShortText { height: 8; }
    """

    def __init__(self, vault: Vault, client: Client) -> None:
        super().__init__()
        self._vault, self._client = vault, client

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            said = "Words to withhold wherever they stand: in addenda, earlier texts, the front sheet, anywhere."
            yield Static(plain(said), classes="label", markup=False)
            yield ShortText(most=MOST_WORDS, title="The words; capitals, accents and line breaks do not matter")
            yield Telling()
            yield Static(plain("F5 goes on to the test and the reason · Esc goes back"), classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(ShortText).focus()

    def action_take(self) -> None:
        """Look for the words, and answer with them."""
        try:
            where = passages.anywhere(build_file(self._vault, self._client, own_day()), self.query_one(ShortText).text)
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return
        self.dismiss(where)
