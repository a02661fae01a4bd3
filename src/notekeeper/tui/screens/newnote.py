"""What a new note is: its kind, its format, its day. Enter alone begins a session note of today in free text."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from notekeeper.domain.note import Client, NoteFormat, NoteKind
from notekeeper.errors import UsageError
from notekeeper.services.caseload import kind_words
from notekeeper.services.own_templates import own_templates
from notekeeper.services.templates import format_words
from notekeeper.services.writing import check_date
from notekeeper.tui.base import Box, Telling, plain
from notekeeper.tui.widgets import PickOne

_KINDS, _FORMATS = tuple(NoteKind), tuple(NoteFormat)
MOST_OWN = 5
"""Own templates that are offered here: with more of them the box would not fit on 24 lines."""


@dataclass(frozen=True, slots=True)
class NewNote:
    """What was chosen for a note that is not in the vault yet. `begun` is the text of one's own template, if chosen."""

    kind: NoteKind
    format: NoteFormat
    day: date
    begun: str = field(default="", repr=False)


class NewNoteBox(Box[NewNote]):
    """Asks for kind, format and day; answers with them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "begin", "Write", id="newnote.begin")]
    CSS = """
    #newnote { padding: 0 1; }
    #newnote Horizontal { height: auto; }
    #newnote #format { width: 28; }
    #newnote #day-label { width: 7; padding: 1 0 0 2; }
    #newnote #day { width: 18; margin: 0; }
    #newnote Button { margin: 0 0 0 2; }
    #newnote Telling { display: none; }
    #newnote Telling.trouble { display: block; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        templates, bad = own_templates()
        self._own = templates[:MOST_OWN]
        left_out = [f"{len(templates) - MOST_OWN} more of your templates"] if len(templates) > MOST_OWN else []
        left_out += [f"{len(bad)} file(s) of templates that cannot be used"] if bad else []
        self._left_out = f"Not offered: {' and '.join(left_out)}. See `notekeeper template list`." if left_out else ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="box", id="newnote"):
            yield Static(plain(f"New note for {self._client.code}"), classes="label", markup=False)
            with Horizontal():
                yield PickOne(
                    [kind_words(kind).capitalize() for kind in _KINDS], 0, title="Kind", follow=True, id="kind"
                )
                formats = [*map(format_words, _FORMATS), *(template.name for template in self._own)]
                yield PickOne(formats, 0, title="Format", follow=True, id="format")
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
        if self._left_out:
            self.query_one(Telling).tell(self._left_out)
            self.query_one(Telling).display = True

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
        if layout < len(_FORMATS):
            self.dismiss(NewNote(_KINDS[kind], _FORMATS[layout], on))
        else:
            begun = self._own[layout - len(_FORMATS)].text
            self.dismiss(NewNote(_KINDS[kind], NoteFormat.FREE, on, begun))


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the therapist's own calendar day


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError("A day is written YYYY-MM-DD, like 2026-03-14.") from None
