"""Review: the note beside what the model suggests about it, item by item; its keys, marks and signature.

What always holds: every decision is one key about one item, whose sentences are marked in the note at that moment;
there is no key that decides on more than one; until the signature the banner says DRAFT; what is typed or marked is
kept however the page is left.
"""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from notekeeper.errors import NotekeeperError
from notekeeper.services.evidence import numbers_of
from notekeeper.services.own_items import set_own_evidence
from notekeeper.services.own_view import numbered
from notekeeper.tui.cards import ItemList
from notekeeper.tui.items import MINE_THEME, REASONS
from notekeeper.tui.marking import NoteToMark
from notekeeper.tui.screens.review_writing import WritingReview
from notekeeper.tui.screens.riskbox import RiskBox

_MARKING = "↑ ↓ go through the note's sentences, space marks one or takes its mark away, Enter keeps the marks."
_ABOUT_ITEMS = frozenset(
    "move accept send mark_sentences edit reject reason undo next withheld own_view own_theme own_focus risk".split()
)


class ReviewPage(WritingReview):
    """The review of one note that is not signed. Goes on where it was left."""

    TITLE = "Review"
    HELP = """
The note, and what is suggested about it. The bar in the margin marks the sentences that the item at hand rests on.
Each item needs your own decision. What you keep is yours and goes into the record when you sign; what the model
wrote and you did not keep is destroyed then. A model cannot judge risk, feeling or theory.
Reflections and ideas go to the record (r) or to your supervision notes (s). A reason for rejecting is optional: 1 to 5.
A theme of your own needs no evidence; m lets you mark the sentences it rests on, if you like.
Tab goes to the note, so that the arrows scroll it, and back.
"""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Next item", id="review.down", show=False),
        Binding("up,k", "move(-1)", "Item before", id="review.up", show=False),
        Binding("a", "accept", "Keep", id="review.accept"),
        Binding("r", "send('record')", "Record", id="review.record", tooltip="Keep it in the record"),
        Binding("s", "send('supervision_notes')", "My notes", id="review.supervision", tooltip="Keep it apart"),
        Binding("m", "mark_sentences", "Mark", id="review.mark", tooltip="Mark the sentences it rests on"),
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
    ReviewPage #adding { height: auto; padding: 0 1; }
    ReviewPage #state { height: auto; padding: 0 1; }
    ReviewPage #wording {
        border: heavy $primary; border-title-color: $foreground; border-subtitle-color: $foreground; height: 3;
        margin: 0 0 0 2; background: $background;
    }
    """

    @property
    def _marking(self) -> bool:
        return self.query_one(NoteToMark).marking

    @property
    def busy(self) -> bool:
        return super().busy or (self._opened and self._marking)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While words are written or sentences marked, no key is about the items."""
        if action in _ABOUT_ITEMS and self.busy:
            return False
        if action == "mark_sentences":
            row = self._row
            return row is not None and row.name.startswith(MINE_THEME)
        return super().check_action(action, parameters)

    def action_mark_sentences(self) -> None:
        row, saved = self._row, self.vault.notes.latest(self.note.id)
        sentences = numbered(saved.text) if saved else []
        if row is None or saved is None or not sentences:
            self.tell("The note has no sentence to mark.")
            return
        note = self.query_one(NoteToMark)
        note.begin(sentences, numbers_of(saved.text, row.evidence))
        note.focus()
        self.refresh_bindings()
        self.tell(_MARKING)

    @on(NoteToMark.Kept)
    def _marks_kept(self) -> None:
        self._end_marking()

    def _end_marking(self) -> None:
        """Keep the marks as they stand."""
        try:
            changed = self._keep_marks()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        note = self.query_one(NoteToMark)
        note.end()
        self.query_one(ItemList).focus()
        self._reload()
        count = len(note.marked)
        rests = f"It rests on {count} {'sentence' if count == 1 else 'sentences'} now" if count else "It rests on none"
        self.tell(f"Kept. {rests}. n goes on." if changed else "Nothing was kept: the marks are as they were.")

    def _keep_marks(self) -> bool:
        row, note = self._row, self.query_one(NoteToMark)
        if row is None or not note.changed:  # else what is stored would be cut to what stands in today's text
            return False
        before = self.vault.reviews.own(self.note.id)
        set_own_evidence(self.vault, self.note, int(row.name.removeprefix(MINE_THEME)), note.marked)
        note.kept()
        changed = self.vault.reviews.own(self.note.id) != before
        if changed:
            self._history.append(before)
        return changed

    def keep(self) -> None:
        """What is being typed or marked is kept as it stands."""
        super().keep()
        if self._opened and self._marking:
            self._keep_marks()

    def action_back(self) -> None:
        """From the line or the marks to the items, from there back; what was typed or marked is kept either way."""
        if self._line is not None:
            self._end_writing()
        elif self._marking:
            self._end_marking()
        else:
            super().action_back()

    def action_risk(self) -> None:
        self.app.push_screen(RiskBox.of(self.vault, self.note))

    def action_sign(self) -> None:
        if self._marking:
            self._end_marking()
        if self._end_writing():
            from notekeeper.tui.screens.signing import offer_to_sign

            offer_to_sign(self, self.client, self.note)
