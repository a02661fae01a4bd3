"""The front sheet of a client's file: read, filled from what was typed, and saved.

What always holds: nothing typed is lost. A number or date that cannot be read is refused while the therapist is there
to mend it, and kept as words under breaks when there is no time to ask.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from notekeeper.domain.agreement import Purpose, Standing
from notekeeper.domain.client_file import MAX_FIELD, FrontSheet, Work
from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.note import Client, Note, NoteKind
from notekeeper.domain.review import SignedReview
from notekeeper.domain.text import Frozen
from notekeeper.domain.vault import NoteStanding, Vault
from notekeeper.drafting.sentences import split_sentences
from notekeeper.errors import ChainBrokenError, UsageError
from notekeeper.services.access_log import client_opened
from notekeeper.services.ai_use import newest_line
from notekeeper.services.caseload import own_day
from notekeeper.services.follow_ups import open_follow_ups
from notekeeper.services.supervision import DiscussedItem, discussed
from notekeeper.services.supervision_flags import Flagged, open_flags

LABELS = {
    "emergency_contact": "Emergency contact",
    "safety_plan": "Safety plan",
    "gp": "GP",
    "contract": "Contract",
    "sessions_planned": "Sessions planned",
    "breaks": "Breaks",
    "ending": "Ending date",
    "work": "Work with",
    "under_18": "Under 18",
    "lawful_basis": "Lawful basis for keeping records",
    "started": "Work began",
    "ended": "Work ended",
}
_DAYS = ("ending", "started", "ended")
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
    work: str = ""
    under_18: str = ""
    lawful_basis: str = ""
    started: str = ""
    ended: str = ""


def form_of(sheet: FrontSheet) -> FrontSheetForm:
    """The sheet as it stands in a form."""
    return FrontSheetForm(
        **sheet.model_dump(include=_WORDS),
        sessions_planned=str(sheet.sessions_planned or ""),
        work=sheet.work.value,
        under_18="yes" if sheet.under_18 else "no",
        **{name: day.isoformat() if (day := getattr(sheet, name)) else "" for name in _DAYS},
    )


def read_sheet(form: FrontSheetForm) -> FrontSheet:
    """The sheet that a form stands for. Raises `UsageError` naming the field."""
    return _sheet(form, {name: read(getattr(form, name)) for name, read in _READ.items()})


def save_sheet(vault: Vault, client: Client, form: FrontSheetForm) -> FrontSheet:
    """Save the sheet; what was saved before stays beneath it. Raises `UsageError` naming the field."""
    sheet = read_sheet(form)
    vault.front_sheets.save(client.id, sheet)
    return sheet


def keep_sheet(vault: Vault, client: Client, form: FrontSheetForm) -> FrontSheet:
    """Save the sheet without asking anything: what cannot be read as a number or date is kept as words under breaks,
    and the number and date saved before stand. Raises `UsageError` for a field that is too long."""
    before, words, rest = vault.front_sheets.current(client.id), [form.breaks], {}
    for name, read in _READ.items():
        try:
            rest[name] = read(getattr(form, name))
        except UsageError:
            rest[name] = getattr(before, name)
            words.append(f"{LABELS[name]}, as typed: {getattr(form, name)}")
    breaks = "\n".join(word for word in words if word)
    sheet = _sheet(form.model_copy(update={"breaks": breaks}), rest)
    vault.front_sheets.save(client.id, sheet)
    return sheet


def read_sheet_json(text: str) -> FrontSheet:
    """A sheet from JSON with the fields of `FrontSheet`. Raises `UsageError` naming the field, never its content."""
    try:
        sheet = FrontSheet.model_validate_json(text)
    except ValidationError as error:
        raise UsageError(_refusal(error)) from None
    return sheet.model_copy(update={"ended": _not_to_come(sheet.ended)})


def _sheet(form: FrontSheetForm, rest: dict[str, object]) -> FrontSheet:
    words = {name: text.strip() for name, text in form.model_dump(include=_WORDS).items()}
    try:
        return FrontSheet.model_validate({**words, **rest})
    except ValidationError as error:
        raise UsageError(_refusal(error)) from None


def _refusal(error: ValidationError) -> str:
    known = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]} & LABELS.keys()
    fields = ", ".join(LABELS[name] for name in LABELS if name in known) or "the form"
    return (
        f"The front sheet cannot be used; look at: {fields}. Texts have at most {MAX_FIELD:,} characters, sessions are "
        "a number from 1 to 2000, a date is written YYYY-MM-DD, the work is with an individual, couple, family or "
        "group. Nothing was changed."
    )


def _planned(raw: str) -> int | None:
    typed = raw.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= 2000):
        raise UsageError("Sessions planned is a number from 1 to 2000, or empty while it is open.")
    return int(typed)


def _day(raw: str) -> date | None:
    typed = raw.strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise UsageError("A date is written YYYY-MM-DD, like 2026-03-14, or left empty.") from None


def _ended(raw: str) -> date | None:
    return _not_to_come(_day(raw))


def _not_to_come(ended: date | None) -> date | None:
    """The time that a file is kept is counted from the day the work ended."""
    if ended is not None and ended > own_day():
        raise UsageError("The day the work ended is still to come. What is agreed for then is the ending date.")
    return ended


def _ending(raw: str) -> date | None:
    try:
        return _day(raw)
    except UsageError:
        raise UsageError("The ending date is written YYYY-MM-DD, like 2026-03-14, or left empty.") from None


def _work(raw: str) -> Work:
    typed = raw.strip().casefold()
    try:
        return Work(typed) if typed else Work.INDIVIDUAL
    except ValueError:
        raise UsageError("The work is with one of: individual, couple, family, group.") from None


def _yes(raw: str) -> bool:
    typed = raw.strip().casefold()
    if typed not in {"", "y", "yes", "n", "no"}:
        raise UsageError("Under 18 is yes or no.")
    return typed in {"y", "yes"}


_READ: dict[str, Callable[[str], object]] = {
    "sessions_planned": _planned,
    "ending": _ending,
    "work": _work,
    "under_18": _yes,
    "started": _day,
    "ended": _ended,
}
_WORDS = set(FrontSheetForm.model_fields) - _READ.keys()


@dataclass(frozen=True, slots=True)
class ClientFile:
    """What is shown on opening a client. `held` counts session notes. `last` is the newest session; `tasks` are the
    lines under a plan, homework, actions or next heading of its saved text. `signed` is the sign-off of the newest
    signed session, and `trouble` says why that could not be shown. `follow_ups` are those not done, by the day they are
    due. `ai_use` is the newest entry about the client's own use of AI, in a line. `flags` are those open for
    supervision, `discussed` what came of it."""

    client: Client
    sheet: FrontSheet
    notes: tuple[NoteStanding, ...]
    held: int
    last: Note | None
    signed: SignedReview | None
    tasks: tuple[str, ...]
    agreements: dict[Purpose, tuple[Standing, ...]]
    follow_ups: tuple[FollowUp, ...] = ()
    trouble: str = ""
    ai_use: str = ""
    flags: tuple[Flagged, ...] = ()
    discussed: tuple[DiscussedItem, ...] = ()


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
    ai_use = ""
    flags: tuple[Flagged, ...] = ()
    came_of_it: tuple[DiscussedItem, ...] = ()
    try:
        ai_use = newest_line(vault, client)
    except ChainBrokenError as error:
        trouble = trouble or str(error)
    try:
        flags, came_of_it = open_flags(vault, client), tuple(discussed(vault, client))
    except ChainBrokenError as error:
        trouble = trouble or str(error)
    return ClientFile(
        client=client,
        sheet=vault.front_sheets.current(client.id),
        notes=notes,
        held=len(sessions),
        last=last,
        signed=signed,
        tasks=tuple(s.text for s in split_sentences(text.text) if s.section in _PLAN) if text else (),
        agreements={purpose: vault.agreements.standings(client.id, purpose) for purpose in Purpose},
        follow_ups=open_follow_ups(vault, client),
        trouble=trouble,
        ai_use=ai_use,
        flags=flags,
        discussed=came_of_it,
    )
