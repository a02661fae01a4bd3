"""`supervision hours` and `supervision learning`: the log of hours and its ratio, and the therapist's own learning.

What always holds: a line is added and never changed; a note on a line is read from a file or standard input; what is
printed or exported of hours and of one's own learning names no client.
"""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_day, read_text, say, say_entry, say_json, say_place
from notekeeper.cli.supervision import supervision
from notekeeper.domain.supervision import SupervisionHours
from notekeeper.services.caseload import own_day
from notekeeper.services.own_learning import Recurring, own_learning
from notekeeper.services.supervision_export import HoursFormat, line_words, write_hours
from notekeeper.services.supervision_hours import (
    KINDS,
    HoursLine,
    Total,
    account_of,
    add_hours,
    correct_hours,
    ratio_words,
    read_hours,
    set_ratio,
    time_words,
)

_from = click.option("--from", "start", metavar="DAY", help="First day, YYYY-MM-DD; without it from the beginning.")
_to = click.option("--to", "end", metavar="DAY", help="Last day; without it to the end.")
_kind = click.option(
    "--sort", type=click.Choice(KINDS), default="individual", show_default=True, help="What kind it was."
)
_supervisor = click.option("--supervisor", default="", help="Who supervised.")
_clients = click.option("--clients", type=click.IntRange(0, 500), default=0, help="How many clients were discussed.")


@supervision.command("hours")
@_from
@_to
@as_json
@pass_desk
def hours(desk: Desk, start: str | None, end: str | None, as_json: bool) -> None:
    """Show the hours of supervision with totals by month and year, beside the sessions held and the ratio agreed."""
    days = _days(start, end)
    with desk.open() as vault:
        account = account_of(vault, *days)
    if as_json:
        say_json(
            {
                "lines": [_as_json(each) for each in account.lines],
                "months": [_total(each) for each in account.months],
                "years": [_total(each) for each in account.years],
                "whole": _total(account.whole),
                "sessions_to_one_hour_agreed": account.agreed,
                "words": ratio_words(account.whole, account.agreed),
            }
        )
        return
    for each in account.lines:
        note = f"\n    {each.hours.note}" if each.hours.note else ""
        say_entry(f"{line_words(each)}{note}", ("Line", line_words(each)), ("Note", each.hours.note))
    for total in account.months:
        words = f"{time_words(total.minutes)} of supervision, {total.sessions} session(s) held"
        say_entry(f"{total.period}: {words}", (f"Month {total.period}", words))
    for total in account.years:
        words = ratio_words(total, account.agreed)
        say_entry(f"{total.period}: {words}", (f"Year {total.period}", words))
    say(f"Altogether: {ratio_words(account.whole, account.agreed)}.")


def _days(start: str | None, end: str | None) -> tuple[date | None, date | None]:
    return read_day(start) if start else None, read_day(end) if end else None


def _total(each: Total) -> dict[str, object]:
    return {key: value for key, value in asdict(each).items() if key != "period" or value}


def _as_json(each: HoursLine) -> dict[str, object]:
    return {
        "line": each.number,
        **each.hours.model_dump(mode="json"),
        "corrected_by": each.corrected_by,
        "counts": each.counts,
    }


@supervision.command("hours-add")
@click.argument("source", required=False)
@click.option("--on", "day", metavar="DAY", help="The day it was held, YYYY-MM-DD; today if not given.")
@click.option("--minutes", type=int, required=True, help="How long it took.")
@_kind
@_supervisor
@_clients
@as_json
@pass_desk
def hours_add(  # noqa: PLR0917 - click gives each option by name
    desk: Desk,
    source: str | None,
    day: str | None,
    minutes: int,
    sort: str,
    supervisor: str,
    clients: int,
    as_json: bool,
) -> None:
    """Add a supervision to the log, with a note from a file or "-" if you give one. Name no client in it."""
    line = _line(source, day, minutes, sort, supervisor, clients)
    with desk.open() as vault:
        added = add_hours(vault, line, own_day())
    _say(added, as_json=as_json)


@supervision.command("hours-correct")
@click.argument("number", type=click.IntRange(1))
@click.argument("source", required=False)
@click.option("--on", "day", metavar="DAY", required=True, help="The day it was held, YYYY-MM-DD.")
@click.option("--minutes", type=int, required=True, help="How long it took; 0 if it was not held.")
@_kind
@_supervisor
@_clients
@as_json
@pass_desk
def hours_correct(  # noqa: PLR0917 - click gives each option by name
    desk: Desk,
    number: int,
    source: str | None,
    day: str,
    minutes: int,
    sort: str,
    supervisor: str,
    clients: int,
    as_json: bool,
) -> None:
    """Correct line NUMBER by a further line that stands in its place. Both stay in the log."""
    line = _line(source, day, minutes, sort, supervisor, clients)
    with desk.open() as vault:
        added = correct_hours(vault, number, line, own_day())
    _say(added, as_json=as_json)


def _line(  # noqa: PLR0917 - a line is just these
    source: str | None, day: str | None, minutes: int, kind: str, supervisor: str, clients: int
) -> SupervisionHours:
    note = read_text(source) if source else ""
    return read_hours(read_day(day), minutes, kind, supervisor, clients, note)


def _say(added: HoursLine, *, as_json: bool) -> None:
    say_json(_as_json(added)) if as_json else say(f"Added: line {line_words(added)}.")


@supervision.command("hours-ratio")
@click.argument("sessions", type=click.IntRange(1, 200), required=False)
@click.option("--none", "open_again", is_flag=True, help="No ratio is agreed.")
@as_json
@pass_desk
def hours_ratio(desk: Desk, sessions: int | None, open_again: bool, as_json: bool) -> None:
    """Show the ratio agreed, or set it: so many SESSIONS to one hour of supervision."""
    with desk.open() as vault:
        if sessions is not None or open_again:
            set_ratio(vault, None if open_again else sessions)
        account = account_of(vault)
    words = ratio_words(account.whole, account.agreed)
    say_json({"sessions_to_one_hour_agreed": account.agreed, "words": words}) if as_json else say(f"{words}.")


@supervision.command("hours-export")
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="The folder; else this one.")
@click.option("--as", "kind", type=click.Choice([each.value for each in HoursFormat]), default="csv", show_default=True)
@_from
@_to
@as_json
@pass_desk
def hours_export(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, out: Path, kind: str, start: str | None, end: str | None, as_json: bool
) -> None:
    """Write the hours to a file for an accreditation body. It names no client; notes on lines are left out."""
    days = _days(start, end)
    with desk.open() as vault:
        path = write_hours(vault, out, HoursFormat(kind), own_day(), *days)
    say_json({"file": str(path)}) if as_json else say_place("Written", path)


@supervision.command("learning")
@as_json
@pass_desk
def learning(desk: Desk, as_json: bool) -> None:
    """Your own learning over the caseload, as counts: which reflections recur, what you flag, what you tend to reject.
    It is kept nowhere, and is in no report and no client's file."""
    from notekeeper.bootstrap import taxonomy

    with desk.open() as vault:
        found = own_learning(vault, taxonomy())
    if as_json:
        say_json(asdict(found))
        return
    say(f"From {found.sessions} signed note(s) of {found.clients} client(s) who agree to patterns.")
    left = f"{found.left_out} client(s) who do not agree to patterns are left out"
    say(f"{left}, and {found.unread} in whose file something was altered." if found.unread else f"{left}.")
    _say_recurring("Reflections that recur", found.reflections)
    _say_recurring("What they are about", found.themes_reflected_on)
    _say_recurring("Themes I flag", found.flagged)
    made = found.decided
    say(
        f"Suggestions decided on: {made.accepted} kept, {made.edited} in my own words, {made.rejected} rejected; "
        f"{made.withheld} withheld by a check."
    )
    for reason, count in made.reasons:
        say_entry(f"    Rejected because of {reason}: {count}", (f"Rejected because of {reason}", count))
    for month, rejected, decided in made.months:
        words = f"{rejected} rejected of {decided}"
        say_entry(f"    {month}: {words}", (f"Month {month}", words))


def _say_recurring(heading: str, found: tuple[Recurring, ...]) -> None:
    say(f"{heading}: {len(found) or 'none'}")
    for each in found:
        counts = f"{each.times} time(s), {each.clients} client(s), {len(each.months)} month(s)"
        say_entry(f"    {each.words}\n        {counts}", ("Words", each.words), ("Counted", counts))


commands = ()
