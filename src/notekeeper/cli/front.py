"""`client front`, `client front-set` and `monday`: what one wants in sight before the first session."""

import click

from notekeeper.cli.clients import client as client_group
from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_json
from notekeeper.domain.client_file import FrontSheet
from notekeeper.services.caseload import ToDo, caseload, ending_of, monday, own_day
from notekeeper.services.front_sheet import LABELS, form_of, open_file, read_sheet_json


@client_group.command("front")
@click.argument("code")
@as_json
@pass_desk
def front(desk: Desk, code: str, as_json: bool) -> None:
    """Show a client's front sheet and where the work stands."""
    with desk.open() as vault:
        file = open_file(vault, vault.clients.by_code(code))
    planned, typed = file.sheet.sessions_planned, form_of(file.sheet).model_dump()
    if as_json:
        say_json(
            {
                "client": file.client.code,
                "front_sheet": file.sheet.model_dump(mode="json"),
                "sessions_held": file.held,
                "last_session": file.last.date.isoformat() if file.last else None,
            }
        )
        return
    say(f"Client {file.client.code}, session {file.held} of {planned or 'an open number'}")
    for name, label in LABELS.items():
        if name != "sessions_planned":
            say(f"{label}: {typed[name] or 'not given'}")
    if words := ending_of(file.sheet, file.held, own_day()).words:
        say(words)


@client_group.command("front-set")
@click.argument("code")
@click.argument("source", default="-")
@as_json
@pass_desk
def front_set(desk: Desk, code: str, source: str, as_json: bool) -> None:
    """Save a client's front sheet from a file or standard input: JSON, as `client front --json` gives it under
    "front_sheet". Fields left out are emptied; what was saved before stays beneath."""
    sheet = read_sheet_json(read_text(source))
    with desk.open() as vault:
        vault.front_sheets.save(vault.clients.by_code(code).id, sheet)
    if as_json:
        say_json({"client": code, "front_sheet": sheet.model_dump(mode="json")})
    else:
        given = sum(bool(value) for value in sheet.model_dump().values())
        say(f"Saved: front sheet of client {code}, {given} of {len(FrontSheet.model_fields)} fields given.")


@click.command("monday")
@as_json
@pass_desk
def monday_command(desk: Desk, as_json: bool) -> None:
    """List what is still to do: unfinished notes, drafts to review, risk not recorded, who is near the ending."""
    with desk.open() as vault:
        lines = monday(caseload(vault, own_day()))
    if as_json:
        say_json(
            {
                todo.value: [
                    {"client": line.client.code, "note": line.note.number if line.note else None, "words": line.words}
                    for line in lines
                    if line.todo is todo
                ]
                for todo in ToDo
            }
        )
        return
    for todo in ToDo:
        found = [line for line in lines if line.todo is todo]
        say(f"{todo.heading}: {len(found) or 'none'}")
        for line in found:
            say(f"    {line.client.code}: {line.words}")


commands = (monday_command,)
