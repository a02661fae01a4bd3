"""People of a file, agreement one by one, and identity, by keys."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Event

import pytest
from textual.widgets import Input

from notekeeper.domain.agreement import Purpose, agrees
from notekeeper.domain.client_file import FrontSheet, Work
from notekeeper.domain.engine import OnProgress, Vectors
from notekeeper.domain.identity import Identity
from notekeeper.domain.note import Client
from notekeeper.domain.people import Capacity
from notekeeper.domain.vault import Vault
from notekeeper.services.caseload import own_day
from notekeeper.services.consent import permit_for
from notekeeper.services.identity import form_of, keep_form
from notekeeper.services.people import add_person, begun_label, people_of
from notekeeper.services.retention import hold
from notekeeper.tui.base import Page
from notekeeper.tui.room import EngineRoom
from notekeeper.tui.screens.client import ClientPage
from notekeeper.tui.screens.destroying import DestroyPage
from notekeeper.tui.screens.front import FrontSheetPage
from notekeeper.tui.screens.identity import IdentityPage
from notekeeper.tui.screens.menu import ClientMenu
from notekeeper.tui.screens.people import PeoplePage
from tests.tui.conftest import AppAt, text_of, until
from tests.tui.test_caseload import shows
from tests.unit.fakes import NOTE, ScriptedWording, TopicEncoder, parts
from tests.vault.invented import SIGNER, Sealed, add_client, add_note, agree

AppMaker = Callable[[Callable[[], Page]], AppAt]


async def test_people_are_entered_change_and_leave_and_a_label_begun_is_kept(app_at: AppMaker, vault: Vault) -> None:
    client = add_client(vault)
    app = app_at(lambda: ClientMenu(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "1 People")
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, PeoplePage) and app.focused)
        await pilot.press(*"Partner [A]", "enter", *"Mother", "f2", "f3", "f5")
        await shows(pilot, "P1, Partner [A], client", "P2, Mother, parent with parental responsibility, under 18")
        await pilot.press(*"Partner [A]", "enter")
        await shows(pilot, "has that label already")
        await pilot.press("tab", "tab", "tab", "down", "u")
        await shows(pilot, "P2 is of age")
        await pilot.press("l", "x")
        await shows(pilot, "Press x again")
        assert [each.left for each in people_of(vault, client)] == [None, None]
        await pilot.press("x")
        await shows(pilot, "P2, Mother, parent with parental responsibility, entered by mistake")
        await pilot.press("up", "l", "l")
        await shows(pilot, f"P1, Partner [A], client, left {own_day()}")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ClientMenu))
        assert begun_label(vault, client) == "Partner [A]"
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, PeoplePage) and app.screen.query_one(Input).value)
        assert app.screen.query_one(Input).value == "Partner [A]"


async def test_each_partner_answers_and_the_file_says_who_does_not_agree(app_at: AppMaker, vault: Vault) -> None:
    client = add_client(vault)
    vault.front_sheets.save(client.id, FrontSheet(work=Work.COUPLE))
    app = app_at(lambda: ClientPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "Work with: couple")
        await pilot.press("g")
        await shows(pilot, "enter the persons of this file first")
        await pilot.press("a")
        await shows(pilot, "Enter them first")
        await pilot.press("escape")
        add_person(vault, client, "Partner A", Capacity.CLIENT)
        add_person(vault, client, "Partner B", Capacity.CLIENT, under_18=True)
        await pilot.press("g")
        await shows(pilot, "AI drafting · Partner B: – not asked", "By whom: not entered (v)")
        await pilot.press("a", "down", "a")
        await shows(pilot, "Say in what capacity")
        await pilot.press("b", "v", "v", "t", *"2026-01-05", "enter", "a")
        await shows(pilot, "AI drafting · Partner B: ✓ agreed 2026-01-05, spoken, by P2")
        await pilot.press("up")
        await shows(pilot, "By whom: not entered (v)")  # what was chosen for B says nothing of A
        await pilot.press("down")
        assert agrees(vault.agreements.standings(client.id, Purpose.DRAFTING))
        given = vault.agreements.given(client.id)[-1]
        assert given.detail is not None
        assert given.detail.giver == given.detail.person == people_of(vault, client)[1].id
        await pilot.press("up", "w", "escape")
        await until(pilot, lambda: isinstance(app.screen, ClientPage))
        await until(pilot, lambda: app.screen.query_one("#client-sheet").max_scroll_y > 0)  # else nothing turns
        await pilot.press("space")
        await shows(pilot, "AI drafting: ✗ not everybody agrees", f"- Partner A: ✗ withdrawn {own_day()}")


@dataclass
class HeldEncoder(TopicEncoder):
    """Reads only once it is let go: a model in the middle of its work."""

    begun: Event = field(default_factory=Event)
    let_go: Event = field(default_factory=Event)

    def encode(
        self, texts: Sequence[str], on_progress: OnProgress | None = None, cancel: Event | None = None
    ) -> Vectors:
        self.begun.set()
        self.let_go.wait(30)
        return super().encode(texts, on_progress, cancel)


Steps = Sequence[tuple[tuple[str, ...], str]]
ENDING: dict[str, tuple[Callable[[Client], Page], Steps]] = {
    "a withdrawal": (ClientPage, [(("g",), "Agreed (a)"), (("w",), "AI drafting: ✗ withdrawn")]),
    "somebody who was not asked": (PeoplePage, [((*"Partner B", "enter"), "They have not been asked")]),
    "a family": (FrontSheetPage, [((*["tab"] * 7, *["backspace"] * 10, *"family", "f5"), "Saved ✓")]),
    "the end of the file": (
        DestroyPage,
        [(("2", "f8"), "type the client's code"), ((*"C014", "enter"), "Destroyed")],
    ),
}


@pytest.mark.parametrize("what", ENDING)
async def test_a_draft_that_is_being_made_stops_when_nothing_allows_it_any_more(
    app_at: AppMaker, vault: Vault, what: str
) -> None:
    client = add_client(vault)
    agree(vault, client)
    vault.set_signer(SIGNER)
    note = add_note(vault, client, NOTE)
    encoder, wording = HeldEncoder(), ScriptedWording()
    page, steps = ENDING[what]
    app = app_at(lambda: page(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Page) and app.focused)
        app.room = EngineRoom(lambda: contextlib.nullcontext(parts(wording, encoder=encoder)), app.post_from_thread)
        assert app.room.begin(permit_for(vault, client), vault, note)
        await until(pilot, encoder.begun.is_set)
        for keys, seen in steps:
            await pilot.press(*keys)
            await shows(pilot, seen)
        encoder.let_go.set()
        await until(pilot, lambda: app.room is not None and app.room.working_on is None)
        assert wording.requests == []
        assert vault.drafts.latest(note.id) is None


async def test_an_identity_is_hidden_until_asked_for_and_taken_away_by_two_keys(app_at: AppMaker, vault: Vault) -> None:
    client = add_client(vault)
    vault.identities.save(client.id, Identity(name="Ann Invented", born=date(1990, 2, 3)))
    app = app_at(lambda: ClientMenu(client))

    def shown() -> int:
        return [entry.event for entry in vault.log.entries()].count("identity.shown")

    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "2 Identity")
        await pilot.press("2")
        await shows(pilot, "An identity is kept for C014.", "F4 shows and changes it")
        assert "Ann" not in text_of(app)
        assert shown() == 0
        await pilot.press("f4")
        await shows(pilot, "Ann Invented", "1990-02-03")
        assert shown() == 1
        await pilot.press("end", *" Made", "tab", *"Annie", "tab", "end", "backspace", *"x", "escape")
        await shows(pilot, "The day of birth is written YYYY-MM-DD")
        await pilot.press("backspace", *"4", "escape")
        await until(pilot, lambda: isinstance(app.screen, ClientMenu))
        kept = Identity(name="Ann Invented Made", other_names="Annie", born=date(1990, 2, 4))
        assert vault.identities.of(client.id) == kept
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, IdentityPage))
        await pilot.press("f8")
        await shows(pilot, "Press F8 again")
        assert vault.identities.of(client.id) == kept
        await pilot.press("f8")
        await shows(pilot, "The identity was removed", "No identity is kept")
        assert vault.identities.of(client.id) == Identity()


async def test_typing_in_an_identity_is_kept_when_the_vault_is_locked(
    app_at: AppMaker, vault: Vault, sealed: Sealed
) -> None:
    client = add_client(vault)
    app = app_at(lambda: IdentityPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "No identity is kept")
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"Ann", "tab", "tab", *"in May", "f12")
        await until(pilot, lambda: app.return_code is not None or not isinstance(app.screen, IdentityPage))
    again = sealed.open()
    assert again.identities.of(client.id) == Identity(name="Ann", other_names="Born, as typed: in May")
    again.close()


async def test_the_front_sheet_says_who_the_work_is_with_and_its_lawful_basis(app_at: AppMaker, vault: Vault) -> None:
    client = add_client(vault)
    app = app_at(lambda: FrontSheetPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, FrontSheetPage) and app.focused)
        page = app.screen
        assert isinstance(page, FrontSheetPage)
        for name, text in {"work": "pair", "under_18": "yes", "started": "2026-01-05", "ended": "2026-02-05"}.items():
            page.query_one(f"#front-{name}", Input).value = text
        page.query_one("#front-lawful_basis").focus()
        await pilot.press(*"Legitimate interests", "f5")
        await shows(pilot, "The work is with one of: individual, couple, family, group", "apart from agreement to AI")
        page.query_one("#front-work", Input).value = "Family"
        await pilot.press("f5")
        await shows(pilot, "Saved ✓")
        kept = FrontSheet(
            work=Work.FAMILY,
            under_18=True,
            lawful_basis="Legitimate interests",
            started=date(2026, 1, 5),
            ended=date(2026, 2, 5),
        )
        assert vault.front_sheets.current(client.id) == kept


def test_what_is_typed_over_the_identity_of_a_file_on_hold_is_kept_beside_it(vault: Vault) -> None:
    client = vault.clients.add("C014")
    kept = Identity(name="Ann Invented", other_names="Annie", born=date(1990, 2, 3))
    vault.identities.save(client.id, kept)
    hold(vault, client, "asked by a court", date(2026, 3, 3))
    keep_form(vault, client, form_of(kept).model_copy(update={"name": "Ben", "phone": "0000 111"}))
    names = "Annie\nName, as typed: Ben"
    assert vault.identities.of(client.id) == kept.model_copy(update={"other_names": names, "phone": "0000 111"})
