"""A report's way there and back: approved and sealed, opened by age, read and commented on by keys, taken in again."""

import subprocess
from datetime import date
from pathlib import Path

import pexpect
import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from notekeeper.domain.vault import Vault
from notekeeper.reports.comments import read_comments
from notekeeper.reports.envelope import Seal, Secret
from notekeeper.reports.files import OpenedReport, read_report
from notekeeper.services.approving_files import KINDS, write
from notekeeper.services.reporting import ReportChoices
from notekeeper.services.shelf import Shelf
from notekeeper.services.supervision import discussed
from notekeeper.services.supervision_comments import take_comments
from notekeeper.services.verdicts import verdict
from notekeeper.tui.access import Ending
from notekeeper.tui.reading import ReadingApp
from notekeeper.tui.screens.browse import BrowsePage
from notekeeper.tui.screens.browse_comment import CommentBox
from notekeeper.tui.screens.browse_held import HeldBox
from notekeeper.tui.screens.browse_keys import TrustBox
from notekeeper.tui.screens.browse_list import ShelfPage
from notekeeper.tui.screens.browse_open import SecretBox
from notekeeper.tui.screens.browse_send import SendPage
from tests.reports.written import approve_report
from tests.tui.conftest import until
from tests.tui.reviewed import drafted_note, sign_session
from tests.tui.test_browse import at, reads, whole

WORDS = "otter velvet ladder quince"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Where the post is put, and where the supervisor writes what goes back."""
    post, desk = tmp_path / "post", tmp_path / "desk"
    for folder in (post, desk):
        folder.mkdir()
    return post, desk


async def test_from_the_therapist_to_the_supervisor_and_back(vault: Vault, folders: tuple[Path, Path]) -> None:
    post, desk = folders
    client, _ = drafted_note(vault)
    for day in (3, 10):
        sign_session(vault, client, date(2026, 3, day), "Saying no")
    approved = approve_report(vault, [(client, ReportChoices(risk=True))])
    bundle = write(vault, approved, post, KINDS, Seal(passphrase=WORDS))["bundle"]

    taken_out = opened_by_age(bundle, post.with_name("by age"))
    await commented_on(Shelf.of([post]), vault.signatures.words(), client.code, desk)
    on_disk = [each.read_bytes() for folder in folders for each in folder.iterdir()]
    assert all(b"Whose no" not in raw and b"Saying no" not in raw for raw in on_disk)

    (back,) = desk.iterdir()
    comments = read_comments(back, Secret(passphrase=WORDS))
    assert comments.report_sha256 == taken_out.sha256 == approved.prepared.digest
    take_comments(vault, comments, date(2026, 5, 20))
    found = {each.comment.text: each for each in discussed(vault, client)}
    assert set(found) == {"Whose no is it?", "Ask again"}
    assert (found["Ask again"].kind, found["Ask again"].comment.until) == ("risk", date(2026, 6, 1))
    assert {(each.supervisor, each.day) for each in found.values()} == {("S. Imagined", date(2026, 5, 14))}


def opened_by_age(bundle: Path, folder: Path) -> OpenedReport:
    """The report as anybody gets it who has the passphrase and the program age, and notekeeper to check it."""
    zipped = folder.with_suffix(".zip")
    typing = pexpect.spawn("age", ["-d", "-o", str(zipped), str(bundle)], timeout=120)
    typing.expect("assphrase")
    typing.sendline(WORDS)
    typing.expect(pexpect.EOF)
    typing.close()
    assert typing.exitstatus == 0
    subprocess.run(["unzip", "-q", str(zipped), "-d", str(folder)], check=True)
    assert {path.name for path in folder.iterdir()} == {f"report.{kind}" for kind in ("json", "html", "md", "pdf")}
    (reading,) = Shelf.of([folder]).readings
    assert not any(line.startswith("WARNING") for line in verdict(reading))
    return read_report(folder / "report.json")


async def commented_on(shelf: Shelf, words: tuple[str, ...], code: str, desk: Path) -> None:
    """What the supervisor does, by keys: open, compare the eight words, read, comment, log, send back into `desk`."""
    app = ReadingApp(shelf)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, ShelfPage)
        await pilot.press("enter")
        await at(pilot, SecretBox)
        await pilot.press(*WORDS, "enter")
        await at(pilot, ShelfPage)
        await reads(pilot, "Opened:")
        await pilot.press("home", "enter")
        await at(pilot, BrowsePage)
        await reads(pilot, code, "? new key")
        await pilot.press("k")
        await at(pilot, TrustBox)
        await reads(pilot, *words)  # as the therapist reads them out
        await pilot.press("tab", "space", "f9")
        await at(pilot, BrowsePage)
        await reads(pilot, "✓ known key")
        await write_comments(pilot)
        await pilot.press("h")
        await at(pilot, HeldBox)
        app.screen.query_one("#day", Input).value = "2026-05-14"
        await pilot.press(*"60", "enter")
        await at(pilot, BrowsePage)
        await pilot.press("f9")
        await at(pilot, SendPage)
        app.screen.query_one("#name", Input).value = "S. Imagined"
        app.screen.query_one("#folder", Input).value = str(desk)
        await pilot.press("f9")
        await reads(pilot, "For the therapist:")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.return_value is Ending.QUIT)


async def write_comments(pilot: Pilot[Ending]) -> None:
    """One on the first theme, and an agreed action on risk."""
    app = pilot.app
    assert isinstance(app, ReadingApp)
    await pilot.press("t")
    await until(pilot, lambda: "Noted in 2 of 2 sessions" in whole(app))
    await pilot.press("c")
    await at(pilot, CommentBox)
    await pilot.press(*"Whose no is it?", "escape")
    await at(pilot, BrowsePage)
    await pilot.press("r", "a")
    await at(pilot, CommentBox)
    await pilot.press(*"Ask again", "tab", "tab", *"2026-06-01", "escape")
    await at(pilot, BrowsePage)
