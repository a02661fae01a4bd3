"""One's own view and the draft side by side, to compare; nothing is decided here."""

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from notekeeper.domain.draft import Draft
from notekeeper.domain.review import OwnView
from notekeeper.tui.base import Box, plain


class SideBySideBox(Box[None]):
    """Left what the therapist wrote, right what the model suggests."""

    DEFAULT_CSS = """
    SideBySideBox .box { width: 110; }
    SideBySideBox Horizontal { height: auto; }
    SideBySideBox .side { width: 1fr; height: auto; padding: 0 1; }
    """

    def __init__(self, own: OwnView, draft: Draft | None) -> None:
        super().__init__()
        self._own, self._draft = own, draft

    def compose(self) -> ComposeResult:
        own, draft = self._own, self._draft
        focus = draft.focus.text if draft and draft.focus else ""
        labels = [theme.label for theme in draft.themes] if draft else []
        with VerticalScroll(classes="box"):
            with Horizontal():
                yield _side("My view", own.focus or "", [theme.label for theme in own.themes])
                yield _side("The draft", focus, labels)
            yield Static(plain("\nEsc closes this."), classes="hint", markup=False)


def _side(title: str, focus: str, themes: list[str]) -> Static:
    lines = [title, "", f"Focus: {focus or 'none'}", "", "Themes:", *(f"- {label}" for label in themes or ["none"])]
    return Static(plain("\n".join(lines)), classes="side", markup=False)
