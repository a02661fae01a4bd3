"""`correction`: what a client asks to have corrected, the therapist's answer, and the client's statement."""

from collections.abc import Iterable

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_day, read_text, say, say_entry, say_json
from notekeeper.domain.correction import Outcome, correction_reference
from notekeeper.domain.note import Client
from notekeeper.errors import UsageError
from notekeeper.services.caseload import own_day
from notekeeper.services.corrections import (
    Correction,
    about_words,
    answer_correction,
    ask_correction,
    corrections_of,
    note_numbers,
    standing_words,
)

_statement = click.option("--statement", metavar="SOURCE", help="The client's own statement, kept beside for good.")


@click.group()
def correction() -> None:
    """Correction requests of clients. One is written CODE/CN, like C014/C1."""


@correction.command("ask")
@click.argument("code")
@click.argument("source", default="-")
@click.option("--by", required=True, help="Who asks, as you call them in the file.")
@click.option("--on", "day", help="The day it was asked on, YYYY-MM-DD; today if not given.")
@click.option("--note", type=click.IntRange(1), help="The number of the note it is about; the file if not given.")
@_statement
@as_json
@pass_desk
def ask(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, code: str, source: str, by: str, day: str | None, note: int | None, statement: str | None, as_json: bool
) -> None:
    """Record what a client asks to have corrected, from a file or standard input."""
    asks, said, on = _two_texts(source, statement), _text(statement), read_day(day)
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        asked = ask_correction(vault, client, by, asks, on, own_day(), note, said)
        numbers = note_numbers(vault, client)
    if as_json:
        say_json(correction_as_json(client, asked, numbers))
    else:
        say(f"Recorded: correction request {client.code}/C{asked.number}, due {asked.request.due.isoformat()}.")


@correction.command("answer")
@click.argument("reference")
@click.argument("source", required=False)
@click.option("--outcome", required=True, type=click.Choice([each.value for each in Outcome]))
@click.option("--addendum", type=click.IntRange(1), help="The number of the addendum that corrects the note.")
@_statement
@as_json
@pass_desk
def answer(  # noqa: PLR0917 - click gives each option by name
    desk: Desk,
    reference: str,
    source: str | None,
    outcome: str,
    addendum: int | None,
    statement: str | None,
    as_json: bool,
) -> None:
    """Answer a correction request; your reasons are read from a file or "-". A later answer stands beside it."""
    code, number = correction_reference(reference)
    reasons, said = _two_texts(source, statement), _text(statement)
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        done = answer_correction(vault, client, number, Outcome(outcome), own_day(), reasons, addendum, said)
        numbers = note_numbers(vault, client)
    if as_json:
        say_json(correction_as_json(client, done, numbers))
    else:
        say(f"Answered: correction request {client.code}/C{number}. {standing_words(done, own_day())}.")


def _two_texts(source: str | None, statement: str | None) -> str:
    if source == statement == "-":
        raise UsageError("The two texts cannot both come from standard input. Nothing was added.")
    return _text(source)


def _text(source: str | None) -> str:
    return read_text(source) if source else ""


@correction.command("list")
@click.argument("code")
@as_json
@pass_desk
def list_corrections(desk: Desk, code: str, as_json: bool) -> None:
    """List a client's correction requests with their answers and statements."""
    with desk.file(code) as (vault, client):
        found, numbers = corrections_of(vault, client), note_numbers(vault, client)
    if as_json:
        say_json({"corrections": [correction_as_json(client, each, numbers) for each in found]})
        return
    show_corrections(client, found, numbers)
    say(f"{len(found)} correction request(s).")


def show_corrections(client: Client, found: Iterable[Correction], numbers: dict[str, int]) -> None:
    """Print requests for a person, each with its answers and the client's statements."""
    for each in found:
        for line, *facts in lines_of(client, each, numbers):
            say_entry(line, *facts)


def lines_of(
    client: Client, each: Correction, numbers: dict[str, int]
) -> list[tuple[str, tuple[str, str]] | tuple[str, str, tuple[str, str], tuple[str, str], tuple[str, str]]]:
    """A request for a person: each line, and the same as facts."""
    name, about, stands = f"{client.code}/C{each.number}", about_words(each, numbers), standing_words(each, own_day())
    by = f"{each.request.by}, {each.request.asked_on.isoformat()}"
    texts = [("Asks", each.request.asks)]
    texts += [("My reasons", answer.reasons) for answer in each.answers if answer.reasons]
    texts += [("The client's statement", said) for said in each.statements]
    head = (f"{name}, {about}, asked by {by}: {stands}", f"Correction request {name}, {about}.")
    return [(*head, ("Asked by", by), ("Stands", stands), ("Due", each.request.due.isoformat()))] + [
        (f"    {label}: {text}", (label, text)) for label, text in texts
    ]


def correction_as_json(client: Client, each: Correction, numbers: dict[str, int]) -> dict[str, object]:
    """A request as every command gives it in JSON."""
    return {
        "correction": f"{client.code}/C{each.number}",
        "note": numbers.get(each.note_id),
        **each.request.model_dump(mode="json"),
        "answers": [answer.model_dump(mode="json") for answer in each.answers],
    }


commands = (correction,)
