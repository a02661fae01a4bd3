"""`client front`, `client front-set` and `monday`: what one wants in sight before the first session."""

import os

import click

from notekeeper.cli.clients import client as client_group
from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_entry, say_json
from notekeeper.cli.followups import follow_up_as_json
from notekeeper.cli.plain import VARIABLE
from notekeeper.domain.client_file import FrontSheet
from notekeeper.services.caseload import MondayLine, ToDo, caseload, ending_of, monday, own_day
from notekeeper.services.front_sheet import LABELS, form_of, open_file, read_sheet_json
from notekeeper.services.risk import SILENCE, mentioned


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
            say_entry(f"{label}: {typed[name] or 'not given'}", (label, typed[name] or "not given"))
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
    """List what is still to do: unfinished notes, drafts to review, risk not recorded, follow-ups due, who is near the
    ending, files due for a retention review, requests to answer, and what is flagged for supervision."""
    with desk.open() as vault:
        rows = caseload(vault, own_day())
        lines = monday(rows, mentioned(vault, rows))
    if as_json:
        say_json({todo.value: [_as_json(line) for line in lines if line.todo is todo] for todo in ToDo})
        return
    _show_monday(lines)


def _as_json(line: MondayLine) -> dict[str, object]:
    told: dict[str, object] = {
        "client": line.client.code,
        "note": line.note.number if line.note else None,
        "words": line.words,
    }
    return {**told, **follow_up_as_json(line.client, line.follow_up)} if line.follow_up else told


def start_plain(desk: Desk) -> None:
    """What the app starts with, for a screen reader: the Monday list, and the commands to go on with."""
    with desk.open() as vault:
        rows = caseload(vault, own_day())
        lines = monday(rows, mentioned(vault, rows))
    say(f"Clients: {len(rows)}.")
    _show_monday(lines)
    for label, command in _GO_ON:
        say_entry("", (label, f"notekeeper {command}"))
    if not os.environ.get(VARIABLE):
        say(f"Give --plain before each command, or set the variable {VARIABLE} to 1 once.")


def _show_monday(lines: list[MondayLine]) -> None:
    for todo in ToDo:
        found = [line for line in lines if line.todo is todo]
        say(f"{todo.heading}: {len(found) or 'none'}")
        for line in found:
            code = line.client.code
            number = f"{code}/{line.note.number}" if line.note else code
            follow_up = f"{code}/F{line.follow_up.number}" if line.follow_up else ""
            command = _NEXT[todo].format(code=code, note=number, follow_up=follow_up)
            say_entry(
                f"    {code}: {line.words}", (f"Client {code}", line.words), ("Go on with", f"notekeeper {command}")
            )
        if todo is ToDo.RISK_NOT_RECORDED and any(line.mentions for line in found):
            say(f"    {SILENCE}")


_NEXT = {
    ToDo.UNFINISHED: "note show {note}",
    ToDo.TO_REVIEW: "review list {note}",
    ToDo.RISK_NOT_RECORDED: "note list {code}",
    ToDo.FOLLOW_UPS_DUE: "followup done {follow_up}",
    ToDo.NEAR_ENDING: "client front {code}",
    ToDo.RETENTION_DUE: "retention list {code}",
    ToDo.ACCESS_REQUESTS: "access show {code}",
    ToDo.CORRECTIONS: "correction list {code}",
    ToDo.FLAGS: "supervision flags {code}",
}
_GO_ON = (
    ("To add a client", "client add CODE"),
    ("To write a note", "note write CODE"),
    ("To read a front sheet", "client front CODE"),
    ("To list your clients", "client list"),
    ("To find words in notes", "search"),
    ("For every command", "--help"),
    ("For the help of one", "COMMAND --help"),
)


commands = (monday_command,)
