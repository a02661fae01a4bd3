"""The persons of a client's file: entered, relabelled, and noted as having left.

What always holds: nothing is taken back, every change is a dated entry; a person is written CODE/PN.
"""

import re
from datetime import date

from pydantic import ValidationError

from notekeeper.domain.agreement import Answer
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.note import Client
from notekeeper.domain.people import MAX_LABEL, Capacity, Person, PersonLeft, PersonOnFile, people_from
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.caseload import own_day

_REFERENCE = re.compile(r"(?P<code>.+)/P(?P<number>[1-9][0-9]{0,5})", re.IGNORECASE | re.ASCII)


def people_of(vault: Vault, client: Client) -> list[PersonOnFile]:
    """Everybody of the file by number, those who left as well. Raises `ChainBrokenError`."""
    return list(people_from(vault.entries.of(client.id, EntryKind.PERSON, EntryKind.PERSON_LEFT)))


def add_person(vault: Vault, client: Client, label: str, capacity: Capacity, *, under_18: bool = False) -> PersonOnFile:
    """Enter a person. Raises `UsageError` for a label that is empty, too long, or another's in this file."""
    body = _person(vault, client, label, capacity, under_18=under_18)
    added = vault.entries.add(client.id, EntryKind.PERSON, body)
    return _by_id(vault, client, added.id)


def change_person(vault: Vault, client: Client, person: PersonOnFile, label: str, *, under_18: bool) -> PersonOnFile:
    """A newer label, or that somebody came of age. Raises `UsageError` as `add_person`."""
    body = _person(vault, client, label, person.capacity, under_18=under_18, but=person)
    if (body.label, body.under_18) != (person.label, person.under_18):
        vault.entries.add(client.id, EntryKind.PERSON, body, about=person.id)
    return _by_id(vault, client, person.id)


def person_left(
    vault: Vault, client: Client, person: PersonOnFile, day: date, *, mistake: bool = False
) -> PersonOnFile:
    """Note that a person left on `day`, or was entered by mistake. Raises `UsageError`, also where that would take a
    no of theirs out of the count."""
    if person.mistake or (person.left is not None and not mistake):
        raise UsageError("That is noted already. Nothing was changed.")
    if day > own_day():
        raise UsageError("That day is still to come. Note it when it is there; nothing was changed.")
    if mistake and _said_no(vault, client, person):
        raise UsageError(
            "They declined or withdrew a use of AI, and somebody entered by mistake has no answer. Note that they left "
            "instead; if that answer was recorded wrongly, record the right one first. Nothing was changed."
        )
    vault.entries.add(client.id, EntryKind.PERSON_LEFT, PersonLeft(day=day, mistake=mistake), about=person.id)
    return _by_id(vault, client, person.id)


def _said_no(vault: Vault, client: Client, person: PersonOnFile) -> bool:
    newest = {
        each.agreement.purpose: each.agreement.answer
        for each in vault.agreements.given(client.id)
        if each.person == person.id
    }
    return person.is_client and any(answer is not Answer.AGREED for answer in newest.values())


def still_to_ask(vault: Vault, client: Client, added: PersonOnFile) -> str:
    """What follows from entering somebody, as sentences; '' for somebody whose own answer is not needed."""
    if not added.is_client:
        return ""
    waiting = sum(each.draft and not each.note.signed for each in vault.standings(client.id))
    made = f" {waiting} draft(s) made before await review; a no of theirs destroys them." if waiting else ""
    return f"They have not been asked about AI use yet, so nothing goes to a model.{made}"


def find_person(vault: Vault, client: Client, named: str) -> PersonOnFile:
    """The person of this file by P1, CODE/P1 or the label. Raises `UsageError`."""
    wanted, found = named.strip(), people_of(vault, client)
    match = _REFERENCE.fullmatch(wanted if "/" in wanted else f"{client.code}/{wanted}")
    number = int(match["number"]) if match and match["code"].casefold() == client.code.casefold() else 0
    for each in found:
        if each.number == number or each.label.casefold() == wanted.casefold():
            return each
    raise UsageError(
        f"There is no such person in the file of client {client.code}. `notekeeper person list {client.code}` says who "
        "is. Nothing was changed."
    )


def find_person_on_file(vault: Vault, reference: str) -> tuple[Client, PersonOnFile]:
    """The person that CODE/PN names, with the client. Raises `UsageError`."""
    match = _REFERENCE.fullmatch(reference.strip())
    if match is None:
        raise UsageError("A person is written CODE/PN, like C014/P2. Nothing was changed.")
    client = vault.clients.by_code(match["code"])
    return client, find_person(vault, client, f"P{match['number']}")


def person_line(person: PersonOnFile) -> str:
    """A person in a line: "P2, Partner B, client, under 18, left 2026-03-01"."""
    said = [f"P{person.number}", person.label, person.capacity.words]
    said += ["under 18"] if person.under_18 else []
    if person.mistake:
        said.append("entered by mistake")
    elif person.left is not None:
        said.append(f"left {person.left.isoformat()}")
    return ", ".join(said)


def _person(
    vault: Vault, client: Client, label: str, capacity: Capacity, *, under_18: bool, but: PersonOnFile | None = None
) -> Person:
    words = " ".join(label.split())
    others = [each for each in people_of(vault, client) if not each.mistake and (but is None or each.id != but.id)]
    if any(each.label.casefold() == words.casefold() for each in others):
        raise UsageError("Somebody of this file has that label already. Give another; nothing was changed.")
    if re.fullmatch(r"[Pp][0-9]+", words):
        raise UsageError("A label like P2 would be taken for a number. Give another; nothing was changed.")
    try:
        return Person(label=words, capacity=capacity, under_18=under_18)
    except ValidationError:
        raise UsageError(
            f"A person has a label of 1 to {MAX_LABEL} characters, such as Partner A or Mother, rather than a name. "
            "Nothing was changed."
        ) from None


def _by_id(vault: Vault, client: Client, person_id: str) -> PersonOnFile:
    return next(each for each in people_of(vault, client) if each.id == person_id)


def begun_label(vault: Vault, client: Client) -> str:
    """The label that was typed and not added."""
    return vault.jottings.of(f"{client.id}.person")


def keep_begun_label(vault: Vault, client: Client, typed: str) -> None:
    """Keep the typing; '' clears it."""
    vault.jottings.keep(f"{client.id}.person", client.id, typed)
