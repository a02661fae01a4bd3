"""The log in the app: of a file and of the vault, newest first, with openings and without."""

import re
from collections.abc import Callable

import pytest

from notekeeper.domain.vault import Vault
from notekeeper.tui.base import Page
from notekeeper.tui.screens.client import ClientPage
from notekeeper.tui.screens.history import HistoryPage
from notekeeper.tui.screens.menu import PracticeMenu
from notekeeper.tui.table import Table
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.tui.test_caseload import shows
from tests.vault.invented import add_client, add_note, sign_without_ai

AppMaker = Callable[[Callable[[], Page]], AppAt]


def number_of_log(app: AppAt) -> str:
    """The key that opens the log from the list that is shown."""
    [number] = re.findall(r"(\d) +Log\b", text_of(app))
    return str(number)


@pytest.mark.parametrize("size", SIZES)
async def test_the_log_of_a_file_by_keys(app_at: AppMaker, vault: Vault, size: tuple[int, int]) -> None:
    client = add_client(vault)
    add_client(vault, "D100")
    sign_without_ai(vault, add_note(vault, client, "text with secretword"))
    app = app_at(lambda: ClientPage(client))
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "m More")
        await pilot.press("m")
        await shows(pilot, "what happened in this file")
        await pilot.press(number_of_log(app))
        await until(pilot, lambda: isinstance(app.screen, HistoryPage))
        await shows(pilot, "The note was signed off.")
        seen = text_of(app)
        assert "Log · C014" in seen
        assert "The file was opened." in seen
        assert seen.index("The file was opened.") < seen.index("The note was signed off.")
        assert "D100" not in seen
        assert "secretword" not in seen
        await pilot.press("a")
        await shows(pilot, "without openings and searches")
        assert "The file was opened." not in text_of(app)
        await pilot.press("enter", "a")
        await shows(pilot, "The file was opened.")


async def test_the_whole_log_says_the_key_in_words_and_shows_older_entries(
    app_at: AppMaker, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notekeeper.tui.screens.history.SHOWN", 5)
    sign_without_ai(vault, add_note(vault, add_client(vault), "text"))
    app = app_at(PracticeMenu)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "the signing key in words")
        await pilot.press(number_of_log(app))
        await shows(pilot, "The vault was unlocked.")
        assert " ".join(vault.signatures.words()) in " ".join(text_of(app).split())
        assert app.screen.query_one(Table).row_count == 5
        await pilot.press("o")
        await shows(pilot, "10 of ")
        assert app.screen.query_one(Table).row_count == 10
