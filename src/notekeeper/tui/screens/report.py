"""The report for a supervisor: what is in it, how it reads, and where it is written.

What always holds: the preview is the report that is written, to the word; risk is left out unless it is chosen, and
then the report opens with NOT INCLUDED; nothing is written before the key that writes.
"""

from datetime import date
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, VerticalScroll
from textual.timer import Timer
from textual.widgets import Checkbox, Input, Static

from notekeeper.domain.consent import Purpose
from notekeeper.domain.note import Client
from notekeeper.domain.report import ReportDocument
from notekeeper.errors import AgreementMissingError, NotekeeperError, UsageError
from notekeeper.services.consent import why_not
from notekeeper.services.reporting import (
    ReportChoices,
    build,
    keep_question,
    kept_question,
    report_text,
    sealed_files,
    write,
)
from notekeeper.tui.base import Page, plain
from notekeeper.tui.widgets import Tick

_SETTLE_S = 0.3


class ReportPage(Page):
    """A report of `client`'s signed sessions."""

    TITLE = "Report"
    HELP = """
A report of themes for your supervisor: signed sessions only, by code, with no quotation and no name. What you see is
what is written: a page for the browser, which prints on A4, and a file for notekeeper.
Risk is left out unless you choose it; the report then opens with NOT INCLUDED. Dates are written YYYY-MM-DD and may
be empty, for all sessions. The question is kept until you change it.
Page up and page down scroll the preview. F9 writes the report. Reduced identifiability is not anonymity.
"""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "write", "Write", id="report.write"),
        Binding("f8", "browse", "Read a report", id="report.browse"),
        Binding("pagedown", "scroll(1)", "Scroll", id="report.down", show=False),
        Binding("pageup", "scroll(-1)", "Scroll back", id="report.up", show=False),
    ]
    CSS = """
    ReportPage #body { padding: 0; }
    ReportPage #sides { height: 1fr; layout: horizontal; }
    ReportPage.-narrow #sides { layout: vertical; }
    ReportPage #form { width: 42; height: 1fr; padding: 0 1; }
    ReportPage.-narrow #form { width: 1fr; height: 8; }
    ReportPage #form Input {
        margin: 0; border: round $foreground 40%; border-title-color: $foreground; height: 3; padding: 0 1;
        background: $background;
    }
    ReportPage #form Input:focus { border: heavy $primary; }
    ReportPage #form Horizontal { height: auto; }
    ReportPage #form Horizontal > * { width: 1fr; }
    ReportPage Tick, ReportPage Tick:focus { border: none; padding: 0; height: 1; background: $background; }
    ReportPage Tick:focus { text-style: reverse; }
    ReportPage #preview { width: 1fr; height: 1fr; border-left: solid $primary; padding: 0 1; scrollbar-gutter: stable }
    ReportPage.-narrow #preview { border-left: none; border-top: solid $primary; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client
        self._made: ReportDocument | None = None
        self._written: Path | None = None
        self._settling: Timer | None = None
        self._filled = False

    def body(self) -> ComposeResult:
        with Container(id="sides"):
            with VerticalScroll(id="form", can_focus=False):
                yield Tick("Risk and safeguarding, in my words", id="risk")
                yield Tick("My supervision notes", id="supervision")
                yield _field("question", "Question to bring", 600)
                with Horizontal():
                    yield _field("start", "From", 10)
                    yield _field("end", "To", 10)
                yield _field("more", "Two more questions; like this", 600)
                yield _field("folder", "Folder", 1000)
            with VerticalScroll(id="preview"):
                yield Static(id="text", markup=False)

    def on_mount(self) -> None:
        self.banner(f"{'DEMONSTRATION · ' if self.client.demonstration else ''}Report · {self.client.code}")
        question, more = kept_question(self.vault, self.client)
        self.query_one("#question", Input).value = question
        self.query_one("#more", Input).value = more
        self._filled = True
        self.query_one("#folder", Input).value = str(Path.home())
        self.query_one("#risk").focus()
        self._preview()

    @on(Input.Changed)
    @on(Checkbox.Changed)
    def _changed(self) -> None:
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(_SETTLE_S, self._settle)

    def _settle(self) -> None:
        self._preview()
        try:
            self.keep()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)

    def keep(self) -> None:
        """The questions, for the next time; fields that do not hold them yet say nothing."""
        if not self._filled:
            return
        keep_question(self.vault, self.client, self._value("question"), self._value("more"))

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _choices(self) -> ReportChoices:
        return ReportChoices(
            start=_day(self._value("start")),
            end=_day(self._value("end")),
            risk=self.query_one("#risk", Checkbox).value,
            supervision=self.query_one("#supervision", Checkbox).value,
            question=self._value("question"),
            questions=tuple(filter(None, (each.strip() for each in self._value("more").split(";")))),
        )

    def _preview(self) -> None:
        """Make the report anew and show it; or the sentence that says why there is none."""
        try:
            self._made = build(self.vault, [(self.client, self._choices())])
        except AgreementMissingError:
            self._say_why_not(self._not_agreed())
        except NotekeeperError as error:
            self._say_why_not(str(error))
        else:
            self._show()

    def _say_why_not(self, sentence: str) -> None:
        self._made = None
        self.query_one("#text", Static).update(plain(f"! No report yet.\n\n{sentence}"))

    def _not_agreed(self) -> str:
        said = why_not(self.vault, self.client, Purpose.SUPERVISION)
        return f"{said}, so none was made. An answer is recorded in the client's file: Esc, then g."

    def _show(self) -> None:
        if self._made is not None:
            width = max(40, self.query_one("#preview").scrollable_content_region.width)
            self.query_one("#text", Static).update(plain(report_text(self._made, min(100, width))))

    def action_scroll(self, by: int) -> None:
        preview = self.query_one("#preview", VerticalScroll)
        (preview.scroll_page_down if by > 0 else preview.scroll_page_up)(animate=False)

    def action_write(self) -> None:
        """Write what the preview shows."""
        self._preview()
        if self._made is None:
            self.tell("No report was written; the preview says why.", trouble=True)
            return
        try:
            folder = Path(self._value("folder")).expanduser()
            paths = write(self.vault, [self.client], self._made, sealed_files(self.vault, self._made), folder)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._written = paths["json"]
        self.tell(f"Written: {paths['html']}, .pdf and .md and, for notekeeper, {paths['json'].name}")

    def action_browse(self) -> None:
        from notekeeper.tui.screens.browse import BrowsePage

        self.app.push_screen(BrowsePage(self._written))


def _field(name: str, title: str, most: int) -> Input:
    field = Input(id=name, max_length=most, select_on_focus=False)
    field.border_title = title
    return field


def _day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw) if raw else None
    except ValueError:
        raise UsageError("A date is written YYYY-MM-DD, like 2026-03-14, or left empty.") from None
