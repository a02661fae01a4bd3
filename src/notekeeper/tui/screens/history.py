"""The log for people: of one client's file, or of the whole vault, newest first.

What always holds: nothing is changed here; an entry says what happened, when and in whose file, and no word of a note.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError
from notekeeper.services.log_words import ACCESS, LogLine, log_lines
from notekeeper.tui.base import Page
from notekeeper.tui.table import Table

SHOWN = 300
"""Entries added to the list at once."""
_PLACE = 10


class _Entries(Table):
    """A table that is only read: Enter opens nothing, so it is not named."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Open", show=False, id="history.enter"),
    ]


class HistoryPage(Page):
    TITLE = "Log"
    HELP = (
        "Every change, decision, signature, report, opening and search, newest first, with its number in the log and "
        "this computer's time. a leaves out what was opened and searched for, or brings it back; o adds older entries. "
        "In the whole vault's log the eight words of the line below stand for the key that signs, to be compared with "
        "those on paper. Wrong tries stand just before the unlock that followed them, with that unlock's time. Nothing "
        "here can be changed: each entry is chained to the one before it, and `notekeeper verify` names one that was "
        "altered."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "access", "Openings", id="history.access", tooltip="With or without openings and searches"),
        Binding("o", "older", "Older", id="history.older", tooltip="Show older entries"),
    ]
    DEFAULT_CSS = """
    HistoryPage #history { height: 1fr; }
    """

    def __init__(self, client: Client | None = None) -> None:
        super().__init__()
        self._client, self._access, self._most = client, True, SHOWN
        self._lines: list[LogLine] = []

    def body(self) -> ComposeResult:
        yield _Entries("Entry", "When", "Note" if self._client else "Of", "What happened", id="history")

    def on_mount(self) -> None:
        self.banner(f"Log · {self._client.code}" if self._client else "Log")
        try:
            self._lines = log_lines(self.vault, self._client)[::-1]
            words = () if self._client else self.vault.signatures.words()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._show()
        if words:  # eight of at most eight letters fit beside this
            self.tell(f"Key: {' '.join(words)}")
        self.query_one(Table).focus()

    def _show(self) -> None:
        found = [line for line in self._lines if self._access or line.event not in ACCESS]
        table = self.query_one(Table)
        at = table.cursor_row
        table.clear()
        for line in found[: self._most]:
            of = line.of.partition("/")[2] if self._client else line.of
            short = of if len(of) <= _PLACE else f"{of[: _PLACE - 1]}…"
            table.add(f"{line.number}", f"{line.at.astimezone():%Y-%m-%d %H:%M}", short or "-", line.words)
        table.move_cursor(row=min(at, max(table.row_count - 1, 0)), animate=False)
        shown = min(len(found), self._most)
        without = "" if self._access else ", without openings and searches"
        more = ", o shows older ones" if shown < len(found) else ""
        self.tell(f"{shown} of {len(found)} entries{without}{more}.")

    def action_access(self) -> None:
        """Leave out what was opened and searched for, or bring it back."""
        self._access = not self._access
        self._show()

    def action_older(self) -> None:
        """Add the next older entries to the list."""
        self._most += SHOWN
        self._show()
