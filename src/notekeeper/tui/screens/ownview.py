"""The therapist's own view: focus and themes in their words, before a draft is shown or without any.

What always holds: the draft is not shown here; a theme needs no evidence; what is written is kept when it rests for a
moment and whenever the page is left; one key goes on, whether anything was written or not.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from notekeeper.domain.note import Client, Note
from notekeeper.domain.risk import RiskEntry
from notekeeper.domain.text import Sentence
from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.services.evidence import standing
from notekeeper.services.own_view import lines_of, mended, numbered, themes_of
from notekeeper.services.reviewing import FinishForm, OwnThemeForm, finish
from notekeeper.tui.base import plain
from notekeeper.tui.messages import DraftFailed, DraftMade
from notekeeper.tui.screens.drafting import DraftingPage, DraftLine
from notekeeper.tui.screens.riskbox import RiskBox, risk_words
from notekeeper.tui.widgets import ShortText

_SETTLE_S = 1.0
_HINT = (
    "One theme a line, in up to ten words. Brackets at its end may name sentences: Quiet after moving (3, 5). "
    "Themes reach reports: no names, no quotations."
)


class OwnViewPage(DraftingPage):
    """Own focus and themes of a note that has saved text. `finishing` says that no draft is expected."""

    TITLE = "My view"
    HELP = """
Write what the session was about, and its themes as you see them, before you see any draft. Both are yours and enter
the record when you sign; a theme may name the sentences it rests on by their numbers.
F6 goes on to the draft, whether you wrote anything or not; it asks for one if there is none yet.
F3 is the risk entry. F9 signs: without a draft that finishes the note without AI.
"""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - mypy takes Textual's own for no ClassVar
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "risk", "Risk", id="own.risk", tooltip="Risk and safeguarding"),
        Binding("f5,ctrl+s", "save", "Save", id="own.save", key_display="F5"),
        Binding("f6", "draft", "To the draft", id="own.draft"),
        Binding("f9", "sign", "Sign", id="own.sign"),
    ]
    OPENS = "F6 shows it"
    FINISHES = "F9"
    DEFAULT_CSS = """
    OwnViewPage #own { height: 1fr; }
    OwnViewPage.-narrow #own { layout: vertical; }
    OwnViewPage #own-note { width: 1fr; height: 1fr; }
    OwnViewPage #own-fields { width: 1fr; height: auto; max-height: 100%; }
    OwnViewPage.-wide #own-note { border-right: solid $primary; padding: 0 1 0 0; }
    OwnViewPage.-wide #own-fields { padding: 0 0 0 1; }
    OwnViewPage #own-focus { height: 4; }
    OwnViewPage #own-themes { height: 7; }
    OwnViewPage.-wide #own-themes { height: 12; }
    """

    def __init__(self, client: Client, note: Note, *, finishing: bool = False) -> None:
        super().__init__(client, note)
        self._about, self._finishing = note, finishing
        self._sentences: list[Sentence] = []
        self._kept: tuple[str, str] = ("", "")
        self._seen = self._kept
        self._waiting = False

    def body(self) -> ComposeResult:
        latest = self.vault.notes.latest(self._about.id)
        self._sentences = numbered(latest.text) if latest else []
        own = standing(self.vault.reviews.own(self._about.id), latest.text if latest else "")
        self._kept = self._seen = (own.focus or "", lines_of(own, self._sentences))
        with Horizontal(id="own"):
            with VerticalScroll(id="own-note"):
                yield Static(plain("\n".join(f"{s.number:>3}  {s.text}" for s in self._sentences)), markup=False)
            with VerticalScroll(id="own-fields", can_focus=False):
                yield ShortText(self._kept[0], most=400, title="Focus of the session, as I see it", id="own-focus")
                yield ShortText(self._kept[1], most=4000, title="Themes, as I see them", id="own-themes")
                yield Static(plain(_HINT), classes="hint", markup=False)
                yield Static(id="own-risk", markup=False)
        yield DraftLine()

    def on_mount(self) -> None:
        ways = "finish without AI · risk (F3), focus, themes, then sign (F9)" if self._finishing else "before the draft"
        self.banner(f"{self.client.code}/{self._about.number} · My view, {ways}")
        self.query_one("#own-focus", ShortText).focus()
        self.look_for_draft()
        self._show_risk()
        self.set_interval(_SETTLE_S, self._settle)

    def _written(self) -> tuple[str, str]:
        return self.query_one("#own-focus", ShortText).text, self.query_one("#own-themes", ShortText).text

    def _keep(self, themes: tuple[OwnThemeForm, ...]) -> None:
        written = self._written()
        finish(self.vault, self._about, FinishForm(focus=" ".join(written[0].split()), themes=themes), ())
        self._kept = written

    def _settle(self) -> None:
        """Keep what has not changed since the last look and can stand; the rest waits for its correction."""
        seen, self._seen = self._seen, self._written()
        if self._seen != seen or self._seen == self._kept:
            return
        try:
            self._keep(themes_of(self._seen[1], len(self._sentences)))
        except UsageError:
            return
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)

    def keep(self) -> None:
        """What is written, into the vault: cut so that it can stand, where it could not."""
        if self._about.signed or not self.query("#own-themes") or self._written() == self._kept:
            return
        lines = self._written()[1]
        try:
            themes = themes_of(lines, len(self._sentences))
        except UsageError:
            themes = mended(lines)
        self._keep(themes)

    def _save(self) -> bool:
        """Keep what is written as it is written. False after telling which line cannot stand."""
        if self._written() == self._kept:
            return True
        try:
            self._keep(themes_of(self._written()[1], len(self._sentences)))
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return False
        return True

    def action_save(self) -> None:
        if self._save():
            self.tell("Your view is kept. It enters the record when you sign.")

    def action_back(self) -> None:
        if self._save():
            self.dismiss()

    def action_draft(self) -> None:
        """On to the draft: shown if it is there, asked for if not, waited for while it is made."""
        if not self._save():
            return
        self.look_for_draft()
        if self.has_draft:
            self._show_draft_page()
        elif self.drafting or self.begin_draft():
            self._waiting = True
            self.tell("The draft opens here when it is made.")

    def draft_made(self, message: DraftMade) -> None:
        super().draft_made(message)
        if self._waiting and self.has_draft and self.is_current and self._save():
            self._show_draft_page()

    def draft_failed(self, message: DraftFailed) -> None:
        super().draft_failed(message)
        self._waiting = self._waiting and self.drafting

    def _show_draft_page(self) -> None:
        from notekeeper.tui.screens.review import ReviewPage

        self.app.switch_screen(ReviewPage(self.client, self._about))

    def action_risk(self) -> None:
        self.app.push_screen(RiskBox.of(self.vault, self._about), self._show_risk)

    def _show_risk(self, _: RiskEntry | None = None) -> None:
        entry = self.vault.reviews.risk(self._about.id)
        self.query_one("#own-risk", Static).update(plain(f"{risk_words(entry)} · F3"))

    def action_sign(self) -> None:
        """Sign. With a draft that is not reviewed, the box says what still awaits a decision."""
        if self._save():
            from notekeeper.tui.screens.signing import offer_to_sign

            offer_to_sign(self, self.client, self._about)
