"""Filling in the front sheet.

What always holds: Esc saves and goes back, so that nothing typed is lost; a number or date that cannot be read is
told of, and when there is no time to ask it is kept as words under breaks.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, TextArea

from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError
from notekeeper.services.front_sheet import LABELS, FrontSheetForm, form_of, keep_sheet, save_sheet
from notekeeper.tui.base import Page
from notekeeper.tui.stopping import stop_unless_agreed

_LINES = {"emergency_contact": 2, "safety_plan": 4, "gp": 1, "contract": 2, "breaks": 2, "lawful_basis": 1}
_HINTS = {
    "sessions_planned": "empty while open",
    "ending": "YYYY-MM-DD, empty while open",
    "work": "individual, couple, family or group",
    "under_18": "yes or no",
    "started": "YYYY-MM-DD",
    "ended": "YYYY-MM-DD; how long the file is kept counts from it",
}
_MORE = {
    "work": "individual, couple, family, group",
    "lawful_basis": "apart from agreement to AI use",
}


class FrontSheetPage(Page):
    TITLE = "Front sheet"
    HELP = (
        "What you want at hand before anything else. Tab and Shift+Tab go from field to field. F5 saves; Esc saves and "
        "goes back. Every field may stay empty, and what was saved before stays beneath."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Save, back", id="front.back"),
        Binding("f5,ctrl+s", "save", "Save", key_display="F5", id="front.save"),
    ]
    DEFAULT_CSS = """
    FrontSheetPage #front-form { height: 1fr; }
    FrontSheetPage TextArea, FrontSheetPage Input {
        height: auto; margin: 0; border: round $foreground 60%; padding: 0 1; background: $background;
        border-title-color: $foreground; border-title-style: bold;
    }
    FrontSheetPage TextArea:focus, FrontSheetPage Input:focus { border: round $primary; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self._saved = FrontSheetForm()

    def body(self) -> ComposeResult:
        with VerticalScroll(id="front-form", can_focus=False):
            for name, label in LABELS.items():
                field: TextArea | Input
                if name in _LINES:
                    field = TextArea("", id=f"front-{name}", highlight_cursor_line=False)
                    field.styles.min_height = _LINES[name] + 2
                else:
                    field = Input("", placeholder=_HINTS[name], id=f"front-{name}")
                field.border_title = f"{label} ({_MORE[name]})" if name in _MORE else label
                field.styles.margin = 0
                yield field

    def on_mount(self) -> None:
        self.banner(f"{self._client.code} · front sheet")
        saved = self._saved
        try:
            saved = form_of(self.vault.front_sheets.current(self._client.id))
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
        self._fill(saved)
        self._saved = saved  # only now, so that empty fields never count as something typed over what is saved
        self.query_one("#front-emergency_contact").focus()

    def _fill(self, form: FrontSheetForm) -> None:
        for name, text in form.model_dump().items():
            field = self.query_one(f"#front-{name}")
            if isinstance(field, TextArea):
                field.load_text(text)
            elif isinstance(field, Input):
                field.value = text

    def _form(self) -> FrontSheetForm:
        texts = {}
        for name in LABELS:
            field = self.query_one(f"#front-{name}")
            texts[name] = field.text if isinstance(field, TextArea) else field.value if isinstance(field, Input) else ""
        return FrontSheetForm(**texts)

    def _save(self) -> bool:
        form = self._form()
        try:
            if form != self._saved:
                save_sheet(self.vault, self._client, form)
                self._saved = form
                stop_unless_agreed(self.keeper.room, self.vault, self._client)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return False
        return True

    def action_save(self) -> None:
        if self._save():
            self.tell("Saved ✓")

    def action_back(self) -> None:
        if self._save():
            self.dismiss()

    def keep(self) -> None:
        form = self._form()
        if form != self._saved:
            try:
                keep_sheet(self.vault, self._client, form)
                self._saved = form
            except NotekeeperError as error:
                self.tell(str(error), trouble=True)
