"""The caseload: every client with what is still to do, and the way to everything else.

What always holds: what is shown is read anew whenever this page comes to the front; a number is never alone, its
heading and the line below the table say what it counts.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, DataTable, Input, Static

from notekeeper.domain.note import Client, client_code
from notekeeper.errors import NotekeeperError
from notekeeper.services.caseload import CaseloadRow, caseload, own_day
from notekeeper.tui.base import Box, Page, plain
from notekeeper.tui.screens.places import place_of
from notekeeper.tui.table import Table

_EMPTY = (
    "No clients yet. Press a to add the first one, by a code of your own such as C014, never a name.\n"
    "Then press n to write a note. Agreement to AI use is asked on the client's page, and nothing needs it."
)
_CODE_ROOM = 10  # at 80 columns the whole table is seen; the line below has the whole code
_COLUMNS = (
    "Client",
    "Session\n",
    "Last\nsession",
    "Un-\nfinished",
    "Drafts to\nreview",
    "Risk not\nrecorded",
    "Ending\n",
)


class CaseloadPage(Page):
    TITLE = "Caseload"
    HELP = (
        "Every client, with what is still to do. Enter opens a client's file, with its front sheet first; n starts a "
        "note for the client under the cursor. A note is unfinished until it is signed; those whose draft awaits your "
        "review are counted apart. Risk not recorded counts sessions with no state of risk, or with “Not recorded”; "
        "no number there does not mean no risk. ▲ marks a client near the ending: within four weeks, or with at most "
        "two planned sessions left. w says more of a warning on top, where there is one."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Lock", show=False, id="caseload.back"),
        Binding("n", "write", "Note", id="caseload.write", tooltip="Begin a note"),
        Binding("a", "add", "Client", id="caseload.add", tooltip="Add a client"),
        Binding("m", "monday", "Monday", id="caseload.monday"),
        Binding("f,slash", "search", "Find", key_display="f", id="caseload.search"),
        Binding("p", "practice", "Practice", id="caseload.practice", tooltip="What concerns every file"),
        Binding("f2", "settings", "Settings", id="caseload.settings"),
        Binding("w", "warnings", "What the warning says, and what to do", show=False, id="caseload.warnings"),
    ]
    DEFAULT_CSS = """
    CaseloadPage #caseload-warning { height: auto; background: $warning; color: black; display: none; }
    CaseloadPage #caseload-table { height: 1fr; }
    CaseloadPage #caseload-empty { height: 1fr; padding: 1 0; display: none; }
    CaseloadPage #caseload-line { height: auto; max-height: 3; border-top: solid $primary; }
    CaseloadPage.empty #caseload-table, CaseloadPage.empty #caseload-line { display: none; }
    CaseloadPage.empty #caseload-empty { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, CaseloadRow] = {}

    def body(self) -> ComposeResult:
        yield Static("", id="caseload-warning", markup=False)
        yield Table(*_COLUMNS, id="caseload-table", header_height=2)
        yield Static(plain(_EMPTY), id="caseload-empty", markup=False)
        yield Static("", id="caseload-line", markup=False)

    def on_screen_resume(self) -> None:
        self.show_all()
        self._show_warnings()

    def _show_warnings(self) -> None:
        """The first words of what is wrong, on top, until the therapist has said what is to be with it."""
        said, shown = self.keeper.warnings, self.query_one("#caseload-warning", Static)
        shown.display = bool(said)
        if said:
            more = f" And {len(said) - 1} more." if len(said) > 1 else ""
            shown.update(plain(f"! {said[0].partition('. ')[0].rstrip('.')}.{more} w says more, and what to do."))
        self.refresh_bindings()

    def action_practice(self) -> None:
        from notekeeper.tui.screens.menu import PracticeMenu

        self.app.push_screen(PracticeMenu())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The key for warnings is there while there are some."""
        return bool(self.keeper.warnings) if action == "warnings" else super().check_action(action, parameters)

    def action_warnings(self) -> None:
        from notekeeper.tui.screens.warning import WarningBox

        self.app.push_screen(WarningBox(self.keeper.warnings, alarm=bool(self.vault.alarm)), self._answered)

    def _answered(self, answer: str | None) -> None:
        from notekeeper.tui.screens.warning import ACCEPT

        if answer == ACCEPT:
            try:
                self.vault.accept_state()
            except NotekeeperError as error:
                self.tell(str(error), trouble=True)
                return
            self.tell("You go on with the vault as it stands. The log says so.")
        elif answer is not None:
            self.keeper.hide_warnings()
        self._show_warnings()

    def show_all(self, stay_at: str | None = None) -> None:
        """Read the caseload and show it, with the cursor on the client `stay_at`, else where it was."""
        table = self.query_one(Table)
        at = stay_at or (here.client.id if (here := self._here()) else None)
        try:
            rows = caseload(self.vault, own_day())
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._rows = {row.client.id: row for row in rows}
        table.clear()
        for row in rows:
            table.add(*_cells(row), key=row.client.id)
        self.set_class(not rows, "empty")
        demonstration = any(row.client.demonstration for row in rows)
        self.banner(
            f"Caseload: {len(rows)} client(s)" + (" · DEMONSTRATION: ◆ clients are invented" if demonstration else "")
        )
        if at in self._rows:
            table.move_cursor(row=table.get_row_index(at), animate=False)
        self._say_more()
        table.focus()

    def _here(self) -> CaseloadRow | None:
        table = self.query_one(Table)
        if not table.is_valid_row_index(table.cursor_row):
            return None
        return self._rows.get(table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value or "")

    @on(DataTable.RowHighlighted)
    def _say_more(self) -> None:
        row = self._here()
        self.query_one("#caseload-line", Static).update(plain(in_words(row) if row else ""))

    @on(DataTable.RowSelected)
    def _open(self) -> None:
        from notekeeper.tui.screens.client import ClientPage

        if row := self._here():
            self.app.push_screen(ClientPage(row.client))

    def action_write(self) -> None:
        if row := self._here():
            self.app.push_screen(place_of(row.client, None))
        else:
            self.tell("Add a client first, with a; then n starts a note.")

    def action_add(self) -> None:
        self.app.push_screen(AddClientBox(), self._added)

    def _added(self, client: Client | None) -> None:
        if client is not None:
            self.show_all(client.id)
            self.tell(f"{client.code} is in your caseload. n writes a first note; Enter opens the front sheet.")

    def action_monday(self) -> None:
        from notekeeper.tui.screens.monday import MondayPage

        self.app.push_screen(MondayPage())

    def action_search(self) -> None:
        from notekeeper.tui.screens.search import SearchPage

        self.app.push_screen(SearchPage())

    def action_settings(self) -> None:
        from notekeeper.tui.screens.settings import SettingsPage

        self.app.push_screen(SettingsPage())

    def action_back(self) -> None:
        self.app.push_screen(LockBox(), lambda lock: self.keeper.action_lock() if lock else None)


def _cells(row: CaseloadRow) -> list[str]:
    mark = " ◆" if row.client.demonstration else ""
    room = _CODE_ROOM - len(mark)
    code = row.client.code
    client = (code if len(code) <= room else f"{code[: room - 1]}…") + mark
    ending = f"▲ {row.ending.short}" if row.ending.near else row.ending.short
    counts = ((row.unfinished, "○"), (row.to_review, "◇"), (row.risk_not_recorded, "!"))
    marked = [f"{mark} {len(notes)}" if notes else "–" for notes, mark in counts]
    return [client, row.count, row.last.isoformat() if row.last else "–", *marked, ending or "–"]


def in_words(row: CaseloadRow) -> str:
    """One client's line of the table as sentences."""
    parts = [
        f"{row.client.code}: session {row.count}, last {row.last}."
        if row.last
        else f"{row.client.code}: no session yet."
    ]
    todo = [
        f"{len(notes)} {words}"
        for notes, words in (
            (row.unfinished, "unfinished note(s)"),
            (row.to_review, "draft(s) to review"),
            (row.risk_not_recorded, "session(s) with risk not recorded"),
        )
        if notes
    ]
    if todo:
        parts.append(f"{', '.join(todo)}.")
    if row.ending.words:
        parts.append(row.ending.words)
    if row.client.demonstration:
        parts.append("DEMONSTRATION: invented.")
    return " ".join(parts)


class AddClientBox(Box[Client]):
    """Asks for a code and adds the client."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(plain("Add a client"), classes="label", markup=False)
            yield Static(plain("A code of your own, not a name: letters, digits, hyphens, such as C014."), markup=False)
            yield Input(placeholder="Code", max_length=24, id="add-code")
            yield Static(plain("Enter adds. Esc goes back."), id="add-telling", classes="hint", markup=False)

    @on(Input.Submitted)
    def _add(self, event: Input.Submitted) -> None:
        page = self.app.screen_stack[-2]
        try:
            code = client_code(event.value.strip())
            if isinstance(page, Page):
                self.dismiss(page.vault.clients.add(code))
        except NotekeeperError as error:
            self.query_one("#add-telling", Static).update(plain(f"! {error}"))


class LockBox(Box[bool]):
    """Asks whether to lock; what is typed is kept either way."""

    DEFAULT_CSS = "LockBox .buttons { height: auto; margin: 1 0 0 0; } LockBox Button { margin: 0 1 0 0; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "lock", "Lock", id="lock.yes")]

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(plain("Lock the vault?"), classes="label", markup=False)
            yield Static(plain("Everything is kept. The passphrase opens it again."), markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Lock (y)", id="lock-yes", variant="primary")
                yield Button("Stay (Esc)", id="lock-no")

    @on(Button.Pressed, "#lock-yes")
    def action_lock(self) -> None:
        self.dismiss(True)

    @on(Button.Pressed, "#lock-no")
    def _stay(self) -> None:
        self.dismiss(False)
