"""Beginning the outcome note of a supervision: the day, who supervised, and which flags were discussed.

What always holds: the note is begun only by F5, and the flags that are ticked are settled with it or nothing is; it is
then one of the file's notes, open in the editor.
"""

from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Static

from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.services.caseload import own_day
from notekeeper.services.supervision_flags import Flagged, flag_words, open_flags
from notekeeper.services.supervision_outcome import make_outcome, outcome_day, supervisor_of
from notekeeper.tui.base import Page, plain
from notekeeper.tui.widgets import Tick


class OutcomePage(Page):
    TITLE = "Outcome of supervision"
    HELP = (
        "Begins a note of the kind supervision outcome in this client's file. It is prefilled with the day, the "
        "supervisor, your question, the flags that are ticked here, and the comments that came back of that day. Space "
        "ticks a flag or not. F5 begins the note, settles those flags as discussed on that day, and opens the note for "
        "you to edit; finish and sign it like any other."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+s", "begin", "Begin the note", key_display="F5", id="outcome.begin")
    ]
    DEFAULT_CSS = """
    OutcomePage Horizontal { height: 3; }
    OutcomePage Input { width: 1fr; margin: 0; }
    OutcomePage #outcome-day { width: 24; }
    OutcomePage VerticalScroll { height: 1fr; }
    OutcomePage Tick, OutcomePage Tick:focus {
        width: 1fr; height: auto; border: none; padding: 0 1; background: $background;
    }
    OutcomePage Tick:focus { text-style: reverse; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client
        self._flags: tuple[Flagged, ...] = ()

    def body(self) -> ComposeResult:
        with Horizontal():
            day = Input(max_length=10, select_on_focus=False, id="outcome-day")
            day.border_title = "Day of supervision"
            supervisor = Input(max_length=200, select_on_focus=False, id="outcome-supervisor")
            supervisor.border_title = "Supervisor"
            yield day
            yield supervisor
        yield VerticalScroll(id="outcome-flags", can_focus=False)

    def on_mount(self) -> None:
        self.banner(f"{self.client.code} · Outcome of supervision")
        shown = self.query_one("#outcome-flags")
        try:
            day = outcome_day(self.vault, self.client, own_day())
            supervisor = supervisor_of(self.vault, self.client, day)
            self._flags = open_flags(self.vault, self.client)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.query_one("#outcome-day", Input).value = day.isoformat()
        self.query_one("#outcome-supervisor", Input).value = supervisor
        words = "Flags that were discussed:" if self._flags else "No flag is open. The note can be begun all the same."
        shown.mount(Static(plain(words), classes="label", markup=False))
        for each in self._flags:
            tick = Tick("", value=each.day <= day, id=f"outcome-flag-{each.number}")
            tick.label = plain(f"S{each.number} {flag_words(each)}")
            shown.mount(tick)
        (self.query(Tick).first() if self._flags else self.query_one("#outcome-day")).focus()

    def action_begin(self) -> None:
        from notekeeper.services.writing import check_date
        from notekeeper.tui.screens.editor import EditorPage

        typed = self.query_one("#outcome-day", Input).value.strip()
        chosen = [each.number for each in self._flags if self.query_one(f"#outcome-flag-{each.number}", Tick).value]
        try:
            day = check_date(_day(typed))
            by = self.query_one("#outcome-supervisor", Input).value
            note = make_outcome(self.vault, self.client, day, own_day(), by, chosen)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.app.switch_screen(EditorPage(self.client, note))


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise UsageError(f"Write the day as {own_day().isoformat()}. Nothing was added.") from None
