"""The report page: what is chosen, seen and written; and how few keys lead to it."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.report import RISK_NOT_INCLUDED
from notekeeper.domain.review import Signer
from notekeeper.domain.vault import Vault
from notekeeper.services.consent import record_agreement
from notekeeper.services.reporting import keep_question, read_report, report_text
from notekeeper.tui.base import Page
from notekeeper.tui.items import ItemCard
from notekeeper.tui.screens.browse import BrowsePage
from notekeeper.tui.screens.report import ReportPage
from notekeeper.tui.screens.report_rehearsal import RehearsalPage
from notekeeper.tui.screens.review import ReviewPage
from notekeeper.tui.screens.signed import SignedPage
from notekeeper.tui.screens.signing import SignBox
from notekeeper.tui.widgets import Tick
from tests.reports.written import written_in
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.tui.rehearsed import approve, look_through
from tests.tui.reviewed import drafted_note, sign_session

OpenAt = Callable[[Callable[[], Page]], AppAt]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder of these tests, where reports go unless another folder is named."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setattr(Path, "home", lambda: folder)
    return folder


async def test_from_a_finished_draft_to_a_report_takes_at_most_fifteen_keys(
    app_at: OpenAt, vault: Vault, home: Path
) -> None:
    client, note = drafted_note(vault)
    vault.set_signer(Signer(name="P. Invented"))
    app = app_at(lambda: ReviewPage(client, note))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(app.screen.query(ItemCard)) == 12)
        await pilot.press(*"aaaaaa", *"ssxxxx")  # the decisions, which are not counted
        await until(pilot, lambda: "12 of 12 decided" in text_of(app))
        keys = 0
        for key, there in (
            ("p", lambda: "Asked – disclosed" in text_of(app)),
            ("4", lambda: "● 4" in text_of(app)),
            ("escape", lambda: "Not asked ✓" in text_of(app)),
            ("f9", lambda: isinstance(app.screen, SignBox)),
            ("y", lambda: isinstance(app.screen, SignedPage)),
            ("r", lambda: isinstance(app.screen, ReportPage)),
            ("f9", lambda: isinstance(app.screen, RehearsalPage) and "Nothing is open" in text_of(app)),
            ("y", lambda: "Written" in text_of(app)),
        ):
            await pilot.press(key)
            keys += 1
            await until(pilot, there)
        assert keys <= 15
    data = next(home.glob("*.json"))
    assert read_report(data).document.pages[0].coverage.included == (1,)
    assert sorted(path.suffix for path in home.iterdir()) == [".html", ".json"]


@pytest.mark.parametrize("size", SIZES)
async def test_the_quiet_report_opens_with_not_included_on_the_page_and_in_every_file(
    app_at: OpenAt, vault: Vault, home: Path, size: tuple[int, int]
) -> None:
    client, _ = drafted_note(vault)
    sign_session(vault, client, date(2026, 3, 10), "Saying no", risk="She counted tablets.")
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: RISK_NOT_INCLUDED in text_of(app))
        assert "tablets" not in text_of(app)
        for kind in ("pdf", "md"):
            app.screen.query_one(f"#{kind}", Tick).value = True
        await approve(pilot)
        await pilot.press("escape")
        assert len(list(home.iterdir())) == 4
        for path in home.iterdir():
            written = written_in(path)
            assert "tablets" not in written
            assert '"included": false' in written or RISK_NOT_INCLUDED in written
        await pilot.press("space")
        await until(pilot, lambda: "She counted tablets." in str(app.screen.query_one("#text", Static).content))
        assert app.screen.query_one("#risk", Tick).render().plain.startswith("[✓] Risk")
        assert RISK_NOT_INCLUDED not in text_of(app)


@pytest.mark.line(6)
async def test_what_is_previewed_is_what_is_written(app_at: OpenAt, vault: Vault, home: Path) -> None:
    client, _ = drafted_note(vault)
    for day in (10, 17, 24):
        sign_session(vault, client, date(2026, 3, day), "Saying no", f"Day {day}")
    vault.front_sheets.save(client.id, FrontSheet(sessions_planned=12, breaks="two weeks in August"))
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=(120, 60)) as pilot:
        for name, text in (("question", "Where am I stuck?"), ("more", "Pace?; What is mine?"), ("end", "2026-03-17")):
            app.screen.query_one(f"#{name}", Input).value = text
        await until(pilot, lambda: "2. What is mine?" in text_of(app))
        assert "Session: 3 of 12" in text_of(app)
        assert "2 of 3 sessions; 1 not included" in text_of(app)
        await approve(pilot)
        await pilot.press("escape")
        data = next(home.glob("*.json"))
        report = read_report(data).document
        page = report.pages[0]
        assert (page.question, page.questions) == ("Where am I stuck?", ("Pace?", "What is mine?"))
        for line in report_text(report, 200).splitlines()[3:10]:
            assert line.strip()[:60] in text_of(app)
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, BrowsePage) and RISK_NOT_INCLUDED in text_of(app))


async def test_without_agreement_a_sentence_stands_where_the_report_would(
    app_at: OpenAt, vault: Vault, home: Path
) -> None:
    client, _ = drafted_note(vault)
    sign_session(vault, client, date(2026, 3, 10), "Saying no")
    record_agreement(vault, client, Purpose.SUPERVISION, Answer.WITHDRAWN, how="asked in session")
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "has withdrawn supervision reports" in text_of(app))
        await pilot.press("f9")
        await until(pilot, lambda: "There is no report to look through" in text_of(app))
        assert list(home.iterdir()) == []


async def test_mistakes_are_said_and_the_question_is_kept(app_at: OpenAt, vault: Vault) -> None:
    client, _ = drafted_note(vault)
    sign_session(vault, client, date(2026, 3, 10), "Saying no")
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=(120, 40)) as pilot:
        app.screen.query_one("#question", Input).value = "Where am I stuck?"
        app.screen.query_one("#start", Input).value = "10.3."
        await until(pilot, lambda: "A date is written YYYY-MM-DD" in text_of(app))
        app.screen.query_one("#start", Input).value = ""
        app.screen.query_one("#folder", Input).value = "/nowhere/at all"
        await until(pilot, lambda: RISK_NOT_INCLUDED in text_of(app))
        await look_through(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "does not exist" in text_of(app))
        await pilot.press("escape")
        app.screen.query_one("#question", Input).value = "Half a quest"
        assert app.locking.keep_everything() == ""
        assert vault.jottings.of(client.id) == "Half a quest"


async def test_the_client_who_said_no_is_reported_without_ai(app_at: OpenAt, vault: Vault, home: Path) -> None:
    client = vault.clients.add("C020")
    record_agreement(vault, client, Purpose.DRAFTING, Answer.DECLINED, how="asked in session")
    record_agreement(vault, client, Purpose.SUPERVISION, Answer.AGREED, how="asked in session")
    for day in (3, 10, 17):
        sign_session(vault, client, date(2026, 3, day), "Saying no")
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "3 of 3 sessions" in text_of(app))
        assert "Therapist's own themes; no AI used" in text_of(app)
        await approve(pilot)
        assert json.loads(next(home.glob("*.json")).read_text())["pages"][0]["models"] == []


@pytest.mark.line(6)
async def test_a_file_that_is_no_report_is_refused_in_a_sentence(app_at: OpenAt, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"secret": "word"}')
    app = app_at(lambda: BrowsePage(path))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "not a notekeeper report" in text_of(app))
        assert "secret" not in text_of(app)


@pytest.mark.parametrize("size", SIZES)
async def test_a_report_read_here_breaks_its_lines_where_the_page_ends(
    app_at: OpenAt, vault: Vault, size: tuple[int, int]
) -> None:
    client, _ = drafted_note(vault)
    sign_session(vault, client, date(2026, 3, 10), "Saying no")
    keep_question(vault, client, "a " * 300, "")  # words so short that a full line has no room for another
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: RISK_NOT_INCLUDED in text_of(app))
        await approve(pilot)
        for key, page, beside in (("escape", ReportPage, "#preview"), ("f8", BrowsePage, "#report")):
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, page) and app.screen.query_one(beside).max_scroll_y > 0)  # noqa: B023
            shown = app.screen.query_one("#text", Static)
            rows = str(shown.render()).rstrip("\n").split("\n")
            assert max(map(len, rows)) <= shown.content_size.width
