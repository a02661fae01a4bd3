"""Plain files of everything that is held: of one client's file, or of every file and the practice.

What always holds: nothing is written before F9; the files are the therapist's own copy, with nothing taken out, and the
page says before and after that they are not encrypted.
"""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from notekeeper.domain.file_export import NOT_ENCRYPTED, ExportFormat
from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError
from notekeeper.services.caseload import own_day
from notekeeper.services.file_export import FORMATS, Written, export_all, export_client
from notekeeper.tui.base import Page, plain
from notekeeper.tui.screens.filters import Turn

_CHOICES: tuple[tuple[str, tuple[ExportFormat, ...]], ...] = (
    ("HTML, Markdown and JSON", FORMATS),
    ("plain text alone", (ExportFormat.TEXT,)),
    ("all four", (*FORMATS, ExportFormat.TEXT)),
)


class ExportPage(Page):
    TITLE = "Plain export"
    HELP = """
Writes everything that is held to plain files, for yourself: every saved text, process notes, drafts, sign-offs, addenda
and the log, with nothing taken out. From a client's file it is that file; from Practice it is every file, each in files
of its own, and what belongs to the practice. Choose a folder; space changes the kinds of file; F9 writes. Nothing is
ever overwritten. The files are not encrypted. What a client is given goes by Access requests instead.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9", "write", "Write", id="export.write")]
    DEFAULT_CSS = """
    ExportPage Input { margin: 0; }
    ExportPage .text { height: auto; margin: 1 0; }
    """

    def __init__(self, client: Client | None = None) -> None:
        super().__init__()
        self._client = client

    def body(self) -> ComposeResult:
        folder = Input(str(Path.home()), max_length=1000, select_on_focus=False, id="export-folder")
        folder.border_title = "Folder for the files"
        yield folder
        yield Turn("Kinds of file", [words for words, _ in _CHOICES], id="export-kinds")
        yield Static(plain(NOT_ENCRYPTED), classes="text", markup=False)

    def on_mount(self) -> None:
        self.banner(f"{self._client.code} · plain export" if self._client else "Plain export of everything")
        self.query_one(Input).focus()
        self.tell("F9 writes. Nothing is written before that.")

    def action_write(self) -> None:
        """Say so, and write once that is on the screen: many files take a while."""
        self.tell("Writing …")
        self.call_after_refresh(self._write)

    def _write(self) -> None:
        folder = Path(self.query_one(Input).value.strip()).expanduser()
        formats = _CHOICES[self.query_one(Turn).at][1]
        try:
            if self._client is None:
                made = export_all(self.vault, folder, own_day(), formats)
            else:
                made = {self._client.code: export_client(self.vault, self._client, folder, own_day(), formats)}
        except (NotekeeperError, RuntimeError) as error:
            self.tell(str(error) if isinstance(error, NotekeeperError) else "There is no such folder.", trouble=True)
            return
        self.tell(_said([each for written in made.values() for each in written]))


def _said(written: list[Written]) -> str:
    more = f" and {len(written) - 1} more beside it" if len(written) > 1 else ""
    return f"Written, not encrypted: {written[0].path}{more}."
