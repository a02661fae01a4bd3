"""The keys that a supervisor knows, and the box in which one becomes known.

What always holds: a key is added only after the eight words were compared; where the name is known with another key,
the words have to be typed as they were heard; a key is forgotten only when that is confirmed.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Checkbox, Input, OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.signature import words_of
from notekeeper.errors import NotekeeperError
from notekeeper.reports.phrases import day
from notekeeper.reports.trust import KnownKey, Standing
from notekeeper.services.browsing import Reading
from notekeeper.services.knowing_keys import forget, know, known_keys
from notekeeper.services.verdicts import verdict
from notekeeper.tui.base import Box, Page, Telling, plain
from notekeeper.tui.table import ReadLines
from notekeeper.tui.widgets import Tick


class TrustBox(Box[str]):
    """What is known of the key of a report; asks to compare its words where it is not known. Answers with the name."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9", "add", "Know this key", id="trust.add")]
    CSS = """
    TrustBox .box { padding: 0 1; }
    TrustBox Input { margin: 0; }
    TrustBox Tick, TrustBox Tick:focus { border: none; padding: 0; background: $surface; }
    TrustBox Tick:focus { text-style: reverse; }
    TrustBox .words { text-style: bold; margin: 1 2; }
    TrustBox Telling { padding: 0; }
    """

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading = reading
        self._trust = reading.trust

    @property
    def _can_add(self) -> bool:
        return self._trust.standing in (Standing.UNKNOWN, Standing.CHANGED)

    def compose(self) -> ComposeResult:
        trust = self._trust
        changed = trust.standing is Standing.CHANGED
        with Vertical(classes="box"):
            for sentence in verdict(self._reading):
                yield Static(plain(sentence), markup=False)
            if trust.words:
                yield Static(plain(_shown(trust.words)), classes="words", markup=False)
            if self._can_add:
                yield Static(plain(_CHANGED if changed else _NEW), markup=False)
                name = Input(trust.key.name if changed and trust.key else trust.therapist, id="name", max_length=200)
                name.border_title = "The name by which you know this therapist"
                yield name
                if changed:
                    heard = Input(id="heard", max_length=200)
                    heard.border_title = "The eight words as you heard them"
                    yield heard
                else:
                    yield Tick("I heard these eight words from the therapist, in this order", id="compared")
            yield Telling()
            hint = "F9 adds the key · Esc goes back" if self._can_add else "Esc goes back"
            yield Static(plain(hint), classes="hint", markup=False)

    def action_add(self) -> None:
        """Know the key from now on."""
        if not self._can_add:
            return
        if self._trust.standing is Standing.CHANGED:
            heard = self.query_one("#heard", Input).value
        elif self.query_one(Checkbox).value:
            heard = None
        else:
            self._tell("Ring the therapist first, and tick the line when all eight words were the same.", trouble=True)
            return
        name = self.query_one("#name", Input).value
        try:
            know(self._trust, name, heard)
        except NotekeeperError as error:
            self._tell(str(error), trouble=True)
            return
        self.dismiss(name)

    def _tell(self, text: str, *, trouble: bool = False) -> None:
        self.query_one(Telling).tell(text, trouble=trouble)


_NEW = (
    "Ring the therapist on a number you have from before, not one from the same e-mail. They find their eight words on "
    "the page Log of the practice in notekeeper, or by notekeeper signature show, and read them out."
)
_CHANGED = (
    "A new computer can be the reason, and so can a forger. Ring the therapist on a number you have from before, and "
    "type the words as they read them out. The key you know already stays known."
)


def _shown(words: tuple[str, ...]) -> str:
    """Eight words in two lines of four, numbered for reading out."""
    numbered = [f"{place} {word:<10}" for place, word in enumerate(words, start=1)]
    return "\n".join("".join(numbered[start : start + 4]).rstrip() for start in range(0, len(numbered), 4))


class KnownKeysPage(Page):
    """Every key that is known, with its words."""

    TITLE = "Known keys"
    HELP = """
The keys by which you know therapists' reports, each with its eight words. A key becomes known from a report: open it
and press k. d forgets the key that is highlighted, after asking; reports by it are then shown as unknown.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("d", "forget", "Forget", id="keys.forget")]
    CSS = """
    KnownKeysPage ReadLines, KnownKeysPage ReadLines:focus { height: 1fr; border: none; background: $background; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[KnownKey, ...] = ()
        self._sure = ""

    def body(self) -> ComposeResult:
        yield ReadLines(id="known", markup=False)

    def on_mount(self) -> None:
        self._fill()
        self.query_one(ReadLines).focus()

    def _fill(self) -> None:
        lines = self.query_one(ReadLines)
        lines.clear_options()
        try:
            self._keys = known_keys().keys
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        for key in self._keys:
            words = " ".join(words_of(key.public_key))
            lines.add_option(
                Option(plain(f"{key.name}, known since {day(key.added_on)}\n    {words}\n"), id=key.public_key)
            )
        if self._keys:
            lines.highlighted = 0
        else:
            self.tell("No key is known yet. Open a report and press k.")

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._sure = ""

    def action_forget(self) -> None:
        """Forget the keys of the name that is highlighted; asked once more first."""
        lines = self.query_one(ReadLines)
        if lines.highlighted is None:
            return
        key = self._keys[lines.highlighted]
        if self._sure != key.public_key:
            self._sure = key.public_key
            count = len(known_keys().named(key.name))
            keys = "the key" if count == 1 else f"all {count} keys"
            self.tell(f"d once more forgets {keys} of {key.name}; reports are then shown as unknown.", trouble=True)
            return
        try:
            forget(key.name)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return
        self._fill()
        self.tell(f"Forgotten: {key.name}.")
