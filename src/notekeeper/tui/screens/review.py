"""Review: the note beside what the model suggests about it, item by item.

What always holds: every decision is one key about one item, whose sentences are marked in the note at that moment;
there is no key that decides on more than one; until the signature the banner says DRAFT.
"""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from notekeeper.domain.draft import words_of
from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import Choice, Destination, OwnView, RejectReason
from notekeeper.errors import NotekeeperError
from notekeeper.services.own_view import mended
from notekeeper.services.reviewing import ReviewState, decide, reopen, review_of, set_own_focus, set_own_theme
from notekeeper.tui.base import Banner, Page, plain
from notekeeper.tui.evidence import NoteBeside
from notekeeper.tui.items import MINE_FOCUS, MINE_THEME, REASONS, ItemCard, Row, rows_of
from notekeeper.tui.messages import DraftMade
from notekeeper.tui.screens.riskbox import RiskBox, risk_words
from notekeeper.tui.screens.sidebyside import SideBySideBox

_NEW_THEME, _NEW_FOCUS = f"{MINE_THEME}new", "my focus, new"
_WHY = " · ".join(f"{number} {words}" for number, words in enumerate(REASONS.values(), start=1))
_DECIDED = "Every item is decided. p writes the risk entry, F9 signs."
_NO_QUOTES = r'[^"“”„«»‹›]*'


class ItemList(VerticalScroll, inherit_bindings=False, can_focus=True):
    """The cards. The keys that move among them are the page's."""

    DEFAULT_CSS = """
    ItemList { height: 1fr; width: 1fr; }
    """


class ReviewPage(Page):
    """The review of one note that is not signed. Goes on where it was left."""

    TITLE = "Review"
    HELP = """
The note, and what is suggested about it. The bar in the margin marks the sentences that the item at hand rests on.
Each item needs your own decision. What you keep is yours and goes into the record when you sign; what the model
wrote and you did not keep is destroyed then. A model cannot judge risk, feeling or theory.
Reflections and ideas go to the record (r) or to your supervision notes (s). A reason for rejecting is optional.
Tab goes to the note, so that the arrows scroll it, and back.
"""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Next item", id="review.down", show=False),
        Binding("up,k", "move(-1)", "Item before", id="review.up", show=False),
        Binding("a", "accept", "Keep", id="review.accept"),
        Binding("r", "send('record')", "Record", id="review.record", tooltip="Keep it in the record"),
        Binding("s", "send('supervision_notes')", "My notes", id="review.supervision", tooltip="Keep it apart"),
        Binding("e", "edit", "Edit", id="review.edit"),
        Binding("x", "reject", "Reject", id="review.reject"),
        Binding("u", "undo", "Undo", id="review.undo", show=False),
        Binding("n,enter", "next", "Next undecided", id="review.next", show=False, key_display="n"),
        Binding("w", "withheld", "Withheld", id="review.withheld", show=False),
        Binding("o", "own_view", "My view and the draft side by side", id="review.own", show=False),
        Binding("t", "own_theme", "Theme of my own", id="review.theme", show=False),
        Binding("f", "own_focus", "Focus of my own", id="review.focus", show=False),
        Binding("p", "risk", "Risk", id="review.risk"),
        Binding("f9", "sign", "Sign", id="review.sign"),
        *(Binding(str(n), f"reason({n - 1})", show=False) for n in range(1, len(REASONS) + 1)),
        Binding("pagedown", "scroll_note(1)", "Scroll the note", id="review.note_down", show=False),
        Binding("pageup", "scroll_note(-1)", "Scroll the note back", id="review.note_up", show=False),
    ]
    CSS = """
    ReviewPage #body { padding: 0; }
    ReviewPage #sides { height: 1fr; layout: horizontal; }
    ReviewPage.-narrow #sides { layout: vertical; }
    ReviewPage #note { padding: 0 0 0 1; border-right: solid $primary; }
    ReviewPage.-narrow #note { height: 2fr; border-right: none; border-bottom: solid $primary; }
    ReviewPage.-narrow #items { height: 3fr; }
    ReviewPage #withheld, ReviewPage #adding { height: auto; padding: 0 1; }
    ReviewPage #state { height: auto; padding: 0 1; }
    ReviewPage #wording {
        border: heavy $primary; border-title-color: $foreground; border-subtitle-color: $foreground; height: 3;
        margin: 0 0 0 2; background: $background;
    }
    """

    def __init__(self, client: Client, note: Note) -> None:
        super().__init__()
        self.client, self.note = client, note
        self._rows: list[Row] = []
        self._place = 0
        self._history: list[str | OwnView] = []
        self._rejected: str | None = None
        self._editing: str | None = None
        self._unfolded = self._opened = False

    def body(self) -> ComposeResult:
        with Container(id="sides"):
            yield NoteBeside(id="note")
            with ItemList(id="items"):
                yield Static(id="withheld", markup=False)
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
            self._reload(first=True)
            self.tell("A new draft of this note is here; decisions on the earlier one are gone with it.")

    # What is shown

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
            self.query_one(NoteBeside).show(saved.text if saved else "")
            if state.stale:
                self.tell("The note was changed after its draft was made. F6 in the editor drafts it again.")
        self._rows = rows_of(state.review)
        self._show_withheld(state)
        waiting = state.review.undecided()
        if first and waiting:
            self._place = next(i for i, row in enumerate(self._rows) if row.name == waiting[0])
        self._place = max(0, min(self._place, len(self._rows) - 1))
        cards = list(self.query(ItemCard))
        if [card.row.name for card in cards] == [row.name for row in self._rows]:
            self._show_cards()
        else:
            self.run_worker(self._new_cards(), exclusive=True, group="cards")
        decided = len(state.review.draft.items()) - len(waiting) if state.review.draft else 0
        total = decided + len(waiting)
        about = f"{self.client.code}/{self.note.number} · {self.note.date:%d %b %Y}"
        self.banner(
            f"{'DEMONSTRATION · ' if self.client.demonstration else ''}"
            f"{'DRAFT' if total else 'NOT SIGNED'} · {about} · {decided} of {total} decided · nothing here is signed"
        )
        self.query_one("#state", Static).update(
            plain(f"{risk_words(state.review.risk)} · n next · u undo · o compare · t, f add my own")
        )

    async def _new_cards(self) -> None:
        items = self.query_one(ItemList)
        await self.query(ItemCard).remove()
        await items.mount_all([ItemCard(row) for row in self._rows], before="#withheld")
        self._show_cards()

    def _show_cards(self) -> None:
        for place, (card, shown) in enumerate(zip(self.query(ItemCard), self._rows, strict=False)):
            card.show(shown, here=place == self._place)
            if place == self._place:
                card.scroll_visible(animate=False)
        row = self._row
        self.query_one(NoteBeside).light(row.evidence if row else ())
        self.refresh_bindings()

    def _show_withheld(self, state: ReviewState) -> None:
        withheld = state.review.draft.withheld if state.review.draft else ()
        told = ""
        if withheld:
            noun = "item was" if len(withheld) == 1 else "items were"
            told = f"{'▾' if self._unfolded else '▸'} {len(withheld)} {noun} withheld by the checks (w)"
            if self._unfolded:
                told += "".join(f"\n  {item.kind}: {item.text or '(no words)'}\n    {item.reason}" for item in withheld)
        elif not self._rows:
            told = "Nothing to review yet: t adds a theme of your own, f a focus, p the risk entry."
        self.query_one("#withheld", Static).update(plain(told))

    @property
    def _row(self) -> Row | None:
        return self._rows[self._place] if self._rows else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A reflection or an idea is kept in one of two places; anything else in one."""
        if action in ("send", "accept"):
            goes = self._row is not None and self._row.goes
            return goes == (action == "send")
        return super().check_action(action, parameters)

    def on_key(self, event: events.Key) -> None:
        """The key that keeps a theme asks, for a reflection or an idea, which of the two."""
        if event.key == "a" and self._row is not None and self._row.goes and self._editing is None:
            self.tell("Where to? r keeps it in the record, s in my supervision notes.")

    # Moving

    def action_move(self, by: int) -> None:
        self._go(self._place + by)

    def _go(self, place: int) -> None:
        if self._rows and self._editing is None:
            self._place = max(0, min(len(self._rows) - 1, place))
            self._show_cards()

    @on(ItemCard.Chosen)
    def _clicked(self, event: ItemCard.Chosen) -> None:
        self._go(next((i for i, row in enumerate(self._rows) if row.name == event.item), self._place))

    def action_next(self) -> None:
        """The next item that awaits a decision, from here on and then from the top."""
        waiting = set(self._state().review.undecided())
        order = [*range(self._place + 1, len(self._rows)), *range(self._place + 1)]
        place = next((i for i in order if i < len(self._rows) and self._rows[i].name in waiting), None)
        if place is None:
            self.tell(_DECIDED)
        else:
            self._go(place)

    def action_scroll_note(self, by: int) -> None:
        note = self.query_one(NoteBeside)
        (note.scroll_page_down if by > 0 else note.scroll_page_up)(animate=False)

    def action_withheld(self) -> None:
        self._unfolded = not self._unfolded
        self._show_withheld(self._state())
        if self._unfolded:
            self.call_after_refresh(self.query_one(ItemList).scroll_end, animate=False)

    def action_own_view(self) -> None:
        review = self._state().review
        self.app.push_screen(SideBySideBox(review.own, review.draft))

    # Deciding

    def _decide(
        self,
        row: Row,
        choice: Choice,
        *,
        text: str | None = None,
        to: Destination | None = None,
        reason: RejectReason | None = None,
    ) -> bool:
        """Keep one decision and go on to the next item. False after telling why not."""
        try:
            decide(self.vault, self.note, row.name, choice, text, to, reason)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return False
        self._history.append(row.name)
        self._rejected = row.name if choice is Choice.REJECTED else None
        waiting = self._state().review.undecided()
        self._reload()
        if waiting:
            self.action_next()
        if choice is Choice.REJECTED and reason is None:
            self.tell(f"Rejected: {row.kind}. A reason, if you like: {_WHY}")
        else:
            self.tell(_DECIDED if not waiting else f"{len(waiting)} to decide.")
        return True

    def action_accept(self) -> None:
        row = self._row
        if row is not None and not row.mine:
            self._decide(row, Choice.ACCEPTED)

    def action_send(self, to: str) -> None:
        row = self._row
        if row is None or not row.goes:
            return
        decision = self._state().review.decision(row.name)
        edited = decision is not None and decision.choice is Choice.EDITED
        text = decision.text if decision is not None and edited else None
        self._decide(row, Choice.EDITED if edited else Choice.ACCEPTED, text=text, to=Destination(to))

    def action_reject(self) -> None:
        row = self._row
        if row is not None and row.mine:
            self._change_own(row.name, "")
        elif row is not None:
            self._decide(row, Choice.REJECTED)

    def action_reason(self, number: int) -> None:
        """Give the reason of the rejection made just now."""
        rejected = next((row for row in self._rows if row.name == self._rejected), None)
        if rejected is not None:
            reason = list(REASONS)[number]
            try:
                decide(self.vault, self.note, rejected.name, Choice.REJECTED, reason=reason)
            except NotekeeperError as error:
                self.tell(str(error), trouble=True)
                return
            self._reload()
            self.tell(f"Noted: {REASONS[reason]}.")

    def action_undo(self) -> None:
        """Open the item at hand again; if it is open, the one decided last, or give back an own item."""
        row, waiting = self._row, self._state().review.undecided()
        name = row.name if row and not row.mine and row.name not in waiting else None
        if name is None:
            last = self._history.pop() if self._history else None
            if isinstance(last, OwnView):
                self.vault.reviews.set_own(self.note.id, last)
                self._reload()
                return
            name = last if last not in waiting else None
        if name is None:
            self.tell("There is nothing to undo here.")
            return
        try:
            reopen(self.vault, self.note, name)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._history = [kept for kept in self._history if kept != name]
        self._reload()
        self._go(next(i for i, each in enumerate(self._rows) if each.name == name))
        self.tell("Open again.")

    # Writing

    def action_edit(self) -> None:
        if self._row is not None and self._editing is None:
            self._write(self._row.name, self._row.text, self.query(ItemCard)[self._place])

    def action_own_theme(self) -> None:
        self._write(_NEW_THEME, "", self.query_one("#adding"))

    def action_own_focus(self) -> None:
        own = self._state().review.own.focus or ""
        self._write(_NEW_FOCUS, own, self.query_one("#adding"))

    def _write(self, about: str, text: str, where: Widget) -> None:
        if self._editing is not None:
            return
        self._editing = about
        label = about.startswith((MINE_THEME, "T"))
        line = Input(text, id="wording", select_on_focus=False, restrict=_NO_QUOTES if label else None)
        line.max_length = 80 if label else 400
        line.border_title = "Theme: no names, no quotation marks" if label else "In my words"
        line.border_subtitle = "Enter keeps · Esc goes back and keeps what changed"
        where.mount(line)
        line.focus()
        line.action_end()
        self.call_after_refresh(line.scroll_visible, animate=False)

    @on(Input.Submitted, "#wording")
    def _written(self) -> None:
        self._end_writing()

    def _end_writing(self) -> bool:
        """Keep what was written. False after telling why it cannot stand; then the line stays."""
        line = self.query_one("#wording", Input)
        try:
            self._keep_wording(line.value)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return False
        about, self._editing = self._editing, None
        line.remove()
        self.query_one(ItemList).focus()
        self._reload()
        row = next((row for row in self._rows if row.name == about), None)
        if row is not None and row.goes and row.state.startswith("✎"):
            self.tell("Kept in your words, in my supervision notes; r sends it to the record.")
        return True

    def _keep_wording(self, text: str) -> None:
        about, typed = self._editing, " ".join(text.split())
        if about is None or not typed:
            return
        if about in (_NEW_FOCUS, MINE_FOCUS) or about.startswith(MINE_THEME):
            self._set_own(about, typed)
            return
        state = self._state()
        item = state.review.draft.items()[about] if state.review.draft else None
        row = next(row for row in self._rows if row.name == about)
        if item is None or typed == row.text:
            return
        decision = state.review.decision(about)
        to = (decision.destination if decision else None) or (Destination.SUPERVISION if row.goes else None)
        same = typed == " ".join(words_of(item).split())
        decide(self.vault, self.note, about, Choice.ACCEPTED if same else Choice.EDITED, None if same else typed, to)
        self._history.append(about)

    def _set_own(self, about: str, typed: str) -> None:
        before = self.vault.reviews.own(self.note.id)
        if about in (_NEW_FOCUS, MINE_FOCUS):
            set_own_focus(self.vault, self.note, typed)
        else:
            place = None if about == _NEW_THEME else int(about.removeprefix(MINE_THEME))
            set_own_theme(self.vault, self.note, place, typed)
        if self.vault.reviews.own(self.note.id) != before:
            self._history.append(before)

    def _change_own(self, about: str, typed: str) -> None:
        try:
            self._set_own(about, typed)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._reload()
        self.tell("Taken away. u brings it back.")

    def keep(self) -> None:
        """A wording that is being typed is kept as it stands; one too long for a label becomes several of my own."""
        if self._editing is None:
            return
        text = self.query_one("#wording", Input).value
        try:
            self._keep_wording(text)
        except NotekeeperError:
            for theme in mended(text):
                set_own_theme(self.vault, self.note, None, theme.label)

    def action_back(self) -> None:
        """From the line to the items, from there back; what was typed is kept either way."""
        if self._editing is not None:
            self._end_writing()
        else:
            super().action_back()

    # Onwards

    def action_risk(self) -> None:
        self.app.push_screen(RiskBox.of(self.vault, self.note))

    def action_sign(self) -> None:
        if self._editing is None or self._end_writing():
            from notekeeper.tui.screens.signing import offer_to_sign

            offer_to_sign(self, self.client, self.note)
