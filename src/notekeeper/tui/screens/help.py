"""F1: what this screen is for, and its keys."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from notekeeper.tui.base import Box, Page, plain


class HelpBox(Box[None]):
    """The help of one page: its words, then every key that works there."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def compose(self) -> ComposeResult:
        keys = {
            active.binding.key: (active.binding.key_display or active.binding.key, active.binding.description)
            for active in sorted(self._page.active_bindings.values(), key=lambda a: a.node is not self._page)
            if active.binding.description
        }
        lines = [f"  {shown:<12} {description}" for shown, description in keys.values()]
        with VerticalScroll(classes="box"):
            yield Static(plain(self._page.TITLE or "notekeeper"), classes="label", markup=False)
            yield Static(plain(self._page.HELP.strip()), markup=False)
            yield Static(plain("\nKeys\n" + "\n".join(lines)), markup=False)
            yield Static(plain("\nEsc closes this."), classes="hint", markup=False)
