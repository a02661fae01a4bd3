"""The therapist's own words in a review: an item worded anew, a focus or a theme of their own.

What always holds: a line that is left, by whatever key, is kept as far as it can stand, and it is said whether
anything was; a label that cannot stand waits for its correction, and for a lock is cut into several that can.
"""

from textual import on
from textual.widget import Widget

from notekeeper.domain.draft import words_of
from notekeeper.domain.review import Choice, Destination
from notekeeper.errors import NotekeeperError
from notekeeper.services.own_items import set_own_focus, set_own_theme
from notekeeper.services.own_view import mended
from notekeeper.services.reviewing import decide
from notekeeper.tui.cards import ItemList, WordingLine
from notekeeper.tui.items import MINE_FOCUS, MINE_THEME, ItemCard, Row
from notekeeper.tui.screens.review_deciding import DecidingReview

_NEW_THEME, _NEW_FOCUS = f"{MINE_THEME}new", "my focus, new"


class WritingReview(DecidingReview):
    """The review of one note, with a line to write in."""

    _line: WordingLine | None = None

    @property
    def busy(self) -> bool:
        return self._line is not None

    def action_edit(self) -> None:
        if self._row is not None:
            self._write(self._row.name, self._row.text, self.query(ItemCard)[self._place])

    def action_own_theme(self) -> None:
        self._write(_NEW_THEME, "", self.query_one("#adding"))

    def action_own_focus(self) -> None:
        own = self._state().review.own.focus or ""
        self._write(_NEW_FOCUS, own, self.query_one("#adding"))

    def _write(self, about: str, text: str, where: Widget) -> None:
        if self.busy:
            return
        self._line = line = WordingLine(about, text, label=about.startswith((MINE_THEME, "T")))
        where.mount(line)
        line.focus()
        line.action_end()
        self.call_after_refresh(line.scroll_visible, animate=False)
        self.refresh_bindings()

    @on(WordingLine.Written)
    def _written(self) -> None:
        self._end_writing()

    def _end_writing(self) -> bool:
        """Keep what was written. False after telling why it cannot stand; then the line stays."""
        line = self._line
        if line is None:
            return True
        try:
            kept = self._keep_wording(line)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return False
        self._line = None
        line.remove()
        self.query_one(ItemList).focus()
        self._reload()
        self._told_of(line, kept)
        return True

    def _told_of(self, line: WordingLine, kept: bool) -> None:
        row = next((row for row in self._rows if row.name == line.about), None)
        if not kept:
            why = "the words are as they were" if line.value.strip() else "the line was empty"
            self.tell(f"Nothing was kept: {why}.")
        elif line.about == _NEW_THEME:
            self._go_to(self._newest())
            self.tell("Kept. m marks the sentences that it rests on, if you like; n goes on.")
        elif row is not None and row.goes and row.state.startswith("✎"):
            self.tell("Kept in your words, in my supervision notes; r sends it to the record.")
        else:
            self.tell("Kept in your words.")

    def _keep_wording(self, line: WordingLine) -> bool:
        """Whether something was changed."""
        about, typed = line.about, " ".join(line.value.split())
        if not typed:
            return False
        if about in (_NEW_FOCUS, MINE_FOCUS) or about.startswith(MINE_THEME):
            return self._set_own(about, typed)
        state = self._state()
        item = state.review.draft.items()[about] if state.review.draft else None
        row = next(row for row in self._rows if row.name == about)
        if item is None or typed == row.text:
            return False
        decision = state.review.decision(about)
        to = (decision.destination if decision else None) or (Destination.SUPERVISION if row.goes else None)
        same = typed == " ".join(words_of(item).split())
        decide(self.vault, self.note, about, Choice.ACCEPTED if same else Choice.EDITED, None if same else typed, to)
        self._history.append(about)
        self._rejected = None
        return True

    def _set_own(self, about: str, typed: str) -> bool:
        before = self.vault.reviews.own(self.note.id)
        if about in (_NEW_FOCUS, MINE_FOCUS):
            set_own_focus(self.vault, self.note, typed)
        else:
            place = None if about == _NEW_THEME else int(about.removeprefix(MINE_THEME))
            set_own_theme(self.vault, self.note, place, typed)
        changed = self.vault.reviews.own(self.note.id) != before
        if changed:
            self._history.append(before)
        return changed

    def _take_away(self, row: Row) -> None:
        try:
            self._set_own(row.name, "")
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._reload()
        self.tell("Taken away. u brings it back.")

    def keep(self) -> None:
        """What is being typed is kept as it stands; words too long for a label become several of my own."""
        line = self._line
        if line is None or line.value == line.kept:  # a lock that had to wait asks again
            return
        try:
            kept = self._keep_wording(line)
        except NotekeeperError:
            for theme in mended(line.value):
                set_own_theme(self.vault, self.note, None, theme.label)
            kept = True
        line.kept = line.value
        if kept and line.about == _NEW_THEME:
            line.about = self._newest()

    def _newest(self) -> str:
        """The name of the own theme that was added last."""
        return f"{MINE_THEME}{len(self.vault.reviews.own(self.note.id).themes) - 1}"
