"""From the page of a report through its rehearsal to the files, by keys."""

from textual.pilot import Pilot

from notekeeper.tui.app import Ending
from notekeeper.tui.screens.report_deciding import DecideBox
from notekeeper.tui.screens.report_rehearsal import RehearsalPage
from tests.tui.conftest import until


async def look_through(pilot: Pilot[Ending]) -> RehearsalPage:
    """F9, and the page on which the report is looked through."""
    await pilot.press("f9")
    await until(pilot, lambda: isinstance(pilot.app.screen, RehearsalPage) and pilot.app.screen.is_mounted)
    page = pilot.app.screen
    assert isinstance(page, RehearsalPage)
    await pilot.pause()
    return page


async def approve(pilot: Pilot[Ending], reason: str = "Invented") -> RehearsalPage:
    """F9, every hit kept with this reason, and y; the page once the files are written."""
    page = await look_through(pilot)
    while page.prepared.rehearsal.undecided:
        before = page.prepared
        await pilot.press("k")
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideBox))
        await pilot.press(*reason, "enter")
        await until(pilot, lambda: pilot.app.screen is page and page.prepared is not before)  # noqa: B023
    await pilot.press("y")
    await until(pilot, lambda: page.written is not None)
    await pilot.pause()
    return page
