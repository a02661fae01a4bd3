"""The note beside a review, in which the therapist can mark the sentences that a theme of theirs rests on.

What always holds: nothing is marked until it is asked for; the sentence at hand bears a sign in the margin, a marked
one the bar; what is marked is told by numbers and kept by whoever asked.
"""

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from notekeeper.domain.text import Sentence
from notekeeper.tui.evidence import NoteBeside, Pieces, cuts

HERE = "▸"


class NoteToMark(NoteBeside):
    """The note; while `marking`, the keys go from sentence to sentence and mark."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "step(1)", "Next sentence", show=False, id="mark.down"),
        Binding("up,k", "step(-1)", "Sentence before", show=False, id="mark.up"),
        Binding("space", "mark", "Mark", id="mark.mark", tooltip="Mark this sentence, or take its mark away"),
        Binding("enter", "keep", "Keep", id="mark.keep"),
    ]

    class Kept(Message):
        """Enter: the marks are to be kept as they stand."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(text, id=id)
        self._sentences: list[Sentence] = []
        self._at = 0
        self._marked: set[int] = set()
        self._before: set[int] = set()
        self.marking = False

    @property
    def marked(self) -> tuple[int, ...]:
        """The numbers of the marked sentences."""
        return tuple(sorted(self._marked))

    @property
    def changed(self) -> bool:
        """Whether the marks are others than at the beginning, or than were kept last."""
        return self._marked != self._before

    def kept(self) -> None:
        """The marks are kept as they stand."""
        self._before = set(self._marked)

    def begin(self, sentences: list[Sentence], marked: tuple[int, ...]) -> None:
        """Let the sentences be marked, of which there is at least one; starts at the first that is."""
        self._sentences, self._marked, self._before = sentences, set(marked), set(marked)
        self._at = min(marked, default=1) - 1
        self.marking = True
        self._show_marks()

    def end(self) -> None:
        """Only show from now on."""
        self.marking = False
        self.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Marking has its keys while it lasts; else they are the page's."""
        if action in ("step", "mark", "keep"):
            return self.marking
        return super().check_action(action, parameters)

    def action_step(self, by: int) -> None:
        self._at = max(0, min(len(self._sentences) - 1, self._at + by))
        self._show_marks()

    def action_mark(self) -> None:
        self._marked ^= {self._sentences[self._at].number}
        self._show_marks()

    def action_keep(self) -> None:
        self.post_message(self.Kept())

    def on_click(self, event: events.Click) -> None:
        """A click marks the sentence that it is on."""
        offset = event.get_content_offset(self)
        if not self.marking or offset is None:
            return
        place = self.place_at(offset.x, offset.y)
        found = next((i for i, s in enumerate(self._sentences) if s.start <= place < s.end), None)
        if found is not None:
            self._at = found
            self.action_mark()

    def _show_marks(self) -> None:
        self._lit = tuple((s.start, s.end) for s in self._sentences if s.number in self._marked)
        self._bring()
        self.refresh()

    def _here(self) -> Pieces:
        if not self.marking:
            return ()
        sentence = self._sentences[self._at]
        return ((sentence.start, sentence.end),)

    def _looked_at(self) -> list[int]:
        return self._rows_of(self._here()) or super()._looked_at()

    def _margin(self, place: int) -> str:
        before, row, here = self._rows[max(0, place - 1)], self._rows[place], self._here()
        first = cuts(row, here) and (place == 0 or not cuts(before, here))
        return f"{super()._margin(place)[0]}{HERE if first else ' '}"

    def _drawn(self) -> Pieces:
        return (*super()._drawn(), *self._here())

    def _style_at(self, place: int) -> Style:
        style = super()._style_at(place)
        return style + Style(underline=True) if any(a <= place < b for a, b in self._here()) else style
