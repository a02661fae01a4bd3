"""A box to flag something for supervision: what can be flagged, and the therapist's own words.

What always holds: nothing is flagged but by F5; words typed and not added are kept in the vault when the box closes,
and are there again when it is opened.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.note import Client, Note
from notekeeper.domain.supervision import Flaggable
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.services.supervision_flags import (
    MOST_WHY,
    NAMES,
    Flagged,
    Target,
    TypedFlag,
    add_flag,
    begun,
    keep_begun,
)
from notekeeper.services.supervision_targets import targets, targets_of_note
from notekeeper.tui.base import Box, Telling, plain
from notekeeper.tui.table import Lines
from notekeeper.tui.widgets import ShortText


class FlagBox(Box[Flagged]):
    """Flags something in a client's file, or of one note, and answers with the flag."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5,ctrl+s", "add", "Flag", id="flag.add")]
    CSS = """
    FlagBox .box { padding: 0 1; }
    FlagBox Lines { height: auto; max-height: 9; padding: 0; background: $surface; }
    FlagBox Lines, FlagBox Lines:focus { border: round $foreground 50%; border-title-color: $foreground; }
    FlagBox Lines:focus { border: heavy $accent; }
    FlagBox ShortText { height: 5; }
    FlagBox Telling { padding: 0; }
    """

    def __init__(self, vault: Vault, client: Client, note: Note | None = None) -> None:
        super().__init__()
        self._vault, self._client, self._note = vault, client, note
        self._targets: tuple[Target, ...] = ()
        self._kept = TypedFlag()

    def compose(self) -> ComposeResult:
        of = f"in note {self._note.number}" if self._note else f"for {self._client.code}"
        with Vertical(classes="box"):
            yield Static(plain(f"Flag for supervision {of}"), classes="label", markup=False)
            shown = Lines(id="flag-targets", markup=False)
            shown.border_title = "What"
            yield shown
            yield ShortText(most=MOST_WHY, title="Why, in your own words; may stay empty", id="flag-why")
            yield Telling()
            yield Static(
                plain("Enter to your words · F5 flags it · Tab between · Esc goes back"), classes="hint", markup=False
            )

    def on_mount(self) -> None:
        shown = self.query_one(Lines)
        try:
            self._targets = (
                targets_of_note(self._vault, self._note) if self._note else targets(self._vault, self._client)
            )
            kept = begun(self._vault, self._client)
        except NotekeeperError as error:
            self._tell(str(error), trouble=True)
            return
        shown.add_options(Option(plain(_words(each))) for each in self._targets)
        keys = [each.key for each in self._targets]
        shown.highlighted = keys.index(kept.key) if kept.key in keys else 0
        self.query_one(ShortText).load_text(kept.why)
        self._kept = kept  # only now, so that an empty field never counts as something typed over what is kept
        if kept.why:
            self._tell("These words were begun and not added yet.")
        shown.focus()

    def _tell(self, text: str, *, trouble: bool = False) -> None:
        self.query_one(Telling).tell(text, trouble=trouble)

    def _here(self) -> Target | None:
        at = self.query_one(Lines).highlighted
        return None if at is None or at >= len(self._targets) else self._targets[at]

    @on(OptionList.OptionSelected)
    def _to_the_words(self) -> None:
        self.query_one(ShortText).focus()

    def action_add(self) -> None:
        here = self._here()
        if here is None:
            return
        try:
            self.keep()
            with self._vault.transaction():
                added = add_flag(self._vault, self._client, here, self.query_one(ShortText).text)
                keep_begun(self._vault, self._client, TypedFlag())
        except NotekeeperError as error:
            self._tell(str(error), trouble=True)
            return
        self._kept = self._typed()
        self.dismiss(added)

    def _typed(self) -> TypedFlag:
        here = self._here()
        return TypedFlag(key=here.key if here else "", why=self.query_one(ShortText).text)

    def keep(self) -> None:
        """What is typed and not added."""
        typed = self._typed()
        if typed.why != self._kept.why:
            keep_begun(self._vault, self._client, typed)
            self._kept = typed

    def action_leave(self) -> None:
        try:
            self.keep()
        except NotekeeperError as error:
            self._tell(f"{error} You are still here, so that nothing is lost.", trouble=True)
            return
        self.dismiss(None)


def _words(each: Target) -> str:
    if each.on is Flaggable.FILE:
        return "The file as a whole"
    if each.on is Flaggable.NOTE:
        return each.words.capitalize()
    name, _, place = each.key.partition(":")
    of = f" (note {place.partition('.')[0]})" if name in ("risk", "theme", "reflection") else ""
    return f"  {NAMES[each.on].partition(' ')[2].capitalize()}: {each.words}{of}"
