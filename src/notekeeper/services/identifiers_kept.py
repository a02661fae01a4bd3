"""A client's dictionary of identifiers and the decisions on what was found: entered, taken over, taken off, remembered.

What always holds: an entry and a decision stay in the client's own file; what is taken over from notes, and what is
decided on words of notes, names those notes and goes with them; no error says a word of an identifier.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pydantic import ValidationError

from notekeeper.domain.entry import EntryKind
from notekeeper.domain.identifiers import (
    MAX_IDENTIFIER,
    Identifier,
    IdentifierDecision,
    IdentifierType,
    Proposal,
    Treatment,
)
from notekeeper.domain.note import Client, NotePart
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.identifiers.applying import INSTEAD, kind_of
from notekeeper.identifiers.matching import Matcher
from notekeeper.identifiers.proposing import propose
from notekeeper.identifiers.scanning import is_small, spelling
from notekeeper.identifiers.words import HOLIDAYS, NAME_WORDS, WEEKDAYS, is_ordinary
from notekeeper.services.people import people_of
from notekeeper.services.writing import check_characters

_FIRST = (
    IdentifierType.PERSON,
    IdentifierType.CONTACT,
    IdentifierType.PLACE,
    IdentifierType.ORG,
    IdentifierType.OTHER,
    IdentifierType.DATE,
    IdentifierType.AGE,
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A text that notes hold and the dictionary does not. `notes` are the numbers of the notes, `times` how often."""

    text: str = field(repr=False)
    type: IdentifierType
    notes: tuple[int, ...]
    times: int


def dictionary_of(vault: Vault, client: Client) -> tuple[Identifier, ...]:
    """The client's identifiers as they were entered and taken over, in that order. Raises `ChainBrokenError`."""
    return tuple(one for one in _newest(vault, client).values() if not one.removed)


def known_of(vault: Vault, client: Client) -> tuple[Identifier, ...]:
    """The dictionary, and after it what identity, people and front sheet say as they stand now, with the source
    `file`; what was taken off the list is left out of both. To be compared with, not to be shown: the identity is
    shown by `services.identity` alone. Raises `ChainBrokenError`."""
    entries = _newest(vault, client)
    found = {key: one for key, one in entries.items() if not one.removed}
    for one in _of_file(vault, client):
        key = spelling(one.text)
        if key and key not in entries:
            found.setdefault(key, one)
    return tuple(found.values())


def _newest(vault: Vault, client: Client) -> dict[str, Identifier]:
    standing: dict[str, Identifier] = {}
    for entry in vault.entries.of(client.id, EntryKind.IDENTIFIER):
        one = entry.read(Identifier)
        standing.pop(spelling(one.text), None)
        standing[spelling(one.text)] = one
    return standing


def _of_file(vault: Vault, client: Client) -> Iterator[Identifier]:
    identity = vault.identities.of(client.id)
    yield from _lines(identity.name, IdentifierType.PERSON)
    yield from _lines(identity.other_names, IdentifierType.PERSON)
    yield from _lines(identity.address.replace(",", "\n"), IdentifierType.PLACE)
    yield from _lines(identity.phone, IdentifierType.CONTACT)
    yield from _lines(identity.email, IdentifierType.CONTACT)
    yield from _lines(identity.health_number, IdentifierType.OTHER)
    if identity.born is not None:
        yield Identifier(text=identity.born.isoformat(), type=IdentifierType.DATE, source="file")
    for person in people_of(vault, client):
        yield from (one for one in _proposed(f"with {person.label}") if _is_name(one.text))
    sheet = vault.front_sheets.current(client.id)
    for text in (sheet.emergency_contact, sheet.gp, sheet.safety_plan):
        yield from (one for one in _proposed(text) if one.type not in {IdentifierType.AGE, IdentifierType.DATE})


def _lines(text: str, kind: IdentifierType) -> Iterator[Identifier]:
    for line in text.splitlines():
        words = " ".join(line.split())
        if 1 < len(words) <= MAX_IDENTIFIER:
            yield Identifier(text=words, type=kind, source="file")


def _proposed(text: str) -> Iterator[Identifier]:
    for one in propose(text):
        if len(one.text) <= MAX_IDENTIFIER and not _is_day(one):
            yield Identifier(text=one.text, type=one.type, source="file")


def _is_name(label: str) -> bool:
    """A label such as Mother or Partner A tells nobody; one that holds a name does."""
    words = re.findall(r"[^\W\d_]{2,}", label)
    return any(not is_ordinary(word) or word.casefold() in NAME_WORDS for word in words)


def _is_day(one: Proposal) -> bool:
    return spelling(one.text) in WEEKDAYS | HOLIDAYS


def add_identifier(
    vault: Vault, client: Client, text: str, kind: IdentifierType | None = None, *, proposed: bool = False
) -> Identifier:
    """Enter an identifier, or take one over from a proposal; without a kind it is told by its form. The same again
    with another kind takes the place of the first. Raises `UsageError` for one that is empty, too long, or made of
    signs alone."""
    words = " ".join(check_characters(text).split())
    if words and not any(map(str.isalnum, words)):
        raise UsageError("An identifier has letters or figures. Nothing was changed.")
    notes = _notes_with(vault, client, words) if proposed else ()
    try:
        one = Identifier(
            text=words, type=kind or kind_of(words), source="proposed" if proposed else "entered", notes=notes
        )
    except ValidationError:
        raise UsageError(f"An identifier has 1 to {MAX_IDENTIFIER} characters. Nothing was changed.") from None
    if one not in dictionary_of(vault, client):
        vault.entries.add(client.id, EntryKind.IDENTIFIER, one)
    return one


def remove_identifier(vault: Vault, client: Client, text: str) -> bool:
    """Take an identifier off the list, one that identity, people or front sheet say too; it is proposed no more. What
    was entered before stays beneath. False when it is not on the list."""
    key = spelling(text)
    for one in known_of(vault, client):
        if spelling(one.text) == key:
            source = "entered" if one.source == "file" else one.source
            gone = one.model_copy(update={"removed": True, "source": source})
            vault.entries.add(client.id, EntryKind.IDENTIFIER, gone)
            return True
    return False


def proposals_from_notes(vault: Vault, client: Client) -> tuple[Proposed, ...]:
    """What the newest saved records of the client's notes hold that is neither known nor was taken off the list: names
    first, the most frequent first, days of the week and feasts last. Raises `ChainBrokenError`."""
    entries, matcher = _newest(vault, client), Matcher(known_of(vault, client))
    found: dict[str, tuple[Proposal, list[int]]] = {}
    for note in vault.notes.of_client(client.id):
        saved = vault.notes.latest(note.id)
        for one in propose(saved.text) if saved else ():
            key = spelling(one.text)
            if key and key not in entries and len(one.text) <= MAX_IDENTIFIER:
                found.setdefault(key, (one, []))[1].append(note.number)
    new = [(one, at) for one, at in found.values() if not _covers(matcher, one.text)]
    new.sort(key=lambda each: (_is_day(each[0]), _FIRST.index(each[0].type), -len(each[1])))
    return tuple(Proposed(one.text, one.type, tuple(dict.fromkeys(at)), len(at)) for one, at in new)


def _covers(matcher: Matcher, text: str) -> bool:
    return any(match.end - match.start >= len(text) - 2 for match in matcher.matches(text))


def decisions_of(vault: Vault, client: Client) -> tuple[IdentifierDecision, ...]:
    """The decisions that stand: the newest on each spelling, in the order made. Raises `ChainBrokenError`."""
    standing: dict[tuple[str, bool], IdentifierDecision] = {}
    for entry in vault.entries.of(client.id, EntryKind.IDENTIFIER_DECISION):
        one = entry.read(IdentifierDecision)
        key = spelling(one.found), is_small(one.found)
        standing.pop(key, None)
        standing[key] = one
    return tuple(standing.values())


def decide(
    vault: Vault, client: Client, found: str, treatment: Treatment, *, instead: str = "", reason: str = ""
) -> IdentifierDecision:
    """Decide on what was found, given as `Hit.found`; remembered for this client until another decision on it. The
    client is the one whose code `Hit.client` names. A replacement without words of its own puts [name], [place] or
    the like. Raises `UsageError` for a keep without a reason, a generalisation without words, words that still hold
    what they stand for, or words that are too long."""
    instead, reason = " ".join(check_characters(instead).split()), check_characters(reason.strip())
    known = known_of(vault, client)
    if treatment is Treatment.KEEP and not reason:
        raise UsageError("What stays needs a reason, which stays in your file alone. Nothing was changed.")
    if treatment is Treatment.GENERALISE and not instead:
        raise UsageError("Say the more general words that take its place. Nothing was changed.")
    if treatment is Treatment.REPLACE and not instead:
        instead = INSTEAD[_kind(known, found)]
    if treatment is Treatment.KEEP:
        instead = ""
    _check_instead(known, found, instead)
    notes = _notes_with(vault, client, found)
    try:
        made = IdentifierDecision(found=found, treatment=treatment, instead=instead, reason=reason, notes=notes)
    except ValidationError:
        raise UsageError(
            f"What was found and what stands instead have at most {MAX_IDENTIFIER} characters, a reason at most 1,000, "
            "and what was found is not empty. Nothing was changed."
        ) from None
    if made not in decisions_of(vault, client):
        vault.entries.add(client.id, EntryKind.IDENTIFIER_DECISION, made)
    return made


def _kind(known: Iterable[Identifier], found: str) -> IdentifierType:
    listed = tuple(known)
    for match in Matcher(listed).matches(found):
        return listed[match.known].type
    return kind_of(found)


def _check_instead(known: tuple[Identifier, ...], found: str, instead: str) -> None:
    """What takes the place of an identifier may hold neither that one nor another."""
    if instead and Matcher((*known, Identifier(text=found[:MAX_IDENTIFIER] or "x"))).matches(instead):
        raise UsageError("The words instead hold what they stand for, or another identifier. Nothing was changed.")


def _notes_with(vault: Vault, client: Client, text: str) -> tuple[str, ...]:
    """The notes whose words hold this in any spelling: their newest texts, what was signed of them, their addenda."""
    if not spelling(text) or len(text) > MAX_IDENTIFIER:
        return ()
    matcher, found = Matcher((Identifier(text=text),)), []
    for note in vault.notes.of_client(client.id):
        saved = (vault.notes.latest(note.id, part) for part in NotePart)
        texts = [one.text for one in saved if one is not None]
        if note.signed:
            review = vault.signoffs.of_note(note.id)
            texts += [item.text for item in review.body.items] if review else []
            texts += [review.body.risk.model_dump_json()] if review else []
            texts += [addendum.text for addendum in vault.addenda.of_note(note.id)]
        if any(matcher.matches(each) for each in texts):
            found.append(note.id)
    return tuple(found)
