"""Keys that come faster than the app can act on them, as from a paste, land where they were meant to."""

from collections.abc import Callable

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from notekeeper.domain.vault import Vault
from notekeeper.services.front_sheet import LABELS
from notekeeper.services.reviewing import review_of
from notekeeper.tui.access import access_to
from notekeeper.tui.app import Ending, NotekeeperApp
from notekeeper.tui.base import Page
from notekeeper.tui.screens.editor import EditorPage
from notekeeper.tui.screens.front import FrontSheetPage
from notekeeper.tui.screens.opening import CreatePage, WelcomePage
from notekeeper.tui.screens.review import ReviewPage
from notekeeper.tui.widgets import NoteText
from tests.tui.conftest import AppAt, text_of, until
from tests.tui.reviewed import drafted_note
from tests.vault.invented import Sealed, add_client, add_note

OpenAt = Callable[[Callable[[], Page]], AppAt]
TAB, ENTER, BACK, CLEAR = "tab", "enter", "backspace", "ctrl+u"


def at_once(pilot: Pilot[Ending], *keys: str) -> None:
    """Give all these keys to the app before it can act on the first. A longer word is the name of one key."""
    for key in keys:
        name = "space" if key == " " else key
        pilot.app.post_message(events.Key(name, key if len(key) == 1 else None))


async def test_a_vault_is_made_by_keys_that_all_come_at_once(sealed: Sealed) -> None:
    app = NotekeeperApp(access_to(sealed.path.with_name("none.vault")))
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, WelcomePage) and app.screen.is_mounted)
        at_once(pilot, "m", *"abc", BACK, *"de", TAB, *"xyz", CLEAR, *"fgh", ENTER)
        await until(pilot, lambda: isinstance(app.screen, CreatePage) and app.screen.is_mounted)
        await until(pilot, lambda: "Nothing was made" in text_of(app))  # Enter was the last key
        assert [field.value for field in app.screen.query(Input)] == ["abde", "fgh"]


async def test_a_front_sheet_is_filled_in_by_keys_that_all_come_at_once(app_at: OpenAt, vault: Vault) -> None:
    client = add_client(vault)
    app = app_at(lambda: FrontSheetPage(client))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.focused is not None)
        at_once(pilot, *"one", TAB, *"two", TAB, *"three", "f5", TAB, *"four", "escape")
        await until(pilot, lambda: not isinstance(app.screen, FrontSheetPage) or not app.screen.is_current)
        sheet = vault.front_sheets.current(client.id)
        assert sheet is not None
        kept = sheet.model_dump()
        assert [kept[name] for name in list(LABELS)[:4]] == ["one", "two", "three", "four"]


async def test_words_then_a_key_then_words_in_a_review(app_at: OpenAt, vault: Vault) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.focused is not None)
        at_once(pilot, "a", "t", *"Mine", ENTER, "f", *"Ours", ENTER, "n", "x")
        await until(pilot, lambda: "T1" in review_of(vault, note).review.decisions)
        own = vault.reviews.own(note.id)
        assert (own.focus, [theme.label for theme in own.themes]) == ("Ours", ["Mine"])
        assert set(review_of(vault, note).review.decisions) == {"F", "T1"}


@pytest.mark.parametrize("keys", [("escape",), ("f12",)])
async def test_what_is_typed_before_leaving_or_locking_is_kept(
    app_at: OpenAt, vault: Vault, sealed: Sealed, keys: tuple[str, ...]
) -> None:
    client = add_client(vault)
    note = add_note(vault, client, "Then")
    app = app_at(lambda: EditorPage(client, note))
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.focused, NoteText))
        at_once(pilot, *" and now", *keys)
        await until(pilot, lambda: app.return_value is not None or not app.screen_stack[1:])
    again = sealed.open()
    kept = [again.notes.latest(note.id), again.notes.working(note.id)]
    again.close()
    assert "Then and now" in [each.text for each in kept if each is not None]
