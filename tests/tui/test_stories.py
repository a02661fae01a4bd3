"""Two of the stories that the program is judged by, lived in the app by keys.

The quiet report: a risk that a client disclosed is left out of a report, and every form of it says so first. The
client who said no: the engine is never called, and three sessions later the report has all three.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from notekeeper.domain import report as theme_report
from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.note import Client
from notekeeper.domain.report import RISK_NOT_INCLUDED
from notekeeper.domain.review import Signer
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.drafting.parts import DraftingParts
from notekeeper.services.consent import record_agreement
from notekeeper.services.reporting import read_report
from notekeeper.services.reviewing import FinishForm, OwnThemeForm, finish
from notekeeper.services.signing import sign
from notekeeper.services.writing import add_note
from notekeeper.tui.access import access_to
from notekeeper.tui.app import Ending, NotekeeperApp
from notekeeper.tui.screens.agreements import AgreementsBox
from notekeeper.tui.screens.browse import BrowsePage
from notekeeper.tui.screens.caseload import AddClientBox, CaseloadPage
from notekeeper.tui.screens.client import ClientPage
from notekeeper.tui.screens.editor import EditorPage
from notekeeper.tui.screens.newnote import NewNoteBox
from notekeeper.tui.screens.ownview import OwnViewPage
from notekeeper.tui.screens.report import ReportPage
from notekeeper.tui.screens.riskbox import RiskBox
from notekeeper.tui.screens.signed import SignedPage
from notekeeper.tui.screens.signing import SignBox
from notekeeper.tui.widgets import NoteText
from tests.cli.driver import InProcess
from tests.tui.conftest import AppAt, text_of, until
from tests.tui.rehearsed import approve
from tests.vault.invented import Sealed

RISK = RiskEntry(
    state=RiskState.ASKED_DISCLOSED,
    words="Counted the tablets behind the mirror.",
    action="Telephoned the surgery in Harrowdene.",
    safeguarding="Adult: a neighbour named Wrennidge.",
)
RISKY = ("tablets", "mirror", "Telephoned", "surgery", "Harrowdene", "neighbour", "Wrennidge", "disclosed")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where reports go unless another folder is named."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setattr(Path, "home", lambda: folder)
    return folder


async def at(pilot: Pilot[Ending], kind: type[Screen[Any]]) -> None:
    """Wait until this screen takes the keys."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_mounted)
    await pilot.pause()


async def reads(pilot: Pilot[Ending], *words: str) -> None:
    """Wait until the words stand on the screen, line breaks apart."""
    app = pilot.app
    assert isinstance(app, NotekeeperApp)
    await until(pilot, lambda: all(word in " ".join(text_of(app).split()) for word in words))


def whole(app: NotekeeperApp) -> str:
    """All of the report that the page holds, scrolled to or not, line breaks apart."""
    return " ".join(str(app.screen.query_one("#text", Static).content).split())


def opens_with_risk_left_out(text: str) -> bool:
    """Whether NOT INCLUDED comes before anything that the report tells of the sessions."""
    place = text.find(RISK_NOT_INCLUDED)
    return place >= 0 and all(text.find(words) > place for words in ("Giving way", "1 of 1 session"))


def held_words(text: str) -> list[str]:
    return [word for word in RISKY if word in text]


async def test_the_quiet_report(sealed: Sealed, vault: Vault, home: Path, tmp_path: Path) -> None:
    client = vault.clients.add("C014")
    record_agreement(vault, client, Purpose.SUPERVISION, Answer.AGREED, how="asked in session")
    vault.set_signer(Signer(name="P. Invented"))
    note, _ = add_note(vault, client, "She spoke of the tablets behind the mirror.", date(2026, 3, 3))
    finish(vault, note, FinishForm(focus="Giving way", themes=(OwnThemeForm(label="Giving way"),), risk=RISK), ())
    sign(vault, client, note)

    app = AppAt(access_to(sealed.path), vault, CaseloadPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, CaseloadPage)
        await pilot.press("enter")
        await at(pilot, ClientPage)
        await pilot.press("r")
        await at(pilot, ReportPage)
        await reads(pilot, RISK_NOT_INCLUDED)  # seen without a key more, at 80 × 24
        preview = whole(app)
        assert opens_with_risk_left_out(preview)
        await approve(pilot)
        await pilot.press("f8")
        await at(pilot, BrowsePage)
        await until(pilot, lambda: RISK_NOT_INCLUDED in whole(app))
        browsed = whole(app)
        await reads(pilot, RISK_NOT_INCLUDED)

    data, page = next(home.glob("*.json")), next(home.glob("*.html"))
    report = read_report(data).document.pages[0]
    assert (report.risk.included, report.risk.last_asked, report.risk.entries) == (False, None, ())
    printed = InProcess(tmp_path / "room").run("browse", str(data), vault=False)
    assert printed.code == 0
    for form in (browsed, page.read_text(encoding="utf-8"), printed.out):
        assert opens_with_risk_left_out(form)
    for form in (preview, browsed, printed.out, page.read_text(encoding="utf-8"), data.read_text(encoding="utf-8")):
        assert held_words(form) == []


@dataclass
class NoEngine:
    """In the place of what opens the models: it counts, and fails."""

    opened: list[str] = field(default_factory=list)

    def __call__(self) -> AbstractContextManager[DraftingParts]:
        self.opened.append("opened")
        raise AssertionError("the models were opened for a client who said no")


async def a_session_without_ai(pilot: Pilot[Ending], number: int, focus: str, theme: str, *, named: bool) -> None:
    """From the client's file: a note, the refusal of a draft, own focus and theme, risk, signature, and back."""
    await pilot.press("n")
    await at(pilot, NewNoteBox)
    await pilot.press("enter")
    await at(pilot, EditorPage)
    await until(pilot, lambda: isinstance(pilot.app.focused, NoteText))
    await pilot.press(*f"Session {number}. We sat by the window.")
    await reads(pilot, f"C020/{number}", "kept")
    await pilot.press("f6")
    await reads(pilot, "This client has declined AI drafting, so nothing went to the model.", "F8 finishes without AI.")
    await pilot.press("f8")
    await at(pilot, OwnViewPage)
    await pilot.press(*focus, "tab", *theme)
    await pilot.press("f6")
    await reads(pilot, "has declined AI drafting")
    await pilot.press("f3")
    await at(pilot, RiskBox)
    await pilot.press("4")
    await pilot.press("f3")
    await at(pilot, OwnViewPage)
    await reads(pilot, "risk: Not asked ✓")
    await pilot.press("f9")
    await at(pilot, SignBox)
    if not named:
        await pilot.press(*"P. Invented", "enter", "enter")
    await reads(pilot, "Signed by: P. Invented", "y signs.")
    await pilot.press("y")
    await at(pilot, SignedPage)
    await reads(pilot, "SIGNED ✓", theme)
    await pilot.press("escape")
    await at(pilot, ClientPage)
    await reads(pilot, f"C020 · session {number}", "✓ signed")


async def test_the_client_who_said_no(sealed: Sealed, vault: Vault, home: Path) -> None:
    no_engine = NoEngine()
    access = access_to(sealed.path)
    access.open_parts = no_engine
    app = AppAt(access, vault, CaseloadPage)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, CaseloadPage)
        await pilot.press("a")
        await at(pilot, AddClientBox)
        await pilot.press(*"C020", "enter")
        await reads(pilot, "C020 is in your caseload.")
        await pilot.press("enter")
        await at(pilot, ClientPage)
        await pilot.press("g")
        await at(pilot, AgreementsBox)
        await pilot.press("d", "down", "a", "down", "a", "escape")
        await at(pilot, ClientPage)
        client = vault.clients.by_code("C020")
        answers = [vault.agreements.current(client.id, purpose) for purpose in Purpose]
        assert [a.answer if a else None for a in answers] == [Answer.DECLINED, Answer.AGREED, Answer.AGREED]

        sessions = (("The window", "Saying no"), ("The door", "Saying no"), ("The garden", "Being asked first"))
        for number, (focus, theme) in enumerate(sessions, start=1):
            await a_session_without_ai(pilot, number, focus, theme, named=number > 1)

        await pilot.press("r")
        await at(pilot, ReportPage)
        await until(pilot, lambda: "3 of 3 sessions" in whole(app))
        assert "Therapist's own themes; no AI used" in whole(app)
        await approve(pilot)
    assert no_engine.opened == []
    report = read_report(next(home.glob("*.json"))).document.pages[0]
    assert_all_three_without_ai(report)
    page = next(home.glob("*.html")).read_text(encoding="utf-8")
    assert "3 of 3 sessions" in page
    assert "no AI used" in page
    opened = sealed.open()
    try:
        assert_nothing_was_drafted(opened, client)
    finally:
        opened.close()


def assert_all_three_without_ai(report: theme_report.ClientPage) -> None:
    assert (report.coverage.total, report.coverage.included, report.coverage.not_included) == (3, (1, 2, 3), ())
    assert report.models == ()
    assert sorted(theme.label for theme in report.themes) == ["Being asked first", "Saying no"]


def assert_nothing_was_drafted(vault: Vault, client: Client) -> None:
    signed = vault.signoffs.of_client(client.id)
    assert [review.body.ai_used for review in signed] == [False] * 3
    assert [review.body.risk.state for review in signed] == [RiskState.NOT_ASKED] * 3
    assert [vault.drafts.latest(note.id) for note in vault.notes.of_client(client.id)] == [None] * 3
    assert vault.verify().problems == ()
