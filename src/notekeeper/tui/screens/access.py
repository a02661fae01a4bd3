"""Access requests of a client's file: the clock, the marks, and the client's copy.

What always holds: nothing is written before F9; what each mark withholds now is shown before that; what is typed for a
request and not noted down is kept in the vault.
"""

from pathlib import Path
from textwrap import shorten
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.note import Client
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.services import access as requests
from notekeeper.services.caseload import own_day
from notekeeper.tui.base import Box, Page, Telling, plain
from notekeeper.tui.table import Lines

_ASKED = ("by", "on", "how")
_SHOWN = 60


class AccessPage(Page):
    TITLE = "Access requests"
    HELP = """
Each request with the days left of its calendar month, then the marks of the request that is chosen (▸; Enter on another
chooses it). n notes a request down. p opens the notes, where you mark passages to be withheld; u takes the mark under
the cursor back. Behind each mark stands in how many places it takes something out, and which saved texts word the
passage otherwise: those only you can judge.
F9 writes the client's copy into the folder: HTML, Markdown and JSON, not encrypted. Read it before you hand it over.
In a file of more than one person, what concerns the others is for you to find and mark.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "ask", "New", id="access.ask"),
        Binding("p", "mark", "Passages", id="access.mark"),
        Binding("u", "unmark", "Take back", id="access.unmark"),
        Binding("f9", "answer", "Write copy", id="access.answer"),
    ]
    DEFAULT_CSS = """
    AccessPage Lines, AccessPage Lines:focus { height: 1fr; border: none; background: $background; }
    AccessPage Lines > .option-list--option-disabled { color: $foreground; text-style: bold; }
    AccessPage Input { margin: 0; }
    AccessPage #access-several { height: auto; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client
        self._number: int | None = None

    def body(self) -> ComposeResult:
        yield Static(id="access-several", markup=False)
        yield Lines(id="access-lines", markup=False)
        folder = Input(str(Path.home()), max_length=1000, select_on_focus=False, id="access-folder")
        folder.border_title = "Folder for the client's copy"
        yield folder

    def on_screen_resume(self) -> None:
        self.show_all()

    def show_all(self) -> None:
        """Read everything anew and show it, with the cursor where it was."""
        try:
            options, several = self._options(), requests.concerns_several(self.vault, self.client)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        said = self.query_one("#access-several", Static)
        said.update(plain(requests.SEVERAL))
        said.display = several
        shown = self.query_one(Lines)
        at = shown.highlighted
        shown.clear_options()
        shown.add_options(options)
        if places := [place for place, option in enumerate(options) if not option.disabled]:
            shown.highlighted = min(places, key=lambda place: abs(place - (at or 0)))
        if self.focused is None:
            shown.focus()

    def _options(self) -> list[Option]:
        from notekeeper.services.answering import preview

        found = requests.requests_of(self.vault, self.client)
        self.banner(f"{self.client.code} · Access requests: {len(found) or 'none'}")
        if not found:
            return [_heading("No request was noted down yet. n notes one down.")]
        here = requests.request_of(self.vault, self.client, self._number)
        self._number = here.number
        options = [_heading("Requests")]
        for each in found:
            sign = "▸" if each.number == here.number else " "
            words = f"{sign} {each.number}  by {each.body.by}: {requests.due_words(each, own_day())}"
            options.append(Option(plain(words), id=f"request-{each.number}"))
        made = preview(self.vault, here, own_day())
        options.append(_heading(f"\nMarks of request {here.number}: {len(made.marks) or 'none'}"))
        for one in made.marks:
            words = (
                f"  [withheld {one.number}] {requests.place_words(one.mark.body)}\n     {one.mark.body.test.words}; "
            )
            words += f"takes something out in {one.places} place(s)" if one.places else "! its words stand nowhere now"
            words += f"\n     {_beginning(one.mark.body.words)}" if one.mark.body.words else ""
            words += f"\n     ! worded otherwise in {', '.join(one.not_in)}" if one.not_in else ""
            options.append(Option(plain(words), id=f"mark-{one.mark.number}"))
        return options

    def _here(self) -> str:
        shown = self.query_one(Lines)
        return "" if shown.highlighted is None else shown.get_option_at_index(shown.highlighted).id or ""

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        kind, _, number = (event.option_id or "").partition("-")
        if kind == "request":
            self._number = int(number)
            self.show_all()

    def action_ask(self) -> None:
        self.app.push_screen(AskBox(self.vault, self.client), self._asked)

    def _asked(self, made: requests.Request | None) -> None:
        if made is not None:
            self._number = made.number
            self.tell(f"Noted: request {made.number}, {requests.due_words(made, own_day())}.")
        self.show_all()

    def _request(self) -> requests.Request | None:
        """The one that is chosen; None after saying that there is none."""
        try:
            return requests.request_of(self.vault, self.client, self._number)
        except UsageError:
            self.tell("There is no request yet: n notes one down.", trouble=True)
            return None

    def action_mark(self) -> None:
        from notekeeper.tui.screens.access_marking import MarkPage

        if (request := self._request()) is not None:
            self.app.push_screen(MarkPage(self.client, request))

    def action_unmark(self) -> None:
        """Take the mark under the cursor back."""
        kind, _, number = self._here().partition("-")
        request = self._request()
        if request is None:
            return
        if kind != "mark":
            self.tell("Put the cursor on the mark that is to be taken back.", trouble=True)
            return
        try:
            gone = requests.unmark(self.vault, request, int(number))
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.show_all()
        self.tell(f"Taken back: {requests.place_words(gone.body)}.")

    def action_answer(self) -> None:
        """Write the client's copy."""
        from notekeeper.services.answering import answer

        request = self._request()
        if request is None:
            return
        folder = Path(self.query_one("#access-folder", Input).value.strip()).expanduser()
        try:
            _, written, _ = answer(self.vault, request, folder, own_day())
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.show_all()
        self.tell(
            f"Written, not encrypted: {written[0].path} and beside it .md and .json. Read them before you give them."
        )


class AskBox(Box[requests.Request]):
    """Notes a request down, and answers with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+s", "note_down", "Note down", id="access.note_down", key_display="F5")
    ]
    CSS = """
    AskBox .box { padding: 0 1; }
    AskBox Input { margin: 0; }
    """

    def __init__(self, vault: Vault, client: Client) -> None:
        super().__init__()
        self._vault, self._client = vault, client
        self._kept: tuple[str, ...] = ("", "", "")

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(plain(f"Access request for {self._client.code}"), classes="label", markup=False)
            for name, title in zip(
                _ASKED,
                ("Who asked: the client, a person of the file, somebody for them", "Received on", "How, as by letter"),
                strict=True,
            ):
                hint = "YYYY-MM-DD; empty for today" if name == "on" else ""
                field = Input(placeholder=hint, max_length=200, select_on_focus=False, id=f"asked-{name}")
                field.border_title = title
                yield field
            yield Telling()
            yield Static(plain("F5 notes it down, and the month begins · Esc goes back"), classes="hint", markup=False)

    def on_mount(self) -> None:
        kept = (*self._vault.jottings.of(self._typing).split("\n"), "", "", "")[:3]
        for name, value in zip(_ASKED, kept, strict=True):
            self.query_one(f"#asked-{name}", Input).value = value
        self._kept = tuple(kept)
        self.query_one("#asked-by").focus()

    @property
    def _typing(self) -> str:
        return f"{self._client.id}.access"

    def _typed(self) -> tuple[str, ...]:
        return tuple(self.query_one(f"#asked-{name}", Input).value for name in _ASKED)

    def keep(self) -> None:
        if self._typed() != self._kept:
            self._kept = self._typed()
            self._vault.jottings.keep(self._typing, self._client.id, "\n".join(self._kept).rstrip("\n"))

    @on(Input.Submitted)
    def action_note_down(self) -> None:
        by, day, how = self._typed()
        try:
            self.keep()
            on_day = requests.read_day(day, own_day())
            with self._vault.transaction():
                made = requests.ask(self._vault, self._client, by, how=how, asked_on=on_day, today=own_day())
                self._vault.jottings.keep(self._typing, self._client.id, "")
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return
        self._kept = self._typed()
        self.dismiss(made)

    def action_leave(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return
        self.dismiss(None)


def _beginning(words: str) -> str:
    """The first words of a passage, in one line of the list."""
    return f"“{shorten(words, _SHOWN, placeholder=' …')}”"


def _heading(words: str) -> Option:
    return Option(plain(words), disabled=True)
