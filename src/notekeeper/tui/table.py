"""Lists and tables of plain words, in which nothing is ever read as markup."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import DataTable, OptionList

from notekeeper.domain.text import visible

BESIDE_THE_WORDS = 6
"""Columns beside a list's words: of the page's sides, the scroll bar and the list's own margin."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. Textual takes a `str` for markup and does not measure its own `Content` here; this it shows as is."""

    text: str

    def __str__(self) -> str:
        return visible(self.text)


class Table(DataTable[Cell]):
    """Rows to choose from; Enter opens one, and is named for the line of keys."""

    DEFAULT_CSS = "Table { scrollbar-size-vertical: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Open", id="table.open"),
        Binding("home", "scroll_top", "First", show=False, id="table.first"),
        Binding("end", "scroll_bottom", "Last", show=False, id="table.last"),
    ]

    def __init__(self, *headings: str, id: str, header_height: int = 1) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, cursor_type="row", header_height=header_height, zebra_stripes=True)
        for heading in headings:
            self.add_column(heading)

    def add(self, *cells: str, key: str | None = None) -> None:
        """A row of these words."""
        self.add_row(*map(Cell, cells), key=key)


class Lines(OptionList):
    """Lines to choose from, as `Table` is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Open", id="lines.open")]


class ReadLines(Lines):
    """Lines that are only read: Enter opens nothing, so it is not named."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Open", show=False, id="lines.read")]
