"""The pages of revisions and corrections, and a note moved to the right client in the app."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import DataTable, Input, Static

from notekeeper.domain.vault import Vault
from notekeeper.services.corrections import corrections_of
from notekeeper.services.misfiled import received_words
from notekeeper.tui.access import access_to
from notekeeper.tui.screens.client import ClientPage
from notekeeper.tui.screens.corrections import AnswerPage, CorrectionsPage
from notekeeper.tui.screens.editor import EditorPage
from notekeeper.tui.screens.misfiled import MoveBox
from notekeeper.tui.screens.revisions import RevisionsPage
from notekeeper.tui.screens.signed import SignedPage
from notekeeper.tui.widgets import NoteText, PickOne, ShortText
from tests.tui.conftest import until
from tests.tui.every import EveryApp, World, opened
from tests.vault.invented import Sealed

OpenIn = Callable[[type[Screen[Any]]], EveryApp]
WORD = "okapiword"


@pytest.fixture
def open_in(sealed: Sealed, vault: Vault, tmp_path: Path) -> OpenIn:
    world = World.of(vault, tmp_path)
    return lambda kind: EveryApp(access_to(sealed.path), world, kind)


def said(pilot: Pilot[Any], selector: str = "Static") -> str:
    return "\n".join(str(each.render()) for each in pilot.app.screen.query(selector).results(Static))


async def test_what_changed_from_one_revision_to_the_next_is_marked_in_words_and_signs(open_in: OpenIn) -> None:
    app = open_in(RevisionsPage)
    note, client = app.world.note, app.world.client
    before = app.world.vault.notes.latest(note.id)
    assert before is not None
    app.world.vault.notes.save(note.id, f"{before.text}\nA line more.")
    app.world.vault.notes.save(note.id, f"{before.text}\nA line less.")
    async with app.run_test(size=(80, 24)) as pilot:
        page = await opened(pilot)
        await until(pilot, lambda: "[−more−]{+less+}" in said(pilot, "#revisions-changes"))
        assert "± A line [−more−]{+less+}." in said(pilot, "#revisions-changes")
        await pilot.press("down")
        await until(pilot, lambda: "+ A line more." in said(pilot, "#revisions-changes"))
        await pilot.press("end")
        await until(pilot, lambda: "all of it is new" in said(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not page)
    assert client.code


async def test_a_note_is_moved_from_the_editor_with_what_was_just_typed(open_in: OpenIn) -> None:
    app = open_in(EditorPage)
    world = app.world
    right = world.vault.clients.add("RIGHT")
    name = f"{world.client.code}/{world.note.number}"
    async with app.run_test(size=(80, 24)) as pilot:
        page = await opened(pilot)
        page.query_one("#record", NoteText).insert(f" {WORD}")
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, MoveBox))
        await until(pilot, lambda: "not signed" in said(pilot, "#move-says"))
        await pilot.press(*"right", "enter", *"wrong", "enter")
        await until(pilot, lambda: "Nothing was moved" in said(pilot))
        assert world.vault.notes.stubs(world.client.id) == []
        app.screen.query_one("#move-again", Input).value = name
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is world.desk)
        (moved,) = world.vault.notes.of_client(right.id)
        saved = world.vault.notes.latest(moved.id)
        assert saved is not None
        assert WORD in saved.text
        assert [hit.note.id for hit in world.vault.search(WORD, right.id)] == [moved.id]
        assert world.vault.search(WORD, world.client.id) == []
        # The wrong file shows the stub, which opens nothing; the right one says where the note came from.
        await app.push_screen(ClientPage(world.client))
        await until(pilot, lambda: bool(app.screen.query(DataTable)) and app.screen.query_one(DataTable).row_count == 2)
        await until(pilot, lambda: "Space reads on" in said(pilot))  # told once the page is drawn, and then no more
        table = app.screen.query_one(DataTable)
        rows = [" ".join(str(cell) for cell in table.get_row_at(row)) for row in range(2)]
        (at,) = [row for row, words in enumerate(rows) if "wrong client, moved" in words]
        assert "RIGHT" not in "".join(rows)
        table.move_cursor(row=at)
        await pilot.press("enter")
        await until(pilot, lambda: "A number and a date are all" in said(pilot))
        assert "came from another file" in received_words(world.vault, moved)
        assert world.vault.verify().problems == ()


async def test_a_signed_note_is_moved_and_shows_its_corrections_before(open_in: OpenIn) -> None:
    app = open_in(SignedPage)
    world = app.world
    right = world.vault.clients.add("RIGHT")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, RevisionsPage))
        await pilot.press("escape", "w")
        await until(pilot, lambda: isinstance(app.screen, MoveBox))
        await until(pilot, lambda: "It was signed" in said(pilot, "#move-says"))
        assert "OUTSIDE MY REACH" in said(pilot, "#move-says")  # a report of this client was written
        app.screen.query_one("#move-code", Input).value = "RIGHT"
        app.screen.query_one("#move-again", Input).value = f"{world.client.code}/{world.signed.number}"
        app.screen.query_one("#move-again", Input).focus()
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is world.desk)
        (moved,) = world.vault.notes.of_client(right.id)
        assert not moved.signed


async def test_a_correction_is_asked_kept_while_typed_answered_and_shown_beneath_the_note(open_in: OpenIn) -> None:
    app = open_in(CorrectionsPage)
    world = app.world
    async with app.run_test(size=(80, 24)) as pilot:
        page = await opened(pilot)
        page.query_one("#correction-by", Input).value = "The client"
        page.query_one("#correction-asks", ShortText).insert("I was on time.")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is world.desk)
        assert corrections_of(world.vault, world.client) == ()
        page = CorrectionsPage(world.client)
        await app.push_screen(page)
        await until(pilot, lambda: page.query_one("#correction-asks", ShortText).text == "I was on time.")
        page.query_one("#correction-note", Input).value = str(world.signed.number)
        await pilot.press("f5")
        await until(pilot, lambda: "Added: request C1" in said(pilot))
        page.query_one("#corrections-list").focus()
        await pilot.press("home", "enter")
        await until(pilot, lambda: isinstance(app.screen, AnswerPage))
        answer = app.screen
        await pilot.press("f5")
        await until(pilot, lambda: "Choose what you did" in said(pilot))
        answer.query_one(PickOne).action_pick(2)
        await pilot.press("f5")
        await until(pilot, lambda: "needs your reasons" in said(pilot))
        answer.query_one("#correction-reasons", ShortText).insert("My watch said so.")
        answer.query_one("#correction-statement", ShortText).insert("It was slow.")
        await pilot.press("f5")
        await until(pilot, lambda: "Your answer is in the file" in said(pilot))
        (done,) = corrections_of(world.vault, world.client)
        assert (done.note_id, done.statements) == (world.signed.id, ("It was slow.",))
        await app.push_screen(SignedPage(world.client, world.signed))
        await until(pilot, lambda: "The client's statement: It was slow." in said(pilot))
        assert "Correction request C1, The client: Not corrected" in said(pilot)


@pytest.mark.parametrize("days", [-1, 1])
async def test_a_day_to_come_is_refused_and_what_was_typed_stays(open_in: OpenIn, days: int) -> None:
    app = open_in(CorrectionsPage)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await opened(pilot)
        page.query_one("#correction-by", Input).value = "The client"
        page.query_one("#correction-asks", ShortText).insert("My name.")
        on = date.today() + timedelta(days=2 * days)  # noqa: DTZ011 - the therapist's own calendar day
        page.query_one("#correction-on", Input).value = on.isoformat()
        await pilot.press("f5")
        told = "still to come" if days > 0 else "Added: request C1"
        await until(pilot, lambda: told in said(pilot))
        assert len(corrections_of(app.world.vault, app.world.client)) == (days < 0)
        assert page.query_one("#correction-asks", ShortText).text == ("My name." if days > 0 else "")
