"""What every screen is built on: the way back, the banner, the line that tells, help for this screen.

What always holds: Esc goes back and never loses text, because a screen's `keep` runs first; whatever a screen shows
of a note has passed `visible`; what is told is never told by colour alone.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Footer, Static

from notekeeper.domain.text import visible
from notekeeper.domain.vault import Vault

if TYPE_CHECKING:
    from notekeeper.tui.app import NotekeeperApp


Answer = TypeVar("Answer")
_MARK, _PARTS = "DEMONSTRATION", " · "


class Banner(Static):
    """The line at the top: where one is, and DEMONSTRATION or DRAFT where that is so."""

    def __init__(self, text: str = "", id: str | None = "banner") -> None:  # noqa: A002 - Textual's own name
        super().__init__(plain(text), id=id, markup=False)
        self._text = text

    def show(self, text: str) -> None:
        """A text of pieces parted by " · ", the most needed first."""
        self._text = text
        self.update(plain(fitted(visible(text), self.content_size.width)))

    def on_resize(self) -> None:
        self.show(self._text)


class Telling(Static):
    """The line above the keys: what has just happened, what is safe, what to do."""

    def __init__(self) -> None:
        super().__init__("", id="telling", markup=False)

    def tell(self, text: str, *, trouble: bool = False) -> None:
        """Trouble carries a mark as well as a colour."""
        self.set_class(trouble, "trouble")
        self.update(plain(f"! {text}" if trouble else text))


class KeyLine(Footer):
    """Textual's line of keys. It is made anew only when it is to say something else: that costs more than most keys."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self._said: object = None

    def compose(self) -> ComposeResult:
        self._said = self._to_say() if self._bindings_ready else None
        yield from super().compose()

    def bindings_changed(self, screen: Screen[Any]) -> None:
        shown = screen.app.app_focus and self.is_attached and screen is self.screen
        said = self._to_say() if shown else None
        if said is None or said != self._said:
            self._said = said
            super().bindings_changed(screen)

    def _to_say(self) -> object:
        """What the line would say now."""
        return [
            (self.app.get_key_display(each.binding), each.binding.description, each.binding.action, each.enabled)
            for each in self.screen.active_bindings.values()
            if each.binding.show
        ]


def fitted(text: str, width: int) -> str:
    """As many whole pieces of `text`, from the left, as `width` cells hold; all of them while no width is known. The
    first is always there, and so is the word DEMONSTRATION."""
    pieces = text.split(_PARTS)

    def too_long() -> bool:
        return bool(width) and cell_len(_PARTS.join(pieces)) > width

    if too_long():
        pieces = [_MARK if piece.startswith(_MARK) else piece for piece in pieces]
    while too_long() and (spare := [at for at in range(1, len(pieces)) if pieces[at] != _MARK]):
        del pieces[spare[-1]]
    return _PARTS.join(pieces)


def plain(text: str) -> Content:
    """Text as it is: no markup, nothing that a terminal would obey."""
    return Content(visible(text))


class Page(Screen[None]):
    """A screen of the app. Subclasses compose `body`, name themselves in TITLE and explain themselves in HELP."""

    TITLE = "notekeeper"
    HELP: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="page.back"),
        Binding("f1", "help", "Help", id="page.help"),
    ]

    @property
    def keeper(self) -> "NotekeeperApp":
        """The app, with its vault and engine."""
        return cast("NotekeeperApp", self.app)

    @property
    def vault(self) -> Vault:
        """The open vault. Raises `RuntimeError` on the screens before it is opened."""
        return self.keeper.open_vault

    def compose(self) -> ComposeResult:
        yield Banner(self._marked(self.TITLE or ""))
        with Vertical(id="body"):
            yield from self.body()
        yield Telling()
        yield KeyLine()

    def body(self) -> ComposeResult:
        """The widgets of this screen."""
        yield from ()

    def tell(self, text: str, *, trouble: bool = False) -> None:
        """Say something on the line above the keys."""
        self.query_one(Telling).tell(text, trouble=trouble)

    def banner(self, text: str) -> None:
        """Change the top line."""
        self.query_one(Banner).show(self._marked(text))

    def _marked(self, text: str) -> str:
        said = _MARK in text or not self.keeper.access.demonstration
        return text if said else f"{_MARK}, invented clients{_PARTS}{text}"

    def keep(self) -> None:
        """Put whatever is typed and not saved into the vault. Called before leaving, locking and ending."""

    def action_back(self) -> None:
        self.keep()
        self.dismiss()

    def action_help(self) -> None:
        from notekeeper.tui.screens.help import HelpBox

        self.app.push_screen(HelpBox(self))


class Box(ModalScreen[Answer | None], Generic[Answer]):
    """A box over a screen that answers with a value, or with None on Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back", id="box.leave")]

    def keep(self) -> None:
        """As a page's: whatever is typed and not saved, into the vault."""

    def action_leave(self) -> None:
        self.dismiss(None)
