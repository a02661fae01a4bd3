"""Correction requests: asked, answered within a calendar month, kept beside the note with the client's statement.

What always holds: the program corrects nothing and decides nothing; a request is open until the therapist answered it;
a later answer stands beside the earlier ones.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter, ValidationError

from notekeeper.domain.correction import (
    MAX_CORRECTION,
    CorrectionAnswer,
    CorrectionRequest,
    Outcome,
)
from notekeeper.domain.entry import EntryKind, FileEntry
from notekeeper.domain.note import Client, Note
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.calendar import one_month_after
from notekeeper.services.writing import check_characters

_TYPED = TypeAdapter(dict[str, str])
_KINDS = (EntryKind.CORRECTION, EntryKind.CORRECTION_ANSWER)


@dataclass(frozen=True, slots=True)
class Correction:
    """A request as it stands. `number` counts from 1 within the client's file; `note_id` is the note it is about, ''
    for the file as a whole."""

    id: str
    client_id: str
    number: int
    note_id: str
    request: CorrectionRequest
    answers: tuple[CorrectionAnswer, ...]

    @property
    def answer(self) -> CorrectionAnswer | None:
        """The answer that stands: the newest."""
        return self.answers[-1] if self.answers else None

    @property
    def statements(self) -> tuple[str, ...]:
        """What the client wished to have beside the note, in the order given."""
        return tuple(text for text in (self.request.statement, *(each.statement for each in self.answers)) if text)


def ask_correction(  # noqa: PLR0917 - a request is just these
    vault: Vault,
    client: Client,
    by: str,
    asks: str,
    asked_on: date,
    today: date,
    note: int | None = None,
    said: str = "",
) -> Correction:
    """A request into the client's file for good, about their note of that number or the file. Raises `UsageError`."""
    if not by.strip() or not asks.strip():
        raise UsageError("A correction request says who asks and what for. Nothing was added.")
    if asked_on > today:
        raise UsageError("The day it was asked on is still to come. Nothing was added.")
    about = _note(vault, client, note).id if note is not None else ""
    try:
        request = CorrectionRequest(
            asked_on=asked_on,
            by=check_characters(by.strip()),
            asks=check_characters(asks.strip()),
            due=one_month_after(asked_on),
            statement=check_characters(said.strip()),
        )
    except ValidationError:
        raise UsageError(_TOO_LONG) from None
    return _correction(vault.entries.add(client.id, EntryKind.CORRECTION, request, about), ())


def answer_correction(  # noqa: PLR0917 - an answer is just these
    vault: Vault,
    client: Client,
    number: int,
    outcome: Outcome,
    today: date,
    reasons: str = "",
    addendum: int | None = None,
    said: str = "",
) -> Correction:
    """An answer to the request, for good. Raises `UsageError` when it does not say what it must."""
    asked = find_correction(vault, client, number)
    if outcome is Outcome.NOT_CORRECTED and not reasons.strip():
        raise UsageError("What is not corrected needs your reasons. Nothing was added.")
    if (outcome is Outcome.ADDENDUM) != (addendum is not None):
        raise UsageError("Name the addendum that corrects the note, and only if one does. Nothing was added.")
    if addendum is not None and addendum not in {each.number for each in vault.addenda.of_note(asked.note_id)}:
        raise UsageError("The note that the request is about has no addendum with that number. Nothing was added.")
    try:
        answer = CorrectionAnswer(
            outcome=outcome,
            answered_on=today,
            reasons=check_characters(reasons.strip()),
            addendum=addendum,
            statement=check_characters(said.strip()),
        )
    except ValidationError:
        raise UsageError(_TOO_LONG) from None
    vault.entries.add(client.id, EntryKind.CORRECTION_ANSWER, answer, asked.id)
    return find_correction(vault, client, number)


_TOO_LONG = f"A name holds at most 200 characters, each text at most {MAX_CORRECTION:,}. Nothing was added."


def _note(vault: Vault, client: Client, number: int) -> Note:
    """A note or the stub of one: a client may ask about what was moved."""
    stub = next((stub for stub in vault.notes.stubs(client.id) if stub.number == number), None)
    return stub or vault.notes.by_number(client.id, number)


def find_correction(vault: Vault, client: Client, number: int) -> Correction:
    """The client's request of this number. Raises `UsageError`, `ChainBrokenError`."""
    for each in corrections_of(vault, client):
        if each.number == number:
            return each
    raise UsageError("There is no correction request with that number. `notekeeper correction list` names them.")


def corrections_of(vault: Vault, client: Client) -> tuple[Correction, ...]:
    """The client's requests by number. Raises `ChainBrokenError`."""
    return _together(vault.entries.of(client.id, *_KINDS))


def corrections_about(vault: Vault, note: Note) -> tuple[Correction, ...]:
    """The requests about this note. Raises `ChainBrokenError`."""
    return tuple(each for each in _together(vault.entries.of(note.client_id, *_KINDS)) if each.note_id == note.id)


def open_corrections(vault: Vault) -> dict[str, tuple[Correction, ...]]:
    """The requests that wait for an answer, by client id. Raises `ChainBrokenError`."""
    found: defaultdict[str, list[Correction]] = defaultdict(list)
    for each in _together(vault.entries.of(None, *_KINDS)):
        if not each.answers:
            found[each.client_id].append(each)
    return {client_id: tuple(each) for client_id, each in found.items()}


def _together(entries: list[FileEntry]) -> tuple[Correction, ...]:
    answers: defaultdict[str, list[CorrectionAnswer]] = defaultdict(list)
    for entry in entries:
        if entry.kind is EntryKind.CORRECTION_ANSWER:
            answers[entry.about].append(entry.read(CorrectionAnswer))
    return tuple(
        _correction(entry, tuple(answers[entry.id])) for entry in entries if entry.kind is EntryKind.CORRECTION
    )


def _correction(entry: FileEntry, answers: tuple[CorrectionAnswer, ...]) -> Correction:
    return Correction(entry.id, entry.client_id, entry.number, entry.about, entry.read(CorrectionRequest), answers)


def read_asked_on(raw: str, today: date) -> date:
    """The day that was typed, today for ''. Raises `UsageError`."""
    try:
        return date.fromisoformat(raw.strip()) if raw.strip() else today
    except ValueError:
        raise UsageError(f"Write the day as {today.isoformat()}. Nothing was added; what you typed is kept.") from None


def read_number(raw: str) -> int | None:
    """The number that was typed, None for ''. Raises `UsageError`."""
    typed = raw.strip()
    if typed and not (typed.isascii() and typed.isdigit()):
        raise UsageError("A note or addendum is given by its number, or left empty. Nothing was added.")
    return int(typed[:9]) if typed else None


def begun(vault: Vault, owner: str) -> dict[str, str]:
    """What was typed for `owner` and not added, by field."""
    kept = vault.jottings.of(owner)
    return dict(_TYPED.validate_json(kept)) if kept else {}


def keep_begun(vault: Vault, client: Client, owner: str, typed: dict[str, str]) -> None:
    """Keep the typing; {} clears it."""
    vault.jottings.keep(owner, client.id, json.dumps(typed) if typed else "")


def about_words(correction: Correction, numbers: dict[str, int]) -> str:
    """What it is about, by the numbers of the client's notes."""
    if not correction.note_id:
        return "about the file"
    number = numbers.get(correction.note_id)
    return f"about note {number}" if number is not None else "about a note"


def note_numbers(vault: Vault, client: Client) -> dict[str, int]:
    """The numbers of the client's notes and stubs, by id."""
    return {note.id: note.number for note in (*vault.notes.of_client(client.id), *vault.notes.stubs(client.id))}


def standing_words(correction: Correction, today: date) -> str:
    """How it stands on `today`: when it is due, or what was answered and when."""
    if (answer := correction.answer) is not None:
        number = f" {answer.addendum}" if answer.addendum else ""
        return f"{answer.outcome.words}{number}, {answer.answered_on.isoformat()}"
    days, on = (correction.request.due - today).days, correction.request.due.isoformat()
    if days < 0:
        return f"OVERDUE by {-days} day(s), {on}"
    return f"open, due {'today' if days == 0 else f'in {days} day(s)'}, {on}"
