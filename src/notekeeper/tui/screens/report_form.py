"""What is chosen of a report: of each of its clients, and which files are to be written.

What always holds: risk is left out until it is chosen; what is typed for one client is never another's.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Checkbox, Input, Static

from notekeeper.errors import UsageError
from notekeeper.services.approving_files import USUAL
from notekeeper.services.reporting import ReportChoices
from notekeeper.tui.base import plain
from notekeeper.tui.widgets import Tick

_TICKS, _TEXTS = ("risk", "supervision", "patterns"), ("question", "more", "start", "end")


@dataclass(frozen=True, slots=True)
class OfClient:
    """What is chosen of one client, as typed."""

    risk: bool = False
    supervision: bool = False
    patterns: bool = True
    question: str = ""
    more: str = ""
    start: str = ""
    end: str = ""
    quotations: tuple[tuple[int, str], ...] = field(default=(), repr=False)

    def choices(self) -> ReportChoices:
        """As the report takes it. Raises `UsageError` for a date that is none."""
        return ReportChoices(
            start=_day(self.start),
            end=_day(self.end),
            risk=self.risk,
            supervision=self.supervision,
            patterns=self.patterns,
            question=self.question,
            questions=tuple(filter(None, (each.strip() for each in self.more.split(";")))),
            quotations=self.quotations,
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """The files to write: `kinds` by ending beside the JSON, all of them in one sealed bundle if `bundle`, which is for
    the holder of `key`, or for a passphrase where that is empty."""

    folder: Path
    kinds: tuple[str, ...]
    bundle: bool
    key: str

    def words(self) -> str:
        """In a few words."""
        files = ", ".join(("json", *self.kinds))
        return f"one sealed bundle of {files}" if self.bundle else files


class ReportFields(VerticalScroll, can_focus=False):
    """The fields of the page. Those at the top are about one client at a time, the others about the whole report."""

    def compose(self) -> ComposeResult:
        yield Static(id="whose", classes="label", markup=False)
        yield Tick("Risk and safeguarding, in my words", id="risk")
        with Horizontal(id="parts"):
            yield Tick("My supervision notes", id="supervision")
            yield Tick("Patterns that I signed", value=True, id="patterns")
        yield _field("question", "Question to bring", 600)
        with Horizontal():
            yield _field("start", "From", 10)
            yield _field("end", "To", 10)
        yield _field("more", "Two more questions; like this", 600)
        yield Static(id="quoted", markup=False)
        yield Static(plain("The whole report"), classes="label", markup=False)
        yield _field("others", "Other clients, as in: C002 C007", 80)
        yield _field("folder", "Folder", 1000)
        with Horizontal(id="kinds"):
            yield Tick("PDF as well", id="pdf")
            yield Tick("Markdown too", id="md")
        yield Tick("One sealed bundle instead", id="bundle")
        yield _field("key", "For an age key; else a passphrase", 100)

    def show(self, code: str, place: int, count: int, chosen: OfClient) -> None:
        """Fill in what is chosen of one client, the one at `place` of `count`."""
        self.set_class(count > 1, "several")
        self.query_one("#whose", Static).update(plain(f"Of {code}, {place + 1} of {count}; F6 the next"))
        for name in _TICKS:
            self.query_one(f"#{name}", Checkbox).value = getattr(chosen, name)
        for name in _TEXTS:
            self.query_one(f"#{name}", Input).value = getattr(chosen, name)
        self.show_quoted(len(chosen.quotations))

    def show_quoted(self, count: int) -> None:
        """How many sentences are quoted."""
        self.query_one("#quoted", Static).update(plain(f"Quotations: {count or 'none'}. F7 chooses each."))

    def read(self, before: OfClient) -> OfClient:
        """What is typed for the client that is shown; quotations as before."""
        return OfClient(
            risk=self._ticked("risk"),
            supervision=self._ticked("supervision"),
            patterns=self._ticked("patterns"),
            question=self.value("question"),
            more=self.value("more"),
            start=self.value("start"),
            end=self.value("end"),
            quotations=before.quotations,
        )

    def _ticked(self, name: str) -> bool:
        return self.query_one(f"#{name}", Checkbox).value

    def value(self, name: str) -> str:
        """The text of one field."""
        return self.query_one(f"#{name}", Input).value.strip()

    def wanted(self) -> Wanted:
        """Which files, and where."""
        more = tuple(name for name in ("pdf", "md") if self._ticked(name))
        return Wanted(
            Path(self.value("folder")).expanduser(), (*USUAL, *more), self._ticked("bundle"), self.value("key")
        )


def _field(name: str, title: str, most: int) -> Input:
    field = Input(id=name, max_length=most, select_on_focus=False)
    field.border_title = title
    return field


def _day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw) if raw else None
    except ValueError:
        raise UsageError("A date is written YYYY-MM-DD, like 2026-03-14, or left empty.") from None
