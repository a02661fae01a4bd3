"""Patterns of a client: which themes come back over the signed sessions, reviewed one by one, and signed.

What always holds: every decision is one key about the one pattern at hand, and no key decides on two; what the
therapist changes in the threads can be taken back; a model is asked by a key alone, and stops by another.
"""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from notekeeper.domain.engine import Progress
from notekeeper.domain.pattern import SignedPatterns
from notekeeper.errors import NotekeeperError
from notekeeper.services.client_patterns import LESS_MENTION
from notekeeper.services.client_patterns_threads import edit_words, merge_threads, split_thread, undo_edit
from notekeeper.services.client_patterns_wording import require_wordable
from notekeeper.services.consent import permit_to_word_patterns
from notekeeper.tui.items import REASONS
from notekeeper.tui.messages import PatternsAdvanced, PatternsUnworded, PatternsWorded
from notekeeper.tui.screens.patterns_deciding import DecidingPatterns

_OF_ITEMS = frozenset({"accept", "counts", "words"})
_OF_THREADS = frozenset({"merge", "split", "rename"})


class PatternsPage(DecidingPatterns):
    TITLE = "Patterns"
    HELP = (
        "Themes over the signed sessions, one line each: a mark for each session, the state, how many sessions, the "
        "kind. The bars above say how many themes a session has. Enter shows the sentences with their days.\n"
        "Each pattern needs your own decision: a keeps it, e words it in your words, c keeps the plain counts, x "
        "rejects it (1 to 5 gives a reason, if you like), u opens it again, n goes on. o adds a pattern of your own.\n"
        "The threads are yours to link: m on one and m on another makes one of them, s lets sessions leave, r gives a "
        "label; z takes the last of that back. F6 has the model word what is undecided, from its sentences alone, F7 "
        "stops it. F9 signs the whole; v shows what was signed. Less mention in the notes is not recovery."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "Keep", id="patterns.accept"),
        Binding("e", "words", "Edit", id="patterns.edit", tooltip="Label and sentence in your words"),
        Binding("x", "reject", "Reject", id="patterns.reject"),
        Binding("c", "counts", "Counts", show=False, id="patterns.counts", tooltip="Keep the plain counts"),
        Binding("u", "reopen", "Open again", show=False, id="patterns.reopen"),
        Binding("n", "next", "Next undecided", show=False, id="patterns.next"),
        Binding("o", "own", "My own", show=False, id="patterns.own", tooltip="A pattern of your own"),
        Binding("m", "merge", "Merge", show=False, id="patterns.merge"),
        Binding("s", "split", "Split", show=False, id="patterns.split"),
        Binding("r", "rename", "Rename", show=False, id="patterns.rename"),
        Binding(
            "z", "undo", "Take back", show=False, id="patterns.undo", tooltip="Take back the last change of threads"
        ),
        Binding("f6", "word", "Word", id="patterns.word", tooltip="Have the model word what is undecided"),
        Binding("f7", "stop", "Stop", id="patterns.stop", tooltip="Stop the model"),
        Binding("f9", "sign", "Sign", id="patterns.sign"),
        Binding("v", "signed", "Signed", show=False, id="patterns.signed", tooltip="What was signed"),
        Binding("left", "shift(1)", "Earlier sessions", show=False, id="patterns.earlier"),
        Binding("right", "shift(-1)", "Later sessions", show=False, id="patterns.later"),
        *(Binding(str(n), f"reason({n - 1})", show=False) for n in range(1, len(REASONS) + 1)),
    ]

    @property
    def wording(self) -> bool:
        """Whether the model is wording this client's patterns."""
        room = self.keeper.room
        return room is not None and room.working_on == self.client.id

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys are there for what can be done to the row at hand."""
        if action == "stop":
            return self.wording
        named = self.is_mounted and action in _OF_ITEMS | _OF_THREADS | {"reject", "reopen", "sign", "word", "own"}
        if not named:
            return super().check_action(action, parameters)
        row = self.here if self.seen is not None else None
        if self.seen is None:
            return False
        if action in _OF_ITEMS or action == "reopen":
            return row is not None and row.item is not None
        if action == "reject":
            return row is not None and (row.item is not None or row.own is not None)
        if action in _OF_THREADS:
            return row is not None and row.thread is not None
        return not (action == "word" and self.wording)

    # Threads.

    def action_merge(self) -> None:
        row = self.here
        if row is None or row.thread is None:
            return
        name = row.thread.name
        if not self._merging:
            self._merging = name
            self.tell(f"{row.label}: go to the thread it is one with and press m; m here again leaves it.")
            return
        first, self._merging = self._merging, ""
        if first == name:
            self.tell("Nothing was merged.")
            return
        self._changed(lambda: merge_threads(self.vault, self.client, first, name), "Merged. z takes it back.")

    def action_split(self) -> None:
        row = self.here
        if row is None or row.thread is None or self.seen is None:
            return
        thread = row.thread
        if len(thread.numbers) < 2:
            self.tell("This thread is noted in one session, so there is nothing to split.")
            return
        from notekeeper.tui.screens.patterns_boxes import SplitBox

        def after(numbers: tuple[int, ...] | None) -> None:
            if numbers:
                self._changed(
                    lambda: split_thread(self.vault, self.client, thread.name, numbers), "Split. z takes it back."
                )

        self.app.push_screen(SplitBox(thread, self.seen.sessions), after)

    def action_rename(self) -> None:
        row = self.here
        if row is None or row.thread is None:
            return
        from notekeeper.tui.screens.patterns_boxes import LabelBox

        def after(label: str | None) -> None:
            self.tell("Renamed. z takes it back." if label else "The label is as it was.")

        self.app.push_screen(LabelBox(self.vault, self.client, row.thread), after)

    def action_undo(self) -> None:
        """Take back the last change of the threads."""
        try:
            taken = undo_edit(self.vault, self.client)
        except NotekeeperError as error:
            self.tell(str(error))
            return
        self.reload()
        self.tell(f"Taken back: {edit_words(taken.edit)}.")

    # The model.

    def action_word(self) -> None:
        room = self.keeper.room
        try:
            permit = permit_to_word_patterns(self.vault, self.client)
            waiting = require_wordable(self.vault, self.client)
        except NotekeeperError as error:
            self.tell(str(error))
            return
        if room is None or not room.begin_patterns(permit, self.vault, self.client):
            self.tell("The model is busy with something else. Try again when it is done.")
            return
        self.tell(f"The model words {waiting} pattern(s) from their sentences. Go on; F7 stops it.")
        self.refresh_bindings()

    def action_stop(self) -> None:
        if self.wording and self.keeper.room is not None:
            self.keeper.room.cancel()
            self.tell("Stopping …")

    def patterns_advanced(self, message: PatternsAdvanced) -> None:
        if self._ours(message.client_id):
            self.tell(_progress_words(message.progress))
            self.reload()

    def patterns_worded(self, message: PatternsWorded) -> None:
        if self._ours(message.client_id):
            self.reload()
            self.tell(
                f"{message.worded} worded by the model, {message.plain} left in plain counts. You decide on every one."
            )

    def patterns_unworded(self, message: PatternsUnworded) -> None:
        if self._ours(message.client_id):
            self.reload()
            self.tell(message.sentence.strip() or "The model stopped. What it made is kept.", trouble=True)

    def _ours(self, client_id: str) -> bool:
        return self.keeper.vault is not None and self.is_mounted and client_id == self.client.id

    # Signing, and the sentences.

    def action_sign(self) -> None:
        from notekeeper.tui.screens.patterns_signing import SignPatternsBox

        def after(signed: SignedPatterns | None) -> None:
            if signed is not None:
                self.reload()
                self.tell(f"Signed: {len(signed.body.patterns)} pattern(s). v shows them. {LESS_MENTION}")

        self.app.push_screen(SignPatternsBox(self.vault, self.client), after)

    def action_signed(self) -> None:
        from notekeeper.tui.screens.patterns_signing import SignedPatternsPage

        self.app.push_screen(SignedPatternsPage(self.client))

    @on(OptionList.OptionSelected)
    def _open(self) -> None:
        row = self.here
        if row is None or row.thread is None:
            self.tell("A pattern of your own rests on the sessions you named.")
            return
        from notekeeper.tui.screens.patterns_sentences import ThreadPage

        self.app.push_screen(ThreadPage(self.client, row.thread.name))

    def action_back(self) -> None:
        if self._merging:
            self._merging = ""
            self.tell("Nothing was merged.")
            return
        super().action_back()


def _progress_words(progress: Progress) -> str:
    return f"◌ The model is finding words: {progress.done} of {progress.total} · F7 stops it"
