"""Six screens as they are drawn, at two sizes, against what is stored.

What always holds: the day and the clock stand still, every name is invented, no path of a computer is shown, and no
model runs: the draft is a stored one.
"""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import OwnView
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.services import caseload as caseload_service
from notekeeper.services.consent import record_agreement
from notekeeper.services.follow_ups import add_follow_up
from notekeeper.services.reporting import keep_question
from notekeeper.services.writing import add_note
from notekeeper.tui.access import access_to
from notekeeper.tui.app import NotekeeperApp
from notekeeper.tui.base import Page
from notekeeper.tui.screens.caseload import CaseloadPage
from notekeeper.tui.screens.client import ClientPage
from notekeeper.tui.screens.monday import MondayPage
from notekeeper.tui.screens.report import ReportPage
from notekeeper.tui.screens.review import ReviewPage
from notekeeper.tui.screens.unlock import UnlockPage
from tests.tui import drawing
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.tui.drawing import assert_as_stored
from tests.tui.reviewed import drafted_note, sign_session

NOW = datetime(2026, 3, 16, 10, 30, tzinfo=UTC)  # a Monday; the same day from Hawaii to Auckland
TODAY = NOW.date()


class Standing(datetime):
    """A clock that stands."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Standing":
        return cls.fromtimestamp(NOW.timestamp(), tz)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day, the clock, the version, the home folder and the colours are those of these tests."""
    own_day = caseload_service.own_day
    for module in [each for name, each in sys.modules.items() if name.startswith("notekeeper.")]:
        if getattr(module, "own_day", None) is own_day:
            monkeypatch.setattr(module, "own_day", lambda: TODAY)
        if getattr(module, "datetime", None) is datetime:
            monkeypatch.setattr(module, "datetime", Standing)
    monkeypatch.setattr("notekeeper.services.reporting.__version__", "0.0.0")
    monkeypatch.setattr(Path, "home", lambda: Path("reports"))
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def practice(vault: Vault) -> tuple[Vault, Client, Note]:
    """Three clients, with something in every column of the caseload and under every heading of the Monday list."""
    client, note = drafted_note(vault)
    vault.front_sheets.save(
        client.id,
        FrontSheet(
            emergency_contact="A sister, by telephone",
            safety_plan="Rings her sister, then the out-of-hours line.\nThe card is in the blue bag.",
            gp="Dr Imagined",
            sessions_planned=12,
            ending=date(2026, 6, 30),
        ),
    )
    sign_session(vault, client, date(2026, 2, 24), "Saying no", "Broken sleep", risk="She has a plan for bad nights.")
    vault.reviews.set_own(note.id, OwnView(focus="Before the yes"))
    add_follow_up(vault, client, "Ring the out-of-hours line about the card", date(2026, 3, 12))
    add_follow_up(vault, client, "Ask how the shift went", date(2026, 3, 20))
    keep_question(vault, client, "Where am I stuck?", "")
    near = vault.clients.add("C020")
    sign_session(vault, near, date(2026, 3, 11), "Leaving home")
    vault.front_sheets.save(near.id, FrontSheet(sessions_planned=20, ending=date(2026, 4, 1)))
    new = vault.clients.add("C031")
    record_agreement(vault, new, Purpose.DRAFTING, Answer.DECLINED, how="asked in session")
    begun, _ = add_note(vault, new, "He came about the move.", date(2026, 3, 13))
    vault.reviews.set_risk(begun.id, RiskEntry(state=RiskState.NOT_RECORDED))
    return vault, client, note


PAGES: dict[str, tuple[Callable[[Client, Note], Page], str]] = {
    "caseload": (lambda *_: CaseloadPage(), "C031"),
    "monday": (lambda *_: MondayPage(), "Near the ending"),
    "client": (lambda client, _: ClientPage(client), "Dr Imagined"),
    "review": (ReviewPage, "0 of 12 decided"),
    "report": (lambda client, _: ReportPage(client), "NOT INCLUDED"),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", PAGES)
async def test_a_screen_is_drawn_as_it_is_stored(
    name: str, size: tuple[int, int], practice: tuple[Vault, Client, Note]
) -> None:
    vault, client, note = practice
    page, there = PAGES[name]
    app = AppAt(access_to(Path("practice.vault")), vault, lambda: page(client, note))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: there in text_of(app))
        await assert_as_stored(pilot, f"{name}-{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_unlock_page_is_drawn_as_it_is_stored(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotekeeperApp, "first", lambda _: UnlockPage())
    app = NotekeeperApp(access_to(Path("practice.vault")))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "practice.vault" in text_of(app))
        await assert_as_stored(pilot, f"unlock-{size[0]}x{size[1]}")


async def test_a_screen_with_nothing_stored_fails_and_stores_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _fails(tmp_path, monkeypatch, "", "nothing stored")


async def test_a_screen_that_differs_fails_says_where_and_leaves_what_it_saw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = (drawing.STORED / "unlock-80x24.txt").read_text(encoding="utf-8")
    told = await _fails(tmp_path, monkeypatch, stored.replace("Passphrase", "Passphrese"), "differently")
    assert "-|" in told
    assert "Passphrese" in told


async def _fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stored: str, said: str) -> str:
    """What the failure says of an unlock page for which `stored` is stored; "" for nothing."""
    places = {"STORED": tmp_path / "stored", "SEEN": tmp_path / "seen"}
    for name, folder in places.items():
        folder.mkdir()
        monkeypatch.setattr(drawing, name, folder)
    if stored:
        (places["STORED"] / "unlock.txt").write_text(stored, encoding="utf-8")
    monkeypatch.delenv("NOTEKEEPER_SNAPSHOTS", raising=False)
    monkeypatch.setattr(NotekeeperApp, "first", lambda _: UnlockPage())
    app: Any = NotekeeperApp(access_to(Path("practice.vault")))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "practice.vault" in text_of(app))
        with pytest.raises(AssertionError, match=said) as failure:
            await assert_as_stored(pilot, "unlock")
    assert {path.name for path in places["STORED"].iterdir()} == ({"unlock.txt"} if stored else set())
    assert {path.name for path in places["SEEN"].iterdir()} == {"unlock.txt", "unlock.svg"}
    return str(failure.value)
