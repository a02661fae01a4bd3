"""Retention, destroying a file and the client's own use of AI by keys, on a real vault."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from textual.widgets import Input

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.vault import Vault
from notekeeper.services import retention as files
from notekeeper.services.ai_use import ai_uses, begun
from notekeeper.services.caseload import own_day
from notekeeper.tui.base import Page
from notekeeper.tui.screens.ai_use import AiUsePage
from notekeeper.tui.screens.caseload import CaseloadPage
from notekeeper.tui.screens.client import ClientPage
from notekeeper.tui.screens.destroying import DestroyPage
from notekeeper.tui.screens.menu import ClientMenu
from notekeeper.tui.screens.retention import FileRetentionPage, RetentionPage
from notekeeper.tui.widgets import PickOne, ShortText
from tests.tui.conftest import AppAt, until
from tests.tui.test_caseload import read, shows
from tests.vault.invented import SIGNER, add_client, add_note

AppMaker = Callable[[Callable[[], Page]], AppAt]


async def test_a_file_is_destroyed_in_two_steps_and_its_pages_go_with_it(
    app_at: AppMaker, vault: Vault, tmp_path: Path
) -> None:
    client = add_client(vault)
    add_note(vault, client, "okapi")
    add_client(vault, "STAYS")
    vault.set_signer(SIGNER)
    files.hold(vault, client, "A letter", own_day())
    app = app_at(CaseloadPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "C014")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ClientPage))
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, ClientMenu))
        await shows(pilot, "Destroy this file")
        place = [each.name for each in app.screen.places()].index("Destroy this file") + 1  # type: ignore[attr-defined]
        await pilot.press(str(place)) if place < 10 else app.push_screen(DestroyPage(client))
        await shows(pilot, "What will be destroyed: notes 1", "on legal hold")
        await pilot.press("f8")
        await shows(pilot, "! Choose a reason first")
        await pilot.press("2", "tab")
        app.screen.query_one("#destroy-place", Input).value = str(tmp_path / "gone")
        await pilot.press("enter", *"C014", "enter")
        await shows(pilot, "! This file is on legal hold")
        files.lift_hold(vault, client, "Settled", own_day())
        app.screen.query_one("#destroy-code", Input).value = "C01"
        await pilot.press("enter")
        await shows(pilot, "! That is not this client's code. Nothing was destroyed.")
        assert len(vault.search("okapi")) == 1
        assert list(tmp_path.glob("gone*")) == []
        await pilot.press("4", "enter")
        await shows(pilot, "CERTIFICATE OF DESTRUCTION", "Because: the client asked for it.")
        assert json.loads((tmp_path / "gone.json").read_text())["client"] == "C014"
        assert [each.code for each in vault.clients.all()] == ["STAYS"]
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, CaseloadPage))
        await shows(pilot, "STAYS")
        assert not app.screen.query(PickOne)


async def test_the_practice_sees_what_is_due_and_a_file_gets_its_period_and_hold(
    app_at: AppMaker, vault: Vault
) -> None:
    client = add_client(vault)
    vault.front_sheets.save(client.id, FrontSheet(ended=date(2015, 2, 3)))
    app = app_at(RetentionPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "Due for review now: 1", "C014: from 2022-02-03", "Destroyed: none")
        app.screen.query_one("#retention-years", Input).value = "x"
        await pilot.press("f5")
        await shows(pilot, "! Years are a number from 1 to 100")
        app.screen.query_one("#retention-years", Input).value = "90"
        await pilot.press("f5")
        await shows(pilot, "Files are kept for 90 year(s)", "Due for review now: none", "Kept, not due yet: 1")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FileRetentionPage))
        await pilot.press(*"2020-01-02", "f5")
        await shows(pilot, "! Give a number of years from 1 to 100 or a day, not both, and a reason")
        await pilot.press("tab", *"The insurer", "escape")
        await until(pilot, lambda: isinstance(app.screen, RetentionPage))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FileRetentionPage))
        await until(pilot, lambda: app.screen.query_one(ShortText).text == "The insurer")
        await pilot.press("f5")
        await shows(pilot, "Kept, with its reason.", "until 2020-01-02. Reason: The insurer", "Due for review now")
        await pilot.press("f8")
        await shows(pilot, "! Give a reason in at most")
        await pilot.press("tab", *"A letter", "f8")
        await shows(pilot, "On legal hold: nothing of this file", "A letter")
        await pilot.press("escape")
        await shows(pilot, "On legal hold: 1", "Due for review now: none")
        assert "demonstration" not in read(pilot)


async def test_it_says_why_a_demonstration_is_not_listed(app_at: AppMaker, vault: Vault) -> None:
    vault.clients.add("demo-01", demonstration=True)
    app = app_at(RetentionPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "No ending written down, never due: none", "The demonstration's clients are not listed")


async def test_what_is_typed_about_ai_is_kept_and_added_by_f5(app_at: AppMaker, vault: Vault) -> None:
    client = add_client(vault)
    app = app_at(lambda: ClientPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "C014")
        app.push_screen(AiUsePage(client))
        await until(pilot, lambda: isinstance(app.screen, AiUsePage) and isinstance(app.focused, ShortText))
        await pilot.press(*"A [b]chat program", "tab", *"to sleep", "escape")
        await until(pilot, lambda: isinstance(app.screen, ClientPage))
        assert (begun(vault, client).tool, ai_uses(vault, client)) == ("A [b]chat program", [])
        app.push_screen(AiUsePage(client))
        await shows(pilot, "A [b]chat program", "to sleep")
        app.screen.query_one("#ai-use-day", Input).value = "tomorrow"
        await pilot.press("f5")
        await shows(pilot, "! Write the day as")
        app.screen.query_one("#ai-use-day", Input).value = ""
        await pilot.press("f5")
        await shows(pilot, "Added: entry 1.", f"1. {own_day()}, A [b]chat program, to sleep")
        assert begun(vault, client).tool == ""
        await pilot.press("escape")
        await shows(pilot, f"Client's own use of AI: {own_day()}, A [b]chat program, to sleep")
        (noted,) = ai_uses(vault, client)
        assert (noted.use.tool, noted.note) == ("A [b]chat program", None)
