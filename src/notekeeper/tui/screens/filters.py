"""The rows of filters on the search page: days and a theme are typed, the rest is turned with space or the arrows.

What always holds: a filter that says nothing leaves nothing out; what is typed here is kept nowhere.
"""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from notekeeper.domain.finding import Filters
from notekeeper.domain.note import NoteKind, NotePart
from notekeeper.services.caseload import kind_words
from notekeeper.services.finding import read_filter_day
from notekeeper.tui.base import plain

_KINDS: tuple[NoteKind | None, ...] = (None, *NoteKind)
_SIGNED: tuple[tuple[bool | None, str], ...] = ((None, "or not"), (True, "only signed"), (False, "not signed"))
_PARTS: tuple[tuple[NotePart | None, str], ...] = (
    (None, "all"),
    (NotePart.RECORD, "the record"),
    (NotePart.PROCESS, "process notes"),
)


class Turn(Widget, can_focus=True):
    """One of a few words after a name, on one line; space or right takes the next, left the one before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,right", "turn(1)", "Change", key_display="space", id="turn.next"),
        Binding("left", "turn(-1)", "Change back", show=False, id="turn.back"),
    ]
    DEFAULT_CSS = """
    Turn { height: 1; width: 1fr; }
    Turn:focus { text-style: reverse; }
    """

    class Turned(Message):
        """Another word was taken."""

    at: reactive[int] = reactive(0)

    def __init__(self, name: str, words: Iterable[str], *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._label, self._words = name, tuple(words)

    def render(self) -> Content:
        return plain(f"{'▸' if self.has_focus else ' '}{self._label}: {self._words[self.at]}")

    def action_turn(self, by: int) -> None:
        self.at = (self.at + by) % len(self._words)
        self.post_message(self.Turned())

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.action_turn(1)


class FilterRows(Vertical):
    """All filters, in two rows."""

    DEFAULT_CSS = """
    FilterRows { height: 4; }
    FilterRows Horizontal { height: 3; }
    FilterRows #filter-turns { height: 1; }
    FilterRows Input {
        margin: 0; padding: 0 1; height: 3; width: 16; border: round $foreground 40%;
        border-title-color: $foreground; background: $background;
    }
    FilterRows Input:focus { border: round $primary; }
    FilterRows #filter-theme { width: 1fr; }
    FilterRows #filter-kind { width: 34; }
    FilterRows #filter-signed { width: 23; }
    """

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield _field("from", "From day", 10)
            yield _field("to", "To day", 10)
            yield _field("theme", "Signed theme: code or word of its label", 80)
        with Horizontal(id="filter-turns"):
            yield Turn("Kind", ["any", *(kind_words(kind) for kind in NoteKind)], id="filter-kind")
            yield Turn("Signed", [words for _, words in _SIGNED], id="filter-signed")
            yield Turn("In", [words for _, words in _PARTS], id="filter-part")

    @property
    def filters(self) -> Filters:
        """What is chosen now. Raises `UsageError` for a day that cannot be read."""
        return Filters(
            start=read_filter_day(self._typed("from")),
            end=read_filter_day(self._typed("to")),
            kind=_KINDS[self._turned("kind")],
            signed=_SIGNED[self._turned("signed")][0],
            theme=self._typed("theme").strip(),
            part=_PARTS[self._turned("part")][0],
        )

    def clear(self) -> None:
        """Leave nothing out."""
        for field in self.query(Input):
            field.value = ""
        for turn in self.query(Turn):
            turn.at = 0

    def _typed(self, name: str) -> str:
        return self.query_one(f"#filter-{name}", Input).value

    def _turned(self, name: str) -> int:
        return self.query_one(f"#filter-{name}", Turn).at


def _field(name: str, title: str, most: int) -> Input:
    field = Input(max_length=most, id=f"filter-{name}", placeholder="YYYY-MM-DD" if most == 10 else "")
    field.border_title = title
    return field
