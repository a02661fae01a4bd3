"""The editor: the record and, apart from it, process notes; risk beside the text; the ways to draft and to finish.

What always holds: what is typed is in the vault within a second or two, and before this page is left for any reason;
a key costs nothing here that grows with the note.
"""

from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import ContentSwitcher, Static, TextArea

from notekeeper.domain.note import Client, Note, NotePart
from notekeeper.domain.risk import RiskEntry
from notekeeper.domain.vault import Vault
from notekeeper.errors import AgreementMissingError, NotekeeperError, UsageError
from notekeeper.services.caseload import kind_words
from notekeeper.services.consent import permit_for
from notekeeper.services.risk import reminder_of
from notekeeper.services.templates import format_words
from notekeeper.tui.base import plain
from notekeeper.tui.messages import TextKept
from notekeeper.tui.screens.drafting import STOP, DraftingPage, DraftLine
from notekeeper.tui.screens.newnote import NewNote, NewNoteBox
from notekeeper.tui.screens.riskbox import RiskBox, RiskForm, risk_words
from notekeeper.tui.screens.sheets import Sheets
from notekeeper.tui.widgets import NoteText

LOOK_EVERY_S = 0.5
APART = "Kept apart from AI and reports; still personal data and may be disclosable"
_SIDE_PANEL_FROM = 100


class EditorPage(DraftingPage):
    """Write a note of `client`: `note`, or a new one that is asked about first."""

    TITLE = "Note"
    HELP = """
Type. What you type is kept in the encrypted vault as you go; F5 saves it as a revision, and so does leaving.
If the disk is full or gone, what you type stays here: a sentence says so, and F5 tries again once the disk is back.
F2 goes to your process notes and back: a text of their own, kept apart from AI and reports.
F3 opens the risk entry beside the text, and again closes it. Nothing in it is filled in for you. If the note has words
of risk that the entry does not record, F5 says which and where; that it says nothing does not mean no risk.
F4 lets you write your own view before you see a draft. F6 asks for a draft, if the client agreed to AI drafting.
F7 shows earlier revisions of this text, and what changed. F9 moves a note that was filed under the wrong client.
F8 finishes: beside the draft if there is one, else with your own focus and themes, without AI.
Ctrl+Z undoes. Cut, copy and paste work inside notekeeper; nothing is put where other programs read it.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "other_part('process')", "Process", id="editor.process", tooltip="Process notes"),
        Binding("f2", "other_part('record')", "Record", id="editor.record", tooltip="Back to the record"),
        Binding("f3", "risk", "Risk", id="editor.risk", tooltip="Risk and safeguarding"),
        Binding("f4", "own_view", "View", id="editor.own", tooltip="Your own focus and themes, before the draft"),
        Binding("f5,ctrl+s", "save", "Save", id="editor.save", key_display="F5"),
        Binding("f6", "draft", "Draft", id="editor.draft", tooltip="Ask for a draft of what is saved"),
        STOP,
        Binding("f7", "revisions", "Earlier revisions, and what changed", show=False, id="editor.revisions"),
        Binding("f8", "finish", "Finish", id="editor.finish", tooltip="Review the draft, or finish without AI"),
        Binding("f9", "wrong_file", "Filed under the wrong client", show=False, id="editor.wrong_file"),
    ]
    DEFAULT_CSS = """
    EditorPage #desk { height: 1fr; }
    EditorPage #parts { width: 1fr; height: 1fr; }
    EditorPage #side { width: 46; height: 1fr; display: none; border-left: solid $primary; }
    EditorPage #apart { display: none; height: auto; background: $warning; color: black; }
    EditorPage.process #apart { display: block; }
    EditorPage.process #parts { border-left: thick $warning; padding: 0 0 0 1; }
    EditorPage #status { height: auto; max-height: 2; }
    """

    def __init__(self, client: Client, note: Note | None = None) -> None:
        super().__init__(client, note)
        self._wanted: NewNote | None = None
        self._sheets: Sheets | None = None
        self._said = ""
        self._warmed = self._warned_stale = self._not_kept = False

    def body(self) -> ComposeResult:
        yield Static(plain(APART), id="apart", markup=False)
        with Horizontal(id="desk"):
            with ContentSwitcher(initial=NotePart.RECORD.value, id="parts"):
                for part in NotePart:
                    yield NoteText(id=part.value)
            yield VerticalScroll(id="side", can_focus=False)
        yield DraftLine()
        yield Static(id="status", markup=False)

    def on_mount(self) -> None:
        if self.note is None:
            self.app.push_screen(NewNoteBox(self.client), self._begin)
        else:
            self._open()
        self.set_interval(LOOK_EVERY_S, self._look)

    def _begin(self, wanted: NewNote | None) -> None:
        self._wanted = wanted
        if wanted is None:
            self.dismiss()
        else:
            self._open()

    def _open(self) -> None:
        areas = {part: self.query_one(f"#{part.value}", NoteText) for part in NotePart}
        sheets = self._sheets = Sheets(self.vault, self.client, self.note, self._wanted, areas)
        for area in areas.values():
            area.read_only = self.note is not None and self.note.signed
        record = areas[NotePart.RECORD]
        if self._wanted is not None and record.document.line_count > 2:
            record.move_cursor((1, 0))  # below the first heading
        else:
            record.to_the_end()
        record.focus()
        self._show_banner()
        self._show_all()
        if (since := sheets.recovered()) is not None:
            self.tell(
                f"Text typed here was kept but never saved (last kept {since.astimezone():%d %B, %H:%M}). It is shown "
                "whole, and F5 saves it."
            )
        elif self.note is not None and (said := self._received()):
            self.tell(said)

    def _received(self) -> str:
        from notekeeper.services.misfiled import received_words

        try:
            return received_words(self.vault, self.note) if self.note is not None else ""
        except NotekeeperError as error:
            return str(error)

    @property
    def _part(self) -> NotePart:
        return NotePart.PROCESS if self.has_class("process") else NotePart.RECORD

    @on(TextArea.Changed, "NoteText")
    def _touched(self, event: TextArea.Changed) -> None:
        if self._sheets is not None:
            self._sheets.touch(event.text_area)

    def _look(self) -> None:
        """Twice a second: keep what changed."""
        if self._sheets is None or self.keeper.vault is None:
            return
        changed = self._sheets.touched
        try:
            kept = self._take()
        except NotekeeperError as error:
            self._said, self._not_kept = "NOT KEPT ✗", True
            self.tell(f"{error} What you typed stays here. F5 tries again.", trouble=True)
            kept = True
        else:
            if kept and self._not_kept:
                self._not_kept = False
                self.tell("It is kept now ✓")
        if changed:
            self._warm()
        if changed or kept:
            self._show_status()

    def _take(self, *, at_once: bool = False) -> bool:
        if self._sheets is None or not self._sheets.take(at_once=at_once):
            return False
        self._follow_note(self._sheets)
        self._said = f"kept {datetime.now():%H:%M:%S} ✓"  # noqa: DTZ005 - the clock on the wall
        if self.note is not None:
            self.app.post_message(TextKept(self.note.id, saved=False))
        return True

    def _follow_note(self, sheets: Sheets) -> None:
        """Know the note once it is in the vault."""
        if self.note is None and sheets.note is not None:
            self.note = sheets.note
            self._show_banner()

    def _warm(self) -> None:
        """Let the models load while the therapist types, if the client agreed to drafting."""
        room = self.keeper.room
        if not self._warmed and room is not None:
            self._warmed = True
            with suppress(AgreementMissingError):
                permit_for(self.vault, self.client)
                room.warm()

    def keep(self) -> None:
        """Text and risk entry into the vault, now."""
        self._take(at_once=True)
        for form in self.query(RiskForm):
            form.keep_entry()

    def _save(self, *needed: NotePart) -> bool:
        """Save as revisions. False after telling why something could not be saved; it stays kept."""
        if self._sheets is None:
            return False
        try:
            self._sheets.save(*needed)
        except NotekeeperError as error:
            self.tell(str(error), trouble=True)
            return False
        self._follow_note(self._sheets)
        self._show_all()
        return True

    def action_save(self) -> None:
        if self._save(self._part) and self._sheets is not None and (saved := self._sheets.latest(self._part)):
            self.tell(f"Saved as revision {saved.number}.{self._reminded()}")
            self.app.post_message(TextKept(saved.note_id, saved=True))

    def _reminded(self) -> str:
        """What the saved record mentions of risk that is not recorded, in words for this screen alone."""
        if self.note is None or self._part is not NotePart.RECORD:
            return ""
        found = reminder_of(self.vault, self.note)
        return f" ! {found.sentence_with_places} F3 records it." if found else ""

    def action_back(self) -> None:
        """From the risk panel to the text; from the text back, with everything typed saved."""
        if self._panel_is_open:
            self.action_risk()
            return
        try:
            self.keep()
            if self._sheets is not None:
                self._sheets.save()
        except NotekeeperError as error:
            self.tell(f"{error} You are still here, so that nothing is lost.", trouble=True)
            return
        self.dismiss()

    def action_other_part(self, part: str) -> None:
        self.set_class(part == NotePart.PROCESS.value, "process")
        self.refresh_bindings()
        self.query_one(ContentSwitcher).current = self._part.value
        self.query_one(f"#{self._part.value}").focus()
        self._show_banner()
        self._show_status()

    @property
    def _panel_is_open(self) -> bool:
        return bool(self.query(RiskForm))

    def action_risk(self) -> None:
        """Open the risk entry beside the text, or in a box where there is no room; or close it."""
        side = self.query_one("#side")
        if self._panel_is_open:
            try:
                self.query_one(RiskForm).keep_entry()
            except NotekeeperError as error:
                self.tell(str(error), trouble=True)
                return
            self.query(RiskForm).remove()
            side.display = False
            self.query_one(f"#{self._part.value}").focus()
        elif self.size.width >= _SIDE_PANEL_FROM:
            form = RiskForm(self._risk, self._keep_risk, self._about_note)
            side.display = True
            side.mount(form)
            self.call_after_refresh(form.begin)
        else:
            self.app.push_screen(RiskBox(self._risk, self._keep_risk, self._about_note))

    @property
    def _risk(self) -> RiskEntry | None:
        return self.vault.reviews.risk(self.note.id) if self.note else None

    def _about_note(self) -> tuple[Vault, Note]:
        """The note that a follow-up may come from, put into the vault if it is not there yet."""
        if self._sheets is None:
            raise UsageError("The note is not open yet. Nothing was changed.")
        note = self._sheets.in_the_vault()
        self._follow_note(self._sheets)
        return self.vault, note

    def _keep_risk(self, entry: RiskEntry) -> None:
        if self._sheets is not None:
            self.vault.reviews.set_risk(self._sheets.in_the_vault().id, entry)
            self._follow_note(self._sheets)
            self._show_status()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a draft is made, the key that stops it stands in the place of the one that asks for it, and F7 is that
        key alone; F2 names the part that it goes to."""
        if action == "revisions":
            return not self.drafting
        if action == "other_part":
            return parameters != (self._part.value,)
        if action == "wrong_file":  # beside the risk entry F9 adds a follow-up
            return self.is_mounted and not self._panel_is_open
        return not self.drafting if action == "draft" else super().check_action(action, parameters)

    def action_draft(self) -> None:
        if self._save(NotePart.RECORD):
            self.begin_draft()

    def action_own_view(self) -> None:
        if self._save(NotePart.RECORD):
            self._to_own_view(finishing=False)

    def action_finish(self) -> None:
        if not self._save(NotePart.RECORD) or self.note is None:
            return
        if self.has_draft:
            from notekeeper.tui.screens.review import ReviewPage

            self.app.push_screen(ReviewPage(self.client, self.note))
        elif self.stale_draft and not self._warned_stale:
            self._warned_stale = True
            self.tell("The draft was made from older text. F6 drafts again; F8 once more finishes without AI.")
        else:
            self._to_own_view(finishing=True)

    def action_revisions(self) -> None:
        from notekeeper.tui.screens.revisions import RevisionsPage

        try:
            self.keep()
        except NotekeeperError as error:
            self.tell(f"{error} You are still here, so that nothing is lost.", trouble=True)
            return
        if self.note is None:
            self.tell("Nothing of this note was saved yet. F5 saves it.")
            return
        self.app.push_screen(RevisionsPage(self.client, self.note, self._part))

    def action_wrong_file(self) -> None:
        """Ask for the right client and move the note to their file."""
        from notekeeper.tui.screens.misfiled import MoveBox

        if self.drafting:
            self.tell("A draft is being made. Stop it first, with F7; then F9 moves the note.")
            return
        try:
            self.keep()
            if self._sheets is not None:  # as leaving saves: what is only kept cannot be searched for in the right file
                self._sheets.save()
        except NotekeeperError as error:
            self.tell(f"{error} You are still here, so that nothing is lost.", trouble=True)
            return
        if self.note is None:
            self.tell("This note is not in the vault yet. Go back with Esc and write it in the right file.")
            return
        self.app.push_screen(MoveBox(self.vault, self.client, self.note), self._moved)

    def _moved(self, moved: tuple[Client, Note] | None) -> None:
        if moved is not None:
            self._sheets = None  # nothing is kept under the old note any more
            self.dismiss()

    def _to_own_view(self, *, finishing: bool) -> None:
        from notekeeper.tui.screens.ownview import OwnViewPage

        if self.note is not None:
            self.app.push_screen(OwnViewPage(self.client, self.note, finishing=finishing))

    def on_screen_resume(self) -> None:
        """Another page was over this one: the note may be signed now, or its draft gone."""
        if self._sheets is None or self.keeper.vault is None:
            return
        if not self.reread_note():
            self._sheets.note = self.note
            self.dismiss()
            return
        self._show_all()

    def _show_all(self) -> None:
        self.look_for_draft()
        self._show_status()

    def _show_banner(self) -> None:
        about = self.note or self._wanted
        if about is None:
            return
        day = about.date if isinstance(about, Note) else about.day
        words = [f"{self.client.code}/{self.note.number}" if self.note else f"{self.client.code}, new"]
        words += [kind_words(about.kind).capitalize(), format_words(about.format), f"{day:%d %b %Y}"]
        words += ["PROCESS NOTES"] if self._part is NotePart.PROCESS else []
        words += ["SIGNED"] if self.note and self.note.signed else []
        self.banner(" · ".join(words))

    def _show_status(self) -> None:
        """The line of status. It counts the words, so it is shown when something was kept and not at every key."""
        if self._sheets is None:
            return
        latest = self._sheets.latest(self._part)
        words = [
            f"{len(self._sheets[self._part].area.text.split()):,} words",
            self._said,
            f"saved as revision {latest.number}" if latest else "not saved yet",
            risk_words(self._risk),
        ]
        self.query_one("#status", Static).update(plain(" · ".join(word for word in words if word)))
