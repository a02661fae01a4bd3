"""Supervision by keys: flags, the agenda in one's own order, comments, the outcome note, hours, own learning."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from notekeeper.domain.note import Client, NoteKind
from notekeeper.domain.vault import Vault
from notekeeper.reports.comments import write_comments
from notekeeper.reports.envelope import Seal
from notekeeper.services.caseload import own_day
from notekeeper.services.reporting import keep_question
from notekeeper.services.supervision import discussed
from notekeeper.services.supervision_agenda import agenda
from notekeeper.services.supervision_comments import take_comments
from notekeeper.services.supervision_flags import add_flag, begun, open_flags
from notekeeper.services.supervision_targets import find_target
from notekeeper.tui.base import Page
from notekeeper.tui.screens.client import ClientPage
from notekeeper.tui.screens.editor import EditorPage
from notekeeper.tui.screens.menu import PracticeMenu
from notekeeper.tui.screens.own_learning import OwnLearningPage
from notekeeper.tui.screens.signed import SignedPage
from notekeeper.tui.screens.supervision import SupervisionPage
from notekeeper.tui.screens.supervision_action import ActionBox
from notekeeper.tui.screens.supervision_client import ClientSupervisionPage
from notekeeper.tui.screens.supervision_flagging import FlagBox
from notekeeper.tui.screens.supervision_hours import SupervisionHoursPage
from notekeeper.tui.screens.supervision_outcome import OutcomePage
from notekeeper.tui.screens.supervision_taking import TakePage
from notekeeper.tui.widgets import ShortText
from tests.supervised import approve, comments_on
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.tui.reviewed import sign_session
from tests.tui.test_caseload import shows
from tests.unit.test_own_learning import LIBRARY, practice
from tests.vault.invented import Sealed, add_client

AppMaker = Callable[[Callable[[], Page]], AppAt]


@pytest.fixture
def client(vault: Vault) -> Client:
    client = add_client(vault)
    sign_session(vault, client, own_day() - timedelta(days=30), "Saying no", risk="Thoughts, no plan")
    return client


@pytest.mark.parametrize("size", SIZES)
async def test_something_is_flagged_with_own_words_and_settled(
    app_at: AppMaker, vault: Vault, client: Client, size: tuple[int, int]
) -> None:
    app = app_at(lambda: ClientPage(client))
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "m More")
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, ClientSupervisionPage))
        await shows(pilot, "Flagged: nothing", "n flags something for supervision")
        assert "s Settle" not in text_of(app)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, FlagBox) and app.screen.query_one(OptionList).option_count)
        await pilot.press("down", "down", "down", "enter", *"Mine [b]too", "f5")
        await shows(pilot, "⚑ S1 theme: Saying no (note 1), open since", "“Mine [b]too”", "Flagged: S1.", "s Settle")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, FlagBox) and app.screen.query_one(OptionList).option_count)
        await pilot.press("down", "down", "down", "enter", *"Again", "f5")
        await shows(pilot, "! That is flagged already, as C014/S1.")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ClientSupervisionPage))
        await pilot.press("s")
        await shows(pilot, "S1 is discussed on", "Flagged: nothing")
        await pilot.press("a")
        await shows(pilot, "✓ S1 theme: Saying no (note 1), discussed on")
        assert open_flags(vault, client) == ()


async def test_words_for_a_flag_are_there_again_after_a_lock(app_at: AppMaker, client: Client, sealed: Sealed) -> None:
    app = app_at(lambda: ClientSupervisionPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, FlagBox) and app.screen.query_one(OptionList).option_count)
        await pilot.press("down", "enter", *"Half a tho", "f12")
        await until(pilot, lambda: app._exit)
    again = sealed.open()
    assert begun(again, client).why == "Half a tho"
    assert begun(again, client).key == "note:1"
    assert open_flags(again, client) == ()
    again.close()


async def test_what_is_flagged_on_a_signed_note_stands_beneath_it(
    app_at: AppMaker, vault: Vault, client: Client
) -> None:
    note = vault.notes.by_number(client.id, 1)
    approve(vault, client, [note])
    take_comments(vault, comments_on(("C014/theme/1", "Stay with the no.", own_day()), day=own_day()), own_day())
    app = app_at(lambda: SignedPage(client, note))
    async with app.run_test(size=(120, 40)) as pilot:
        day = own_day()
        await shows(pilot, f"✓ THEME Saying no (mine) Discussed {day.day} {day:%B %Y}; agreed: Stay with the no.")
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, FlagBox) and app.screen.query_one(OptionList).option_count)
        assert app.screen.query_one(OptionList).option_count == 3  # the note, its risk entry and its theme
        await pilot.press("down", "f5")
        await shows(pilot, "Flagged for supervision ⚑ S1 risk entry: Asked – disclosed", "Flagged for supervision: S1")


@pytest.mark.parametrize("size", SIZES)
async def test_the_agenda_is_in_one_s_own_order_and_says_all_of_a_client(
    app_at: AppMaker, vault: Vault, client: Client, size: tuple[int, int]
) -> None:
    other = add_client(vault, "D100")
    sign_session(vault, other, own_day() - timedelta(days=300), "Quiet")
    keep_question(vault, client, "Where am I stuck?", "")
    add_flag(vault, client, find_target(vault, client, "file"), "The ending")
    app = app_at(PracticeMenu)
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "5 Supervision")
        await pilot.press("5")
        await until(pilot, lambda: isinstance(app.screen, SupervisionPage))
        await shows(
            pilot,
            "● 1 C014 never, 4 week(s), question, 1 flag(s)",
            "○ 2 D100 never, 42 week(s) ▲",
            "Question: Where am I stuck?",
            "Risk: last recorded",
            "Flag S1: the file as a whole: The ending",
        )
        await pilot.press("d")
        await shows(pilot, "2 C014", "1 D100")
        assert [line.client.code for line in agenda(vault, own_day())] == ["D100", "C014"]
        await pilot.press("u")
        await shows(pilot, "1 C014", "2 D100")
        await pilot.press("o")
        await shows(pilot, "In the order of need")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ClientSupervisionPage))
        assert "client.opened" in [entry.event for entry in vault.log.entries()]


@pytest.mark.parametrize("sealed_by", ["", "evening words of a supervisor"])
async def test_comments_are_looked_at_then_taken_in_and_an_action_becomes_a_follow_up_by_enter(
    app_at: AppMaker, vault: Vault, client: Client, tmp_path: Path, sealed_by: str
) -> None:
    approve(vault, client, [vault.notes.by_number(client.id, 1)])
    file = comments_on(
        ("C014/theme/1", "Slow [b]down\x1b[2J."),
        ("C014/risk", "Ask again.", None),
        ("C014", "Ring.", own_day()),
        day=own_day(),
    )
    place = write_comments(file, tmp_path, "report", Seal(passphrase=sealed_by) if sealed_by else None)
    app = app_at(TakePage)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "F5 Look at it")
        await pilot.press("f9")
        await shows(pilot, "! Look at it first")
        app.screen.query_one("#taking-file", Input).value = str(tmp_path / "nowhere.json")
        await pilot.press("f5")
        await shows(pilot, "! There is no such file of comments.")
        app.screen.query_one("#taking-file", Input).value = str(place)
        if sealed_by:
            await pilot.press("f5")
            await shows(pilot, "! This sealed file is opened by a passphrase, and none was given.")
            app.screen.query_one("#taking-passphrase", Input).value = sealed_by
        await pilot.press("f5")
        await shows(
            pilot,
            "Comments by S. Imagined, discussed on",
            "Client C014: 3 comment(s), 2 of them agreed to be done.",
            "Slow [b]down⟨U+001B⟩[2J.",
            "[ ] Add its hours to my log",
        )
        assert discussed(vault, client) == []
        await pilot.press("shift+tab", "space", "f9")
        await shows(pilot, "Taken in: C014. Its hours are in your log.", "□ C014, agreed: Ask again.")
        assert vault.follow_ups.of_client(client.id) == []
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ActionBox) and isinstance(app.screen.focused, Input))
        await pilot.press(*"+7", "enter")
        await shows(pilot, "Follow-up F1 is due", "1 more agreed.")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ActionBox) and isinstance(app.screen.focused, Input))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, TakePage))
        (made,) = vault.follow_ups.of_client(client.id)
        assert (made.words, made.due) == ("Ask again.", own_day() + timedelta(days=7))
        assert [each.minutes for each in vault.supervision_log().hours] == [60]


async def test_an_agreed_action_is_closed_without_a_follow_up(app_at: AppMaker, vault: Vault, client: Client) -> None:
    approve(vault, client, [])
    take_comments(vault, comments_on(("C014", "Ring him.", None), ("C014", "Fine."), day=own_day()), own_day())
    app = app_at(lambda: ClientSupervisionPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "□ D1.1", "Ring him.", "Agreed: nothing made of it yet", "c Close")
        await pilot.press("down")
        await until(pilot, lambda: "c Close" not in text_of(app))
        await pilot.press("up", "c")
        await shows(pilot, "D1.1 is closed without a follow-up.", "Agreed: settled")
        assert not discussed(vault, client)[0].waits


async def test_the_outcome_note_is_begun_with_the_flags_that_are_ticked_and_opens_to_be_edited(
    app_at: AppMaker, vault: Vault, client: Client
) -> None:
    for key in ("theme:1.1", "note:1"):
        add_flag(vault, client, find_target(vault, client, key), "The [i]no")
    app = app_at(lambda: OutcomePage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "[✓] S1 theme: Saying no (note 1)", "[✓] S2 note 1, session")
        app.screen.query_one("#outcome-supervisor", Input).value = "S. Imagined"
        await pilot.press("tab", "space", "f5")
        await until(pilot, lambda: isinstance(app.screen, EditorPage))
        await shows(pilot, "with S. Imagined", "- Theme: Saying no (note 1): The [i]no", "My own words:")
        note = vault.notes.by_number(client.id, 2)
        assert (note.kind, note.signed) == (NoteKind.SUPERVISION, False)
        assert [each.number for each in open_flags(vault, client)] == [2]
        await pilot.press(*"Slower", "f5")
        text = vault.notes.latest(note.id)
        assert text is not None
        assert text.text.endswith("Slower")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, EditorPage))


@pytest.mark.usefixtures("client")
async def test_hours_are_added_corrected_and_written_to_a_file(app_at: AppMaker, tmp_path: Path) -> None:
    app = app_at(SupervisionHoursPage)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "1 session(s) held, 0 min of supervision; no ratio agreed yet.")

        def fill(**texts: str) -> None:
            for name, text in texts.items():
                app.screen.query_one(f"#hours-{name}", Input).value = text

        fill(minutes="ninety")
        await pilot.press("f5")
        await shows(pilot, "! Minutes are a number.")
        fill(minutes="90", supervisor="S. Imagined", clients="2", note="Of breaks")
        await pilot.press("escape")
        await shows(pilot, "! A line is typed and not added.")
        await pilot.press("f5")
        await shows(
            pilot, "Added: line 1.", "1 h 30 min, individual with S. Imagined, 2 client(s) discussed", "Of breaks"
        )
        app.screen.query_one(OptionList).focus()
        await pilot.press("enter")
        await shows(pilot, "F5 adds a line in place of line 1")
        fill(minutes="60")
        await pilot.press("f5")
        await shows(pilot, "1 h 00 min, individual", "(corrected by line 2)")
        fill(ratio="8")
        await pilot.press("f6")
        await shows(pilot, "agreed is 1 hour to 8 session(s)")
        await pilot.press("f7")
        await until(pilot, lambda: app.screen.query("#hours-file-folder"))
        app.screen.query_one("#hours-file-folder", Input).value = str(tmp_path / "nowhere")
        await pilot.press("f5")
        await shows(pilot, "! The folder for the hours does not exist.")
        app.screen.query_one("#hours-file-folder", Input).value = str(tmp_path)
        await pilot.press("f5")
        await shows(pilot, "Written:")
        (written,) = tmp_path.glob("supervision-hours_*.csv")
        assert "C014" not in written.read_text(encoding="utf-8")


async def test_own_learning_is_shown_as_counts_and_names_no_client(app_at: AppMaker, vault: Vault) -> None:
    practice(vault)
    app = app_at(OwnLearningPage)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(
            pilot,
            "From 3 signed note(s) of 2 client(s). 1 client(s) who do not agree to patterns are left out.",
            LIBRARY,
            "3 time(s), 2 client(s), 2 month(s)",
            "rejected because of the wording: 2",
        )
        for word in ("C014", "D100", "E200", "Leftoutword"):
            assert word not in text_of(app)
        assert not app.screen.query(ShortText)
