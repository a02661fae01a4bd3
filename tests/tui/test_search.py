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
