"""`followup`: what is to be done for a client and by when, added, listed, done, and taken back."""

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_entry, say_json
from notekeeper.domain.follow_up import FollowUp, follow_up_words
from notekeeper.domain.note import Client, note_reference
from notekeeper.errors import UsageError
from notekeeper.services.access_log import client_opened
from notekeeper.services.caseload import own_day
from notekeeper.services.follow_ups import add_follow_up, find_follow_up, follow_up_line, read_due
from notekeeper.services.writing import find_note


@click.group()
def followup() -> None:
    """Follow-ups with dates. One is written CODE/FN, like C014/F2."""


@followup.command("add")
@click.argument("code")
@click.argument("source", default="-")
@click.option(
    "--on", "due", required=True, metavar="DAY", help="When it is due: YYYY-MM-DD, or +14 for days from today."
)
@click.option("--note", "reference", metavar="CODE/N", help="The note whose risk entry it comes from.")
@as_json
@pass_desk
def add(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, code: str, source: str, due: str, reference: str | None, as_json: bool
) -> None:
    """Add a follow-up for a client. Its words are read from a file or standard input."""
    day, wanted = read_due(due, own_day()), note_reference(reference) if reference else None
    words = follow_up_words(read_text(source))
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        owner, note = find_note(vault, wanted) if wanted else (client, None)
        if owner.id != client.id:
            raise UsageError(f"That note is not in the file of client {client.code}. Nothing was added.")
        added = add_follow_up(vault, note or client, words, day)
    if as_json:
        say_json({"client": client.code, **follow_up_as_json(client, added)})
    else:
        say(f"Added: follow-up {client.code}/F{added.number}, due {added.due.isoformat()}.")


@followup.command("list")
@click.argument("code", required=False)
@click.option("--all", "every", is_flag=True, help="Those that are done as well.")
@as_json
@pass_desk
def list_follow_ups(desk: Desk, code: str | None, every: bool, as_json: bool) -> None:
    """List open follow-ups, of one client or of all, by the day they are due."""
    with desk.open() as vault:
        clients = [vault.clients.by_code(code)] if code else vault.clients.all()
        if code:
            client_opened(vault, clients[0])
        found = vault.follow_ups.of_client(clients[0].id if code else None)
    by_id = {client.id: client for client in clients}
    shown = [(by_id[each.client_id], each) for each in found if every or each.done is None]
    if as_json:
        say_json({"follow_ups": [{"client": client.code, **follow_up_as_json(client, each)} for client, each in shown]})
        return
    for client, each in shown:
        line = follow_up_line(each, own_day())
        say_entry(f"{client.code}/{line}", (f"Follow-up {client.code}/F{each.number}", line.partition(", ")[2]))
    say(f"{len(shown)} follow-up(s).")


@followup.command("done")
@click.argument("follow_up")
@as_json
@pass_desk
def done(desk: Desk, follow_up: str, as_json: bool) -> None:
    """Mark a follow-up as done today. It stays in the file with its date."""
    _mark(desk, follow_up, as_json=as_json, is_done=True)


@followup.command("reopen")
@click.argument("follow_up")
@as_json
@pass_desk
def reopen(desk: Desk, follow_up: str, as_json: bool) -> None:
    """Open a follow-up again that was marked as done."""
    _mark(desk, follow_up, as_json=as_json, is_done=False)


def _mark(desk: Desk, reference: str, *, as_json: bool, is_done: bool) -> None:
    with desk.open() as vault:
        client, found = find_follow_up(vault, reference)
        marked = vault.follow_ups.mark(found.id, own_day(), done=is_done)
    if as_json:
        say_json({"client": client.code, **follow_up_as_json(client, marked)})
    elif is_done:
        say(f"Done: follow-up {client.code}/F{marked.number}. `notekeeper followup reopen` takes it back.")
    else:
        say(f"Open again: follow-up {client.code}/F{marked.number}, due {marked.due.isoformat()}.")


def follow_up_as_json(client: Client, each: FollowUp) -> dict[str, object]:
    """A follow-up as every command gives it in JSON, beside the client's code."""
    return {
        "follow_up": f"{client.code}/F{each.number}",
        "text": each.words,
        "due": each.due.isoformat(),
        "done": each.done.isoformat() if each.done else None,
        "from_note": each.note_number,
    }


commands = (followup,)
