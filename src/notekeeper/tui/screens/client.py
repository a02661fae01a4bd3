"""A client's file: the front sheet first, then the last session, then agreement to AI use, beside the list of notes.

What always holds: the emergency contact and the safety plan stand at the top, and are said to be missing when they
are; themes and focus shown here are signed ones.
"""

from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Static

from notekeeper.domain.agreement import Answer, Given, Purpose, Standing, agrees
from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.note import Client, Note
from notekeeper.domain.vault import NoteStanding
from notekeeper.errors import NotekeeperError
from notekeeper.services.caseload import ending_of, kind_words, own_day
from notekeeper.services.front_sheet import LABELS, ClientFile, form_of, open_file
from notekeeper.services.supervision import beside_words, day_words
from notekeeper.services.supervision_flags import flag_words
from notekeeper.tui.base import Page, plain
from notekeeper.tui.screens.follow_ups import marked_line
from notekeeper.tui.screens.places import place_of
from notekeeper.tui.table import Table

PURPOSES = {
    Purpose.DRAFTING: "AI drafting",
    Purpose.PATTERNS: "AI patterns",
    Purpose.SUPERVISION: "Supervision reports",
}
ANSWERS = {Answer.AGREED: "✓ agreed", Answer.DECLINED: "✗ declined", Answer.WITHDRAWN: "✗ withdrawn"}
_ALWAYS = ("emergency_contact", "safety_plan")
_COUNTED = ("sessions_planned", "ending")
_USUAL = {"work": "individual", "under_18": "no"}
_UNSAID = frozenset({*_USUAL, "started", "ended"})
"""Fields that are not called missing while they are empty."""
_STUB = "– wrong client, moved –"  # as wide as the other states; Enter says it in full
_SHORT = {"lawful_basis": "Lawful basis"}
_FLAGS_SHOWN, _WHY_SHOWN = 4, 80
_BLANK = (False, plain(" "))


class ClientPage(Page):
    TITLE = "Client"
    HELP = (
        "The front sheet first: whom to call, the safety plan, GP, contract, breaks and ending; e changes it. Then the "
        "last session: what was agreed to do (the lines under a plan, homework, actions or next heading in its note), "
        "focus and themes as signed. Then the agreement to AI use. w adds a follow-up with a date and lists those "
        "there are; s has what is flagged for supervision and what came of it. Space reads on where the sheet is "
        "longer than its place, and Tab goes to it and back. The list has every note, newest first: ○ not signed, ◇ a "
        "draft awaits your review, ✓ signed."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "write", "New", id="client.write", tooltip="Write a new note"),
        Binding("e", "edit", "Edit", id="client.edit", tooltip="Change the front sheet"),
        Binding("g", "agreements", "AI", id="client.agreements", tooltip="Agreement to AI use"),
        Binding("r", "report", "Report", id="client.report"),
        Binding("w", "follow_up", "Due", id="client.follow_up", tooltip="Follow-ups with dates"),
        Binding("s", "supervision", "Supervision", show=False, id="client.supervision"),
        Binding("m", "more", "More", id="client.more", tooltip="What else the file holds"),
        Binding("space", "read_on", "Read on", show=False, id="client.read_on"),
        Binding("f,slash", "search", "Find", key_display="f", id="client.search"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - Textual declares it on the instance
    DEFAULT_CSS = """
    ClientPage #client-sheet { height: auto; max-height: 60%; padding: 0 1 0 0; }
    ClientPage #client-sheet .more { padding: 0 0 0 2; }
    ClientPage #client-notes { height: 1fr; min-height: 5; border-top: solid $primary; }
    ClientPage #client-sheet:focus { background: $boost; }
    ClientPage.-wide #body { layout: horizontal; }
    ClientPage.-wide #client-sheet { width: 1fr; height: 1fr; max-height: 100%; }
    ClientPage.-wide #client-notes { width: 74; height: 1fr; border-top: none; border-left: solid $primary; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self._notes: tuple[NoteStanding | Note, ...] = ()
        self._news = ""

    def body(self) -> ComposeResult:
        yield VerticalScroll(id="client-sheet")
        yield Table("Note", "Date", "Kind", "State", "Risk", id="client-notes")

    def on_mount(self) -> None:
        self.query_one(Table).focus()

    def on_screen_resume(self) -> None:
        self.show_file()

    def show_file(self) -> None:
        """Read the file anew and show it."""
        try:
            file = open_file(self.vault, self._client)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._notes = _newest_first([*file.notes, *self.vault.notes.stubs(self._client.id)])
        mark = "DEMONSTRATION, invented · " if self._client.demonstration else ""
        planned = f" of {file.sheet.sessions_planned}" if file.sheet.sessions_planned else ""
        self.banner(f"{mark}{self._client.code} · session {file.held}{planned}")
        sheet = self.query_one("#client-sheet", VerticalScroll)
        sheet.remove_children()
        sheet.mount_all(Static(line, classes="more" if deeper else "", markup=False) for deeper, line in _sheet(file))
        table = self.query_one(Table)
        at = table.cursor_row
        table.clear()
        for standing in self._notes:
            table.add(*_cells(standing))
        table.move_cursor(row=min(at, max(len(self._notes) - 1, 0)), animate=False)
        if file.trouble:
            self.tell(file.trouble, trouble=True)
        elif self._news:
            self.tell(self._news)
        elif self._notes:
            self.call_after_refresh(self._say_if_longer)
        else:
            self.tell("No notes yet. n writes the first one, e the front sheet, g records agreement to AI use.")

    def _say_if_longer(self) -> None:
        if self.query_one("#client-sheet", VerticalScroll).max_scroll_y > 0:
            self.tell("Space reads on: last session, what was agreed, agreement to AI use.")

    def action_more(self) -> None:
        from notekeeper.tui.screens.menu import ClientMenu

        self.app.push_screen(ClientMenu(self._client))

    @on(DataTable.RowSelected)
    def _open(self, event: DataTable.RowSelected) -> None:
        here = self._notes[event.cursor_row]
        if isinstance(here, Note):
            self.tell("This note was filed under the wrong client and moved. A number and a date are all that is here.")
            return
        self.app.push_screen(place_of(self._client, here.note))

    def action_read_on(self) -> None:
        """Turn the sheet by what is seen of it, and from its end to its beginning."""
        sheet = self.query_one("#client-sheet", VerticalScroll)
        if sheet.scroll_y >= sheet.max_scroll_y:
            sheet.scroll_home(animate=False)
        else:
            sheet.scroll_page_down(animate=False)

    def action_write(self) -> None:
        self.app.push_screen(place_of(self._client, None))

    def action_edit(self) -> None:
        from notekeeper.tui.screens.front import FrontSheetPage

        self.app.push_screen(FrontSheetPage(self._client))

    def action_agreements(self) -> None:
        from notekeeper.tui.screens.agreements import AgreementsBox

        self.app.push_screen(AgreementsBox(self, self._client), lambda _: self.show_file())

    def action_follow_up(self) -> None:
        from notekeeper.tui.screens.follow_ups import FollowUpBox

        self._news = ""
        self.app.push_screen(FollowUpBox(self.vault, self._client), self._followed)

    def _followed(self, added: FollowUp | None) -> None:
        if added is not None:
            self._news = f"Follow-up F{added.number} is due {added.due.isoformat()}. The Monday list will have it."
        self.show_file()

    def action_supervision(self) -> None:
        from notekeeper.tui.screens.supervision_client import ClientSupervisionPage

        self.app.push_screen(ClientSupervisionPage(self._client))

    def action_report(self) -> None:
        from notekeeper.tui.screens.report import ReportPage

        self.app.push_screen(ReportPage(self._client))

    def action_search(self) -> None:
        from notekeeper.tui.screens.search import SearchPage

        self.app.push_screen(SearchPage(self._client))


def agreement_words(standing: Standing) -> str:
    """How somebody stands, in a line."""
    if standing.given is None:
        return "– not asked"
    lack = standing.lack
    odd = f", but {lack.value} it" if lack is not None and standing.given.agreement.answer is Answer.AGREED else ""
    return given_words(standing.given) + odd


def given_words(given: Given) -> str:
    """An answer in a line, without whose it is."""
    by = given.agreement.given_by.replace("_", " ")
    return f"{ANSWERS[given.agreement.answer]} {given.day.isoformat()}, {given.agreement.how}, by {by}"


def agreement_lines(purpose: Purpose, standings: tuple[Standing, ...]) -> list[str]:
    """How a file stands to a purpose: one line for one client, else a line for all and one for each."""
    name = PURPOSES[purpose]
    if not standings:
        return [f"{name}: – nobody asked: enter the persons first (m, People)"]
    if len(standings) == 1:
        return [f"{name}: {agreement_words(standings[0])}"]
    whole = "✓ everybody agrees" if agrees(standings) else "✗ not everybody agrees"
    return [f"{name}: {whole}", *(f"- {each.party.label}: {agreement_words(each)}" for each in standings)]


def _sheet(file: ClientFile) -> list[tuple[bool, Content]]:
    """The lines of the sheet; True for those that belong under the one before."""
    typed = form_of(file.sheet).model_dump()
    others = [name for name in LABELS if name not in (*_ALWAYS, *_COUNTED)]
    typed.update({name: "" for name, usual in _USUAL.items() if typed[name] == usual})
    lines = []
    for name in (*_ALWAYS, *(name for name in others if typed[name])):
        lines += _field(LABELS[name], typed[name] or "NOT GIVEN")
    planned = file.sheet.sessions_planned
    lines += _field("Session", f"{file.held} of {planned}" if planned else f"{file.held}, number planned not given")
    ending = ending_of(file.sheet, file.held, own_day())
    lines += _field("Ending", f"{'▲ ' if ending.near else ''}{ending.words or 'no date given'}")
    if missing := [_SHORT.get(name, LABELS[name]) for name in others if not typed[name] and name not in _UNSAID]:
        lines.append((False, plain(f"Not given: {', '.join(missing)}. e changes the front sheet.").stylize("dim")))
    lines += [(False, plain("Follow-ups").stylize("bold"))] if file.follow_ups else []
    lines += [(True, marked_line(each)) for each in file.follow_ups]
    lines += _field("Client's own use of AI", file.ai_use) if file.ai_use else []
    lines += _supervision(file)
    lines += [_BLANK, *_last_session(file), _BLANK, (False, plain("Agreement to AI use").stylize("bold"))]
    return lines + [
        (True, plain(line)) for purpose in Purpose for line in agreement_lines(purpose, file.agreements[purpose])
    ]


def _supervision(file: ClientFile) -> list[tuple[bool, Content]]:
    """What is flagged, and of what came of supervision what is agreed and not done; the rest is a page away."""
    if not (file.flags or file.discussed):
        return []
    lines = [(False, plain("Supervision").stylize("bold"))]
    for each in file.flags[:_FLAGS_SHOWN]:
        why = " ".join(each.flag.why.split())
        why = why if len(why) <= _WHY_SHOWN else f"{why[: _WHY_SHOWN - 1]}…"
        lines.append((True, plain(f"⚑ S{each.number}, {flag_words(each)}{f': {why}' if why else ''}")))
    if len(file.flags) > _FLAGS_SHOWN:
        lines.append((True, plain(f"and {len(file.flags) - _FLAGS_SHOWN} more flagged; s shows them")))
    if file.discussed:
        newest = max(file.discussed, key=lambda each: (each.day or date.min, each.number))
        lines.append((True, plain(f"{day_words(newest.day)}: {len(file.discussed)} comment(s); s shows them")))
    return lines + [(True, plain(f"□ {beside_words(each)}")) for each in file.discussed if each.to_do]


def _last_session(file: ClientFile) -> list[tuple[bool, Content]]:
    if file.last is None:
        return _field("Last session", "none yet")
    state = "✓ signed" if file.last.signed else "○ not signed"
    lines = _field("Last session", f"{file.last.date.isoformat()}, note {file.last.number}, {state}")
    if file.tasks:
        lines.append((True, plain("Agreed, as in the note:")))
        lines += [(True, plain(f"- {task}")) for task in file.tasks]
    if file.signed is not None:
        if not file.last.signed:
            lines += _field("Last signed session", file.signed.body.note_date.isoformat())
        kept = {
            kind: [item.text for item in file.signed.body.items if item.kind == kind] for kind in ("focus", "theme")
        }
        lines += [(True, plain(f"{kind.capitalize()}: {text}")) for kind, texts in kept.items() for text in texts]
    return lines


def _field(label: str, text: str) -> list[tuple[bool, Content]]:
    """A label with its text, beneath it when the text has several lines."""
    bold = plain(f"{label}: ").stylize("bold")
    return [(False, bold), (True, plain(text))] if "\n" in text else [(False, Content.assemble(bold, plain(text)))]


def _newest_first(rows: list[NoteStanding | Note]) -> tuple[NoteStanding | Note, ...]:
    """Notes and the stubs of notes that were moved, by date and number."""

    def place(row: NoteStanding | Note) -> tuple[date, int]:
        note = row if isinstance(row, Note) else row.note
        return note.date, note.number

    return tuple(sorted(rows, key=place, reverse=True))


def _cells(standing: NoteStanding | Note) -> list[str]:
    if isinstance(standing, Note):
        return [f"{standing.number}", standing.date.isoformat(), kind_words(standing.kind), _STUB, ""]
    note = standing.note
    state = "✓ signed" if note.signed else "◇ draft to review" if standing.draft else "○ not signed"
    unsaved = ", typing kept" if standing.unsaved else ""
    risk = standing.risk.words if standing.risk else "no state yet"
    risk += ", added" if standing.risk_added else ""
    return [f"{note.number}", note.date.isoformat(), kind_words(note.kind), f"{state}{unsaved}", risk]
