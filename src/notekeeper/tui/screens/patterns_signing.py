"""Signing a client's patterns: the attestation, what is kept and destroyed, one deliberate key; and what was signed.

What always holds: nothing is signed while a pattern awaits a decision or no name is given; the key is y, never the one
that opened the box.
"""

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Static
from textual.widgets.option_list import Option

from notekeeper.domain.note import Client
from notekeeper.domain.pattern import PatternSignOff, SignedPatterns
from notekeeper.domain.pattern_review import ATTESTATION
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.services.backups import after_signing
from notekeeper.services.client_patterns import LESS_MENTION, patterns_of
from notekeeper.services.client_patterns_review import BeforeSigningPatterns, before_signing, sign_patterns
from notekeeper.services.signing import set_signer
from notekeeper.tui.base import Box, Page, Telling, plain
from notekeeper.tui.screens.patterns_shown import ORIGINS
from notekeeper.tui.table import ReadLines

if TYPE_CHECKING:
    from notekeeper.tui.app import NotekeeperApp


class SignPatternsBox(Box[SignedPatterns]):
    """Answers with what was signed, or with None when it was left unsigned. The name is asked for once."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "sign", "Sign", id="sign-patterns.sign")]
    CSS = """
    SignPatternsBox Horizontal { height: auto; margin-top: 1; }
    SignPatternsBox Button { margin-right: 2; }
    SignPatternsBox Input { margin: 0; }
    SignPatternsBox #patterns-who { height: auto; }
    SignPatternsBox .box { border-title-color: $foreground; border-title-style: bold; }
    """

    def __init__(self, vault: Vault, client: Client) -> None:
        super().__init__()
        self._vault, self._client = vault, client

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False) as box:
            box.border_title = plain(f"Sign the patterns of {self._client.code}")
            yield Static(id="patterns-sign-told", markup=False)
            with Vertical(id="patterns-who"):
                yield Static(plain("\nYour name and registration are asked for once."), markup=False)
                yield Input(placeholder="Name", id="name", max_length=200)
                yield Input(placeholder="Registration (may be empty); Enter goes on", id="registration", max_length=200)
            with Horizontal():
                yield Button("y Sign", id="sign", variant="primary")
                yield Button("Esc Back", id="leave")
            yield Telling()

    def on_mount(self) -> None:
        self._show()

    def _before(self) -> BeforeSigningPatterns | None:
        try:
            return before_signing(self._vault, patterns_of(self._vault, self._client))
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return None

    def _show(self) -> None:
        before = self._before()
        named = before is not None and before.signer is not None
        ready = before is not None and not before.missing
        self.query_one("#patterns-who").display = ready and not named
        self.query_one("#sign", Button).disabled = not (ready and named)
        if before is not None:
            self.query_one("#patterns-sign-told", Static).update(plain(_told(before)))
        self.query_one("#name" if ready and not named else "#leave").focus()

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        if event.input.id == "name":
            self.query_one("#registration").focus()
            return
        try:
            name, registration = (self.query_one(f"#{field}", Input).value for field in ("name", "registration"))
            set_signer(self._vault, name, registration)
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
            signed = sign_patterns(self._vault, self._client)
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return
        self.dismiss(signed)
        cast("NotekeeperApp", self.app).back_up(after_signing)


class SignedPatternsPage(Page):
    """What was signed of a client's patterns, the newest first."""

    TITLE = "Signed patterns"
    HELP = (
        "Every signature on the patterns of this client, the newest first: that one stands. Earlier ones stay legible. "
        "What was signed stays when the client no longer agrees to patterns; what is kept of the model behind it goes."
    )
    DEFAULT_CSS = """
    SignedPatternsPage Lines, SignedPatternsPage Lines:focus {
        height: 1fr; border: none; background: $background; padding: 0 1;
    }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client

    def body(self) -> ComposeResult:
        yield ReadLines(id="patterns-signed", markup=False)

    def on_mount(self) -> None:
        self.banner(f"{self._client.code} · signed patterns")
        lines = self.query_one(ReadLines)
        lines.focus()
        try:
            signed = self.vault.pattern_signoffs.of_client(self._client.id)
            numbers = {note.id: note.number for note in self.vault.notes.of_client(self._client.id)}
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        lines.add_options(
            Option(plain(_signed_words(each.body, numbers, stands=each is signed[-1]))) for each in reversed(signed)
        )
        self.tell(LESS_MENTION if signed else "No patterns of this client were signed yet.")


def _told(before: BeforeSigningPatterns) -> str:
    if before.missing:
        return "\nNot yet. Still to do:\n" + "\n".join(f"  • {sentence}" for sentence in before.missing)
    own = f" ({before.own} of them my own)" if before.own else ""
    lines = ["", f"“{ATTESTATION}”", "", f"Kept: {before.kept} pattern(s){own}. Rejected: {before.rejected}."]
    if before.destroyed:
        lines.append(f"Destroyed: {before.destroyed} wording(s) of the model that I did not keep. Counts stay.")
    if before.supersedes:
        lines.append("The signature that stands now is superseded and stays legible.")
    if before.signer is not None:
        named = ", ".join(filter(None, (before.signer.name, before.signer.registration)))
        lines += ["", f"Signed by: {named}", "y signs."]
    return "\n".join(lines)


def _signed_words(body: PatternSignOff, numbers: dict[str, int], *, stands: bool) -> str:
    head = f"{body.signed_at.astimezone():%d %b %Y} · {body.signer.name}{' · stands' if stands else ' · superseded'}"
    lines = [head]
    for each in body.patterns:
        notes = ", ".join(str(numbers[note]) for note in each.notes if note in numbers)
        lines += [
            f"  {each.label}: {each.kind.words}",
            f"    {each.statement}  [{ORIGINS[each.origin]}; notes {notes}]",
        ]
    lines.append(f"  {body.rejected} rejected, {body.withheld} withheld")
    if body.provenance is not None and body.provenance.model:
        lines.append(f"  Worded by {body.provenance.model}")
    return "\n".join([*lines, ""])
