"""The caseload and the Monday list: what stands where, and what is still to do.

What always holds: both are read in nine questions to the vault, however many clients and notes there are, and one more
for each whose work has ended; a state of risk is counted, never judged; an entry that was altered keeps nothing of
another client from the list, and the list says of whom it cannot be read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.note import Client, Note, NoteKind
from notekeeper.domain.retention import Standing
from notekeeper.domain.risk import RiskState
from notekeeper.domain.vault import NoteStanding, Vault
from notekeeper.errors import ChainBrokenError
from notekeeper.services.access import Request, due_words, open_requests, requests_of
from notekeeper.services.corrections import Correction, corrections_of, open_corrections
from notekeeper.services.corrections import standing_words as correction_standing
from notekeeper.services.follow_ups import due_of, follow_up_line
from notekeeper.services.retention import FileRetention, retention_of, retention_of_all, standing_words
from notekeeper.services.supervision_flags import Flagged, all_open_flags, open_flags

Found = TypeVar("Found")
ENDING_WITHIN_DAYS = 28
UNREAD = "an entry of this file was altered, so this cannot be said. Check the vault: `notekeeper verify`"
LAST_SESSIONS = 2
"""With this many planned sessions left, or fewer, a client is near the ending."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a client's ending stands. `near`: within 28 days, or at most two planned sessions left. `short` fits a
    column, `words` is a sentence; both empty while nothing is agreed."""

    near: bool = False
    short: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class CaseloadRow:
    """One client. `held` counts session notes, `planned` is None while open. A note is unfinished when it is not
    signed and no draft of it awaits review; those whose draft does are in `to_review`. `risk_not_recorded` are the
    sessions, signed or not, with no state of risk or with "Not recorded", in the sign-off and in every addendum.
    `due` are the open follow-ups that are due, overdue or due within a week of `today`. `retention` is given when the
    file is due for review. `unread` is what cannot be said of this client, because an entry was altered."""

    client: Client
    held: int
    planned: int | None
    last: date | None
    unfinished: tuple[Note, ...]
    to_review: tuple[Note, ...]
    risk_not_recorded: tuple[Note, ...]
    ending: Ending
    due: tuple[FollowUp, ...]
    today: date
    retention: FileRetention | None = None
    corrections: tuple[Correction, ...] = ()
    access: tuple[Request, ...] = ()
    flags: tuple[Flagged, ...] = ()
    unread: tuple["ToDo", ...] = ()

    @property
    def count(self) -> str:
        """Session n of N, in short."""
        return f"{self.held} of {self.planned}" if self.planned else f"{self.held}"


def own_day() -> date:
    """Today in the therapist's own calendar."""
    return date.today()  # noqa: DTZ011


def caseload(vault: Vault, today: date) -> list[CaseloadRow]:
    """Every client by code."""
    sheets = vault.front_sheets.all()
    standings: defaultdict[str, list[NoteStanding]] = defaultdict(list)
    for standing in vault.standings():
        standings[standing.note.client_id].append(standing)
    open_ones: defaultdict[str, list[FollowUp]] = defaultdict(list)
    for follow_up in vault.follow_ups.of_client():
        if follow_up.done is None:
            open_ones[follow_up.client_id].append(follow_up)
    clients = vault.clients.all()
    rows = [
        _row(each, standings[each.id], sheets.get(each.id, FrontSheet()), open_ones[each.id], today) for each in clients
    ]
    reviews, lost_reviews = _by_client(
        clients,
        lambda: {each.client.id: each for each in retention_of_all(vault, today, clients, sheets)},
        lambda client: retention_of(vault, client, today),
    )
    waiting, lost_requests = _by_client(
        clients,
        lambda: open_requests(vault, clients),
        lambda client: tuple(filter(_is_open, requests_of(vault, client))),
    )
    asked, lost_corrections = _by_client(
        clients,
        lambda: open_corrections(vault),
        lambda client: tuple(each for each in corrections_of(vault, client) if not each.answers),
    )
    flagged, lost_flags = _by_client(clients, lambda: all_open_flags(vault), lambda client: open_flags(vault, client))
    lost = (
        (ToDo.RETENTION_DUE, lost_reviews),
        (ToDo.ACCESS_REQUESTS, lost_requests),
        (ToDo.CORRECTIONS, lost_corrections),
        (ToDo.FLAGS, lost_flags),
    )
    return [
        replace(
            row,
            retention=each if (each := reviews.get(row.client.id)) and _is_due(each) else None,
            access=waiting.get(row.client.id, ()),
            corrections=asked.get(row.client.id, ()),
            flags=flagged.get(row.client.id, ()),
            unread=tuple(todo for todo, clients_lost in lost if row.client.id in clients_lost),
        )
        for row in rows
    ]


def _by_client(
    clients: Iterable[Client], together: Callable[[], dict[str, Found]], each: Callable[[Client], Found]
) -> tuple[dict[str, Found], frozenset[str]]:
    """What there is by client id, and the clients of whom an entry was altered, so that it cannot be said. Read client
    by client only then."""
    with suppress(ChainBrokenError):
        return together(), frozenset()
    found: dict[str, Found] = {}
    lost: set[str] = set()
    for client in clients:
        try:
            found[client.id] = each(client)
        except ChainBrokenError:
            lost.add(client.id)
    return found, frozenset(lost)


def _is_open(request: Request) -> bool:
    return request.open


def _is_due(review: FileRetention) -> bool:
    return review.reckoning.standing is Standing.DUE and not review.client.demonstration


def _row(
    client: Client, notes: list[NoteStanding], sheet: FrontSheet, follow_ups: list[FollowUp], today: date
) -> CaseloadRow:
    sessions = [standing for standing in notes if standing.note.kind is NoteKind.SESSION]
    open_notes = [standing for standing in notes if not standing.note.signed]
    return CaseloadRow(
        client=client,
        held=len(sessions),
        planned=sheet.sessions_planned,
        last=sessions[-1].note.date if sessions else None,
        unfinished=tuple(standing.note for standing in open_notes if not standing.draft),
        to_review=tuple(standing.note for standing in open_notes if standing.draft),
        risk_not_recorded=tuple(s.note for s in sessions if s.risk in (None, RiskState.NOT_RECORDED)),
        ending=ending_of(sheet, len(sessions), today),
        due=tuple(each for each in follow_ups if due_of(each, today).listed),
        today=today,
    )


def ending_of(sheet: FrontSheet, held: int, today: date) -> Ending:
    """How the ending stands on `today` after `held` sessions. A date that has passed is no longer near."""
    if sheet.ending is not None:
        days, on = (sheet.ending - today).days, sheet.ending.isoformat()
        if days < 0:
            return Ending(False, "passed", f"The ending date, {on}, has passed.")
        short = "today" if days == 0 else "1 day" if days == 1 else f"{days} days"
        when = short if days == 0 else f"in {short}"
        if days <= ENDING_WITHIN_DAYS:
            return Ending(True, short, f"Ends {on}, {when}.")
        if not _few_left(sheet, held):
            return Ending(False, on, f"Ends {on}, {when}.")
    if _few_left(sheet, held):
        left = (sheet.sessions_planned or 0) - held
        short = f"{left} left" if left > 0 else "0 left" if left == 0 else f"{-left} over"
        words = (
            f"{left} planned session(s) left."
            if left > 0
            else "All planned sessions have been held."
            if left == 0
            else f"{-left} session(s) more than planned have been held."
        )
        return Ending(True, short, words)
    return Ending()


def _few_left(sheet: FrontSheet, held: int) -> bool:
    return sheet.sessions_planned is not None and sheet.sessions_planned - held <= LAST_SESSIONS


class ToDo(StrEnum):
    """Why a line is on the Monday list, in the order listed."""

    UNFINISHED = "unfinished"
    TO_REVIEW = "to_review"
    RISK_NOT_RECORDED = "risk_not_recorded"
    FOLLOW_UPS_DUE = "follow_ups_due"
    NEAR_ENDING = "near_ending"
    RETENTION_DUE = "retention_due"
    ACCESS_REQUESTS = "access_requests"
    CORRECTIONS = "corrections"
    FLAGS = "flags"

    @property
    def heading(self) -> str:
        """How it is headed for a person."""
        return _HEADINGS[self]


_HEADINGS = {
    ToDo.UNFINISHED: "Unfinished notes",
    ToDo.TO_REVIEW: "Drafts to review",
    ToDo.RISK_NOT_RECORDED: "Risk not recorded",
    ToDo.FOLLOW_UPS_DUE: "Follow-ups due",
    ToDo.NEAR_ENDING: "Near the ending",
    ToDo.RETENTION_DUE: "Retention reviews due",
    ToDo.ACCESS_REQUESTS: "Access requests to answer",
    ToDo.CORRECTIONS: "Correction requests to answer",
    ToDo.FLAGS: "Flagged for supervision",
}


@dataclass(frozen=True, slots=True)
class MondayLine:
    """One line of the list. `note` is where it leads, None for the client's file. `now` is False for a follow-up that
    is only coming, and for flags, which wait for supervision. `mentions`: notes of it mention risk that is not
    recorded."""

    todo: ToDo
    client: Client
    note: Note | None
    words: str
    follow_up: FollowUp | None = None
    now: bool = True
    mentions: bool = False


def monday(rows: Iterable[CaseloadRow], mentioned: Mapping[str, tuple[str, ...]] | None = None) -> list[MondayLine]:
    """What is still to do, by kind and then by client; follow-ups by the day they are due. Risk and ending have one
    line a client. `mentioned` is what notes mention whose risk is not recorded, by note id, as `services.risk` gives
    it."""
    kept = list(rows)
    lines = [
        MondayLine(todo, row.client, note, f"note {note.number}, {kind_words(note.kind)}, {note.date.isoformat()}")
        for todo in (ToDo.UNFINISHED, ToDo.TO_REVIEW)
        for row in kept
        for note in (row.unfinished if todo is ToDo.UNFINISHED else row.to_review)
    ]
    for row in kept:
        if notes := row.risk_not_recorded:
            words = f"in {len(notes)} of {row.held} session(s): note {_spans([note.number for note in notes])}"
            told = _mentioning(notes, mentioned or {})
            only = notes[0] if len(notes) == 1 else None
            lines.append(MondayLine(ToDo.RISK_NOT_RECORDED, row.client, only, words + told, mentions=bool(told)))
    lines += [
        MondayLine(
            ToDo.FOLLOW_UPS_DUE,
            row.client,
            None,
            follow_up_line(follow_up, row.today),
            follow_up,
            due_of(follow_up, row.today).now,
        )
        for row, follow_up in sorted(
            ((row, follow_up) for row in kept for follow_up in row.due), key=lambda pair: pair[1].due
        )
    ]
    lines += [
        MondayLine(ToDo.NEAR_ENDING, row.client, None, f"session {row.count}. {row.ending.words}")
        for row in kept
        if row.ending.near
    ]
    return (
        lines
        + [
            MondayLine(ToDo.RETENTION_DUE, row.client, None, standing_words(row.retention))
            for row in kept
            if row.retention is not None
        ]
        + [
            MondayLine(ToDo.ACCESS_REQUESTS, row.client, None, f"request {each.number}, {due_words(each, row.today)}")
            for row in kept
            for each in row.access
        ]
        + [
            MondayLine(
                ToDo.CORRECTIONS, row.client, None, f"request C{each.number}, {correction_standing(each, row.today)}"
            )
            for row in kept
            for each in row.corrections
        ]
        + [MondayLine(ToDo.FLAGS, row.client, None, flags_line(row.flags), now=False) for row in kept if row.flags]
        + [MondayLine(todo, row.client, None, UNREAD) for row in kept for todo in row.unread]
    )


def flags_line(flags: tuple[Flagged, ...]) -> str:
    """How many flags wait for supervision, and since when; their words stand in the client's file."""
    return f"{len(flags)} flag(s), the oldest of {min(each.day for each in flags).isoformat()}"


def _mentioning(notes: Iterable[Note], mentioned: Mapping[str, tuple[str, ...]]) -> str:
    """How many of these notes mention risk, and which kinds; empty when the list found nothing, which says nothing."""
    found = [mentioned[note.id] for note in notes if note.id in mentioned]
    if not found:
        return ""
    kinds = dict.fromkeys(kind for kinds in found for kind in kinds)
    return f". {len(found)} of them {'mentions' if len(found) == 1 else 'mention'} {', '.join(kinds)}"


def _spans(numbers: Iterable[int]) -> str:
    """Numbers in short: 1–4, 7."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def kind_words(kind: NoteKind) -> str:
    """A kind of note as a person reads it."""
    return _KINDS[kind]


_KINDS = {
    NoteKind.SESSION: "session",
    NoteKind.DID_NOT_ATTEND: "did not attend",
    NoteKind.CONTACT: "phone, text or e-mail",
    NoteKind.LETTER: "letter",
    NoteKind.SAFEGUARDING: "safeguarding consultation",
    NoteKind.SUPERVISION: "supervision outcome",
}
