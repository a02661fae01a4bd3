"""The Monday list: what is still to do, over all clients; each line opens its place."""

from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from notekeeper.errors import NotekeeperError
from notekeeper.services.caseload import MondayLine, ToDo, caseload, monday, own_day
from notekeeper.tui.base import Page, plain
from notekeeper.tui.screens.places import place_of
from notekeeper.tui.table import Lines

_MARKS = {
    ToDo.UNFINISHED: "○",
    ToDo.TO_REVIEW: "◇",
    ToDo.RISK_NOT_RECORDED: "!",
    ToDo.NEAR_ENDING: "▲",
}


class MondayPage(Page):
    TITLE = "Monday list"
    HELP = (
        "Unfinished notes, drafts that await your review, sessions whose risk is not recorded, and who is near the "
        "ending: within four weeks, or with at most two planned sessions left. Enter opens the note, the draft or the "
        "client's file. A client who is not under “Risk not recorded” may be at risk all the same."
    )
    DEFAULT_CSS = """
    MondayPage #monday-list { height: 1fr; border: none; background: $background; }
    MondayPage #monday-list > .option-list--option-disabled { color: $foreground; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[MondayLine] = []

    def body(self) -> ComposeResult:
        yield Lines(id="monday-list", markup=False)

    def on_screen_resume(self) -> None:
        try:
            self._lines = monday(caseload(self.vault, own_day()))
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        shown = self.query_one(Lines)
        at = shown.highlighted
        shown.clear_options()
        shown.add_options(self._options())
        if self._lines:
            shown.highlighted = at if at is not None and at < shown.option_count else None
            if shown.highlighted is None:
                shown.action_first()
            shown.focus()
        self.banner(f"Monday list: {len(self._lines)} line(s)" if self._lines else "Monday list: nothing is waiting")

    def _options(self) -> list[Option]:
        options: list[Option] = []
        for todo in ToDo:
            found = [(at, line) for at, line in enumerate(self._lines) if line.todo is todo]
            space = "\n" if options else ""
            options.append(Option(plain(f"{space}{todo.heading}: {len(found) or 'none'}"), disabled=True))
            options += [
                Option(plain(f"  {_MARKS[todo]} {line.client.code}: {line.words}"), id=f"line-{at}")
                for at, line in found
            ]
        return options

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        from notekeeper.tui.screens.client import ClientPage

        line = self._lines[int((event.option_id or "").removeprefix("line-"))]
        review = line.todo is ToDo.TO_REVIEW
        self.app.push_screen(place_of(line.client, line.note, review=review) if line.note else ClientPage(line.client))
