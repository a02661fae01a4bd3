"""Widgets of the writing screens: the note's text, a short text with a bound, one choice among a few.

What always holds: what is typed stays as typed, and what a terminal would obey is only ever shown as a stand-in of
the same length; a key costs nothing that grows with the note beyond what Textual's own text area does; nothing is
chosen until the therapist chooses it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from rich.containers import Lines
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.document._edit import Edit  # Textual gives the type no public home
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Checkbox, TextArea
from textual.widgets.text_area import EditResult, Location

from notekeeper.domain.text import visible
from notekeeper.tui import inert
from notekeeper.tui.base import Page, plain

STAND_IN = inert.STAND_IN
MOST_PASTED = 400_000
"""Characters that may be pasted into a note at once: as many as can be drafted. Ten million on one line took eleven
seconds to be shown on an idle machine, and every key after them five; this many take less than one."""
_OUR_KEYS = ("f6", "f7")


class NoteText(TextArea, inherit_bindings=False):
    """The text of a note. F6 and F7, which a text area takes for selecting, are left to the screen."""

    most: int | None = None
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in TextArea.BINDINGS if isinstance(binding, Binding) and binding.key not in _OUR_KEYS
    ]
    DEFAULT_CSS = """
    NoteText, NoteText:focus { border: none; padding: 0; background: $background; }
    """

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(text, id=id, classes=classes, soft_wrap=True, highlight_cursor_line=False)

    def get_line(self, line_index: int) -> Text:
        """A line as it may be shown: one character for one, so that the cursor stands where the text does."""
        line = self.document.get_line(line_index)
        return _LongLine(line if line.isprintable() else "".join(map(_shown, line)), end="", no_wrap=True)

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """No search: for a bracket that is never closed it would read the whole note at every key."""
        del bracket, search_from
        return None

    async def _on_paste(self, event: events.Paste) -> None:
        """Nothing of a paste that the app could not be worked with afterwards; else as Textual does."""
        if self.most is None and len(event.text) > MOST_PASTED:
            event.prevent_default()
            event.stop()
            if isinstance(self.screen, Page):
                self.screen.tell(
                    f"That text has {len(event.text):,} characters, and at most {MOST_PASTED:,} can be pasted at once. "
                    "Nothing was pasted. `notekeeper note add` takes a longer one from a file.",
                    trouble=True,
                )

    def to_the_end(self) -> None:
        """Put the cursor behind the last character."""
        self.move_cursor(self.document.end)


class ShortText(NoteText):
    """A text of a few lines and at most `most` characters; what is beyond cannot be typed or pasted. Its border bears
    the `title`."""

    DEFAULT_CSS = """
    ShortText { border: round $foreground 50%; border-title-color: $foreground; height: 5; padding: 0 1; }
    ShortText:focus { border: heavy $accent; padding: 0 1; }
    ShortText:disabled { border: dashed $foreground 50%; border-title-color: $text-muted; }
    """

    def __init__(self, text: str = "", *, most: int, title: str, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(text, id=id)
        self.most: int = most
        self.border_title = title

    def edit(self, edit: Edit) -> EditResult:
        """Textual's, with as much of the text as there is room for."""
        taken = len(self.get_text_range(edit.top, edit.bottom))
        edit.text = edit.text[: max(0, self.most - (len(self.text) - taken))]
        return super().edit(edit)


class Tick(Checkbox):
    """A box that is ticked or empty; Textual's own tells the two by colour alone."""

    def render(self) -> Content:
        return plain(f"[{'✓' if self.value else ' '}] {self.label}")


class PickOne(Widget, can_focus=True):
    """A few options of which one is chosen, by its number, by arrows and space, or by a click.

    `chosen` is None until then. With `follow` the arrows choose as they go; without, moving chooses nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("space", "pick_here", "Choose", show=False),
        *(Binding(str(n), f"pick({n - 1})", show=False) for n in range(1, 10)),
    ]
    DEFAULT_CSS = """
    PickOne { height: auto; width: 1fr; border: round $foreground 50%; border-title-color: $foreground; padding: 0 1; }
    PickOne:focus { border: heavy $accent; }
    """

    @dataclass
    class Picked(Message):
        """One option was chosen."""

        picker: "PickOne"
        index: int

    chosen: reactive[int | None] = reactive(None)
    place: reactive[int] = reactive(0)

    def __init__(
        self,
        options: Sequence[str],
        chosen: int | None = None,
        *,
        title: str,
        follow: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self.options, self._follow, self.border_title = tuple(options), follow, title
        self.set_reactive(PickOne.chosen, chosen)
        self.set_reactive(PickOne.place, chosen or 0)

    def render(self) -> Content:
        rows = []
        for index, option in enumerate(self.options):
            here = "▸" if index == self.place and self.has_focus else " "
            rows.append(f"{here}{'●' if index == self.chosen else '○'} {index + 1} {option}")
        return plain("\n".join(rows))

    def get_content_height(self, *_: object) -> int:
        return len(self.options)

    def action_move(self, by: int) -> None:
        self.place = max(0, min(len(self.options) - 1, self.place + by))
        if self._follow:
            self.chosen = self.place

    def action_pick_here(self) -> None:
        self.action_pick(self.place)

    def action_pick(self, index: int) -> None:
        if index < len(self.options):
            self.place = self.chosen = index
            self.post_message(self.Picked(self, index))

    def on_click(self, event: events.Click) -> None:
        row = event.get_content_offset(self)
        if row is not None:
            self.action_pick(row.y)


class _LongLine(Text):
    """A line that is cut where it wraps only for the row asked for: a note may be one paragraph of 5,000 words, and
    the text area cuts the whole of it anew for every row it shows."""

    def divide(self, offsets: object) -> Lines:
        return _Rows(self, cast("list[int]", offsets))


class _Rows(Lines):
    """The first row asked for is the one to be shown; of those asked for after it only the tabs are counted."""

    def __init__(self, line: Text, offsets: Sequence[int]) -> None:
        super().__init__()
        self._line, self._bounds = line, [0, *offsets, len(line)]
        self._tabs = "\t" in line.plain
        self._given = False

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __getitem__(self, index: int) -> Text:  # type: ignore[override]  # rows are asked for one by one
        if self._given and not self._tabs:
            return _NO_TABS
        self._given = True
        start, end = self._bounds[index], self._bounds[index + 1]
        row = Text(self._line.plain[start:end], style=self._line.style, end="")
        for span in self._line.spans:
            row.stylize(span.style, max(0, span.start - start), max(0, span.end - start))
        return row


_NO_TABS = Text()


def _shown(character: str) -> str:
    return character if character == "\t" or visible(character) == character else STAND_IN
