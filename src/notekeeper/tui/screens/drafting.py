"""What the editor and the own view share about drafting: asking for a draft, its line of progress, what came of it.

What always holds: a draft is asked for by a key and never by itself; typing goes on while it is made; whatever
stands in its way is one sentence that also names the key that finishes without AI.
"""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Static

from notekeeper.domain.consent import DraftPermit, Purpose
from notekeeper.domain.draft import Refusal
from notekeeper.domain.engine import Progress
from notekeeper.domain.note import Client, Note
from notekeeper.drafting.gate import refusal_words
from notekeeper.errors import AgreementMissingError, NotekeeperError, NotReadyError
from notekeeper.services.consent import permit_for, why_not
from notekeeper.services.reviewing import review_of
from notekeeper.tui.base import Page, plain
from notekeeper.tui.messages import DraftAdvanced, DraftFailed, DraftMade

_STAGES = {
    "loading": "loading the model",
    "reading": "reading the sentences",
    "prompt": "the model is reading",
    "wording": "finding words",
}


class DraftLine(Static):
    """How far the draft is. Empty, and without height, when there is nothing to say."""

    DEFAULT_CSS = "DraftLine { height: auto; max-height: 2; color: $text-muted; }"

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, text: str) -> None:
        self.display = bool(text)
        self.update(plain(text))


STOP = Binding("f7", "stop_draft", "Stop", id="draft.stop", tooltip="Stop the draft that is being made")
"""A page with a binding of its own for this key names this one too: Textual takes a key's bindings from one class."""


class DraftingPage(Page):
    """A page about one note of one client; `note` is None until the note is in the vault. OPENS says how a draft is
    shown from here, FINISHES is the key that finishes without one."""

    BINDINGS: ClassVar[list[BindingType]] = [STOP]

    OPENS: ClassVar[str] = "F8 opens it · F4 your own view first"
    FINISHES: ClassVar[str] = "F8"

    def __init__(self, client: Client, note: Note | None) -> None:
        super().__init__()
        self.client, self.note = client, note
        self.has_draft = self.stale_draft = False

    @property
    def without_ai(self) -> str:
        """The way on when there is no draft."""
        return f"{self.FINISHES} finishes without AI."

    @property
    def drafting(self) -> bool:
        """Whether this note's draft is being made."""
        room = self.keeper.room
        return room is not None and self.note is not None and room.working_on == self.note.id

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The key that stops a draft is there while one is made."""
        return self.drafting if action == "stop_draft" else super().check_action(action, parameters)

    def look_for_draft(self) -> None:
        """Take from the vault whether there is a draft of the newest saved text, and show it."""
        try:
            state = review_of(self.vault, self.note) if self.note else None
        except NotReadyError:
            state = None
        self.has_draft = state is not None and state.stored is not None
        self.stale_draft = state is not None and state.stale
        self.show_draft()

    def show_draft(self, progress: Progress | None = None) -> None:
        """The line of progress as things stand."""
        line = self.query_one(DraftLine)
        if self.drafting:
            line.show(f"◌ Draft: {_progress_words(progress)} · go on typing · F7 stops it")
        elif self.has_draft:
            line.show(f"● DRAFT ready, nothing of it is in the record · {self.OPENS}")
        elif self.stale_draft:
            line.show("○ There is a draft of older text · F6 drafts again")
        else:
            line.show("")
        self.refresh_bindings()

    def permit(self) -> DraftPermit | None:
        """The client's permit, or None after telling why there is none."""
        try:
            return permit_for(self.vault, self.client)
        except AgreementMissingError:
            said = why_not(self.vault, self.client, Purpose.DRAFTING)
            self.tell(f"{said}, so nothing went to the model. {self.without_ai} Agreements are in the client's file.")
            return None

    def begin_draft(self) -> bool:
        """Start a draft of the newest saved text. False after telling why not."""
        if self.drafting:
            self.tell("The draft is being made. Go on typing; F7 stops it.")
            return False
        permit, room = self.permit(), self.keeper.room
        if permit is None or room is None or self.note is None:
            return False
        if not room.begin(permit, self.vault, self.note):
            self.tell("Another note's draft is being made. Try again when it is done.")
            return False
        self.tell("")
        self.show_draft()
        return True

    def action_stop_draft(self) -> None:
        if self.drafting and self.keeper.room is not None:
            self.keeper.room.cancel()
            self.tell("Stopping the draft …")

    def draft_advanced(self, message: DraftAdvanced) -> None:
        if self._is_ours(message):
            self.show_draft(message.progress)

    def draft_made(self, message: DraftMade) -> None:
        if not self._is_ours(message):
            return
        self.look_for_draft()
        refused = message.draft.refused
        if refused is None:
            self.tell(f"The draft is ready. {self.OPENS.partition(' · ')[0]} beside your note.")
        else:
            also = f"{self.FINISHES} does that." if refused is Refusal.LANGUAGE else self.without_ai
            self.tell(f"{refusal_words(refused)} {also}")

    def draft_failed(self, message: DraftFailed) -> None:
        if self._is_ours(message):
            self.look_for_draft()
            said = message.sentence.strip() or "The draft was not made; your note is safe."
            self.tell(f"{said}{' ' if said.endswith('.') else ' · '}{self.without_ai}", trouble=True)

    def reread_note(self) -> bool:
        """Take the note from the vault again after another page was over this one. False once it is signed."""
        if self.note is not None:
            try:
                self.note = self.vault.notes.by_number(self.client.id, self.note.number)
            except NotekeeperError:
                return False
        return self.note is None or not self.note.signed

    def _is_ours(self, message: DraftAdvanced | DraftMade | DraftFailed) -> bool:
        """Whether the message is about this note, and the vault still open."""
        return self.keeper.vault is not None and self.note is not None and message.note_id == self.note.id


def _progress_words(progress: Progress | None) -> str:
    if progress is None:
        return "beginning"
    if not progress.total:
        return _STAGES[progress.stage]
    part = 100 * progress.done // progress.total
    counted = f" {part} %" if progress.stage == "loading" else f" {progress.done} of {progress.total}"
    return _STAGES[progress.stage] + counted
