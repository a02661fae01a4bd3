"""`supervision take` and what follows from it: a supervisor's comments, taken in after a look, and agreed actions.

What always holds: a file is shown before it is taken in, and taken in only by --confirm; an agreed action becomes a
follow-up one at a time.
"""

from pathlib import Path

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_entry, say_json
from notekeeper.cli.supervision import supervision
from notekeeper.domain.comments import CommentsFile
from notekeeper.domain.follow_up import follow_up_words
from notekeeper.domain.note import Client
from notekeeper.errors import WrongPassphraseError
from notekeeper.isolation.private import read_private
from notekeeper.reports.comments import read_comments
from notekeeper.reports.envelope import Secret, read_identities, wants_passphrase
from notekeeper.services.access_log import client_opened
from notekeeper.services.caseload import own_day
from notekeeper.services.follow_ups import read_due
from notekeeper.services.supervision import DiscussedItem, became_words, day_words, discussed
from notekeeper.services.supervision_actions import find_item, item_reference, make_follow_up, settle_action
from notekeeper.services.supervision_comments import CommentsPreview, preview_comments, take_comments

_HEADER_BYTES = 20_000


@supervision.command("take")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--confirm", is_flag=True, help="Take it in; without this it is only shown.")
@click.option("--hours", is_flag=True, help="Add the hours that it tells of to your log as well.")
@click.option(
    "--identity",
    "identities",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The file with your secret key of age, for comments sealed for it.",
)
@as_json
@pass_desk
def take(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, file: Path, confirm: bool, hours: bool, identities: tuple[Path, ...], as_json: bool
) -> None:
    """Show what a supervisor's comments would bring into which files; with --confirm, take them in. Comments that are
    sealed with a passphrase ask for it after the vault's."""
    keys = tuple(key for each in identities for key in read_identities(each))
    with desk.open() as vault:
        given = _read(desk, file, keys)
        if confirm:
            preview, _ = take_comments(vault, given, own_day(), hours=hours)
        else:
            preview = preview_comments(vault, given, own_day())
        for each in preview.clients:
            client_opened(vault, each.client)
        here = {each.client.id: discussed(vault, each.client) for each in preview.clients} if confirm else {}
    if as_json:
        say_json({"taken": confirm, **_preview_as_json(preview), "hours_added": confirm and hours})
        return
    for sentence in preview.sentences():
        say(sentence)
    for each in preview.clients:
        for comment in each.taken.comments:
            kind = "Agreed" if comment.action else "Comment"
            say_entry(
                f"    {each.client.code}, {comment.item}: {comment.text}",
                (f"{kind} on {comment.item}", comment.text),
                ("Client", each.client.code),
            )
    if not confirm:
        say("Nothing was taken in yet. The same command with --confirm does.")
        return
    say("Taken in.")
    for each in preview.clients:
        for item in here[each.client.id]:
            if item.waits:
                say(_offer(each.client, item))


def _read(desk: Desk, file: Path, keys: tuple[str, ...]) -> CommentsFile:
    """The file; its passphrase is asked for only where it is one that opens it."""
    try:
        return read_comments(file, Secret(keys=keys))
    except WrongPassphraseError:
        if not wants_passphrase(read_private(file, _HEADER_BYTES)):
            raise
        return read_comments(file, Secret(passphrase=desk.passphrase(f"Passphrase of {file.name}")))


def _offer(client: Client, item: DiscussedItem) -> str:
    name = f"{client.code}/D{item.number}.{item.place}"
    return f"Agreed and not a follow-up yet: {name}. `notekeeper supervision follow-up {name} --on DAY` makes it one."


def _preview_as_json(preview: CommentsPreview) -> dict[str, object]:
    file = preview.file
    return {
        "supervisor": file.supervisor,
        "discussed_on": file.discussed_on.isoformat() if file.discussed_on else None,
        "clients": [
            {
                "client": each.client.code,
                "comments": [comment.model_dump(mode="json") for comment in each.taken.comments],
                "came_before": each.before,
            }
            for each in preview.clients
        ],
        "elsewhere": preview.elsewhere,
        "hours_not_in_log": preview.hours.minutes if preview.hours else None,
    }


@supervision.command("comments")
@click.argument("code")
@as_json
@pass_desk
def comments(desk: Desk, code: str, as_json: bool) -> None:
    """List what came of supervision on a client: each comment beside its item, and what became of agreed actions."""
    with desk.file(code) as (vault, client):
        found = discussed(vault, client)
    if as_json:
        say_json({"comments": [item_as_json(client, each) for each in found]})
        return
    for each in found:
        name = f"{client.code}/D{each.number}.{each.place}"
        became = became_words(each)
        agreed = f" (agreed: {became})" if became else ""
        by = f", {each.supervisor}" if each.supervisor else ""
        say_entry(
            f"{name}, {day_words(each.day)}{by}, {each.item}:\n    {each.comment.text}{agreed}",
            f"Comment {name}.",
            ("When", f"{day_words(each.day)}{by}"),
            ("On", each.item),
            ("Said", each.comment.text),
            ("Agreed", became),
        )
    say(f"{len(found)} comment(s).")


@supervision.command("follow-up")
@click.argument("reference")
@click.argument("source", required=False)
@click.option(
    "--on", "due", required=True, metavar="DAY", help="When it is due: YYYY-MM-DD, or +14 for days from today."
)
@as_json
@pass_desk
def follow_up(desk: Desk, reference: str, source: str | None, due: str, as_json: bool) -> None:
    """Make an agreed action a follow-up of the client, in the supervisor's words or in yours from a file or "-"."""
    code, number, place = item_reference(reference)
    day, words = read_due(due, own_day()), follow_up_words(read_text(source)) if source else ""
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        made = make_follow_up(vault, client, find_item(vault, client, number, place), day, own_day(), words)
    if as_json:
        say_json({"client": client.code, "follow_up": f"{client.code}/F{made.number}", "due": made.due.isoformat()})
    else:
        say(f"Added: follow-up {client.code}/F{made.number}, due {made.due.isoformat()}.")


@supervision.command("close")
@click.argument("reference")
@as_json
@pass_desk
def close(desk: Desk, reference: str, as_json: bool) -> None:
    """An agreed action needs no follow-up: it is done, or will not be."""
    code, number, place = item_reference(reference)
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        settle_action(vault, client, find_item(vault, client, number, place), own_day())
        settled = find_item(vault, client, number, place)
    if as_json:
        say_json(item_as_json(client, settled))
    else:
        say(f"Closed: {client.code}/D{number}.{place}, {became_words(settled)}.")


def item_as_json(client: Client, each: DiscussedItem) -> dict[str, object]:
    """A comment as every command gives it in JSON."""
    return {
        "comment": f"{client.code}/D{each.number}.{each.place}",
        "ref": each.comment.ref,
        "item": each.item,
        "text": each.comment.text,
        "action": each.comment.action,
        "until": each.comment.until.isoformat() if each.comment.until else None,
        "supervisor": each.supervisor,
        "discussed_on": each.day.isoformat() if each.day else None,
        "taken_on": each.taken_on.isoformat(),
        "became": became_words(each),
        "follow_up": f"{client.code}/F{each.follow_up.number}" if each.follow_up else None,
        "to_do": each.to_do,
    }


commands = ()
