"""The supervision that was held: logging it, and the hours by supervisee.

What always holds: one day with one supervisee is one entry, and each client session counts once; no client is named.
"""

from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.services.browsing import Reading
from notekeeper.services.caseload import own_day
from notekeeper.services.knowing_keys import known_keys
from notekeeper.services.shelf import Shelf, hours
from notekeeper.services.supervisor_hours import MOST_MINUTES, Ratio, duration, ratios
from notekeeper.tui.base import Box, Page, Telling, plain
from notekeeper.tui.screens.browse_shared import short_day


class HeldBox(Box[str]):
    """Asks for the day and the minutes of the supervision in which `reading` was discussed; answers with a sentence."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9", "log", "Log", id="held.log")]
    CSS = """
    HeldBox .box { padding: 0 1; }
    HeldBox Horizontal { height: 3; }
    HeldBox Input { width: 1fr; margin: 0; }
    HeldBox Telling { padding: 0; }
    """

    def __init__(self, shelf: Shelf, reading: Reading) -> None:
        super().__init__()
        self._shelf, self._reading = shelf, reading

    def compose(self) -> ComposeResult:
        comments = self._shelf.desk(self._reading).comments
        with Vertical(classes="box"):
            yield Static(plain(f"Supervision of {self._reading.trust.name}"), classes="label", markup=False)
            with Horizontal():
                on_day = Input(str(comments.discussed_on or own_day()), id="day", max_length=10, select_on_focus=False)
                on_day.border_title = "Day, YYYY-MM-DD"
                minutes = Input(str(comments.minutes or ""), id="minutes", max_length=3, select_on_focus=False)
                minutes.border_title = "Minutes, in all"
                yield on_day
                yield minutes
            yield Static(
                plain(
                    "The whole supervision of that day with this therapist, whichever reports were discussed in it. It "
                    "goes into your own hours, and day and minutes into the comments on this report."
                ),
                markup=False,
            )
            yield Telling()
            yield Static(plain("Enter or F9 logs · Esc goes back"), classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one("#minutes").focus()

    @on(Input.Submitted)
    def action_log(self) -> None:
        """Log it."""
        try:
            on_day, minutes = (
                _day(self.query_one("#day", Input).value),
                _minutes(self.query_one("#minutes", Input).value),
            )
            log = self._shelf.hold(self._reading, on_day, minutes)
            found = ratios(log, known_keys())
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return
        here = next((each for each in found if each.supervisee == self._reading.trust.name), None)
        self.dismiss(f"Logged: {duration(minutes)}. {here.words if here else ''}")


class HoursPage(Page):
    """The hours by supervisee, and every supervision that was logged."""

    TITLE = "Hours of supervision"
    HELP = """
The supervision you held, by supervisee: how often, how long, and how many client sessions the reports discussed
covered, each counted once. h on a report logs one. The log lies in your own folder and names no client.
"""
    CSS = "HoursPage #hours { height: 1fr; padding: 0 1; }"

    def body(self) -> ComposeResult:
        with VerticalScroll(id="hours"):
            yield Static(id="text", markup=False)

    def on_mount(self) -> None:
        self.query_one("#hours").focus()
        try:
            log = hours()
            found = ratios(log, known_keys())
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        if not log.held:
            self.tell("Nothing is logged yet. Open a report and press h.")
        lines = [line for each in found for line in (*_ratio(each), "")]
        lines += [
            f"  {short_day(each.day):<12} {duration(each.minutes):<12} {each.supervisee}"
            for each in sorted(log.held, key=lambda each: each.day, reverse=True)
        ]
        self.query_one("#text", Static).update(plain("\n".join(lines)))


def _ratio(each: Ratio) -> tuple[str, str]:
    return each.supervisee, f"  {each.words}"


def _day(raw: str) -> date:
    try:
        return date.fromisoformat(raw.strip())
    except ValueError:
        raise UsageError("A date is written YYYY-MM-DD, like 2026-05-14. Nothing was logged.") from None


def _minutes(raw: str) -> int:
    try:
        minutes = int(raw)
    except ValueError:
        minutes = 0
    if not 1 <= minutes <= MOST_MINUTES:
        raise UsageError(f"Minutes are a number from 1 to {MOST_MINUTES}. Nothing was logged.")
    return minutes
