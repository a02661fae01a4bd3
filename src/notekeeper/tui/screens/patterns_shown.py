"""What the page of patterns shows: the table of threads by sessions, and what is known of the one at hand.

What always holds: it is read from the vault anew after every change; until the signature the top line says DRAFT, or
NOT SIGNED when nothing of a model is here; without agreement it says so and how to answer, and what was signed stays.
"""

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.note import Client
from notekeeper.domain.pattern import CoOccurrence, SignedPatterns
from notekeeper.domain.pattern_review import PatternItem
from notekeeper.errors import AgreementMissingError, NotekeeperError
from notekeeper.services.client_patterns import ClientPatterns, patterns_of, signed_patterns
from notekeeper.tui.base import Banner, Page, plain
from notekeeper.tui.screens.patterns_matrix import (
    LEGEND,
    Columns,
    Row,
    counted_words,
    line_of,
    rows_of,
    ruler,
    sparkline,
)
from notekeeper.tui.table import BESIDE_THE_WORDS, Lines

ORIGINS = {
    "composed": "counts",
    "model_accepted": "the model's words",
    "model_edited": "the model's words, changed by me",
    "therapist": "my words",
}
_SHIFT = 10
_MOST_LISTED = 8


class ShownPatterns(Page):
    """The patterns of one client as they stand."""

    DEFAULT_CSS = """
    ShownPatterns #patterns-head { height: auto; padding: 0 1; }
    ShownPatterns #patterns-list, ShownPatterns #patterns-list:focus {
        height: 1fr; min-height: 4; border: none; background: $background; padding: 0 1;
    }
    ShownPatterns #patterns-about { height: auto; max-height: 40%; border-top: solid $primary; padding: 0 1; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client
        self.seen: ClientPatterns | None = None
        self._rows: list[Row] = []
        self._shifted = 0
        self._merging = ""

    def body(self) -> ComposeResult:
        yield Static(id="patterns-head", markup=False)
        yield Lines(id="patterns-list", markup=False)
        with VerticalScroll(id="patterns-about", can_focus=False):
            yield Static(id="patterns-told", markup=False)

    def on_mount(self) -> None:
        self.query_one(Lines).focus()

    def on_screen_resume(self) -> None:
        self.reload()

    def on_resize(self) -> None:
        if self.seen is not None:
            self._fill(self.seen)

    def reload(self, name: str = "") -> None:
        """Read everything anew; the cursor on the row of this name, else where it was."""
        try:
            seen = patterns_of(self.vault, self.client)
        except AgreementMissingError as error:
            self.seen = None
            self._refused(str(error))
            return
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.show(seen, name)

    def show(self, seen: ClientPatterns, name: str = "") -> None:
        """These patterns; the cursor on the row of this name, else where it was."""
        self.seen = seen
        self._fill(seen, name)

    @property
    def here(self) -> Row | None:
        """The row at hand."""
        at = self.query_one(Lines).highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None

    def _fill(self, seen: ClientPatterns, name: str = "") -> None:
        lines = self.query_one(Lines)
        width = max(20, self.size.width - BESIDE_THE_WORDS)
        columns = Columns.fitting(len(seen.sessions), width, self._shifted)
        self._rows = rows_of(seen)
        names = [row.name for row in self._rows]
        at = names.index(name) if name in names else lines.highlighted or 0
        lines.clear_options()
        total = len(seen.themes.places)
        lines.add_options(Option(line_of(row, columns, total)) for row in self._rows)
        lines.display = bool(self._rows)
        if self._rows:
            lines.highlighted = min(at, len(self._rows) - 1)
        self.query_one("#patterns-head", Static).update(plain(_head(seen, columns)))
        self._banner(seen)
        self._tell_about()
        self.refresh_bindings()

    def _refused(self, said: str) -> None:
        self._rows = []
        self.query_one(Lines).display = False
        self.query_one("#patterns-head", Static).update(plain(said))
        signed = signed_patterns(self.vault, self.client)
        kept = _signed_words(signed) if signed else "Nothing of them was signed."
        self.query_one("#patterns-told", Static).update(plain(kept))
        self.banner(f"{self.client.code} · patterns · not agreed to")
        self.query_one(Banner).remove_class("draft")
        self.refresh_bindings()

    def _banner(self, seen: ClientPatterns) -> None:
        """The most needed first: what does not fit is left out from the right."""
        items = seen.review.items
        model = any(item.worded and item.worded.statement for item in items)
        pieces = ["DRAFT" if model else "NOT SIGNED", f"{self.client.code} · patterns"]
        pieces += [f"{len(items) - len(seen.review.undecided())} of {len(items)} decided"] if items else []
        pieces += ["DEMONSTRATION"] if self.client.demonstration else []
        pieces += [_signed_words(seen.signed)] if seen.signed else []
        self.banner(" · ".join(pieces))
        self.query_one(Banner).set_class(bool(items), "draft")

    @on(OptionList.OptionHighlighted)
    def _tell_about(self) -> None:
        row, seen = self.here, self.seen
        told = self.query_one("#patterns-told", Static)
        if seen is None:
            return
        if row is None:
            told.update(plain("No theme was signed yet, so there is nothing to follow."))
        else:
            told.update(plain(_about(row, seen)))
        self.refresh_bindings()

    def action_shift(self, by: int) -> None:
        """Show earlier or later sessions, where not all fit side by side."""
        if self.seen is not None:
            room = max(20, self.size.width - BESIDE_THE_WORDS)
            self._shifted = max(0, min(len(self.seen.sessions) - room, self._shifted + by * _SHIFT))
            self._fill(self.seen)


def _head(seen: ClientPatterns, columns: Columns) -> str:
    signed = len(seen.themes.places)
    shown = ""
    if columns.first or columns.last < len(seen.sessions):
        shown = f" · sessions {columns.first + 1} to {columns.last} shown, ← → for others"
    counts = f"{signed} of {len(seen.sessions)} sessions signed · {counted_words(seen)}{shown}"
    if not seen.sessions:
        return "There is no session yet."
    beside = f"  {counts}" if len(counts) + columns.cells + 2 <= columns.width else ""
    above = [] if beside else [counts]
    return "\n".join([*above, LEGEND, ruler(columns), f"{sparkline(seen, columns)}{beside}"])


def _about(row: Row, seen: ClientPatterns) -> str:
    lines = [f"{row.name}  {row.label}"]
    if row.own is not None:
        return "\n".join([*lines, row.own.statement, "A pattern of my own. x takes it away."])
    if row.item is None:
        return "\n".join(
            [*lines, f"Noted in session {', '.join(map(str, row.numbers))}. Too little for a pattern; m merges it."]
        )
    return "\n".join([*lines, *_about_item(row.item, seen)])


def _about_item(item: PatternItem, seen: ClientPatterns) -> list[str]:
    lines = [f"{item.statement}  [{ORIGINS[item.origin]}]"]
    if item.statement != item.composed:
        lines.append(f"In counts: {item.composed}")
    if item.worded and item.worded.reason:
        held = f" “{item.worded.withheld}”." if item.worded.withheld else ""
        lines.append(f"Withheld by the checks:{held} {item.worded.reason}")
    if item.earlier and item.earlier != item.statement:
        lines.append(f"I wrote earlier: {item.earlier}")
    lines += seen.said_of(item)
    here = seen.review.items.index(item)
    for pair in seen.together:
        if here in (pair.first, pair.second):
            other = seen.review.items[pair.second if here == pair.first else pair.first]
            lines.append(f"Noted together with {other.label} in {len(pair.sessions)} sessions{_listed(pair, seen)}.")
    return lines


def _listed(pair: CoOccurrence, seen: ClientPatterns) -> str:
    """The sessions of a pair, where they are few."""
    if len(pair.sessions) > _MOST_LISTED:
        return ""
    return f" ({', '.join(str(seen.themes.numbers()[session]) for session in pair.sessions)})"


def _signed_words(signed: SignedPatterns) -> str:
    body = signed.body
    return f"signed {body.signed_at.astimezone():%d %b %Y}, {len(body.patterns)} kept"
