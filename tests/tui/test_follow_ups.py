"""Follow-ups by keys: the box, the client's page, the risk entry, the Monday list; and risk recorded after signing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from textual.widgets import Input

from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import OwnTheme, OwnView, conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.services.caseload import own_day
from notekeeper.services.follow_ups import add_follow_up, begun_follow_up
from notekeeper.tui.base import Page
from notekeeper.tui.screens.client import ClientPage
from notekeeper.tui.screens.editor import EditorPage
from notekeeper.tui.screens.follow_ups import FollowUpBox
from notekeeper.tui.screens.monday import MondayPage
from notekeeper.tui.screens.riskbox import RiskBox
from notekeeper.tui.screens.signed import SignedPage
from notekeeper.tui.widgets import PickOne, ShortText
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.tui.test_caseload import shows
from tests.vault.invented import AT, SIGNER, Sealed, add_client, add_note, review_of

AppMaker = Callable[[Callable[[], Page]], AppAt]
LONG = "Ask the surgery whether the letter about the blood test has come, and ring her sister if she wishes it"


def signed_without_risk(vault: Vault) -> tuple[Client, Note]:
    """A session that was signed with "Not recorded"."""
    client = add_client(vault)
    note = add_note(vault, client, "As it was signed.")
    vault.reviews.set_own(note.id, OwnView(focus="own focus", themes=(OwnTheme(label="own theme"),)))
    vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_RECORDED))
    vault.signoffs.sign(conclude(review_of(vault, note), SIGNER, AT))
    vault.set_signer(SIGNER)
    return client, vault.notes.by_number(client.id, note.number)


async def test_a_follow_up_is_added_on_the_client_s_page_and_done_there(app_at: AppMaker, vault: Vault) -> None:
    client = add_client(vault)
    app = app_at(lambda: ClientPage(client))
    due = own_day() + timedelta(days=14)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "w Due")
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"Ring [b]the surgery", "enter", *"in May", "enter")
        await shows(pilot, "! Write the day as", "or as +14 for two weeks from today", "Follow-up for C014")
        app.screen.query_one("#follow-up-due", Input).value = ""
        await pilot.press(*"+14")
        await shows(pilot, f"That is {due:%A}, {due.day} {due:%B %Y}.")
        await pilot.press("enter")
        await shows(
            pilot,
            f"Follow-ups · F1, coming in 14 days, {due}: Ring [b]the surgery",
            f"Follow-up F1 is due {due}.",
        )
        await pilot.press("w", "tab", "tab", "d")
        await shows(pilot, f"✓ F1, done {own_day()}: Ring [b]the surgery", "F1 is done; d opens it again.")
        assert vault.follow_ups.by_number(client.id, 1).done == own_day()
        await pilot.press("d")
        await shows(pilot, "F1 is open.", "· F1, coming in 14 days")
        await pilot.press("d", "escape")
        await until(pilot, lambda: isinstance(app.screen, ClientPage))
        await until(pilot, lambda: "Follow-ups" not in text_of(app))


async def test_what_is_typed_and_not_added_is_there_again(app_at: AppMaker, vault: Vault, sealed: Sealed) -> None:
    client = add_client(vault)
    app = app_at(lambda: ClientPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "w Due")
        await pilot.press("w", *"Ring", "escape")
        await until(pilot, lambda: isinstance(app.screen, ClientPage))
        assert begun_follow_up(vault, client) == ("Ring", "")
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.focused, Input))
        assert app.screen.query_one("#follow-up-words", Input).value == "Ring"
        await pilot.press("end", *" her", "enter", *"+1", "f12")
    again = sealed.open()
    assert begun_follow_up(again, client) == ("Ring her", "+1")
    assert again.follow_ups.of_client() == []
    again.close()


@pytest.mark.parametrize("size", SIZES)
async def test_the_risk_entry_gives_a_follow_up_that_says_where_it_came_from(
    app_at: AppMaker, vault: Vault, size: tuple[int, int]
) -> None:
    client = add_client(vault)
    note = add_note(vault, client, "Saved.")
    app = app_at(lambda: EditorPage(client, note))
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "Saved.")
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen.focused, PickOne))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen.focused, ShortText))
        for keys in (("shift+tab", "f", "escape"), ("tab", *"off", "f9")):  # from the states; from the words
            await pilot.press(*keys[:-1])
            if keys[-1] == "escape":
                await until(pilot, lambda: isinstance(app.screen, FollowUpBox))
            await pilot.press(keys[-1])
        await until(pilot, lambda: isinstance(app.screen, FollowUpBox))
        await shows(pilot, "Follow-up from the risk entry of note 1")
        await pilot.press(*"Ask again", "enter", *"+7", "enter")
        await until(pilot, lambda: not isinstance(app.screen, FollowUpBox))
        await shows(pilot, "Follow-up F1 is due")
        (added,) = vault.follow_ups.of_client(client.id)
        assert (added.words, added.note_number) == ("Ask again", 1)
        entry = vault.reviews.risk(note.id)
        assert entry is not None
        assert (entry.state, entry.words) == (RiskState.ASKED_DISCLOSED, "off")


@pytest.mark.parametrize("size", SIZES)
async def test_follow_ups_are_worked_off_on_the_monday_list(
    app_at: AppMaker, vault: Vault, size: tuple[int, int]
) -> None:
    client = add_client(vault)
    for days, words in ((-2, LONG), (5, "Send the form"), (9, "Not yet listed")):
        add_follow_up(vault, client, words, own_day() + timedelta(days=days))
    app = app_at(MondayPage)
    async with app.run_test(size=size) as pilot:
        await shows(
            pilot,
            "Follow-ups due: 2 □ C014: F1, OVERDUE by 2 days",
            "ring her sister if she wishes it",
            "· C014: F2, coming in 5 days",
            "d Follow-up done",
        )
        assert "Not yet listed" not in text_of(app)
        await pilot.press("d")
        await shows(pilot, "Follow-ups due: 1 · C014: F2", "Follow-up C014/F1 is done", "u Take back")
        assert vault.follow_ups.by_number(client.id, 1).done == own_day()
        await pilot.press("u")
        await shows(pilot, "Follow-ups due: 2 □ C014: F1", "Follow-up C014/F1 is open again.")
        await pilot.press("d", "d")
        await shows(pilot, "nothing is waiting", "Follow-ups due: none")
        await pilot.press("d", "u")
        await shows(pilot, "Follow-ups due: 1 · C014: F2")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ClientPage))


async def test_risk_is_recorded_after_signing_and_leaves_the_monday_list(app_at: AppMaker, vault: Vault) -> None:
    signed_without_risk(vault)
    app = app_at(MondayPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "Risk not recorded: 1 ! C014: in 1 of 1 session(s): note 1")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SignedPage))
        await shows(pilot, "Risk is not recorded for this note. F3 records it now, in a dated addendum.")
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, RiskBox))
        await pilot.press("5", "escape")
        await shows(pilot, "Risk entry with it: Not recorded")
        await pilot.press("f5")
        await shows(pilot, "! An addendum records risk")
        await pilot.press("f4")
        await shows(pilot, "No risk entry with it")
        await pilot.press("f3", "2", *"Asked on the telephone", "escape")
        await shows(pilot, "✓ Risk entry with it: Asked – not disclosed")
        await pilot.press("escape")
        await shows(pilot, "What you typed is kept; a goes on with it.")
        await pilot.press("a", "f5")
        await shows(pilot, "Addendum 1 was added beneath the note.")
        await pilot.press("home")
        await shows(
            pilot,
            "Risk and safeguarding, as signed Not recorded By kind: Suicide, self-harm",
            "→ Recorded later in addendum 1, below.",
            "Risk and safeguarding, recorded later: Asked – not disclosed By kind: Suicide",
        )
        await pilot.press("end")
        await shows(pilot, "In my words: Asked on the telephone")
        await pilot.press("escape")
        await shows(pilot, "Risk not recorded: none")


async def test_the_client_s_page_says_that_risk_was_added_later(app_at: AppMaker, vault: Vault) -> None:
    client, note = signed_without_risk(vault)
    vault.addenda.add(note.id, "", SIGNER, RiskEntry(state=RiskState.NOT_ASKED))
    async with app_at(lambda: ClientPage(client)).run_test(size=(80, 24)) as pilot:
        await shows(pilot, "✓ signed Not asked, added")
