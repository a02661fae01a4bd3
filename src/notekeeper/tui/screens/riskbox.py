"""The risk entry, beside the text or in a box over it.

What always holds: nothing is chosen or written until the therapist does; words can be written once a state is chosen,
because an entry without a state cannot be kept; what is written is kept when it rests for a moment, and when the box
or the panel closes, also where it contradicts itself, which is said at once and stops the signature.
"""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.note import Note
from notekeeper.domain.risk import MOST_CHARACTERS, RiskEntry, RiskState, contradictions
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.tui.base import Box, Telling, plain
from notekeeper.tui.screens.riskkinds import KindRow, KindRows
from notekeeper.tui.widgets import PickOne, ShortText, Tick

KeepRisk = Callable[[RiskEntry], object]
AboutNote = Callable[[], tuple[Vault, Note]]
_STATES = tuple(RiskState)
_SETTLE_S = 1.0
_HINT = "Past or current; thoughts, plan, intent: F4. Nothing is filled in."
_FIELDS = (
    ("words", "In my words"),
    ("protective", "Protective factors"),
    ("action", "What I did"),
    ("told", "Whom I told"),
    ("safeguarding", "Safeguarding, in my words"),
)
_TICKS = (("safeguarding_child", "child"), ("safeguarding_adult", "adult"))


def risk_words(entry: RiskEntry | None) -> str:
    """How a risk entry is named in a line of status."""
    if entry is None:
        return "risk: no state chosen"
    return f"risk: {entry.state.words} {'! contradicts itself' if contradictions(entry) else '✓'}"


class RiskForm(Vertical):
    """The entry as fields. `keep_entry` raises what the caller's `keep` raises, and nothing is lost then. `about` gives
    the note that a follow-up may come from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4,b", "by_kind", "By kind", id="risk.by_kind", key_display="F4"),
        Binding("f9,f", "follow_up", "Follow-up", id="risk.follow_up", show=False),
    ]
    DEFAULT_CSS = """
    RiskForm { height: auto; }
    RiskForm #risk-words { height: 4; }
    RiskForm .pair { height: auto; layout: vertical; }
    RiskForm .pair ShortText { height: 3; }
    RiskForm .line { height: auto; }
    RiskForm .line > * { width: auto; margin-right: 2; }
    RiskForm Button { height: 1; border: none; min-width: 24; }
    RiskForm Button:focus { text-style: reverse bold; }
    RiskForm Tick, RiskForm Tick:focus { border: none; padding: 0; height: 1; background: $background 0%; }
    RiskForm Tick:focus { text-style: reverse; }
    RiskForm #risk-kinds { display: none; }
    RiskForm #risk-clash { height: auto; color: $error; text-style: bold; display: none; }
    """

    def __init__(self, entry: RiskEntry | None, keep: KeepRisk, about: AboutNote) -> None:
        super().__init__()
        self._kept, self._seen, self._keep, self._about = entry, entry, keep, about
        self._asked_for_state = False

    def compose(self) -> ComposeResult:
        entry = self._kept
        chosen = _STATES.index(entry.state) if entry else None
        yield PickOne([state.words for state in _STATES], chosen, title="Risk and safeguarding", id="risk-state")
        yield Static(plain(_HINT), classes="hint", markup=False)
        yield Button(self._by_kind(entry), compact=True, id="risk-by-kind")
        yield KindRows(entry, id="risk-kinds")
        yield Static(id="risk-clash", markup=False)
        words, *others = (self._field(name, title) for name, title in _FIELDS)
        yield words
        for pair in (others[:2], others[2:]):
            with Horizontal(classes="pair"):
                yield from pair
        with Horizontal(classes="line"):
            yield Static(plain("Safeguarding concern:"), markup=False)
            for name, label in _TICKS:
                yield Tick(label, bool(entry and getattr(entry, name)), id=f"risk-{name}", disabled=entry is None)
        yield Button("Follow-up with a date (F9)", compact=True, id="risk-follow-up")

    def _field(self, name: str, title: str) -> ShortText:
        text = str(getattr(self._kept, name)) if self._kept else ""
        field = ShortText(text, most=MOST_CHARACTERS, title=title, id=f"risk-{name}")
        field.disabled = self._kept is None
        return field

    def on_mount(self) -> None:
        self._show_clash()
        self.set_interval(_SETTLE_S, self._settle)

    def begin(self) -> None:
        """Put the keys where the therapist goes on: the states, or the words once a state is chosen."""
        self.query_one("#risk-words" if self._kept else "#risk-state").focus()

    def entry(self) -> RiskEntry | None:
        """The entry as it stands, None while no state is chosen."""
        chosen = self.query_one(PickOne).chosen
        if chosen is None:
            return None
        return RiskEntry.model_validate(
            {
                "state": _STATES[chosen],
                "kinds": self.query_one(KindRows).kinds,
                **{name: self.query_one(f"#risk-{name}", ShortText).text for name, _ in _FIELDS},
                **{name: self.query_one(f"#risk-{name}", Tick).value for name, _ in _TICKS},
            }
        )

    def keep_entry(self) -> RiskEntry | None:
        """Keep the entry if it changed; the entry."""
        entry = self.entry()
        if entry is not None and entry != self._kept:
            self._keep(entry)
            self._kept = entry
        return entry

    @on(PickOne.Picked)
    def _picked(self) -> None:
        for name, _ in (*_FIELDS, *_TICKS):
            self.query_one(f"#risk-{name}").disabled = False
        self.query_one("#risk-words").focus()
        if self._asked_for_state:
            self._asked_for_state = False
            self.screen.query_one(Telling).tell("")
        self._show_clash()

    @on(KindRow.Changed)
    def _kind_changed(self) -> None:
        self.query_one("#risk-by-kind", Button).label = self._by_kind(self.entry())
        self._show_clash()

    def _by_kind(self, entry: RiskEntry | None) -> str:
        kinds = [each.kind.words for each in entry.kinds] if entry else []
        recorded = ", ".join([*kinds[:1], *(each.lower() for each in kinds[1:])])
        return f"By kind (F4): {recorded or 'not recorded'}"

    def _show_clash(self) -> None:
        entry, clash = self.entry(), self.query_one("#risk-clash", Static)
        found = contradictions(entry) if entry else ()
        clash.display = bool(found)
        clash.update(plain("\n".join(f"! {sentence} It is kept, and cannot be signed so." for sentence in found)))

    @on(Button.Pressed, "#risk-by-kind")
    def action_by_kind(self) -> None:
        """Open the kinds of risk, or close them; a state comes first."""
        rows = self.query_one(KindRows)
        if self.entry() is None:
            self._asked_for_state = True
            self.screen.query_one(Telling).tell("Choose the overall state first, 1 to 5.", trouble=True)
            return
        rows.display = not rows.display
        (rows.query(KindRow).first() if rows.display else self.query_one("#risk-words")).focus()

    @on(Button.Pressed, "#risk-follow-up")
    def action_follow_up(self) -> None:
        """Keep the entry and ask for a follow-up that comes from it."""
        from notekeeper.tui.screens.follow_ups import FollowUpBox

        try:
            self.keep_entry()
            self.app.push_screen(FollowUpBox(*self._about()), self._followed)
        except NotekeeperError as error:
            self.screen.query_one(Telling).tell(str(error), trouble=True)

    def _followed(self, added: FollowUp | None) -> None:
        if added is not None:
            button = self.query_one("#risk-follow-up", Button)
            button.label = f"Follow-up F{added.number} is due {added.due.isoformat()} ✓ · another (F9)"

    def _settle(self) -> None:
        """Keep what has not changed since the last look, so that one sentence is not kept letter by letter."""
        entry, self._seen = self._seen, self.entry()
        if self._seen is None or self._seen != entry or self._seen == self._kept:
            return
        try:
            self.keep_entry()
        except NotekeeperError as error:
            self.screen.query_one(Telling).tell(str(error), trouble=True)


class RiskBox(Box[RiskEntry]):
    """The risk entry in a box. It keeps the entry itself and answers with it, None while no state is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3,f5,ctrl+s", "leave", "Keep and close", id="risk.keep"),
    ]
    CSS = """
    #risk-box { padding: 0 1; max-height: 100%; }
    #risk-box .pair { layout: horizontal; }
    #risk-box .pair ShortText { width: 1fr; }
    #risk-box Telling { display: none; }
    #risk-box Telling.trouble { display: block; }
    """

    def __init__(self, entry: RiskEntry | None, keep: KeepRisk, about: AboutNote) -> None:
        super().__init__()
        self._form = RiskForm(entry, keep, about)

    @classmethod
    def of(cls, vault: Vault, note: Note) -> "RiskBox":
        """The box for a note that is in the vault."""
        return cls(
            vault.reviews.risk(note.id), lambda entry: vault.reviews.set_risk(note.id, entry), lambda: (vault, note)
        )

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", id="risk-box", can_focus=False):
            yield self._form
            yield Telling()
            yield Static(
                plain("1–5 state · F4 by kind · Tab on · F9 follow-up · F3 or Esc keeps it"),
                classes="hint",
                markup=False,
            )

    def on_mount(self) -> None:
        self._form.begin()

    def keep(self) -> None:
        """Keep what is entered; called before a lock too."""
        self._form.keep_entry()

    def action_leave(self) -> None:
        try:
            self.dismiss(self._form.keep_entry())
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
