"""The rehearsal of a report: everything in its final bytes that could tell who somebody is, and their approval.

What always holds: the lines are about the very bytes that one key approves; that key does nothing while something is
open, and is none of those that led here; a decision makes the bytes anew, and they are looked through again.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.identifiers import Treatment
from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError
from notekeeper.reports.envelope import Seal
from notekeeper.services.approving import Approved, Prepared, approve, prepare
from notekeeper.services.approving_files import write
from notekeeper.services.approving_kept import clear_prepared, keep_prepared
from notekeeper.services.bundling import check_seal_choice
from notekeeper.services.quoting import Quoted, without
from notekeeper.services.reporting import ReportChoices
from notekeeper.tui.base import Page, plain
from notekeeper.tui.screens.report_deciding import DecideBox, SealBox
from notekeeper.tui.screens.report_form import Wanted
from notekeeper.tui.screens.report_rows import Row, RowKind, rows_of
from notekeeper.tui.table import ReadLines


class RehearsalPage(Page):
    """The report `prepared`, to be written as `wanted` once it is approved. `written` is its JSON file or bundle."""

    TITLE = "Look through the report"
    HELP = """
Every word in the finished files that may tell who somebody is. Lines that begin with ? are open. On such a line r
replaces what was found, g says it more generally, k keeps it and asks why. It is remembered for this client, and can be
decided otherwise later. On a quotation q says that it is meant, t takes it out. Below the list you see where it stands.
The last lines are questions that somebody would ask who wants to know; the program counts, you judge. When nothing is
open, y approves these exact bytes, named by their digest, and writes them. What is not found may tell all the same.
"""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "decide('replace')", "Replace", id="rehearsal.replace"),
        Binding("g", "decide('generalise')", "General", id="rehearsal.generalise"),
        Binding("k", "decide('keep')", "Keep", id="rehearsal.keep"),
        Binding("q", "confirm", "Quote", id="rehearsal.quote"),
        Binding("t", "take_out", "Take out", id="rehearsal.take_out"),
        Binding("y", "approve", "Approve", id="rehearsal.approve"),
        Binding("f8", "browse", "Read", tooltip="Read the report that was written", id="rehearsal.browse"),
        Binding("n", "next", "To the next open line", id="rehearsal.next", show=False),
        Binding("pagedown", "scroll(1)", "Scroll", id="rehearsal.down", show=False),
        Binding("pageup", "scroll(-1)", "Scroll back", id="rehearsal.up", show=False),
    ]
    CSS = """
    RehearsalPage #body { padding: 0; }
    RehearsalPage #rehearsal-standing { height: auto; max-height: 3; padding: 0 1; text-style: bold; }
    RehearsalPage #sides { height: 1fr; layout: horizontal; }
    RehearsalPage.-narrow #sides { layout: vertical; }
    RehearsalPage ReadLines, RehearsalPage ReadLines:focus {
        width: 1fr; height: 1fr; border: none; background: $background;
    }
    RehearsalPage ReadLines > .option-list--option-disabled { color: $foreground; text-style: bold underline; }
    RehearsalPage #told { width: 1fr; height: 1fr; border-left: solid $primary; padding: 0 1; }
    RehearsalPage.-narrow #told { border-left: none; border-top: solid $primary; height: 9; }
    """

    def __init__(self, prepared: Prepared, wanted: Wanted) -> None:
        super().__init__()
        self.prepared, self._wanted = prepared, wanted
        self._confirmed: list[Quoted] = []
        self._rows: list[Row] = []
        self._approved: Approved | None = None
        self.written: Path | None = None

    def body(self) -> ComposeResult:
        yield Static(id="rehearsal-standing", markup=False)
        with Container(id="sides"):
            yield ReadLines(id="rehearsal-lines", markup=False)
            with VerticalScroll(id="told", can_focus=False):
                yield Static(id="told-text", markup=False)

    def on_mount(self) -> None:
        codes = ", ".join(client.code for client in self.prepared.clients)
        demonstration = any(client.demonstration for client in self.prepared.clients)
        self.banner(f"{'DEMONSTRATION · ' if demonstration else ''}Look through the report · {codes}")
        self._show()
        self.query_one(ReadLines).focus()

    def _show(self, place: int = 0) -> None:
        """The lines anew, the cursor on the first open one from `place` on, else on the first of all."""
        try:
            self._rows = rows_of(self.vault, self.prepared, self._confirmed)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        lines = self.query_one(ReadLines)
        lines.clear_options()
        lines.add_options([Option(plain(row.line), disabled=row.kind is RowKind.HEAD) for row in self._rows])
        self._stand()
        opened = [at for at, row in enumerate(self._rows) if row.open]
        following = [at for at in opened if at >= place] or opened
        lines.highlighted = following[0] if following else self._first
        self._tell_row()
        self.refresh_bindings()

    @property
    def _first(self) -> int | None:
        """The first line that is not a heading."""
        return next((at for at, row in enumerate(self._rows) if row.kind is not RowKind.HEAD), None)

    @property
    def _open(self) -> int:
        return sum(row.open for row in self._rows)

    def _stand(self) -> None:
        """What is left to do, or what the one key does."""
        short = self.prepared.short
        if self._approved is not None:
            said = f"Approved {self._approved.at.astimezone():%d %b %Y at %H:%M}, digest {short}."
        elif self._open:
            hits = len(self.prepared.rehearsal.undecided)
            quotations = self._open - hits
            left = [f"{hits} to decide"] * bool(hits) + [f"{quotations} quotation(s) to confirm"] * bool(quotations)
            said = f"Open: {' and '.join(left)}. Nothing can be approved yet."
        else:
            said = (
                f"Nothing is open. y approves these exact bytes, digest {short}, and writes {self._wanted.words()} "
                f"to {self._wanted.folder}."
            )
        self.query_one("#rehearsal-standing", Static).update(plain(said))

    @property
    def _here(self) -> Row | None:
        at = self.query_one(ReadLines).highlighted if self.is_mounted else None
        return self._rows[at] if at is not None and at < len(self._rows) else None

    @on(OptionList.OptionHighlighted)
    def _tell_row(self) -> None:
        if (row := self._here) is not None:
            self.query_one("#told-text", Static).update(plain(row.told))
            self.query_one("#told", VerticalScroll).scroll_home(animate=False)
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key where there is something for it, and none once it is approved."""
        if action in {"decide", "confirm", "take_out", "approve"} and (
            self._approved is not None or not self.is_mounted
        ):
            return False
        row = self._here if action in {"decide", "confirm", "take_out"} else None
        if action == "decide":
            return row is not None and row.client is not None
        if action in {"confirm", "take_out"}:
            return row is not None and row.kind is RowKind.QUOTATION
        if action == "approve":
            return not self._open
        if action == "browse":
            return self.written is not None
        return super().check_action(action, parameters)

    def action_scroll(self, by: int) -> None:
        told = self.query_one("#told", VerticalScroll)
        (told.scroll_page_down if by > 0 else told.scroll_page_up)(animate=False)

    def action_next(self) -> None:
        """To the next line that is open."""
        lines = self.query_one(ReadLines)
        at = lines.highlighted or 0
        order = [*range(at + 1, len(self._rows)), *range(min(at + 1, len(self._rows)))]
        lines.highlighted = next((place for place in order if self._rows[place].open), at)

    def action_decide(self, treatment: str) -> None:
        row, way = self._here, Treatment(treatment)
        if row is None or row.client is None:
            return
        before = ""
        if row.before is not None and row.before.treatment is way:
            before = row.before.reason if way is Treatment.KEEP else row.before.instead
        self.app.push_screen(DecideBox(self.vault, row.client, row.found, way, before), self._decided)

    def _decided(self, done: bool | None) -> None:
        if done:
            self._again(self.prepared.asked, "Decided, and looked through again.")

    def _again(self, asked: Sequence[tuple[Client, ReportChoices]], said: str) -> None:
        """Make the files anew and look through them."""
        place = self.query_one(ReadLines).highlighted or 0
        try:
            self.prepared = prepare(self.vault, asked)
            keep_prepared(self.vault, self.prepared)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._show(place)
        self.tell(said)

    def action_confirm(self) -> None:
        """The quotation is meant."""
        row = self._here
        if row is not None and row.quoted is not None:
            if row.quoted not in self._confirmed:
                self._confirmed.append(row.quoted)
            self._show(self.query_one(ReadLines).highlighted or 0)

    def action_take_out(self) -> None:
        """The quotation is left out of the report."""
        row = self._here
        if row is not None and row.quoted is not None:
            self._again(without(self.prepared, [row.quoted]), "Taken out, and looked through again.")

    def action_approve(self) -> None:
        """These exact bytes, and then the files."""
        if self._wanted.bundle and not self._wanted.key:
            self.app.push_screen(SealBox(), self._sealed)
        else:
            self._approve(Seal(keys=(self._wanted.key,)) if self._wanted.bundle else None)

    def _sealed(self, passphrase: str | None) -> None:
        if passphrase:
            self._approve(Seal(passphrase=passphrase))

    def _approve(self, seal: Seal | None) -> None:
        prepared = self.prepared
        try:
            if seal is not None:
                check_seal_choice(seal)
            approved = approve(self.vault, prepared, prepared.digest, quotations=len(prepared.quotations))
            paths = write(self.vault, approved, self._wanted.folder, self._wanted.kinds, seal)
            clear_prepared(self.vault, prepared.clients)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._approved = approved
        self.written = paths.get("json") or paths["bundle"]
        self._stand()
        self.refresh_bindings()
        self.tell(f"Written: {', '.join(str(path) for path in paths.values())}")

    def action_browse(self) -> None:
        from notekeeper.tui.screens.browse import BrowsePage

        self.app.push_screen(BrowsePage(self.written))
