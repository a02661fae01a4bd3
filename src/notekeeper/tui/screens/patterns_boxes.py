"""Boxes of the page of patterns: words for a pattern or a thread, the sessions that leave one, a pattern of one's own.

What always holds: words that changed are kept however a box is left, as far as they can stand; a pattern of one's own
that is typed and not added is kept in the vault and is there again.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from notekeeper.domain.note import Client
from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.pattern_review import MOST_CHARACTERS, PatternItem
from notekeeper.domain.pattern_work import BegunPattern
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.services.client_patterns import FollowedThread, SessionSeen, work_of
from notekeeper.services.client_patterns_review import (
    add_own_pattern,
    edit_pattern,
    keep_begun_pattern,
    read_numbers,
)
from notekeeper.services.client_patterns_threads import rename_thread
from notekeeper.tui.base import Box, Telling, plain
from notekeeper.tui.table import ReadLines
from notekeeper.tui.widgets import PickOne, ShortText

NO_QUOTES = r'[^"“”„«»‹›]*'
MOST_LABEL = 80
_MARKS = str.maketrans("", "", '"“”„«»‹›')
_CSS = """
    .box { padding: 0 1; }
    Input { margin: 0; }
    ShortText { height: 7; }
    Telling { padding: 0; }
"""


def without_quotes(text: str) -> str:
    """Words as they may stand in a report: without quotation marks, on one line."""
    return " ".join(text.translate(_MARKS).split())


class LabelBox(Box[str]):
    """A label of the therapist's own for a thread; answers with it once it is kept."""

    CSS = f"LabelBox {{ {_CSS} }}"

    def __init__(self, vault: Vault, client: Client, thread: FollowedThread) -> None:
        super().__init__()
        self._vault, self._client, self._thread = vault, client, thread
        self._kept = thread.label

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(plain(f"Label of {self._thread.name}"), classes="label", markup=False)
            label = Input(self._kept, max_length=MOST_LABEL, restrict=NO_QUOTES, id="pattern-label")
            label.border_title = "Label: no names, no quotation marks"
            yield label
            yield Telling()
            yield Static(plain("Enter keeps it · Esc goes back and keeps what changed"), classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def action_leave(self) -> None:
        before = self._kept
        try:
            self.keep()
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return
        self.dismiss(self._kept if self._kept != before else None)

    def keep(self) -> None:
        """Raises `NotekeeperError` for a label that cannot stand."""
        typed = " ".join(self.query_one(Input).value.split())
        if typed and typed != self._kept:
            rename_thread(self._vault, self._client, self._thread.name, typed)
            self._kept = typed


class WordsBox(Box[bool]):
    """The therapist's own words for a pattern: label and sentence. Answers whether anything was kept."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5,ctrl+s", "leave", "Keep", id="pattern-words.keep")]
    CSS = f"WordsBox {{ {_CSS} }}"

    def __init__(self, vault: Vault, client: Client, item: PatternItem) -> None:
        super().__init__()
        self._vault, self._client, self._item = vault, client, item
        self._kept = (item.label, item.statement)
        self._changed = False

    def compose(self) -> ComposeResult:
        label, statement = self._kept
        with Vertical(classes="box"):
            yield Static(plain(f"{self._item.name} in my words"), classes="label", markup=False)
            field = Input(label, max_length=MOST_LABEL, restrict=NO_QUOTES, id="pattern-label")
            field.border_title = "Label: no names, no quotation marks"
            yield field
            yield ShortText(statement, most=MOST_CHARACTERS, title="Sentence: what is noted, in counts, no quotations")
            if self._item.earlier and self._item.earlier != statement:
                yield Static(plain(f"I wrote earlier: {self._item.earlier}"), classes="hint", markup=False)
            yield Telling()
            yield Static(plain("F5 keeps it · Esc goes back and keeps what changed"), classes="hint", markup=False)

    def on_mount(self) -> None:
        words = self.query_one(ShortText)
        words.focus()
        words.to_the_end()

    def action_leave(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.query_one(Telling).tell(str(error), trouble=True)
            return
        self.dismiss(self._changed)

    def keep(self) -> None:
        """Raises `NotekeeperError` for a label that cannot stand."""
        label = " ".join(self.query_one(Input).value.split()) or self._kept[0]
        statement = without_quotes(self.query_one(ShortText).text) or self._kept[1]
        if (label, statement) == self._kept:
            return
        edit_pattern(
            self._vault,
            self._client,
            self._item.key,
            label=label if label != self._kept[0] else None,
            statement=statement if statement != self._kept[1] else None,
        )
        self._kept, self._changed = (label, statement), True


class SplitBox(Box[tuple[int, ...]]):
    """Which sessions leave a thread; answers with their numbers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", id="split.mark"),
        Binding("f5,enter", "split", "Split", key_display="F5", priority=True, id="split.split"),
    ]
    CSS = """
    SplitBox .box { padding: 0 1; }
    SplitBox Lines { height: auto; max-height: 14; background: $surface; padding: 0; }
    SplitBox Lines, SplitBox Lines:focus { border: none; }
    """

    def __init__(self, thread: FollowedThread, sessions: Sequence[SessionSeen]) -> None:
        super().__init__()
        self._thread = thread
        self._sessions = [each for each in sessions if each.place is not None and each.number in thread.numbers]
        self._marked: set[int] = set()

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(plain(f"Which sessions leave {self._thread.label}?"), classes="label", markup=False)
            yield ReadLines(*map(self._line, self._sessions), id="split-sessions", markup=False)
            yield Static(plain("Space marks · Enter or F5 splits · Esc goes back"), classes="hint", markup=False)

    def _line(self, session: SessionSeen) -> Content:
        labels = ", ".join(theme.label for theme in self._thread.at(session.place or 0))
        mark = "✓" if session.number in self._marked else " "
        return plain(f"[{mark}] {session.number} · {session.note.date:%d %b %Y} · {labels}")

    def on_mount(self) -> None:
        self.query_one(ReadLines).focus()

    def action_mark(self) -> None:
        """Let the session at hand leave, or stay after all."""
        lines = self.query_one(ReadLines)
        if lines.highlighted is not None:
            self._marked ^= {self._sessions[lines.highlighted].number}
            lines.replace_option_prompt_at_index(lines.highlighted, self._line(self._sessions[lines.highlighted]))

    def action_split(self) -> None:
        self.dismiss(tuple(sorted(self._marked)) or None)


class OwnPatternBox(Box[bool]):
    """A pattern of the therapist's own; answers whether it was added."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5,ctrl+s", "add", "Add", id="own-pattern.add")]
    CSS = f"OwnPatternBox {{ {_CSS} }} OwnPatternBox ShortText {{ height: 5; }}"

    def __init__(self, vault: Vault, client: Client) -> None:
        super().__init__()
        self._vault, self._client = vault, client
        self._kept = BegunPattern()

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            label = Input(max_length=MOST_LABEL, restrict=NO_QUOTES, id="own-pattern-label")
            label.border_title = "A pattern of my own: label, no names"
            yield label
            yield PickOne([kind.words for kind in PatternKind], 0, title="Kind", id="own-pattern-kind")
            numbers = Input(max_length=400, placeholder="1, 4, 5", id="own-pattern-sessions")
            numbers.border_title = "Sessions, by their numbers"
            yield numbers
            yield ShortText(most=MOST_CHARACTERS, title="Sentence; empty: counts", id="own-pattern-words")
            yield Telling()
            yield Static(plain("F5 adds it · Esc goes back; what you typed is kept"), classes="hint", markup=False)

    def on_mount(self) -> None:
        try:
            kept = work_of(self._vault, self._client).begun
            self._fill(kept)
            self._kept = kept  # only now, so that empty fields never count as something typed over what is kept
        except NotekeeperError as error:
            self._tell(error)
        self.query_one("#own-pattern-label").focus()

    def _fill(self, begun: BegunPattern) -> None:
        self.query_one("#own-pattern-label", Input).value = begun.label
        self.query_one("#own-pattern-sessions", Input).value = begun.sessions
        self.query_one(ShortText).load_text(begun.statement)
        self.query_one(PickOne).chosen = list(PatternKind).index(begun.kind)

    def _typed(self) -> BegunPattern:
        return BegunPattern(
            label=self.query_one("#own-pattern-label", Input).value,
            kind=list(PatternKind)[self.query_one(PickOne).chosen or 0],
            sessions=self.query_one("#own-pattern-sessions", Input).value,
            statement=self.query_one(ShortText).text,
        )

    def _tell(self, error: NotekeeperError) -> None:
        self.query_one(Telling).tell(str(error), trouble=True)

    @on(Input.Submitted)
    def _onward(self) -> None:
        self.focus_next()

    def action_add(self) -> None:
        typed = self._typed()
        try:
            self.keep()
            with self._vault.transaction():
                add_own_pattern(
                    self._vault,
                    self._client,
                    typed.label,
                    kind=typed.kind,
                    numbers=read_numbers(typed.sessions),
                    statement=typed.statement,
                )
                keep_begun_pattern(self._vault, self._client, BegunPattern())
        except NotekeeperError as error:
            self._tell(error)
            return
        self._kept = typed
        self.dismiss(True)

    def keep(self) -> None:
        typed = self._typed()
        if typed != self._kept:
            keep_begun_pattern(self._vault, self._client, typed)
            self._kept = typed

    def action_leave(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self.query_one(Telling).tell(f"{error} You are still here, so that nothing is lost.", trouble=True)
            return
        self.dismiss(False)
