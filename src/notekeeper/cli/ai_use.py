"""`aiuse`: the client's own use of AI, as the client tells of it."""

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_entry, say_json
from notekeeper.services.ai_use import LABELS, NotedAiUse, about_words, add_ai_use, ai_uses, read_json, summary
from notekeeper.services.caseload import own_day


@click.group()
def aiuse() -> None:
    """What a client uses AI for, what they make of it, and what you agreed."""


@aiuse.command("add")
@click.argument("code")
@click.argument("source", default="-")
@as_json
@pass_desk
def add(desk: Desk, code: str, source: str, as_json: bool) -> None:
    """Add an entry from a file or standard input: JSON with the texts tool, purpose, meaning, agreed, day and note,
    each of which may be left out. Without a day it is today's."""
    use, note = read_json(read_text(source), own_day())
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        noted = add_ai_use(vault, client, use, note)
    if as_json:
        say_json({"client": client.code, **_as_json(noted)})
    else:
        say(f"Added to the file of client {client.code}: use of AI, entry {noted.number}.")


@aiuse.command("list")
@click.argument("code")
@as_json
@pass_desk
def list_uses(desk: Desk, code: str, as_json: bool) -> None:
    """List the entries of one client, the earliest first."""
    with desk.file(code) as (vault, client):
        found = ai_uses(vault, client)
    if as_json:
        say_json({"client": client.code, "ai_use": [_as_json(each) for each in found]})
        return
    for each in found:
        about = about_words(each)
        head = f"{each.number}. {summary(each.use)}{f' ({about})' if about else ''}"
        say_entry(head, f"Entry {each.number}.", ("Day", each.use.day), *([("About", about)] if about else []))
        for name, label in LABELS.items():
            words = str(getattr(each.use, name))
            if words and name != "day":
                say_entry(f"    {label}: {words}", (label, words))
    say(f"{len(found)} entry(s).")


def _as_json(noted: NotedAiUse) -> dict[str, object]:
    return {"entry": noted.number, "note": noted.note, **noted.use.model_dump(mode="json")}


commands = (aiuse,)
