"""Quotations, one by one: each sentence behind a signed theme, and whether it is quoted.

What always holds: nothing is quoted that was not chosen here by itself; there is no key for all of them.
"""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from notekeeper.domain.note import Client
from notekeeper.errors import NotekeeperError
from notekeeper.reports.quoted import MAX_QUOTATIONS
from notekeeper.services.quoting import Quotable, quotable
from notekeeper.services.reporting import ReportChoices
from notekeeper.tui.base import Page, plain
from notekeeper.tui.table import ReadLines

_Chosen = tuple[tuple[int, str], ...]


class QuotePage(Page):
    """The sentences of `client` that may be quoted; `take` is given what is chosen after each change."""

    TITLE = "Quotations"
    HELP = """
Sentences of the notes that stand behind a theme you signed. Space quotes the sentence at the cursor in the report, and
takes it out again: each is chosen by itself, and is asked about once more before the report is approved. A quotation
may tell somebody who the client is by how they speak. Below stands the whole sentence. Esc goes back to the report.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "turn", "Quote", id="quoting.turn")]
    CSS = """
    QuotePage #body { padding: 0; }
    QuotePage ReadLines, QuotePage ReadLines:focus { height: 2fr; border: none; background: $background; }
    QuotePage #sentence { height: 1fr; min-height: 5; border-top: solid $primary; padding: 0 1; }
    """

    def __init__(self, client: Client, choices: ReportChoices, take: Callable[[_Chosen], None]) -> None:
        super().__init__()
        self._client, self._choices, self._take = client, choices, take
        self._chosen = list(choices.quotations)
        self._offered: tuple[Quotable, ...] = ()

    def body(self) -> ComposeResult:
        yield ReadLines(id="quotable", markup=False)
        with VerticalScroll(id="sentence", can_focus=False):
            yield Static(id="sentence-text", markup=False)

    def on_mount(self) -> None:
        try:
            self._offered = quotable(self.vault, self._client, self._choices)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
        lines = self.query_one(ReadLines)
        lines.add_options([Option(plain(self._line(each))) for each in self._offered])
        lines.focus()
        self._count()
        if self._offered:
            lines.highlighted = 0
        else:
            self.tell("No sentence stands behind a theme that is signed in this period, so there is none to quote.")

    def _line(self, each: Quotable) -> str:
        words = " ".join(each.text.split())
        return f"[{'✓' if each.chosen in self._chosen else ' '}] Session {each.session}, {each.label}: {words}"

    def _count(self) -> None:
        count = sum(each.chosen in self._chosen for each in self._offered)
        self.banner(f"{self._client.code} · Quotations · {count} of {len(self._offered)} quoted")

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._show(self._offered[event.option_index])

    def _show(self, each: Quotable) -> None:
        standing = "Quoted" if each.chosen in self._chosen else "Not quoted"
        said = f"{standing}. Session {each.session}, behind the theme {each.label}:\n“{each.text}”"
        self.query_one("#sentence-text", Static).update(plain(said))

    @on(OptionList.OptionSelected)
    def action_turn(self) -> None:
        """Quote the sentence, or no longer."""
        lines = self.query_one(ReadLines)
        if lines.highlighted is None:
            return
        each = self._offered[lines.highlighted]
        if each.chosen in self._chosen:
            self._chosen.remove(each.chosen)
        elif len(self._chosen) >= MAX_QUOTATIONS:
            self.tell(f"A page has room for {MAX_QUOTATIONS} quotations.", trouble=True)
            return
        else:
            self._chosen.append(each.chosen)
        self._take(tuple(self._chosen))
        lines.replace_option_prompt_at_index(lines.highlighted, plain(self._line(each)))
        self._show(each)
        self._count()
