"""The vault's files go away under the app, as with a stick that is pulled: what is typed stays, and nothing is lost."""

from collections.abc import Callable

import pytest

from notekeeper.domain.vault import Vault
from notekeeper.tui.app import Ending
from notekeeper.tui.base import Page
from notekeeper.tui.screens.editor import EditorPage
from notekeeper.tui.widgets import NoteText
from tests.tui.conftest import AppAt, text_of, until
from tests.vault.invented import Sealed, add_client, add_note

pytestmark = pytest.mark.line(12, 19)
OpenAt = Callable[[Callable[[], Page]], AppAt]


def seen(app: AppAt) -> str:
    return " ".join(text_of(app).split())


async def test_what_is_typed_stays_and_is_kept_once_the_files_are_back(
    app_at: OpenAt, vault: Vault, sealed: Sealed
) -> None:
    client = add_client(vault)
    note = add_note(vault, client, "Before.")
    app = app_at(lambda: EditorPage(client, note))
    away = sealed.path.with_name("away")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.focused, NoteText))
        sealed.path.rename(away)
        await pilot.press(*" More")
        await until(pilot, lambda: "NOT KEPT ✗" in seen(app))
        assert "moved, removed or replaced" in seen(app)
        assert "F5 tries again." in seen(app)
        assert app.screen.query_one(NoteText).text == "Before. More"
        await pilot.press("f5")
        assert "moved, removed or replaced" in seen(app)
        away.rename(sealed.path)
        await pilot.press("f5")
        await until(pilot, lambda: "Saved as revision 2." in seen(app))
        latest = vault.notes.latest(note.id)
        assert latest is not None
        assert latest.text == "Before. More"


async def test_a_lock_without_the_files_leaves_a_copy_of_all_that_was_saved_and_says_where(
    app_at: OpenAt, vault: Vault, sealed: Sealed
) -> None:
    client = add_client(vault)
    note = add_note(vault, client, "Before.")
    app = app_at(lambda: EditorPage(client, note))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.focused, NoteText))
        sealed.path.rename(sealed.path.with_name("away"))
        await pilot.press("f12")
        await until(pilot, lambda: app._exit)
    assert app.return_value is Ending.LOCKED
    [copy] = sealed.path.parent.glob("*.rescued-*.vault")
    assert str(copy) in app.rescued
    opened = Sealed(copy, sealed.recovery_key).open()
    latest = opened.notes.latest(note.id)
    opened.close()
    assert latest is not None
    assert latest.text == "Before."
