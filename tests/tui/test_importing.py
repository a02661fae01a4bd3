"""The import page: what would come in is seen first, what came in is kept whenever one stops, bad files are listed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from notekeeper.domain.vault import Vault
from notekeeper.tui.base import Page
from notekeeper.tui.screens.importing import ImportPage
from notekeeper.tui.table import Table
from tests.tui.conftest import AppAt, text_of, until


def fill(app: AppAt, **fields: str) -> None:
    for name, text in fields.items():
        app.screen.query_one(f"#import-{name}", Input).value = text


async def test_a_folder_is_previewed_imported_and_not_again(
    app_at: Callable[[Callable[[], Page]], AppAt], vault: Vault, tmp_path: Path
) -> None:
    client = vault.clients.add("C014")
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "2026-01-05.txt").write_bytes(b"A heron.\r\n")
    (folder / "03-02-2026.txt").write_bytes("Café".encode("cp1252"))
    (folder / "2026-01-07 broken.docx").write_bytes(b"PK\x03\x04")
    app = app_at(ImportPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.focused is not None)
        await pilot.press("f9")
        await until(pilot, lambda: "nothing to import yet" in text_of(app))
        fill(app, folder=str(folder), client="C014")
        await pilot.press("f5")
        await until(pilot, lambda: "2 note(s) to import (1 refused, listed last)" in text_of(app))
        assert vault.notes.of_client(client.id) == []
        app.screen.query_one(Table).focus()
        await pilot.press("down", "down")
        await until(pilot, lambda: "2026-01-07 broken.docx: ✗ The Word document is broken" in text_of(app))
        await pilot.press("f9")
        await until(pilot, lambda: "Imported: 2 note(s), not signed. 1 refused" in text_of(app))
        assert "broken.docx" in text_of(app)
        notes = vault.notes.of_client(client.id)
        assert [(note.date.isoformat(), note.signed) for note in notes] == [
            ("2026-02-03", False),
            ("2026-01-05", False),
        ]
        await pilot.press("f5")
        await until(pilot, lambda: "2 imported before" in text_of(app))
        assert "C014/2" in text_of(app)
        assert len(vault.notes.of_client(client.id)) == 2


async def test_stopping_keeps_what_came_in_and_the_rest_comes_later(
    app_at: Callable[[Callable[[], Page]], AppAt], vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = vault.clients.add("C014")
    for number in range(120):
        (tmp_path / f"2026-01-05 {number:03}.txt").write_text(f"Note {number}.")
    app = app_at(ImportPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.focused is not None)
        fill(app, folder=str(tmp_path), client="C014")
        await pilot.press("f5")
        await until(pilot, lambda: "120 note(s) to import" in text_of(app))
        monkeypatch.setattr("notekeeper.tui.screens.importing._PIECE_S", 0.0)  # a note at a time
        await pilot.press("f9")
        await until(pilot, lambda: vault.notes.of_client(client.id))
        await pilot.press("escape")
        await until(pilot, lambda: "Stopped. Imported" in text_of(app))
        monkeypatch.setattr("notekeeper.tui.screens.importing._PIECE_S", 0.05)
        kept = len(vault.notes.of_client(client.id))
        assert f"Imported: {kept} note(s)" in text_of(app)
        await pilot.press("f5")
        await until(pilot, lambda: "F9 imports" in text_of(app) or "nothing to import" in text_of(app))
        await pilot.press("f9")
        await until(pilot, lambda: len(vault.notes.of_client(client.id)) == 120)
        await until(pilot, lambda: f"Imported: {120 - kept} note(s)" in text_of(app))
        notes = vault.notes.of_client(client.id)
        texts = [revision.text for note in notes if (revision := vault.notes.latest(note.id))]
    assert sorted(texts) == sorted(f"Note {number}." for number in range(120))
    assert 0 < kept < 120
