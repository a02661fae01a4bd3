"""A client's correction requests: those there are, a new one, and the therapist's answer to each.

What always holds: the words are the client's and the therapist's own; what is typed and not added is kept in the vault
when a page closes, and is there again; nothing is added but by F5.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.correction import MAX_CORRECTION, Outcome
from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.services.caseload import own_day
from notekeeper.services.corrections import (
    Correction,
    about_words,
    answer_correction,
    ask_correction,
    begun,
    corrections_of,
    keep_begun,
    note_numbers,
    read_asked_on,
    read_number,
    standing_words,
)
from notekeeper.tui.base import Page, plain
from notekeeper.tui.table import Lines
from notekeeper.tui.widgets import PickOne, ShortText


class TypedPage(Page):
    """A page of fields whose typing is kept under `owner` until F5 adds it."""

    FIELDS: ClassVar[tuple[str, ...]] = ()
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5,ctrl+s", "add", "Add", key_display="F5", id="correction.add")]

    def __init__(self, client: Client, owner: str) -> None:
        super().__init__()
        self._client, self._owner = client, owner
        self._kept: dict[str, str] = {}

    def _read(self) -> dict[str, str]:
        """What stands in the fields, empty ones left out."""
        found = {name: self.query_one(f"#correction-{name}") for name in self.FIELDS}
        texts = {
            name: f.value if isinstance(f, Input) else f.text
            for name, f in found.items()
            if isinstance(f, Input | ShortText)
        }
        return {name: text for name, text in texts.items() if text}

    def _fill(self, texts: dict[str, str]) -> None:
        for name in self.FIELDS:
            field, text = self.query_one(f"#correction-{name}"), texts.get(name, "")
            if isinstance(field, Input):
                field.value = text
            elif isinstance(field, ShortText):
                field.load_text(text)
        self._kept = dict(texts)

    def _restore(self) -> None:
        self._fill(begun(self.vault, self._owner))

    def _clear_kept(self) -> None:
        """What was typed is in the file: within the same transaction, and with it, it is no longer kept apart."""
        keep_begun(self.vault, self._client, self._owner, {})

    def keep(self) -> None:
        if (typed := self._read()) != self._kept:
            keep_begun(self.vault, self._client, self._owner, typed)
            self._kept = typed

    def action_back(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.tell(f"{error} You are still here, so that nothing is lost.", trouble=True)
            return
        self.dismiss()


class CorrectionsPage(TypedPage):
    TITLE = "Correction requests"
    HELP = (
        "What this client asks to have corrected in their file, in their words, about a note by its number or about "
        "the file. It is due one calendar month after the day it was asked, and stands on the Monday list until you "
        "answer it. F5 adds a request. In the list below, Enter opens one to answer it. The client's own statement "
        "stays beside the note for good. Nothing here is changed afterwards."
    )
    FIELDS = ("by", "on", "note", "asks", "statement")
    DEFAULT_CSS = """
    CorrectionsPage ShortText { height: 4; }
    CorrectionsPage Horizontal { height: 3; }
    CorrectionsPage Input { width: 1fr; margin: 0; }
    CorrectionsPage Lines { height: auto; max-height: 12; border: none; background: $background; padding: 0; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__(client, f"{client.id}.correction")
        self._shown: tuple[Correction, ...] = ()

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            with Horizontal():
                for name, title, hint, most in (
                    ("by", "Asked by", "as in this file", 200),
                    ("on", "Asked on", "YYYY-MM-DD or empty", 10),
                    ("note", "About note", "its number or empty", 6),
                ):
                    field = Input(placeholder=hint, max_length=most, id=f"correction-{name}")
                    field.border_title = title
                    yield field
            yield ShortText(most=MAX_CORRECTION, title="What they ask to have corrected", id="correction-asks")
            yield ShortText(
                most=MAX_CORRECTION, title="Their own statement, if they gave one", id="correction-statement"
            )
            yield Lines(id="corrections-list", markup=False)

    def on_mount(self) -> None:
        self.banner(f"{self._client.code} · correction requests")
        try:
            self._restore()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
        self.query_one("#correction-by").focus()

    def on_screen_resume(self) -> None:
        try:
            self._show()
            if not self._shown:
                self.tell("No request yet. F5 adds what you type here, due one calendar month after it was asked.")
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)

    def _show(self) -> None:
        self._shown = corrections_of(self.vault, self._client)
        numbers, lines = note_numbers(self.vault, self._client), self.query_one(Lines)
        at = lines.highlighted
        lines.clear_options()
        lines.add_options(Option(plain(_line(each, numbers))) for each in self._shown)
        lines.display = bool(self._shown)
        if self._shown:  # so that Enter opens one at once when Tab comes here
            lines.highlighted = min(at or 0, len(self._shown) - 1)

    def action_add(self) -> None:
        typed = self._read()
        try:
            self.keep()
            with self.vault.transaction():
                added = ask_correction(
                    self.vault,
                    self._client,
                    typed.get("by", ""),
                    typed.get("asks", ""),
                    read_asked_on(typed.get("on", ""), own_day()),
                    own_day(),
                    read_number(typed.get("note", "")),
                    typed.get("statement", ""),
                )
                self._clear_kept()
            self._fill({})
            self._show()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.tell(f"Added: request C{added.number}, due {added.request.due.isoformat()}. Enter on it answers it.")

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        self.app.push_screen(AnswerPage(self._client, self._shown[event.option_index]))


class AnswerPage(TypedPage):
    TITLE = "Answer a correction request"
    HELP = (
        "What was asked, and earlier answers. Choose what you did: corrected by an addendum to the note (give its "
        "number), corrected before signing, or not corrected, which needs your reasons. F5 adds the answer. A later "
        "answer stands beside this one; the client's statement stays beside the note for good."
    )
    FIELDS = ("addendum", "reasons", "statement")
    DEFAULT_CSS = """
    AnswerPage ShortText { height: 4; }
    AnswerPage Input { margin: 0; }
    AnswerPage #answer-asked { margin: 0 0 1 0; height: auto; }
    """

    def __init__(self, client: Client, asked: Correction) -> None:
        super().__init__(client, f"{client.id}.correction.{asked.number}")
        self._asked = asked

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(id="answer-asked", markup=False)
            yield PickOne([each.words for each in Outcome], title="What I did", id="answer-outcome")
            field = Input(placeholder="only if an addendum corrects the note", max_length=6, id="correction-addendum")
            field.border_title = "Number of the addendum"
            yield field
            yield ShortText(most=MAX_CORRECTION, title="My reasons", id="correction-reasons")
            yield ShortText(
                most=MAX_CORRECTION, title="Their own statement, if they gave one", id="correction-statement"
            )

    def on_mount(self) -> None:
        self.banner(f"{self._client.code} · correction request C{self._asked.number}")
        try:
            self._restore()
            self._show()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
        self.query_one(PickOne).focus()

    def _show(self) -> None:
        each, numbers = self._asked, note_numbers(self.vault, self._client)
        said = [_line(each, numbers), each.request.asks]
        said += [f"{answer.outcome.words}: {answer.reasons}" for answer in each.answers if answer.reasons]
        said += [f"Their statement: {text}" for text in each.statements]
        self.query_one("#answer-asked", Static).update(plain("\n".join(said)))

    def action_add(self) -> None:
        chosen, typed = self.query_one(PickOne).chosen, self._read()
        try:
            self.keep()
            if chosen is None:
                raise UsageError("Choose what you did, by its number. Nothing was added.")
            with self.vault.transaction():
                self._asked = answer_correction(
                    self.vault,
                    self._client,
                    self._asked.number,
                    tuple(Outcome)[chosen],
                    own_day(),
                    typed.get("reasons", ""),
                    read_number(typed.get("addendum", "")),
                    typed.get("statement", ""),
                )
                self._clear_kept()
            self._fill({})
            self._show()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.tell("Your answer is in the file. Esc goes back.")


def _line(each: Correction, numbers: dict[str, int]) -> str:
    mark = "✓" if each.answers else "○"
    by = f"{each.request.by}, {each.request.asked_on.isoformat()}"
    return f"{mark} C{each.number} {about_words(each, numbers)}, asked by {by}: {standing_words(each, own_day())}"
