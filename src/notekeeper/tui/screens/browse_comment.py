"""The box for comments on one item of a report.

What always holds: what is typed is on disk after a pause and when the box closes; a comment whose words are all
deleted is taken away; the box does not close over words that could not be taken.
"""

from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Checkbox, Input, Static, TextArea

from notekeeper.domain.comments import MAX_COMMENT, SupervisorComment
from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.reports.entries import Entry
from notekeeper.services.commenting import CommentsDesk
from notekeeper.tui.base import Box, Telling, plain
from notekeeper.tui.screens.browse_shared import cut
from notekeeper.tui.widgets import ShortText, Tick

_SETTLE_S = 0.3


class CommentBox(Box[None]):
    """The comments on `entry`, one at a time: the last of them, or with `agreed` a new agreed action."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f7", "another", "Another comment", id="comment.another"),
        Binding("f6", "turn", "Next comment", id="comment.turn"),
    ]
    CSS = """
    CommentBox .box { padding: 0 1; }
    CommentBox ShortText { height: 8; }
    CommentBox Horizontal { height: 3; }
    CommentBox Tick, CommentBox Tick:focus { border: none; padding: 0; width: 24; margin: 1 0; background: $surface; }
    CommentBox Tick:focus { text-style: reverse; }
    CommentBox Input { width: 1fr; margin: 0; }
    CommentBox Telling { padding: 0; }
    """

    def __init__(self, desk: CommentsDesk, entry: Entry, *, agreed: bool = False) -> None:
        super().__init__()
        self._desk, self._entry = desk, entry
        there = desk.on(entry.ref)
        self._at: int | None = None if agreed or not there else there[-1][0]
        self._agreed = agreed
        self._settling: Timer | None = None
        self._filled = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(id="comment-on", classes="label", markup=False)
            yield ShortText(most=MAX_COMMENT, title="Your comment", id="comment-text")
            with Horizontal():
                yield Tick("Agreed action", id="comment-action")
                until = Input(placeholder="YYYY-MM-DD", max_length=10, id="comment-until", select_on_focus=False)
                until.border_title = "Until, if a day was agreed"
                yield until
            yield Telling()
            yield Static(
                plain("Kept as you type · F7 another comment · F6 the next one · Esc closes"),
                classes="hint",
                markup=False,
            )

    def on_mount(self) -> None:
        self._fill()

    def _fill(self) -> None:
        found = self._kept
        self._filled = False
        text = self.query_one(ShortText)
        text.text = found.text if found else ""
        text.to_the_end()
        self.query_one(Checkbox).value = found.action if found else self._agreed
        self.query_one("#comment-until", Input).value = str(found.until or "") if found else ""
        self._head()
        self._filled = True
        text.focus()

    @property
    def _kept(self) -> SupervisorComment | None:
        return None if self._at is None else self._desk.comments.comments[self._at]

    def _head(self) -> None:
        places = [place for place, _ in self._desk.on(self._entry.ref)]
        number = places.index(self._at) + 1 if self._at in places else len(places) + 1
        count = max(number, len(places))
        item = f"{self._entry.section}: {self._entry.label}" if self._entry.section else self._entry.label
        self.query_one("#comment-on", Static).update(plain(cut(f"Comment {number} of {count} on {item}", 66)))

    @on(TextArea.Changed)
    @on(Checkbox.Changed)
    @on(Input.Changed)
    def _changed(self) -> None:
        if not self._filled:
            return
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(_SETTLE_S, self._settle)

    def _settle(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self._tell(str(error), trouble=True)
        else:
            self._tell(self._desk.said or (f"Kept in {self._desk.path}." if self._desk.path else ""))
            self._head()

    def keep(self) -> None:
        """What is typed, on disk. Raises `UsageError` for a day that is none, when the words are kept all the same."""
        if not self._filled:
            return
        text, action = self.query_one(ShortText).text, self.query_one(Checkbox).value
        until, wrong = _day(self.query_one("#comment-until", Input).value)
        self._at = self._desk.note(self._entry.ref, text, action=action, until=until, at=self._at)
        self._desk.keep()
        if wrong:
            raise UsageError("Until when: a date is written YYYY-MM-DD, like 2026-05-14. Your words are kept.")

    def _tell(self, text: str, *, trouble: bool = False) -> None:
        self.query_one(Telling).tell(text, trouble=trouble)

    def _kept_for_now(self) -> bool:
        try:
            self.keep()
        except NotekeeperError as error:
            self._tell(str(error), trouble=True)
            return False
        return True

    def action_another(self) -> None:
        """Begin a further comment on this item."""
        if self._kept_for_now():
            self._at, self._agreed = None, False
            self._fill()

    def action_turn(self) -> None:
        """To the next comment on this item, in a round."""
        if not self._kept_for_now():
            return
        places = [place for place, _ in self._desk.on(self._entry.ref)]
        if not places:
            self._tell("There is no comment on this item yet.")
            return
        self._at = next((place for place in places if self._at is not None and place > self._at), places[0])
        self._fill()

    def action_leave(self) -> None:
        if self._settling is not None:
            self._settling.stop()
        if self._kept_for_now():
            self.dismiss(None)


def _day(raw: str) -> tuple[date | None, bool]:
    """The day typed, and whether something was typed that is none."""
    try:
        return (date.fromisoformat(raw.strip()) if raw.strip() else None), False
    except ValueError:
        return None, True
