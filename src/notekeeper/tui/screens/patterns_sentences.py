"""One thread, session by session: what each note says, in its own sentences, with its day.

What always holds: a sentence stands as it does in the signed note, with a bar in the margin; a session that does not
note the thread says so, and one that is not signed shows none of its words.
"""

import textwrap
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from notekeeper.domain.note import Client
from notekeeper.domain.text import visible
from notekeeper.errors import NotekeeperError
from notekeeper.services.client_patterns import FollowedThread, Noted, SessionSeen, patterns_of
from notekeeper.services.client_patterns_threads import thread_named
from notekeeper.tui.base import Page, plain
from notekeeper.tui.table import BESIDE_THE_WORDS, Lines

_BAR = "   ▌ "


class ThreadPage(Page):
    """The sentences of one thread of `client`, named T1…."""

    TITLE = "Sentences of a thread"
    HELP = (
        "What the signed notes say of one theme, session by session, the latest last. A bar marks the sentences that "
        "the theme rests on. Enter opens the signed note. a shows the sessions that do not note it, too, and hides "
        "them again."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "all", "All sessions", id="thread.all", tooltip="Sessions that do not note it, too"),
    ]
    DEFAULT_CSS = """
    ThreadPage Lines, ThreadPage Lines:focus { height: 1fr; border: none; background: $background; padding: 0 1; }
    """

    def __init__(self, client: Client, name: str) -> None:
        super().__init__()
        self._client, self._thread = client, name
        self._shown: list[SessionSeen] = []
        self._every = False

    def body(self) -> ComposeResult:
        yield Lines(id="thread-sessions", markup=False)

    def on_mount(self) -> None:
        self.query_one(Lines).focus()
        self._fill()

    def on_resize(self) -> None:
        """Cut the sentences anew for the width there is."""
        self._fill()

    def _fill(self) -> None:
        try:
            seen = patterns_of(self.vault, self._client)
            thread = thread_named(seen, self._thread)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self.banner(
            f"{self._client.code} · {thread.label} · {len(thread.numbers)} of {len(seen.themes.places)} sessions"
        )
        marked = list(zip(seen.sessions, thread.marks, strict=True))
        without = (Noted.NOT_NOTED, Noted.NOT_SIGNED)
        self._shown = [session for session, noted in marked if self._every or noted not in without]
        lines = self.query_one(Lines)
        at = lines.highlighted
        lines.clear_options()
        lines.add_options(
            Option(_told(thread, session, noted, self.size.width - BESIDE_THE_WORDS))
            for session, noted in marked
            if session in self._shown
        )
        lines.highlighted = min(at or 0, len(self._shown) - 1) if self._shown else None

    def action_all(self) -> None:
        self._every = not self._every
        self._fill()

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        session = self._shown[event.option_index]
        if session.place is None:
            self.tell("This session is not signed, so nothing of it is followed.")
            return
        from notekeeper.tui.screens.signed import SignedPage

        self.app.push_screen(SignedPage(self._client, session.note))


def _told(thread: FollowedThread, session: SessionSeen, noted: Noted, width: int) -> Content:
    head = f"{noted.mark} Session {session.number} · {session.note.date:%d %b %Y} · {noted.words}"
    pieces = [plain(head).stylize("bold")]
    for theme in thread.at(session.place) if session.place is not None else ():
        trend = f" ({theme.trend})" if theme.trend else ""
        pieces.append(plain(f"   {theme.label}{trend}"))
        for piece in theme.evidence:
            rows = textwrap.wrap(visible(piece.text), max(20, width - len(_BAR)), break_on_hyphens=False)
            pieces += [plain(f"{_BAR}{row}") for row in rows]
        if not theme.evidence:
            pieces.append(plain("   signed without a sentence"))
    return Content("\n").join([*pieces, plain("")])
