"""`search`: notes by words and filters, and follow-ups by their words."""

import sys

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_entry, say_json
from notekeeper.cli.followups import follow_up_as_json
from notekeeper.domain.finding import Filters
from notekeeper.domain.follow_up import FollowUp
from notekeeper.domain.note import Client, NoteKind, NotePart
from notekeeper.domain.vault import SearchHit
from notekeeper.services.caseload import own_day
from notekeeper.services.finding import find, place_words, read_filter_day
from notekeeper.services.follow_ups import follow_up_line


@click.command()
@click.option("--client", "code", help="Only in this client's file.")
@click.option("--from", "start", metavar="DAY", help="Notes of this day and later.")
@click.option("--to", "end", metavar="DAY", help="Notes of this day and earlier.")
@click.option("--kind", type=click.Choice([k.value for k in NoteKind]), help="Notes of this kind.")
@click.option("--signed", is_flag=True, help="Only signed notes.")
@click.option("--unsigned", is_flag=True, help="Only notes that are not signed.")
@click.option("--theme", default="", help="Notes with a signed theme of this code, or with this word in its label.")
@click.option("--part", type=click.Choice([p.value for p in NotePart]), help="Only the record, or only process notes.")
@as_json
@pass_desk
def search(  # noqa: PLR0917 - click gives each option by name
    desk: Desk,
    code: str | None,
    start: str | None,
    end: str | None,
    kind: str | None,
    signed: bool,
    unsigned: bool,
    theme: str,
    part: str | None,
    as_json: bool,
) -> None:
    """Find notes. The words are typed at the prompt or come on standard input, so that no shell remembers them."""
    filters = Filters(
        start=read_filter_day(start or ""),
        end=read_filter_day(end or ""),
        kind=NoteKind(kind) if kind else None,
        signed=None if signed is unsigned else signed,
        theme=theme,
        part=NotePart(part) if part else None,
    )
    with desk.open() as vault:
        words = _words()
        client = vault.clients.by_code(code) if code else None
        found = find(vault, words, client, filters)
        clients = {each.id: each for each in vault.clients.all()}
    follow_ups = [(clients[each.client_id], each) for each in found.follow_ups]
    if as_json:
        say_json(
            {
                "hits": [_as_json(hit) for hit in found.hits],
                "more": found.more,
                "follow_ups": [{"client": c.code, **follow_up_as_json(c, each)} for c, each in follow_ups],
            }
        )
        return
    for hit in found.hits:
        _show(hit)
    for owner, each in follow_ups:
        _show_follow_up(owner, each)
    extra = f" {len(follow_ups)} follow-up(s) found." if follow_ups else ""
    more = " There are more; the newest are shown. Add a word or a filter." if found.more else ""
    say(f"{len(found.hits)} note(s) found.{more}{extra}")


def _words() -> str:
    if not sys.stdin.isatty():
        return read_text("-")
    return str(click.prompt("Words", default="", show_default=False, err=True))


def _as_json(hit: SearchHit) -> dict[str, object]:
    part = "risk" if hit.risk else "addendum" if hit.addendum else hit.part.value
    return {
        "note": f"{hit.client_code}/{hit.note.number}",
        "date": hit.note.date.isoformat(),
        "kind": hit.note.kind.value,
        "signed": hit.note.signed,
        "part": part,
        "snippet": hit.snippet,
    }


def _show(hit: SearchHit) -> None:
    note, day, where = f"{hit.client_code}/{hit.note.number}", hit.note.date.isoformat(), place_words(hit)
    state = "signed" if hit.note.signed else "not signed"
    say_entry(
        f"{note}  {day}  {hit.note.kind.value}  {where}  {state}\n    {hit.snippet}",
        f"Note {note}.",
        ("Date", day),
        ("Kind", hit.note.kind.value),
        ("Found in", where),
        ("State", state),
        ("Words around it", hit.snippet),
    )


def _show_follow_up(owner: Client, each: FollowUp) -> None:
    line = follow_up_line(each, own_day())
    say_entry(f"{owner.code}/{line}", (f"Follow-up {owner.code}/F{each.number}", line.partition(", ")[2]))


commands = (search,)
