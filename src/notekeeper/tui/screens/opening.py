"""The pages before the caseload: welcome, making a vault, unlocking one.

What always holds: a passphrase is checked in a thread, which posts what came of it; a wrong one stays in its field to
be mended; each of these pages stands alone, so nothing of it is left under the caseload.
"""

import contextlib
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
from notekeeper.errors import NotekeeperError
from notekeeper.services.demonstration import PASSPHRASE
from notekeeper.services.look_round import clear_away, is_demonstration, new_place
from notekeeper.tui.base import Page, plain
from notekeeper.tui.newpass import NewPassphrase

_NOTHING_SENT = "Everything stays on this computer. Nothing is sent anywhere."

_CHOICES = (
    ("make", "Make a vault    start with your own notes"),
    ("look", "Look round      a demonstration with invented clients"),
    ("quit", "Quit"),
)


def first_page(folder: Path) -> Page:
    """Unlocking when there is something at the vault's place, else a welcome."""
    return UnlockPage() if folder.exists() else WelcomePage()


@dataclass
class VaultOpened(Message):
    """A vault was opened or made; `recovery_key` is there for one just made by its therapist."""

    vault: Vault
    recovery_key: str = ""


@dataclass
class VaultRefused(Message):
    """It was not; `sentence` says why."""

    sentence: str


class OpeningPage(Page):
    """A page that opens a vault in a thread."""

    DEFAULT_CSS = """
    OpeningPage VerticalScroll { padding: 1 0 0 0; }
    OpeningPage .text { max-width: 76; margin: 0 0 1 0; }
    OpeningPage Input { max-width: 76; margin: 0; }
    OpeningPage .label { margin: 1 0 0 0; }
    OpeningPage OptionList { max-width: 76; height: auto; margin: 0 0 1 0; }
    """

    def attempt(self, doing: str, opened: Callable[[], VaultOpened]) -> None:
        """Say what is being done and do it in a thread; `VaultOpened` or `VaultRefused` is posted."""
        self.tell(doing)
        self.query_one("#body").disabled = True
        self.run_worker(partial(self._work, opened), thread=True, exclusive=True)

    def _work(self, opened: Callable[[], VaultOpened]) -> None:
        try:
            message: Message = opened()
        except NotekeeperError as error:
            message = VaultRefused(str(error))
        self.post_message(message)

    def on_vault_opened(self, message: VaultOpened) -> None:
        self.go_on(message)

    def on_vault_refused(self, message: VaultRefused) -> None:
        self.query_one("#body").disabled = False
        self.tell(message.sentence, trouble=True)
        self.app.action_focus_next()

    def go_on(self, opened: VaultOpened) -> None:
        """What follows: the caseload."""
        self.keeper.entered(opened.vault)


class WelcomePage(OpeningPage):
    TITLE = "Welcome to notekeeper"
    HELP = (
        "There is no vault at this place yet. Make one to start your own notes, or look round a demonstration first: "
        "invented clients in a vault of its own, which is removed when you quit."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Quit", id="page.back"),
        Binding("m", "choose('make')", "Make a vault", id="welcome.make"),
        Binding("d", "choose('look')", "Demonstration", id="welcome.look"),
    ]

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(
                plain(
                    "Session notes in a vault that only you can open. A language model on this computer can draft "
                    "focus and themes for you to judge; nothing enters the record until you sign it. "
                    f"{_NOTHING_SENT}"
                ),
                classes="text",
                markup=False,
            )
            yield OptionList(*(Option(plain(f"  {words}"), id=name) for name, words in _CHOICES))
            yield Static(plain(f"A vault would be made at:\n{self.keeper.access.folder}"), classes="hint", markup=False)

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


class UnlockPage(OpeningPage):
    TITLE = "Unlock"
    HELP = (
        "Type the passphrase and press Enter. F2 asks for the recovery key instead, which was written down when the "
        "vault was made: nine groups of four, in capitals or not, with dashes or without."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Quit", id="page.back"),
        Binding("f2", "other", "Passphrase or recovery key", id="unlock.other"),
        Binding("f3", "show", "Show or hide", id="unlock.show"),
    ]

    def body(self) -> ComposeResult:
        folder = self.keeper.access.folder
        with VerticalScroll(can_focus=False):
            if is_demonstration(folder):
                yield Static(plain(f"The demonstration’s passphrase: {PASSPHRASE}"), classes="text", markup=False)
            yield Static(plain("Passphrase"), id="unlock-label", classes="label", markup=False)
            yield Input(password=True, id="unlock-secret")
            yield Static(plain(f"\nThe vault at {folder}. {_NOTHING_SENT}"), classes="hint text", markup=False)

    @property
    def _by_recovery_key(self) -> bool:
        return self.has_class("recovery")

    def action_leave(self) -> None:
        self.keeper.action_leave()

    def action_other(self) -> None:
        self.toggle_class("recovery")
        field = self.query_one(Input)
        field.value, field.password = "", not self._by_recovery_key
        label = "Recovery key, as it was written down" if self._by_recovery_key else "Passphrase"
        self.query_one("#unlock-label", Static).update(plain(label))
        self.tell("")
        field.focus()

    def action_show(self) -> None:
        field = self.query_one(Input)
        field.password = not field.password

    @on(Input.Submitted)
    def _go_on(self, event: Input.Submitted) -> None:
        if not event.value:
            self.tell("Nothing is typed yet.", trouble=True)
            return
        access = self.keeper.access
        unlock = access.unlock_with_recovery_key if self._by_recovery_key else access.unlock
        self.attempt(
            "Opening the vault. This takes a moment on purpose: it slows a guesser far more.",
            lambda: VaultOpened(unlock(access.folder, event.value)),
        )
