"""Looking through a report and approving it by keys: hits, quotations, several clients, files and bundles."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, Static

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.entry import DECIDING, EntryKind
from notekeeper.domain.identifiers import IdentifierType, Treatment
from notekeeper.domain.note import Client
from notekeeper.domain.vault import Vault
from notekeeper.reports.bundle import open_bundle, read_sealed
from notekeeper.reports.envelope import Secret, new_identity
from notekeeper.services.approving_files import check_file
from notekeeper.services.consent import record_agreement
from notekeeper.services.identifiers import add_identifier, decide, decisions_of
from notekeeper.services.reporting import read_report
from notekeeper.tui.app import Ending
from notekeeper.tui.base import Page
from notekeeper.tui.screens.report import ReportPage
from notekeeper.tui.screens.report_deciding import DecideBox, SealBox
from notekeeper.tui.screens.report_quoting import QuotePage
from notekeeper.tui.screens.report_rehearsal import RehearsalPage
from notekeeper.tui.widgets import Tick
from tests.approving.invented import SECOND, SENTENCE, add_client, sign_with_evidence
from tests.tui.conftest import SIZES, AppAt, text_of, until
from tests.tui.rehearsed import approve, look_through

OpenAt = Callable[[Callable[[], Page]], AppAt]
NAME, QUESTION = "Marlowe", "What does Marlowe stand for?"
PASSPHRASE = "gravel otter seventeen lighthouse"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder of these tests, where reports go unless another folder is named."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setattr(Path, "home", lambda: folder)
    return folder


@pytest.fixture
def client(vault: Vault) -> Client:
    """A client with a name on the list and a session whose sentences can be quoted."""
    made = add_client(vault, "C014", "Saying no")
    sign_with_evidence(vault, made)
    add_identifier(vault, made, NAME, IdentifierType.PERSON)
    return made


def entries(vault: Vault) -> int:
    return len(vault.entries.of(None, EntryKind.REPORT_APPROVED))


def told(app: AppAt) -> str:
    return " ".join(str(app.screen.query_one("#told-text", Static).content).split())


@pytest.mark.parametrize("size", SIZES)
async def test_a_hit_is_shown_where_it_stands_and_stops_approval_until_it_is_decided(
    app_at: OpenAt, vault: Vault, client: Client, home: Path, size: tuple[int, int]
) -> None:
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=size) as pilot:
        app.screen.query_one("#question", Input).value = QUESTION
        await until(pilot, lambda: NAME in str(app.screen.query_one("#text", Static).content))
        page = await look_through(pilot)
        await until(pilot, lambda: "Open: 1 to decide" in text_of(app))
        assert "? To decide: Marlowe" in text_of(app)
        assert "C014, question: What does «Marlowe» stand for?" in told(app)
        await pilot.press("y")
        assert (entries(vault), list(home.iterdir())) == (0, [])
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, DecideBox))
        await pilot.press("enter")
        await until(pilot, lambda: "more general words" in text_of(app))
        await pilot.press(*"the figure", "enter")
        await until(pilot, lambda: app.screen is page and "Nothing is open" in text_of(app))
        assert page.prepared.document.pages[0].question == "What does the figure stand for?"
        assert page.prepared.short in " ".join(text_of(app).split())
        await pilot.press("y")
        await until(pilot, lambda: "Written" in text_of(app))
        assert "Approved" in text_of(app)
        assert entries(vault) == 1
        for path in home.iterdir():
            assert NAME.encode() not in path.read_bytes()
            assert check_file(vault, path).clients == (client,)
        await pilot.press("y", "r")
        await pilot.pause()
        assert (app.screen, len(list(home.iterdir()))) == (page, 2)


async def test_an_earlier_decision_is_listed_and_can_be_changed(app_at: OpenAt, vault: Vault, client: Client) -> None:
    decide(vault, client, NAME, Treatment.KEEP, reason="A figure in a novel")
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=(120, 40)) as pilot:
        app.screen.query_one("#question", Input).value = QUESTION
        await until(pilot, lambda: NAME in text_of(app))
        page = await look_through(pilot)
        await until(pilot, lambda: "✓ Stays: Marlowe – A figure in a novel" in text_of(app))
        assert "Nothing is open" in text_of(app)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, DecideBox))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is page and "✓ Replaced: Marlowe" in text_of(app))
        assert NAME not in page.prepared.document.pages[0].question
        assert [each.treatment for each in decisions_of(vault, client)] == [Treatment.REPLACE]
        assert "Nothing is open" in text_of(app)


async def test_words_of_a_decision_outlive_a_lock(app_at: OpenAt, vault: Vault, client: Client) -> None:
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.query_one("#question", Input).value = QUESTION
        await until(pilot, lambda: "Report · C014" in text_of(app))
        await look_through(pilot)
        await pilot.press("k")
        await until(pilot, lambda: isinstance(app.screen, DecideBox))
        await pilot.press(*"A figure")
        assert app.locking.keep_everything() == ""
        assert "A figure" in vault.jottings.of(client.id + DECIDING)
        await pilot.press("escape", "r")
        await until(pilot, lambda: isinstance(app.screen, DecideBox))
        assert app.screen.query_one(Input).value == ""
        await pilot.press("escape", "k")
        await until(
            pilot, lambda: isinstance(app.screen, DecideBox) and app.screen.query_one(Input).value == "A figure"
        )
        await pilot.press("enter")
        await until(pilot, lambda: "Nothing is open" in text_of(app))
        assert vault.jottings.of(client.id + DECIDING) == ""


async def test_quotations_are_chosen_one_by_one_and_asked_about_again(
    app_at: OpenAt, vault: Vault, client: Client, home: Path
) -> None:
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "Quotations: none" in text_of(app))
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(app.screen, QuotePage) and "0 of 2 quoted" in text_of(app))
        await pilot.press("space", "down", "enter")
        await until(pilot, lambda: "2 of 2 quoted" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Quotations: 2." in text_of(app))
        page = await look_through(pilot)
        await until(pilot, lambda: "Open: 2 quotation(s) to confirm" in text_of(app))
        await pilot.press("y")
        assert entries(vault) == 0
        await pilot.press("q")
        await until(pilot, lambda: "Open: 1 quotation(s) to confirm" in text_of(app))
        await pilot.press("n", "t")
        await until(pilot, lambda: "Nothing is open" in text_of(app))
        assert [each.text for _, each in page.prepared.quotations] == [SENTENCE]
        await pilot.press("y")
        await until(pilot, lambda: "Written" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Quotations: 1." in text_of(app))
    written = next(home.glob("*.html")).read_text()
    assert SENTENCE in written
    assert SECOND not in written


@pytest.mark.parametrize("size", SIZES)
async def test_several_clients_have_choices_of_their_own_in_one_report(
    app_at: OpenAt, vault: Vault, client: Client, home: Path, size: tuple[int, int]
) -> None:
    add_client(vault, "C021", "Waiting rooms", risk="She counted tablets.")
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=size) as pilot:
        app.screen.query_one("#question", Input).value = "Where am I stuck?"
        app.screen.query_one("#others", Input).value = "c021"
        await until(pilot, lambda: "Report · C014, C021" in text_of(app))
        await pilot.press("f6")
        assert app.screen.query_one("#question", Input).value == ""
        await pilot.press("space")
        app.screen.query_one("#question", Input).value = "What do I overlook?"
        await until(pilot, lambda: "She counted tablets." in str(app.screen.query_one("#text", Static).content))
        await pilot.press("f6")
        assert app.screen.query_one("#question", Input).value == "Where am I stuck?"
        assert not app.screen.query_one("#risk", Tick).value
        await approve(pilot)
        pages = read_report(next(home.glob("*.json"))).document.pages
        assert [(each.client_code, each.question, each.risk.included) for each in pages] == [
            ("C014", "Where am I stuck?", False),
            ("C021", "What do I overlook?", True),
        ]
        await pilot.press("escape")
        for typed, said in (("C014", "twice"), ("nobody", "no client"), ("C1 C2 C3 C4", "4 clients at most")):
            app.screen.query_one("#others", Input).value = typed
            await until(pilot, lambda: said in text_of(app))  # noqa: B023
        assert app.locking.keep_everything() == ""
        assert entries(vault) == 2


async def test_a_bundle_is_sealed_for_a_strong_passphrase_or_a_key(
    app_at: OpenAt, vault: Vault, client: Client, home: Path
) -> None:
    secret, public = new_identity()
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "NOT INCLUDED" in text_of(app))
        for name in ("pdf", "bundle"):
            app.screen.query_one(f"#{name}", Tick).value = True
        page = await look_through(pilot)
        assert "one sealed bundle" in " ".join(text_of(app).split())
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, SealBox))
        await pilot.press(*"password1", "enter", *"password1", "enter")
        await until(pilot, lambda: "Not strong enough" in text_of(app))
        assert (entries(vault), list(home.iterdir())) == (0, [])
        for field in app.screen.query(Input):
            field.value = PASSPHRASE
        await pilot.press("tab", "enter")
        await until(pilot, lambda: app.screen is page and "Written" in text_of(app))
        [bundle] = home.iterdir()
        inside = open_bundle(read_sealed(bundle), Secret(passphrase=PASSPHRASE))
        assert sorted(inside) == ["report.html", "report.json", "report.pdf"]
        bundle.unlink()
        await pilot.press("escape")
        app.screen.query_one("#key", Input).value = public
        await approve(pilot)
        [bundle] = home.iterdir()
        assert open_bundle(read_sealed(bundle), Secret(keys=(secret,)))["report.json"]
        assert check_file(vault, bundle).kind == "bundle"


async def test_what_changed_meanwhile_is_looked_at_again(
    app_at: OpenAt, vault: Vault, client: Client, home: Path
) -> None:
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "NOT INCLUDED" in text_of(app))
        await look_through(pilot)
        sign_with_evidence(vault, client)
        await pilot.press("y")
        await until(pilot, lambda: "Look at it again" in text_of(app))
        await pilot.press("escape")
        await look_through(pilot)
        record_agreement(vault, client, Purpose.SUPERVISION, Answer.WITHDRAWN, how="asked in session")
        await pilot.press("y")
        await until(pilot, lambda: "withdrawn" in text_of(app))
        assert (entries(vault), list(home.iterdir())) == (0, [])


async def test_the_intruders_questions_stand_below_with_what_was_counted(app_at: OpenAt, client: Client) -> None:
    app = app_at(lambda: ReportPage(client))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "NOT INCLUDED" in text_of(app))
        page = await look_through(pilot)
        lines = page.query_one(OptionList)
        assert page.prepared.rehearsal.checklist
        await pilot.press("end")
        await until(pilot, lambda: lines.highlighted == lines.option_count - 1)
        last = page.prepared.rehearsal.checklist[-1]
        assert last.words in told(app)
        assert last.counted in told(app)
        await pilot.press("f12")
        await until(pilot, lambda: app.return_value is Ending.LOCKED)
    assert isinstance(page, RehearsalPage)
