"""A draft asked for from the editor, with the real models; one's own view before it; finishing without it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from notekeeper.domain.consent import Answer
from notekeeper.domain.draft import Refusal
from notekeeper.domain.note import Note
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.drafting.gate import refusal_words
from notekeeper.services.reviewing import review_of
from notekeeper.tui.base import Page
from notekeeper.tui.messages import DraftFailed, DraftMade
from notekeeper.tui.screens.editor import EditorPage
from notekeeper.tui.screens.ownview import OwnViewPage
from notekeeper.tui.screens.review import ReviewPage
from notekeeper.tui.screens.signed import SignedPage
from notekeeper.tui.widgets import NoteText, ShortText
from tests.tui.conftest import SIZES, AppAt, until
from tests.tui.test_editor import Desk, Driver, latest, opened, shows
from tests.vault.invented import SIGNER, Sealed, add_client, add_note, agree, draft_of, drafted, sign_without_ai

AppMaker = Callable[[Callable[[], Page]], AppAt]
NOTE = (
    "She has not slept since the move. The new house is silent and she misses her sister. "
    "She rang her sister twice and cried after both calls. At work she says nothing to anyone."
)
TALK = "T: How are you today?\nC: Yeah, you know, I'm okay.\nT: What did you do?\nC: Um, I told you, you said so.\n" * 5
GERMAN = "Die Klientin sprach heute lange über ihre Mutter und den Umzug, der sie noch immer sehr beschäftigt."
DRAFT_S = 240.0


async def own_view(pilot: Driver) -> OwnViewPage:
    """Wait until the own view can be typed in."""
    await until(pilot, lambda: isinstance(pilot.app.screen, OwnViewPage) and pilot.app.screen.focused)
    assert isinstance(pilot.app.screen, OwnViewPage)
    return pilot.app.screen


async def test_typing_goes_on_while_a_draft_is_made_and_the_draft_opens_beside_the_note(
    app_at: AppMaker, vault: Vault
) -> None:
    client, app = add_client(vault), app_at(Desk)
    agree(vault, client)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await opened(pilot, client, note := add_note(vault, client, NOTE))
        await pilot.press("f6")
        await shows(pilot, "◌ Draft:", "go on typing", "F7 Stop")
        await pilot.press(*" Next week.")
        assert page.query_one("#record", NoteText).text == f"{NOTE} Next week."
        await until(pilot, lambda: page.has_draft, DRAFT_S)
        await shows(pilot, "● DRAFT ready", "The draft is ready. F8 opens it", "F6 Draft")
        assert latest(vault, note) == NOTE  # what was typed since is kept, and the draft is of what was saved
        await pilot.press("f8")
        await shows(pilot, "○ There is a draft of older text", "F6 drafts again; F8 once more finishes without AI")
        assert app.screen is page
        await pilot.press(*["backspace"] * len(" Next week."), "f6")
        await until(pilot, lambda: page.has_draft, DRAFT_S)
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, ReviewPage))
        assert review_of(vault, note).review.draft is not None


async def test_own_view_first_then_the_draft_is_waited_for_and_opens(app_at: AppMaker, vault: Vault) -> None:
    client, app = add_client(vault), app_at(Desk)
    agree(vault, client)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, client, note := add_note(vault, client, NOTE))
        await pilot.press("f4")
        await own_view(pilot)
        await shows(pilot, "2 The new house is silent and she misses her sister.")
        await pilot.press(*"Leaving her sister", "tab", *"Missing her sister (2, 3)", "enter", *"Silence", "f6")
        await shows(pilot, "The draft opens here when it is made.")
        await until(pilot, lambda: isinstance(app.screen, ReviewPage), DRAFT_S)
        own = vault.reviews.own(note.id)
        assert own.focus == "Leaving her sister"
        assert [(theme.label, len(theme.evidence)) for theme in own.themes] == [
            ("Missing her sister", 2),
            ("Silence", 0),
        ]
        assert all(piece.stands_in(NOTE) for theme in own.themes for piece in theme.evidence)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, EditorPage))


async def test_the_own_view_is_skipped_by_one_key(app_at: AppMaker, vault: Vault) -> None:
    client, app = add_client(vault), app_at(Desk)
    note, _ = drafted(vault, client, NOTE)
    async with app.run_test() as pilot:
        await opened(pilot, client, note)
        await shows(pilot, "● DRAFT ready")
        await pilot.press("f4")
        await own_view(pilot)
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(app.screen, ReviewPage))
        assert vault.reviews.own(note.id).themes == ()


async def test_a_draft_is_stopped_and_the_note_is_untouched(app_at: AppMaker, vault: Vault) -> None:
    client, app = add_client(vault), app_at(Desk)
    agree(vault, client)
    async with app.run_test() as pilot:
        page = await opened(pilot, client, note := add_note(vault, client, NOTE))
        await pilot.press("f6")
        await shows(pilot, "◌ Draft:")
        await pilot.press("f7")
        await until(pilot, lambda: not page.drafting, DRAFT_S)
        await shows(pilot, "F8 finishes without AI.")
        assert (vault.drafts.latest(note.id), latest(vault, note)) == (None, NOTE)


@pytest.mark.parametrize(("text", "refused"), [(TALK, Refusal.TRANSCRIPT), (GERMAN, Refusal.LANGUAGE)])
async def test_what_is_not_drafted_is_said_with_the_way_on(
    app_at: AppMaker, vault: Vault, text: str, refused: Refusal
) -> None:
    client, app = add_client(vault), app_at(Desk)
    agree(vault, client)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await opened(pilot, client, add_note(vault, client, text))
        await pilot.press("f6")
        await until(pilot, lambda: not page.drafting, DRAFT_S)
        await shows(pilot, *refusal_words(refused).split(), "F8")


async def test_without_a_model_one_sentence_says_so(
    app_at: AppMaker, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "NOTEKEEPER_MODELS", str(tmp_path / "none"))
    client, app = add_client(vault), app_at(Desk)
    agree(vault, client)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, client, note := add_note(vault, client, NOTE))
        await pilot.press("f6")
        await shows(pilot, "!", "F8 finishes without AI.")
        assert vault.drafts.latest(note.id) is None
        await pilot.press(*" On", "f8")
        await own_view(pilot)
        assert latest(vault, note) == f"{NOTE} On"


async def test_a_draft_that_fails_in_the_own_view_says_why_and_is_not_waited_for(
    app_at: AppMaker, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "NOTEKEEPER_MODELS", str(tmp_path / "none"))
    client, app = add_client(vault), app_at(Desk)
    agree(vault, client)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, client, note := add_note(vault, client, NOTE))
        await pilot.press("f4")
        page = await own_view(pilot)
        await pilot.press("f6")
        await shows(pilot, "! The files of", "F9 finishes without AI.")
        vault.drafts.store(note.id, review_of(vault, note).review.revision_id, draft_of(NOTE))
        page.draft_made(DraftMade(note.id, draft_of(NOTE)))
        await shows(pilot, "The draft is ready. F6 shows it")
        assert app.screen is page
        page.draft_failed(DraftFailed(note.id, ""))
        await shows(pilot, "! The draft was not made; your note is safe. F9 finishes without AI.")


async def finish_without_ai(pilot: Driver, vault: Vault, note: Note) -> None:
    """Focus, two themes, risk and signature, by keys from the editor."""
    await pilot.press("f8")
    await own_view(pilot)
    await pilot.press(*"Leaving her sister", "tab", *"Missing her sister (2)", "enter", *"Silence")
    await pilot.press("f3")
    await shows(pilot, "Risk and safeguarding")
    await pilot.press("4", "escape", "f9")
    await shows(pilot, "y signs.", "Kept: 3 items to the record")
    await pilot.press("y")
    await until(pilot, lambda: isinstance(pilot.app.screen, SignedPage))
    signed = vault.signoffs.of_note(note.id)
    assert signed is not None
    assert [(item.kind, item.text, item.origin) for item in signed.body.items] == [
        ("focus", "Leaving her sister", "therapist"),
        ("theme", "Missing her sister", "therapist"),
        ("theme", "Silence", "therapist"),
    ]
    assert (signed.body.ai_used, signed.body.risk) == (False, RiskEntry(state=RiskState.NOT_ASKED))


@pytest.mark.parametrize("answer", [None, Answer.DECLINED, Answer.WITHDRAWN])
async def test_a_client_who_said_no_is_finished_without_ai(
    app_at: AppMaker, vault: Vault, answer: Answer | None
) -> None:
    client, app = add_client(vault), app_at(Desk)
    vault.set_signer(SIGNER)
    if answer is not None:
        agree(vault, client, answer)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, client, note := add_note(vault, client, NOTE))
        await pilot.press("f6")
        said = f"This client has {answer.value} AI drafting" if answer else "has not been asked about AI drafting"
        await shows(pilot, said, "nothing went to the model", "F8 finishes without AI.")
        assert app.room is not None
        assert app.room.working_on is None
        await finish_without_ai(pilot, vault, note)


@pytest.mark.parametrize("size", SIZES)
async def test_a_theme_that_cannot_stand_is_said_and_waits(
    app_at: AppMaker, vault: Vault, sealed: Sealed, size: tuple[int, int]
) -> None:
    client, app = add_client(vault), app_at(Desk)
    note = add_note(vault, client, NOTE)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, client, note)
        await pilot.press("f4")
        page = await own_view(pilot)
        await pilot.press("tab", *"Silence (9)", "f5")
        await shows(pilot, "! Theme line 1 names a sentence that is not there: the note has 1 to 4.")
        await pilot.press(*["backspace"] * 4, "enter", *'He said "never"', "escape")
        await shows(pilot, "! Theme line 2:", "quotation marks")
        assert app.screen is page
        await pilot.press("f12")  # a lock does not wait, and drops no word
    again = sealed.open()
    assert [theme.label for theme in again.reviews.own(note.id).themes] == ["Silence", "He said never"]
    again.close()


async def test_what_rests_is_kept_before_the_page_is_left(app_at: AppMaker, vault: Vault) -> None:
    client, app = add_client(vault), app_at(Desk)
    note = add_note(vault, client, NOTE)
    async with app.run_test() as pilot:
        await opened(pilot, client, note)
        await pilot.press("f4")
        page = await own_view(pilot)
        await pilot.press(*"The move", "tab", *"Silence (2)")
        await until(pilot, lambda: [theme.label for theme in vault.reviews.own(note.id).themes] == ["Silence"])
        assert len([entry for entry in vault.log.entries() if entry.event == "review.own"]) < 5
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, EditorPage))
        await pilot.press("f4")
        page = await own_view(pilot)
        assert page.query_one("#own-themes", ShortText).text == "Silence (2)"


async def test_a_note_signed_elsewhere_closes_under_the_editor(app_at: AppMaker, vault: Vault) -> None:
    client, app = add_client(vault), app_at(Desk)
    note = add_note(vault, client, NOTE)
    async with app.run_test() as pilot:
        await opened(pilot, client, note)
        await pilot.press("f4")
        await own_view(pilot)
        sign_without_ai(vault, note)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Desk))
