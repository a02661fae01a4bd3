"""`client` and `consent`: who is in the caseload, and what they agreed to."""

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, say, say_entry, say_json
from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.note import client_code
from notekeeper.services.consent import WORDING, record_agreement


@click.group()
def client() -> None:
    """Clients, by code."""


@client.command("add")
@click.argument("code")
@as_json
@pass_desk
def add(desk: Desk, code: str, as_json: bool) -> None:
    """Add a client. Use a code, not a name."""
    code = client_code(code)
    with desk.open() as vault:
        added = vault.clients.add(code)
    if as_json:
        say_json({"client": added.code})
    else:
        say(f"Client {added.code} is in your caseload. Before you use AI drafting, ask them, and keep their answer:")
        say(f"    notekeeper consent record {added.code} drafting agreed    (or declined)")


@client.command("list")
@as_json
@pass_desk
def list_clients(desk: Desk, as_json: bool) -> None:
    """List the caseload: notes, and how many are not signed."""
    with desk.open() as vault:
        rows = []
        for each in vault.clients.all():
            notes = vault.notes.of_client(each.id)
            rows.append(
                {
                    "client": each.code,
                    "notes": len(notes),
                    "unsigned": sum(not note.signed for note in notes),
                    "last": max((note.date.isoformat() for note in notes), default=None),
                    "demonstration": each.demonstration,
                }
            )
    if as_json:
        say_json({"clients": rows})
        return
    for row in rows:
        mark = "  DEMONSTRATION" if row["demonstration"] else ""
        say_entry(
            f"{row['client']}: {row['notes']} note(s), {row['unsigned']} not signed, last {row['last'] or '–'}{mark}",
            f"Client {row['client']}.",
            ("Notes", row["notes"]),
            ("Not signed", row["unsigned"]),
            ("Last note", row["last"] or "none"),
            mark.strip(),
        )
    say(f"{len(rows)} client(s).")


@click.group()
def consent() -> None:
    """Agreement to AI use, purpose by purpose. It is apart from your lawful basis for keeping records."""


@consent.command("record")
@click.argument("code")
@click.argument("purpose", type=click.Choice([p.value for p in Purpose]))
@click.argument("answer", type=click.Choice([a.value for a in Answer]))
@click.option("--how", type=click.Choice(["spoken", "written", "form"]), default="spoken", show_default=True)
@click.option(
    "--given-by",
    type=click.Choice(["client", "both_partners", "parent", "guardian", "attorney"]),
    default="client",
    show_default=True,
)
@as_json
@pass_desk
def record(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, code: str, purpose: str, answer: str, how: str, given_by: str, as_json: bool
) -> None:
    """Keep a client's answer. Withdrawing drafting destroys drafts that are not signed; the notes stay."""
    with desk.open() as vault:
        kept = record_agreement(
            vault, vault.clients.by_code(code), Purpose(purpose), Answer(answer), how=how, given_by=given_by
        )
    if as_json:
        say_json({"client": code, **kept.model_dump(mode="json", exclude={"client_id"})})
    else:
        say(f"Kept: client {code}, {purpose}: {answer} ({how}, wording {kept.wording_version}).")


@consent.command("show")
@click.argument("code")
@as_json
@pass_desk
def show(desk: Desk, code: str, as_json: bool) -> None:
    """Show what a client has answered, with the words they were asked in."""
    with desk.open() as vault:
        person = vault.clients.by_code(code)
        answers = {purpose: vault.agreements.current(person.id, purpose) for purpose in Purpose}
    if as_json:
        say_json({p.value: a.model_dump(mode="json", exclude={"client_id"}) if a else None for p, a in answers.items()})
        return
    for purpose, answer in answers.items():
        stand = f"{answer.answer.value}, {answer.at.date().isoformat()}, {answer.how}" if answer else "not asked"
        say_entry(
            f"{purpose.value}: {stand}\n    “{WORDING[purpose]}”",
            f"Agreement to {purpose.value}.",
            ("Answer", stand),
            ("Words to ask in", WORDING[purpose]),
        )


commands = (client, consent)
