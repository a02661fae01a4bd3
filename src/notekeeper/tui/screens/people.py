"""The persons of a file: whose work it is, and who has a say in it.

What always holds: a label that is typed and not added is kept in the vault when the page closes, and is there again;
nobody is taken off the list, and leaving is asked for twice.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static
from textual.widgets.option_list import Option

from notekeeper.domain.note import Client
from notekeeper.domain.people import MAX_LABEL, Capacity, PersonOnFile
from notekeeper.errors import NotekeeperError
from notekeeper.services.caseload import own_day
from notekeeper.services.people import (
    add_person,
    begun_label,
    change_person,
    keep_begun_label,
    people_of,
    person_left,
    person_line,
    still_to_ask,
)
from notekeeper.tui.base import Page, plain
from notekeeper.tui.stopping import stop_unless_agreed
from notekeeper.tui.table import ReadLines

_SAYS = "A label, such as Partner A or Mother, rather than a name. Each client has an answer of their own to AI use."


class PeoplePage(Page):
    TITLE = "People of this file"
    HELP = (
        "For a couple, a family or a group: everybody whose work it is, as client; each of them has an answer of their "
        "own to AI use, and one no is a no for the file. For somebody under 18: who has parental responsibility. Type "
        "a label, F2 says what they are in the file, F3 whether they are under 18, Enter or F5 adds them. Tab goes to "
        "the list: l notes that somebody left today, x that they were entered by mistake, u that they are under 18 or "
        "of age. Somebody who left keeps their answer, for earlier notes are about them too."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "capacity", "Is a", show=False, id="people.capacity"),
        Binding("f3", "age", "Under 18", show=False, id="people.age"),
        Binding("f5,ctrl+s", "add", "Add", key_display="F5", id="people.add"),
        Binding("l", "left", "Left", id="people.left"),
        Binding("x", "mistake", "By mistake", id="people.mistake"),
        Binding("u", "of_age", "Age", id="people.of_age"),
    ]
    CSS = """
    PeoplePage Vertical { height: 1fr; }
    PeoplePage Horizontal { height: 1; margin: 0 0 1 0; }
    PeoplePage Button { margin: 0 1 0 0; }
    PeoplePage Input { margin: 0; }
    PeoplePage Lines, PeoplePage Lines:focus { height: 1fr; border: none; background: $background; padding: 0 1; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self._capacity, self._under_18 = Capacity.CLIENT, False
        self._kept = ""
        self._people: list[PersonOnFile] = []
        self._asked: tuple[str, bool] | None = None

    def body(self) -> ComposeResult:
        with Vertical():
            yield Static(plain(_SAYS), classes="hint", markup=False)
            label = Input(max_length=MAX_LABEL, id="people-label")
            label.border_title = "Label (Enter adds it)"
            yield label
            with Horizontal():
                yield Button("", id="people-capacity", compact=True)
                yield Button("", id="people-age", compact=True)
            yield ReadLines(id="people-list", markup=False)

    def on_mount(self) -> None:
        self.banner(f"{self._client.code} · people of this file")
        try:
            kept = begun_label(self.vault, self._client)
            self.query_one("#people-label", Input).value = kept
            self._kept = kept
            self._show()
            if not self._people:
                self.tell("Nobody is entered. For one adult nothing is needed here.")
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
        self.query_one("#people-label").focus()

    def _show(self) -> None:
        self.query_one("#people-capacity", Button).label = plain(f"Is a: {self._capacity.words} (F2)")
        self.query_one("#people-age", Button).label = plain(f"Under 18: {'yes' if self._under_18 else 'no'} (F3)")
        for name in ("capacity", "age"):
            self.query_one(f"#people-{name}").refresh(layout=True)
        self._people = people_of(self.vault, self._client)
        lines = self.query_one(ReadLines)
        at = lines.highlighted
        lines.clear_options()
        lines.add_options(Option(plain(person_line(each)), id=each.id) for each in self._people)
        lines.display = bool(self._people)
        if self._people:
            lines.highlighted = min(at or 0, len(self._people) - 1)

    def action_capacity(self) -> None:
        every = tuple(Capacity)
        self._capacity = every[(every.index(self._capacity) + 1) % len(every)]
        self._show()

    def action_age(self) -> None:
        self._under_18 = not self._under_18
        self._show()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "people-capacity":
            self.action_capacity()
        else:
            self.action_age()

    @on(Input.Submitted)
    def action_add(self) -> None:
        typed = self.query_one("#people-label", Input)
        try:
            self.keep()
            with self.vault.transaction():
                added = add_person(self.vault, self._client, typed.value, self._capacity, under_18=self._under_18)
                keep_begun_label(self.vault, self._client, "")
            self._stop_unless_agreed()
            asked = still_to_ask(self.vault, self._client, added)
            typed.value = self._kept = ""
            self._show()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.tell(f"Added: P{added.number}. {asked}".strip())

    def _here(self) -> PersonOnFile | None:
        lines = self.query_one(ReadLines)
        listed = self.focused is lines and lines.highlighted is not None
        return self._people[lines.highlighted] if listed and lines.highlighted is not None else None

    def action_left(self) -> None:
        """Note that the highlighted person left today, once the key was pressed twice."""
        self._leave(mistake=False)

    def action_mistake(self) -> None:
        """Note that the highlighted person was entered by mistake, once the key was pressed twice."""
        self._leave(mistake=True)

    def _leave(self, *, mistake: bool) -> None:
        here = self._here()
        if here is None:
            return
        if self._asked != (here.id, mistake):
            self._asked = here.id, mistake
            said = (
                "was entered by mistake, and no answer of theirs is needed. Press x again."
                if mistake
                else "left today. Their answer to AI use still counts. Press l again."
            )
            self.tell(f"P{here.number} {said}")
            return
        self._asked = None
        try:
            person_left(self.vault, self._client, here, own_day(), mistake=mistake)
            self._stop_unless_agreed()
            self._show()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.tell(f"Noted: P{here.number} {'was entered by mistake' if mistake else 'left today'}.")

    def action_of_age(self) -> None:
        """The highlighted person is under 18, or is no longer."""
        here = self._here()
        if here is None:
            return
        try:
            changed = change_person(self.vault, self._client, here, here.label, under_18=not here.under_18)
            self._stop_unless_agreed()
            self._show()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.tell(f"Noted: P{here.number} is {'under 18' if changed.under_18 else 'of age'}.")

    def _stop_unless_agreed(self) -> None:
        """Somebody who was not asked, or is of another age, ends the draft that is being made."""
        stop_unless_agreed(self.keeper.room, self.vault, self._client)

    def keep(self) -> None:
        typed = self.query_one("#people-label", Input).value
        if typed != self._kept:
            keep_begun_label(self.vault, self._client, typed)
            self._kept = typed

    def action_back(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.tell(f"{error} You are still here, so that nothing is lost.", trouble=True)
            return
        self.dismiss()
