"""Search in the notes, inside the vault: words in, notes out.

What always holds: whatever is typed is a search for its words; nothing of it is kept.
"""

import textwrap
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from notekeeper.domain.note import Client, NotePart
from notekeeper.domain.vault import SearchHit
from notekeeper.errors import NotekeeperError
from notekeeper.services.caseload import kind_words
from notekeeper.tui.base import Page, plain
from notekeeper.tui.screens.places import place_of
from notekeeper.tui.table import BESIDE_THE_WORDS, Lines

MOST = 50
_IN = " " * 4


class SearchPage(Page):
    TITLE = "Search"
    HELP = (
        "Type words and press Enter: notes whose newest saved text, or an addendum beneath them, holds every one of "
        "them are listed, newest first, the words between « and ». Case and accents do not matter; whole words are "
        "looked for. Enter on a note opens it. What you search for is not kept anywhere."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f,slash", "again", "Other words", key_display="f", id="search.again"),
        Binding("down", "results", "Results", show=False, id="search.results"),
    ]
    DEFAULT_CSS = """
    SearchPage #search-words { margin: 0; border: round $foreground 60%; background: $background; }
    SearchPage #search-words:focus { border: round $primary; }
    SearchPage #search-results { height: 1fr; border: none; background: $background; }
    """

    def __init__(self, client: Client | None = None) -> None:
        super().__init__()
        self._client = client
        self._hits: list[SearchHit] = []

    def body(self) -> ComposeResult:
        yield Input(placeholder="Words, then Enter", id="search-words")
        yield Lines(id="search-results", markup=False)

    def on_mount(self) -> None:
        self.banner(f"Search in the file of {self._client.code}" if self._client else "Search in all notes")
        self.query_one(Input).focus()

    def on_screen_resume(self) -> None:
        if self.query_one(Input).value:
            self._look()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._look()
        if self._hits:
            self.query_one(Lines).focus()

    def _look(self) -> None:
        words, shown = self.query_one(Input).value, self.query_one(Lines)
        at = shown.highlighted or 0
        try:
            hits = self.vault.search(words, self._client.id if self._client else None, MOST + 1)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._hits = hits[:MOST]
        self._fill(shown, at)
        if len(hits) > MOST:
            self.tell(f"The newest {MOST} notes are shown; there are more. Add a word to narrow the search.")
        elif hits:
            self.tell(f"{len(hits)} found. Enter opens a note, f looks for other words.")
        else:
            self.tell("No saved note holds all of these words. Whole words are looked for; try fewer, or another form.")

    def _fill(self, shown: Lines, at: int) -> None:
        shown.clear_options()
        shown.add_options([Option(plain(self._line(hit))) for hit in self._hits])
        shown.highlighted = min(at, len(self._hits) - 1) if self._hits else None

    def on_resize(self) -> None:
        """Break the lines anew for the width there is."""
        if self._hits:
            shown = self.query_one(Lines)
            self._fill(shown, shown.highlighted or 0)

    def action_again(self) -> None:
        self.query_one(Input).focus()

    def action_results(self) -> None:
        if self._hits:
            self.query_one(Lines).focus()

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        hit = self._hits[event.option_index]
        try:
            client = self.vault.clients.by_code(hit.client_code)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.app.push_screen(place_of(client, hit.note))

    def _line(self, hit: SearchHit) -> str:
        """Where a note stands, and what was found in it, beneath."""
        found = " ".join(hit.snippet.split())
        width = max(20, self.size.width - BESIDE_THE_WORDS)
        return f"{_where(hit)}\n{textwrap.fill(found, width, initial_indent=_IN, subsequent_indent=_IN)}"


def _where(hit: SearchHit) -> str:
    part = ", addendum" if hit.addendum else ", process notes" if hit.part is NotePart.PROCESS else ""
    signed = "✓ signed" if hit.note.signed else "○ not signed"
    note = f"{hit.client_code}/{hit.note.number}  {hit.note.date.isoformat()}"
    return f"{note}  {kind_words(hit.note.kind)}{part}  {signed}"
