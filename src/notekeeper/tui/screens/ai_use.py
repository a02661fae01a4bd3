"""The client's own use of AI: what the client tells of it, in the therapist's words, and the entries there are.

What always holds: the fields are neutral and the program fills none; words typed and not added are kept in the vault
when the page closes, and are there again; nothing is added but by F5.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input
from textual.widgets.option_list import Option

from notekeeper.domain.ai_use import MAX_AI_USE
from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError
from notekeeper.services.ai_use import (
    LABELS,
    AiUseForm,
    NotedAiUse,
    about_words,
    add_ai_use,
    ai_uses,
    begun,
    keep_begun,
    note_number,
    read_form,
    summary,
)
from notekeeper.services.caseload import own_day
from notekeeper.tui.base import Page, plain
from notekeeper.tui.table import ReadLines
from notekeeper.tui.widgets import ShortText

_TEXTS = ("tool", "purpose", "meaning", "agreed")


class AiUsePage(Page):
    TITLE = "The client's own use of AI"
    HELP = (
        "Many people talk to a chat program, also about what they bring to therapy. Here stands what this client tells "
        "of it: what they use, what for, what they make of it, and what you agreed. Any field may stay empty, but not "
        "all. Without a day it is today; with a note's number the entry is about that note. F5 adds it; it is not "
        "changed afterwards, and a later one stands beside it. What you typed and did not add is here again next time."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5,ctrl+s", "add", "Add", key_display="F5", id="ai-use.add")]
    DEFAULT_CSS = """
    AiUsePage ShortText { height: 4; }
    AiUsePage Horizontal { height: 3; }
    AiUsePage Input { width: 1fr; margin: 0; }
    AiUsePage Lines { height: auto; max-height: 12; background: $background; padding: 0; }
    AiUsePage Lines, AiUsePage Lines:focus { border: none; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self._kept = AiUseForm()

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            for name in _TEXTS:
                yield ShortText(most=MAX_AI_USE, title=LABELS[name], id=f"ai-use-{name}")
            with Horizontal():
                for name, title, hint in (
                    ("day", "Day", "YYYY-MM-DD; empty is today"),
                    ("note", "About note", "its number; empty for the file"),
                ):
                    field = Input(placeholder=hint, max_length=10, id=f"ai-use-{name}")
                    field.border_title = title
                    yield field
            yield ReadLines(id="ai-use-entries", markup=False)

    def on_mount(self) -> None:
        self.banner(f"{self._client.code} · the client's own use of AI")
        try:
            kept = begun(self.vault, self._client)
            self._fill(kept)
            self._kept = kept  # only now, so that empty fields never count as something typed over what is kept
            self._show_entries()
            if not self.query_one(ReadLines).option_count:
                self.tell("Nothing is noted yet. Any field may stay empty; F5 adds what you type.")
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
        self.query_one("#ai-use-tool").focus()

    def _fill(self, form: AiUseForm) -> None:
        for name in _TEXTS:
            self.query_one(f"#ai-use-{name}", ShortText).load_text(getattr(form, name))
        for name in ("day", "note"):
            self.query_one(f"#ai-use-{name}", Input).value = getattr(form, name)

    def _form(self) -> AiUseForm:
        texts = {name: self.query_one(f"#ai-use-{name}", ShortText).text for name in _TEXTS}
        inputs = {name: self.query_one(f"#ai-use-{name}", Input).value for name in ("day", "note")}
        return AiUseForm(**texts, **inputs)

    def _show_entries(self) -> None:
        found = ai_uses(self.vault, self._client)
        lines = self.query_one(ReadLines)
        lines.clear_options()
        lines.add_options(Option(plain(_words(each))) for each in reversed(found))
        lines.display = bool(found)

    def action_add(self) -> None:
        form = self._form()
        try:
            self.keep()
            with self.vault.transaction():
                added = add_ai_use(self.vault, self._client, read_form(form, own_day()), note_number(form))
                keep_begun(self.vault, self._client, AiUseForm())
            self._fill(AiUseForm())
            self._kept = AiUseForm()
            self._show_entries()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.tell(f"Added: entry {added.number}. The newest stands on the client's file.")

    def keep(self) -> None:
        form = self._form()
        if form != self._kept:
            keep_begun(self.vault, self._client, form)
            self._kept = form

    def action_back(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.tell(f"{error} You are still here, so that nothing is lost.", trouble=True)
            return
        self.dismiss()


def _words(noted: NotedAiUse) -> str:
    about = about_words(noted)
    head = f"{noted.number}. {summary(noted.use)}{f' ({about})' if about else ''}"
    said = ((name, getattr(noted.use, name)) for name in ("meaning", "agreed"))
    return "\n".join([head, *(f"   {LABELS[name]}: {words}" for name, words in said if words)])
