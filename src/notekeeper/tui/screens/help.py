"""F1: what this screen is for, and its keys."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from notekeeper.tui.base import Box, Page, plain

_PALETTE, _PALETTE_WORDS = "app.command_palette", "Everything else by name"


class HelpBox(Box[None]):
    """The help of one page: its words, then the keys that a person needs there."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box"):
            yield Static(plain(self._page.TITLE or "notekeeper"), classes="label", markup=False)
            yield Static(plain(self._page.HELP.strip()), markup=False)
            yield Static(plain("\nKeys\n" + "\n".join(self._lines())), markup=False)
            yield Static(plain("\nEsc closes this."), classes="hint", markup=False)

    def _lines(self) -> list[str]:
        """A line for each thing that a key does here: the page's own first, then the app's. A key has an id when it
        is notekeeper's; what Textual's fields do with arrows and the like needs no telling."""
        keys: dict[str, list[str]] = {}
        for active in sorted(self._page.active_bindings.values(), key=lambda each: each.node is not self._page):
            binding = active.binding
            if (binding.id or binding.action == _PALETTE) and binding.description and active.enabled:
                words = _PALETTE_WORDS if binding.action == _PALETTE else binding.tooltip or binding.description
                shown = keys.setdefault(words, [])
                name = self.app.get_key_display(binding)
                if name not in shown:
                    shown.append(name)
        if len(self._page.focus_chain) > 1:
            keys["Next field or part, and back"] = ["tab", "shift+tab"]
        return [f"  {' '.join(names):<14} {description}" for description, names in keys.items()]
