"""What a new note is: its kind, its format, its day. Enter alone begins a session note of today in free text."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from notekeeper.domain.note import Client, NoteFormat, NoteKind
from notekeeper.errors import UsageError
from notekeeper.services.caseload import kind_words
from notekeeper.services.templates import format_words
from notekeeper.services.writing import check_date
from notekeeper.tui.base import Box, Telling, plain
from notekeeper.tui.widgets import PickOne

_KINDS, _FORMATS = tuple(NoteKind), tuple(NoteFormat)


@dataclass(frozen=True, slots=True)
class NewNote:
    """What was chosen for a note that is not in the vault yet."""

    kind: NoteKind
    format: NoteFormat
    day: date


class NewNoteBox(Box[NewNote]):
    """Asks for kind, format and day; answers with them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "begin", "Write", id="newnote.begin")]
    CSS = """
    #newnote { padding: 0 1; }
    #newnote Horizontal { height: auto; }
    #newnote #format { width: 18; }
    #newnote #day-label { width: 7; padding: 1 0 0 2; }
    #newnote #day { width: 18; margin: 0; }
    #newnote Button { margin: 0 0 0 2; }
    #newnote Telling { display: none; }
    #newnote Telling.trouble { display: block; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client

    def compose(self) -> ComposeResult:
        with Vertical(classes="box", id="newnote"):
            yield Static(plain(f"New note for {self._client.code}"), classes="label", markup=False)
            with Horizontal():
                yield PickOne(
                    [kind_words(kind).capitalize() for kind in _KINDS], 0, title="Kind", follow=True, id="kind"
                )
                yield PickOne([format_words(each) for each in _FORMATS], 0, title="Format", follow=True, id="format")
            with Horizontal():
                yield Static(plain("Day"), id="day-label", markup=False)
                yield Input(_today().isoformat(), max_length=10, id="day")
                yield Button("Write", id="write", variant="primary")
            yield Telling()
            yield Static(
                plain("Enter begins · numbers or ↑↓ choose · Tab goes on · Esc goes back"), classes="hint", markup=False
            )

    def on_mount(self) -> None:
        self.query_one("#kind").focus()

    def on_input_submitted(self) -> None:
        self.action_begin()

    def on_button_pressed(self) -> None:
        self.action_begin()

    def action_begin(self) -> None:
        day = self.query_one(Input)
        try:
            on = check_date(_day(day.value.strip()))
        except UsageError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            day.focus()
            return
        kind, layout = (self.query_one(name, PickOne).chosen or 0 for name in ("#kind", "#format"))
        self.dismiss(NewNote(_KINDS[kind], _FORMATS[layout], on))


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the therapist's own calendar day


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError("A day is written YYYY-MM-DD, like 2026-03-14.") from None
