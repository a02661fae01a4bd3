"""What a client's file and the practice hold besides what stands on their first page: one list each, by number.

What always holds: a page is loaded when it is chosen; every entry has a line that says what is found there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from notekeeper.domain.note import Client
from notekeeper.tui.base import Page, plain
from notekeeper.tui.table import Lines


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: its name, what is found there, and what makes its page."""

    name: str
    says: str
    page: Callable[[], Page]


class MenuPage(Page):
    """A list of places. Subclasses give them in `places`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"{number % 10}", f"pick({number})", "Open by number", show=False, id=f"menu.pick-{number}")
        for number in range(1, 11)
    ]
    DEFAULT_CSS = """
    MenuPage Lines, MenuPage Lines:focus { height: 1fr; border: none; padding: 0 1; background: $background; }
    """

    def places(self) -> tuple[Place, ...]:
        """What can be opened from here, in order."""
        return ()

    def body(self) -> ComposeResult:
        self._places = self.places()
        yield Lines(
            *(
                Option(plain(f"{_key(number)}  {place.name}\n   {place.says}"))
                for number, place in enumerate(self._places, start=1)
            ),
            id="menu-places",
            markup=False,
        )

    def on_mount(self) -> None:
        self.query_one(Lines).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.app.push_screen(self._places[event.option_index].page())

    def action_pick(self, number: int) -> None:
        """Open the place of this number, if there is one."""
        if number <= len(self._places):
            self.app.push_screen(self._places[number - 1].page())


def _key(number: int) -> str:
    """The key that opens the entry of this number; the tenth has 0, and later ones have none."""
    return str(number % 10) if number <= 10 else " "


class ClientMenu(MenuPage):
    TITLE = "More of this file"
    HELP = "What else the client's file holds. A number, or Enter on a line, opens it; Esc goes back."

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client

    def places(self) -> tuple[Place, ...]:
        return (
            Place("People", "partners, family, group; who has parental responsibility", lambda: _people(self._client)),
            Place("Identity", "who the code stands for: shown only on request", lambda: _identity(self._client)),
            Place("Log", "what happened in this file, and when it was opened", lambda: _history(self._client)),
            Place(
                "The client's own use of AI",
                "what they use, what for, what they make of it, what you agreed",
                lambda: _ai_use(self._client),
            ),
            Place(
                "Correction requests",
                "what the client asks to have corrected, your answer, their statement",
                lambda: _corrections(self._client),
            ),
            Place("Access requests", "what was asked for, until when, what is withheld", lambda: _access(self._client)),
            Place(
                "Retention of this file",
                "from which day it may be looked at again, legal hold",
                lambda: _kept(self._client),
            ),
            Place("Patterns", "themes that come back over the signed sessions", lambda: _patterns(self._client)),
            Place("Supervision", "flags, what came of it, the outcome note", lambda: _supervision(self._client)),
            Place("Plain export", "everything in this file, to files of your own", lambda: _export(self._client)),
            Place("Destroy this file", "for good, in two steps, with a certificate", lambda: _destroy(self._client)),
        )

    def on_screen_resume(self) -> None:
        self.banner(self._client.code)


class PracticeMenu(MenuPage):
    TITLE = "Practice"
    HELP = "What concerns every file. A number, or Enter on a line, opens it; Esc goes back."

    def places(self) -> tuple[Place, ...]:
        return (
            Place("Log", "what happened in the vault, wrong tries, the signing key in words", lambda: _history(None)),
            Place("Retention", "what is due for review, legal holds, what was destroyed", _retention),
            Place("Import notes", "from text, Markdown, JSON and Word files, after a preview", _import_notes),
            Place("Plain export", "every file and the practice, to files of your own", lambda: _export(None)),
            Place("Supervision", "the agenda for the next one; a supervisor's comments", _agenda),
            Place("Hours of supervision", "the log of hours, the ratio agreed, a file for a body", _hours),
            Place("My own learning", "which reflections recur in my work; for me alone", _learning),
        )


def _history(client: Client | None) -> Page:
    from notekeeper.tui.screens.history import HistoryPage

    return HistoryPage(client)


def _ai_use(client: Client) -> Page:
    from notekeeper.tui.screens.ai_use import AiUsePage

    return AiUsePage(client)


def _corrections(client: Client) -> Page:
    from notekeeper.tui.screens.corrections import CorrectionsPage

    return CorrectionsPage(client)


def _kept(client: Client) -> Page:
    from notekeeper.tui.screens.retention import FileRetentionPage

    return FileRetentionPage(client)


def _destroy(client: Client) -> Page:
    from notekeeper.tui.screens.destroying import DestroyPage

    return DestroyPage(client)


def _export(client: Client | None) -> Page:
    from notekeeper.tui.screens.export import ExportPage

    return ExportPage(client)


def _retention() -> Page:
    from notekeeper.tui.screens.retention import RetentionPage

    return RetentionPage()


def _import_notes() -> Page:
    from notekeeper.tui.screens.importing import ImportPage

    return ImportPage()


def _patterns(client: Client) -> Page:
    from notekeeper.tui.screens.patterns import PatternsPage

    return PatternsPage(client)


def _people(client: Client) -> Page:
    from notekeeper.tui.screens.people import PeoplePage

    return PeoplePage(client)


def _identity(client: Client) -> Page:
    from notekeeper.tui.screens.identity import IdentityPage

    return IdentityPage(client)


def _supervision(client: Client) -> Page:
    from notekeeper.tui.screens.supervision_client import ClientSupervisionPage

    return ClientSupervisionPage(client)


def _agenda() -> Page:
    from notekeeper.tui.screens.supervision import SupervisionPage

    return SupervisionPage()


def _hours() -> Page:
    from notekeeper.tui.screens.supervision_hours import SupervisionHoursPage

    return SupervisionHoursPage()


def _learning() -> Page:
    from notekeeper.tui.screens.own_learning import OwnLearningPage

    return OwnLearningPage()


def _access(client: Client) -> Page:
    from notekeeper.tui.screens.access import AccessPage

    return AccessPage(client)
