"""Deciding on the patterns of a client: keep, keep in one's own words or in counts, reject, open again.

What always holds: a key decides on the one pattern at hand; every decision can be taken back until the signature.
"""

from collections.abc import Callable

from notekeeper.domain.pattern_work import PatternChoice
from notekeeper.domain.review import RejectReason
from notekeeper.errors import NotekeeperError
from notekeeper.services.client_patterns import ClientPatterns
from notekeeper.services.client_patterns_review import (
    accept_counts,
    accept_pattern,
    reject_pattern,
    reopen_pattern,
    take_own_away,
)
from notekeeper.tui.items import REASONS
from notekeeper.tui.screens.patterns_matrix import Row
from notekeeper.tui.screens.patterns_shown import ShownPatterns
from notekeeper.tui.table import Lines

_WHY = " · ".join(f"{number} {words}" for number, words in enumerate(REASONS.values(), start=1))
DECIDED = "Every pattern is decided on. F9 signs."


class DecidingPatterns(ShownPatterns):
    """The patterns of one client, decided on by keys."""

    _rejected = ""

    def action_accept(self) -> None:
        row = self.here
        if row is not None and row.item is not None:
            self._decided(row, lambda: accept_pattern(self.vault, self.client, row.name))

    def action_counts(self) -> None:
        """Keep the pattern in its plain counts, whatever a model made of it."""
        row = self.here
        if row is not None and row.item is not None:
            self._decided(row, lambda: accept_counts(self.vault, self.client, row.name))

    def action_reject(self) -> None:
        row = self.here
        if row is None:
            return
        if row.own is not None:
            self._changed(lambda: take_own_away(self.vault, self.client, int(row.name[1:])), "Taken away.")
        elif row.item is not None and self._decided(row, lambda: reject_pattern(self.vault, self.client, row.name)):
            self._rejected = row.name
            self.tell(f"Rejected: {row.label}. A reason, if you like: {_WHY}")

    def action_reason(self, number: int) -> None:
        """Give the reason of the rejection made just now."""
        rejected, reason = self._rejected, list(REASONS)[number]
        if not rejected or self.seen is None:
            return
        decision = self.seen.review.named(rejected).decision
        if decision is not None and decision.choice is PatternChoice.REJECTED:
            self._changed(lambda: self._because(rejected, reason), f"Noted: {REASONS[reason]}.")

    def _because(self, name: str, reason: RejectReason) -> ClientPatterns:
        return reject_pattern(self.vault, self.client, name, reason)

    def action_reopen(self) -> None:
        row = self.here
        if row is not None and row.item is not None:
            self._changed(lambda: reopen_pattern(self.vault, self.client, row.name), "Open again.", row.name)

    def action_next(self) -> None:
        """The next pattern that awaits a decision, from here on and then from the top."""
        waiting = set(self.seen.review.undecided()) if self.seen else set()
        lines = self.query_one(Lines)
        at = lines.highlighted or 0
        order = [*range(at + 1, len(self._rows)), *range(at + 1)]
        place = next((i for i in order if i < len(self._rows) and self._rows[i].name in waiting), None)
        if place is None:
            self.tell(DECIDED)
        else:
            lines.highlighted = place

    def action_words(self) -> None:
        row = self.here
        if row is not None and row.item is not None:
            from notekeeper.tui.screens.patterns_boxes import WordsBox

            self.app.push_screen(WordsBox(self.vault, self.client, row.item), self._worded_by_hand)

    def _worded_by_hand(self, kept: bool | None) -> None:
        self.tell("Kept in your words. n goes on." if kept else "The words are as they were.")

    def action_own(self) -> None:
        from notekeeper.tui.screens.patterns_boxes import OwnPatternBox

        self.app.push_screen(OwnPatternBox(self.vault, self.client), lambda added: self.tell("Added." if added else ""))

    def _decided(self, row: Row, decide: Callable[[], object]) -> bool:
        """Keep one decision and go on to the next pattern. False after telling why not."""
        if not self._changed(decide, "", row.name):
            return False
        waiting = self.seen.review.undecided() if self.seen else ()
        if waiting:
            self.action_next()
            self.tell(f"{len(waiting)} to decide.")
        else:
            self.tell(DECIDED)
        return True

    def _changed(self, change: Callable[[], object], said: str, name: str = "") -> bool:
        """Do it, show everything anew, say so. False after telling why not."""
        try:
            changed = change()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return False
        self._rejected = ""
        self.show(changed, name) if isinstance(changed, ClientPatterns) else self.reload(name)
        if said:
            self.tell(said)
        return True
