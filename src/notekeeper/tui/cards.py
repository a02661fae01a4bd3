"""The cards of a review one beneath another, the withheld items under them, and the line in which words are written.

What always holds: a card stands for one item, in the order of the rows given; the card that the keys are about is in
view; a line that is being written in is left alone by what is shown anew.
"""

from collections.abc import Sequence

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Input, Static

from notekeeper.domain.draft import Withheld
from notekeeper.tui.base import plain
from notekeeper.tui.items import ItemCard, Row

_NO_QUOTES = r'[^"“”„«»‹›]*'
_MOST_LABEL, _MOST_WORDS = 80, 400


class ItemList(VerticalScroll, inherit_bindings=False, can_focus=True):
    """The cards. The keys that move among them are the page's."""

    DEFAULT_CSS = """
    ItemList { height: 1fr; width: 1fr; }
    ItemList #withheld { height: auto; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._place = 0

    def compose(self) -> ComposeResult:
        yield Static(id="withheld", markup=False)

    def show(self, rows: Sequence[Row], place: int) -> None:
        """These rows, the keys being about the one at `place`."""
        self._rows, self._place = rows, place
        if [card.row.name for card in self.query(ItemCard)] == [row.name for row in rows]:
            self._fill()
        else:
            self._renew()

    def show_withheld(self, withheld: Sequence[Withheld], *, unfolded: bool) -> None:
        """How many items the checks held back, and, `unfolded`, which and why."""
        told = ""
        if withheld:
            noun = "item was" if len(withheld) == 1 else "items were"
            told = f"{'▾' if unfolded else '▸'} {len(withheld)} {noun} withheld by the checks (w)"
            if unfolded:
                told += "".join(f"\n  {item.kind}: {item.text or '(no words)'}\n    {item.reason}" for item in withheld)
        elif not self._rows:
            told = "Nothing to review yet: t adds a theme of your own, f a focus, p the risk entry."
        self.query_one("#withheld", Static).update(plain(told))

    @work(exclusive=True, group="cards")
    async def _renew(self) -> None:
        await self.query(ItemCard).remove()
        await self.mount_all([ItemCard(row) for row in self._rows], before="#withheld")
        self._fill()

    def _fill(self) -> None:
        for place, (card, row) in enumerate(zip(self.query(ItemCard), self._rows, strict=False)):
            card.show(row, here=place == self._place)
            if place == self._place:
                card.scroll_visible(animate=False)


class WordingLine(Input):
    """A line for the words of one item; `about` says which, `kept` what a lock has kept of it
    already. A label, which reports show, takes no quotation marks."""

    class Written(Message):
        """Enter: the words are to be kept."""

    def __init__(self, about: str, text: str, *, label: bool) -> None:
        super().__init__(text, id="wording", select_on_focus=False, restrict=_NO_QUOTES if label else None)
        self.about, self.kept = about, ""
        self.max_length = _MOST_LABEL if label else _MOST_WORDS
        self.border_title = "Theme: no names, no quotation marks" if label else "In my words"
        self.border_subtitle = "Enter keeps · Esc goes back and keeps what changed"

    async def action_submit(self) -> None:
        self.post_message(self.Written())
