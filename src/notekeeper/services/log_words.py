"""The log for people: each event in plain words, by client, event and day.

What always holds: every event that notekeeper writes has words here; an entry is shown by what happened, when and in
whose file, and nothing in it can say more than that.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from notekeeper.domain.note import Client
from notekeeper.domain.vault import LogEntry, Vault
from notekeeper.errors import UsageError

WIDEST = 39
"""Characters that a sentence has at most, to stand in a list beside number, time and place."""
WORDS: dict[str, str] = {
    "vault.created": "The vault was made.",
    "vault.migrated": "The vault came to a newer form.",
    "vault.rekeyed": "The vault was given a new key.",
    "vault.restored": "The vault was restored from a backup.",
    "vault.opened": "The vault was unlocked.",
    "vault.locked": "The vault was locked.",
    "unlock.failed": "Wrong passphrase, key or shares.",
    "state.accepted": "The vault was accepted after an alarm.",
    "passphrase.changed": "The passphrase was changed.",
    "recovery.changed": "The recovery key was changed.",
    "shares.made": "Shares of the recovery were made.",
    "shares.withdrawn": "The shares were withdrawn.",
    "signer.set": "The signer's name was set.",
    "signing_key.set": "The key that signs was made.",
    "will.set": "The clinical will was changed.",
    "will.sealed": "The sealed sheet was written.",
    "backup_folder.set": "The second folder for backups was set.",
    "client.added": "The file was begun.",
    "client.opened": "The file was opened.",
    "client.erased": "The client was erased.",
    "client.destroyed": "The file was destroyed.",
    "front_sheet.saved": "The front sheet was saved.",
    "identity.set": "The identity was written down.",
    "identity.removed": "The identity was taken away.",
    "identity.shown": "The identity was shown.",
    "person.added": "A person was added to the file.",
    "person.left": "A person left the file.",
    "agreement.recorded": "An answer to AI use was recorded.",
    "agreement.detail": "Details of that answer were recorded.",
    "note.added": "A note was begun.",
    "note.opened": "The note was opened.",
    "note.signed": "The note was signed off.",
    "note.moved": "The note was moved to another file.",
    "note.received": "A note came from another file.",
    "note.imported": "A note was imported.",
    "revision.saved": "The text was saved.",
    "draft.stored": "A draft was made by a model.",
    "draft.ended": "A draft was destroyed.",
    "decision.made": "An item of a draft was decided on.",
    "review.own": "The therapist's own view was written.",
    "review.risk": "The risk entry was written.",
    "signature.made": "It was signed with the vault's key.",
    "provenance.ended": "What made its draft was destroyed.",
    "addendum.added": "An addendum was added.",
    "addendum.risk": "An addendum brought a risk entry.",
    "follow_up.added": "A follow-up was added.",
    "follow_up.marked": "A follow-up was marked as done or open.",
    "correction.asked": "A correction was asked for.",
    "correction.answered": "A correction request was answered.",
    "ai_use.noted": "The client's own use of AI was noted.",
    "retention_policy.set": "The retention policy was set.",
    "retention.set": "How long this file is kept was set.",
    "hold.set": "A legal hold was set.",
    "hold.lifted": "A legal hold was lifted.",
    "access.asked": "Access to the record was asked for.",
    "access.marked": "A passage was marked for the request.",
    "access.unmarked": "A mark for a request was taken back.",
    "access.answered": "An access request was answered.",
    "pattern.thread": "Themes were joined, parted or renamed.",
    "pattern.signed": "Patterns were signed.",
    "pattern.worded": "A model worded patterns.",
    "identifier.entered": "An identifier was entered.",
    "identifier.decided": "An identifier was decided on.",
    "report.approved": "A report was approved.",
    "supervision.flagged": "Something was flagged for supervision.",
    "supervision.flag_done": "A flag for supervision was settled.",
    "supervision.comments": "Supervision's comments were taken in.",
    "supervision.action": "An action agreed on was dealt with.",
    "supervision_log.set": "The hours of supervision were changed.",
    "search.made": "A search was made.",
    "report.written": "A report was written.",
    "export.made": "Files of what is held were written.",
}
ACCESS = frozenset({"vault.opened", "vault.locked", "client.opened", "note.opened", "identity.shown", "search.made"})
"""Events that say what was opened, and change nothing."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry, or a run of wrong tries with their `count`, for people. `of` is the client's code, or the note as
    CODE/N; '' for the vault itself, "erased" for a client who is no more. `number` is the first entry's,
    `hash` the last one's: the head of the log just then."""

    number: int
    at: datetime
    event: str
    words: str
    of: str
    subject: str
    hash: str
    count: int = 1


def words_for(event: str, count: int = 1) -> str:
    """What happened, as a sentence; the event's own name for one that a newer notekeeper wrote."""
    if event == "unlock.failed" and count > 1:
        return f"{count} wrong tries before the next unlock."
    return WORDS.get(event, event)


def log_lines(
    vault: Vault,
    client: Client | None = None,
    event: str | None = None,
    start: date | None = None,
    end: date | None = None,
) -> list[LogLine]:
    """The log, oldest first, of one client's file or whole; days are the therapist's own. Raises `UsageError` for an
    event that there is not."""
    if event is not None and event not in WORDS:
        raise UsageError(f"There is no such event. Events are: {', '.join(sorted(WORDS))}.")
    places = _places(vault)
    lines: list[LogLine] = []
    for entry in vault.log.entries():
        day = entry.at.astimezone().date()
        if (client and entry.client_id != client.id) or (event and entry.event != event):
            continue
        if (start and day < start) or (end and day > end):
            continue
        last = lines[-1] if lines else None
        if last and entry.event == last.event == "unlock.failed" and entry.number == last.number + last.count:
            count = last.count + 1
            lines[-1] = replace(last, words=words_for(last.event, count), hash=entry.hash, count=count)
        else:
            lines.append(_line(entry, places))
    return lines


def _places(vault: Vault) -> dict[str, str]:
    """How each client and note is written, by id."""
    places: dict[str, str] = {}
    for client in vault.clients.all():
        places[client.id] = client.code
        for note in (*vault.notes.of_client(client.id), *vault.notes.stubs(client.id)):
            places[note.id] = f"{client.code}/{note.number}"
    return places


def _line(entry: LogEntry, places: dict[str, str]) -> LogLine:
    owner = entry.client_id or (entry.subject if entry.event.startswith("client.") else "")
    of = places.get(entry.subject) or places.get(owner) or ("erased" if owner else "")
    return LogLine(entry.number, entry.at, entry.event, words_for(entry.event), of, entry.subject, entry.hash)
