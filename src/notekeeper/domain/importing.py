"""Bringing in notes that were written elsewhere: what is planned for each, and what is remembered of its source.

What always holds: a plan holds no note text; of a file only its SHA-256 is remembered, never its name.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import Field

from notekeeper.domain.note import Client, Note, NoteKind
from notekeeper.domain.text import Frozen

MAX_FILE_BYTES = 20_000_000
MAX_FILES = 20_000
MAX_NOTES_IN_FILE = 20_000
SUFFIXES = (".txt", ".md", ".markdown", ".json", ".docx")


class ImportedFrom(Frozen):
    """Where an imported note came from: the file's SHA-256 in hex, and the note's place in it, from 0."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    place: int = Field(default=0, ge=0)


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of the preview: a note, or a file of which there is none. `remarks` are sentences the therapist should
    read; `day_given` says that `day` stands in neither the file nor its name; `refused` is why it will not be imported,
    '' when it will; `already` is the note that these bytes were imported as before."""

    path: Path
    place: int = 0
    client: Client | None = None
    day: date | None = None
    kind: NoteKind = NoteKind.SESSION
    characters: int = 0
    sha256: str = ""
    remarks: tuple[str, ...] = ()
    refused: str = ""
    already: str = ""
    day_given: bool = False

    @property
    def wanted(self) -> bool:
        """Whether it is to be imported."""
        return not self.refused and not self.already


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a planned note: the note it is now, or why there is none."""

    planned: Planned
    note: Note | None
    refused: str = ""
