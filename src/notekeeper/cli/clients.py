"""`client` and `consent`: who is in the caseload, and what they agreed to."""

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_day, say, say_entry, say_json
from notekeeper.domain.agreement import Answer, Given, GivenAs, Lack, Purpose, Standing, agrees
from notekeeper.domain.note import client_code
from notekeeper.services.consent import WORDING, record_agreement
from notekeeper.services.people import find_person


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
@click.option("--for", "whose", metavar="PERSON", help="Whose answer it is, in a file of several: P1, or the label.")
@click.option("--person", "giver", metavar="PERSON", help="Who gave it, if they are entered: P1, or the label.")
@click.option(
    "--capacity",
    type=click.Choice([each.value for each in GivenAs]),
    help="In what capacity. Nothing is taken for granted; for somebody under 18 it must be said.",
)
@click.option("--on", "day", metavar="DAY", help="When it was given: YYYY-MM-DD; today when not given.")
@as_json
@pass_desk
def record(  # noqa: PLR0917 - click gives each option by name
    desk: Desk,
    code: str,
    purpose: str,
    answer: str,
    how: str,
    whose: str | None,
    giver: str | None,
    capacity: str | None,
    day: str | None,
    as_json: bool,
) -> None:
    """Keep an answer. Withdrawing drafting destroys drafts that are not signed; the notes stay."""
    on = read_day(day)
    with desk.open() as vault:
        person = vault.clients.by_code(code)
        party = find_person(vault, person, whose) if whose else None
        by = find_person(vault, person, giver) if giver else None
        kept = record_agreement(
            vault,
            person,
            Purpose(purpose),
            Answer(answer),
            how=how,
            person=party.id if party else "",
            giver=by,
            capacity=GivenAs(capacity) if capacity else None,
            on=on,
        )
    named = f"/P{party.number}" if party else ""
    if as_json:
        told = kept.model_dump(mode="json", exclude={"client_id"})
        say_json({"client": code, **told, "for": f"P{party.number}" if party else None, "on": on.isoformat()})
    else:
        say(f"Kept: client {code}{named}, {purpose}: {answer} ({how}, wording {kept.wording_version}).")


@consent.command("show")
@click.argument("code")
@as_json
@pass_desk
def show(desk: Desk, code: str, as_json: bool) -> None:
    """Show how a file stands to AI use, person by person, with the words they were asked in."""
    with desk.file(code) as (vault, person):
        asked = {purpose: vault.agreements.standings(person.id, purpose) for purpose in Purpose}
    if as_json:
        say_json({purpose.value: _stands_as_json(standings) for purpose, standings in asked.items()})
        return
    for purpose, standings in asked.items():
        stand = _stand(standings)
        say_entry(
            f"{purpose.value}: {stand}\n    “{WORDING[purpose]}”",
            f"Agreement to {purpose.value}.",
            ("Answer", stand),
            ("Words to ask in", WORDING[purpose]),
        )


def _stand(standings: tuple[Standing, ...]) -> str:
    said = []
    for each in standings:
        given = each.given
        words = _answer(given) if given else "not asked"
        if given and each.lack in {Lack.CAPACITY, Lack.OF_AGE}:
            words += f", but {each.lack.value} it"
        said.append(f"P{each.party.number} {words}" if each.party.number else words)
    return "; ".join(said) or "nobody asked: enter the persons first, with `notekeeper person add`"


def _answer(given: Given) -> str:
    kept = given.agreement
    return (
        f"{kept.answer.value}, {given.day.isoformat()}, {kept.how}, by {kept.given_by}, wording {kept.wording_version}"
    )


def _stands_as_json(standings: tuple[Standing, ...]) -> dict[str, object]:
    return {
        "agrees": agrees(standings),
        "answers": [
            {
                "for": f"P{each.party.number}" if each.party.number else None,
                "label": each.party.label if each.party.number else None,
                "under_18": each.party.under_18,
                "agrees": each.lack is None,
                **_given_as_json(each),
            }
            for each in standings
        ],
    }


def _given_as_json(standing: Standing) -> dict[str, object]:
    given = standing.given
    if given is None:
        return {"answer": None}
    return {
        **given.agreement.model_dump(mode="json", exclude={"client_id", "purpose"}),
        "on": given.day.isoformat(),
        "capacity": given.capacity.value if given.capacity else None,
    }


commands = (client, consent)
