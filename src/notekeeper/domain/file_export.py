"""The export of a client's file: everything that is held, as sections of records of named fields.

What always holds: a field is either a `fact`, in the program's own words (a date, a state, a number, a hash), or a
`text`, in somebody's words; whatever was withheld from a text shows as `[withheld N]`. The same document is written as
HTML, Markdown, plain text and JSON.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from notekeeper.domain.text import Frozen

FORMAT: Literal["notekeeper-client-file"] = "notekeeper-client-file"
FORMAT_VERSION = 1


class Copy(StrEnum):
    """Whose copy it is. The client's has gone through withholding and holds nothing about it but the numbers."""

    THERAPIST = "therapist"
    CLIENT = "client"


class ExportFormat(StrEnum):
    HTML = "html"
    MARKDOWN = "md"
    JSON = "json"
    TEXT = "text"

    @property
    def ending(self) -> str:
        """What a file's name ends with."""
        return ".txt" if self is ExportFormat.TEXT else f".{self.value}"


class ExportField(Frozen):
    """`name` is for programs, `label` for people. A `fact` is in the program's own words, a `text` in somebody's."""

    name: str
    label: str
    value: str = Field(repr=False)
    kind: Literal["fact", "text"] = "text"


class Record(Frozen):
    """One thing that is held. `note` is the number of the note it belongs to, if it belongs to one. `revision`,
    `start` and `end` say where in a saved text a piece of evidence stands (code points)."""

    kind: str
    title: str
    at: datetime | None = None
    note: int | None = None
    fields: tuple[ExportField, ...] = ()
    parts: tuple["Record", ...] = ()
    revision: str | None = None
    start: int | None = None
    end: int | None = None


class Section(Frozen):
    """Records of one sort. `says` explains them in a sentence; a section without records says that nothing is held."""

    name: str
    title: str
    says: str = ""
    records: tuple[Record, ...] = ()


class FileDocument(Frozen):
    """Everything held on one client, or on the practice itself when `client_code` is empty. `withheld` counts the
    numbered marks that were applied."""

    format: Literal["notekeeper-client-file"] = FORMAT
    format_version: int = FORMAT_VERSION
    copy_for: Copy
    client_code: str
    made_at: datetime
    made_on: date
    app_version: str
    demonstration: bool = False
    withheld: int = 0
    sections: tuple[Section, ...] = ()
    log_head: str = ""

    def records(self) -> Iterator[Record]:
        """Every record, those within others too."""
        for section in self.sections:
            yield from every(section.records)


def every(records: Iterable[Record]) -> Iterator[Record]:
    """These records, each before those within it."""
    for record in records:
        yield record
        yield from every(record.parts)


NOT_ENCRYPTED = (
    "These files are not encrypted: whoever can read the folder can read them. Keep them where you keep the vault, or "
    "remove them once they have been handed over."
)
