"""The pages before the caseload: what they share, the welcome, making a vault.

What always holds: a passphrase is checked in a thread, which posts what came of it; a wrong one stays in its field to
be mended; each of these pages stands alone, so nothing of it is left under the caseload.
"""

import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError, TooManyTriesError
from notekeeper.services.demonstration import PASSPHRASE
from notekeeper.services.look_round import clear_away, new_place
from notekeeper.tui.base import Page, plain
from notekeeper.tui.newpass import NewPassphrase

NOTHING_SENT = "Everything stays on this computer. Nothing is sent anywhere."

_CHOICES = (
    ("make", "Make a vault    start with your own notes"),
    ("look", "Look round      a demonstration with invented clients"),
    ("restore", "Restore         from a backup, as on a new computer"),
    ("quit", "Quit"),
)


def first_page(folder: Path, said: str = "") -> Page:
    """Unlocking when there is something at the vault's place, else a welcome; `said` stands there first."""
    from notekeeper.tui.screens.unlock import UnlockPage

    return UnlockPage(said) if folder.exists() else WelcomePage(said)


@dataclass
class VaultOpened(Message):
    """A vault was opened or made; `recovery_key` is there for one just made by its therapist."""

    vault: Vault
    recovery_key: str = ""


@dataclass
class VaultRefused(Message):
    """It was not; `sentence` says why. `seconds` is how long the next passphrase or key is not looked at."""

    sentence: str
    seconds: int = 0


class OpeningPage(Page):
    """A page that opens a vault in a thread. While the vault lets nobody try, it counts the seconds."""

    _until = 0.0

    DEFAULT_CSS = """
    OpeningPage VerticalScroll { padding: 1 0 0 0; }
    OpeningPage .text { max-width: 76; margin: 0 0 1 0; }
    OpeningPage Input { max-width: 76; margin: 0; }
    OpeningPage .label { margin: 1 0 0 0; }
    OpeningPage OptionList { max-width: 76; height: auto; margin: 0 0 1 0; }
    """

    def attempt(self, doing: str, done: Callable[[], Message]) -> None:
        """Say what is being done and do it in a thread; what it gives, such as `VaultOpened`, or `VaultRefused` is
        posted."""
        self.tell(doing)
        self.query_one("#body").disabled = True
        self.run_worker(partial(self._work, done), thread=True, exclusive=True)

    def _work(self, done: Callable[[], Message]) -> None:
        try:
            message = done()
        except TooManyTriesError as error:
            message = VaultRefused("", error.seconds)
        except NotekeeperError as error:
            message = VaultRefused(str(error))
        self.post_message(message)

    def on_vault_opened(self, message: VaultOpened) -> None:
        self.go_on(message)

    def on_vault_refused(self, message: VaultRefused) -> None:
        self.query_one("#body").disabled = False
        if message.seconds:
            self._until = time.monotonic() + message.seconds
            self._count()
        else:
            self.tell(message.sentence, trouble=True)
        self.app.action_focus_next()

    def must_wait(self) -> bool:
        """Whether the delay after wrong tries lasts still; the line above the keys counts it."""
        return time.monotonic() < self._until

    def _count(self) -> None:
        if not self.must_wait():
            self.tell("You can try again now.")
            return
        left = math.ceil(self._until - time.monotonic())
        seconds = "1 second" if left == 1 else f"{left} seconds"
        self.tell(
            f"Too many wrong tries in a row: the next one is looked at in {seconds}. Nothing was changed, and the "
            "right one opens the vault as ever.",
            trouble=True,
        )
        self.set_timer(min(1.0, self._until - time.monotonic()), self._count)

    def go_on(self, opened: VaultOpened) -> None:
        """What follows: the caseload."""
        self.keeper.entered(opened.vault)


class WelcomePage(OpeningPage):
    TITLE = "Welcome to notekeeper"
    HELP = (
        "There is no vault at this place yet. Make one to start your own notes, or look round a demonstration first: "
        "invented clients in a vault of its own, which is removed when you quit. A backup of a vault, as from another "
        "computer, is restored with r."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Quit", id="page.back"),
        Binding("m", "choose('make')", "Make a vault", id="welcome.make"),
        Binding("d", "choose('look')", "Demonstration", id="welcome.look"),
        Binding("r", "choose('restore')", "Restore", tooltip="Restore a backup", id="welcome.restore"),
    ]

    def __init__(self, said: str = "") -> None:
        super().__init__()
        self._said = said

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            if self._said:
                yield Static(plain(self._said), classes="text", markup=False)
            yield Static(
                plain(
                    "Session notes in a vault that only you can open. A language model on this computer can draft "
                    "focus and themes for you to judge; nothing enters the record until you sign it. "
                    f"{NOTHING_SENT}"
                ),
                classes="text",
                markup=False,
            )
            yield OptionList(*(Option(plain(f"  {words}"), id=name) for name, words in _CHOICES))
            folder = self.keeper.access.folder
            said = f"A vault would be made at:\n{folder}\n{self.keeper.access.place_said(folder)}".rstrip()
            yield Static(plain(said), classes="hint", markup=False)

    @on(OptionList.OptionHighlighted)
    def _pointed(self, event: OptionList.OptionHighlighted) -> None:
        for name, words in _CHOICES:
            event.option_list.replace_option_prompt(name, plain(f"{'▸' if name == event.option_id else ' '} {words}"))

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.action_choose(event.option_id or "")

    def action_leave(self) -> None:
        self.keeper.action_leave()

    def action_choose(self, what: str) -> None:
        if what == "make":
            self.app.switch_screen(CreatePage())
        elif what == "look":
            self.attempt("Making a vault of invented clients. This takes a few seconds.", self._demonstration)
        elif what == "restore":
            to_restoring(self)
        else:
            self.keeper.action_leave()

    def _demonstration(self) -> VaultOpened:
        access, before = self.keeper.access, self.keeper.access.folder
        try:
            place = new_place()
        except OSError:
            raise NotekeeperError(
                "No folder for temporary files can be written, so there is nowhere to put the demonstration. Nothing "
                "was changed; please make room and try again."
            ) from None
        vault: Vault | None = None
        try:
            access.folder = place
            vault, _ = access.create(place, PASSPHRASE)
            access.fill_demonstration(vault)
        except BaseException:
            access.folder = before
            if vault is not None:
                with contextlib.suppress(NotekeeperError):
                    vault.close()
            clear_away(place)
            raise
        return VaultOpened(vault)


class CreatePage(OpeningPage):
    TITLE = "Make a vault"
    HELP = (
        "The passphrase is what opens the vault every day. Four or five unrelated words are easy to remember and hard "
        "to guess. Next you are shown a recovery key, to be written down for the day on which the passphrase is lost."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "show", "Show or hide what is typed", id="create.show")]

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(
                plain(
                    "The passphrase turns your notes into something nobody else can read, and back. It is kept "
                    "nowhere: without it, or the recovery key that comes next, no one can open the vault. Four or five "
                    "unrelated words are easy to remember and hard to guess."
                ),
                classes="text",
                markup=False,
            )
            yield NewPassphrase("Passphrase")
            yield Static(plain("Enter goes on."), classes="hint", markup=False)

    def action_back(self) -> None:
        self.app.switch_screen(WelcomePage())

    def action_show(self) -> None:
        for field in self.query(Input):
            field.password = not field.password

    @on(NewPassphrase.Unfit)
    def _unfit(self, message: NewPassphrase.Unfit) -> None:
        self.tell(f"{message.sentence} Nothing was made yet.", trouble=True)

    @on(NewPassphrase.Given)
    def _given(self, message: NewPassphrase.Given) -> None:
        self.attempt(
            "Making the vault. Turning a passphrase into a key is slow on purpose: it slows a guesser far more.",
            partial(self._make, message.passphrase),
        )

    def _make(self, passphrase: str) -> VaultOpened:
        return VaultOpened(*self.keeper.access.create(self.keeper.access.folder, passphrase))

    def go_on(self, opened: VaultOpened) -> None:
        from notekeeper.tui.screens.recovery import RecoveryPage

        opened.vault.close()  # the typed key must open it again
        self.app.switch_screen(RecoveryPage(opened.recovery_key))


def to_restoring(page: Page) -> None:
    """Show the page that restores a backup in the place of this one."""
    from notekeeper.tui.screens.restoring import RestorePage

    page.app.switch_screen(RestorePage())
