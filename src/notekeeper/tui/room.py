"""The engine's room: one lane in which notes are drafted while the therapist goes on typing.

What always holds: one draft at a time, in a thread that touches no widget and posts messages; closing the room ends
the engine's processes, whatever they were doing; nothing is drafted without a permit.
"""

import contextlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from textual.message import Message

from notekeeper.domain.consent import DraftPermit
from notekeeper.domain.engine import Progress
from notekeeper.domain.note import Note
from notekeeper.domain.vault import Vault
from notekeeper.drafting.parts import DraftingParts
from notekeeper.errors import CancelledError, NotekeeperError
from notekeeper.services.drafting import draft
from notekeeper.tui.messages import DraftAdvanced, DraftFailed, DraftMade

OpenParts = Callable[[], AbstractContextManager[DraftingParts]]
Post = Callable[[Message], object]
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
        """Start drafting the note's newest saved text. False when another draft is being made."""
        if self.working_on is not None or self._closed:
            return False
        self.working_on = note.id
        self._cancel.clear()
        threading.Thread(target=self._work, args=(permit, vault, note), daemon=True).start()
        return True

    def cancel(self) -> None:
        """Stop the draft that is being made; it fails with a sentence that says so."""
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

    def _work(self, permit: DraftPermit, vault: Vault, note: Note) -> None:
        def advanced(progress: Progress) -> None:
            self._post(DraftAdvanced(note.id, progress))

        outcome: Message
        try:
            _, made = draft(permit, vault, note, self._ready(), advanced, self._cancel)
            outcome = DraftMade(note.id, made)
        except NotekeeperError as error:
            outcome = DraftFailed(note.id, str(error))
        except Exception as error:  # noqa: BLE001 - a thread's last line of defence; the message could hold the note
            outcome = DraftFailed(
                note.id, f"Something unexpected happened ({type(error).__name__}). Your note is safe; nothing was kept."
            )
        self.working_on = None
        if not self._closed:
            self._post(outcome)
