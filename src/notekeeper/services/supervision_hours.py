"""Hours of supervision: entered, corrected by a further line, added up, held against the ratio agreed.

What always holds: no line is changed or taken out; a line that corrects an earlier one stands in its place, and only
once; figures are plain counts of minutes and sessions; nothing here names a client.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from notekeeper.domain.note import NoteKind
from notekeeper.domain.supervision import SupervisionHours, SupervisionLog
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.writing import check_characters

KINDS = ("individual", "group", "peer", "other")
MOST_LINES = 20_000
_EARLIEST = 1950


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One line by its number from 1; `corrected_by` is the number of the line that stands in its place, None while it
    stands itself."""

    number: int
    hours: SupervisionHours
    corrected_by: int | None = None

    @property
    def counts(self) -> bool:
        """Whether its minutes are added up."""
        return self.corrected_by is None and self.hours.minutes > 0


@dataclass(frozen=True, slots=True)
class Total:
    """Supervision and sessions of one month (YYYY-MM), one year (YYYY) or altogether (''): minutes, how often, by kind
    in minutes, and sessions held with clients."""

    period: str
    minutes: int
    times: int
    by_kind: dict[str, int]
    sessions: int


@dataclass(frozen=True, slots=True)
class Account:
    """The whole log with its totals, the newest period first. `agreed` is the ratio: sessions to one hour."""

    lines: tuple[HoursLine, ...]
    months: tuple[Total, ...]
    years: tuple[Total, ...]
    whole: Total
    agreed: int | None


def lines_of(log: SupervisionLog) -> tuple[HoursLine, ...]:
    """Every line in the order entered."""
    later = {each.corrects: number for number, each in enumerate(log.hours, start=1) if each.corrects}
    return tuple(HoursLine(number, each, later.get(number)) for number, each in enumerate(log.hours, start=1))


def read_hours(  # noqa: PLR0917 - a line is just these
    day: date, minutes: int, kind: str = "individual", supervisor: str = "", clients: int = 0, note: str = ""
) -> SupervisionHours:
    """A line as typed. Raises `UsageError` naming what cannot be."""
    if kind not in KINDS:
        raise UsageError(f"The kind of supervision is one of: {', '.join(KINDS)}. Nothing was added.")
    if not 0 <= minutes <= 1440:
        raise UsageError("Supervision takes 1 to 1440 minutes, which is a day. Nothing was added.")
    try:
        return SupervisionHours(
            day=day,
            minutes=minutes,
            kind=kind,
            supervisor=check_characters(" ".join(supervisor.split())),
            clients_discussed=clients,
            note=check_characters(note.strip()),
        )
    except ValidationError:
        raise UsageError(
            "A supervisor's name has at most 200 characters, a note 1,000, and at most 500 clients are discussed. "
            "Nothing was added."
        ) from None


def add_hours(vault: Vault, hours: SupervisionHours, today: date) -> HoursLine:
    """A further line of the log. Raises `UsageError` for one that cannot be, or that is there already."""
    _check(vault, hours, today)
    if hours.minutes == 0:
        raise UsageError("Supervision that was held took at least a minute. Nothing was added.")
    with vault.transaction():
        log = vault.supervision_log()
        if held_already(log, hours):
            raise UsageError(
                "The log has a line of that day, as long, with the same supervisor. If there were two, say so in the "
                "note of this one. Nothing was added."
            )
        return _append(vault, log, hours)


def correct_hours(vault: Vault, number: int, hours: SupervisionHours, today: date) -> HoursLine:
    """A further line that stands in place of line `number`; with 0 minutes that supervision was not held. Raises
    `UsageError`."""
    _check(vault, hours, today)
    with vault.transaction():
        log = vault.supervision_log()
        lines = {each.number: each for each in lines_of(log)}
        if number not in lines:
            raise UsageError(
                "The log has no line with that number. `notekeeper supervision hours` numbers them. Nothing was added."
            )
        if (by := lines[number].corrected_by) is not None:
            raise UsageError(f"Line {number} was corrected by line {by} already; correct that one. Nothing was added.")
        return _append(vault, log, hours.model_copy(update={"corrects": number}))


def _check(vault: Vault, hours: SupervisionHours, today: date) -> None:
    if hours.supervisor.casefold() in {client.code.casefold() for client in vault.clients.all()}:
        raise UsageError("The supervisor is named by a client's code, which hours must not hold. Nothing was added.")
    if hours.day > today:
        raise UsageError("That supervision is still to come, and hours are entered once held. Nothing was added.")
    if hours.day.year < _EARLIEST:
        raise UsageError(f"The day is before {_EARLIEST}; look at the year. Nothing was added.")


def _append(vault: Vault, log: SupervisionLog, hours: SupervisionHours) -> HoursLine:
    if len(log.hours) >= MOST_LINES:
        raise UsageError(f"The log holds {MOST_LINES:,} lines, which is all it can. Nothing was added.")
    vault.set_supervision_log(log.model_copy(update={"hours": (*log.hours, hours)}))
    return HoursLine(len(log.hours) + 1, hours)


def held_already(log: SupervisionLog, hours: SupervisionHours) -> bool:
    """Whether a line that stands says the same: day, minutes, supervisor and note."""
    there = {_same(each.hours) for each in lines_of(log) if each.counts}
    return _same(hours) in there


def _same(hours: SupervisionHours) -> tuple[object, ...]:
    return hours.day, hours.minutes, hours.supervisor.casefold(), hours.note


def set_ratio(vault: Vault, sessions: int | None) -> SupervisionLog:
    """The ratio agreed: so many sessions to one hour of supervision, None while it is open. Raises `UsageError`."""
    if sessions is not None and not 1 <= sessions <= 200:
        raise UsageError("The ratio is 1 to 200 sessions to one hour of supervision. Nothing was changed.")
    with vault.transaction():
        log = vault.supervision_log().model_copy(update={"sessions_per_hour": sessions})
        vault.set_supervision_log(log)
    return log


def account_of(vault: Vault, start: date | None = None, end: date | None = None) -> Account:
    """The log with its totals, of the days from `start` to `end` if given. Sessions are counted from the files that are
    held now: those of a file that was destroyed are counted no more. Those of demonstration clients count only where
    there are no others. Raises `ChainBrokenError`."""
    log = vault.supervision_log()

    def within(day: date) -> bool:
        return (start is None or day >= start) and (end is None or day <= end)

    lines = lines_of(log)
    held = [each.hours for each in lines if each.counts and within(each.hours.day)]
    sessions = [day for day in _sessions(vault) if within(day)]
    return Account(
        lines=tuple(each for each in lines if within(each.hours.day)),
        months=_totals(held, sessions, 7),
        years=_totals(held, sessions, 4),
        whole=_total("", held, sessions),
        agreed=log.sessions_per_hour,
    )


def _sessions(vault: Vault) -> list[date]:
    clients = vault.clients.all()
    real = {each.id for each in clients if not each.demonstration} or {each.id for each in clients}
    notes = [each.note for each in vault.standings()]
    return [note.date for note in notes if note.kind is NoteKind.SESSION and note.client_id in real]


def _totals(held: Iterable[SupervisionHours], sessions: Iterable[date], letters: int) -> tuple[Total, ...]:
    """By the first `letters` of each day: 7 for months, 4 for years."""
    hours: defaultdict[str, list[SupervisionHours]] = defaultdict(list)
    days: defaultdict[str, list[date]] = defaultdict(list)
    for each in held:
        hours[each.day.isoformat()[:letters]].append(each)
    for day in sessions:
        days[day.isoformat()[:letters]].append(day)
    periods = sorted({*hours, *days}, reverse=True)
    return tuple(_total(period, hours[period], days[period]) for period in periods)


def _total(period: str, held: list[SupervisionHours], sessions: list[date]) -> Total:
    by_kind: defaultdict[str, int] = defaultdict(int)
    for each in held:
        by_kind[each.kind] += each.minutes
    return Total(period, sum(each.minutes for each in held), len(held), dict(by_kind), len(sessions))


def time_words(minutes: int) -> str:
    """Minutes as hours and minutes."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def ratio_words(total: Total, agreed: int | None) -> str:
    """Sessions held beside hours of supervision and the ratio agreed, in plain figures."""
    said = f"{total.sessions} session(s) held, {time_words(total.minutes)} of supervision"
    if agreed is None:
        return f"{said}; no ratio agreed yet"
    # Whole minutes, so that no session more than agreed goes without a minute.
    owed = -(-total.sessions * 60 // agreed)
    lacking = owed - total.minutes
    stands = f"{time_words(lacking)} short of it" if lacking > 0 else "as agreed or more"
    return f"{said}; agreed is 1 hour to {agreed} session(s), which makes {time_words(owed)}: {stands}"
