"""The app: it holds the open vault and the engine's room, and ends by locking.

What always holds: locking keeps what is typed, closes vault and engine, and ends this process's app, so that whoever
started it can put a fresh process in its place (`locking` says when and how); a crash prints neither locals nor an
error's message, which could hold a note's words or a key; nothing offers a picture of the screen or opens a browser;
nothing is put where other programs read it unless the settings ask for it.
"""

import re
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.message import Message as AnyMessage
from textual.screen import Screen

from notekeeper.domain.vault import Vault
from notekeeper.services.access_log import vault_locked, vault_opened
from notekeeper.services.backups import back_up_if_due
from notekeeper.services.preferences import Colours, Preferences, load_preferences, save_preferences
from notekeeper.tui.access import Access, Ending
from notekeeper.tui.backing import BackupDone, BackupHand, Job
from notekeeper.tui.base import Box, Page
from notekeeper.tui.clipboard import SystemClipboard
from notekeeper.tui.inert import Inert
from notekeeper.tui.locking import PANIC_KEY, Locking
from notekeeper.tui.messages import (
    DraftAdvanced,
    DraftFailed,
    DraftMade,
    PatternsAdvanced,
    PatternsUnworded,
    PatternsWorded,
)
from notekeeper.tui.room import EngineRoom
from notekeeper.tui.themes import HIGH_CONTRAST
from notekeeper.tui.turns import Turns
from notekeeper.tui.wake import Wake
from notekeeper.tui.watchdog import AtLast, Watchdog

__all__ = ["Access", "Ending", "NotekeeperApp"]

_THEMES = {
    Colours.DARK: "textual-dark",
    Colours.LIGHT: "textual-light",
    Colours.HIGH_CONTRAST: HIGH_CONTRAST.name,
}
_FUNCTION_KEY, _CONTROL_KEY = re.compile(r"f\d+"), re.compile(r"\^.")


class NotekeeperApp(App[Ending]):
    """The terminal app. `idle_s` is the time without a key or click after which it locks; else as in the settings.
    `at_last` ends this process when closing takes too long. `said` is what is to be told on the first page. `rescued`
    is told when the app has ended: where a copy of the vault lies whose files were taken away."""

    TITLE = "notekeeper"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f12", "lock", "Lock", id="app.lock", priority=True),
        Binding(PANIC_KEY, "lock_at_once", "Blank the screen and lock at once", id="app.panic", show=False),
        Binding("ctrl+q", "leave", "Quit", id="app.quit", show=False, priority=True),
    ]

    def __init__(
        self, access: Access, *, idle_s: float | None = None, at_last: AtLast | None = None, said: str = ""
    ) -> None:
        super().__init__()
        self.rescued, self._said_first = "", said
        self.access = access
        self.preferences = load_preferences()
        self.vault: Vault | None = None
        self.room: EngineRoom | None = None
        self._hand: BackupHand | None = None
        self._surroundings: tuple[str, ...] = ()
        self._hidden = False
        self._idle_s = idle_s
        self._turns = Turns(self)
        self._filters.append(Inert())
        self._clipboard_outside = SystemClipboard(self._write, self.set_timer)
        self.locking = Locking(self, Watchdog(at_last), Wake())

    @property
    def open_vault(self) -> Vault:
        """The vault. Raises `RuntimeError` before it is opened."""
        if self.vault is None:
            raise RuntimeError("no vault is open")
        return self.vault

    @property
    def idle_s(self) -> float:
        """Seconds without a key, click or turn of the wheel after which the app locks."""
        return self.preferences.idle_minutes * 60.0 if self._idle_s is None else self._idle_s

    def on_mount(self) -> None:
        self.register_theme(HIGH_CONTRAST)
        self.theme = _THEMES[self.preferences.colours]
        self.locking.listen()
        self.push_screen(self.first())

    def on_unmount(self) -> None:
        """Close everything once no screen is left that could ask the vault for something."""
        self.locking.stop()
        self.shut()

    def first(self) -> Page:
        """The page that the app starts on."""
        from notekeeper.tui.screens.opening import first_page

        return first_page(self.access.folder, self._said_first)

    def hold(self, vault: Vault) -> None:
        """Take the open vault, and an engine's room for it."""
        self.vault = vault
        vault_opened(vault)
        self.room = EngineRoom(self.access.open_parts, self.post_from_thread)
        self._hand = BackupHand(vault, self.post_from_thread)
        self.locking.touched()

    def prefer(self, preferences: Preferences) -> bool:
        """Use these settings from now on; False when they could not be kept for the next start."""
        self.preferences = preferences
        self.theme = _THEMES[preferences.colours]
        return save_preferences(preferences)

    def entered(self, vault: Vault) -> None:
        """The vault is open: show the caseload in the place of what opened it."""
        from notekeeper.tui.screens.caseload import CaseloadPage

        self.hold(vault)
        self._surroundings = self.access.surroundings(self.access.folder)
        self.switch_screen(CaseloadPage())
        self.back_up(back_up_if_due)

    def back_up(self, job: Job, *, asked: bool = False) -> None:
        """Have a backup made in the background, as `job` says. None is made of the demonstration by itself."""
        if self._hand is not None and (asked or not self.access.demonstration):
            self._hand.begin(job, asked=asked)

    def on_backup_done(self, message: BackupDone) -> None:
        if message.news.said and not any(hasattr(screen, "backup_done") for screen in self.screen_stack):
            self.tell_below(" ".join(message.news.said))
        self._hand_on("backup_done", message)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong with the vault as a whole, or with the place it lies in, until the therapist hides it."""
        if self._hidden or self.vault is None:
            return ()
        return tuple(filter(None, (self.vault.alarm, *self._surroundings)))

    def hide_warnings(self) -> None:
        """Show them no more until the next unlock."""
        self._hidden = True

    def tell_below(self, sentence: str) -> None:
        """Say something on the uppermost page, once it is there."""
        self.call_later(self._tell_uppermost, sentence)

    def _tell_uppermost(self, sentence: str) -> None:
        page = next((screen for screen in reversed(self.screen_stack) if isinstance(screen, Page)), None)
        if page is not None and page.is_mounted:
            page.tell(sentence)

    def post_from_thread(self, message: Any) -> None:
        """Post a message to this app from any thread."""
        self.post_message(message)

    def on_draft_advanced(self, message: DraftAdvanced) -> None:
        self._hand_on("draft_advanced", message)

    def on_draft_made(self, message: DraftMade) -> None:
        self._hand_on("draft_made", message)

    def on_draft_failed(self, message: DraftFailed) -> None:
        self._hand_on("draft_failed", message)

    def on_patterns_advanced(self, message: PatternsAdvanced) -> None:
        self._hand_on("patterns_advanced", message)

    def on_patterns_worded(self, message: PatternsWorded) -> None:
        self._hand_on("patterns_worded", message)

    def on_patterns_unworded(self, message: PatternsUnworded) -> None:
        self._hand_on("patterns_unworded", message)

    def _hand_on(self, name: str, message: Any) -> None:
        """Give a message of the room to every open page that has a method of that name."""
        for screen in self.screen_stack:
            if handler := getattr(screen, name, None):
                handler(message)

    async def on_event(self, event: events.Event) -> None:
        if not self.locking.touched_by(event):
            return
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if self._turns.take(event):
                await super().on_event(event)
                self._turns.given()
            return
        await super().on_event(event)

    def get_driver_class(self) -> type[Driver]:
        """As Textual's, with an ear for the panic key in the thread that reads the keys."""
        return _with_an_ear(super().get_driver_class())

    @property
    def driver(self) -> Driver | None:
        """What writes to the terminal; None before the app runs."""
        return self._driver

    def _write(self, sequence: str) -> None:
        if self._driver is not None:
            self._driver.write(sequence)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if self.locking.may_draw():
            super()._display(screen, renderable)

    def from_signal(self, call: Callable[[], None]) -> None:
        """Call something in the app's loop; safe in a signal handler."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.call_later, call)

    def end_engine(self) -> None:
        """End the engine's processes, without waiting for them."""
        if self.room is not None:
            threading.Thread(target=self.room.close, daemon=True).start()

    def forget_clipboard(self) -> None:
        """Take back what was put on the system's clipboard."""
        with suppress(Exception):  # nothing that has to do with the terminal keeps the app from ending
            self._clipboard_outside.clear()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "lock":
            return self.vault is not None
        return super().check_action(action, parameters)

    def get_key_display(self, binding: Binding) -> str:
        """The keys F1 to F12 and Ctrl+L as they stand on a keyboard and in every sentence of the app."""
        shown = super().get_key_display(binding)
        if _CONTROL_KEY.fullmatch(shown):
            return f"Ctrl+{shown[1].upper()}"
        return shown.upper() if _FUNCTION_KEY.fullmatch(shown) else shown

    def action_lock(self) -> None:
        """Keep what is typed, close everything, end with LOCKED."""
        self.locking.ask(Ending.LOCKED)

    def action_lock_at_once(self) -> None:
        """As `action_lock`, with the screen blank first and nothing asked."""
        self.locking.at_once()

    def action_leave(self) -> None:
        """Keep what is typed, close everything, end with QUIT."""
        self.locking.ask(Ending.QUIT)

    async def action_quit(self) -> None:
        """As `action_leave`; Textual's own would keep nothing."""
        self.action_leave()

    def action_suspend_process(self) -> None:
        """As `action_lock`: a stopped process would hold the key."""
        self.action_lock()

    def shut(self) -> None:
        """Close the engine's room and the vault."""
        room, self.room = self.room, None
        if self._hand is not None:
            self._hand.close()
        vault, self.vault = self.vault, None
        if room is not None:
            room.close()
        if vault is not None:
            try:
                vault_locked(vault)
                vault.close()
            finally:
                self.rescued = vault.rescued

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers: nothing that leaves the app or makes a file of the screen."""
        if self.vault is not None:
            yield SystemCommand("Lock", "Keep what is typed and lock the vault", self.action_lock)
        yield SystemCommand("Light theme", "Dark on light", lambda: self._use(Colours.LIGHT))
        yield SystemCommand("Dark theme", "Light on dark", lambda: self._use(Colours.DARK))
        yield SystemCommand("High contrast", "White on black", lambda: self._use(Colours.HIGH_CONTRAST))
        yield SystemCommand("Help", "Keys of this screen", lambda: self._help(screen))
        yield SystemCommand("Quit", "Keep what is typed and end", self.action_leave)

    def _use(self, colours: Colours) -> None:
        self.prefer(self.preferences.model_copy(update={"colours": colours}))

    def _help(self, screen: Screen[Any]) -> None:
        if isinstance(screen, Page):
            screen.action_help()

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """No browser is ever started."""

    def deliver_screenshot(self, *_: Any, **__: Any) -> None:
        """No picture of a screen that shows notes is written."""

    def copy_to_clipboard(self, text: str) -> None:
        """Cut, copied and pasted inside the app; put where other programs read it only if the settings say so."""
        self._clipboard = text
        if self.preferences.system_clipboard:
            self._clipboard_outside.put(text)

    def _fatal_error(self) -> None:
        """Textual would print the traceback with its locals: note text and key. Ours keeps what it can and is silent;
        what is said afterwards is the command line's."""
        for screen in reversed(self.screen_stack if self._screen_stack else ()):
            if isinstance(screen, Page | Box):
                with suppress(Exception):
                    screen.keep()
        with suppress(Exception):
            self.shut()
        self._return_value = Ending.CRASHED
        self._close_messages_no_wait()

    def panic(self, *_: Any) -> None:
        """As `_fatal_error`: an error that draws itself is not drawn."""
        self._fatal_error()

    def _print_error_renderables(self) -> None:
        """Nothing is printed by Textual."""
        self._exit_renderables.clear()


def _with_an_ear(kind: type[Driver]) -> type[Driver]:
    """This driver, which tells the app of the panic key before the app's loop comes to it."""

    class Listening(kind):  # type: ignore[misc, valid-type]  # which driver it is the system decides
        def process_message(self, message: AnyMessage) -> None:
            if isinstance(message, events.Key) and message.key == PANIC_KEY and isinstance(self._app, NotekeeperApp):
                self._app.locking.hear_panic()
            super().process_message(message)

    return Listening
