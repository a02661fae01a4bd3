"""Plain export in the app: nothing before F9, everything of a file or of the practice after it, nothing overwritten."""

from collections.abc import Callable
from pathlib import Path

from textual.widgets import Input

from notekeeper.domain.vault import Vault
from notekeeper.tui.base import Page
from notekeeper.tui.screens.export import ExportPage
from notekeeper.tui.screens.menu import ClientMenu, PracticeMenu
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.vault.invented import add_client, add_note

Start = Callable[[Callable[[], Page]], AppAt]


async def test_a_file_is_written_whole_into_the_folder_and_never_over_another(
    app_at: Start, vault: Vault, tmp_path: Path
) -> None:
    client = add_client(vault)
    add_note(vault, client, "She sold the piano.")
    out = tmp_path / "out"
    app = app_at(lambda: ClientMenu(client))
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press("0")
        await until(pilot, lambda: isinstance(app.screen, ExportPage) and "F9 writes" in text_of(app))
        app.screen.query_one(Input).value = str(out)
        await pilot.press("f9")
        await until(pilot, lambda: "does not exist" in text_of(app))
        out.mkdir()
        await pilot.press("f9")
        await until(pilot, lambda: "Written, not encrypted" in text_of(app))
        first = {path: path.read_bytes() for path in out.iterdir()}
        assert sorted(path.suffix for path in first) == [".html", ".json", ".md"]
        assert all(b"She sold the piano." in content for content in first.values())
        await pilot.press("tab", "space", "f9")  # plain text alone
        await until(pilot, lambda: len(list(out.iterdir())) == len(first) + 1)
        assert {path: path.read_bytes() for path in first} == first


async def test_everything_is_written_from_the_practice(app_at: Start, vault: Vault, tmp_path: Path) -> None:
    for code in ("C014", "D100"):
        add_note(vault, add_client(vault, code), f"A note of {code}.")
    app = app_at(PracticeMenu)
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: isinstance(app.screen, ExportPage) and "everything" in text_of(app))
        app.screen.query_one(Input).value = str(tmp_path / "out")
        (tmp_path / "out").mkdir()
        await pilot.press("f9")
        await until(pilot, lambda: "and 8 more" in text_of(app))
        names = {path.name.partition("_20")[0] for path in (tmp_path / "out").iterdir()}
        assert names == {"practice", "file_C014", "file_D100"}
        assert [entry.event for entry in vault.log.entries()].count("export.made") == len(names)
