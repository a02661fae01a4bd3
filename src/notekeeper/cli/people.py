"""`person` and `identity`: who is in a file, by label; and who its code stands for, shown on request."""

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_day, read_text, say, say_entry, say_json
from notekeeper.domain.people import Capacity, PersonOnFile
from notekeeper.errors import UsageError
from notekeeper.services.identity import LABELS, form_of, read_identity_json, remove_identity, show_identity
from notekeeper.services.people import (
    add_person,
    change_person,
    find_person_on_file,
    people_of,
    person_left,
    person_line,
    still_to_ask,
)


@click.group()
def person() -> None:
    """The people of a file: partners, a family, a group, who has parental responsibility. One is written CODE/PN."""


@person.command("add")
@click.argument("code")
@click.argument("label")
@click.option("--capacity", type=click.Choice([c.value for c in Capacity]), default="client", show_default=True)
@click.option("--minor", "under_18", is_flag=True, help="They are under 18.")
@as_json
@pass_desk
def add(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, code: str, label: str, capacity: str, under_18: bool, as_json: bool
) -> None:
    """Enter a person of a client's file, by a label such as "Partner A", rather than a name."""
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        added = add_person(vault, client, label, Capacity(capacity), under_18=under_18)
        asked = still_to_ask(vault, client, added)
    _say(client.code, added, "Added", as_json=as_json)
    if asked and not as_json:
        say(asked)


@person.command("list")
@click.argument("code")
@as_json
@pass_desk
def list_people(desk: Desk, code: str, as_json: bool) -> None:
    """List the people of a client's file, those who left as well."""
    with desk.file(code) as (vault, client):
        found = people_of(vault, client)
    if as_json:
        say_json({"client": client.code, "people": [_as_json(client.code, each) for each in found]})
        return
    for each in found:
        line = person_line(each)
        say_entry(f"{client.code}/{line}", (f"Person {client.code}/P{each.number}", line.partition(", ")[2]))
    say(f"{len(found)} person(s).")


@person.command("change")
@click.argument("reference", metavar="CODE/PN")
@click.option("--label", help="A newer label.")
@click.option("--minor", is_flag=True, help="They are under 18.")
@click.option("--of-age", is_flag=True, help="They are not under 18, or no longer.")
@as_json
@pass_desk
def change(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, reference: str, label: str | None, minor: bool, of_age: bool, as_json: bool
) -> None:
    """Give a person a newer label, or note that they came of age. What was entered before stays beneath."""
    if minor and of_age:
        raise UsageError("Somebody is under 18 or of age, not both. Nothing was changed.")
    with desk.open() as vault:
        client, found = find_person_on_file(vault, reference)
        young = minor or (found.under_18 and not of_age)
        changed = change_person(vault, client, found, found.label if label is None else label, under_18=young)
    _say(client.code, changed, "Changed", as_json=as_json)


@person.command("left")
@click.argument("reference", metavar="CODE/PN")
@click.option("--on", "day", metavar="DAY", help="YYYY-MM-DD; today when not given.")
@click.option("--mistake", is_flag=True, help="They were never part of the work and were entered wrongly.")
@as_json
@pass_desk
def left(desk: Desk, reference: str, day: str | None, mistake: bool, as_json: bool) -> None:
    """Note that a person left. Their answer to AI use still counts, for earlier notes are about them too."""
    on = read_day(day)
    with desk.open() as vault:
        client, found = find_person_on_file(vault, reference)
        gone = person_left(vault, client, found, on, mistake=mistake)
    _say(client.code, gone, "Noted", as_json=as_json)


def _say(code: str, each: PersonOnFile, done: str, *, as_json: bool) -> None:
    if as_json:
        say_json({"client": code, **_as_json(code, each)})
    else:
        say(f"{done}: person {code}/{person_line(each)}.")


def _as_json(code: str, each: PersonOnFile) -> dict[str, object]:
    return {
        "person": f"{code}/P{each.number}",
        "label": each.label,
        "capacity": each.capacity.value,
        "under_18": each.under_18,
        "since": each.since.isoformat(),
        "left": each.left.isoformat() if each.left else None,
        "mistake": each.mistake,
    }


@click.group()
def identity() -> None:
    """Who a code stands for: optional, kept apart from everything else, shown on request."""


@identity.command("show")
@click.argument("code")
@as_json
@pass_desk
def show(desk: Desk, code: str, as_json: bool) -> None:
    """Show what is kept. That it was shown stands in the log."""
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        kept = show_identity(vault, client)
    if as_json:
        say_json({"client": client.code, "identity": kept.model_dump(mode="json")})
        return
    given = {LABELS[name].partition(",")[0]: text for name, text in form_of(kept).model_dump().items() if text}
    for label, text in given.items():
        say_entry(f"{label}: {text}", (label, text))
    if not given:
        say(f"No identity is kept for client {client.code}, and none is needed.")


@identity.command("set")
@click.argument("code")
@click.argument("source", default="-")
@as_json
@pass_desk
def set_identity(desk: Desk, code: str, source: str, as_json: bool) -> None:
    """Keep an identity from a file or standard input: JSON, as `identity show --json` gives it under "identity".
    It stands in place of what was kept."""
    given = read_identity_json(read_text(source))
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        vault.identities.save(client.id, given)
    fields = sum(bool(value) for value in given.model_dump().values())
    if as_json:
        say_json({"client": client.code, "fields": fields})
    else:
        say(f"Kept: identity of client {client.code}, {fields} of {len(LABELS)} fields given.")


@identity.command("remove")
@click.argument("code")
@as_json
@pass_desk
def remove(desk: Desk, code: str, as_json: bool) -> None:
    """Take the identity away for good. The file stays under its code."""
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        removed = remove_identity(vault, client)
    if as_json:
        say_json({"client": client.code, "removed": removed})
    else:
        say(f"{'Removed' if removed else 'There was none'}: identity of client {client.code}.")


commands = (person, identity)
