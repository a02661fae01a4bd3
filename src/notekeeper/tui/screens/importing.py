"""Import notes: a folder and a client, a preview of what each file would become, then one note after another.

What always holds: nothing is imported before the preview was shown and F9 pressed; Esc stops at any time, what was
imported until then is kept, and the same import again goes on from there; work is done in short pieces between keys.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import DataTable, Input, Static

from notekeeper.domain.importing import Brought, Planned
from notekeeper.domain.note import NoteKind
from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.services.caseload import kind_words
from notekeeper.services.finding import read_filter_day
from notekeeper.services.importing import ImportChoices, bringing, files_of, planning
from notekeeper.tui.base import Page, plain
from notekeeper.tui.screens.filters import Turn
from notekeeper.tui.table import Table

_PIECE_S, _EVERY_S = 0.05, 0.06
_KINDS = tuple(NoteKind)


class ImportPage(Page):
    TITLE = "Import notes"
    HELP = """
Brings in notes that you wrote elsewhere: text, Markdown, JSON and Word files in a folder and the folders beneath it,
or one file. Give the client's code, or leave it empty where every file or folder begins with a code. F5 shows what
each file would become and why one is refused; F9 then imports. The date is the one in the file or in its name; for
notes that bear none, the day you give. The notes come in unsigned. A file that was imported before is left alone.
Esc stops; what was imported is kept, and the same import goes on from there. The files stay as they are: remove them
yourself when you no longer need them.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "preview", "Preview", id="import.preview"),
        Binding("f9", "bring", "Import", id="import.bring"),
    ]
    DEFAULT_CSS = """
    ImportPage Horizontal { height: 3; }
    ImportPage Input {
        margin: 0; padding: 0 1; height: 3; border: round $foreground 40%; border-title-color: $foreground;
        background: $background;
    }
    ImportPage Input:focus { border: round $primary; }
    ImportPage #import-folder { width: 1fr; }
    ImportPage #import-client { width: 16; }
    ImportPage #import-day { width: 16; }
    ImportPage Table { height: 1fr; }
    ImportPage #import-whole { height: auto; max-height: 3; color: $text-muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._plans: list[Planned] = []
        self._refused: list[tuple[Planned, str]] = []
        self._read: set[Path] = set()
        self._known: list[str] = []
        self._files = self._wanted = self._done = 0
        self._planning: Iterator[Planned] | None = None
        self._bringing: Iterator[Brought] | None = None
        self._timer: Timer | None = None

    def body(self) -> ComposeResult:
        with Horizontal():
            yield _field("folder", "Folder or file", 1000)
            yield _field("client", "Client", 24, "by name")
            yield _field("day", "If undated", 10, "YYYY-MM-DD")
        yield Turn("Kind, if the file names none", map(kind_words, _KINDS), id="import-kind")
        yield Table("File", "Client", "Date", "Length", "To know", id="import-plan")
        yield Static(id="import-whole", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self.tell("F5 shows what would be imported. Nothing is imported before that.")

    @property
    def busy(self) -> bool:
        """Whether a preview is being made or notes are being imported."""
        return self._timer is not None

    @on(Input.Submitted)
    def action_preview(self) -> None:
        if self.busy:
            return
        try:
            code, day = self._typed("client"), read_filter_day(self._typed("day"))
            client = self.vault.clients.by_code(code) if code else None
            if not self._typed("folder"):
                raise UsageError("Which folder or file? Type its path first.")
            files = files_of([Path(self._typed("folder")).expanduser()])
            kind = _KINDS[self.query_one(Turn).at]
            self._planning = planning(self.vault, files, ImportChoices(client, kind, day))
        except (NotekeeperError, RuntimeError) as error:
            self.tell(str(error) if isinstance(error, NotekeeperError) else "There is no such folder.", trouble=True)
            return
        self._files, self._plans, self._refused, self._read = len(files), [], [], set()
        self._clear()
        self._begin()

    @on(Input.Changed)
    @on(Turn.Turned)
    def _choices_changed(self) -> None:
        """A preview holds for the choices it was made with."""
        if self._plans and not self.busy:
            self._plans, self._refused = [], []
            self._clear()
            self.tell("F5 shows what would be imported now.")

    def action_bring(self) -> None:
        if self.busy:
            return
        self._wanted = sum(plan.wanted for plan in self._plans)
        if not self._wanted:
            self.tell("There is nothing to import yet. F5 shows what each file would become.", trouble=True)
            return
        self._done, self._refused = 0, [(plan, plan.refused) for plan in self._plans if plan.refused]
        self._bringing = bringing(self.vault, self._plans)
        self._begin()

    def _begin(self) -> None:
        for field in self.query("Input, Turn"):
            field.disabled = True
        self._timer = self.set_interval(_EVERY_S, self._work)

    def _work(self) -> None:
        """A short piece of the work, so that keys are answered between."""
        until = time.monotonic() + _PIECE_S
        try:
            while self.busy:
                self._plan_one() if self._planning else self._bring_one()
                if time.monotonic() >= until:
                    break
        except NotekeeperError as error:
            self._end()
            self.tell(f"{error} What was imported before is kept.", trouble=True)

    def _plan_one(self) -> None:
        plan = next(self._planning or iter(()), None)
        if plan is None:
            self._end()
            self._show_refused([(each, each.refused) for each in self._plans if each.refused])
            self.tell(self._outlook())
            return
        self._plans.append(plan)
        self._read.add(plan.path)
        if not plan.refused:
            self._row(plan, f"imported before: {plan.already}" if plan.already else " ".join(plan.remarks))
        self.tell(f"Reading: {len(self._read)} of {self._files} files. Esc stops.")

    def _bring_one(self) -> None:
        brought = next(self._bringing or iter(()), None)
        if brought is None:
            self._over("Imported")
            return
        if brought.note is None:
            self._refused.append((brought.planned, brought.refused))
        else:
            self._done += 1
        self.tell(f"Importing: {self._done} of {self._wanted} notes. Esc stops; what is imported is kept.")

    def _over(self, how: str) -> None:
        self._end()
        self._plans = []
        self._clear()
        self._show_refused(self._refused)
        refused = f" {len(self._refused)} refused, listed here; those files are as they were." if self._refused else ""
        self.tell(f"{how}: {self._done} note(s), not signed.{refused}", trouble=bool(self._refused))

    def _outlook(self) -> str:
        wanted, refused = sum(plan.wanted for plan in self._plans), sum(bool(plan.refused) for plan in self._plans)
        before = len(self._plans) - wanted - refused
        told = [f"{before} imported before"] if before else []
        told += [f"{refused} refused, listed last"] if refused else []
        rest = f" ({', '.join(told)})" if told else ""
        go = "F9 imports." if wanted else "There is nothing to import."
        return f"{wanted} note(s) to import{rest}. {go}"

    def _row(self, plan: Planned, known: str) -> None:
        place = f" #{plan.place + 1}" if plan.place else ""
        day = plan.day.isoformat() if plan.day else ""
        length = f"{plan.characters:,}" if plan.characters else ""
        name, owner = _short(plan.path.name) + place, plan.client.code if plan.client else ""
        self.query_one(Table).add(name, owner, day, length, known)
        self._known.append(f"{plan.path.name}{place}: {known}" if known else "")

    def _clear(self) -> None:
        self.query_one(Table).clear()
        self._known = []
        self.query_one("#import-whole", Static).update("")

    @on(DataTable.RowHighlighted)
    def _say_whole(self, event: DataTable.RowHighlighted) -> None:
        """What is to be known of a file may be wider than the screen."""
        known = self._known[event.cursor_row] if event.cursor_row < len(self._known) else ""
        self.query_one("#import-whole", Static).update(plain(known))

    def _show_refused(self, refused: list[tuple[Planned, str]]) -> None:
        for plan, reason in refused:
            self._row(plan, f"✗ {reason}")

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._planning = self._bringing = None
        for field in self.query("Input, Turn"):
            field.disabled = False

    def action_back(self) -> None:
        """Stop what is going on; when nothing is, leave."""
        if not self.busy:
            super().action_back()
        elif self._planning:
            self._end()
            self._plans = []
            self._clear()
            self.tell("Stopped. Nothing was imported.")
        else:
            self._over("Stopped. Imported")

    def _typed(self, name: str) -> str:
        return self.query_one(f"#import-{name}", Input).value.strip()


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:12]}…{name[-11:]}"


def _field(name: str, title: str, most: int, placeholder: str = "") -> Input:
    field = Input(max_length=most, id=f"import-{name}", placeholder=placeholder)
    field.border_title = title
    return field
