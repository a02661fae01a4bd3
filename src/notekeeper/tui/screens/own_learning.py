"""The therapist's own learning over the caseload, to be read.

What always holds: it is counted anew each time from what is signed, names no client and is kept nowhere.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from notekeeper.errors import NotekeeperError
from notekeeper.services.own_learning import Learning, Recurring, own_learning
from notekeeper.tui.base import Page, plain

SHOWN = 12
"""Of each kind, until more are asked for."""
_BARS = " ▁▂▃▄▅▆▇█"


class OwnLearningPage(Page):
    TITLE = "My own learning"
    HELP = (
        "For you alone: which reflections recur in your work, what they are about, which themes you flag, what you "
        "tend to reject. It is counted anew from what you signed, in the files that agree to patterns, and is kept "
        "nowhere; it names no client and is in no report and no client's export. The little line has a bar for each "
        "month from the first to the last, at most the newest twelve; the figures stand beside it. Wordings that are "
        "nearly the same count as one. a shows all of it. Arrows, Page Up and Page Down read on."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "every", "All", id="learning.every", tooltip="All of it, or the most frequent")
    ]
    DEFAULT_CSS = """
    OwnLearningPage VerticalScroll { height: 1fr; }
    OwnLearningPage Static { height: auto; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._every = False
        self._found: Learning | None = None

    def body(self) -> ComposeResult:
        with VerticalScroll(id="learning"):
            yield Static(id="learning-words", markup=False)

    def on_mount(self) -> None:
        self.banner("My own learning · for me alone")
        try:
            self._found = own_learning(self.vault, self.keeper.access.codes())
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._show()
        self.query_one("#learning").focus()

    def action_every(self) -> None:
        self._every = not self._every
        self._show()

    def _show(self) -> None:
        if self._found is not None:
            lines = _lines(self._found, None if self._every else SHOWN)
            self.query_one("#learning-words", Static).update(Content("\n").join(lines))


def _lines(found: Learning, most: int | None) -> list[Content]:
    left = f"{found.left_out} client(s) who do not agree to patterns are left out"
    altered = f", and {found.unread} in whose file something was altered" if found.unread else ""
    lines = [
        plain(f"From {found.sessions} signed note(s) of {found.clients} client(s). {left}{altered}."),
        *_recurring("Reflections that recur", found.reflections, most),
        *_recurring("What they are about", found.themes_reflected_on, most),
        *_recurring("Themes I flag", found.flagged, most),
    ]
    made = found.decided
    lines += [
        _heading("What I make of suggestions"),
        plain(f"  {made.accepted} kept, {made.edited} in my own words, {made.rejected} rejected"),
        plain(f"  {made.withheld} withheld by a check before I saw them"),
    ]
    lines += [plain(f"  rejected because of {reason}: {count}") for reason, count in made.reasons]
    lines += [plain(f"  {month}: {rejected} rejected of {decided}") for month, rejected, decided in made.months]
    return lines


def _heading(words: str) -> Content:
    return plain(f"\n{words}").stylize("bold")


def _recurring(heading: str, found: tuple[Recurring, ...], most: int | None) -> list[Content]:
    shown = found[:most]
    lines = [_heading(f"{heading}: {len(found) or 'none'}")]
    for each in shown:
        counts = f"{each.times} time(s), {each.clients} client(s), {len(each.months)} month(s)"
        lines.append(plain(f"  {each.words}\n    {_line(each)}  {counts}"))
    return lines + ([plain(f"  and {len(found) - len(shown)} more; a shows them")] if len(shown) < len(found) else [])


def _line(each: Recurring) -> str:
    """A bar for each month from the first to the last, at most the newest twelve."""
    counts = dict(each.months)
    first, last = each.months[0][0], each.months[-1][0]
    year, month = int(first[:4]), int(first[5:])
    months = []
    while (name := f"{year:04}-{month:02}") <= last:
        months.append(counts.get(name, 0))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    highest = max(months)
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // highest)] if count else "·" for count in months[-12:])
