"""Hours of supervision: every line, totals beside the sessions held, a further line, and a file for a body.

What always holds: a line is never changed; what corrects one is a further line; Esc does not leave a line that is
typed and not added without a word; nothing here names a client.
"""

from datetime import date
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.services.caseload import own_day
from notekeeper.services.supervision_export import HoursFormat, line_words, write_hours
from notekeeper.services.supervision_hours import (
    KINDS,
    Account,
    HoursLine,
    Total,
    account_of,
    add_hours,
    correct_hours,
    ratio_words,
    read_hours,
    set_ratio,
    time_words,
)
from notekeeper.tui.base import Box, Page, Telling, plain
from notekeeper.tui.screens.filters import Turn
from notekeeper.tui.table import Lines
from notekeeper.tui.widgets import PickOne

_FIELDS = (
    ("day", "Day", "YYYY-MM-DD", 10),
    ("minutes", "Minutes", "", 4),
    ("clients", "Clients", "how many", 3),
    ("ratio", "Agreed ratio", "sessions to 1 h", 3),
)


class SupervisionHoursPage(Page):
    TITLE = "Hours of supervision"
    HELP = (
        "Every supervision you had, newest first, with totals by month and year beside the sessions you held and the "
        "ratio you agreed on, so many sessions to one hour. F5 adds what stands in the fields; left and right turn the "
        "kind. Enter on a line takes it into the fields, and F5 then adds a further line that stands in its place; 0 "
        "minutes say that it was not held. F6 keeps the ratio, empty for none. F7 writes a file for an accreditation "
        "body. F8 empties the fields. Sessions are counted from the files that are there. Name no client here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+s", "add", "Add", key_display="F5", id="hours.add"),
        Binding("f6", "ratio", "Keep ratio", id="hours.ratio"),
        Binding("f7", "export", "Write file", id="hours.export", tooltip="For an accreditation body"),
        Binding("f8", "afresh", "Empty fields", id="hours.afresh"),
    ]
    DEFAULT_CSS = """
    SupervisionHoursPage Lines, SupervisionHoursPage Lines:focus {
        height: 1fr; border: none; background: $background; padding: 0;
    }
    SupervisionHoursPage .option-list--option-disabled { color: $foreground; }
    SupervisionHoursPage Horizontal { height: 3; }
    SupervisionHoursPage Input { width: 1fr; margin: 0; }
    SupervisionHoursPage #hours-note { width: 2fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[str, HoursLine] = {}
        self._corrects: int | None = None
        self._warned = False

    def body(self) -> ComposeResult:
        yield Lines(id="hours-lines", markup=False)
        with Horizontal():
            for name, title, hint, most in _FIELDS:
                yield _field(name, title, hint, most)
        yield Turn("Kind", KINDS, id="hours-kind")
        with Horizontal():
            yield _field("supervisor", "Supervisor", "", 200)
            yield _field("note", "Note for yourself, no client", "", 1000)

    def on_mount(self) -> None:
        self.query_one("#hours-day", Input).value = own_day().isoformat()
        self.show_all()
        self.query_one("#hours-day").focus()

    def show_all(self) -> None:
        """Read the log anew and show it."""
        try:
            account = account_of(self.vault)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._lines = {f"line-{each.number}": each for each in reversed(account.lines)}
        shown = self.query_one(Lines)
        shown.clear_options()
        shown.add_options(_years(account))
        shown.add_options(Option(plain(_line(each)), id=key) for key, each in self._lines.items())
        shown.add_options(_months(account))
        if self._lines:
            places = [place for place, option in enumerate(shown.options) if not option.disabled]
            shown.highlighted = places[0]
        ratio = self.query_one("#hours-ratio", Input)
        ratio.value = str(account.agreed or "")
        self.banner(f"Hours of supervision: {time_words(account.whole.minutes)}, {account.whole.times} time(s)")

    def _typed(self, name: str) -> str:
        return self.query_one(f"#hours-{name}", Input).value.strip()

    def _number(self, name: str, title: str) -> int:
        typed = self._typed(name)
        if typed and not (typed.isascii() and typed.isdigit()):
            raise UsageError(f"{title} are a number. Nothing was added.")
        return int(typed) if typed else 0

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        self.action_ratio() if event.input.id == "hours-ratio" else self.action_add()

    def action_add(self) -> None:
        try:
            hours = read_hours(
                _day(self._typed("day")),
                self._number("minutes", "Minutes"),
                KINDS[self.query_one(Turn).at],
                self._typed("supervisor"),
                self._number("clients", "Clients discussed"),
                self._typed("note"),
            )
            if self._corrects is None:
                added = add_hours(self.vault, hours, own_day())
            else:
                added = correct_hours(self.vault, self._corrects, hours, own_day())
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._empty()
        self.show_all()
        self.tell(f"Added: line {line_words(added)}.")

    def action_afresh(self) -> None:
        self._empty()
        self.tell("A new line, which corrects none.")

    def _empty(self) -> None:
        self._corrects, self._warned = None, False
        for name in ("minutes", "clients", "note"):
            self.query_one(f"#hours-{name}", Input).value = ""
        self.query_one("#hours-day", Input).value = own_day().isoformat()

    @on(OptionList.OptionSelected)
    def _take_up(self, event: OptionList.OptionSelected) -> None:
        """Take a line into the fields, to be corrected by a further one."""
        line = self._lines[event.option_id or ""]
        if line.corrected_by is not None:
            self.tell(f"Line {line.number} was corrected by line {line.corrected_by}; correct that one.", trouble=True)
            return
        hours = line.hours
        self._corrects = line.number
        texts = {
            "day": hours.day.isoformat(),
            "minutes": str(hours.minutes),
            "clients": str(hours.clients_discussed or ""),
            "supervisor": hours.supervisor,
            "note": hours.note,
        }
        for name, text in texts.items():
            self.query_one(f"#hours-{name}", Input).value = text
        self.query_one(Turn).at = KINDS.index(hours.kind) if hours.kind in KINDS else len(KINDS) - 1
        self.query_one("#hours-minutes").focus()
        self.tell(f"F5 adds a line in place of line {line.number}; 0 minutes if it was not held. F8 lets it be.")

    def action_ratio(self) -> None:
        typed = self._typed("ratio")
        try:
            set_ratio(self.vault, self._number("ratio", "Sessions") if typed else None)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.show_all()
        self.tell(f"Agreed: 1 hour to {typed} session(s)." if typed else "No ratio is agreed.")

    def action_back(self) -> None:
        """A line that is typed and not added is left only on a second Esc."""
        if any(map(self._typed, ("minutes", "clients", "note"))) and not self._warned:
            self._warned = True
            self.tell("A line is typed and not added. F5 adds it; Esc again leaves it.", trouble=True)
            return
        super().action_back()

    def action_export(self) -> None:
        self.app.push_screen(HoursFileBox(self.vault), self._written)

    def _written(self, path: Path | None) -> None:
        if path is not None:
            self.tell(f"Written: {path}")


class HoursFileBox(Box[Path]):
    """Asks where the file goes and of which kind, writes it, and answers with its path."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5,ctrl+s", "write", "Write", id="hours-file.write")]
    CSS = """
    HoursFileBox .box { padding: 0 1; }
    HoursFileBox Input { margin: 0; }
    HoursFileBox Telling { padding: 0; }
    """

    def __init__(self, vault: Vault) -> None:
        super().__init__()
        self._vault = vault

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(plain("Hours for an accreditation body"), classes="label", markup=False)
            yield Static(plain("It names no client, and your notes on lines are left out."), markup=False)
            yield PickOne(["CSV, for a spreadsheet", "JSON", "Text"], 0, title="As", id="hours-file-kind")
            folder = Input(str(Path.home()), max_length=1000, select_on_focus=False, id="hours-file-folder")
            folder.border_title = "Folder"
            yield folder
            yield Telling()
            yield Static(plain("F5 writes it · Tab between · Esc goes back"), classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(PickOne).focus()

    @on(Input.Submitted)
    def action_write(self) -> None:
        kind = tuple(HoursFormat)[self.query_one(PickOne).chosen or 0]
        try:
            folder = Path(self.query_one(Input).value.strip()).expanduser()
            self.dismiss(write_hours(self._vault, folder, kind, own_day()))
        except (NotekeeperError, RuntimeError) as error:
            said = str(error) if isinstance(error, NotekeeperError) else "There is no such folder. No file was made."
            self.query_one(Telling).tell(said, trouble=True)


def _field(name: str, title: str, hint: str, most: int) -> Input:
    field = Input(placeholder=hint, max_length=most, select_on_focus=False, id=f"hours-{name}")
    field.border_title = title
    return field


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed) if typed else own_day()
    except ValueError:
        raise UsageError(f"Write the day as {own_day().isoformat()}. Nothing was added.") from None


def _years(account: Account) -> list[Option]:
    said = [ratio_words(account.whole, account.agreed) + "."]
    said += [f"{each.period}: {_total(each)}" for each in account.years]
    return [Option(plain(words), disabled=True) for words in said]


def _months(account: Account) -> list[Option]:
    return [Option(plain(f"{each.period}: {_total(each)}"), disabled=True) for each in account.months]


def _total(each: Total) -> str:
    return f"{time_words(each.minutes)} of supervision, {each.sessions} session(s) held"


def _line(each: HoursLine) -> str:
    mark = "●" if each.counts else "○"
    note = f"\n     {' '.join(each.hours.note.split())}" if each.hours.note else ""
    return f"{mark} {line_words(each)}{note}"
