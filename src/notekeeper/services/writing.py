"""Writing a note: text typed is kept inside the vault while it is typed, and becomes a revision when saved.

What always holds: at most `AUTOSAVE_EVERY_S` seconds of typing are outside the vault; nothing is written anywhere
else; a signed note takes no text.
"""

import time
from collections.abc import Callable
from datetime import date

from notekeeper.domain.note import MAX_NOTE_CHARACTERS, Client, Note, NoteFormat, NoteKind, NotePart, Revision
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.access_log import note_opened

AUTOSAVE_EVERY_S = 1.0


def find_note(vault: Vault, reference: tuple[str, int]) -> tuple[Client, Note]:
    """The client and note of a reference CODE/N. Raises `UsageError` when there is no such one."""
    client = vault.clients.by_code(reference[0])
    return client, vault.notes.by_number(client.id, reference[1])


def check_text(text: str) -> str:
    """`text`, if it can be kept as it is. Raises `UsageError` for empty or overlong text and broken characters."""
    if not text.strip():
        raise UsageError("The note is empty, so nothing was saved.")
    if len(text) > MAX_NOTE_CHARACTERS:
        raise UsageError(f"A note holds at most {MAX_NOTE_CHARACTERS:,} characters. Nothing was saved.")
    return check_characters(text)


def check_characters(text: str) -> str:
    """`text`, if every character of it is whole. Raises `UsageError`."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError("The text holds broken characters (half of a pair). Nothing was saved or drafted.") from None
    return text


def check_date(day: date) -> date:
    """`day`, if a session can have been on it. Raises `UsageError` for a future or ancient date."""
    today = date.today()  # noqa: DTZ011 - the therapist's own calendar day
    if day > today or day.year < 1950:
        raise UsageError(f"A note is dated between 1950 and today, {today.isoformat()}. Nothing was saved.")
    return day


def new_note(
    vault: Vault,
    client: Client,
    day: date,
    kind: NoteKind = NoteKind.SESSION,
    layout: NoteFormat = NoteFormat.FREE,
) -> Note:
    """An entry in the client's file without text as yet. Raises `UsageError`."""
    return vault.notes.add(client.id, kind=kind, format=layout, date=check_date(day))


def add_note(  # noqa: PLR0917 - a note is just these
    vault: Vault,
    client: Client,
    text: str,
    day: date,
    kind: NoteKind = NoteKind.SESSION,
    layout: NoteFormat = NoteFormat.FREE,
) -> tuple[Note, Revision]:
    """A new note with its text saved: both or neither. Raises `UsageError`."""
    check_text(text)
    with vault.transaction():
        note = new_note(vault, client, day, kind, layout)
        return note, vault.notes.save(note.id, text)


class Typing:
    """A text being typed. `typed` takes the whole text as it stands; `tick` is called at least twice a second."""

    def __init__(
        self,
        vault: Vault,
        note: Note,
        part: NotePart = NotePart.RECORD,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        note_opened(vault, note)
        self._vault, self._note, self._part, self._clock = vault, note, part, clock
        working, latest = vault.notes.working(note.id, part), vault.notes.latest(note.id, part)
        self.text = working.text if working else latest.text if latest else ""
        self._kept = self.text
        self._last = clock() - AUTOSAVE_EVERY_S

    def typed(self, text: str) -> bool:
        """Take the text as it stands now. True when it was put into the vault at once."""
        self.text = text
        return self.tick()

    def tick(self) -> bool:
        """Autosave if there is something new and the last one is a while ago. True when it did."""
        if self.text == self._kept or self._clock() - self._last < AUTOSAVE_EVERY_S:
            return False
        self.keep()
        return True

    def keep(self) -> None:
        """Autosave now."""
        self._vault.notes.autosave(self._note.id, self.text, self._part)
        self._kept, self._last = self.text, self._clock()

    def save(self) -> Revision:
        """Make the text a revision. Raises `UsageError` for text that cannot be kept; it stays autosaved."""
        revision = self._vault.notes.save(self._note.id, check_text(self.text), self._part)
        self._kept = self.text
        return revision


def recover(vault: Vault, note: Note, part: NotePart = NotePart.RECORD) -> Revision:
    """Make the autosaved text a revision. Raises `UsageError` when there is none."""
    working = vault.notes.working(note.id, part)
    if working is None:
        raise UsageError("This note has no unsaved text; what was saved is as it was.")
    return vault.notes.save(note.id, check_text(working.text), part)
