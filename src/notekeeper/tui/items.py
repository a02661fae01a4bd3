"""The items of a review as rows: what each says, how far it is decided, what it rests on.

What always holds: a state is a glyph and a word; support is told in words; what the therapist wrote is marked as
theirs and what the model wrote as decided or not.
"""

from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Static

from notekeeper.domain.draft import Focus, Idea, Reflection, Theme, kind_of, words_of
from notekeeper.domain.review import Choice, Decision, Destination, RejectReason, Review
from notekeeper.domain.text import Evidence
from notekeeper.tui.base import plain

MINE_FOCUS = "my focus"
MINE_THEME = "my theme "
REASONS = {
    RejectReason.NOT_IN_NOTE: "not in the note",
    RejectReason.NOT_IMPORTANT: "not important",
    RejectReason.WORDING: "wording",
    RejectReason.DUPLICATE: "said already",
    RejectReason.OTHER: "other",
}
_GOES = {Destination.RECORD: "record", Destination.SUPERVISION: "my supervision notes"}
_STRONG, _FAIR = 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """One item. `name` is the draft's own (F, T1 …) or tells one of the therapist's. `goes` says that a kept one is
    sent somewhere: a reflection or an idea."""

    name: str
    kind: str
    text: str
    state: str
    beside: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    goes: bool = False

    @property
    def heading(self) -> str:
        """Its kind, and the name by which what is said about the draft means it."""
        return self.kind.upper() if self.mine or self.name == "F" else f"{self.kind.upper()} {self.name}"

    @property
    def mine(self) -> bool:
        """Whether the therapist wrote it."""
        return self.name == MINE_FOCUS or self.name.startswith(MINE_THEME)


def rows_of(review: Review) -> list[Row]:
    """The draft's items in their order, then what the therapist wrote themselves."""
    rows = []
    for name, item in (review.draft.items() if review.draft else {}).items():
        decision = review.decision(name)
        beside = [support_words(item.support)] if isinstance(item, Theme) else []
        beside.append(rests_words(len(item.evidence)))
        if isinstance(item, Focus | Theme) and item.plain:
            beside.append("plain words from the note")
        text = decision.text if decision and decision.text else words_of(item)
        goes = isinstance(item, Reflection | Idea)
        state = state_words(decision, goes)
        rows.append(Row(name, kind_of(item), " ".join(text.split()), state, tuple(beside), item.evidence, goes))
    if review.own.focus:
        rows.append(Row(MINE_FOCUS, "my focus", review.own.focus, "✓ mine", (), ()))
    rows += [
        Row(f"{MINE_THEME}{place}", "my theme", theme.label, "✓ mine", _mine(theme.evidence), theme.evidence)
        for place, theme in enumerate(review.own.themes)
    ]
    return rows


def _mine(evidence: tuple[Evidence, ...]) -> tuple[str, ...]:
    return (rests_words(len(evidence)),) if evidence else ()


def rests_words(sentences: int) -> str:
    """How much an item rests on."""
    return f"rests on {sentences} {'sentence' if sentences == 1 else 'sentences'}"


def support_words(support: float) -> str:
    """How clearly the evidence stands behind a theme."""
    return f"support {'strong' if support >= _STRONG else 'fair' if support >= _FAIR else 'slight'}"


def state_words(decision: Decision | None, goes: bool) -> str:
    """How far an item is decided."""
    if decision is None:
        return "• to decide"
    if decision.choice is Choice.REJECTED:
        return f"✗ rejected: {REASONS[decision.reason]}" if decision.reason else "✗ rejected"
    said = "✎ edited" if decision.choice is Choice.EDITED else "✓ kept"
    return f"{said} → {_GOES[decision.destination]}" if goes and decision.destination else said


class ItemCard(Vertical):
    """One row as a card; a line to write on can be put into it."""

    DEFAULT_CSS = """
    ItemCard { height: auto; padding: 0 1 0 0; margin: 0 0 1 0; }
    ItemCard.here { background: $primary 20%; }
    ItemCard Horizontal { height: auto; }
    ItemCard .gutter { width: 3; height: auto; text-style: bold; }
    ItemCard .words { width: 1fr; height: auto; }
    """

    class Chosen(Message):
        """A card was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.item = name

    def __init__(self, row: Row) -> None:
        super().__init__()
        self._gutter = Static(classes="gutter", markup=False)
        self._words = Static(classes="words", markup=False)
        self.show(row, here=False)

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield self._gutter
            yield self._words

    def show(self, row: Row, *, here: bool) -> None:
        """The row as it stands now; `here` says that the keys are about it."""
        self.row = row
        self.set_class(here, "here")
        self._gutter.update(plain(f"{'▸' if here else ' '}{row.state[0]}"))
        tail = " · ".join([row.state[2:], *row.beside])
        self._words.update(plain(f"{row.heading}  {row.text}\n{tail}"))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Chosen(self.row.name))
