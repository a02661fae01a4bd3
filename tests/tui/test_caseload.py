"""Caseload, client file, front sheet, agreements, Monday list and search, by keys, on a real vault."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from notekeeper.domain.consent import Purpose
from notekeeper.domain.note import Client
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.services.caseload import own_day
from notekeeper.services.front_sheet import FrontSheetForm, save_sheet
from notekeeper.tui.app import Ending, NotekeeperApp
from notekeeper.tui.base import Page
from notekeeper.tui.screens.agreements import AgreementsBox
from notekeeper.tui.screens.caseload import CaseloadPage
from notekeeper.tui.screens.client import ClientPage
from notekeeper.tui.screens.editor import EditorPage
from notekeeper.tui.screens.front import FrontSheetPage
from notekeeper.tui.screens.help import HelpBox
from notekeeper.tui.screens.monday import MondayPage
from notekeeper.tui.screens.ownview import OwnViewPage
from notekeeper.tui.screens.report import ReportPage
from notekeeper.tui.screens.review import ReviewPage
from notekeeper.tui.screens.search import SearchPage
from notekeeper.tui.screens.settings import SettingsPage
from notekeeper.tui.screens.signed import SignedPage
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.vault.invented import Sealed, add_client, add_note, drafted, sign_without_ai

AppMaker = Callable[[Callable[[], Page]], AppAt]
SHEET = FrontSheetForm(
    emergency_contact="Sister, 01632 960001",
    safety_plan="1. Walk [red]the dog[/red]\n2. Crisis line",
    gp="Invented Surgery",
    sessions_planned="12",
)


def filled(vault: Vault) -> tuple[Client, Client]:
    """C014 with a signed note, a draft to review and a sheet, near its ending; C015 with a note just begun."""
    one, two = add_client(vault), add_client(vault, "C015")
    sign_without_ai(vault, add_note(vault, one, "S: Slept badly.\nP: Sleep diary until next week."), "sleep and work")
    drafted(vault, one, "S: Slept better.\nP: Walk on Sundays.")
    save_sheet(vault, one, SHEET.model_copy(update={"ending": (own_day() + timedelta(days=12)).isoformat()}))
    add_note(vault, two, "Okapis were spoken of.")
    return one, two


def read(pilot: Pilot[Ending]) -> str:
    """What is on the screen as running text, without line breaks and borders."""
    assert isinstance(pilot.app, NotekeeperApp)
    return " ".join(text_of(pilot.app).replace("│", " ").split())


async def shows(pilot: Pilot[Ending], *words: str) -> None:
    """Wait until all the words stand on the screen."""
    await until(pilot, lambda: all(word in read(pilot) for word in words))


async def test_an_empty_caseload_says_what_to_do_and_takes_a_first_client(app_at: AppMaker, vault: Vault) -> None:
    app = app_at(CaseloadPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "No clients yet", "Press a to add the first one", "never a name")
        await pilot.press("n")
        await shows(pilot, "Add a client first")
        await pilot.press("a", *"J. Smith", "enter")
        await shows(pilot, "A client code is 1 to 24 letters")
        assert vault.clients.all() == []
        app.screen.query_one(Input).value = ""
        await pilot.press(*"C014", "enter")
        await shows(pilot, "C014 is in your caseload", "C014: no session yet.")
        await pilot.press("a", *"c014", "enter")
        await shows(pilot, "There is a client with the code c014 already")
        await pilot.press("escape")
        assert isinstance(app.screen, CaseloadPage)
        assert [client.code for client in vault.clients.all()] == ["C014"]


@pytest.mark.parametrize("size", SIZES)
async def test_the_caseload_says_what_is_still_to_do(app_at: AppMaker, vault: Vault, size: tuple[int, int]) -> None:
    filled(vault)
    vault.clients.add("D-1", demonstration=True)
    app = app_at(CaseloadPage)
    async with app.run_test(size=size) as pilot:
        await shows(
            pilot,
            "2 of 12 2026-03-03 – ◇ 1 ! 1 ▲ 12 days",
            "C014: session 2 of 12, last 2026-03-03. 1 draft(s) to review, 1 session(s) with risk not recorded.",
            "C015 1 2026-03-03 ○ 1 – ! 1 –",
            "D-1 ◆",
            "DEMONSTRATION",
        )
        await pilot.press("down")
        await shows(pilot, "C015: session 1, last 2026-03-03. 1 unfinished note(s)")
        await pilot.press("n")
        await until(pilot, lambda: any(isinstance(screen, EditorPage) for screen in app.screen_stack))


@pytest.mark.parametrize("size", SIZES)
async def test_a_client_opens_with_the_front_sheet_before_anything_ai(
    app_at: AppMaker, vault: Vault, size: tuple[int, int]
) -> None:
    filled(vault)
    app = app_at(CaseloadPage)
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "C014")
        await pilot.press("enter")
        await shows(pilot, "Emergency contact: Sister, 01632 960001", "Walk [red]the dog[/red]", "◇ draft to review")
        whole = "\n".join(str(part.render()) for part in app.screen.query("#client-sheet Static"))
        order = ("Emergency contact", "Safety plan", "GP", "Session", "Last session", "Agreement to AI use")
        assert [whole.index(word) for word in order] == sorted(whole.index(word) for word in order)
        for words in ("Focus: own focus", "Theme: sleep and work", "Walk on Sundays", "Not given: Contract, Breaks"):
            assert words in whole
        assert "modelword" not in text_of(app) + whole
        if size == (80, 24):
            await pilot.press("space")
            await shows(pilot, "Agreement to AI use")


async def test_what_is_missing_for_an_emergency_is_said(app_at: AppMaker, vault: Vault) -> None:
    client = add_client(vault)
    async with app_at(lambda: ClientPage(client)).run_test(size=(80, 24)) as pilot:
        await shows(pilot, "Emergency contact: NOT GIVEN", "Safety plan: NOT GIVEN", "No notes yet")


async def test_the_front_sheet_is_written_and_a_date_that_cannot_be_read_is_told(
    app_at: AppMaker, vault: Vault
) -> None:
    client = add_client(vault)
    app = app_at(lambda: ClientPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "NOT GIVEN")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        await pilot.press(*"Sister", "tab", *"Plan", "enter", *"line 2")
        app.screen.query_one("#front-ending", Input).value = "3 May"
        await pilot.press("escape")
        await shows(pilot, "The ending date is written YYYY-MM-DD")
        assert isinstance(app.screen, FrontSheetPage)
        app.screen.query_one("#front-ending", Input).value = "2031-05-03"
        await pilot.press("escape")
        await shows(pilot, "Emergency contact: Sister", "line 2", "Ends 2031-05-03")
        sheet = vault.front_sheets.current(client.id)
    assert (sheet.emergency_contact, sheet.safety_plan) == ("Sister", "Plan\nline 2")


async def test_locking_keeps_a_sheet_that_is_half_typed(app_at: AppMaker, vault: Vault, sealed: Sealed) -> None:
    client = add_client(vault)
    app = app_at(lambda: FrontSheetPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        await pilot.press(*"Sister")
        app.screen.query_one("#front-ending", Input).value = "2031-0"
        await pilot.press("f12")
    assert app.return_value is Ending.LOCKED
    reopened = sealed.open()
    sheet = reopened.front_sheets.current(client.id)
    assert (sheet.emergency_contact, sheet.ending) == ("Sister", None)
    assert "2031-0" in sheet.breaks
    reopened.close()


async def test_agreements_are_recorded_and_withdrawing_is_asked_twice(app_at: AppMaker, vault: Vault) -> None:
    client = add_client(vault)
    note, _ = drafted(vault, client, "Slept better.")
    app = app_at(lambda: ClientPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "Emergency")
        await pilot.press("g")
        await shows(pilot, "AI drafting: ✓ agreed", "Asked as: “A program on my own computer", "the notes stay")
        await pilot.press("down", "w")
        await shows(pilot, "There is no agreement to withdraw")
        await pilot.press("h", "b", "b", "a")
        await shows(pilot, "Kept: AI patterns, ✓ agreed, written, by guardian", "The same program may follow")
        await pilot.press("up", "w")
        await shows(pilot, "1 draft(s) not signed will be destroyed", "Press w again")
        assert vault.drafts.latest(note.id) is not None
        await pilot.press("w")
        await shows(pilot, "AI drafting: ✗ withdrawn")
        assert vault.drafts.latest(note.id) is None
        assert vault.notes.latest(note.id) is not None
        await pilot.press("escape")
        await shows(pilot, "○ not signed")
        assert not isinstance(app.screen, AgreementsBox)
        kept = vault.agreements.current(client.id, Purpose.PATTERNS)
    assert kept is not None
    assert (kept.how, kept.given_by) == ("written", "guardian")


async def test_each_line_of_the_monday_list_opens_its_place(app_at: AppMaker, vault: Vault) -> None:
    filled(vault)
    app = app_at(CaseloadPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "C015")
        await pilot.press("m")
        await shows(
            pilot,
            "Unfinished notes: 1 ○ C015: note 1, session, 2026-03-03",
            "Drafts to review: 1 ◇ C014: note 2",
            "Risk not recorded: 2 ! C014: in 1 of 2 session(s): note 2",
            "Near the ending: 1 ▲ C014: session 2 of 12. Ends",
        )
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, EditorPage))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MondayPage))
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, ClientPage))
        await shows(pilot, "Sister, 01632 960001")


async def test_nothing_waiting_is_said(app_at: AppMaker) -> None:
    async with app_at(MondayPage).run_test(size=(80, 24)) as pilot:
        await shows(pilot, "nothing is waiting", "Near the ending: none")


async def test_search_finds_words_and_opens_the_note(app_at: AppMaker, vault: Vault) -> None:
    one, _ = filled(vault)
    app = app_at(CaseloadPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "C015")
        await pilot.press("f", *"[okapi", "enter")
        await shows(pilot, "No saved note holds all of these words")
        app.screen.query_one(Input).value = ""
        await pilot.press(*"okapis", "enter")
        await shows(pilot, "C015/1 2026-03-03 session ○ not signed «Okapis» were spoken of.")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, EditorPage))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, SearchPage))
        await pilot.press("escape")
        app.push_screen(SearchPage(one))
        await until(pilot, lambda: isinstance(app.screen, SearchPage))
        await pilot.press(*"okapis", "enter")
        await shows(pilot, "Search in the file of C014", "No saved note")


@pytest.mark.parametrize("keys", [("escape", "escape", "escape", "y"), ("escape", "enter"), ("f12",)])
async def test_escape_asks_before_it_locks(app_at: AppMaker, keys: tuple[str, ...]) -> None:
    app = app_at(CaseloadPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "No clients yet")
        await pilot.press(*keys)
    assert app.return_value is Ending.LOCKED
    assert app.vault is None


async def test_every_page_has_help(app_at: AppMaker, vault: Vault) -> None:
    client = add_client(vault)
    app = app_at(CaseloadPage)
    async with app.run_test(size=(80, 24)) as pilot:
        for page in (CaseloadPage(), ClientPage(client), FrontSheetPage(client), MondayPage(), SearchPage()):
            app.push_screen(page)
            await until(pilot, lambda page=page: app.screen is page)  # type: ignore[misc]
            await pilot.press("f1")
            await until(pilot, lambda: isinstance(app.screen, HelpBox))
            assert page.HELP.strip()
            await pilot.press("escape")


async def test_what_the_vault_refuses_is_told_and_the_page_stays(
    app_at: AppMaker, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise NotekeeperError("The disk is full. Nothing was lost.")

    client = add_client(vault)
    monkeypatch.setattr(vault.front_sheets, "save", refuse)
    app = app_at(lambda: FrontSheetPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        await pilot.press(*"Sister", "escape")
        await shows(pilot, "! The disk is full")
        assert app.screen.query_one("#front-emergency_contact", TextArea).text == "Sister"


async def test_every_way_out_of_the_client_file_leads_where_it_says(app_at: AppMaker, vault: Vault) -> None:
    one, _ = filled(vault)
    app = app_at(lambda: ClientPage(one))
    ways: list[tuple[tuple[str, ...], type[Page]]] = [
        (("enter",), EditorPage),
        (("end", "enter"), SignedPage),
        (("e",), FrontSheetPage),
        (("r",), ReportPage),
        (("f",), SearchPage),
    ]
    async with app.run_test(size=(80, 24)) as pilot:
        for keys, page in ways:
            await shows(pilot, "◇ draft to review")
            await pilot.press(*keys)
            await until(pilot, lambda page=page: isinstance(app.screen, page))  # type: ignore[misc]
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, ClientPage))


async def test_a_draft_on_the_monday_list_opens_for_review_and_f2_the_settings(app_at: AppMaker, vault: Vault) -> None:
    filled(vault)
    app = app_at(CaseloadPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "C015")
        await pilot.press("m", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, OwnViewPage))  # the draft is not shown yet
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(app.screen, ReviewPage))
        await pilot.press("a", "escape")
        await until(pilot, lambda: isinstance(app.screen, MondayPage))
        await pilot.press("enter")  # the review has begun, so the view is not asked for again
        await until(pilot, lambda: isinstance(app.screen, ReviewPage))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MondayPage))
        await pilot.press("escape", "f2")
        await until(pilot, lambda: isinstance(app.screen, SettingsPage))
