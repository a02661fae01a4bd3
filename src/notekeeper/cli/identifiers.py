"""`identifier`: what could tell who a client is: entered, proposed from notes, decided on, and looked for in a text.

What always holds: an identifier is read from a file or standard input, one to a line, never from an argument; what the
kept identity says is counted, and shown only where that showing is logged.
"""

import sys
from pathlib import Path

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_entry, say_json, tell
from notekeeper.domain.identifiers import Hit, Identifier, IdentifierDecision, IdentifierType, Treatment
from notekeeper.errors import UsageError
from notekeeper.identifiers.final_text import text_of_file
from notekeeper.services.identifiers import (
    Proposed,
    Rehearsal,
    add_identifier,
    decide,
    decisions_of,
    dictionary_of,
    known_of,
    look_through,
    proposals_from_notes,
    remove_identifier,
)
from notekeeper.services.identity import show_identity

_MAX_FILE_BYTES = 20_000_000
_DONE = {Treatment.REPLACE: "replaced by", Treatment.GENERALISE: "said more generally as", Treatment.KEEP: "kept"}
_types = click.Choice([one.value for one in IdentifierType])


@click.group()
def identifier() -> None:
    """What could tell who a client is, and what you decided about each. Read from a file or standard input."""


@identifier.command("list")
@click.argument("code")
@click.option("--all", "everything", is_flag=True, help="Also what identity, people and front sheet say; it is logged.")
@as_json
@pass_desk
def list_identifiers(desk: Desk, code: str, everything: bool, as_json: bool) -> None:
    """List the identifiers of a client, and the decisions on what was found in reports."""
    with desk.file(code) as (vault, client):
        entered = dictionary_of(vault, client)
        kept_elsewhere = [one for one in known_of(vault, client) if one.source == "file"]
        decisions = decisions_of(vault, client)
        if everything and kept_elsewhere:
            show_identity(vault, client)
    shown = [*entered, *(kept_elsewhere if everything else ())]
    if as_json:
        say_json({
            "client": client.code,
            "identifiers": [_as_json(one) for one in shown],
            "kept_elsewhere": len(kept_elsewhere),
            "decisions": [each.model_dump(mode="json", exclude={"notes"}) for each in decisions],
        })  # fmt: skip
        return
    for one in shown:
        said = (("Identifier", one.text), ("Type", one.type.value), ("From", _source(one)))
        say_entry(f"{one.text}  ({one.type.value}, {_source(one)})", *said)
    say(f"{len(entered)} identifier(s), and {len(kept_elsewhere)} more from identity, people and front sheet.")
    for decision in decisions:
        say_entry(_decision_line(decision), ("Decision", _decision_line(decision)))
    say(f"{len(decisions)} decision(s).")


@identifier.command("add")
@click.argument("code")
@click.argument("source", default="-")
@click.option("--type", "kind", type=_types, help="What they are; without it, told by their form.")
@click.option("--proposed", is_flag=True, help="They were proposed from notes, and go with those.")
@as_json
@pass_desk
def add(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, code: str, source: str, kind: str | None, proposed: bool, as_json: bool
) -> None:
    """Enter identifiers from a file or standard input, one to a line."""
    lines = _lines(source)
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        with vault.transaction():
            chosen = IdentifierType(kind) if kind else None
            added = [add_identifier(vault, client, line, chosen, proposed=proposed) for line in lines]
        total = len(dictionary_of(vault, client))
    if as_json:
        say_json({"client": client.code, "added": [_as_json(one) for one in added], "identifiers": total})
    else:
        say(f"Entered {len(added)} identifier(s) for client {client.code}, who has {total} now.")


@identifier.command("remove")
@click.argument("code")
@click.argument("source", default="-")
@as_json
@pass_desk
def remove(desk: Desk, code: str, source: str, as_json: bool) -> None:
    """Take identifiers off the list, from a file or standard input, one to a line. They are proposed no more."""
    lines = _lines(source)
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        with vault.transaction():
            removed = sum(remove_identifier(vault, client, line) for line in lines)
    if as_json:
        say_json({"client": client.code, "removed": removed, "not_there": len(lines) - removed})
    else:
        missed = f" {len(lines) - removed} line(s) were not on it." if removed < len(lines) else ""
        say(f"Taken off the list of client {client.code}: {removed}.{missed}")


@identifier.command("propose")
@click.argument("code")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@as_json
@pass_desk
def propose_identifiers(desk: Desk, code: str, limit: int | None, as_json: bool) -> None:
    """List what the client's notes hold that may be an identifier and is not known yet. Nothing is entered by it."""
    with desk.file(code) as (vault, client):
        found = proposals_from_notes(vault, client)[:limit]
    if as_json:
        say_json({"client": client.code, "proposals": [_proposal_json(one) for one in found]})
        return
    for one in found:
        notes = ", ".join(map(str, one.notes))
        say_entry(
            f"{one.text}  ({one.type.value}; {one.times} time(s), note {notes})",
            ("Proposal", one.text),
            ("Type", one.type.value),
            ("Found", f"{one.times} time(s)"),
            ("In note", notes),
        )
    say(f"{len(found)} proposal(s). `notekeeper identifier add {client.code} --proposed` takes over what you give it.")


@identifier.command("decide")
@click.argument("code")
@click.argument("treatment", type=click.Choice([one.value for one in Treatment]))
@click.argument("source", default="-")
@as_json
@pass_desk
def decide_identifier(desk: Desk, code: str, treatment: str, source: str, as_json: bool) -> None:
    """Decide on something found, remembered for this client. The first line of a file or standard input is what was
    found; the second says what stands instead, or for keep the reason. To replace it with [name] or the like, leave
    the second out."""
    lines = _lines(source)
    if len(lines) > 2:
        raise UsageError("Give what was found on one line, and what stands instead or the reason on the next.")
    found, more, way = lines[0], lines[1] if len(lines) == 2 else "", Treatment(treatment)
    reason, instead = (more, "") if way is Treatment.KEEP else ("", more)
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        made = decide(vault, client, found, way, instead=instead, reason=reason)
    if as_json:
        say_json({"client": client.code, "decision": made.model_dump(mode="json", exclude={"notes"})})
    else:
        say_entry(f"Decided: {_decision_line(made)}.", ("Decided", _decision_line(made)))


@identifier.command("check")
@click.argument("code")
@click.argument("source", default="-")
@as_json
@pass_desk
def check(desk: Desk, code: str, source: str, as_json: bool) -> None:
    """Look through a text for what could tell who the client is, as a letter before it is sent: a file of json, html,
    md, pdf or plain text, or standard input. Nothing of the text is kept."""
    text = _text(source)
    with desk.file(code) as (vault, client):
        found = look_through(vault, client, text, "the text")
    if as_json:
        say_json({
            "client": client.code,
            "undecided": [hit_json(hit) for hit in found.undecided],
            "decided": [{**hit_json(hit), "reason": made.reason} for hit, made in found.decided],
        })  # fmt: skip
        return
    _say_found(found)


def hit_json(hit: Hit) -> dict[str, object]:
    """A hit as JSON: what was found, what it is, and where."""
    return hit.model_dump(mode="json", exclude={"where"}) | {"where": list(hit.where)}


def hit_line(hit: Hit) -> str:
    """A hit in a line: what was found, and what it is known or looks like."""
    if not hit.known:
        return f"{hit.found}  (looks like a {hit.type.value})"
    if hit.near:
        return f"{hit.found}  (another spelling of {hit.known}, {hit.type.value})"
    return f"{hit.found}  (on the list, {hit.type.value})"


def _say_found(found: Rehearsal) -> None:
    for hit in found.undecided:
        say_entry(hit_line(hit), ("Found", hit_line(hit)))
    for hit, made in found.decided:
        say_entry(f"{hit.found}  (kept: {made.reason})", ("Kept", hit.found), ("Reason", made.reason))
    say(
        f"{len(found.undecided)} to decide on, {len(found.decided)} kept by a decision. What is not found may tell who "
        "somebody is all the same."
    )


def _lines(source: str) -> list[str]:
    if source == "-" and sys.stdin.isatty():
        tell("One to a line; end with Ctrl-D.")
    lines = [line.strip() for line in read_text(source).splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        raise UsageError("Nothing was given. Write one to a line, in a file or on standard input.")
    return lines


def _text(source: str) -> str:
    if source == "-":
        return read_text(source)
    try:
        with Path(source).open("rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UsageError(f"The file could not be read ({error.strerror}). Nothing was changed.") from None
    if len(content) > _MAX_FILE_BYTES:
        raise UsageError("The file is larger than 20 MB, and was not looked through. Nothing was changed.")
    return text_of_file(source, content)


def _source(one: Identifier) -> str:
    return {"entered": "entered", "proposed": "from notes", "file": "from identity, people or front sheet"}[one.source]


def _decision_line(made: IdentifierDecision) -> str:
    more = f"; reason: {made.reason}" if made.treatment is Treatment.KEEP else f" {made.instead}"
    return f"{made.found}: {_DONE[made.treatment]}{more}"


def _as_json(one: Identifier) -> dict[str, object]:
    return {"text": one.text, "type": one.type.value, "source": one.source}


def _proposal_json(one: Proposed) -> dict[str, object]:
    return {"text": one.text, "type": one.type.value, "notes": list(one.notes), "times": one.times}


commands = (identifier,)
