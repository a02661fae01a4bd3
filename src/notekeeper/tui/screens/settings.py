"""Settings: the name that signs, the colours, after how long the app locks, and the way to a new passphrase.

What always holds: the name and registration are kept in the vault, everything else in a small file that says nothing
about anybody; colours and minutes hold at once, name and registration when this page is left or F5 is pressed.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from notekeeper.errors import NotekeeperError
from notekeeper.services.preferences import IDLE_CHOICES, Colours
from notekeeper.services.signing import set_signer
from notekeeper.tui.base import Page, plain
from notekeeper.tui.screens.passphrase import PassphrasePage
from notekeeper.tui.widgets import PickOne

_COLOURS = ((Colours.DARK, "Dark"), (Colours.LIGHT, "Light"), (Colours.HIGH_CONTRAST, "High contrast"))

_COPYING = (False, True)
_HINT = (
    "A number or space chooses. On the system’s clipboard other programs can read what you copy; notekeeper takes it "
    "back after half a minute and on locking. F12 locks. In an emergency Ctrl+L blanks the screen and locks at once."
)


class SettingsPage(Page):
    TITLE = "Settings"
    HELP = (
        "The name stands under everything that you sign from now on; what is signed already keeps its name. Colours "
        "and the time until the app locks hold at once. F2 changes the passphrase, F3 goes to keys and backups. Cut "
        "and copied text stays inside notekeeper, unless you choose the system’s clipboard too. F12 locks at any "
        "moment. Ctrl+L, in an emergency, blanks the screen and locks at once, asks nothing, and keeps what can be "
        "kept."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "passphrase", "Passphrase", tooltip="Change the passphrase", id="settings.passphrase"),
        Binding("f3", "keys", "Keys and backups", id="settings.keys"),
        Binding("f5,ctrl+s", "save", "Save", key_display="F5", id="settings.save"),
    ]
    DEFAULT_CSS = """
    SettingsPage Input { max-width: 60; margin: 0; }
    SettingsPage #settings-choices { height: auto; }
    SettingsPage #settings-left { width: 1fr; max-width: 36; height: auto; }
    SettingsPage PickOne { max-width: 36; }
    """

    def body(self) -> ComposeResult:
        signer, preferences = self.vault.signer(), self.keeper.preferences
        self._minutes = sorted({*IDLE_CHOICES, preferences.idle_minutes})
        with VerticalScroll(can_focus=False):
            for part, value, title in (
                ("name", signer.name if signer else "", "Your name, as it stands under what you sign"),
                ("registration", signer.registration if signer else "", "Your registration, if you have one"),
            ):
                field = Input(value, select_on_focus=False, id=f"settings-{part}")
                field.border_title = title
                yield field
            with Horizontal(id="settings-choices"):
                with Vertical(id="settings-left"):
                    yield PickOne(
                        [word for _, word in _COLOURS],
                        [colours for colours, _ in _COLOURS].index(preferences.colours),
                        title="Colours",
                        id="settings-colours",
                    )
                    yield PickOne(
                        ["inside notekeeper alone", "the system’s clipboard too"],
                        _COPYING.index(preferences.system_clipboard),
                        title="Copying",
                        id="settings-clipboard",
                    )
                yield PickOne(
                    [f"after {minutes} minute{'s' * (minutes > 1)}" for minutes in self._minutes],
                    self._minutes.index(preferences.idle_minutes),
                    title="Lock without a key or click",
                    id="settings-idle",
                )
            yield Static(
                plain(_HINT),
                classes="hint",
                markup=False,
            )

    @on(PickOne.Picked)
    def _picked(self, event: PickOne.Picked) -> None:
        before = self.keeper.preferences
        if event.picker.id == "settings-colours":
            wanted = before.model_copy(update={"colours": _COLOURS[event.index][0]})
        elif event.picker.id == "settings-clipboard":
            wanted = before.model_copy(update={"system_clipboard": _COPYING[event.index]})
        else:
            wanted = before.model_copy(update={"idle_minutes": self._minutes[event.index]})
        if wanted == before:
            return
        if self.keeper.prefer(wanted):
            self.tell("Kept, and in use from now on.")
        else:
            self.tell("In use until you quit; the settings could not be written for the next start.", trouble=True)

    def action_save(self) -> None:
        try:
            kept = self._keep_name()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.tell("Kept. Your name stands under what you sign from now on." if kept else "Nothing was changed.")

    def action_passphrase(self) -> None:
        if self.keeper.access.demonstration:
            self.tell("The demonstration keeps its passphrase, which its unlock screen shows.")
        else:
            self.app.push_screen(PassphrasePage())

    def action_keys(self) -> None:
        from notekeeper.tui.screens.keys import KeysPage

        self.app.push_screen(KeysPage())

    def keep(self) -> None:
        self._keep_name()

    def _keep_name(self) -> bool:
        name, registration = (self.query_one(f"#settings-{part}", Input).value for part in ("name", "registration"))
        signer = self.vault.signer()
        if (name.strip(), registration.strip()) == ((signer.name, signer.registration) if signer else ("", "")):
            return False
        set_signer(self.vault, name, registration)
        return True

    def action_back(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.tell(f"{error} Empty both fields to leave them as they were.", trouble=True)
            return
        self.dismiss()
