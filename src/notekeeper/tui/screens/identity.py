"""Who a code stands for: nothing of it on the screen until it is asked for.

What always holds: showing is logged; Esc saves and goes back, so that nothing typed is lost; taking it away is asked
for twice.
"""

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Static, TextArea

from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError
from notekeeper.services.identity import (
    LABELS,
    IdentityForm,
    form_of,
    has_identity,
    keep_form,
    remove_identity,
    save_form,
    show_identity,
)
from notekeeper.tui.base import Page, plain

_TALL = {"other_names": 2, "address": 2}
_ROWS = (("name",), ("other_names",), ("born", "health_number"), ("address",), ("phone", "email"))


class IdentityPage(Page):
    TITLE = "Identity"
    HELP = (
        "Who the code stands for, if you want it in this vault at all. Nothing is shown until you press F4, and that "
        "it was shown stands in the log. It is kept apart: no model, report or export for supervision is given a word "
        "of it. F5 saves; Esc saves and goes back. F8, twice, takes everything here away for good."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Save, back", id="identity.back"),
        Binding("f4", "show", "Show", id="identity.show"),
        Binding("f5,ctrl+s", "save", "Save", key_display="F5", id="identity.save"),
        Binding("f8", "remove", "Remove", id="identity.remove"),
    ]
    CSS = """
    IdentityPage #identity-form { height: 1fr; display: none; }
    IdentityPage Horizontal { height: 3; }
    IdentityPage TextArea, IdentityPage Input {
        width: 1fr; height: auto; margin: 0; border: round $foreground 60%; padding: 0 1; background: $background;
        border-title-color: $foreground; border-title-style: bold;
    }
    IdentityPage TextArea:focus, IdentityPage Input:focus { border: round $primary; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self._saved: IdentityForm | None = None  # None while nothing is shown
        self._asked = False

    def body(self) -> ComposeResult:
        yield Static("", id="identity-covered", markup=False)
        with VerticalScroll(id="identity-form", can_focus=False):
            for row in _ROWS:
                if len(row) == 1:
                    yield self._field(row[0])
                else:
                    with Horizontal():
                        for name in row:
                            yield self._field(name)

    def _field(self, name: str) -> TextArea | Input:
        field: TextArea | Input
        if name in _TALL:
            field = TextArea("", id=f"identity-{name}", highlight_cursor_line=False)
            field.styles.min_height = _TALL[name] + 2
        else:
            field = Input("", placeholder="YYYY-MM-DD" if name == "born" else "", id=f"identity-{name}")
        field.border_title = LABELS[name]
        return field

    def on_mount(self) -> None:
        self.banner(f"{self._client.code} · identity")
        self._say_covered()

    def _say_covered(self) -> None:
        try:
            kept = has_identity(self.vault, self._client)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        said = "An identity is kept" if kept else "No identity is kept, and none is needed"
        asks = "shows and changes it" if kept else "opens the form"
        self.query_one("#identity-covered", Static).update(
            plain(f"{said} for {self._client.code}.\n\nF4 {asks}. That it was shown stands in the log.")
        )

    def action_show(self) -> None:
        """Show what is kept, and log that it was shown."""
        if self._saved is not None:
            return
        try:
            self._fill(form_of(show_identity(self.vault, self._client)))
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.query_one("#identity-covered").display = False
        self.query_one("#identity-form").display = True
        self.query_one("#identity-name").focus()

    def _fill(self, form: IdentityForm) -> None:
        for name, text in form.model_dump().items():
            field: Any = self.query_one(f"#identity-{name}")
            if isinstance(field, TextArea):
                field.load_text(text)
            else:
                field.value = text
        self._saved = form

    def _form(self) -> IdentityForm:
        texts = {}
        for name in LABELS:
            field: Any = self.query_one(f"#identity-{name}")
            texts[name] = field.text if isinstance(field, TextArea) else field.value
        return IdentityForm(**texts)

    def _save(self) -> bool:
        try:
            if self._saved is not None and (form := self._form()) != self._saved:
                save_form(self.vault, self._client, form)
                self._saved = form
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return False
        return True

    def action_save(self) -> None:
        if self._saved is not None and self._save():
            self.tell("Saved ✓")

    def action_back(self) -> None:
        if self._save():
            self.dismiss()

    def action_remove(self) -> None:
        """Take everything away, once the key was pressed twice."""
        if not self._asked:
            self._asked = True
            self.tell("All that is kept here is taken away for good; the file stays under its code. Press F8 again.")
            return
        self._asked = False
        try:
            removed = remove_identity(self.vault, self._client)
            if self._saved is not None:
                self._fill(IdentityForm())
            self._say_covered()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.tell("The identity was removed." if removed else "There was none.")

    def keep(self) -> None:
        if self._saved is not None and (form := self._form()) != self._saved:
            try:
                keep_form(self.vault, self._client, form)
                self._saved = form
            except NotekeeperError as error:
                self.tell(str(error), trouble=True)
