"""Dated entries as an export holds them, and answers to the use of AI with whose they are.

What always holds: whom or what an entry is about is named as everywhere else, P2 or C1, so that it can be told without
the vault; by number and never by a label, which may have to be withheld.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from notekeeper.domain.agreement import AgreementDetail
from notekeeper.domain.entry import EntryKind, FileEntry
from notekeeper.domain.file_export import Record
from notekeeper.domain.note import Client
from notekeeper.domain.people import people_from
from notekeeper.domain.vault import Vault
from notekeeper.services.held_values import fact, record_of

_NAMED = {
    EntryKind.CORRECTION: "C",
    EntryKind.HOLD: "hold ",
    EntryKind.ACCESS_MARK: "mark ",
    EntryKind.REPORT_APPROVED: "report ",
    EntryKind.FLAG: "S",
    EntryKind.COMMENTS: "D",
}


def names_of(entries: Iterable[FileEntry]) -> dict[str, str]:
    """How those entries of one file are named that others can be about, by id."""
    every = list(entries)
    people = people_from(each for each in every if each.kind in (EntryKind.PERSON, EntryKind.PERSON_LEFT))
    named = {each.id: f"{_NAMED[each.kind]}{each.number}" for each in every if each.kind in _NAMED}
    return named | {person.id: f"P{person.number}" for person in people}


def entry_record(entry: FileEntry, notes: Mapping[str, int], names: Mapping[str, str]) -> Record:
    """An entry of any kind, by the fields of its body. `notes` are numbers and `names` those of `names_of`, by id."""
    named = entry.kind.value.replace("_", " ").replace(".", ": ").capitalize()
    body = _numbered(json.loads(entry.body), notes)
    cited = body.pop("notes", "")
    made = record_of(
        entry.kind.value,
        f"{named}, {names.get(entry.id, entry.number)}",
        body,
        at=entry.at,
        note=notes.get(entry.about),
    )
    before = [fact("about", names[entry.about])] if entry.about in names else []
    before += [fact("notes", cited, "Notes it rests on")] if cited else []
    return made.model_copy(update={"fields": (*before, *made.fields)})


def _numbered(value: Any, notes: Mapping[str, int]) -> Any:
    """A body with the numbers of the notes that it cites in place of their ids, which mean nothing outside."""
    if isinstance(value, list):
        return [_numbered(each, notes) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: ", ".join(str(notes[each]) for each in within if each in notes)
        if key == "notes" and isinstance(within, list) and all(isinstance(each, str) for each in within)
        else _numbered(within, notes)
        for key, within in value.items()
    }


def agreements_held(
    vault: Vault, client: Client, entries: Iterable[FileEntry], names: Mapping[str, str]
) -> Iterator[Record]:
    """Every answer in the order recorded, each with whose it is and who gave it, as far as that was entered."""
    details = {each.about: each for each in entries if each.kind is EntryKind.AGREEMENT_DETAIL}
    for key, agreement in vault.holdings.agreements(client.id):
        made = record_of("agreement", agreement.purpose.value.capitalize(), agreement, at=agreement.at)
        detail = details.get(key)
        yield made.model_copy(update={"parts": (_who(detail, names),) if detail else ()})


def _who(entry: FileEntry, names: Mapping[str, str]) -> Record:
    detail = entry.read(AgreementDetail)
    said = {
        "person": ("Whose answer", names.get(detail.person, "")),
        "giver": ("Given by", names.get(detail.giver, "")),
        "capacity": ("In what capacity", detail.capacity),
        "day": ("Day", detail.day),
    }
    fields = tuple(fact(name, value, label) for name, (label, value) in said.items() if value)
    return Record(kind=entry.kind.value, title="Who agreed, and for whom", at=entry.at, fields=fields)
