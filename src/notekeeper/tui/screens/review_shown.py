"""What a review shows, and moving about in it: the note, the items beside it, how far the decisions are.

What always holds: what is shown is read from the vault anew after every change; the sentences of the item at hand are
marked in the note; until the signature the top line begins with DRAFT, or NOT SIGNED when nothing of a model is here.
"""

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widgets import Static

from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import OwnView
from notekeeper.errors import NotekeeperError
from notekeeper.services.reviewing import ReviewState, review_of
from notekeeper.tui.base import Banner, Page, plain
from notekeeper.tui.cards import ItemList
from notekeeper.tui.items import ItemCard, Row, rows_of
from notekeeper.tui.marking import NoteToMark
from notekeeper.tui.messages import DraftMade
from notekeeper.tui.screens.riskbox import risk_words
from notekeeper.tui.screens.sidebyside import SideBySideBox

DECIDED = "Every item is decided. p writes the risk entry, F9 signs."


class ShownReview(Page):
    """The review of one note as it stands."""

    def __init__(self, client: Client, note: Note) -> None:
        super().__init__()
        self.client, self.note = client, note
        self._rows: list[Row] = []
        self._place = 0
        self._history: list[str | OwnView] = []
        self._rejected: str | None = None
        self._unfolded = self._opened = False

    def body(self) -> ComposeResult:
        with Container(id="sides"):
            yield NoteToMark(id="note")
            yield ItemList(id="items")
        yield Horizontal(id="adding")
        yield Static(id="state", markup=False)

    def on_mount(self) -> None:
        self.query_one(Banner).add_class("draft")
        self.query_one(ItemList).focus()
        self._reload(first=True)
        self._opened = True

    def on_screen_resume(self) -> None:
        """A box was over this one: the risk entry may be written now, or the note signed."""
        if not self._opened:
            return
        try:
            self.note = self.vault.notes.by_number(self.client.id, self.note.number)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        if not self.note.signed:  # else the signed note takes this page's place
            self._reload()

    def draft_made(self, message: DraftMade) -> None:
        """A newer draft has taken the place of the one shown."""
        if message.note_id == self.note.id and message.draft.refused is None:
            self._history.clear()
            self._rejected = None
            self._reload(first=True)
            self.tell("A new draft of this note is here; decisions on the earlier one are gone with it.")

    @property
    def busy(self) -> bool:
        """Whether the keys are about something else than going from item to item."""
        return False

    @property
    def _row(self) -> Row | None:
        return self._rows[self._place] if self._rows else None

    def _state(self) -> ReviewState:
        return review_of(self.vault, self.note)

    def _reload(self, *, first: bool = False) -> None:
        try:
            state = self._state()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        if first:
            saved = self.vault.notes.latest(self.note.id)
            self.query_one(NoteToMark).show(saved.text if saved else "")
            if state.stale:
                self.tell("The note was changed after its draft was made. F6 in the editor drafts it again.")
        self._rows = rows_of(state.review)
        waiting = state.review.undecided()
        if first and waiting:
            self._place = next(i for i, row in enumerate(self._rows) if row.name == waiting[0])
        self._place = max(0, min(self._place, len(self._rows) - 1))
        self._show_cards()
        self._show_withheld(state)
        total = len(state.review.draft.items()) if state.review.draft else 0
        self._show_banner(total - len(waiting), total)
        self.query_one("#state", Static).update(
            plain(f"{risk_words(state.review.risk)} · n next · u undo · o compare · t, f add my own")
        )

    def _show_banner(self, decided: int, total: int) -> None:
        """The most needed first: what does not fit is left out from the right."""
        pieces = ["DRAFT" if total else "NOT SIGNED", f"{self.client.code}/{self.note.number}"]
        pieces += [f"{decided} of {total} decided"] if total else []
        pieces += ["DEMONSTRATION"] if self.client.demonstration else []
        self.banner(" · ".join([*pieces, f"{self.note.date:%d %b %Y}", "nothing here is signed"]))

    def _show_cards(self) -> None:
        self.query_one(ItemList).show(self._rows, self._place)
        row = self._row
        self.query_one(NoteToMark).light(row.evidence if row else ())
        self.refresh_bindings()

    def _show_withheld(self, state: ReviewState) -> None:
        withheld = state.review.draft.withheld if state.review.draft else ()
        self.query_one(ItemList).show_withheld(withheld, unfolded=self._unfolded)

    def action_move(self, by: int) -> None:
        self._go(self._place + by)

    def _go(self, place: int) -> None:
        if self._rows and not self.busy:
            self._place = max(0, min(len(self._rows) - 1, place))
            self._show_cards()

    def _go_to(self, name: str) -> None:
        """The item of this name, if there is one."""
        self._go(next((i for i, row in enumerate(self._rows) if row.name == name), self._place))

    @on(ItemCard.Chosen)
    def _clicked(self, event: ItemCard.Chosen) -> None:
        self._go_to(event.item)

    def action_next(self) -> None:
        """The next item that awaits a decision, from here on and then from the top."""
        waiting = set(self._state().review.undecided())
        order = [*range(self._place + 1, len(self._rows)), *range(self._place + 1)]
        place = next((i for i in order if i < len(self._rows) and self._rows[i].name in waiting), None)
        if place is None:
            self.tell(DECIDED)
        else:
            self._go(place)

    def action_scroll_note(self, by: int) -> None:
        note = self.query_one(NoteToMark)
        (note.scroll_page_down if by > 0 else note.scroll_page_up)(animate=False)

    def action_withheld(self) -> None:
        self._unfolded = not self._unfolded
        self._show_withheld(self._state())
        if self._unfolded:
            self.call_after_refresh(self.query_one(ItemList).scroll_end, animate=False)

    def action_own_view(self) -> None:
        review = self._state().review
        self.app.push_screen(SideBySideBox(review.own, review.draft))
