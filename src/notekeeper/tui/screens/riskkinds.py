"""Risk by kind, in the risk entry: one row a kind, worked by single keys.

What always holds: a row holds nothing until a key chooses something; what it does not hold is shown as not recorded.
"""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from notekeeper.domain.risk import KindOfRisk, RiskAnswer, RiskEntry, RiskKind, RiskState, RiskWhen
from notekeeper.tui.base import plain

_STATES, _WHENS = tuple(RiskState), tuple(RiskWhen)
_ANSWERS = (None, *RiskAnswer)
_LEGEND = "1–5 as above, 0 takes it back · w past or current\nt thoughts · p plan · i intent: each press goes on"


class KindRow(Widget, can_focus=True):
    """One kind. `value` is None until a state is chosen for it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "app.focus_previous", "Up", show=False),
        Binding("down,j", "app.focus_next", "Down", show=False),
        *(Binding(str(n), f"choose({n - 1})", show=False) for n in range(1, len(_STATES) + 1)),
        Binding("0,delete,backspace", "clear", "Take back", show=False),
        Binding("w", "when", "Past or current", show=False),
        *(Binding(name[0], f"answer('{name}')", show=False) for name in ("thoughts", "plan", "intent")),
    ]
    DEFAULT_CSS = """
    KindRow { height: auto; width: 1fr; padding: 0 0 0 1; }
    KindRow:focus { background: $primary 30%; }
    """

    @dataclass
    class Changed(Message):
        """Something was chosen or taken back."""

        row: "KindRow"

    value: reactive[KindOfRisk | None] = reactive(None, layout=True)

    def __init__(self, kind: RiskKind, value: KindOfRisk | None) -> None:
        super().__init__()
        self.kind = kind
        self.set_reactive(KindRow.value, value)

    def render(self) -> Content:
        said = self.value.words if self.value else RiskState.NOT_RECORDED.words
        return plain(f"{'▸' if self.has_focus else ' '} {self.kind.words}: {said}")

    def _become(self, value: KindOfRisk | None) -> None:
        self.value = value
        self.post_message(self.Changed(self))

    def action_choose(self, place: int) -> None:
        state = _STATES[place]
        chosen = (
            self.value.model_copy(update={"state": state}) if self.value else KindOfRisk(kind=self.kind, state=state)
        )
        self._become(chosen)

    def action_clear(self) -> None:
        self._become(None)

    def action_when(self) -> None:
        """Past, current, both, not said, in turn."""
        if self.value is not None:
            place = (_WHENS.index(self.value.when) + 1) % len(_WHENS)
            self._become(self.value.model_copy(update={"when": _WHENS[place]}))

    def action_answer(self, name: str) -> None:
        """Yes, no, not asked, nothing, in turn; harm from others has none."""
        if self.value is not None and self.kind.by_the_client:
            place = (_ANSWERS.index(getattr(self.value, name)) + 1) % len(_ANSWERS)
            self._become(self.value.model_copy(update={name: _ANSWERS[place]}))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.focus()


class KindRows(Vertical):
    """All four kinds."""

    DEFAULT_CSS = """
    KindRows { height: auto; border-left: thick $primary; }
    KindRows .hint { padding: 0 0 0 3; }
    """

    def __init__(self, entry: RiskEntry | None, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._given = entry

    def compose(self) -> ComposeResult:
        for kind in RiskKind:
            yield KindRow(kind, self._given.of(kind) if self._given else None)
        yield Static(plain(_LEGEND), classes="hint", markup=False)

    @property
    def kinds(self) -> tuple[KindOfRisk, ...]:
        """Those that were chosen."""
        return tuple(row.value for row in self.query(KindRow) if row.value is not None)
