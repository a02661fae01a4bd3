"""The persons of a file: whose work it is, and who has a say in it.

What always holds: a person has a label, not a name, and a number that no other person of the file gets; entering one,
changing a label and leaving are dated entries, and none is taken back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from notekeeper.domain.entry import EntryKind, FileEntry
from notekeeper.domain.text import Frozen

MAX_LABEL = 60


class Capacity(StrEnum):
    """What somebody is in the file."""

    CLIENT = "client"
    PARENT = "parent"
    GUARDIAN = "guardian"
    OTHER = "other"

    @property
    def words(self) -> str:
        return "parent with parental responsibility" if self is Capacity.PARENT else self.value


class Person(Frozen):
    """As entered: a label such as "Partner A" or "Mother". An entry about an earlier one is that person's newer
    label and age; the capacity stays."""

    label: str = Field(min_length=1, max_length=MAX_LABEL, repr=False)
    capacity: Capacity
    under_18: bool = False


class PersonLeft(Frozen):
    """That a person left the work on `day`; `mistake` that they were never part of it and were entered wrongly."""

    day: date
    mistake: bool = False


@dataclass(frozen=True, slots=True)
class PersonOnFile:
    """A person as they stand now. `number` counts from 1 within the file; one is written CODE/PN."""

    id: str
    number: int
    label: str = field(repr=False)
    capacity: Capacity
    under_18: bool
    since: datetime
    left: date | None = None
    mistake: bool = False

    @property
    def is_client(self) -> bool:
        """Whether the work is or was theirs, so that their own answer is needed."""
        return self.capacity is Capacity.CLIENT and not self.mistake


def people_from(entries: Iterable[FileEntry]) -> tuple[PersonOnFile, ...]:
    """The persons of one file, by number, from its entries of both kinds in the order added."""
    found: dict[str, PersonOnFile] = {}
    for entry in entries:
        if entry.kind is EntryKind.PERSON:
            body = entry.read(Person)
            if entry.about in found:
                found[entry.about] = replace(found[entry.about], label=body.label, under_18=body.under_18)
            else:
                number = len(found) + 1
                found[entry.id] = PersonOnFile(entry.id, number, body.label, body.capacity, body.under_18, entry.at)
        elif entry.kind is EntryKind.PERSON_LEFT and entry.about in found:
            gone = entry.read(PersonLeft)
            found[entry.about] = replace(found[entry.about], left=gone.day, mistake=gone.mistake)
    return tuple(found.values())
