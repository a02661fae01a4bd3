"""One client's supervision: what is flagged, and what came back from it, each comment beside what it is on.

What always holds: nothing is flagged, settled or made a follow-up but by a key of the therapist's; what has ended is
shown only when asked for and is never taken out; what a mark says is said in words.
"""

import textwrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets.option_list import Option

from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError
from notekeeper.services.access_log import client_opened
from notekeeper.services.caseload import own_day
from notekeeper.services.supervision import DiscussedItem, became_words, day_words, discussed
from notekeeper.services.supervision_actions import settle_action
from notekeeper.services.supervision_flags import Flagged, end_flag, flag_words, flags_of, standing_words
from notekeeper.tui.base import Page, plain
from notekeeper.tui.table import BESIDE_THE_WORDS, ReadLines

OPEN, ENDED, SAID, AGREED, DONE = "⚑", "✓", "·", "□", "✓"


class ClientSupervisionPage(Page):
    TITLE = "Supervision"
    HELP = (
        "What you flagged for supervision and what came of it. n flags something: the file, a note, a signed theme, "
        "what you kept for supervision, a risk entry, a pattern, a follow-up. s settles the flag under the cursor as "
        "discussed today; b takes it back. Beneath stand your supervisor's comments, each with what it is on. An "
        "agreed action (□) becomes a follow-up with f, one at a time, or c closes it without one. o begins the outcome "
        "note, prefilled, in which flags are settled with the day of supervision. a shows what has ended as well."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "flag", "Flag", id="supervision.flag"),
        Binding("s", "settle", "Settle", id="supervision.settle", tooltip="The flag was discussed"),
        Binding("b", "take_back", "Take back", id="supervision.take_back"),
        Binding("f", "follow_up", "Follow-up", id="supervision.follow_up", tooltip="Of an agreed action"),
        Binding("c", "close", "Close", id="supervision.close", tooltip="An agreed action needs no follow-up"),
        Binding("o", "outcome", "Outcome", id="supervision.outcome", tooltip="Begin the outcome note"),
        Binding("a", "every", "All", id="supervision.every", tooltip="With what has ended, or without"),
    ]
    DEFAULT_CSS = """
    ClientSupervisionPage #supervision-list, ClientSupervisionPage #supervision-list:focus {
        height: 1fr; border: none; background: $background; padding: 0;
    }
    ClientSupervisionPage .option-list--option-disabled { color: $foreground; text-style: bold; }
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client
        self._every = False
        self._flags: dict[str, Flagged] = {}
        self._items: dict[str, DiscussedItem] = {}
        self._news = ""

    def body(self) -> ComposeResult:
        yield ReadLines(id="supervision-list", markup=False)

    def on_screen_resume(self) -> None:
        self.show_all()

    def on_resize(self) -> None:
        if self._flags or self._items:
            self._fill()

    def show_all(self) -> None:
        """Read everything anew and show it, with the cursor where it was."""
        try:
            client_opened(self.vault, self.client)
            flags, items = flags_of(self.vault, self.client), discussed(self.vault, self.client)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        waiting = sum(each.done is None for each in flags)
        self.banner(f"{self.client.code} · Supervision: {waiting or 'nothing'} flagged")
        self._flags = {f"S{each.number}": each for each in flags if self._every or each.done is None}
        self._items = {f"D{each.number}.{each.place}": each for each in items}
        self._fill()
        if self._news:
            self.tell(self._news)
            self._news = ""
        elif not (flags or items):
            self.tell("Nothing is flagged and nothing came back yet. n flags something for supervision.")

    def _fill(self) -> None:
        shown = self.query_one(ReadLines)
        at = shown.highlighted
        shown.clear_options()
        shown.add_option(_heading(f"Flagged: {len(self._flags) or 'nothing'}"))
        shown.add_options(Option(plain(self._wrapped(_flag_line(each))), id=key) for key, each in self._flags.items())
        shown.add_option(_heading(f"\nWhat came of supervision: {len(self._items) or 'nothing'}"))
        shown.add_options(Option(plain(self._wrapped(_item_line(each))), id=key) for key, each in self._items.items())
        if places := [place for place, option in enumerate(shown.options) if not option.disabled]:
            shown.highlighted = min(places, key=lambda place: abs(place - (at or 0)))
        shown.focus()
        self.refresh_bindings()

    def _wrapped(self, lines: list[str]) -> str:
        width = max(20, self.size.width - BESIDE_THE_WORDS)
        first, *rest = lines
        wrapped = textwrap.wrap(first, width, initial_indent="  ", subsequent_indent="      ")
        for line in rest:
            wrapped += textwrap.wrap(line, width, initial_indent="      ", subsequent_indent="      ")
        return "\n".join(wrapped)

    def _here(self) -> str:
        shown = self.query_one(ReadLines)
        return "" if shown.highlighted is None else shown.get_option_at_index(shown.highlighted).id or ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys that concern one thing are there where such a thing is under the cursor."""
        if action in ("settle", "take_back"):
            flag = self._flags.get(self._here()) if self.is_mounted else None
            return flag is not None and flag.done is None
        if action in ("follow_up", "close"):
            item = self._items.get(self._here()) if self.is_mounted else None
            return item is not None and item.waits
        return super().check_action(action, parameters)

    def on_option_list_option_highlighted(self) -> None:
        self.refresh_bindings()

    def action_flag(self) -> None:
        from notekeeper.tui.screens.supervision_flagging import FlagBox

        self.app.push_screen(FlagBox(self.vault, self.client), self._flagged)

    def _flagged(self, added: Flagged | None) -> None:
        if added is not None:
            self._news = f"Flagged: S{added.number}. The Monday list counts it until it is settled or taken back."
        self.show_all()

    def action_settle(self) -> None:
        self._end(discussed_today=True)

    def action_take_back(self) -> None:
        self._end(discussed_today=False)

    def _end(self, *, discussed_today: bool) -> None:
        flag = self._flags[self._here()]
        try:
            ended = end_flag(self.vault, self.client, flag.number, own_day(), discussed=discussed_today)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._news = f"S{ended.number} is {standing_words(ended)}. a shows it again."
        self.show_all()

    def action_follow_up(self) -> None:
        from notekeeper.tui.screens.supervision_action import ActionBox

        self.app.push_screen(ActionBox(self.vault, self.client, self._items[self._here()]), self._followed)

    def _followed(self, made: FollowUp | None) -> None:
        if made is not None:
            self._news = f"Follow-up F{made.number} is due {made.due.isoformat()}. The Monday list will have it."
        self.show_all()

    def action_close(self) -> None:
        item = self._items[self._here()]
        try:
            settle_action(self.vault, self.client, item, own_day())
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._news = f"D{item.number}.{item.place} is closed without a follow-up."
        self.show_all()

    def action_outcome(self) -> None:
        from notekeeper.tui.screens.supervision_outcome import OutcomePage

        self.app.push_screen(OutcomePage(self.client))

    def action_every(self) -> None:
        self._every = not self._every
        self._news = "With what has ended." if self._every else "Without what has ended."
        self.show_all()


def _heading(words: str) -> Option:
    return Option(plain(words), disabled=True)


def _flag_line(each: Flagged) -> list[str]:
    mark = OPEN if each.done is None else ENDED
    why = [f"“{line}”" for line in each.flag.why.splitlines() if line.strip()]
    return [f"{mark} S{each.number} {flag_words(each)}, {standing_words(each)}", *why]


def _item_line(each: DiscussedItem) -> list[str]:
    mark = SAID if not each.comment.action else AGREED if each.to_do else DONE
    by = f", {each.supervisor}" if each.supervisor else ""
    became = became_words(each)
    said = [line for line in each.comment.text.splitlines() if line.strip()]
    return [
        f"{mark} D{each.number}.{each.place} {' '.join(each.item.split())} ({day_words(each.day)}{by})",
        *said,
        *([f"Agreed: {became}"] if became else []),
    ]
