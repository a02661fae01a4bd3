"""Deciding on the items of a review: keep, send, reject with or without a reason, open again.

What always holds: a key decides on the one item at hand, whose sentences are marked at that moment; every decision
and every change of one's own view can be taken back until the signature.
"""

from textual import events

from notekeeper.domain.review import Choice, Destination, OwnView, RejectReason
from notekeeper.errors import NotekeeperError
from notekeeper.services.reviewing import decide, reopen
from notekeeper.tui.items import REASONS, Row
from notekeeper.tui.screens.review_shown import DECIDED, ShownReview

_WHY = " · ".join(f"{number} {words}" for number, words in enumerate(REASONS.values(), start=1))


class DecidingReview(ShownReview):
    """The review of one note, its items decided on by keys."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A reflection or an idea is kept in one of two places; a focus or theme of the draft in one."""
        if action in ("send", "accept"):
            row = self._row
            return row is not None and not row.mine and row.goes == (action == "send")
        return super().check_action(action, parameters)

    def on_key(self, event: events.Key) -> None:
        """The key that keeps a theme asks, for a reflection or an idea, which of the two."""
        if event.key == "a" and self._row is not None and self._row.goes and not self.busy:
            self.tell("Where to? r keeps it in the record, s in my supervision notes.")

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
            self.tell(DECIDED if not waiting else f"{len(waiting)} to decide.")
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
            self._take_away(row)
        elif row is not None:
            self._decide(row, Choice.REJECTED)

    def _take_away(self, row: Row) -> None:
        """Take an own focus or theme away. The page that writes them does it."""

    def action_reason(self, number: int) -> None:
        """Give the reason of the rejection made just now."""
        rejected, reason = self._rejected, list(REASONS)[number]
        if rejected is None:
            return
        try:
            decision = self._state().review.decision(rejected)
            if decision is None or decision.choice is not Choice.REJECTED:
                return
            decide(self.vault, self.note, rejected, Choice.REJECTED, reason=reason)
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
                self._give_back(last)
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
        self._rejected = None
        self._reload()
        self._go_to(name)
        self.tell("Open again.")

    def _give_back(self, own: OwnView) -> None:
        try:
            self.vault.reviews.set_own(self.note.id, own)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._rejected = None
        self._reload()
        self.tell("Your own view is as it was before.")
