"""Search in the notes, inside the vault: words and filters in, notes out.

What always holds: whatever is typed is a search for its words; nothing of it is kept.
"""

import textwrap
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from notekeeper.domain.finding import Filters
from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.note import Client
from notekeeper.domain.vault import SearchHit
from notekeeper.errors import NotekeeperError
from notekeeper.services.caseload import kind_words, own_day
from notekeeper.services.finding import find, place_words
from notekeeper.services.follow_ups import follow_up_line
from notekeeper.tui.base import Page, plain
from notekeeper.tui.screens.filters import FilterRows, Turn
from notekeeper.tui.screens.places import place_of
from notekeeper.tui.table import BESIDE_THE_WORDS, Lines

MOST = 50
_IN = " " * 4


class SearchPage(Page):
    TITLE = "Search"
    HELP = (
        "Type words and press Enter: notes whose newest saved text, an addendum or a signed risk entry holds every one "
        "of them are listed, newest first, the words between « and »; then follow-ups. Case and accents do not matter; "
        "whole words are looked for. Tab goes to the filters, where space changes what stands there; with a filter and "
        "no words every note that it leaves is listed. F4 takes all filters away. Enter on a note opens it, on a "
        "follow-up its client's file. What you search for is not kept anywhere."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f,slash", "again", "Other words", key_display="f", id="search.again"),
        Binding("f4", "clear", "No filters", id="search.clear"),
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
        self._found: list[SearchHit | FollowUp] = []
        self._codes: dict[str, str] = {}

    def body(self) -> ComposeResult:
        yield Input(placeholder="Words, then Enter", id="search-words")
        yield FilterRows()
        yield Lines(id="search-results", markup=False)

    def on_mount(self) -> None:
        self.banner(f"Search in the file of {self._client.code}" if self._client else "Search in all notes")
        self.tell("Words, then Enter. Tab goes to the filters, where space changes one.")
        self._words.focus()

    @property
    def _words(self) -> Input:
        return self.query_one("#search-words", Input)

    def on_screen_resume(self) -> None:
        if self._words.value or self._found:
            self._look()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._look()
        if self._found:
            self.query_one(Lines).focus()

    @on(Turn.Turned)
    def _turned(self) -> None:
        self._look()

    def _look(self) -> None:
        words, shown = self._words.value, self.query_one(Lines)
        at = shown.highlighted or 0
        try:
            filters = self.query_one(FilterRows).filters
            found = find(self.vault, words, self._client, filters, MOST)
            self._codes = {each.id: each.code for each in self.vault.clients.all()}
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._found = [*found.hits, *found.follow_ups]
        self._fill(shown, at)
        if found.more:
            self.tell(
                f"The newest {MOST} notes are shown; there are more. Add a word or a filter to narrow the search."
            )
        elif self._found:
            self.tell(f"{len(self._found)} found. Enter opens a note, f looks for other words.")
        else:
            self.tell(_nothing(words, filters))

    def _fill(self, shown: Lines, at: int) -> None:
        shown.clear_options()
        shown.add_options([Option(plain(self._line(each))) for each in self._found])
        shown.highlighted = min(at, len(self._found) - 1) if self._found else None

    def on_resize(self) -> None:
        """Break the lines anew for the width there is."""
        if self._found:
            shown = self.query_one(Lines)
            self._fill(shown, shown.highlighted or 0)

    def action_again(self) -> None:
        self._words.focus()

    def action_clear(self) -> None:
        self.query_one(FilterRows).clear()
        self._words.focus()
        if self._words.value:
            self._look()
        else:
            self._found = []
            self._fill(self.query_one(Lines), 0)
            self.tell("Nothing is left out now.")

    def action_results(self) -> None:
        if self._found:
            self.query_one(Lines).focus()

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        found = self._found[event.option_index]
        try:
            if isinstance(found, FollowUp):
                from notekeeper.tui.screens.client import ClientPage

                self.app.push_screen(ClientPage(self.vault.clients.by_code(self._codes[found.client_id])))
            else:
                self.app.push_screen(place_of(self.vault.clients.by_code(found.client_code), found.note))
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)

    def _line(self, found: SearchHit | FollowUp) -> str:
        """Where a note stands, and what was found in it, beneath."""
        width = max(20, self.size.width - BESIDE_THE_WORDS)
        if isinstance(found, FollowUp):
            line = f"{self._codes[found.client_id]}/{follow_up_line(found, own_day())}"
            return textwrap.fill(line, width, subsequent_indent=_IN)
        snippet = " ".join(found.snippet.split())
        return f"{_where(found)}\n{textwrap.fill(snippet, width, initial_indent=_IN, subsequent_indent=_IN)}"


def _nothing(words: str, filters: Filters) -> str:
    if not words.strip():
        return "No note passes these filters. F4 takes them away." if filters else "Type words, or choose a filter."
    within = " within these filters (F4 takes them away)" if filters else ""
    return f"No saved note holds all of these words{within}. Whole words are looked for; try fewer, or another form."


def _where(hit: SearchHit) -> str:
    where = "" if place_words(hit) == "the record" else f", {place_words(hit).removeprefix('an ')}"
    signed = "✓ signed" if hit.note.signed else "○ not signed"
    note = f"{hit.client_code}/{hit.note.number}  {hit.note.date.isoformat()}"
    return f"{note}  {kind_words(hit.note.kind)}{where}  {signed}"
