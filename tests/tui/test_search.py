"""Search tells where the words are: in the note, in process notes, or in an addendum beneath it."""

from collections.abc import Callable
from datetime import date

from notekeeper.domain.note import NotePart
from notekeeper.domain.vault import Vault
from notekeeper.services.addenda import add_addendum
from notekeeper.services.writing import add_note
from notekeeper.tui.base import Page
from notekeeper.tui.screens.search import SearchPage
from tests.tui.conftest import AppAt, text_of, until
from tests.tui.reviewed import sign_session


async def test_a_hit_in_an_addendum_says_so(app_at: Callable[[Callable[[], Page]], AppAt], vault: Vault) -> None:
    client = vault.clients.add("C014")
    signed = sign_session(vault, client, date(2026, 3, 3), "Quiet")
    add_addendum(vault, client, signed, "She spoke of the heron again.")
    note, _ = add_note(vault, client, "A heron by the water.", date(2026, 3, 10))
    vault.notes.save(note.id, "My own heron.", NotePart.PROCESS)
    assert [(hit.part, hit.addendum) for hit in vault.search("heron")] == [
        (NotePart.RECORD, False),
        (NotePart.PROCESS, False),
        (NotePart.RECORD, True),
    ]
    app = app_at(SearchPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.focused is not None)
        await pilot.press(*"heron", "enter")
        await until(pilot, lambda: "3 found" in text_of(app))
        lines = [line for line in text_of(app).splitlines() if "C014/" in line]
        assert ["addendum" in line for line in lines] == [False, False, True]
        assert ["process notes" in line for line in lines] == [False, True, False]


async def test_words_around_a_hit_stand_beneath_one_another(
    app_at: Callable[[Callable[[], Page]], AppAt], vault: Vault
) -> None:
    client = vault.clients.add("C014")
    add_note(vault, client, f"{'beside the water ' * 4}a heron {'above the reeds ' * 4}", date(2026, 3, 10))
    app = app_at(SearchPage)
    async with app.run_test(size=(60, 24)) as pilot:
        await until(pilot, lambda: app.focused is not None)
        await pilot.press(*"heron", "enter")
        await until(pilot, lambda: "1 found" in text_of(app))
        for width in (60, 80):
            await pilot.resize_terminal(width, 24)
            await until(pilot, lambda: len(text_of(app).splitlines()[0]) == width)  # noqa: B023 - waited for here
            shown = text_of(app).splitlines()
            at = next(place for place, line in enumerate(shown) if "C014/1" in line)
            rows = [line.rstrip() for line in shown[at + 1 : at + 4] if line.strip()]
            assert len(rows) > 1
            assert {len(row) - len(row.lstrip()) for row in rows} == {6}


async def test_filters_narrow_what_is_found_and_list_notes_without_words(
    app_at: Callable[[Callable[[], Page]], AppAt], vault: Vault
) -> None:
    client = vault.clients.add("C014")
    sign_session(vault, client, date(2026, 3, 3), "Quiet evenings")
    add_note(vault, client, "A heron by the water.", date(2026, 3, 10))
    vault.follow_ups.add(client.id, "Ask about the heron", date(2026, 4, 1))
    app = app_at(SearchPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.focused is not None)
        await pilot.press("tab", "tab", "tab", *"quiet", "enter")
        await until(pilot, lambda: "1 found" in text_of(app))
        assert "C014/1" in text_of(app)
        await pilot.press("f4", *"heron", "enter")
        await until(pilot, lambda: "2 found" in text_of(app))
        assert "C014/F1" in text_of(app)
        app.screen.query_one("#filter-signed").focus()
        await pilot.press("space")
        await until(pilot, lambda: "within these filters" in text_of(app))
        await pilot.press("space")
        await until(pilot, lambda: "1 found" in text_of(app))
        assert "not signed" in text_of(app)
        app.screen.query_one("#filter-from").focus()
        await pilot.press(*"2026-13", "enter")
        await until(pilot, lambda: "A day is written YYYY-MM-DD" in text_of(app))
