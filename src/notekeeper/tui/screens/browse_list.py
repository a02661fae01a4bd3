"""The list of what a supervisor has open: by therapist, then client, then period.

What always holds: a report is listed under the supervisor's own name for its key, and never under a name that another
key is known by; a file that is no report stands here too, with the reason.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.errors import NotekeeperError
from notekeeper.services.browsing import Locked, Looked, NotRead, Place
from notekeeper.services.shelf import Shelf
from notekeeper.services.verdicts import alarming, badge, heading, verdict
from notekeeper.tui.base import plain
from notekeeper.tui.screens.browse_shared import ShelfKeeper, padded, short_period
from notekeeper.tui.table import Lines

_CODE, _PERIOD, _COUNT, _SIGNED = 10, 26, 9, 16


class ShelfPage(ShelfKeeper):
    """Every report on the shelf, bundles that are locked, and files that are none."""

    TITLE = "Reports"
    HELP = """
The reports you were sent: by therapist, then client, then period. Enter opens one; of a sealed bundle it asks for the
passphrase or the file with your key. Below stands who signed the one that is highlighted.
o opens another file or a folder, k shows the keys that you know, h your hours of supervision.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "open", "Open", tooltip="Open another file or folder", id="shelf.open"),
        Binding("k", "keys", "Known keys", id="shelf.keys"),
        Binding("h", "hours", "Hours", tooltip="Your hours of supervision", id="shelf.hours"),
    ]
    CSS = """
    ShelfPage #body { padding: 0; }
    ShelfPage Lines, ShelfPage Lines:focus { height: 1fr; border: none; padding: 0 1; background: $background; }
    ShelfPage Lines > .option-list--option-disabled { color: $foreground; text-style: bold; }
    ShelfPage #about { height: auto; max-height: 7; border-top: solid $primary; padding: 0 1; }
    """

    def __init__(self, shelf: Shelf, *, leaves: bool = False) -> None:
        """`leaves`: this is the first page, and Esc ends the app."""
        super().__init__()
        self.shelf, self._leaves = shelf, leaves
        self._rows: dict[str, Place | Locked | NotRead] = {}

    def body(self) -> ComposeResult:
        yield Lines(id="reports", markup=False)
        with VerticalScroll(id="about", can_focus=False):
            yield Static(id="said", markup=False)

    def on_mount(self) -> None:
        self._fill()
        self.query_one(Lines).focus()
        places = self.shelf.places
        if self._leaves and len(places) == 1 and len(self.shelf.looked) == 1:
            self.call_after_refresh(self._read, places[0])

    def on_screen_resume(self) -> None:
        """A key may be known now, and comments written."""
        if self.is_mounted and self._rows:
            self._fill()

    def _fill(self) -> None:
        reports = self.query_one(Lines)
        at = reports.highlighted
        reports.clear_options()
        self._rows = {}
        name = ""
        readings = self.shelf.readings
        for place in self.shelf.places:
            if (under := heading(place.reading, readings)) != name:
                name = under
                self._heading(reports, name)
            self._row(reports, place, self._line(place))
        for above, found in (("Sealed bundles", self.shelf.locked), ("Not shown", self.shelf.not_read)):
            if found:
                self._heading(reports, above)
            for each in found:
                self._row(reports, each, f"  {each.path.name}")
        if not self._rows:
            self.query_one("#said", Static).update(plain("Nothing is open yet. o opens a file or a folder."))
            return
        choices = [number for number in range(reports.option_count) if not reports.get_option_at_index(number).disabled]
        reports.highlighted = at if at in choices else choices[0]

    def _heading(self, reports: Lines, text: str) -> None:
        reports.add_option(Option(plain(text), disabled=True))

    def _row(self, reports: Lines, what: Place | Locked | NotRead, text: str) -> None:
        key = str(len(self._rows))
        self._rows[key] = what
        reports.add_option(Option(plain(text), id=key))

    def _line(self, place: Place) -> str:
        page, count = place.page, len(self._comments(place))
        counted = f"{len(page.coverage.included)} of {page.coverage.total}"
        written = f"✎{count}" if count else ""
        return "  " + " ".join(
            (
                padded(page.client_code, _CODE),
                padded(short_period(place), _PERIOD),
                padded(counted, _COUNT),
                padded(badge(place.reading), _SIGNED),
                written,
            )
        )

    def _comments(self, place: Place) -> list[object]:
        code = place.page.client_code
        found = self.shelf.desk(place.reading).comments.comments
        return [each for each in found if each.ref == code or each.ref.startswith(f"{code}/")]

    @property
    def _here(self) -> Place | Locked | NotRead | None:
        reports = self.query_one(Lines)
        if reports.highlighted is None:
            return None
        return self._rows.get(reports.get_option_at_index(reports.highlighted).id or "")

    @on(OptionList.OptionHighlighted)
    def _say(self) -> None:
        here = self._here
        said = self.query_one("#said", Static)
        said.set_class(isinstance(here, Place) and alarming(here.reading), "trouble")
        said.update(plain("\n".join(_about(here))))

    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        here = self._here
        if isinstance(here, Place):
            self._read(here)
        elif isinstance(here, Locked):
            self._unlock(here)
        elif here is not None:
            self.tell(here.why, trouble=True)

    def _read(self, place: Place) -> None:
        from notekeeper.tui.screens.browse import BrowsePage

        self.app.push_screen(BrowsePage(shelf=self.shelf, place=place))

    def _unlock(self, locked: Locked) -> None:
        from notekeeper.tui.screens.browse_open import SecretBox

        self.app.push_screen(SecretBox(self.shelf, locked), self._taken)

    def _taken(self, found: Sequence[Looked] | None) -> None:
        """Show what was opened; None when the box was left."""
        if not found:
            return
        self._fill()
        shown = [each for each in found if not isinstance(each, NotRead)]
        refused = [each for each in found if isinstance(each, NotRead)]
        if refused:
            self.tell(f"{refused[0].path.name}: {refused[0].why}", trouble=True)
        else:
            self.tell(f"Opened: {', '.join(each.path.name for each in shown)}.")

    def action_open(self) -> None:
        """Ask for another file or folder."""
        from notekeeper.tui.screens.browse_open import OpenBox

        self.app.push_screen(OpenBox(), self._add)

    def _add(self, path: Path | None) -> None:
        if path is None:
            return
        try:
            found = self.shelf.add([path])
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        if found:
            self._taken(found)
        else:
            self.tell("Nothing there is a report, or all of it is open already.")

    def action_keys(self) -> None:
        """The keys that are known."""
        from notekeeper.tui.screens.browse_keys import KnownKeysPage

        self.app.push_screen(KnownKeysPage(), lambda _: self._judge())

    def _judge(self) -> None:
        try:
            self.shelf.judge_again()
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
        self._fill()

    def action_hours(self) -> None:
        """The supervisor's log of hours."""
        from notekeeper.tui.screens.browse_held import HoursPage

        self.app.push_screen(HoursPage())

    def action_back(self) -> None:
        if self._leaves:
            self.keeper.action_leave()
        else:
            super().action_back()


def _about(here: Place | Locked | NotRead | None) -> list[str]:
    """What there is to say of a row before it is opened."""
    if here is None:
        return []
    if isinstance(here, NotRead):
        return [here.why]
    if isinstance(here, Locked):
        how = "its passphrase" if here.by_passphrase else "the file with your secret key"
        return [f"A sealed bundle. Enter asks for {how}; nothing of it is written to the disk."]
    return [f"File: {here.reading.path.name}", *verdict(here.reading)]
