"""Moving a note that was filed under the wrong client, and what is to be known before.

What always holds: nothing is moved but what the therapist named, to the client they named; what is outside this vault's
reach, files written and backups made before, is said beforehand.
"""

from dataclasses import dataclass
from datetime import date

from notekeeper.domain.access import AccessMark
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.misfiled import Received
from notekeeper.domain.note import Client, Note, NotePart
from notekeeper.domain.review import OwnView
from notekeeper.domain.supervision import Flag, TakenComments
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.follow_ups import begun_follow_up

_WRITTEN = ("report.written", "export.made")
"""Events of files with something of a client's that were written outside the vault."""
STUB = "– filed under the wrong client, moved –"


@dataclass(frozen=True, slots=True)
class BeforeMoving:
    """What a move would do. `earlier` counts saved texts that a newer one took the place of; `written` are the days on
    which files of the wrong client's were written since the note was begun; `corrections` counts their correction
    requests about it, and `quoting` marks to withhold words anywhere that stand in it; both stay in their file.
    `supervision` counts flags and files of comments that rest on it, which go."""

    signed: bool
    earlier: int
    addenda: int
    follow_ups: int
    drafted: bool
    written: tuple[date, ...]
    corrections: int
    quoting: int
    backups: bool
    supervision: int = 0

    def sentences(self) -> tuple[str, ...]:
        """All of it for a person, a sentence each."""
        said = [
            "The text goes to the other client's file as a new note that is not signed; here a number and a date stay."
        ]
        if self.earlier:
            said.append(f"The {self.earlier} earlier saved text(s) of it are destroyed; the newest goes along.")
        if self.signed:
            added = f" Its {self.addenda} addendum(s) go along as text." if self.addenda else ""
            said.append(f"It was signed: read it in the right file and sign it there.{added}")
        if self.follow_ups:
            said.append(f"{self.follow_ups} follow-up(s) from it go along.")
        if self.drafted:
            said.append("What a model drafted for it is destroyed, as the other client may not have agreed.")
        if self.written:
            days = ", ".join(day.isoformat() for day in self.written)
            said.append(
                f"OUTSIDE MY REACH: reports or copies of this file were written on {days}. Look whether they hold it."
            )
        if self.corrections:
            said.append(
                f"{self.corrections} correction request(s) about it stay in this file, in the client's own words."
            )
        if self.quoting:
            said.append(
                f"{self.quoting} mark(s) of an access request quote words that stand in it, without naming it. They "
                "stay in this file."
            )
        if self.supervision:
            said.append(
                f"{self.supervision} flag(s) and file(s) of supervision's comments that rest on it are destroyed. A "
                "follow-up made of an agreed action stays, and so does an outcome note: look at both."
            )
        if self.backups:
            said.append("Backups made before still hold it under this client, until newer ones take their place.")
        return tuple(said)


def before_moving(vault: Vault, note: Note) -> BeforeMoving:
    """What a move of this note would do, and what it would not reach."""
    written = sorted(
        {
            entry.at.astimezone().date()
            for entry in vault.log.entries()
            if entry.event in _WRITTEN and entry.subject in ("", note.client_id) and entry.at >= note.created_at
        }
    )
    signed = vault.signoffs.of_note(note.id)
    return BeforeMoving(
        signed=signed is not None,
        earlier=sum(max(0, len(vault.notes.revisions(note.id, part)) - 1) for part in NotePart),
        addenda=len(vault.addenda.of_note(note.id)),
        follow_ups=sum(each.note_id == note.id for each in vault.follow_ups.of_client(note.client_id)),
        drafted=vault.drafts.latest(note.id) is not None or (signed is not None and signed.body.ai_used),
        written=tuple(written),
        corrections=len(vault.entries.of(note.client_id, EntryKind.CORRECTION, about=note.id)),
        quoting=_quoting(vault, note),
        supervision=_for_supervision(vault, note),
        backups=any(each.made_at >= note.created_at for each in vault.backups.all()),
    )


def _for_supervision(vault: Vault, note: Note) -> int:
    """Flags and files of comments that rest on the note."""
    flags = [each.read(Flag).notes for each in vault.entries.of(note.client_id, EntryKind.FLAG)]
    comments = [each.read(TakenComments).notes for each in vault.entries.of(note.client_id, EntryKind.COMMENTS)]
    return sum(note.id in notes for notes in (*flags, *comments))


def _quoting(vault: Vault, note: Note) -> int:
    """Marks of the note's file that name no note and whose words stand in one of its texts."""
    from notekeeper.services.withholding import Folded, folded

    marks = [each.read(AccessMark) for each in vault.entries.of(note.client_id, EntryKind.ACCESS_MARK, about="")]
    if not marks:
        return 0
    said = [each.text for part in NotePart for each in vault.notes.revisions(note.id, part)]
    texts = [Folded(text) for text in (*said, *(each.text for each in vault.addenda.of_note(note.id)))]
    return sum(any(text.places(folded(mark.words)) for text in texts) for mark in marks if mark.words)


def move_note(vault: Vault, note: Note, code: str) -> tuple[Client, Note]:
    """Move the note to the file of the client with this code; that client and the new note. Raises `UsageError`."""
    if not _holds_anything(vault, note):
        raise UsageError("This note holds nothing, so there is nothing to move. Nothing was changed.")
    to = vault.clients.by_code(code.strip())
    return to, vault.notes.move(note.id, to.id)


def _holds_anything(vault: Vault, note: Note) -> bool:
    """Whether there is anything of it beside number, kind and date. A session that was missed may have no text and yet
    a risk entry, or something to follow up."""
    if any(vault.notes.latest(note.id, part) or vault.notes.working(note.id, part) for part in NotePart):
        return True
    if vault.reviews.own(note.id) != OwnView() or vault.reviews.risk(note.id) is not None:
        return True
    if any(begun_follow_up(vault, note)) or vault.entries.of(note.client_id, EntryKind.AI_USE, about=note.id):
        return True
    return any(each.note_id == note.id for each in vault.follow_ups.of_client(note.client_id))


def received_words(vault: Vault, note: Note) -> str:
    """A sentence for a note that came from another file, until it is signed; else ''. Raises `ChainBrokenError`."""
    entries = vault.entries.of(note.client_id, EntryKind.RECEIVED, about=note.id)
    if note.signed or not entries:
        return ""
    before = entries[-1].read(Received)
    was = "It had been signed there" if before.was_signed else "It was not signed there"
    day = entries[-1].at.astimezone().date().isoformat()
    return f"This note came from another file on {day}, where it did not belong. {was}; read it, then finish with F8."
