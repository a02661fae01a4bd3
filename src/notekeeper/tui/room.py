"""The engine's room: one lane in which notes are drafted and patterns worded while the therapist goes on typing.

What always holds: one piece of work at a time, in a thread that touches no widget and posts messages; closing the room
ends the engine's processes, whatever they were doing; nothing is drafted or worded without a permit.
"""

import contextlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from textual.message import Message

from notekeeper.domain.consent import DraftPermit
from notekeeper.domain.engine import Progress
from notekeeper.domain.note import Client, Note
from notekeeper.domain.vault import Vault
from notekeeper.drafting.parts import DraftingParts
from notekeeper.errors import CancelledError, NotekeeperError
from notekeeper.services.client_patterns_wording import word_patterns
from notekeeper.services.drafting import draft
from notekeeper.tui.messages import (
    DraftAdvanced,
    DraftFailed,
    DraftMade,
    PatternsAdvanced,
    PatternsUnworded,
    PatternsWorded,
)

OpenParts = Callable[[], AbstractContextManager[DraftingParts]]
Post = Callable[[Message], object]
Job = Callable[[DraftingParts], Message]
Failed = Callable[[str], Message]
_OPENING_S = 0.3


class EngineRoom:
    """Holds the engine open from its first use until `close`. `post` must be safe to call from a thread."""

    def __init__(self, open_parts: OpenParts, post: Post) -> None:
        self._open_parts, self._post = open_parts, post
        self._held = contextlib.ExitStack()
        self._parts: DraftingParts | None = None
        self._lane, self._closing = threading.Lock(), threading.Lock()
        self._cancel = threading.Event()
        self._closed = False
        self.working_on: str | None = None

    def warm(self) -> None:
        """Load the models in the background, if they are there; a failure shows when a draft is asked for."""
        threading.Thread(target=self._try_parts, daemon=True).start()

    def begin(self, permit: DraftPermit, vault: Vault, note: Note) -> bool:
        """Start drafting the note's newest saved text. False when something else is being worked on."""

        def job(parts: DraftingParts) -> Message:
            _, made = draft(permit, vault, note, parts, advanced, self._cancel)
            return DraftMade(note.id, made)

        def advanced(progress: Progress) -> None:
            self._post(DraftAdvanced(note.id, progress))

        return self._begin(note.id, job, lambda sentence: DraftFailed(note.id, sentence))

    def begin_patterns(self, permit: DraftPermit, vault: Vault, client: Client) -> bool:
        """Start wording the client's patterns. False when something else is being worked on."""

        def job(parts: DraftingParts) -> Message:
            worded, plain = word_patterns(permit, vault, client, parts, advanced, self._cancel)
            return PatternsWorded(client.id, worded, plain)

        def advanced(progress: Progress) -> None:
            self._post(PatternsAdvanced(client.id, progress))

        return self._begin(client.id, job, lambda sentence: PatternsUnworded(client.id, sentence))

    def _begin(self, about: str, job: Job, failed: Failed) -> bool:
        if self.working_on is not None or self._closed:
            return False
        self.working_on = about
        self._cancel.clear()
        threading.Thread(target=self._work, args=(job, failed), daemon=True).start()
        return True

    def cancel(self) -> None:
        """Stop what is being made; it fails with a sentence that says so."""
        self._cancel.set()

    def close(self) -> None:
        """End the engine's processes. The room is not used again. Safe in any thread, and to call twice."""
        self._closed = True
        self._cancel.set()
        with self._closing:
            if self._lane.acquire(timeout=_OPENING_S):  # a thread that is just opening the engine closes it itself
                self._lane.release()
            parts, self._parts = self._parts, None
            if parts is not None:
                self._held.close()

    def _ready(self) -> DraftingParts:
        with self._lane:
            if self._parts is None:
                self._parts = self._held.enter_context(self._open_parts())
                if self._closed:
                    self._held.close()
                    raise CancelledError("The vault was locked, so no draft was made.")
            return self._parts

    def _try_parts(self) -> None:
        with contextlib.suppress(NotekeeperError):
            self._ready()

    def _work(self, job: Job, failed: Failed) -> None:
        outcome: Message
        try:
            outcome = job(self._ready())
        except NotekeeperError as error:
            outcome = failed(str(error))
        except Exception as error:  # noqa: BLE001 - a thread's last line of defence; the message could hold the note
            outcome = failed(
                f"Something unexpected happened ({type(error).__name__}). Your notes are safe; nothing was kept."
            )
        self.working_on = None
        if not self._closed:
            self._post(outcome)
