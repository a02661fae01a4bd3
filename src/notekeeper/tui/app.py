"""The app: it holds the open vault and the engine's room, and ends by locking.

What always holds: locking keeps what is typed, closes vault and engine, and ends this process's app, so that whoever
started it can put a fresh process in its place; a crash prints neither locals nor an error's message, which could
hold a note's words or a key; nothing offers a picture of the screen or opens a browser.
"""

import signal
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from notekeeper.domain.vault import Vault
from notekeeper.drafting.parts import DraftingParts
from notekeeper.tui.base import Page, plain
from notekeeper.tui.messages import DraftAdvanced, DraftFailed, DraftMade
from notekeeper.tui.room import EngineRoom
from notekeeper.tui.themes import HIGH_CONTRAST

IDLE_S = 300.0
_IDLE_LOOK_S = 5.0


class Ending(StrEnum):
    """Why the app ended. After LOCKED a fresh process shows the unlock screen."""

    QUIT = "quit"
    LOCKED = "locked"
    CRASHED = "crashed"


class Access:
    """How the app reaches vaults and models; given by the command line, which takes it from `bootstrap`."""

    def __init__(
        self,
        folder: Path,
        *,
        create: Callable[[Path, str], tuple[Vault, str]],
        unlock: Callable[[Path, str], Vault],
        unlock_with_recovery_key: Callable[[Path, str], Vault],
        open_parts: Callable[[], AbstractContextManager[DraftingParts]],
        fill_demonstration: Callable[[Vault], object],
        codes: Callable[[], dict[str, str]],
    ) -> None:
        self.folder = folder
        self.create, self.unlock, self.unlock_with_recovery_key = create, unlock, unlock_with_recovery_key
        self.open_parts, self.fill_demonstration, self.codes = open_parts, fill_demonstration, codes


class NotekeeperApp(App[Ending]):
    """The terminal app. `idle_s` is the time without a key or click after which it locks."""

    TITLE = "notekeeper"
    CSS_PATH = "app.tcss"
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f12", "lock", "Lock", id="app.lock", priority=True),
        Binding("ctrl+q", "leave", "Quit", id="app.quit", show=False, priority=True),
    ]

    def __init__(self, access: Access, *, idle_s: float = IDLE_S) -> None:
        super().__init__()
        self.access = access
        self.idle_s = idle_s
        self.vault: Vault | None = None
        self.room: EngineRoom | None = None
        self._last_touch = time.monotonic()

    @property
    def open_vault(self) -> Vault:
        """The vault. Raises `RuntimeError` before it is opened."""
        if self.vault is None:
            raise RuntimeError("no vault is open")
        return self.vault

    def on_mount(self) -> None:
        self.register_theme(HIGH_CONTRAST)
        self.theme = "textual-dark"
        self.set_interval(_IDLE_LOOK_S, self._lock_when_idle)
        with suppress(AttributeError, ValueError, OSError):
            signal.signal(signal.SIGHUP, self._hung_up)
        from notekeeper.tui.screens.opening import first_page

        self.push_screen(first_page(self.access.folder))

    def entered(self, vault: Vault) -> None:
        """The vault is open: show the caseload, and load the models while the therapist looks at it."""
        from notekeeper.tui.screens.caseload import CaseloadPage

        self.vault = vault
        self.room = EngineRoom(self.access.open_parts, self.post_from_thread)
        self.switch_screen(CaseloadPage())

    def post_from_thread(self, message: Any) -> None:
        """Post a message to this app from any thread."""
        self.post_message(message)

    def on_draft_advanced(self, message: DraftAdvanced) -> None:
        self._hand_on("draft_advanced", message)

    def on_draft_made(self, message: DraftMade) -> None:
        self._hand_on("draft_made", message)

    def on_draft_failed(self, message: DraftFailed) -> None:
        self._hand_on("draft_failed", message)

    def _hand_on(self, name: str, message: Any) -> None:
        """Give a message of the room to every open page that has a method of that name."""
        for screen in self.screen_stack:
            if handler := getattr(screen, name, None):
                handler(message)

    def on_event(self, event: events.Event) -> Any:
        if isinstance(event, events.Key | events.MouseDown | events.Paste):
            self._last_touch = time.monotonic()
        return super().on_event(event)

    def _lock_when_idle(self) -> None:
        if self.vault is not None and time.monotonic() - self._last_touch >= self.idle_s:
            self.action_lock()

    def _hung_up(self, *_: object) -> None:
        self.call_later(self.action_leave)

    def keep_everything(self) -> None:
        """Let every open page put what is typed into the vault."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Page):
                screen.keep()

    def action_lock(self) -> None:
        """Keep what is typed, close everything, end with LOCKED."""
        self._end(Ending.LOCKED if self.vault is not None else Ending.QUIT)

    def action_leave(self) -> None:
        """Keep what is typed, close everything, end with QUIT."""
        self._end(Ending.QUIT)

    def _end(self, ending: Ending) -> None:
        self.keep_everything()
        self.shut()
        self.exit(ending)

    def shut(self) -> None:
        """Close the engine's room and the vault."""
        room, self.room = self.room, None
        vault, self.vault = self.vault, None
        if room is not None:
            room.close()
        if vault is not None:
            vault.close()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers: nothing that leaves the app or makes a file of the screen."""
        yield SystemCommand("Lock", "Keep what is typed and lock the vault", self.action_lock)
        yield SystemCommand("Light theme", "Dark on light", lambda: self._use("textual-light"))
        yield SystemCommand("Dark theme", "Light on dark", lambda: self._use("textual-dark"))
        yield SystemCommand("High contrast", "White on black, nothing dimmed", lambda: self._use(HIGH_CONTRAST.name))
        yield SystemCommand("Help", "Keys of this screen", lambda: self._help(screen))
        yield SystemCommand("Quit", "Keep what is typed and end", self.action_leave)

    def _use(self, theme: str) -> None:
        self.theme = theme

    def _help(self, screen: Screen[Any]) -> None:
        if isinstance(screen, Page):
            screen.action_help()

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """No browser is ever started."""

    def deliver_screenshot(self, *_: Any, **__: Any) -> None:
        """No picture of a screen that shows notes is written."""

    def copy_to_clipboard(self, text: str) -> None:
        """Nothing is put where other programs read it."""

    def _fatal_error(self) -> None:
        """Textual would print the traceback with its locals: note text and key. Ours names the kind and keeps on."""
        with suppress(Exception):
            self.keep_everything()
        with suppress(Exception):
            self.shut()
        self._exit_renderables.append(plain(_CRASHED))
        self._return_value = Ending.CRASHED
        self._close_messages_no_wait()


_CRASHED = (
    "notekeeper: something unexpected happened and the app has closed. What you saved is safe, and what you typed was "
    "kept up to the last second or two. Start notekeeper again and open the note; `notekeeper verify` checks the vault."
)
