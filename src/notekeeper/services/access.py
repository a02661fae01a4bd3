"""Access requests: asked, marked passage by passage, and how the clock stands.

What always holds: a request is due on the corresponding day of the next month, as the ICO reckons it; a mark belongs to
one request, so that two partners of a couple can each have their own; marks are taken back by an entry, never removed.
No sentence here repeats a word of the file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from notekeeper.domain.access import AccessAnswer, AccessMark, AccessRequest, AccessUnmark, WithholdTest
from notekeeper.domain.client_file import Work
from notekeeper.domain.entry import EntryKind, FileEntry
from notekeeper.domain.note import Client
from notekeeper.domain.people import people_from
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.calendar import one_month_after
from notekeeper.services.withholding import folded
from notekeeper.services.writing import check_characters

Where = dict[str, object]
"""Where a passage lies, as `services.passages` finds it: fields of `AccessMark`."""
REASON_TYPED = "access-reason"
"""The place of a reason that was begun, which is not the client's to see."""
SEVERAL = (
    "This file is about more than one person. What concerns the others is for you to find and mark: the program does "
    "not know whose a sentence is."
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a client's file. `answers` are those given to it, in order."""

    client: Client
    number: int
    body: AccessRequest
    answers: tuple[AccessAnswer, ...]

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer."""
        return not self.answers


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark that stands. `number` counts within the file and names it."""

    number: int
    entry_id: str
    body: AccessMark


@dataclass(frozen=True, slots=True)
class Opinion:
    """Whose opinion the serious-harm test rests on, as name or role, and its date."""

    by: str
    on: date


def ask(vault: Vault, client: Client, by: str, *, how: str, asked_on: date, today: date) -> Request:
    """Note a request down. Raises `UsageError` for a day to come, or when nobody asked."""
    who = check_characters(" ".join(by.split()))
    if not who or len(who) > 200:
        raise UsageError("Say who asked, in up to 200 characters: the client, a person of the file, somebody for them.")
    if asked_on > today:
        raise UsageError("A request is noted down once it was received: that day is still to come. Nothing was kept.")
    if len(how.strip()) > 2000:
        raise UsageError("How it was received has at most 2,000 characters. Nothing was kept.")
    body = AccessRequest(asked_on=asked_on, by=who, how=check_characters(how.strip()), due=one_month_after(asked_on))
    entry = vault.entries.add(client.id, EntryKind.ACCESS, body)
    return Request(client, entry.number, body, ())


def requests_of(vault: Vault, client: Client) -> list[Request]:
    """The client's requests by number. Raises `ChainBrokenError`."""
    return _requests(client, vault.entries.of(client.id, EntryKind.ACCESS, EntryKind.ACCESS_ANSWER))


def open_requests(vault: Vault, clients: Iterable[Client]) -> dict[str, tuple[Request, ...]]:
    """The requests of everyone that wait for an answer, by client id, the first due first."""
    found: dict[str, list[FileEntry]] = {}
    for entry in vault.entries.of(None, EntryKind.ACCESS, EntryKind.ACCESS_ANSWER):
        found.setdefault(entry.client_id, []).append(entry)
    waiting = {
        client.id: tuple(sorted((r for r in _requests(client, found[client.id]) if r.open), key=lambda r: r.body.due))
        for client in clients
        if client.id in found
    }
    return {key: requests for key, requests in waiting.items() if requests}


def _requests(client: Client, entries: list[FileEntry]) -> list[Request]:
    answers = [entry.read(AccessAnswer) for entry in entries if entry.kind is EntryKind.ACCESS_ANSWER]
    return [
        Request(
            client,
            entry.number,
            entry.read(AccessRequest),
            tuple(each for each in answers if each.request == entry.number),
        )
        for entry in entries
        if entry.kind is EntryKind.ACCESS
    ]


def request_of(vault: Vault, client: Client, number: int | None = None) -> Request:
    """The request of this number; without one the newest that is open, else the newest. Raises `UsageError`."""
    found = requests_of(vault, client)
    if number is not None:
        found = [each for each in found if each.number == number]
    if not found:
        raise UsageError(
            "There is no such access request in this file. `notekeeper access ask` notes one down, and "
            "`notekeeper access show` lists them."
        )
    waiting = [each for each in found if each.open]
    return (waiting or found)[-1]


def due_words(request: Request, today: date) -> str:
    """How the clock stands, in words: days left, overdue, or answered."""
    if request.answers:
        return f"answered {request.answers[-1].day.isoformat()}"
    days, on = (request.body.due - today).days, request.body.due.isoformat()
    if days < 0:
        return f"OVERDUE by {'1 day' if days == -1 else f'{-days} days'}, due {on}"
    return f"due today, {on}" if days == 0 else f"{'1 day' if days == 1 else f'{days} days'} left, due {on}"


def marks_of(vault: Vault, request: Request) -> list[Mark]:
    """The marks of a request that stand, by number. Raises `ChainBrokenError`."""
    entries = vault.entries.of(request.client.id, EntryKind.ACCESS_MARK, EntryKind.ACCESS_UNMARK)
    gone = {entry.about for entry in entries if entry.kind is EntryKind.ACCESS_UNMARK}
    marks = [
        Mark(entry.number, entry.id, entry.read(AccessMark))
        for entry in entries
        if entry.kind is EntryKind.ACCESS_MARK and entry.id not in gone
    ]
    return [mark for mark in marks if mark.body.request == request.number]


def mark(
    vault: Vault,
    request: Request,
    where: Where,
    test: WithholdTest,
    reason: str,
    *,
    opinion: Opinion | None = None,
    today: date | None = None,
) -> Mark:
    """Mark a passage, or a whole note, to be withheld; `where` is what `services.passages` found. Raises
    `UsageError`: without a reason, without the opinion that the serious-harm test rests on, or for a passage without
    a letter or digit."""
    place = dict(where)
    check_reason(test, reason, opinion.by if opinion else "", opinion.on.isoformat() if opinion else "")
    if test is WithholdTest.SERIOUS_HARM and opinion is not None:
        if today is not None and opinion.on > today:
            raise UsageError("The date of the opinion is still to come. Nothing was marked.")
        place |= {"opinion_from": " ".join(opinion.by.split()), "opinion_on": opinion.on}
    words = str(place.get("words", ""))
    if not place.get("whole_note") and sum(c.isalnum() for c in folded(words)) < 2:
        raise UsageError("A passage to be withheld holds at least two letters or digits. Nothing was marked.")
    try:
        body = AccessMark.model_validate({**place, "request": request.number, "test": test, "reason": reason.strip()})
    except ValidationError:
        raise UsageError(
            "That mark cannot be kept: a reason has at most 2,000 characters, a passage at most a million. Nothing was "
            "marked."
        ) from None
    if any(each.body == body for each in marks_of(vault, request)):
        raise UsageError("That passage is marked so already. Nothing was changed.")
    entry = vault.entries.add(request.client.id, EntryKind.ACCESS_MARK, body, about=body.note_id or "")
    return Mark(entry.number, entry.id, body)


def check_reason(test: WithholdTest, reason: str, opinion_by: str, opinion_on: str) -> None:
    """Raise `UsageError` unless a mark by this test has all that it needs, as typed."""
    if not reason.strip():
        raise UsageError("A mark needs its reason in your own words. Nothing was marked.")
    if test is WithholdTest.SERIOUS_HARM and not (opinion_by.strip() and opinion_on.strip()):
        raise UsageError(
            "The serious-harm test rests on an opinion from an appropriate health professional: give their name or "
            "role, and the date of the opinion. Nothing was marked."
        )


def unmark(vault: Vault, request: Request, number: int, reason: str = "") -> Mark:
    """Take a mark back. Raises `UsageError` when none of that number stands."""
    found = next((each for each in marks_of(vault, request) if each.number == number), None)
    if found is None:
        raise UsageError(f"No mark {number} stands for this request. `notekeeper access show` lists them.")
    vault.entries.add(request.client.id, EntryKind.ACCESS_UNMARK, AccessUnmark(reason=reason.strip()), found.entry_id)
    return found


def place_words(body: AccessMark) -> str:
    """Where a mark lies, in words, without a word of it."""
    if body.note is None:
        return "anywhere in the file"
    if body.whole_note:
        return f"note {body.note}, the whole of it"
    if body.addendum is not None:
        return f"note {body.note}, addendum {body.addendum}"
    part = "process notes" if body.part == "process" else "record"
    return f"note {body.note}, {part}, revision {body.revision}, characters {body.start} to {body.end}"


def concerns_several(vault: Vault, client: Client) -> bool:
    """Whether the file is about more than one person: a couple's, family's or group's, or one that names several.
    Somebody who left counts, for what was written before is about them too."""
    if vault.front_sheets.current(client.id).work is not Work.INDIVIDUAL:
        return True
    entries = vault.entries.of(client.id, EntryKind.PERSON, EntryKind.PERSON_LEFT)
    return sum(not each.mistake for each in people_from(entries)) > 1


def read_day(raw: str, today: date) -> date:
    """The day that was typed, `today` when nothing was. Raises `UsageError` with an example."""
    try:
        return date.fromisoformat(raw.strip()) if raw.strip() else today
    except ValueError:
        raise UsageError(f"A date is written YYYY-MM-DD, like {today.isoformat()}. Nothing was changed.") from None
