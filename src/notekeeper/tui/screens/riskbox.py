"""The risk entry, beside the text or in a box over it.

What always holds: nothing is chosen or written until the therapist does; words can be written once a state is chosen,
because an entry without a state cannot be kept; what is written is kept when it rests for a moment, and when the box
or the panel closes.
"""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Button, Static

from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.note import Note
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.tui.base import Box, Telling, plain
from notekeeper.tui.widgets import PickOne, ShortText

KeepRisk = Callable[[RiskEntry], object]
AboutNote = Callable[[], tuple[Vault, Note]]
_STATES = tuple(RiskState)
_MOST = 4000
_SETTLE_S = 1.0
_HINT = "Past or current; thoughts, plan, intent; protective factors. The program fills in nothing."


def risk_words(entry: RiskEntry | None) -> str:
    """How a risk entry is named in a line of status."""
    return f"risk: {entry.state.words} ✓" if entry else "risk: no state chosen"


class RiskForm(Vertical):
    """The entry as fields. `keep_entry` raises what the caller's `keep` raises, and nothing is lost then. `about` gives
    the note that a follow-up may come from."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9,f", "follow_up", "Follow-up", id="risk.follow_up", show=False)]
    DEFAULT_CSS = """
    RiskForm { height: auto; }
    RiskForm #risk-words { height: 4; }
    RiskForm #risk-action, RiskForm #risk-safeguarding { height: 3; }
    RiskForm #risk-follow-up { height: 1; border: none; min-width: 24; }
    RiskForm #risk-follow-up:focus { text-style: reverse bold; }
    """

    def __init__(self, entry: RiskEntry | None, keep: KeepRisk, about: AboutNote) -> None:
        super().__init__()
        self._kept, self._seen, self._keep, self._about = entry, entry, keep, about

    def compose(self) -> ComposeResult:
        entry = self._kept
        chosen = _STATES.index(entry.state) if entry else None
        yield PickOne([state.words for state in _STATES], chosen, title="Risk and safeguarding", id="risk-state")
        yield Static(plain(_HINT), classes="hint", markup=False)
        texts = (entry.words, entry.action, entry.safeguarding) if entry else ("", "", "")
        for text, (name, title) in zip(texts, _FIELDS, strict=True):
            field = ShortText(text, most=_MOST, title=title, id=f"risk-{name}")
            field.disabled = entry is None
            yield field
        yield Button("Follow-up with a date (F9)", compact=True, id="risk-follow-up")

    def on_mount(self) -> None:
        self.set_interval(_SETTLE_S, self._settle)

    def begin(self) -> None:
        """Put the keys where the therapist goes on: the states, or the words once a state is chosen."""
        self.query_one("#risk-words" if self._kept else "#risk-state").focus()

    def entry(self) -> RiskEntry | None:
        """The entry as it stands, None while no state is chosen."""
        chosen = self.query_one(PickOne).chosen
        if chosen is None:
            return None
        words, action, safeguarding = (self.query_one(f"#risk-{name}", ShortText).text for name, _ in _FIELDS)
        return RiskEntry(state=_STATES[chosen], words=words, action=action, safeguarding=safeguarding)

    def keep_entry(self) -> RiskEntry | None:
        """Keep the entry if it changed; the entry."""
        entry = self.entry()
        if entry is not None and entry != self._kept:
            self._keep(entry)
            self._kept = entry
        return entry

    @on(PickOne.Picked)
    def _picked(self) -> None:
        for name, _ in _FIELDS:
            self.query_one(f"#risk-{name}").disabled = False
        self.query_one("#risk-words").focus()

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


_FIELDS = (
    ("words", "In my words"),
    ("action", "What I did, and whom I told"),
    ("safeguarding", "Safeguarding concern: child or adult"),
)


class RiskBox(Box[RiskEntry]):
    """The risk entry in a box. It keeps the entry itself and answers with it, None while no state is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3,f5,ctrl+s", "leave", "Keep and close", id="risk.keep"),
    ]
    CSS = """
    #risk-box { padding: 0 1; max-height: 100%; }
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
                plain("1–5 chooses · Tab goes on · F9 follow-up · F3 or Esc keeps it"),
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
