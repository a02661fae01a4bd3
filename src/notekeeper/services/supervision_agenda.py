"""The agenda for the next supervision, over the caseload: what to bring of each client, in the therapist's own order.

What always holds: risk is given by its recorded state and day and never weighed, and where none is recorded that is
said; an order that was made stands until it is made anew; whoever was not discussed for longest is pointed out wherever
they stand; an entry that was altered keeps nothing of another client from the agenda.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from notekeeper.domain.consent import Purpose
from notekeeper.domain.note import Client, NoteKind
from notekeeper.domain.vault import NoteStanding, Vault
from notekeeper.errors import ChainBrokenError, UsageError
from notekeeper.services.caseload import UNREAD, CaseloadRow, caseload
from notekeeper.services.consent import why_not
from notekeeper.services.reporting import kept_question
from notekeeper.services.supervision import DiscussedItem, became_words, discussed, last_discussed
from notekeeper.services.supervision_flags import Flagged, flag_words, open_flags
from notekeeper.services.supervision_outcome import agreed_in_note
from notekeeper.services.supervision_risk import RiskStand, risk_stand

Found = TypeVar("Found")
POINTED_OUT = 3
"""At most, and at most half of those on the agenda."""
LONG_WEEKS = 4
_PLACE = "place_on_the_supervision_agenda"


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One client. `count` is session n of N. `agreed` are the agreed actions of the supervision before and every
    earlier one that is not done; `noted` what the outcome note of that day says was agreed, where no comments were
    taken in. `weeks` counts since `last`, the day last discussed, or since the first session if never. `longest`
    points out those not discussed for longest. `agreement` says why no report may be taken, '' where it may.
    `unread` says that an entry was altered."""

    client: Client
    count: str
    question: str = ""
    more: str = ""
    flags: tuple[Flagged, ...] = ()
    risk: RiskStand = field(default_factory=RiskStand)
    agreed: tuple[DiscussedItem, ...] = ()
    noted: tuple[str, ...] = ()
    last: date | None = None
    weeks: int | None = None
    longest: bool = False
    agreement: str = ""
    unread: str = ""

    @property
    def brings(self) -> bool:
        """Whether there is anything to bring: a question, a flag, or something agreed and not done."""
        return bool(self.question or self.more or self.flags or any(each.to_do for each in self.agreed))


def agenda(vault: Vault, today: date) -> list[AgendaLine]:
    """Every client whose work has not ended, and of the others those with something to bring, in the therapist's own
    order; whoever has no place in it yet comes after, those with something to bring first and then those not discussed
    for longest."""
    rows = caseload(vault, today)
    sheets = vault.front_sheets.all()
    every_day = _or_none(lambda: last_discussed(vault))
    standings: dict[str, list[NoteStanding]] = {}
    for standing in vault.standings():
        standings.setdefault(standing.note.client_id, []).append(standing)
    lines = [_line(vault, row, standings.get(row.client.id, []), every_day, today) for row in rows]
    ended = {key for key, sheet in sheets.items() if sheet.ended is not None and sheet.ended <= today}
    lines = [line for line in lines if line.client.id not in ended or line.brings]
    longest = sorted(
        (line for line in lines if line.weeks is not None and (line.last is None or line.weeks >= LONG_WEEKS)),
        key=lambda line: -(line.weeks or 0),
    )[: min(POINTED_OUT, max(1, len(lines) // 2))]
    marked = {line.client.id for line in longest}
    lines = [replace(line, longest=line.client.id in marked) for line in lines]
    places = {line.client.id: _place(vault, line.client) for line in lines}
    return sorted(lines, key=lambda line: _order(line, places[line.client.id]))


def _order(line: AgendaLine, place: int | None) -> tuple[object, ...]:
    return place is None, place or 0, not line.brings, -(line.weeks or 0), line.client.code


def _line(
    vault: Vault, row: CaseloadRow, notes: Sequence[NoteStanding], every_day: dict[str, date] | None, today: date
) -> AgendaLine:
    client = row.client
    question, more = kept_question(vault, client)
    days = every_day if every_day is not None else _or_none(lambda: last_discussed(vault, client.id))
    flags = _or_none(lambda: open_flags(vault, client))
    items = _or_none(lambda: discussed(vault, client))
    risk = _or_none(lambda: risk_stand(vault, notes))
    agreement = _or_none(lambda: why_not(vault, client, Purpose.SUPERVISION))
    lost = None in (days, flags, items, risk, agreement)
    last = (days or {}).get(client.id)
    since = last or min((each.note.date for each in notes if each.note.kind is NoteKind.SESSION), default=None)
    agreed = _agreed(items or [])
    return AgendaLine(
        client=client,
        count=row.count,
        question=question,
        more=more,
        flags=flags or (),
        risk=risk or RiskStand(),
        agreed=agreed,
        noted=() if agreed or last is None else agreed_in_note(vault, [each.note for each in notes], last),
        last=last,
        weeks=max(0, (today - since).days // 7) if since else None,
        agreement=agreement or "",
        unread=UNREAD if lost else "",
    )


def _or_none(read: Callable[[], Found]) -> Found | None:
    """What is read, None where an entry was altered."""
    with suppress(ChainBrokenError):
        return read()
    return None


def _agreed(items: Iterable[DiscussedItem]) -> tuple[DiscussedItem, ...]:
    actions = [each for each in items if each.comment.action]
    newest = max((each.day for each in actions if each.day), default=None)
    return tuple(each for each in actions if each.to_do or each.day == newest)


def move(vault: Vault, lines: Sequence[AgendaLine], client: Client, by: int) -> None:
    """Put the client one place up (-1) or down (1) among `lines`, and keep the whole order. Raises `UsageError` for a
    client who is not among them."""
    order = [line.client for line in lines]
    if client.id not in {each.id for each in order}:
        raise UsageError("That client is not on the agenda: the work has ended and nothing waits. Nothing was changed.")
    at = next(place for place, each in enumerate(order) if each.id == client.id)
    to = min(max(at + by, 0), len(order) - 1)
    order.insert(to, order.pop(at))
    with vault.transaction():
        for place, each in enumerate(order, start=1):
            if _place(vault, each) != place:
                vault.jottings.keep(_typing(each), each.id, json.dumps({_PLACE: place}))


def forget_order(vault: Vault) -> None:
    """From here on in the order of need."""
    with vault.transaction():
        for client in vault.clients.all():
            vault.jottings.keep(_typing(client), client.id, "")


def _place(vault: Vault, client: Client) -> int | None:
    kept = vault.jottings.of(_typing(client))
    try:
        return int(json.loads(kept)[_PLACE]) if kept else None
    except (ValueError, KeyError, TypeError):
        return None


def _typing(client: Client) -> str:
    return f"{client.id}.agenda"


def since_words(line: AgendaLine) -> str:
    """How long ago the client was discussed."""
    if line.weeks is None:
        return "No session yet"
    weeks = f"{line.weeks} week(s)"
    said = f"Discussed {weeks} ago, {line.last.isoformat()}" if line.last else f"Never discussed, in {weeks} of work"
    return f"{said}, among those not discussed for longest" if line.longest else said


def agenda_facts(line: AgendaLine) -> list[tuple[str, str]]:
    """What a line of the agenda says, label and words, in the order of reading."""
    found = [("Question", line.question)] if line.question else []
    found += [("And", line.more)] if line.more else []
    found += [("Risk", line.risk.words.removeprefix("Risk: ").removeprefix("Risk "))] if not line.unread else []
    for each in line.flags:
        why = f": {' '.join(each.flag.why.split())}" if each.flag.why else ""
        found.append((f"Flag S{each.number}", f"{flag_words(each)}{why}"))
    for item in line.agreed:
        words = " ".join(item.comment.text.split())
        found.append((f"Agreed D{item.number}.{item.place}", f"{words} ({became_words(item)})"))
    found += [("Agreed, as in the outcome note", words) for words in line.noted]
    found += [("Agreement", f"{line.agreement}. A report cannot be taken.")] if line.agreement else []
    found += [("Not read", line.unread)] if line.unread else []
    return found
