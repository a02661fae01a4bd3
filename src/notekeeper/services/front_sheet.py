"""The front sheet of a client's file: read, filled from what was typed, and saved.

What always holds: nothing typed is lost. A number or date that cannot be read is refused while the therapist is there
to mend it, and kept as words under breaks when there is no time to ask.
"""

from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from notekeeper.domain.client_file import MAX_FIELD, FrontSheet
from notekeeper.domain.consent import Agreement, Purpose
from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.note import Client, Note, NoteKind
from notekeeper.domain.review import SignedReview
from notekeeper.domain.text import Frozen
from notekeeper.domain.vault import NoteStanding, Vault
from notekeeper.drafting.sentences import split_sentences
from notekeeper.errors import ChainBrokenError, UsageError
from notekeeper.services.access_log import client_opened
from notekeeper.services.follow_ups import open_follow_ups

LABELS = {
    "emergency_contact": "Emergency contact",
    "safety_plan": "Safety plan",
    "gp": "GP",
    "contract": "Contract",
    "sessions_planned": "Sessions planned",
    "breaks": "Breaks",
    "ending": "Ending date",
}
_PLAN = frozenset({"p", "plan", "homework", "action", "actions", "next"})


class FrontSheetForm(Frozen):
    """The front sheet as it is typed: every field is text."""

    emergency_contact: str = ""
    gp: str = ""
    safety_plan: str = ""
    contract: str = ""
    sessions_planned: str = ""
    breaks: str = ""
    ending: str = ""


def form_of(sheet: FrontSheet) -> FrontSheetForm:
    """The sheet as it stands in a form."""
    return FrontSheetForm(
        **sheet.model_dump(include={"emergency_contact", "gp", "safety_plan", "contract", "breaks"}),
        sessions_planned=str(sheet.sessions_planned or ""),
        ending=sheet.ending.isoformat() if sheet.ending else "",
    )


def read_sheet(form: FrontSheetForm) -> FrontSheet:
    """The sheet that a form stands for. Raises `UsageError` naming the field."""
    return _sheet(form, _planned(form.sessions_planned), _ending(form.ending))


def save_sheet(vault: Vault, client: Client, form: FrontSheetForm) -> FrontSheet:
    """Save the sheet; what was saved before stays beneath it. Raises `UsageError` naming the field."""
    sheet = read_sheet(form)
    vault.front_sheets.save(client.id, sheet)
    return sheet


def keep_sheet(vault: Vault, client: Client, form: FrontSheetForm) -> FrontSheet:
    """Save the sheet without asking anything: what cannot be read as a number or date is kept as words under breaks,
    and the number and date saved before stand. Raises `UsageError` for a field that is too long."""
    before = vault.front_sheets.current(client.id)
    planned, ending, words = before.sessions_planned, before.ending, [form.breaks]
    try:
        planned = _planned(form.sessions_planned)
    except UsageError:
        words.append(f"Sessions planned, as typed: {form.sessions_planned}")
    try:
        ending = _ending(form.ending)
    except UsageError:
        words.append(f"Ending date, as typed: {form.ending}")
    breaks = "\n".join(word for word in words if word)
    sheet = _sheet(form.model_copy(update={"breaks": breaks}), planned, ending)
    vault.front_sheets.save(client.id, sheet)
    return sheet


def read_sheet_json(text: str) -> FrontSheet:
    """A sheet from JSON with the fields of `FrontSheet`. Raises `UsageError` naming the field, never its content."""
    try:
        return FrontSheet.model_validate_json(text)
    except ValidationError as error:
        raise UsageError(_refusal(error)) from None


def _sheet(form: FrontSheetForm, planned: int | None, ending: date | None) -> FrontSheet:
    fields = form.model_dump(exclude={"sessions_planned", "ending"})
    try:
        return FrontSheet(
            **{name: text.strip() for name, text in fields.items()}, sessions_planned=planned, ending=ending
        )
    except ValidationError as error:
        raise UsageError(_refusal(error)) from None


def _refusal(error: ValidationError) -> str:
    known = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]} & LABELS.keys()
    fields = ", ".join(LABELS[name] for name in LABELS if name in known) or "the form"
    return (
        f"The front sheet cannot be used; look at: {fields}. Texts have at most {MAX_FIELD:,} characters, sessions are "
        "a number from 1 to 2000, a date is written YYYY-MM-DD. Nothing was changed."
    )


def _planned(raw: str) -> int | None:
    typed = raw.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= 2000):
        raise UsageError("Sessions planned is a number from 1 to 2000, or empty while it is open.")
    return int(typed)


def _ending(raw: str) -> date | None:
    typed = raw.strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise UsageError("The ending date is written YYYY-MM-DD, like 2026-03-14, or left empty.") from None


@dataclass(frozen=True, slots=True)
class ClientFile:
    """What is shown on opening a client. `held` counts session notes. `last` is the newest session; `tasks` are the
    lines under a plan, homework, actions or next heading of its saved text. `signed` is the sign-off of the newest
    signed session, and `trouble` says why that could not be shown. `follow_ups` are those not done, by the day they are
    due."""

    client: Client
    sheet: FrontSheet
    notes: tuple[NoteStanding, ...]
    held: int
    last: Note | None
    signed: SignedReview | None
    tasks: tuple[str, ...]
    agreements: dict[Purpose, Agreement | None]
    follow_ups: tuple[FollowUp, ...] = ()
    trouble: str = ""


def open_file(vault: Vault, client: Client) -> ClientFile:
    """The client's file as it stands. An altered sign-off is told of in `trouble`, and the rest is given all the same:
    a safety plan must not wait for a check."""
    client_opened(vault, client)
    notes = tuple(vault.standings(client.id))
    sessions = [standing.note for standing in notes if standing.note.kind is NoteKind.SESSION]
    last = sessions[-1] if sessions else None
    text = vault.notes.latest(last.id) if last else None
    signed, trouble = None, ""
    closed = [note for note in sessions if note.signed]
    try:
        signed = vault.signoffs.of_note(closed[-1].id) if closed else None
    except ChainBrokenError as error:
        trouble = str(error)
    return ClientFile(
        client=client,
        sheet=vault.front_sheets.current(client.id),
        notes=notes,
        held=len(sessions),
        last=last,
        signed=signed,
        tasks=tuple(s.text for s in split_sentences(text.text) if s.section in _PLAN) if text else (),
        agreements={purpose: vault.agreements.current(client.id, purpose) for purpose in Purpose},
        follow_ups=open_follow_ups(vault, client),
        trouble=trouble,
    )
