"""A template of one's own is offered for a new note; a file that cannot be one is told of and stops nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from notekeeper.domain.vault import Vault
from notekeeper.tui.base import Page
from notekeeper.tui.screens.client import ClientPage
from notekeeper.tui.widgets import PickOne
from tests.tui.conftest import AppAt, text_of, until


async def test_a_note_begins_with_a_template_of_ones_own(
    app_at: Callable[[Callable[[], Page]], AppAt], vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTEKEEPER_TEMPLATES", str(tmp_path / "own"))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "Intake.md").write_text("# Presenting\n\n# Agreed\n")
    (tmp_path / "own" / "broken.md").write_bytes(b"\xff")
    client = vault.clients.add("C014")
    app = app_at(lambda: ClientPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ClientPage) and app.focused is not None)
        await pilot.press("n")
        await until(pilot, lambda: "Intake" in text_of(app))
        assert "Not offered: 1 file(s) of templates" in text_of(app)
        app.screen.query_one("#format", PickOne).focus()
        await pilot.press("6", "enter")
        await until(pilot, lambda: "# Presenting" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ClientPage))
        assert vault.notes.of_client(client.id) == []  # headings alone are no note
