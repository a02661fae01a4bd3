"""The two texts of a note, on the screen and in the vault: the record, and the process notes.

What always holds: a text is taken from the screen only after it changed; what Textual does to line breaks when it
shows a text is no change; a new note enters the client's file with its first words and not before; a signed note
takes no text.
"""

from collections.abc import Mapping
from datetime import datetime

from notekeeper.domain.note import Client, Note, NotePart, Revision
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.services.templates import template
from notekeeper.services.writing import Typing, check_text, new_note
from notekeeper.tui.screens.newnote import NewNote
from notekeeper.tui.widgets import NoteText


class Sheet:
    """One part on the screen. `touched`: it changed since it was last looked at. `taken`: something was typed since
    it was opened. `pending`: something typed is not in the vault yet."""

    def __init__(self, part: NotePart, area: NoteText, typing: Typing | None, begun: str) -> None:
        self.part, self.area, self.typing = part, area, typing
        area.load_text(typing.text if typing else begun)
        self.begun = area.text
        self.touched = self.taken = self.pending = False


class Sheets:
    """Both parts of `note`, or of the note that is `wanted` and not in the vault yet."""

    def __init__(
        self,
        vault: Vault,
        client: Client,
        note: Note | None,
        wanted: NewNote | None,
        areas: Mapping[NotePart, NoteText],
    ) -> None:
        self._vault, self._client, self.note, self._wanted = vault, client, note, wanted
        begun = wanted.begun or template(wanted.kind, wanted.format) if wanted else ""
        self._sheets = {
            part: Sheet(
                part, area, Typing(vault, note, part) if note else None, begun if part is NotePart.RECORD else ""
            )
            for part, area in areas.items()
        }

    def __getitem__(self, part: NotePart) -> Sheet:
        return self._sheets[part]

    def touch(self, area: object) -> None:
        """This text area changed. Costs the same whatever the note's length."""
        for sheet in self._sheets.values():
            sheet.touched = sheet.touched or sheet.area is area

    @property
    def touched(self) -> bool:
        return any(sheet.touched for sheet in self._sheets.values())

    def latest(self, part: NotePart) -> Revision | None:
        """The newest revision of a part."""
        return self._vault.notes.latest(self.note.id, part) if self.note else None

    def recovered(self) -> datetime | None:
        """When typing that is shown but was never saved was last kept; None when there is none."""
        for part in self._sheets:
            working, latest = (self._vault.notes.working(self.note.id, part) if self.note else None), self.latest(part)
            if working is not None and working.text != (latest.text if latest else ""):
                return working.saved_at
        return None

    def in_the_vault(self) -> Note:
        """The note, put into the client's file now if it was not there yet. Raises `UsageError`."""
        if self.note is None:
            if self._wanted is None:
                raise UsageError("There is no note here yet.")
            wanted = self._wanted
            self.note = new_note(self._vault, self._client, wanted.day, wanted.kind, wanted.format)
        return self.note

    def take(self, *, at_once: bool = False) -> bool:
        """Put what was typed into the vault when its time has come, or `at_once`. True when something was kept."""
        if self.note is not None and self.note.signed:
            return False
        kept = False
        for sheet in self._sheets.values():
            if sheet.touched:
                kept = self._take(sheet) or kept
            elif sheet.pending and sheet.typing is not None and sheet.typing.tick():
                sheet.pending, kept = False, True
            if at_once and sheet.pending and sheet.typing is not None:
                sheet.typing.keep()
                sheet.pending, kept = False, True
        return kept

    def _take(self, sheet: Sheet) -> bool:
        text = sheet.area.text
        if not sheet.taken and text == sheet.begun:
            sheet.touched = False
            return False
        try:
            kept = self._typing(sheet).typed(text)
        except NotekeeperError:
            sheet.taken = sheet.pending = True  # and still touched: it is tried again
            raise
        sheet.taken, sheet.touched, sheet.pending = True, False, not kept
        return kept

    def _typing(self, sheet: Sheet) -> Typing:
        note = self.in_the_vault()
        if sheet.typing is None:
            sheet.typing = Typing(self._vault, note, sheet.part)
        return sheet.typing

    def save(self, *needed: NotePart) -> None:
        """Save as revisions the parts that were typed in, and those `needed`. Raises `UsageError` for a needed part
        that cannot be saved, as an empty one; it stays kept as typed."""
        if self.note is not None and self.note.signed:
            return
        self.take()
        for sheet in self._sheets.values():
            if sheet.part in needed:
                if sheet.typing is None:
                    self._typing(_with_text(sheet)).typed(sheet.area.text)
            elif not sheet.taken or not sheet.area.text.strip():
                continue
            self._typing(sheet).save()
            sheet.pending = False


def _with_text(sheet: Sheet) -> Sheet:
    check_text(sheet.area.text)
    return sheet
