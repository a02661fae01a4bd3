"""Agreement to AI use, purpose by purpose and person by person: what was asked, in which words, and what was answered.

What always holds: one key records one answer to one purpose; an answer that destroys something is asked for twice;
withdrawing stops a draft that is being made.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.agreement import Answer, GivenAs, Purpose, Standing
from notekeeper.domain.note import Client
from notekeeper.domain.pattern_work import PatternsInWork
from notekeeper.domain.people import PersonOnFile
from notekeeper.errors import NotekeeperError
from notekeeper.services.caseload import own_day
from notekeeper.services.client_patterns import work_of
from notekeeper.services.consent import WORDING, read_given_day, record_agreement
from notekeeper.services.people import people_of
from notekeeper.tui.base import Box, Page, plain
from notekeeper.tui.screens.client import ANSWERS, PURPOSES, agreement_words
from notekeeper.tui.stopping import stop_unless_agreed

HOW = ("spoken", "written", "form")
CAPACITIES = tuple(GivenAs)
_EXPLAINED = (
    "Apart from your lawful basis for keeping records. Declining or withdrawing stops the AI and destroys what it made "
    "that is not signed; the notes stay and stay searchable."
)


class AgreementsBox(Box[None]):
    """The answers of one client. `page` is the page beneath, with its vault."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "answer('agreed')", "Agreed", id="agreements.agreed"),
        Binding("d", "answer('declined')", "Declined", id="agreements.declined"),
        Binding("w", "answer('withdrawn')", "Withdrawn", id="agreements.withdrawn"),
        Binding("h", "how", "How", id="agreements.how"),
        Binding("b", "capacity", "In what capacity", id="agreements.by"),
        Binding("v", "giver", "By whom", id="agreements.giver"),
        Binding("t", "day", "On which day", id="agreements.day"),
    ]
    CSS = """
    AgreementsBox #agreements-list { height: auto; max-height: 7; background: $surface; }
    AgreementsBox #agreements-list { border: none; padding: 0; margin: 1 0 0 0; }
    AgreementsBox .buttons { height: 1; }
    AgreementsBox #agreements-answers { margin: 1 0 0 0; }
    AgreementsBox Button { margin: 0 1 0 0; }
    AgreementsBox .buttons Static { width: auto; }
    AgreementsBox #agreements-day, AgreementsBox #agreements-day:focus {
        width: 14; height: 1; border: none; padding: 0 1; margin: 0; background: $background;
    }
    """

    def __init__(self, page: Page, client: Client) -> None:
        super().__init__()
        self._page, self._client = page, client
        self._how = HOW[0]
        self._capacity: GivenAs | None = None
        self._giver: PersonOnFile | None = None
        self._people: list[PersonOnFile] = []
        self._whose = ""
        self._rows: list[tuple[Purpose, Standing | None]] = []
        self._asked_twice: tuple[Purpose, str, Answer] | None = None

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            yield Static(
                plain(f"Agreement to AI use · {self._client.code} · ↑ ↓ choose which"), classes="label", markup=False
            )
            yield Static(plain(_EXPLAINED), classes="hint", markup=False)
            yield OptionList(id="agreements-list", markup=False)
            yield Static("", id="agreements-wording", markup=False)
            with Horizontal(classes="buttons", id="agreements-answers"):
                yield Button("Agreed (a)", id="agreed", compact=True)
                yield Button("Declined (d)", id="declined", compact=True)
                yield Button("Withdrawn (w)", id="withdrawn", compact=True)
                yield Static(plain("Esc closes."), classes="hint", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("", id="how", compact=True)
                yield Button("", id="capacity", compact=True)
                yield Static(plain("On (t): "), markup=False)
                yield Input(placeholder="today", max_length=10, id="agreements-day")
            with Horizontal(classes="buttons", id="agreements-giver"):
                yield Button("", id="giver", compact=True)
            yield Static("", id="agreements-telling", markup=False)

    def on_mount(self) -> None:
        self._show()
        self.query_one(OptionList).focus()

    def _here(self) -> tuple[Purpose, Standing | None]:
        return self._rows[self.query_one(OptionList).highlighted or 0]

    def _show(self) -> None:
        shown, vault = self.query_one(OptionList), self._page.vault
        at = shown.highlighted or 0
        try:
            self._people = [each for each in people_of(vault, self._client) if not each.mistake]
            asked = {purpose: vault.agreements.standings(self._client.id, purpose) for purpose in Purpose}
        except NotekeeperError as error:
            self._tell(f"! {error}")
            asked = dict.fromkeys(Purpose, ())
        self._rows = [(purpose, each) for purpose in Purpose for each in asked[purpose] or (None,)]
        shown.clear_options()
        shown.add_options(Option(plain(self._row_words(*row))) for row in self._rows)
        shown.highlighted = min(at, len(self._rows) - 1)
        self._show_buttons()

    def _row_words(self, purpose: Purpose, standing: Standing | None) -> str:
        if standing is None:
            return f"{PURPOSES[purpose]}: enter the persons of this file first (Esc, m, People)"
        whose = f" · {standing.party.label}" if standing.party.id else ""
        return f"{PURPOSES[purpose]}{whose}: {agreement_words(standing)}"

    def _show_buttons(self) -> None:
        self.query_one("#how", Button).label = plain(f"How: {self._how} (h)")
        capacity = self._as_what()
        self.query_one("#capacity", Button).label = plain(f"As: {capacity.value if capacity else 'not stated'} (b)")
        by = self._giver.label if self._giver else "not entered"
        self.query_one("#giver", Button).label = plain(f"By whom: {by} (v)")
        self.query_one("#agreements-giver").display = bool(self._people)
        for name in ("how", "capacity", "giver"):
            self.query_one(f"#{name}").refresh(layout=True)

    def _as_what(self) -> GivenAs | None:
        """The capacity chosen; of somebody under 18 none is taken for granted."""
        _, standing = self._here()
        under_18 = standing is not None and standing.party.under_18
        return self._capacity or (None if under_18 else GivenAs.SELF)

    @on(OptionList.OptionHighlighted)
    def _wording(self) -> None:
        purpose, standing = self._here()
        whose = standing.party.id if standing else ""
        if whose != self._whose:
            # What was chosen for one person says nothing of another.
            self._whose, self._capacity, self._giver = whose, None, None
        given = standing.given if standing else None
        answered = f"\nTheir answer is to wording {given.agreement.wording_version}." if given else ""
        self.query_one("#agreements-wording", Static).update(plain(f"Asked as: “{WORDING[purpose]}”{answered}"))
        self._show_buttons()

    def action_how(self) -> None:
        self._how = HOW[(HOW.index(self._how) + 1) % len(HOW)]
        self._show_buttons()

    def action_capacity(self) -> None:
        now = self._as_what()
        self._capacity = CAPACITIES[(CAPACITIES.index(now) + 1) % len(CAPACITIES)] if now else CAPACITIES[0]
        self._show_buttons()

    def action_giver(self) -> None:
        choices = [None, *self._people]
        self._giver = choices[(choices.index(self._giver) + 1) % len(choices)]
        self._show_buttons()

    def action_day(self) -> None:
        self.query_one("#agreements-day").focus()

    @on(Input.Submitted, "#agreements-day")
    def _day_given(self) -> None:
        self.query_one(OptionList).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "how":
                self.action_how()
            case "capacity":
                self.action_capacity()
            case "giver":
                self.action_giver()
            case answer if answer:
                self.action_answer(answer)

    def action_answer(self, raw: str) -> None:
        purpose, standing = self._here()
        answer = Answer(raw)
        current = standing.given if standing else None
        if answer is Answer.WITHDRAWN and (current is None or current.agreement.answer is not Answer.AGREED):
            self._tell("There is no agreement to withdraw. d records that the client declined.")
            return
        person = standing.party.id if standing else ""
        destroys = "" if answer is Answer.AGREED else self._destroys(purpose)
        if destroys and self._asked_twice != (purpose, person, answer):
            self._asked_twice = purpose, person, answer
            self._tell(f"! {destroys} will be destroyed; the notes stay. Press {raw[0]} again.")
            return
        self._asked_twice = None
        self._record(purpose, person, answer)

    def _destroys(self, purpose: Purpose) -> str:
        """What a refusal would destroy, '' for nothing."""
        work = work_of(self._page.vault, self._client)
        if purpose is Purpose.DRAFTING:
            drafts = self._drafts()
            said = [f"{drafts} draft(s) not signed"] if drafts else []
            return " and ".join([*said, *(["a model's words of patterns not signed"] if work.worded else [])])
        in_work = purpose is Purpose.PATTERNS and work != PatternsInWork()
        return "The review of patterns that is not signed" if in_work else ""

    def _drafts(self) -> int:
        return sum(s.draft and not s.note.signed for s in self._page.vault.standings(self._client.id))

    def _record(self, purpose: Purpose, person: str, answer: Answer) -> None:
        day = self.query_one("#agreements-day", Input)
        try:
            kept = record_agreement(
                self._page.vault,
                self._client,
                purpose,
                answer,
                how=self._how,
                person=person,
                giver=self._giver,
                capacity=self._capacity,
                on=read_given_day(day.value) or own_day(),
            )
        except NotekeeperError as error:
            self._tell(f"! {error}")
            return
        stop_unless_agreed(self._page.keeper.room, self._page.vault, self._client)
        day.value = ""
        self._show()
        self._tell(f"Kept: {PURPOSES[purpose]}, {ANSWERS[answer]}, {self._how}, by {kept.given_by}.")

    def _tell(self, text: str) -> None:
        telling = self.query_one("#agreements-telling", Static)
        telling.update(plain(text))
        self.call_after_refresh(telling.scroll_visible, animate=False)
