"""The revisions of a note, and what changed from each to the next.

What always holds: nothing is changed here; what is new or gone carries a mark as well as a colour; a text of any length
is shown in bounded time, and what is left out is counted.
"""

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.note import Client, Note, NotePart
from notekeeper.domain.text import visible
from notekeeper.errors import NotekeeperError
from notekeeper.services.revisions import (
    ChangeKind,
    RevisionRow,
    ShownLine,
    compare,
    revision_rows,
    shown_lines,
    two_revisions,
)
from notekeeper.tui.base import Page, plain
from notekeeper.tui.table import Lines

_MOST_LINES = 2000
_STYLES = {ChangeKind.SAME: "", ChangeKind.GONE: "bold $text-error", ChangeKind.NEW: "bold $text-success"}
_AROUND = {ChangeKind.SAME: ("", ""), ChangeKind.GONE: ("[−", "−]"), ChangeKind.NEW: ("{+", "+}")}


class RevisionsPage(Page):
    """The revisions of one part of a note."""

    TITLE = "Revisions"
    HELP = (
        "Every finished save of this text, the newest first. The one under the cursor is shown with what changed since "
        "the one before it: + a new line, − one that is gone, ± one in which [−words went−] and {+others came+}. Lines "
        "that are the same are counted. Enter goes to the text, Tab there and back. Nothing can be changed here."
    )
    DEFAULT_CSS = """
    RevisionsPage #revisions-list { height: auto; max-height: 7; border: none; background: $background; padding: 0; }
    RevisionsPage #revisions-text { height: 1fr; border-top: solid $primary; }
    RevisionsPage #revisions-text:focus { background: $boost; }
    RevisionsPage #revisions-changes { height: auto; width: 1fr; }
    """

    def __init__(self, client: Client, note: Note, part: NotePart = NotePart.RECORD) -> None:
        super().__init__()
        self._client, self._note, self._part = client, note, part
        self._rows: list[RevisionRow] = []

    def body(self) -> ComposeResult:
        yield Lines(id="revisions-list", markup=False)
        with VerticalScroll(id="revisions-text", can_focus=True):
            yield Static(id="revisions-changes", markup=False)

    def on_mount(self) -> None:
        apart = " · PROCESS NOTES" if self._part is NotePart.PROCESS else ""
        self.banner(f"{self._client.code}/{self._note.number} · revisions{apart}")
        try:
            self._rows = list(reversed(revision_rows(self.vault, self._note, self._part)))
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        lines = self.query_one(Lines)
        lines.add_options(Option(plain(_row(row))) for row in self._rows)
        lines.focus()
        if self._rows:
            lines.highlighted = 0
        else:
            self.tell("Nothing of this text was saved yet. F5 in the note saves it.")

    @on(OptionList.OptionHighlighted)
    def _show(self, event: OptionList.OptionHighlighted) -> None:
        number = self._rows[event.option_index].number
        try:
            shown = self._difference(number)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.query_one("#revisions-changes", Static).update(shown)
        self.query_one("#revisions-text").scroll_home(animate=False)

    @on(OptionList.OptionSelected)
    def _to_the_text(self) -> None:
        self.query_one("#revisions-text").focus()

    def _difference(self, number: int) -> Content:
        if number == 1:
            self.tell("The first save: all of it is new.")
            text = self.vault.notes.revisions(self._note.id, self._part)[0].text
            lines = shown_lines(compare("", text))
        else:
            before, after = two_revisions(self.vault, self._note, self._part, number - 1, number)
            lines = shown_lines(compare(before.text, after.text))
            self.tell(f"What changed from revision {number - 1} to {number}.")
        more = len(lines) - _MOST_LINES
        told = [plain(f"… and {more} line(s) more; `notekeeper note diff` shows them all")] if more > 0 else []
        return Content("\n").join([*map(_shown, lines[:_MOST_LINES]), *told])


def _row(row: RevisionRow) -> str:
    return f"Revision {row.number}  {row.saved_at.astimezone():%d %b %Y, %H:%M}  {row.words:,} words"


def _shown(line: ShownLine) -> Content:
    """One line with its mark; within a changed line the pieces are marked and coloured."""
    if line.mark == "…":
        return plain(f"… {line.text}").stylize("dim")
    pieces = [Content(f"{line.mark} ")]
    for piece in line.pieces:
        left, right = _AROUND[piece.kind] if line.mark == "±" else ("", "")
        pieces.append(Content.styled(f"{left}{visible(piece.text)}{right}", _STYLES[piece.kind]))
    return Content.assemble(*pieces)
