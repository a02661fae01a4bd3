"""A client's dictionary of identifiers, what was decided about each, and the rehearsal of a report before it leaves.

What always holds: an entry and a decision stay in the client's own file; what is taken over from notes, and what is
decided on words of notes, names those notes and goes with them; no error says a word of an identifier.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from notekeeper.domain.entry import EntryKind
from notekeeper.domain.identifiers import (
    MAX_IDENTIFIER,
    Hit,
    Identifier,
    IdentifierDecision,
    IdentifierType,
    Treatment,
)
from notekeeper.domain.note import Client, NotePart
from notekeeper.domain.report import ReportDocument
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.identifiers.applying import apply
from notekeeper.identifiers.checklist import Question
from notekeeper.identifiers.fields import texts_of
from notekeeper.identifiers.final_text import text_of_file
from notekeeper.identifiers.proposing import propose
from notekeeper.identifiers.scanning import Place, scan


@dataclass(frozen=True, slots=True)
class Proposed:
    """A text that notes hold and the dictionary does not. `notes` are the numbers of the notes, `times` how often."""

    text: str = field(repr=False)
    type: IdentifierType
    notes: tuple[int, ...]
    times: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would leave: `undecided` hits must each be decided before approval; `decided` are those that an earlier
    decision keeps; `checklist` are the questions of the motivated intruder."""

    undecided: tuple[Hit, ...]
    decided: tuple[tuple[Hit, IdentifierDecision], ...]
    checklist: tuple[Question, ...]


def dictionary_of(vault: Vault, client: Client) -> tuple[Identifier, ...]:
    """The client's identifiers as they stand, in the order they were entered. Raises `ChainBrokenError`."""
    standing: dict[str, Identifier] = {}
    for entry in vault.entries.of(client.id, EntryKind.IDENTIFIER):
        one = entry.read(Identifier)
        standing.pop(_key(one.text), None)
        if not one.removed:
            standing[_key(one.text)] = one
    return tuple(standing.values())


def add_identifier(
    vault: Vault, client: Client, text: str, kind: IdentifierType = IdentifierType.OTHER, *, proposed: bool = False
) -> Identifier:
    """Enter an identifier, or take one over from a proposal. The same again with another type takes the place of the
    first. Raises `UsageError` for one that is empty or too long."""
    words = " ".join(text.split())
    notes = _notes_with(vault, client, words) if proposed else ()
    try:
        one = Identifier(text=words, type=kind, source="proposed" if proposed else "entered", notes=notes)
    except ValidationError:
        raise UsageError(f"An identifier has 1 to {MAX_IDENTIFIER} characters. Nothing was changed.") from None
    if one not in dictionary_of(vault, client):
        vault.entries.add(client.id, EntryKind.IDENTIFIER, one)
    return one


def remove_identifier(vault: Vault, client: Client, text: str) -> bool:
    """Take an identifier off the list; its earlier entry stays beneath. False when it is not on the list."""
    key = _key(text)
    for one in dictionary_of(vault, client):
        if _key(one.text) == key:
            vault.entries.add(client.id, EntryKind.IDENTIFIER, one.model_copy(update={"removed": True}))
            return True
    return False


def proposals_from_notes(vault: Vault, client: Client) -> tuple[Proposed, ...]:
    """What the newest saved texts of the client's notes hold that is not in the dictionary, the most frequent first."""
    known = {_key(one.text) for one in dictionary_of(vault, client)}
    found: dict[str, tuple[str, IdentifierType, list[int]]] = {}
    for note in vault.notes.of_client(client.id):
        saved = vault.notes.latest(note.id)
        for each in propose(saved.text) if saved else ():
            key = _key(each.text)
            if key not in known and len(each.text) <= MAX_IDENTIFIER:
                found.setdefault(key, (each.text, each.type, []))[2].append(note.number)
    ordered = sorted(found.values(), key=lambda each: -len(each[2]))
    return tuple(Proposed(text, kind, tuple(dict.fromkeys(at)), len(at)) for text, kind, at in ordered)


def decisions_of(vault: Vault, client: Client) -> tuple[IdentifierDecision, ...]:
    """The decisions that stand: the newest on each spelling, in the order made. Raises `ChainBrokenError`."""
    standing: dict[str, IdentifierDecision] = {}
    for entry in vault.entries.of(client.id, EntryKind.IDENTIFIER_DECISION):
        one = entry.read(IdentifierDecision)
        standing.pop(one.found, None)
        standing[one.found] = one
    return tuple(standing.values())


def decide(
    vault: Vault, client: Client, found: str, treatment: Treatment, *, instead: str = "", reason: str = ""
) -> IdentifierDecision:
    """Decide on what was found, given as `Hit.found`; remembered for this client until another decision on it. The
    client is the one whose code `Hit.client` names. Raises `UsageError` for a keep without a reason, a generalisation
    without words, or words that are too long."""
    if treatment is Treatment.KEEP and not reason.strip():
        raise UsageError("What stays needs a reason, which stays in your file alone. Nothing was changed.")
    if treatment is Treatment.GENERALISE and not instead.strip():
        raise UsageError("Say the more general words that take its place. Nothing was changed.")
    notes = _notes_with(vault, client, found)
    try:
        made = IdentifierDecision(
            found=found, treatment=treatment, instead=instead.strip(), reason=reason.strip(), notes=notes
        )
    except ValidationError:
        raise UsageError(
            f"What was found and what stands instead have at most {MAX_IDENTIFIER} characters. Nothing was changed."
        ) from None
    vault.entries.add(client.id, EntryKind.IDENTIFIER_DECISION, made)
    return made


def apply_decisions(vault: Vault, clients: Sequence[Client], document: ReportDocument) -> ReportDocument:
    """The document with every standing decision of its clients carried out. Raises `UsageError` where a text would
    become too long for its place, and `ChainBrokenError`."""
    decisions = [one for client in clients for one in decisions_of(vault, client)]
    dictionary = [one for client in clients for one in dictionary_of(vault, client)]
    try:
        return apply(document, decisions, dictionary)
    except ValidationError:
        raise UsageError("A replacement makes a text too long for its place. Choose shorter words.") from None


def rehearse(
    vault: Vault, clients: Sequence[Client], document: ReportDocument, files: Mapping[str, bytes]
) -> Rehearsal:
    """Look through the final bytes of every file of the report, each under a name with its ending (json, html, md,
    pdf, txt), as they would leave. Raises `ReportError` for a file that cannot be read back, and `ChainBrokenError`."""
    places = [Place(each.where, each.text, each.client) for each in texts_of(document)]
    places += [Place(name, text_of_file(name, content)) for name, content in files.items()]
    dictionary = [(client.code, one) for client in clients for one in dictionary_of(vault, client)]
    kept = {
        (client.code, one.found): one
        for client in clients
        for one in decisions_of(vault, client)
        if one.treatment is Treatment.KEEP
    }
    hits = scan(places, dictionary)
    return Rehearsal(
        undecided=tuple(hit for hit in hits if (hit.client, hit.found) not in kept),
        decided=tuple((hit, kept[hit.client, hit.found]) for hit in hits if (hit.client, hit.found) in kept),
        checklist=(),
    )


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


def _notes_with(vault: Vault, client: Client, text: str) -> tuple[str, ...]:
    """The notes whose newest text holds the words."""
    key, found = _key(text), []
    for note in vault.notes.of_client(client.id):
        saved = [vault.notes.latest(note.id, part) for part in NotePart]
        if any(one is not None and key in _key(one.text) for one in saved):
            found.append(note.id)
    return tuple(found)
