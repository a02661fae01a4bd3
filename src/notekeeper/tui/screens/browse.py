"""Reading a report that was written, here or by somebody else.

What always holds: only a file that is exactly a report is shown, and nothing of any other.
"""

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from notekeeper.domain.report import ReportDocument
from notekeeper.errors import NotekeeperError
from notekeeper.services.reporting import read_report, report_text
from notekeeper.tui.base import Page, plain


class BrowsePage(Page):
    """One report as text. `file` is shown at once, if given."""

    TITLE = "Read a report"
    HELP = """
Give the path of a report, the .json file, and press Enter. Page up and page down scroll. The .html file that was
written beside it is for a browser.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "scroll(1)", "Scroll", id="browse.down", key_display="PgDn"),
        Binding("pageup", "scroll(-1)", "Back", id="browse.up", key_display="PgUp", show=False),
    ]
    CSS = """
    BrowsePage #file {
        border: round $foreground 40%; border-title-color: $foreground; height: 3; margin: 0; padding: 0 1;
        background: $background;
    }
    BrowsePage #file:focus { border: heavy $primary; }
    BrowsePage #report { height: 1fr; scrollbar-gutter: stable; }
    """

    def __init__(self, file: Path | None = None) -> None:
        super().__init__()
        self._file = file
        self._found: ReportDocument | None = None

    def body(self) -> ComposeResult:
        field = Input(str(self._file or ""), id="file", select_on_focus=False)
        field.border_title = "Where the report is (its .json file); Enter opens it"
        yield field
        with VerticalScroll(id="report"):
            yield Static(id="text", markup=False)

    def on_mount(self) -> None:
        self.query_one("#file").focus()
        if self._file is not None:
            self.call_after_refresh(self._open)

    @on(Input.Submitted)
    def _open(self) -> None:
        path = Path(self.query_one("#file", Input).value.strip()).expanduser()
        try:
            found = read_report(path)
        except NotekeeperError as error:
            self._found = None
            self.query_one("#text", Static).update(plain(""))
            self.tell(str(error), trouble=True)
            return
        self._found = found.document
        self._show()
        self.tell("")
        self.query_one("#report").focus()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        """The report in lines for the width there is."""
        if self._found is not None:
            width = max(40, min(100, self.query_one("#report").scrollable_content_region.width))
            self.query_one("#text", Static).update(plain(report_text(self._found, width)))

    def action_scroll(self, by: int) -> None:
        report = self.query_one("#report", VerticalScroll)
        (report.scroll_page_down if by > 0 else report.scroll_page_up)(animate=False)
