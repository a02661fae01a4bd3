"""`access` and `export`: a client's request to see what is held, and plain files of everything."""

import json
from pathlib import Path

import click

from notekeeper.cli.common import (
    Desk,
    as_json,
    pass_desk,
    read_day,
    read_text,
    say,
    say_entry,
    say_json,
    say_place,
    say_text,
)
from notekeeper.domain.access import WithholdTest
from notekeeper.domain.file_export import NOT_ENCRYPTED, ExportFormat
from notekeeper.domain.note import Client, NotePart
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services import access as requests
from notekeeper.services.caseload import own_day

_FORMATS = click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice([each.value for each in ExportFormat]),
    help="html, md, json or text; may be given more than once. Without it: html, md and json.",
)
_REQUEST = click.option("--request", "request", type=int, metavar="N", help="Which request; else the newest open one.")
_TO = click.option("--to", "folder", type=click.Path(path_type=Path), required=True, help="An existing folder.")


def _chosen(formats: tuple[str, ...]) -> tuple[ExportFormat, ...]:
    from notekeeper.services.file_export import FORMATS

    return tuple(map(ExportFormat, formats)) or FORMATS


@click.command()
@click.argument("code", required=False)
@click.option("--all", "everyone", is_flag=True, help="Every client, and what belongs to the practice itself.")
@_TO
@_FORMATS
@as_json
@pass_desk
def export(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, code: str | None, everyone: bool, folder: Path, formats: tuple[str, ...], as_json: bool
) -> None:
    """Write everything held on a client to plain files, for yourself. They are not encrypted."""
    from notekeeper.services.file_export import export_all, export_client

    if (code is None) == (not everyone):
        raise UsageError("Give one client's code, or --all for everything. No file was made.")
    with desk.open() as vault:
        if code is None:
            made = export_all(vault, folder, own_day(), _chosen(formats))
        else:
            client = vault.clients.by_code(code)
            made = {client.code: export_client(vault, client, folder, own_day(), _chosen(formats))}
    files = [
        {"client": of or None, "format": each.format.value, "file": str(each.path), "sha256": each.sha256}
        for of, written in made.items()
        for each in written
    ]
    if as_json:
        say_json({"files": files, "warning": NOT_ENCRYPTED})
        return
    for written in made.values():
        for each in written:
            say_place("Written", each.path)
    say(NOT_ENCRYPTED)


@click.group()
def access() -> None:
    """Access requests: a client asks to see what is held on them. Due in one calendar month."""


@access.command("ask")
@click.argument("code")
@click.option("--by", required=True, help="Who asked: the client, a person of the file, somebody for them.")
@click.option("--on", "day", metavar="DAY", help="The day it was received, YYYY-MM-DD; else today.")
@click.option("--how", default="", help="How it was received, as by letter.")
@as_json
@pass_desk
def ask(desk: Desk, code: str, by: str, day: str | None, how: str, as_json: bool) -> None:  # noqa: PLR0917 - as above
    """Note a request down; the clock of one calendar month begins."""
    asked_on = read_day(day)
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        made = requests.ask(vault, client, by, how=how, asked_on=asked_on, today=own_day())
        several = requests.concerns_several(vault, client)
    if as_json:
        say_json({"client": client.code, **_request_as_json(made), "several": several})
        return
    say(f"Noted: access request {made.number} of client {client.code}, {requests.due_words(made, own_day())}.")
    if several:
        say(requests.SEVERAL)


@access.command("mark")
@click.argument("code")
@click.option("--test", type=click.Choice([each.value for each in WithholdTest]), required=True, help="Which test.")
@click.option("--reason", "reason_file", required=True, metavar="FILE", help="A file with your reason, or - for input.")
@click.option("--opinion-from", help="Serious harm: the health professional whose opinion it rests on, name or role.")
@click.option("--opinion-on", metavar="DAY", help="Serious harm: the date of that opinion.")
@click.option("--note", type=int, metavar="N", help="The number of the note; without it, the words anywhere.")
@click.option("--whole", is_flag=True, help="The whole note.")
@click.option("--part", type=click.Choice([each.value for each in NotePart]), default="record", help="Which text.")
@click.option("--revision", type=int, metavar="N", help="Which saved text; else the newest.")
@click.option("--addendum", type=int, metavar="N", help="In this addendum of the note.")
@click.option("--from", "start", type=int, metavar="PLACE", help="First character, counted from 0.")
@click.option("--to", "end", type=int, metavar="PLACE", help="Behind the last character.")
@click.option("--passage-file", metavar="FILE", help="A file with the exact words, in place of --from and --to.")
@_REQUEST
@as_json
@pass_desk
def mark(  # noqa: PLR0917 - as above
    desk: Desk,
    code: str,
    test: str,
    reason_file: str,
    opinion_from: str | None,
    opinion_on: str | None,
    note: int | None,
    whole: bool,
    part: str,
    revision: int | None,
    addendum: int | None,
    start: int | None,
    end: int | None,
    passage_file: str | None,
    request: int | None,
    as_json: bool,
) -> None:
    """Mark a passage to be withheld from the client's copy, with the test and your reason."""
    reason = read_text(reason_file)
    words = read_text(passage_file) if passage_file else None
    opinion = requests.Opinion(opinion_from, read_day(opinion_on)) if opinion_from and opinion_on else None
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        wanted = requests.request_of(vault, client, request)
        place = _place(vault, client, note, NotePart(part), words, (start, end), revision, addendum, whole=whole)
        made = requests.mark(vault, wanted, place, WithholdTest(test), reason, opinion=opinion, today=own_day())
    if as_json:
        say_json({"client": client.code, "request": wanted.number, **_mark_as_json(made)})
    else:
        say(f"Marked: {made.number}, {requests.place_words(made.body)}. {made.body.test.words}.")


def _place(  # noqa: PLR0917 - gathered from the options above
    vault: Vault,
    client: Client,
    note: int | None,
    part: NotePart,
    words: str | None,
    span: tuple[int | None, int | None],
    revision: int | None,
    addendum: int | None,
    *,
    whole: bool,
) -> requests.Where:
    from notekeeper.services import passages
    from notekeeper.services.file_export import build_file

    start, end = span
    if note is None:
        if words is None or whole:
            raise UsageError("Give --note, or --passage-file with the exact words. Nothing was marked.")
        return passages.anywhere(build_file(vault, client, own_day()), words)
    found = vault.notes.by_number(client.id, note)
    if whole:
        return passages.whole_note(found)
    if words is not None:
        return passages.by_words(vault, found, part, words, revision=revision, addendum=addendum)
    if start is None or end is None or addendum is not None:
        raise UsageError("Say which passage: --from and --to, --passage-file, or --whole. Nothing was marked.")
    return passages.by_span(vault, found, part, start, end, revision=revision)


@access.command("unmark")
@click.argument("code")
@click.argument("number", type=int)
@_REQUEST
@as_json
@pass_desk
def unmark(desk: Desk, code: str, number: int, request: int | None, as_json: bool) -> None:
    """Take a mark back. It stays in the file that it was there."""
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        wanted = requests.request_of(vault, client, request)
        gone = requests.unmark(vault, wanted, number)
    if as_json:
        say_json({"client": client.code, "request": wanted.number, "taken_back": gone.number})
    else:
        say(f"Taken back: mark {gone.number}, {requests.place_words(gone.body)}.")


@access.command("show")
@click.argument("code")
@_REQUEST
@click.option("--words", is_flag=True, help="The marked words and your reasons as well.")
@as_json
@pass_desk
def show(desk: Desk, code: str, request: int | None, words: bool, as_json: bool) -> None:
    """Show the requests of a client, the clock, the marks, and what an answer would withhold now."""
    from notekeeper.services.answering import preview

    with desk.file(code) as (vault, client):
        found = requests.requests_of(vault, client)
        wanted = requests.request_of(vault, client, request) if found or request else None
        shown = preview(vault, wanted, own_day()) if wanted else None
        several = requests.concerns_several(vault, client)
    if as_json:
        marks = [
            {**_mark_as_json(each.mark), "shown_as": each.number, "places": each.places, "not_in": list(each.not_in)}
            for each in (shown.marks if shown else ())
        ]
        about = wanted.number if wanted else None
        asked = [_request_as_json(each) for each in found]
        say_json({"client": client.code, "requests": asked, "of": about, "marks": marks, "several": several})
        return
    for each in found:
        line = f"by {each.body.by}, {requests.due_words(each, own_day())}"
        say_entry(f"Request {each.number}: {line}", (f"Request {each.number}", line))
    say(f"{len(found)} request(s).")
    if shown is None:
        return
    if several:
        say(requests.SEVERAL)
    for one in shown.marks:
        line = f"{requests.place_words(one.mark.body)}; {one.mark.body.test.words}; withheld in {one.places} place(s)"
        say_entry(f"Mark {one.mark.number}: {line}", (f"Mark {one.mark.number}", line))
        if one.not_in:
            say(f"The words stand otherwise in {', '.join(one.not_in)} of the same text: look there yourself.")
        if words:
            for text in filter(None, (one.mark.body.words, one.mark.body.reason)):
                say_text(text)
    say(f"{len(shown.marks)} mark(s), {shown.places} place(s) withheld in the client's copy.")


@access.command("answer")
@click.argument("code")
@_TO
@_FORMATS
@_REQUEST
@as_json
@pass_desk
def answer(  # noqa: PLR0917 - as above
    desk: Desk, code: str, folder: Path, formats: tuple[str, ...], request: int | None, as_json: bool
) -> None:
    """Write the client's copy without what is marked, and keep what was given. `access show` is the preview."""
    from notekeeper.services.answering import answer as give

    with desk.open() as vault:
        client = vault.clients.by_code(code)
        wanted = requests.request_of(vault, client, request)
        given, written, _ = give(vault, wanted, folder, own_day(), _chosen(formats))
        several = requests.concerns_several(vault, client)
    if as_json:
        files = [{"format": each.format.value, "file": str(each.path), "sha256": each.sha256} for each in written]
        kept = json.loads(given.model_dump_json(include={"day", "withheld", "places", "marks", "log_head"}))
        about = {"client": client.code, "request": wanted.number, "several": several}
        say_json({**about, "files": files, **kept, "warning": NOT_ENCRYPTED})
        return
    for each in written:
        say_place("Written for the client", each.path)
    say(f"{len(given.marks)} mark(s), {given.places} place(s) withheld. Read the files before you hand them over.")
    if several:
        say(requests.SEVERAL)
    say(NOT_ENCRYPTED)


def _request_as_json(each: requests.Request) -> dict[str, object]:
    return {
        "request": each.number,
        "by": each.body.by,
        "how": each.body.how,
        "asked_on": each.body.asked_on.isoformat(),
        "due": each.body.due.isoformat(),
        "stands": requests.due_words(each, own_day()),
        "answered": [given.day.isoformat() for given in each.answers],
    }


def _mark_as_json(each: requests.Mark) -> dict[str, object]:
    return {"mark": each.number, **each.body.model_dump(mode="json", exclude={"request", "note_id"})}


commands = (access, export)
