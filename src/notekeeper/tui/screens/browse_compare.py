"""Two periods of one client beside each other.

What always holds: risk stands first, of both; what the signatures of the two reports are worth stands above it; no
word here says that a client is better.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from notekeeper.reports.beside import comparison_text
from notekeeper.reports.comparing import compare
from notekeeper.services.browsing import Place
from notekeeper.services.shelf import Shelf
from notekeeper.services.verdicts import alarming, badge, verdict
from notekeeper.tui.base import plain
from notekeeper.tui.screens.browse_shared import Scrolled, short_period

_WIDEST = 140


class ComparePage(Scrolled):
    """`place` beside one of `others`, the earlier period on the left."""

    TITLE = "Compare"
    HELP = """
Two reports on one client, the earlier period on the left: risk first, then where the work stands, then themes newly
noted, no longer noted, and noted in both, each with its count then and now. A theme that is noted less often is noted
less often in the therapist's notes, and no more than that.
Page up and page down scroll. [ and ] take another period to compare with, where more than two are open.
"""
    SCROLLS = "#beside"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown,space", "scroll(1)", "Scroll", id="compare.down", key_display="PgDn"),
        Binding("pageup", "scroll(-1)", "Back up", id="compare.up", key_display="PgUp"),
        Binding("right_square_bracket", "turn(1)", "Another period", key_display="]", id="compare.next"),
        Binding("left_square_bracket", "turn(-1)", "The one before", key_display="[", id="compare.before", show=False),
    ]
    CSS = """
    ComparePage #body { padding: 0; }
    ComparePage #beside { height: 1fr; padding: 0 1; scrollbar-gutter: stable; }
    ComparePage #signed { height: auto; max-height: 4; padding: 0 1; }
    ComparePage #signed.alarm { background: $error; color: $background; text-style: bold; }
    """

    def __init__(self, shelf: Shelf, place: Place, others: Sequence[Place]) -> None:
        super().__init__()
        self.shelf, self._place, self._others = shelf, place, others
        earlier = [number for number, each in enumerate(others) if each.page.period_from <= place.page.period_from]
        self._at = earlier[-1] if earlier else 0

    def body(self) -> ComposeResult:
        yield Static(id="signed", markup=False)
        with VerticalScroll(id="beside"):
            yield Static(id="text", markup=False)

    def on_mount(self) -> None:
        self.query_one("#beside").focus()
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        both = sorted((self._others[self._at], self._place), key=lambda at: (at.page.period_from, at.page.period_to))
        code, name = self._place.page.client_code, self._place.reading.trust.name
        self.banner(f"Compare · {code} · {' and '.join(map(short_period, both))} · {name}")
        signed = self.query_one("#signed", Static)
        signed.set_class(any(alarming(each.reading) for each in both), "alarm")
        told = [f"{short_period(each)}: {badge(each.reading)}" for each in both]
        told += [line for each in both for line in verdict(each.reading) if alarming(each.reading)]
        signed.update(plain("   ".join(told[:2]) + "".join(f"\n{line}" for line in dict.fromkeys(told[2:]))))
        width = min(_WIDEST, self.query_one("#beside").scrollable_content_region.width)
        self.query_one("#text", Static).update(plain(comparison_text(compare(both[0].page, both[1].page), width)))

    def action_turn(self, by: int) -> None:
        """Compare with the next of the other reports on this client."""
        if len(self._others) < 2:
            self.tell("Only two reports on this client are open.")
            return
        self._at = (self._at + by) % len(self._others)
        self._show()
        self.query_one("#beside", VerticalScroll).scroll_home(animate=False)
