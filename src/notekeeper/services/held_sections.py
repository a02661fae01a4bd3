"""The sections of an export: everything held on one client, in the order it is read.

What always holds: an entry of any kind is in one of the sections, also of a kind that this module has no words for;
what concerns withholding stands apart, in a section that the client's copy is made without.
"""

from collections.abc import Iterator

from notekeeper.domain.entry import EntryKind, FileEntry
from notekeeper.domain.file_export import Record, Section
from notekeeper.domain.identity import Identity
from notekeeper.domain.note import Client
from notekeeper.domain.pattern import SignedPatterns
from notekeeper.domain.vault import LogEntry, Vault
from notekeeper.services.access import REASON_TYPED
from notekeeper.services.held_entries import agreements_held, entry_record, names_of
from notekeeper.services.held_notes import notes_held, stubs_held
from notekeeper.services.held_values import fact, record_of, text, typing
from notekeeper.services.log_words import words_for

_ENTRIES: dict[str, tuple[str, str, tuple[EntryKind, ...]]] = {
    "people": ("People of the file", "", (EntryKind.PERSON, EntryKind.PERSON_LEFT)),
    "corrections": (
        "Corrections asked for",
        "What the client asked to have corrected, the answer, and their own statement.",
        (EntryKind.CORRECTION, EntryKind.CORRECTION_ANSWER),
    ),
    "own_ai": ("The client's own use of AI", "", (EntryKind.AI_USE,)),
    "retention": (
        "Retention and legal hold",
        "",
        (EntryKind.RETENTION, EntryKind.HOLD, EntryKind.HOLD_LIFTED),
    ),
    "access_requests": ("Access requests", "", (EntryKind.ACCESS,)),
    "withholding": (
        "Withholding, for the therapist alone",
        "What was marked to be withheld, why and by which test, and what was answered. Not in the client's copy.",
        (EntryKind.ACCESS_MARK, EntryKind.ACCESS_UNMARK, EntryKind.ACCESS_ANSWER),
    ),
    "patterns": (
        "Patterns over sessions",
        "What was signed of them, and which themes were joined or parted.",
        (EntryKind.PATTERNS_SIGNED, EntryKind.THREAD_EDIT),
    ),
    "identifiers": (
        "What could identify the client",
        "The dictionary that reports are held against, and what was decided on each find.",
        (EntryKind.IDENTIFIER, EntryKind.IDENTIFIER_DECISION),
    ),
    "reports": ("Reports for supervision", "As approved, word for word.", (EntryKind.REPORT_APPROVED,)),
    "supervision": (
        "Supervision",
        "What was flagged for it, what the supervisor wrote back, and what became of it.",
        (EntryKind.FLAG, EntryKind.FLAG_DONE, EntryKind.COMMENTS, EntryKind.ACTION),
    ),
    "origins": ("Where notes came from", "", (EntryKind.IMPORTED, EntryKind.RECEIVED)),
}
_NAMED = {kind for _, _, kinds in _ENTRIES.values() for kind in kinds} | {EntryKind.AGREEMENT_DETAIL}


def sections_of(vault: Vault, client: Client) -> tuple[Section, ...]:
    """Every section, those without records too. Raises `ChainBrokenError` for what was altered outside notekeeper."""
    return tuple(_sections(vault, client))


def _sections(vault: Vault, client: Client) -> Iterator[Section]:
    entries = vault.entries.of(client.id, *EntryKind)
    notes = {note.id: note.number for note in vault.notes.of_client(client.id)}
    names = names_of(entries)
    yield Section(name="file", title="The file", records=(_file(client),))
    yield Section(
        name="identity",
        title="Who the code stands for",
        says="Kept apart, and only if the therapist chose to keep it here.",
        records=_identity(vault.identities.of(client.id)),
    )
    yield Section(
        name="front_sheet",
        title="Front sheet",
        says="Every revision, the newest last.",
        records=tuple(
            record_of("front_sheet", f"Revision {each.number}", each.sheet, at=each.saved_at, days_are_texts=True)
            for each in vault.holdings.front_sheets(client.id)
        ),
    )
    yield _section("people", entries, notes, names)
    yield Section(
        name="agreements",
        title="Agreement to AI use",
        says="Every answer, by purpose; the last one for a purpose stands. It is not the lawful basis for the record.",
        records=tuple(agreements_held(vault, client, entries, names)),
    )
    yield Section(
        name="notes",
        title="Notes",
        says="Every saved revision of both parts, typing that was not saved, drafts, what was signed, and addenda.",
        records=notes_held(vault, client),
    )
    yield Section(
        name="stubs",
        title="Notes filed here by mistake",
        says="They belong to another file and were moved there; nothing of them is kept here.",
        records=stubs_held(vault, client),
    )
    yield Section(name="follow_ups", title="Follow-ups", records=_follow_ups(vault, client))
    yield Section(
        name="typing", title="Typed for the file and not added", records=_typing(vault, client, of_withholding=False)
    )
    for name in _ENTRIES:
        if name == "withholding":
            made = _section(name, entries, notes, names)
            yield made.model_copy(update={"records": (*made.records, *_typing(vault, client, of_withholding=True))})
        elif name == "patterns":
            yield _with_provenance(_section(name, entries, notes, names), vault.pattern_signoffs.of_client(client.id))
        elif name != "people":
            yield _section(name, entries, notes, names)
    if rest := [each for each in entries if each.kind not in _NAMED]:
        others = tuple(entry_record(each, notes, names) for each in rest)
        yield Section(name="other", title="Other entries", records=others)
    yield Section(
        name="log",
        title="Log of this file",
        says="What was done with the file and when. It holds no content.",
        records=log_records(vault.holdings.log(client.id)),
    )


def _file(client: Client) -> Record:
    fields = (fact("code", client.code), fact("opened", client.added_at), fact("demonstration", client.demonstration))
    return Record(kind="client", title=f"Client {client.code}", at=client.added_at, fields=fields)


def _identity(identity: Identity) -> tuple[Record, ...]:
    return (record_of("identity", "Identity", identity, days_are_texts=True),) if identity != Identity() else ()


def _section(name: str, entries: list[FileEntry], notes: dict[str, int], names: dict[str, str]) -> Section:
    title, says, kinds = _ENTRIES[name]
    records = tuple(entry_record(each, notes, names) for each in entries if each.kind in kinds)
    return Section(name=name, title=title, says=says, records=records)


def _with_provenance(section: Section, signed: list[SignedPatterns]) -> Section:
    """What is kept of the model behind signed patterns is kept apart from them, as of a sign-off."""
    left = iter(signed)
    records = []
    for each in section.records:
        made_by = next(left).body.provenance if each.kind == EntryKind.PATTERNS_SIGNED.value else None
        more = (record_of("provenance", "How it was worded", made_by),) if made_by else ()
        records.append(each.model_copy(update={"parts": (*each.parts, *more)}))
    return section.model_copy(update={"records": tuple(records)})


def _follow_ups(vault: Vault, client: Client) -> tuple[Record, ...]:
    marks = vault.holdings.marks(client.id)
    return tuple(
        Record(
            kind="follow_up",
            title=f"Follow-up {each.number}",
            at=each.added_at,
            note=each.note_number,
            fields=(
                text("words", each.words, "What is to be done"),
                fact("due", each.due),
                *(
                    fact("done" if mark.done else "open_again", mark.day)
                    for mark in marks
                    if mark.follow_up_id == each.id
                ),
            ),
        )
        for each in sorted(vault.follow_ups.of_client(client.id), key=lambda each: each.number)
    )


def _typing(vault: Vault, client: Client, *, of_withholding: bool) -> tuple[Record, ...]:
    """What was typed for the file; a reason for withholding that was begun stands with the marks."""
    return tuple(
        typing("Typing", each)
        for each in vault.holdings.typing(client.id)
        if not each.note_id and (each.place == REASON_TYPED) is of_withholding
    )


def log_records(entries: list[LogEntry]) -> tuple[Record, ...]:
    """Entries of the log, each with its event in words."""
    return tuple(
        Record(
            kind="log",
            title=f"{each.number}. {words_for(each.event)}",
            at=each.at,
            fields=(fact("number", each.number), fact("event", each.event), fact("hash", each.hash)),
        )
        for each in entries
    )
