"""Access requests in the app: noted down, sentences marked by both tests, taken back, and the copy written."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from textual.widgets import Input

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.note import NotePart
from notekeeper.domain.vault import Vault
from notekeeper.services.access import ask, marks_of, requests_of
from notekeeper.services.answering import preview
from notekeeper.services.calendar import one_month_after
from notekeeper.services.caseload import own_day
from notekeeper.tui.base import Page
from notekeeper.tui.marking import NoteToMark
from notekeeper.tui.screens.access import AccessPage, AskBox
from notekeeper.tui.screens.access_marking import MarkPage, ReasonBox
from notekeeper.tui.screens.access_words import WordsBox
from notekeeper.tui.widgets import ShortText
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.vault.invented import add_client, add_note

NOTE = "She came late. Her brother drinks. He shouts at night. She sleeps badly."
Start = Callable[[Callable[[], Page]], AppAt]


async def test_a_request_is_noted_down_and_its_typing_is_kept_until_then(app_at: Start, vault: Vault) -> None:
    client = add_client(vault)
    app = app_at(lambda: AccessPage(client))
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: "No request was noted down yet" in text_of(app))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, AskBox) and app.screen.is_mounted)
        await pilot.press(*"Partner A")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, AccessPage))
        await pilot.press("n")
        await until(pilot, lambda: "Partner A" in text_of(app))
        app.screen.query_one("#asked-on", Input).value = "tomorrow"
        await pilot.press("f5")
        await until(pilot, lambda: "A date is written" in text_of(app))
        day = date(2026, 1, 31)
        app.screen.query_one("#asked-on", Input).value = day.isoformat()
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, AccessPage) and "by Partner A" in text_of(app))
        assert one_month_after(day).isoformat() in text_of(app)
    assert one_month_after(day) == date(2026, 2, 28)


async def test_sentences_are_marked_taken_back_and_the_copy_is_written(
    app_at: Start, vault: Vault, tmp_path: Path
) -> None:
    client = add_client(vault)
    note = add_note(vault, client, NOTE)
    vault.notes.save(note.id, "My process thought about it.", NotePart.PROCESS)
    request = ask(vault, client, "The client", how="", asked_on=own_day(), today=own_day())
    app = app_at(lambda: AccessPage(client))
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: "by The client" in text_of(app))
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, MarkPage) and "text 1 of 2" in text_of(app))
        await pilot.press("t")
        await until(pilot, lambda: "Space marks the sentence" in text_of(app))
        await pilot.press("down", "space", "down", "space")
        assert app.screen.query_one(NoteToMark).marked == (2, 3)
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, ReasonBox) and app.screen.is_mounted)
        await pilot.press("f5")
        await until(pilot, lambda: "needs its reason" in text_of(app))
        app.screen.query_one(ShortText).text = "About the brother"
        await pilot.press("f5")
        await until(pilot, lambda: "Marked in this note: 1: sentence 2, 3" in text_of(app))
        (mark,) = marks_of(vault, request)
        assert mark.body.words == "Her brother drinks. He shouts at night."
        await pilot.press("n")
        await until(pilot, lambda: "process notes" in text_of(app))
        assert "1: record, revision 1" in text_of(app)
        await pilot.press("space", "h")
        await until(pilot, lambda: isinstance(app.screen, ReasonBox) and "Serious-harm test" in text_of(app))
        app.screen.query_one(ShortText).text = "It would harm"
        await pilot.press("f5")
        await until(pilot, lambda: "The serious-harm test rests on" in text_of(app))
        app.screen.query_one("#opinion-by", Input).value = "Dr Imagined, psychiatrist"
        app.screen.query_one("#opinion-on", Input).value = "2026-01-02"
        await pilot.press("f5")
        await until(pilot, lambda: len(marks_of(vault, request)) == 2)
        await until(pilot, lambda: isinstance(app.screen, MarkPage))
        assert [entry.subject for entry in vault.log.entries() if entry.event == "note.opened"] == [note.id]
        await pilot.press("escape")
        await until(pilot, lambda: "[withheld 2]" in text_of(app))
        await pilot.press("end", "u")
        await until(pilot, lambda: len(marks_of(vault, request)) == 1)
        app.screen.query_one("#access-folder", Input).value = str(tmp_path)
        await pilot.press("f9")
        await until(pilot, lambda: not requests_of(vault, client)[0].open)
        await until(pilot, lambda: "answered" in text_of(app))
        written = sorted(tmp_path.glob("access_*_for-client*"))
        assert [path.suffix for path in written] == [".html", ".json", ".md"]
        for path in written:
            held = path.read_text(encoding="utf-8")
            assert "brother" not in held
            assert "She came late. [withheld 1] She sleeps badly." in held
            assert "My process thought about it." in held


async def test_a_reason_typed_and_not_used_is_there_again(app_at: Start, vault: Vault) -> None:
    client = add_client(vault)
    add_note(vault, client, NOTE)
    request = ask(vault, client, "The client", how="", asked_on=own_day(), today=own_day())
    app = app_at(lambda: MarkPage(client, request))
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: isinstance(app.screen, MarkPage) and "text 1 of 1" in text_of(app))
        for _ in range(2):
            await pilot.press("w")
            await until(pilot, lambda: isinstance(app.screen, ReasonBox) and app.screen.is_mounted)
            app.screen.query_one(ShortText).text = "Begun reason"
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, MarkPage))
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, ReasonBox) and "Begun reason" in text_of(app))
        await pilot.press("f5")
        await until(pilot, lambda: len(marks_of(vault, request)) == 1)
        assert marks_of(vault, request)[0].body.whole_note


async def test_words_outside_the_notes_are_marked_in_the_app_too(app_at: Start, vault: Vault) -> None:
    client = add_client(vault)
    vault.front_sheets.save(client.id, FrontSheet(emergency_contact="Her brother Osric, 0000"))
    request = ask(vault, client, "The client", how="", asked_on=own_day(), today=own_day())
    app = app_at(lambda: MarkPage(client, request))
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: "there is no saved text" in text_of(app))
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, WordsBox) and app.screen.is_mounted)
        app.screen.query_one(ShortText).text = "not in the file at all"
        await pilot.press("f5")
        await until(pilot, lambda: "stand nowhere in this file" in text_of(app))
        app.screen.query_one(ShortText).text = "her brother\nosric"
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, ReasonBox) and "these words, wherever" in text_of(app))
        app.screen.query_one(ShortText).text = "About the brother"
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, MarkPage) and "Marked: 1 passage(s)" in text_of(app))
        made = preview(vault, request, own_day())
        assert [each.places for each in made.marks] == [1]
        assert "Osric" not in str(made.document)
