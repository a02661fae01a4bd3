"""A signed note: the text as it was signed, what was kept with it, and what was added since.

What always holds: nothing here changes what was signed; an addendum being written is kept as it is typed and is none
until it is added.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from notekeeper.domain.note import MAX_NOTE_CHARACTERS, Client, Note
from notekeeper.domain.review import Destination, KeptItem
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.risk_told import entry_told
from notekeeper.errors import NotekeeperError
from notekeeper.services.addenda import add_addendum, begun, begun_risk, keep_begun, keep_begun_risk
from notekeeper.services.caseload import kind_words, own_day
from notekeeper.services.corrections import Correction, corrections_about, standing_words
from notekeeper.services.signing import SignedNote, signed_note
from notekeeper.services.supervision import DiscussedItem, beside, beside_words, discussed
from notekeeper.services.supervision_flags import Flagged, flag_words, open_flags
from notekeeper.tui.base import Page, plain
from notekeeper.tui.screens.riskbox import RiskBox
from notekeeper.tui.widgets import ShortText

_ORIGIN = {
    "therapist": "mine",
    "model_accepted": "as drafted",
    "model_edited": "drafted, my words",
}
_APART = "Process notes: kept apart from AI and reports; still personal data and may be disclosable"
_LOOK_EVERY_S = 1.0


class SignedPage(Page):
    """One signed note of `client`."""

    TITLE = "Signed note"
    HELP = """
The note as it was signed. It stays as it is; a later thought goes beneath it as a dated addendum (a).
F3 records risk later: the entry goes beneath the note with an addendum, with words or without, and what was signed
stays legible. F4 leaves it out again.
What you type for an addendum is kept, and is added for good with F5. Esc leaves it for later.
r makes a report of this client's signed sessions. v shows what was saved before it was signed.
w moves a note that was filed under the wrong client to the right file, where it is not signed.
s flags something of this note for supervision; what a supervisor wrote back stands beneath each item.
A client's correction requests about this note stand beneath it, with your answer and their statement.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "addendum", "Addendum", id="signed.addendum"),
        Binding("f3", "risk", "Risk", id="signed.risk", tooltip="Record risk later, with an addendum"),
        Binding("f4", "no_risk", "Leave risk out", id="signed.no_risk"),
        Binding("f5,ctrl+s", "add", "Add for good", id="signed.add", key_display="F5"),
        Binding("r", "report", "Report", id="signed.report"),
        Binding("v", "revisions", "Past", id="signed.revisions", tooltip="Earlier revisions, and what changed"),
        Binding("s", "flag", "Flag for supervision", show=False, id="signed.flag"),
        Binding("w", "wrong_file", "Wrong client", id="signed.wrong_file", tooltip="Move it to the right file"),
    ]
    DEFAULT_CSS = """
    SignedPage #paper { height: 1fr; }
    SignedPage #paper Static { height: auto; width: 1fr; }
    SignedPage .part { margin-top: 1; text-style: bold; }
    SignedPage #writing { height: auto; display: none; }
    SignedPage #writing ShortText { height: 7; }
    SignedPage #writing-risk { height: auto; }
    """

    def __init__(self, client: Client, note: Note) -> None:
        super().__init__()
        self.client, self.note = client, note
        self._kept = ""
        self._risk: RiskEntry | None = None

    def body(self) -> ComposeResult:
        yield VerticalScroll(id="paper")
        with Vertical(id="writing"):
            yield Static(id="writing-risk", markup=False)
            yield ShortText(most=MAX_NOTE_CHARACTERS, title="Addendum: F5 adds it for good, Esc leaves it for later")

    def on_mount(self) -> None:
        about = f"{self.client.code}/{self.note.number} · {kind_words(self.note.kind)} · {self.note.date:%d %b %Y}"
        self.banner(f"{'DEMONSTRATION · ' if self.client.demonstration else ''}SIGNED ✓ · {about}")
        self.set_interval(_LOOK_EVERY_S, self._look)
        self._show()
        self.query_one("#paper").focus()
        self._kept, self._risk = begun(self.vault, self.note), begun_risk(self.vault, self.note)
        if self._kept or self._risk:
            self.tell("An addendum was begun here and is not added yet: a goes on with it.")

    def _show(self, *, to_the_end: bool = False) -> None:
        paper = self.query_one("#paper", VerticalScroll)
        try:
            held = signed_note(self.vault, self.note)
            asked = _corrections(corrections_about(self.vault, self.note))
            came = discussed(self.vault, self.client)
            flags = [each for each in open_flags(self.vault, self.client) if self.note.id in each.flag.notes]
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        if held.risk.state is RiskState.NOT_RECORDED:
            self.tell("Risk is not recorded for this note. F3 records it now, in a dated addendum.")
        paper.remove_children()
        paper.mount_all(
            Static(plain(text), classes="part" if heading else "", markup=False)
            for heading, text in [*_parts(held, came), *_flags(flags), *asked]
        )
        if to_the_end:
            self.call_after_refresh(paper.scroll_end, animate=False)

    @property
    def _line(self) -> ShortText:
        return self.query_one(ShortText)

    @property
    def _writing(self) -> bool:
        return bool(self.query_one("#writing").display)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What can be done while writing is not what can be done while reading."""
        if action == "no_risk":
            return self.is_mounted and self._writing and self._risk is not None
        if action in ("add", "addendum", "report", "revisions", "wrong_file"):
            return self._writing == (action == "add") if self.is_mounted else action != "add"
        return super().check_action(action, parameters)

    def action_addendum(self) -> None:
        self.query_one("#writing").display = True
        self._line.text = self._kept
        self._line.to_the_end()
        self._line.focus()
        self.tell("")
        self._show_risk()

    def _show_risk(self) -> None:
        """Whether a risk entry goes with the addendum."""
        told = f"✓ Risk entry with it: {self._risk.state.words} (F3 changes it, F4 leaves it out)" if self._risk else ""
        self.query_one("#writing-risk", Static).update(plain(told or "No risk entry with it (F3 records one)"))
        self.refresh_bindings()

    def action_risk(self) -> None:
        """Write the risk entry that the addendum will bring; it opens the addendum."""
        if not self._writing:
            self.action_addendum()
        self.app.push_screen(RiskBox(self._risk, self._keep_risk, lambda: (self.vault, self.note)), self._risk_written)

    def _keep_risk(self, entry: RiskEntry | None) -> None:
        keep_begun_risk(self.vault, self.note, entry)
        self._risk = entry

    def _risk_written(self, _: RiskEntry | None) -> None:
        self._show_risk()
        self._line.focus()

    def action_no_risk(self) -> None:
        """Add the words alone."""
        try:
            self._keep_risk(None)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
        self._show_risk()

    def action_add(self) -> None:
        try:
            self.keep()
            added = add_addendum(self.vault, self.client, self.note, self._line.text, self._risk)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._kept = self._line.text = ""
        self._risk = None
        self._close()
        self._show(to_the_end=True)
        self.tell(f"Addendum {added.number} was added beneath the note.")

    def _look(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)

    def keep(self) -> None:
        """The addendum that is being typed."""
        if self._writing and self._line.text != self._kept:
            keep_begun(self.vault, self.note, self._line.text)
            self._kept = self._line.text

    def _close(self) -> None:
        self.query_one("#writing").display = False
        self.query_one("#paper").focus()
        self.refresh_bindings()

    def action_back(self) -> None:
        """From the addendum to the note, from the note back."""
        if not self._writing:
            super().action_back()
            return
        try:
            self.keep()
        except NotekeeperError as error:
            self.tell(f"{error} You are still here, so that nothing is lost.", trouble=True)
            return
        self._close()
        if self._kept or self._risk:
            self.tell("What you typed is kept; a goes on with it.")

    def action_revisions(self) -> None:
        from notekeeper.tui.screens.revisions import RevisionsPage

        self.app.push_screen(RevisionsPage(self.client, self.note))

    def action_wrong_file(self) -> None:
        """Ask for the right client and move the note to their file."""
        from notekeeper.tui.screens.misfiled import MoveBox

        self.app.push_screen(MoveBox(self.vault, self.client, self.note), self._moved)

    def _moved(self, moved: tuple[Client, Note] | None) -> None:
        if moved is not None:
            self.dismiss()

    def action_flag(self) -> None:
        """Flag the note, its risk entry, or a theme or kept reflection of it."""
        from notekeeper.tui.screens.supervision_flagging import FlagBox

        self.app.push_screen(FlagBox(self.vault, self.client, self.note), self._flagged)

    def _flagged(self, added: Flagged | None) -> None:
        if added is not None:
            self._show()
            self.tell(f"Flagged for supervision: S{added.number}, {flag_words(added)}.")

    def action_report(self) -> None:
        from notekeeper.tui.screens.report import ReportPage

        self.app.push_screen(ReportPage(self.client))


def _parts(held: SignedNote, came: list[DiscussedItem]) -> list[tuple[bool, str]]:
    """Headings (True) and texts, in the order shown; beneath an item what came of supervision on it."""
    body = held.signed.body
    parts = [(True, "Note, as signed"), (False, held.text)]
    parts += [(True, "Risk and safeguarding, as signed"), (False, _risk(body.risk) + _recorded_later(held))]
    for title, to in (("Kept in the record", Destination.RECORD), ("My supervision notes", Destination.SUPERVISION)):
        if items := [line for item in body.items if item.destination is to for line in _item_lines(item, came)]:
            parts += [(True, title), (False, "\n".join(items))]
    if held.process is not None:
        parts += [(True, _APART), (False, held.process.text)]
    named = ", ".join(filter(None, (body.signer.name, body.signer.registration)))
    made = "AI drafts were used; every item was reviewed." if body.ai_used else "No AI was used."
    parts += [(True, f"Signed by {named}, {body.signed_at.astimezone():%d %B %Y, %H:%M}")]
    parts += [(False, f"“{body.attestation}”\n{made}")]
    for added in held.addenda:
        title = f"Addendum {added.number}, {added.added_at.astimezone():%d %B %Y, %H:%M}, {added.signer.name}"
        parts += [(True, title)]
        parts += [(False, f"Risk and safeguarding, recorded later: {_risk(added.risk)}")] if added.risk else []
        parts += [(False, added.text)] if added.text else []
    return parts


def _corrections(asked: tuple[Correction, ...]) -> list[tuple[bool, str]]:
    """The client's requests about the note, each with how it stands and their statement."""
    parts = []
    for each in asked:
        stands = standing_words(each, own_day())
        parts.append((True, f"Correction request C{each.number}, {each.request.by}: {stands}"))
        reasons = [f"My reasons: {answer.reasons}" for answer in each.answers if answer.reasons]
        said = [f"The client's statement: {text}" for text in each.statements]
        parts.append((False, "\n".join([each.request.asks, *reasons, *said])))
    return parts


def _recorded_later(held: SignedNote) -> str:
    """Where a later risk entry stands, below the signed one; empty without any."""
    later = [added for added in held.addenda if added.risk is not None]
    return f"\n→ Recorded later in addendum {', '.join(str(added.number) for added in later)}, below." if later else ""


def _item(item: KeptItem) -> str:
    return f"✓ {item.kind.upper()}  {item.text}  ({_ORIGIN[item.origin]})"


def _item_lines(item: KeptItem, came: list[DiscussedItem]) -> list[str]:
    kind = "theme" if item.kind == "theme" else "part"
    return [_item(item), *(f"    {beside_words(each)}" for each in beside(came, kind, item.text))]


def _flags(flags: list[Flagged]) -> list[tuple[bool, str]]:
    """What of the note is flagged and waits for supervision."""
    lines = [f"⚑ S{each.number} {flag_words(each)}{f': {each.flag.why}' if each.flag.why else ''}" for each in flags]
    return [(True, "Flagged for supervision"), (False, "\n".join(lines))] if flags else []


def _risk(risk: RiskEntry) -> str:
    """The whole entry, line by line."""
    return "\n".join([risk.state.words, *(f"{label}: {text}" for label, text in entry_told(risk))])
