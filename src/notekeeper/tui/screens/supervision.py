"""The agenda for the next supervision, over the caseload, in the therapist's own order.

What always holds: nothing of a client is changed here but their place on the agenda; risk is said as it was recorded
and never weighed; who was not discussed for longest is marked and said in words.
"""

import textwrap
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.errors import NotekeeperError
from notekeeper.services.access_log import client_opened
from notekeeper.services.caseload import own_day
from notekeeper.services.supervision_agenda import (
    AgendaLine,
    agenda,
    agenda_facts,
    forget_order,
    move,
    since_words,
)
from notekeeper.tui.base import Page, plain
from notekeeper.tui.table import Lines

BRINGS, NOTHING, LONGEST = "●", "○", "▲"


class SupervisionPage(Page):
    TITLE = "Supervision: agenda"
    HELP = (
        "What to bring to the next supervision. ● has something to bring: a question, a flag, or something agreed and "
        "not done; ○ has nothing; ▲ points out up to three clients who were not discussed for longest. Of the client "
        "under the cursor everything stands below: the question you wrote for the report, risk as it was recorded last "
        "and when you last asked, flags, what was agreed and what became of it. u and d move the client up and down; "
        "your order is kept, and o forgets it. Enter opens the client's supervision. t takes a supervisor's comments "
        "in; h opens your hours. A client who is not on this list may need supervision all the same."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "move(-1)", "Up", id="agenda.up", tooltip="One place up"),
        Binding("d", "move(1)", "Down", id="agenda.down", tooltip="One place down"),
        Binding("o", "forget", "By need", id="agenda.forget", tooltip="Forget your order"),
        Binding("t", "take", "Comments", id="agenda.take", tooltip="Take a supervisor's comments in"),
        Binding("h", "hours", "Hours", id="agenda.hours"),
        Binding("space", "read_on", "Read on", show=False, id="agenda.read_on"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - Textual declares it on the instance
    DEFAULT_CSS = """
    SupervisionPage #agenda-list, SupervisionPage #agenda-list:focus {
        height: 2fr; border: none; background: $background; padding: 0;
    }
    SupervisionPage #agenda-one { height: 3fr; border-top: solid $primary; padding: 0 1; }
    SupervisionPage #agenda-one Static { height: auto; }
    SupervisionPage.-wide #body { layout: horizontal; }
    SupervisionPage.-wide #agenda-list, SupervisionPage.-wide #agenda-list:focus { width: 52; height: 1fr; }
    SupervisionPage.-wide #agenda-one { width: 1fr; height: 1fr; border-top: none; border-left: solid $primary; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[AgendaLine] = []
        self._shown = self._news = ""

    def body(self) -> ComposeResult:
        yield Lines(id="agenda-list", markup=False)
        with VerticalScroll(id="agenda-one", can_focus=False):
            yield Static(id="agenda-facts", markup=False)

    def on_screen_resume(self) -> None:
        self.show_all()

    def show_all(self, client_id: str = "") -> None:
        """Read the agenda anew and show it, the cursor on this client or where it was."""
        try:
            self._lines = agenda(self.vault, own_day())
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        shown = self.query_one(Lines)
        at = shown.highlighted or 0
        shown.clear_options()
        longest = max((len(line.client.code) for line in self._lines), default=0)
        shown.add_options(Option(plain(_line(place, line, longest))) for place, line in enumerate(self._lines, start=1))
        bring = sum(line.brings for line in self._lines)
        self.banner(f"Supervision: {bring or 'nobody'} to bring, {len(self._lines)} client(s) on the agenda")
        if not self._lines:
            self.tell("Nobody is on the agenda. A client comes onto it with the file.")
            return
        ids = [line.client.id for line in self._lines]
        shown.highlighted = ids.index(client_id) if client_id in ids else min(at, len(ids) - 1)
        shown.focus()

    @on(OptionList.OptionHighlighted)
    def _show_one(self) -> None:
        line = self._here()
        if line is None:
            return
        client_opened(self.vault, line.client)
        if line.client.id != self._shown:
            self._shown, self._news = line.client.id, ""
        said = [f"{line.client.code}, session {line.count}. {since_words(line)}."]
        said += [f"{label}: {words}" for label, words in agenda_facts(line)]
        width = max(20, self.query_one("#agenda-one").content_size.width - 2)
        one = self.query_one("#agenda-one")
        text = "\n".join(textwrap.fill(each, width, subsequent_indent="  ") for each in said)
        self.query_one("#agenda-facts", Static).update(plain(text))
        one.scroll_home(animate=False)
        longer = text.count("\n") >= one.content_size.height
        self.tell(self._news or ("Space reads on." if longer else ""))

    def on_resize(self) -> None:
        if self._lines:
            self.call_after_refresh(self._show_one)

    def _here(self) -> AgendaLine | None:
        at = self.query_one(Lines).highlighted
        return None if at is None or at >= len(self._lines) else self._lines[at]

    def action_read_on(self) -> None:
        """Turn what is said of the client by what is seen of it, and from its end to its beginning."""
        one = self.query_one("#agenda-one", VerticalScroll)
        if one.scroll_y >= one.max_scroll_y:
            one.scroll_home(animate=False)
        else:
            one.scroll_page_down(animate=False)

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        from notekeeper.tui.screens.supervision_client import ClientSupervisionPage

        self.app.push_screen(ClientSupervisionPage(self._lines[event.option_index].client))

    def action_move(self, by: int) -> None:
        """Put the client under the cursor one place up or down; the whole order is kept."""
        line = self._here()
        if line is None:
            return
        try:
            move(self.vault, self._lines, line.client, by)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.show_all(line.client.id)

    def action_forget(self) -> None:
        try:
            forget_order(self.vault)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._news = "In the order of need: with something to bring first, then not discussed for longest."
        self.show_all(self._shown)

    def action_take(self) -> None:
        from notekeeper.tui.screens.supervision_taking import TakePage

        self.app.push_screen(TakePage())

    def action_hours(self) -> None:
        from notekeeper.tui.screens.supervision_hours import SupervisionHoursPage

        self.app.push_screen(SupervisionHoursPage())


def _line(place: int, line: AgendaLine, width: int) -> str:
    mark = BRINGS if line.brings else NOTHING
    never = "" if line.last else "never, "
    weeks = "no session" if line.weeks is None else f"{never}{line.weeks} week(s)"
    flags = f", {len(line.flags)} flag(s)" if line.flags else ""
    to_do = sum(each.to_do for each in line.agreed)
    agreed = f", {to_do} agreed" if to_do else ""
    asked = ", question" if line.question or line.more else ""
    longest = f" {LONGEST}" if line.longest else ""
    return f"{mark} {place:>2} {line.client.code:<{width}}  {weeks}{longest}{asked}{flags}{agreed}"
