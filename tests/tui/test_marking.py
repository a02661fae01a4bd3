"""A theme of the therapist's own rests on sentences that they mark, and these go where other evidence goes."""

from collections.abc import Callable

import pytest

from notekeeper.domain.review import OwnTheme, OwnView, Signer
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.text import Evidence
from notekeeper.domain.vault import Vault
from notekeeper.services.evidence import standing
from notekeeper.services.reviewing import review_of
from notekeeper.services.signing import sign
from notekeeper.services.writing import add_note
from notekeeper.tui.base import Page
from notekeeper.tui.evidence import NoteBeside
from notekeeper.tui.screens.review import ReviewPage
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.tui.reviewed import DAY, SENTENCES, TEXT, evidence
from tests.tui.test_review import ready

OpenAt = Callable[[Callable[[], Page]], AppAt]


def own_evidence(vault: Vault, note_id: str) -> list[str]:
    return [piece.text for theme in vault.reviews.own(note_id).themes for piece in theme.evidence]


@pytest.mark.parametrize("size", SIZES)
async def test_marked_sentences_reach_the_signed_note(app_at: OpenAt, vault: Vault, size: tuple[int, int]) -> None:
    client = vault.clients.add("C014")
    note, _ = add_note(vault, client, TEXT, DAY)
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "t adds a theme" in text_of(app))
        await pilot.press("t", *"Mine", "enter")
        await ready(pilot, 1)
        assert "m marks the sentences" in text_of(app)
        assert "rests on 0" not in text_of(app)
        await pilot.press("m")
        assert "▸She arrived early" in text_of(app)
        await pilot.press("space", "j", "j", "space", "j", "space", "space", "x", "enter")
        await until(pilot, lambda: "rests on 2 sentences" in text_of(app))
        assert own_evidence(vault, note.id) == [SENTENCES[0], SENTENCES[2]]
        assert app.screen.query_one(NoteBeside).lit_rows()
        await pilot.press("m", "escape")
        await until(pilot, lambda: "Nothing was kept: the marks are as they were." in text_of(app))
        await pilot.press("m", "space", "escape")
        assert own_evidence(vault, note.id) == [SENTENCES[2]]
        await pilot.press("u")
        await until(pilot, lambda: "rests on 2 sentences" in text_of(app))
        await pilot.press("f", *"Ours", "enter")
        vault.set_signer(Signer(name="P. Invented"))
        vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_ASKED))
        kept = sign(vault, client, note).body.items
        assert [piece.text for item in kept if item.kind == "theme" for piece in item.evidence] == [
            SENTENCES[0],
            SENTENCES[2],
        ]


async def test_a_click_marks_and_a_lock_keeps_the_marks(app_at: OpenAt, vault: Vault) -> None:
    client = vault.clients.add("C014")
    note, _ = add_note(vault, client, TEXT, DAY)
    vault.reviews.set_own(note.id, OwnView(themes=(OwnTheme(label="Mine", evidence=evidence(1)),)))
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, 1)
        await pilot.press("m")
        row = next(y for y, line in enumerate(text_of(app).splitlines()) if "Sleep is broken" in line)
        place = app.screen.query_one(NoteBeside)
        await pilot.click(place, offset=(8, row - place.region.y))
        assert app.locking.keep_everything() == ""
        assert own_evidence(vault, note.id) == [SENTENCES[0], SENTENCES[4]]


def test_evidence_is_found_again_in_a_text_that_was_changed(vault: Vault) -> None:
    note, _ = add_note(vault, vault.clients.add("C014"), TEXT, DAY)
    own = OwnView(themes=(OwnTheme(label="Mine", evidence=evidence(2, 5)),))
    vault.reviews.set_own(note.id, own)
    changed = f"A line before. {TEXT.replace(SENTENCES[4], 'Sleep is better.')}"
    vault.notes.save(note.id, changed)
    found = review_of(vault, note).review.own.themes[0].evidence
    assert [piece.text for piece in found] == [SENTENCES[1]]
    assert all(piece.stands_in(changed) for piece in found)
    twice = f"{SENTENCES[1]} {SENTENCES[1]} x"
    assert standing(own, " " + twice).themes[0].evidence == ()
    assert standing(own, TEXT) is own


def test_a_sentence_that_goes_on_otherwise_is_no_evidence() -> None:
    piece = Evidence(start=0, end=17, text="Suicidal thoughts")
    own = OwnView(themes=(OwnTheme(label="Mine", evidence=(piece,)),))
    assert standing(own, "Suicidal thoughts") is own
    assert standing(own, "Suicidal thoughts denied today.").themes[0].evidence == ()
    assert standing(own, "No.\n\nSuicidal thoughts").themes[0].evidence == (
        Evidence(start=5, end=22, text="Suicidal thoughts"),
    )


async def test_marks_that_were_not_touched_leave_the_stored_evidence_as_it_was(app_at: OpenAt, vault: Vault) -> None:
    client = vault.clients.add("C014")
    note, _ = add_note(vault, client, TEXT, DAY)
    own = OwnView(themes=(OwnTheme(label="Mine", evidence=evidence(2, 5)),))
    vault.reviews.set_own(note.id, own)
    vault.notes.save(note.id, TEXT.replace(SENTENCES[4], "Sleep is better."))
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, 1)
        await pilot.press("m", "escape")
        await until(pilot, lambda: "Nothing was kept: the marks are as they were." in text_of(app))
        assert vault.reviews.own(note.id) == own
        await pilot.press("m", "space")
        assert app.locking.keep_everything() == ""  # a lock that had to wait
        await pilot.press("space", "enter")
        await until(pilot, lambda: "rests on 1 sentence" in text_of(app))
        assert own_evidence(vault, note.id) == [SENTENCES[1]]
