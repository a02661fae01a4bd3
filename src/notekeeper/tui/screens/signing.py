"""Signing: the attestation, what is kept and what is destroyed, and one deliberate key.

What always holds: nothing is signed while something is missing or no name is given. The key is y: one key, as signing
is done several times a day, but never the one that opened the box, so that a key held too long signs nothing.
"""

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Static

from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import ATTESTATION
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.services.backups import after_signing
from notekeeper.services.signing import BeforeSigning, before_signing, set_signer, sign
from notekeeper.tui.base import Box, Page, Telling, plain

if TYPE_CHECKING:
    from notekeeper.tui.app import NotekeeperApp


class SignBox(Box[Note]):
    """Answers with the signed note, or with None when it was left unsigned. The name is asked for once."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "sign", "Sign", id="sign.sign")]
    CSS = """
    SignBox Horizontal { height: auto; margin-top: 1; }
    SignBox Button { margin-right: 2; }
    SignBox Input { margin: 0; }
    SignBox #who { height: auto; }
    SignBox .box { border-title-color: $foreground; border-title-style: bold; }
    """

    def __init__(self, client: Client, note: Note) -> None:
        super().__init__()
        self.client, self.note = client, note

    @property
    def vault(self) -> Vault:
        """The open vault."""
        return cast("NotekeeperApp", self.app).open_vault

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False) as box:
            # In the frame, which stays: at 80 by 24 the field for the name scrolls the first lines away.
            box.border_title = plain(f"Sign {self.client.code}/{self.note.number}")
            yield Static(id="told", markup=False)
            with Vertical(id="who"):
                yield Static(plain("\nYour name and registration are asked for once."), markup=False)
                yield Input(placeholder="Name", id="name", max_length=200)
                yield Input(placeholder="Registration (may be empty); Enter goes on", id="registration", max_length=200)
            with Horizontal():
                yield Button("y Sign", id="sign", variant="primary")
                yield Button("Esc Back", id="leave")
            yield Telling()

    def on_mount(self) -> None:
        self._show()

    def _before(self) -> BeforeSigning | None:
        try:
            return before_signing(self.vault, self.client, self.note)
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return None

    def _show(self) -> None:
        before = self._before()
        named = before is not None and before.signer is not None
        ready = before is not None and not before.missing
        self.query_one("#who").display = ready and not named
        self.query_one("#sign", Button).disabled = not (ready and named)
        if before is not None:
            self.query_one("#told", Static).update(plain(_told(before)))
        if ready and not named:
            self.query_one("#name").focus()
        else:
            self.query_one("#leave").focus()

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        if event.input.id == "name":
            self.query_one("#registration").focus()
            return
        try:
            name, registration = (self.query_one(f"#{field}", Input).value for field in ("name", "registration"))
            set_signer(self.vault, name, registration)
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            self.query_one("#name").focus()
            return
        self.query_one(Telling).tell("")
        self._show()

    def keep(self) -> None:
        """A name that is being typed is asked for again; nothing of a note is here."""

    @on(Button.Pressed, "#leave")
    def _left(self) -> None:
        self.dismiss(None)

    @on(Button.Pressed, "#sign")
    def action_sign(self) -> None:
        before = self._before()
        if before is None or before.missing or before.signer is None:
            return
        try:
            sign(self.vault, self.client, self.note, demonstration=self.client.demonstration)
            signed = self.vault.notes.by_number(self.client.id, self.note.number)
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return
        self.dismiss(signed)
        keeper = cast("NotekeeperApp", self.app)
        keeper.back_up(after_signing)


def _told(before: BeforeSigning) -> str:
    reminded = [f"\n! {before.reminder.sentence_with_places}"] if before.reminder else []
    if before.missing:
        return "\nNot yet. Still to do:\n" + "\n".join([f"  • {sentence}" for sentence in before.missing] + reminded)
    kept = [f"{_items(before.record)} to the record"]
    kept += [f"{before.supervision} to my supervision notes"] if before.supervision else []
    own = f" ({before.own} in my own words from the start)" if before.own else ""
    lines = [*reminded, "", f"“{ATTESTATION}”", "", f"Kept: {', '.join(kept)}{own}."]
    if before.destroyed:
        lines.append(f"Destroyed: {_items(before.destroyed)} as the model worded them. Counts and reasons stay.")
    lines.append("The note is closed then. Later thoughts go beneath it as dated addenda.")
    if before.signer is not None:
        named = ", ".join(filter(None, (before.signer.name, before.signer.registration)))
        lines += ["", f"Signed by: {named}", "y signs."]
    return "\n".join(lines)


def _items(count: int) -> str:
    return f"{count} {'item' if count == 1 else 'items'}"


def offer_to_sign(page: Page, client: Client, note: Note) -> None:
    """Show the box over `page`; once signed, the signed note takes the page's place."""

    def after(signed: Note | None) -> None:
        if signed is not None:
            from notekeeper.tui.screens.signed import SignedPage

            page.app.switch_screen(SignedPage(client, signed))

    page.app.push_screen(SignBox(client, note), after)
