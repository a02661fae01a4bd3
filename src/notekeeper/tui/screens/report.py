"""The report for a supervisor: of whom it is, what is in it, how it reads, and which files it will be.

What always holds: the preview is the report that is looked through next, to the word; risk is left out unless it is
chosen, and then the report opens with NOT INCLUDED; nothing is written here.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.timer import Timer
from textual.widgets import Checkbox, Input, Static

from notekeeper.domain.consent import Purpose
from notekeeper.domain.note import Client
from notekeeper.domain.report import MAX_PAGES, ReportDocument
from notekeeper.errors import AgreementMissingError, NotekeeperError, UsageError
from notekeeper.services.approving import prepare
from notekeeper.services.approving_kept import keep_prepared
from notekeeper.services.consent import why_not
from notekeeper.services.identifiers import apply_decisions
from notekeeper.services.reporting import ReportChoices, build, keep_question, kept_question, report_text
from notekeeper.tui.base import Page, plain
from notekeeper.tui.screens.report_form import OfClient, ReportFields
from notekeeper.tui.screens.report_quoting import QuotePage
from notekeeper.tui.screens.report_rehearsal import RehearsalPage

_SETTLE_S = 0.3


class ReportPage(Page):
    """A report of `client`'s signed sessions, and of up to three more clients'."""

    TITLE = "Report"
    HELP = """
A report of themes for your supervisor: signed sessions only, by code, without a name. The preview reads as the files
will. Risk is left out unless you choose it; the report then opens with NOT INCLUDED. Dates are written YYYY-MM-DD and
may be empty, for all sessions. The question is kept until you change it.
Up to three more clients go into the same report: write their codes; F6 goes to the next client's choices. F7 quotes
sentences of the notes, each chosen by itself. Page up and page down scroll the preview. F9 looks through it for what
could tell who somebody is, and there you approve it; only then is it written. F8 reads a report that was written.
"""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "look_through", "Look through", id="report.write"),
        Binding("f7", "quote", "Quote", id="report.quote"),
        Binding("f6", "next_client", "Next", id="report.next"),
        Binding("f8", "browse", "Read", tooltip="Read a report that was written", id="report.browse"),
        Binding("pagedown", "scroll(1)", "Scroll", id="report.down", show=False),
        Binding("pageup", "scroll(-1)", "Scroll back", id="report.up", show=False),
    ]
    CSS = """
    ReportPage #body { padding: 0; }
    ReportPage #sides { height: 1fr; layout: horizontal; }
    ReportPage.-narrow #sides { layout: vertical; }
    ReportPage ReportFields { width: 42; height: 1fr; padding: 0 1; }
    ReportPage.-narrow ReportFields { width: 1fr; height: 8; }
    ReportPage ReportFields Input {
        margin: 0; border: round $foreground 40%; border-title-color: $foreground; height: 3; padding: 0 1;
        background: $background;
    }
    ReportPage ReportFields Input:focus { border: heavy $primary; }
    ReportPage ReportFields Horizontal { height: auto; }
    ReportPage ReportFields Horizontal > * { width: 1fr; }
    ReportPage.-wide #parts { layout: vertical; }
    ReportPage Tick, ReportPage Tick:focus { border: none; padding: 0; height: 1; background: $background; }
    ReportPage Tick:focus { text-style: reverse; }
    ReportPage ReportFields Static { height: auto; }
    ReportPage ReportFields .label { display: none; }
    ReportPage ReportFields.several .label { display: block; }
    ReportPage #preview { width: 1fr; height: 1fr; border-left: solid $primary; padding: 0 1; scrollbar-gutter: stable }
    ReportPage.-narrow #preview { border-left: none; border-top: solid $primary; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client
        self._clients: tuple[Client, ...] = (client,)
        self._at = 0
        self._chosen: dict[str, OfClient] = {}
        self._made: ReportDocument | None = None
        self._rehearsal: RehearsalPage | None = None
        self._settling: Timer | None = None
        self._filled = False

    def body(self) -> ComposeResult:
        with Container(id="sides"):
            yield ReportFields(id="form")
            with VerticalScroll(id="preview"):
                yield Static(id="text", markup=False)

    @property
    def _fields(self) -> ReportFields:
        return self.query_one(ReportFields)

    def on_mount(self) -> None:
        self.query_one("#folder", Input).value = str(Path.home())
        self._fill()
        self.query_one("#risk").focus()
        self._preview()

    def on_screen_resume(self) -> None:
        """Back from looking through: quotations that were taken out there are out here too."""
        if self._rehearsal is not None and self._filled:
            for client, choices in self._rehearsal.prepared.asked:
                self._chosen[client.id] = replace(self._of(client), quotations=choices.quotations)
            self._fields.show_quoted(len(self._of(self._here).quotations))
            self._preview()

    @property
    def _here(self) -> Client:
        """The client whose choices are shown."""
        return self._clients[self._at]

    def _of(self, client: Client) -> OfClient:
        """What is chosen of a client; at first the question that was kept."""
        if client.id not in self._chosen:
            question, more = kept_question(self.vault, client)
            self._chosen[client.id] = OfClient(question=question, more=more)
        return self._chosen[client.id]

    def _fill(self) -> None:
        self._filled = False
        here = self._here
        self._fields.show(here.code, self._at, len(self._clients), self._of(here))
        self._filled = True
        self.refresh_bindings()

    def _read(self) -> None:
        if self._filled:
            self._chosen[self._here.id] = self._fields.read(self._of(self._here))

    @on(Input.Changed)
    @on(Checkbox.Changed)
    def _changed(self) -> None:
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(_SETTLE_S, self._settle)

    def _settle(self) -> None:
        self._read()
        self._preview()
        try:
            self.keep()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)

    def keep(self) -> None:
        """The questions of every client, for the next time; fields that do not hold them yet say nothing."""
        if not self._filled:
            return
        self._read()
        for client in self._clients:
            chosen = self._of(client)
            if kept_question(self.vault, client) != (chosen.question, chosen.more):
                keep_question(self.vault, client, chosen.question, chosen.more)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def _take_others(self) -> None:
        """The clients whose codes are typed, after the first. Raises `UsageError`."""
        codes = [each for each in re.split(r"[\s,;]+", self._fields.value("others")) if each]
        if len(codes) >= MAX_PAGES:
            raise UsageError(f"A report is of {MAX_PAGES} clients at most, the one of this page among them.")
        clients = (self.client, *(self.vault.clients.by_code(code) for code in codes))
        if clients != self._clients:
            here = self._here
            self._clients = clients
            self._at = clients.index(here) if here in clients else 0
            self._fill()

    def _asked(self) -> list[tuple[Client, ReportChoices]]:
        return [(client, self._of(client).choices()) for client in self._clients]

    def _preview(self) -> None:
        """Make the report anew and show it; or the sentence that says why there is none."""
        try:
            self._take_others()
            self._name_banner()
            self._made = apply_decisions(self.vault, self._clients, build(self.vault, self._asked()))
        except AgreementMissingError:
            self._say_why_not(self._not_agreed())
        except NotekeeperError as error:
            self._say_why_not(str(error))
        else:
            self._show()

    def _name_banner(self) -> None:
        codes = ", ".join(client.code for client in self._clients)
        self.banner(f"{'DEMONSTRATION · ' if self.client.demonstration else ''}Report · {codes}")

    def _say_why_not(self, sentence: str) -> None:
        self._made = None
        self.query_one("#text", Static).update(plain(f"! No report yet.\n\n{sentence}"))

    def _not_agreed(self) -> str:
        for client in self._clients:
            if said := why_not(self.vault, client, Purpose.SUPERVISION):
                of = f"{client.code}: " if len(self._clients) > 1 else ""
                return f"{of}{said}, so none was made. An answer is recorded in the client's file: Esc, then g."
        return "An answer has changed just now. Nothing was made; look again."

    def _show(self) -> None:
        if self._made is not None:
            width = max(40, self.query_one("#preview").scrollable_content_region.width)
            self.query_one("#text", Static).update(plain(report_text(self._made, min(100, width))))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is a next client where there are several."""
        return len(self._clients) > 1 if action == "next_client" else super().check_action(action, parameters)

    def action_scroll(self, by: int) -> None:
        preview = self.query_one("#preview", VerticalScroll)
        (preview.scroll_page_down if by > 0 else preview.scroll_page_up)(animate=False)

    def action_next_client(self) -> None:
        """The choices of the next client of the report."""
        self._read()
        self._at = (self._at + 1) % len(self._clients)
        self._fill()
        self.query_one("#risk").focus()

    def action_quote(self) -> None:
        """Sentences of the client whose choices are shown, to be quoted one by one."""
        self._read()
        client = self._here

        def take(quotations: tuple[tuple[int, str], ...]) -> None:
            self._chosen[client.id] = replace(self._of(client), quotations=quotations)
            self._fields.show_quoted(len(quotations))
            self._preview()

        try:
            choices = self._of(client).choices()
        except UsageError as error:
            self.tell(str(error), trouble=True)
            return
        self.app.push_screen(QuotePage(client, choices, take))

    def action_look_through(self) -> None:
        """Make the files and look through them, once it is on the screen that this is done."""
        self._read()
        self._preview()
        if self._made is None:
            self.tell("There is no report to look through; the preview says why.", trouble=True)
            return
        self.tell("Looking through the files …")
        self.call_after_refresh(self._look_through)

    def _look_through(self) -> None:
        try:
            self.keep()
            prepared = prepare(self.vault, self._asked())
            keep_prepared(self.vault, prepared)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.tell("")
        self._rehearsal = RehearsalPage(prepared, self._fields.wanted())
        self.app.push_screen(self._rehearsal)

    def action_browse(self) -> None:
        from notekeeper.tui.screens.browse import BrowsePage

        self.app.push_screen(BrowsePage(self._rehearsal.written if self._rehearsal else None))
