"""`supervision`: what is flagged for it, the agenda over the caseload, and the outcome back into a client's file.

What always holds: the therapist's words on a flag are read from a file or standard input; what is flagged is named by a
key without a word of a note; where something of a file is shown, that it was opened is in its log.
"""

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_day, read_text, say, say_entry, say_json
from notekeeper.cli.plain import Fact
from notekeeper.domain.note import Client
from notekeeper.errors import UsageError
from notekeeper.services.access_log import client_opened
from notekeeper.services.caseload import own_day
from notekeeper.services.supervision import became_words
from notekeeper.services.supervision_agenda import AgendaLine, agenda, agenda_facts, forget_order, move, since_words
from notekeeper.services.supervision_flags import (
    NAMES,
    Flagged,
    add_flag,
    end_flag,
    flag_reference,
    flag_words,
    flags_of,
    standing_words,
)
from notekeeper.services.supervision_outcome import make_outcome, outcome_day, supervisor_of
from notekeeper.services.supervision_targets import find_target, targets


@click.group()
def supervision() -> None:
    """Supervision: flags, agenda, comments taken in, hours. A flag is written CODE/SN, a comment CODE/DN.M."""


@supervision.command("flaggable")
@click.argument("code")
@as_json
@pass_desk
def flaggable(desk: Desk, code: str, as_json: bool) -> None:
    """List what can be flagged in a client's file, each with the key that names it."""
    with desk.file(code) as (vault, client):
        found = targets(vault, client)
    if as_json:
        told = [{"key": each.key, "on": each.on.value, "words": each.words} for each in found]
        say_json({"client": client.code, "flaggable": told})
        return
    for each in found:
        words = each.words or NAMES[each.on]
        say_entry(f"{each.key}: {words}", ("Key", each.key), (NAMES[each.on].capitalize(), words))
    say(f"{len(found)} thing(s) can be flagged.")


@supervision.command("flag")
@click.argument("code")
@click.argument("key")
@click.argument("source", required=False)
@as_json
@pass_desk
def flag(desk: Desk, code: str, key: str, source: str | None, as_json: bool) -> None:
    """Flag something for supervision, with words of your own from a file or "-" if you give some."""
    why = read_text(source) if source else ""
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        added = add_flag(vault, client, find_target(vault, client, key), why)
    _say_flag(client, added, "Flagged", as_json=as_json)


@supervision.command("flags")
@click.argument("code", required=False)
@click.option("--all", "every", is_flag=True, help="Those that were discussed or taken back as well.")
@as_json
@pass_desk
def list_flags(desk: Desk, code: str | None, every: bool, as_json: bool) -> None:
    """List flags, of one client or of all."""
    with desk.open() as vault:
        shown: list[tuple[Client, Flagged]] = []
        for client in [vault.clients.by_code(code)] if code else vault.clients.all():
            found = [each for each in flags_of(vault, client) if every or each.done is None]
            if found or code:
                client_opened(vault, client)
            shown += [(client, each) for each in found]
    if as_json:
        say_json({"flags": [flag_as_json(client, each) for client, each in shown]})
        return
    for client, each in shown:
        say_entry(_line(client, each), *_facts(client, each))
    say(f"{len(shown)} flag(s).")


@supervision.command("settle")
@click.argument("reference")
@click.option("--on", "day", metavar="DAY", help="The day it was discussed, YYYY-MM-DD; today if not given.")
@as_json
@pass_desk
def settle(desk: Desk, reference: str, day: str | None, as_json: bool) -> None:
    """A flag was discussed in supervision."""
    code, number = flag_reference(reference)
    on = read_day(day)
    if on > own_day():
        raise UsageError("That day is still to come. Nothing was changed.")
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        ended = end_flag(vault, client, number, on, discussed=True)
    _say_flag(client, ended, "Settled", as_json=as_json)


@supervision.command("take-back")
@click.argument("reference")
@as_json
@pass_desk
def take_back(desk: Desk, reference: str, as_json: bool) -> None:
    """Take a flag back that need not be discussed. It stays in the file with its day."""
    code, number = flag_reference(reference)
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        ended = end_flag(vault, client, number, own_day(), discussed=False)
    _say_flag(client, ended, "Taken back", as_json=as_json)


def _say_flag(client: Client, each: Flagged, done: str, *, as_json: bool) -> None:
    if as_json:
        say_json(flag_as_json(client, each))
    else:
        say(f"{done}: {client.code}/S{each.number}, {flag_words(each)}.")


def _line(client: Client, each: Flagged) -> str:
    why = f"\n    {each.flag.why}" if each.flag.why else ""
    return f"{client.code}/S{each.number}, {standing_words(each)}: {flag_words(each)}{why}"


def _facts(client: Client, each: Flagged) -> tuple[Fact, ...]:
    return (
        f"Flag {client.code}/S{each.number}.",
        ("On", flag_words(each)),
        ("My words", each.flag.why),
        ("Stands", standing_words(each)),
    )


def flag_as_json(client: Client, each: Flagged) -> dict[str, object]:
    """A flag as every command gives it in JSON."""
    return {
        "client": client.code,
        "flag": f"{client.code}/S{each.number}",
        "on": each.flag.on.value,
        "note": each.note,
        "words": each.flag.words,
        "why": each.flag.why,
        "since": each.day.isoformat(),
        "ended": each.done.day.isoformat() if each.done else None,
        "discussed": each.done.discussed if each.done else None,
    }


@supervision.command("agenda")
@click.option("--all", "every", is_flag=True, help="Those with nothing to bring in full as well.")
@as_json
@pass_desk
def show_agenda(desk: Desk, every: bool, as_json: bool) -> None:
    """The agenda for the next supervision: per client the question, flags, risk as last recorded, what was agreed."""
    with desk.open() as vault:
        lines = agenda(vault, own_day())
        for line in lines:
            if line.brings or every:
                client_opened(vault, line.client)
    if as_json:
        say_json({"day": own_day().isoformat(), "agenda": [_agenda_as_json(line) for line in lines]})
        return
    say(f"Agenda for supervision, {own_day().isoformat()}.")
    for place, line in enumerate(lines, start=1):
        head = f"{place}. Client {line.client.code}, session {line.count}. {since_words(line)}."
        say_entry(head, head)
        for label, words in agenda_facts(line) if line.brings or every or line.unread else ():
            say_entry(f"    {label}: {words}", (label, words))
    say(f"{sum(line.brings for line in lines)} of {len(lines)} client(s) with something to bring.")


def _agenda_as_json(line: AgendaLine) -> dict[str, object]:
    risk = line.risk
    return {
        "client": line.client.code,
        "session": line.count,
        "question": line.question,
        "more": line.more,
        "flags": [flag_as_json(line.client, each) for each in line.flags],
        "risk": {
            "state": risk.state.value if risk.state else None,
            "day": risk.note.date.isoformat() if risk.note else None,
            "note": risk.note.number if risk.note else None,
            "last_asked": risk.asked.date.isoformat() if risk.asked else None,
            "last_told": risk.told.isoformat() if risk.told else None,
            "sessions_since": risk.since,
            "words": risk.words,
        },
        "agreed": [
            {
                "comment": f"{line.client.code}/D{each.number}.{each.place}",
                "text": each.comment.text,
                "became": became_words(each),
                "to_do": each.to_do,
            }
            for each in line.agreed
        ],
        "agreed_in_note": list(line.noted),
        "last_discussed": line.last.isoformat() if line.last else None,
        "weeks": line.weeks,
        "longest": line.longest,
        "agreement_lacking": line.agreement,
        "unread": line.unread,
    }


@supervision.command("agenda-move")
@click.argument("code")
@click.argument("way", type=click.Choice(["up", "down"]))
@as_json
@pass_desk
def agenda_move(desk: Desk, code: str, way: str, as_json: bool) -> None:
    """Put a client one place up or down on the agenda. The order is kept until you change it."""
    with desk.open() as vault:
        move(vault, agenda(vault, own_day()), vault.clients.by_code(code), -1 if way == "up" else 1)
        order = [line.client.code for line in agenda(vault, own_day())]
    _say_order(order, as_json=as_json)


@supervision.command("agenda-reset")
@as_json
@pass_desk
def agenda_reset(desk: Desk, as_json: bool) -> None:
    """Forget the order you made: clients with something to bring first, then those not discussed for longest."""
    with desk.open() as vault:
        forget_order(vault)
        order = [line.client.code for line in agenda(vault, own_day())]
    _say_order(order, as_json=as_json)


def _say_order(order: list[str], *, as_json: bool) -> None:
    if as_json:
        say_json({"order": order})
    else:
        say(f"Order of the agenda: {', '.join(order) or 'nobody'}.")


@supervision.command("outcome")
@click.argument("code")
@click.option("--on", "day", metavar="DAY", help="The day of supervision; else the newest of which comments came.")
@click.option("--supervisor", help="Who supervised; else as the comments or your hours say.")
@click.option("--flag", "flags", multiple=True, metavar="CODE/SN", help="A flag that was discussed; else all.")
@click.option("--no-flags", is_flag=True, help="None of the flags was discussed.")
@as_json
@pass_desk
def outcome(  # noqa: PLR0917 - click gives each option by name
    desk: Desk,
    code: str,
    day: str | None,
    supervisor: str | None,
    flags: tuple[str, ...],
    no_flags: bool,
    as_json: bool,
) -> None:
    """Begin a note on the outcome of supervision in the client's file, prefilled with what was brought and agreed. Edit
    it with `note save`, then finish and sign it like any note. Flags named in it are settled."""
    wanted = [flag_reference(each) for each in flags]
    numbers = [] if no_flags else [number for _, number in wanted] or None
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        if any(each.casefold() != client.code.casefold() for each, _ in wanted):
            raise UsageError(f"A flag is not of client {client.code}. Nothing was added.")
        on = read_day(day) if day else outcome_day(vault, client, own_day())
        by = supervisor if supervisor is not None else supervisor_of(vault, client, on)
        note = make_outcome(vault, client, on, own_day(), by, numbers)
        text = vault.notes.latest(note.id)
    if as_json:
        words = text.text if text else ""
        say_json({"client": client.code, "note": f"{client.code}/{note.number}", "date": on.isoformat(), "text": words})
    else:
        say(f"Begun: note {client.code}/{note.number}, supervision outcome, {on.isoformat()}.")
        say(f"`notekeeper note show {client.code}/{note.number}` shows it; edit it, then finish and sign it.")


commands = (supervision,)
