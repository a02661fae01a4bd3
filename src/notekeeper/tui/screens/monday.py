"""The Monday list: what is still to do, over all clients; each line opens its place.

What always holds: every line is gone once what it names is done; what a mark says is said in words beside it.
"""

import textwrap
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError
from notekeeper.services.caseload import MondayLine, ToDo, caseload, monday, own_day
from notekeeper.services.risk import SILENCE, mentioned
from notekeeper.tui.base import Page, plain
from notekeeper.tui.screens.follow_ups import COMING, DUE_NOW
from notekeeper.tui.screens.places import place_of
from notekeeper.tui.table import BESIDE_THE_WORDS, Lines

_MARKS = {
    ToDo.UNFINISHED: "○",
    ToDo.TO_REVIEW: "◇",
    ToDo.RISK_NOT_RECORDED: "!",
    ToDo.FOLLOW_UPS_DUE: DUE_NOW,
    ToDo.NEAR_ENDING: "▲",
    ToDo.RETENTION_DUE: "▪",
    ToDo.ACCESS_REQUESTS: "◆",
    ToDo.CORRECTIONS: "◈",
    ToDo.FLAGS: "⚑",
}


class MondayPage(Page):
    TITLE = "Monday list"
    HELP = (
        "Unfinished notes, drafts that await your review, sessions whose risk is not recorded, follow-ups that are due "
        "or overdue or coming within a week, and who is near the ending: within four weeks, or with at most two "
        "planned sessions left, files whose retention has ended, and how much is flagged for supervision. Enter opens "
        "the note, your own view and then the draft, or the client's file; d marks a follow-up as done, and u takes "
        "that back. A signed session leaves “Risk not recorded” when an addendum records its risk: open the note, then "
        "F3. A client who is not on that list may be at risk all the same."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "done", "Follow-up done", id="monday.done"),
        Binding("u", "take_back", "Take back", id="monday.take_back"),
    ]
    DEFAULT_CSS = """
    MondayPage #monday-list { height: 1fr; border: none; background: $background; }
    MondayPage #monday-list > .option-list--option-disabled { color: $foreground; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[MondayLine] = []
        self._done: tuple[Client, FollowUp] | None = None

    def body(self) -> ComposeResult:
        yield Lines(id="monday-list", markup=False)

    def on_screen_resume(self) -> None:
        self.show_all()

    def on_resize(self) -> None:
        """Cut the lines anew for the width there is."""
        if self._lines:
            self._fill(self.query_one(Lines))

    def show_all(self) -> None:
        """Read the list anew and show it, with the cursor where it was."""
        try:
            self._lines = self._read()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        shown = self.query_one(Lines)
        self._fill(shown)
        if self._lines:
            shown.focus()
        self.refresh_bindings()
        self.banner(f"Monday list: {len(self._lines)} line(s)" if self._lines else "Monday list: nothing is waiting")

    def _read(self) -> list[MondayLine]:
        rows = caseload(self.vault, own_day())
        return monday(rows, mentioned(self.vault, rows))

    def _fill(self, shown: Lines) -> None:
        at = shown.highlighted
        shown.clear_options()
        shown.add_options(self._options())
        if self._lines:
            places = [place for place, option in enumerate(shown.options) if not option.disabled]
            shown.highlighted = min(places, key=lambda place: abs(place - (at or 0)))

    def _here(self) -> MondayLine | None:
        """The line under the cursor."""
        shown = self.query_one(Lines)
        if shown.highlighted is None:
            return None
        option = shown.get_option_at_index(shown.highlighted)
        return self._lines[int((option.id or "").removeprefix("line-"))] if option.id else None

    def _options(self) -> list[Option]:
        options: list[Option] = []
        for todo in ToDo:
            found = [(at, line) for at, line in enumerate(self._lines) if line.todo is todo]
            space = "\n" if options else ""
            options.append(Option(plain(f"{space}{todo.heading}: {len(found) or 'none'}"), disabled=True))
            if todo is ToDo.RISK_NOT_RECORDED and any(line.mentions for _, line in found):
                options.append(Option(plain(f"    {SILENCE}"), disabled=True))
            options += [Option(plain(self._shown(line)), id=f"line-{at}") for at, line in found]
        return options

    def _shown(self, line: MondayLine) -> str:
        coming = line.todo is ToDo.FOLLOW_UPS_DUE and not line.now
        mark = COMING if coming else _MARKS[line.todo]
        return textwrap.fill(
            f"{mark} {line.client.code}: {line.words}",
            max(20, self.size.width - BESIDE_THE_WORDS),
            initial_indent="  ",
            subsequent_indent="    ",
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys of follow-ups are there where one is meant."""
        if action == "done":
            here = self._here() if self.is_mounted else None
            return here is not None and here.follow_up is not None
        if action == "take_back":
            return self._done is not None
        return super().check_action(action, parameters)

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self.refresh_bindings()

    def action_done(self) -> None:
        """Mark the follow-up under the cursor as done today."""
        here = self._here()
        if here is not None and here.follow_up is not None:
            self._mark(here.client, here.follow_up, done=True)

    def action_take_back(self) -> None:
        """Open the follow-up again that was marked last."""
        if self._done is not None:
            self._mark(*self._done, done=False)

    def _mark(self, client: Client, follow_up: FollowUp, *, done: bool) -> None:
        try:
            marked = self.vault.follow_ups.mark(follow_up.id, own_day(), done=done)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._done = (client, marked) if done else None
        self.show_all()
        name = f"Follow-up {client.code}/F{marked.number}"
        self.tell(f"{name} is done, {own_day().isoformat()}. u takes it back." if done else f"{name} is open again.")

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        from notekeeper.tui.screens.client import ClientPage

        line = self._lines[int((event.option_id or "").removeprefix("line-"))]
        if line.note is None:
            self.app.push_screen(ClientPage(line.client))
            return
        try:
            page = place_of(line.client, line.note, draft_in=self.vault if line.todo is ToDo.TO_REVIEW else None)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.app.push_screen(page)
