"""Review, signing and the signed note, by keys alone, on a real vault."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from textual.widgets._footer import FooterKey  # Textual gives it no public home

from notekeeper.domain.note import Note
from notekeeper.domain.review import Choice, Destination, OwnView, RejectReason, Signer
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.services.reviewing import decide, review_of
from notekeeper.services.writing import add_note
from notekeeper.tui.app import Ending, NotekeeperApp
from notekeeper.tui.base import Page
from notekeeper.tui.evidence import BAR, NoteBeside, rows_of
from notekeeper.tui.items import ItemCard
from notekeeper.tui.messages import DraftMade
from notekeeper.tui.screens.review import ReviewPage
from notekeeper.tui.screens.signed import SignedPage
from notekeeper.tui.screens.signing import SignBox
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.tui.reviewed import DAY, SENTENCES, TEXT, draft_of_twelve, drafted_note

OpenAt = Callable[[Callable[[], Page]], AppAt]


async def ready(pilot: Pilot[Ending], cards: int) -> None:
    await until(pilot, lambda: len(pilot.app.screen.query(ItemCard)) == cards)
    await until(pilot, lambda: "▸" in text_of_pilot(pilot))


def text_of_pilot(pilot: Pilot[Ending]) -> str:
    app = pilot.app
    assert isinstance(app, NotekeeperApp)
    return text_of(app)


async def press(pilot: Pilot[Ending], *keys: str) -> int:
    """Press keys and give back how many."""
    await pilot.press(*keys)
    return len(keys)


def decisions(vault: Vault, note: Note) -> dict[str, Choice]:
    review = review_of(vault, note).review
    return {name: d.choice for name in review.decisions if (d := review.decision(name)) is not None}


@pytest.mark.parametrize("size", SIZES)
async def test_twelve_items_are_reviewed_by_keys_alone(app_at: OpenAt, vault: Vault, size: tuple[int, int]) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=size) as pilot:
        await ready(pilot, 12)
        assert "DRAFT" in text_of(app)
        assert "0 of 12 decided" in text_of(app)
        keys = await press(pilot, *"aaxaxa", *"srxsxr")
        await until(pilot, lambda: "12 of 12 decided" in text_of(app))
        assert keys == 12
        assert "DRAFT" in text_of(app)
        kept = review_of(vault, note).review
        assert kept.undecided() == ()
        rejected = [name for name, choice in decisions(vault, note).items() if choice is Choice.REJECTED]
        assert sorted(rejected) == ["I2", "R3", "T2", "T4"]
        assert kept.decisions["R1"].destination is Destination.SUPERVISION
        assert kept.decisions["R2"].destination is Destination.RECORD
        assert kept.decisions["I3"].destination is Destination.RECORD


@pytest.mark.parametrize("size", SIZES)
async def test_the_sentences_of_the_item_at_hand_bear_a_bar(
    app_at: OpenAt, vault: Vault, size: tuple[int, int]
) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=size) as pilot:
        await ready(pilot, 12)
        for steps, sentences in ((0, (3, 4)), (1, (1,)), (4, (7,))):
            await press(pilot, *(["j"] * steps))
            await pilot.pause()
            beside = app.screen.query_one(NoteBeside)
            assert beside.lit_rows()
            shown = " ".join(line.partition(BAR)[2].split("│")[0] for line in text_of(app).splitlines() if BAR in line)
            for number in sentences:
                assert SENTENCES[number - 1].split()[-1] in shown


async def test_support_and_states_are_said_in_words_and_markup_is_not_obeyed(app_at: OpenAt, vault: Vault) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(120, 50)) as pilot:
        await ready(pilot, 12)
        await press(pilot, "j", "a", "x")
        await until(pilot, lambda: "✗" in text_of(app))
        for words in ("support strong", "rests on 1 sentence", "✓", "kept", "rejected", "to decide", "2 items were"):
            assert words in text_of(app), words
        assert "0.9" not in text_of(app)
        assert "Anna" not in text_of(app)
        await press(pilot, "w")
        await until(pilot, lambda: "Trouble with [Anna]" in text_of(app))
        assert "It may hold a name or a place." in text_of(app)


async def test_edit_undo_reason_and_sending_change_what_stands(app_at: OpenAt, vault: Vault) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, 12)
        await press(pilot, "j", "e")
        line = app.screen.query_one("#wording", Input)
        assert line.value == "Early and on guard"
        await press(pilot, "backspace", *"a", "enter")
        assert review_of(vault, note).review.decisions["T1"].text == "Early and on guara"
        await press(pilot, "u")
        assert "T1" in review_of(vault, note).review.undecided()
        await press(pilot, "x", "2")
        assert review_of(vault, note).review.decisions["T1"].reason is RejectReason.NOT_IMPORTANT
        await press(pilot, *(["j"] * 4))
        await press(pilot, "a")
        assert "R1" in review_of(vault, note).review.undecided()
        await press(pilot, "e", "x", "enter")
        edited = review_of(vault, note).review.decisions["R1"]
        assert (edited.choice, edited.destination) == (Choice.EDITED, Destination.SUPERVISION)
        await press(pilot, "r")
        sent = review_of(vault, note).review.decisions["R1"]
        assert (sent.text, sent.destination) == ("What did I want to solve?x", Destination.RECORD)
        await press(pilot, "u")
        assert "R1" in review_of(vault, note).review.undecided()


@pytest.mark.parametrize("since", ["u", "e", "draft"])
async def test_a_reason_is_given_only_for_what_is_still_rejected(app_at: OpenAt, vault: Vault, since: str) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, 12)
        await press(pilot, "j", "x")
        assert decisions(vault, note) == {"T1": Choice.REJECTED}
        if since == "draft":
            latest = vault.notes.latest(note.id)
            assert latest is not None
            vault.drafts.store(note.id, latest.id, draft_of_twelve())
            app.post_message(DraftMade(note.id, draft_of_twelve()))
            await until(pilot, lambda: "A new draft of this note is here" in text_of(app))
        elif since == "e":
            await press(pilot, "k", "e", *"!", "enter")
        else:
            await press(pilot, "k", "u")
        before = decisions(vault, note)
        assert before == ({"T1": Choice.EDITED} if since == "e" else {})
        await press(pilot, "2")
        assert decisions(vault, note) == before


async def test_a_reason_is_not_given_for_what_was_decided_anew_elsewhere(app_at: OpenAt, vault: Vault) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, 12)
        await press(pilot, "j", "x")
        decide(vault, note, "T1", Choice.ACCEPTED)
        await press(pilot, "2")
        assert decisions(vault, note) == {"T1": Choice.ACCEPTED}


async def test_own_themes_are_added_reworded_taken_away_and_brought_back(app_at: OpenAt, vault: Vault) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, 12)
        await press(pilot, "t", *'Hers"', "enter")
        await until(pilot, lambda: [t.label for t in vault.reviews.own(note.id).themes] == ["Hers"])
        await ready(pilot, 13)
        await press(pilot, *(["j"] * 12), "x")
        assert vault.reviews.own(note.id) == OwnView()
        await ready(pilot, 12)
        await press(pilot, "u")
        await ready(pilot, 13)
        assert vault.reviews.own(note.id).themes[0].label == "Hers"
        await press(pilot, "f", *"Mine", "enter")
        assert vault.reviews.own(note.id).focus == "Mine"
        await press(pilot, "o")
        await until(pilot, lambda: "My view" in text_of(app) and "Mine" in text_of(app))
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(app.screen, ReviewPage))


async def test_a_line_left_empty_or_unchanged_says_that_nothing_was_kept(app_at: OpenAt, vault: Vault) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, 12)
        for keys in (("t", "enter"), ("f", "escape")):
            await press(pilot, *keys)
            await until(pilot, lambda: "Nothing was kept: the line was empty." in text_of(app))
            await press(pilot, "n")
        await press(pilot, "e", "enter")
        await until(pilot, lambda: "Nothing was kept: the words are as they were." in text_of(app))
        assert (decisions(vault, note), vault.reviews.own(note.id)) == ({}, OwnView())


async def test_the_help_names_the_keys_of_the_screen_and_not_those_of_its_fields(app_at: OpenAt, vault: Vault) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(80, 60)) as pilot:
        await ready(pilot, 12)
        await press(pilot, "f1")
        await until(pilot, lambda: "Esc closes this." in text_of(app))
        for words in (
            "Item before",
            "Next undecided",
            "Theme of my own",
            "Scroll the note back",
            "Next field or part, and back",
        ):
            assert text_of(app).count(f" {words} ") == 1, words
        for words in ("Focus Next", "Copy selected text", "Cursor", "super+"):
            assert words not in text_of(app), words


async def test_a_lock_in_the_middle_of_a_wording_keeps_it(app_at: OpenAt, vault: Vault) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, 12)
        await press(pilot, "t")
        app.screen.query_one("#wording", Input).value = "a b c d e f g h i j k l"
        assert [app.locking.keep_everything(), app.locking.keep_everything()] == ["", ""]
        labels = [t.label for t in vault.reviews.own(note.id).themes]
        assert " ".join(labels) == "a b c d e f g h i j k l"


async def test_clicks_do_what_keys_do(app_at: OpenAt, vault: Vault) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, 12)
        await pilot.click(list(app.screen.query(ItemCard))[2])
        await until(pilot, lambda: list(app.screen.query(ItemCard))[2].has_class("here"))
        await pilot.press("a")
        assert decisions(vault, note) == {"T2": Choice.ACCEPTED}


async def signed_by_keys(pilot: Pilot[Ending]) -> None:
    await press(pilot, *"aaaaaa", *"ssxxxx", "p")
    await until(pilot, lambda: "Asked – disclosed" in text_of_pilot(pilot))
    await press(pilot, "4", "escape")
    await until(pilot, lambda: "Not asked ✓" in text_of_pilot(pilot))
    await press(pilot, "f9")
    await until(pilot, lambda: isinstance(pilot.app.screen, SignBox))


async def test_signing_says_what_is_missing_then_takes_one_key(app_at: OpenAt, vault: Vault) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, 12)
        await press(pilot, "f9")
        await until(pilot, lambda: "12 item(s) of the draft still await" in text_of(app))
        assert "The risk entry has no state yet" in text_of(app)
        await press(pilot, "y", "escape")
        assert vault.signoffs.of_note(note.id) is None
        await until(pilot, lambda: isinstance(app.screen, ReviewPage))
        await signed_by_keys(pilot)
        await until(pilot, lambda: "asked for once" in text_of(app))
        await until(pilot, lambda: isinstance(app.focused, Input) and app.screen.query_one(".box").scroll_y > 0)
        assert "Sign C014/1" in text_of(app)  # though the field for the name has scrolled the first lines away
        await press(pilot, *"Dr Yew".replace(" ", "_"), "enter", *"R1", "enter")
        await until(pilot, lambda: "Signed by: Dr_Yew, R1" in text_of(app))
        assert vault.signer() == Signer(name="Dr_Yew", registration="R1")
        assert "6 items to the record, 2 to my supervision notes" in text_of(app)
        assert "Destroyed: 6 items" in text_of(app)
        assert vault.signoffs.of_note(note.id) is None
        await press(pilot, "y")
        await until(pilot, lambda: isinstance(app.screen, SignedPage))
        signed = vault.signoffs.of_note(note.id)
        assert signed is not None
        assert [i.kind for i in signed.body.items].count("theme") == 5
        assert vault.drafts.latest(note.id) is None


@pytest.mark.parametrize("size", SIZES)
async def test_a_signed_note_stays_legible_and_takes_dated_addenda(
    app_at: OpenAt, vault: Vault, size: tuple[int, int]
) -> None:
    client, note = drafted_note(vault)
    vault.set_signer(Signer(name="P. Invented"))
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=size) as pilot:
        await ready(pilot, 12)
        await signed_by_keys(pilot)
        await press(pilot, "y")
        await until(pilot, lambda: "SIGNED ✓" in text_of(app))
        assert "She arrived early" in text_of(app)
        await press(pilot, "a", *"late")
        await press(pilot, "escape")
        assert vault.jottings.of(note.id) == "late"
        assert vault.addenda.of_note(note.id) == []
        await press(pilot, "a", *"r", "f5")
        await until(pilot, lambda: [a.text for a in vault.addenda.of_note(note.id)] == ["later"])
        await until(pilot, lambda: "Addendum 1" in text_of(app))
        latest = vault.notes.latest(note.id)
        assert latest is not None
        assert latest.text == TEXT
        assert vault.jottings.of(note.id) == ""
        assert vault.verify().problems == ()


async def test_without_a_draft_the_therapists_own_view_is_signed(app_at: OpenAt, vault: Vault) -> None:
    client = vault.clients.add("C015")
    note, _ = add_note(vault, client, "A quiet hour.", DAY)
    vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_ASKED))
    vault.set_signer(Signer(name="P. Invented"))
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "t adds a theme of your own" in text_of(app))
        await press(pilot, "t", *"Quiet", "enter", "f", *"Quiet", "enter", "f9")
        await until(pilot, lambda: "y signs" in text_of(app))
        await press(pilot, "y")
        await until(pilot, lambda: "No AI was used." in text_of(app))
        signed = vault.signoffs.of_note(note.id)
        assert signed is not None
        assert not signed.body.ai_used


def test_rows_of_a_note_hold_every_character_once_and_fit() -> None:
    text = "a  long\tline of wörds 漢字漢字漢字漢字漢字 " * 9 + "\n\nend" + "x" * 50
    for width in (8, 13, 40):
        rows = rows_of(text, width)
        assert "".join(text[a:b] for a, b in rows) == text.replace("\n", "")
        assert all(b - a <= width for a, b in rows)


async def test_the_line_of_keys_is_made_anew_only_for_other_keys(app_at: OpenAt, vault: Vault) -> None:
    client, note = drafted_note(vault)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, 12)
        await until(pilot, lambda: "a Keep" in text_of(app))
        before = list(app.screen.query(FooterKey))
        await press(pilot, "j")  # from the focus to a theme: the same keys
        assert list(app.screen.query(FooterKey)) == before
        await press(pilot, *"jjjjj")  # to a reflection, which is sent somewhere
        await until(pilot, lambda: "r Record" in text_of(app))
        assert "a Keep" not in text_of(app)
