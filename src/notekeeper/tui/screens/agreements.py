"""Agreement to AI use, purpose by purpose: what was asked, in which words, and what the client answered.

What always holds: one key records one answer to one purpose; an answer that destroys drafts is asked for twice;
withdrawing stops a draft that is being made.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.consent import Agreement, Answer, Purpose
from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError
from notekeeper.services.consent import WORDING, record_agreement
from notekeeper.tui.base import Box, Page, plain
from notekeeper.tui.screens.client import ANSWERS, PURPOSES, agreement_words

HOW = ("spoken", "written", "form")
GIVEN_BY = ("client", "both_partners", "parent", "guardian", "attorney")
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
        Binding("b", "by", "By whom", id="agreements.by"),
    ]
    DEFAULT_CSS = """
    AgreementsBox #agreements-list { height: auto; border: none; padding: 0; margin: 1 0; background: $surface; }
    AgreementsBox .buttons { height: 1; margin: 1 0 0 0; }
    AgreementsBox Button { margin: 0 1 0 0; }
    AgreementsBox .buttons Static { width: auto; }
    """

    def __init__(self, page: Page, client: Client) -> None:
        super().__init__()
        self._page, self._client = page, client
        self._how, self._by = HOW[0], GIVEN_BY[0]
        self._asked_twice: tuple[Purpose, Answer] | None = None

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            yield Static(
                plain(f"Agreement to AI use · {self._client.code} · ↑ ↓ choose which"), classes="label", markup=False
            )
            yield Static(plain(_EXPLAINED), classes="hint", markup=False)
            yield OptionList(id="agreements-list", markup=False)
            yield Static("", id="agreements-wording", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Agreed (a)", id="agreed", compact=True)
                yield Button("Declined (d)", id="declined", compact=True)
                yield Button("Withdrawn (w)", id="withdrawn", compact=True)
            with Horizontal(classes="buttons"):
                yield Button("", id="how", compact=True)
                yield Button("", id="by", compact=True)
                yield Static(plain("Esc closes."), classes="hint", markup=False)
            yield Static("", id="agreements-telling", markup=False)

    def on_mount(self) -> None:
        self._show()
        self.query_one(OptionList).focus()

    def _current(self, purpose: Purpose) -> Agreement | None:
        return self._page.vault.agreements.current(self._client.id, purpose)

    def _purpose(self) -> Purpose:
        return tuple(Purpose)[self.query_one(OptionList).highlighted or 0]

    def _show(self) -> None:
        shown = self.query_one(OptionList)
        at = shown.highlighted or 0
        shown.clear_options()
        shown.add_options([Option(plain(f"{PURPOSES[p]}: {agreement_words(self._current(p))}")) for p in Purpose])
        shown.highlighted = at
        self.query_one("#how", Button).label = plain(f"How: {self._how} (h)")
        self.query_one("#by", Button).label = plain(f"By whom: {self._by.replace('_', ' ')} (b)")

    @on(OptionList.OptionHighlighted)
    def _wording(self) -> None:
        purpose = self._purpose()
        self.query_one("#agreements-wording", Static).update(plain(f"Asked as: “{WORDING[purpose]}”"))

    def action_how(self) -> None:
        self._how = HOW[(HOW.index(self._how) + 1) % len(HOW)]
        self._show()

    def action_by(self) -> None:
        self._by = GIVEN_BY[(GIVEN_BY.index(self._by) + 1) % len(GIVEN_BY)]
        self._show()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "how":
                self.action_how()
            case "by":
                self.action_by()
            case answer if answer:
                self.action_answer(answer)

    def action_answer(self, raw: str) -> None:
        purpose, answer = self._purpose(), Answer(raw)
        current = self._current(purpose)
        if answer is Answer.WITHDRAWN and (current is None or current.answer is not Answer.AGREED):
            self._tell("There is no agreement to withdraw. d records that the client declined.")
            return
        destroys = purpose is Purpose.DRAFTING and answer is not Answer.AGREED and self._drafts()
        if destroys and self._asked_twice != (purpose, answer):
            self._asked_twice = purpose, answer
            self._tell(f"! {destroys} draft(s) not signed will be destroyed; the notes stay. Press {raw[0]} again.")
            return
        self._asked_twice = None
        self._record(purpose, answer)

    def _drafts(self) -> int:
        return sum(s.draft and not s.note.signed for s in self._page.vault.standings(self._client.id))

    def _record(self, purpose: Purpose, answer: Answer) -> None:
        if purpose is Purpose.DRAFTING and answer is not Answer.AGREED:
            self._stop_drafting()
        try:
            record_agreement(self._page.vault, self._client, purpose, answer, how=self._how, given_by=self._by)
        except NotekeeperError as error:
            self._tell(f"! {error}")
            return
        self._show()
        self._tell(f"Kept: {PURPOSES[purpose]}, {ANSWERS[answer]}, {self._how}, by {self._by.replace('_', ' ')}.")

    def _stop_drafting(self) -> None:
        room = self._page.keeper.room
        if room is not None and room.working_on in {s.note.id for s in self._page.vault.standings(self._client.id)}:
            room.cancel()

    def _tell(self, text: str) -> None:
        telling = self.query_one("#agreements-telling", Static)
        telling.update(plain(text))
        self.call_after_refresh(telling.scroll_visible, animate=False)
