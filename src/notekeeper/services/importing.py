"""Importing notes that were written elsewhere: first a plan, then one note after another.

What always holds: nothing is written while it is planned; each note and the memory of where it came from are one
transaction, so that a run that was stopped anywhere goes on where it stopped and brings nothing twice; a file that
changed since the preview is not imported; imported notes are not signed; links are not followed.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path

from notekeeper.domain.entry import EntryKind
from notekeeper.domain.importing import MAX_FILE_BYTES, MAX_FILES, SUFFIXES, Brought, ImportedFrom, Planned
from notekeeper.domain.note import Client, Note, NoteKind
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.isolation.private import read_private
from notekeeper.services.import_names import client_in, day_in
from notekeeper.services.import_reading import Piece, read_pieces
from notekeeper.services.writing import add_note, check_date

_NO_CLIENT = "No client: the names of file and folder begin with no code that there is."
_NO_DATE = "No date: neither the file nor its name has one, and none was given."
_CHANGED = "The file changed since the preview. Look at it again."
_OTHER_DAY = "A note of another day has the very same text."
_IMPORTED = EntryKind.IMPORTED
_Mark = tuple[str, str, int]
_Known = dict[_Mark, dict[date, str]]


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """`client` takes every note; without it each goes to the client named by its file or folder. `day` is for notes
    that bear no date, `kind` for those that bear none."""

    client: Client | None = None
    kind: NoteKind = NoteKind.SESSION
    day: date | None = None


def files_of(paths: Iterable[Path]) -> list[Path]:
    """Every file named, and every one in the folders named and beneath, by name. Hidden ones in folders are left out.
    Raises `UsageError` for a path that is not there and for more than 20,000 files."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            for folder, folders, names in os.walk(path):
                folders[:] = [name for name in folders if not name.startswith(".")]
                found += [Path(folder, name) for name in names if not name.startswith((".", "~$"))]
                _refuse_too_many(found)
        elif os.path.lexists(path):
            found.append(path)
        else:
            raise UsageError("One of the files or folders named is not there. Nothing was imported.")
    _refuse_too_many(found)
    return sorted(dict.fromkeys(found))


def _refuse_too_many(found: list[Path]) -> None:
    if len(found) > MAX_FILES:
        raise UsageError(f"There are more than {MAX_FILES:,} files. Import folder by folder; nothing was imported.")


def planning(vault: Vault, files: Iterable[Path], choices: ImportChoices) -> Iterator[Planned]:
    """What would become of each file, a note at a time. Raises `UsageError` for a day that no note can have."""
    if choices.day:
        check_date(choices.day)
    clients, known = vault.clients.all(), _imported_before(vault)
    for path in files:
        client = choices.client or client_in(path, clients)
        for planned in _plan_of(path, client, choices):
            if planned.refused or planned.day is None:
                yield planned
            elif already := _known_as(known, planned):
                yield replace(planned, already=already)
            else:
                others = known.setdefault(_mark(planned), {})
                yield replace(planned, remarks=(*planned.remarks, _OTHER_DAY)) if others else planned
                others[planned.day] = "another file of this import"


def _plan_of(path: Path, client: Client | None, choices: ImportChoices) -> list[Planned]:
    try:
        raw = _read(path)
        pieces = read_pieces(raw, path.suffix.lower())
    except UsageError as error:
        return [Planned(path, client=client, refused=str(error))]
    sha256, named = hashlib.sha256(raw).hexdigest(), day_in(path.stem)
    return [
        _planned(path, place, piece, sha256, client, choices, named.day, named.remark)
        for place, piece in enumerate(pieces)
    ]


def _planned(  # noqa: PLR0917 - called once
    path: Path,
    place: int,
    piece: Piece,
    sha256: str,
    client: Client | None,
    choices: ImportChoices,
    named: date | None,
    how_named: str,
) -> Planned:
    day = piece.day or named or choices.day
    remarks = list(piece.remarks)
    if how_named and not piece.day:
        remarks.append(how_named)
    if piece.day and named and piece.day != named:
        remarks.append("The date in the file is taken; its name has another.")
    if not piece.day and not named and choices.day:
        remarks.append("It bears no date; the one you gave is taken.")
    refused = piece.refused or (_NO_CLIENT if client is None else "") or (_NO_DATE if day is None else "")
    if day and not refused:
        try:
            check_date(day)
        except UsageError:
            refused = "Its date is in the future or before 1950."
    kind = piece.kind or choices.kind
    given = not piece.day and not named
    return Planned(path, place, client, day, kind, len(piece.text), sha256, tuple(remarks), refused, day_given=given)


def _mark(plan: Planned) -> _Mark:
    return plan.client.id if plan.client else "", plan.sha256, plan.place


def _known_as(known: _Known, plan: Planned) -> str:
    """The note that this one is already, '' for none. The same words on another day are another note, as "Did not
    attend" is; a day that was only given does not tell two apart."""
    days = known.get(_mark(plan), {})
    return next(iter(days.values()), "") if plan.day_given or plan.day is None else days.get(plan.day, "")


def _imported_before(vault: Vault) -> _Known:
    """What was imported, by client, SHA-256 and place, and by its day the note it is, as CODE/N."""
    marks: _Known = {}
    notes: dict[str, Note] = {}
    for client in vault.clients.all():
        entries = vault.entries.of(client.id, _IMPORTED)
        if entries:
            notes |= {note.id: note for note in vault.notes.of_client(client.id)}
        for entry in entries:
            source = entry.read(ImportedFrom)
            if note := notes.get(entry.about):
                where = f"{client.code}/{note.number}"
                marks.setdefault((client.id, source.sha256, source.place), {})[note.date] = where
    return marks


def bringing(vault: Vault, plans: Iterable[Planned]) -> Iterator[Brought]:
    """Import what is wanted of `plans`, one note at each step; what was yielded is kept. Raises what the vault does."""
    before = _imported_before(vault)
    for path, each in groupby((plan for plan in plans if plan.wanted), key=lambda plan: plan.path):
        pieces: list[Piece] | None = None
        for plan in each:
            if plan.client is None or plan.day is None or _known_as(before, plan):
                continue
            try:
                pieces = _read_again(path, plan.sha256) if pieces is None else pieces
                with vault.transaction():
                    note, _ = add_note(vault, plan.client, pieces[plan.place].text, plan.day, plan.kind)
                    source = ImportedFrom(sha256=plan.sha256, place=plan.place)
                    vault.entries.add(plan.client.id, _IMPORTED, source, about=note.id)
            except UsageError as error:
                yield Brought(plan, None, str(error))
            else:
                yield Brought(plan, note)


def _read_again(path: Path, sha256: str) -> list[Piece]:
    raw = _read(path)
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise UsageError(_CHANGED)
    return read_pieces(raw, path.suffix.lower())


def _read(path: Path) -> bytes:
    """Raises `UsageError`."""
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"It ends in none of {', '.join(SUFFIXES)}.")
    try:
        raw = read_private(path, MAX_FILE_BYTES)
    except OSError:
        raise UsageError("It could not be read: no ordinary file, a link, or one you may not read.") from None
    if len(raw) > MAX_FILE_BYTES:
        raise UsageError(f"It has more than {MAX_FILE_BYTES // 1_000_000} MB, which is no note. Divide it.")
    return raw
