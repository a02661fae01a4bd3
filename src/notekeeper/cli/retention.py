"""`retention` and `client destroy`: how long files are kept, legal holds, destruction and its register."""

import sys
from pathlib import Path

import click

from notekeeper.cli.clients import client as client_group
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
    tell,
)
from notekeeper.domain.destruction import DestructionReason
from notekeeper.domain.retention import Standing
from notekeeper.errors import UsageError
from notekeeper.services import retention as files
from notekeeper.services.access_log import client_opened
from notekeeper.services.caseload import own_day


@click.group()
def retention() -> None:
    """How long files are kept. Nothing is ever destroyed by itself."""


@retention.command("list")
@click.argument("code", required=False)
@as_json
@pass_desk
def list_files(desk: Desk, code: str | None, as_json: bool) -> None:
    """List files by how they stand: due for review, soon, on hold, not to be reckoned; or show one client's."""
    with desk.open() as vault:
        policy = vault.retention()
        if code:
            client = vault.clients.by_code(code)
            client_opened(vault, client)
            found = [files.retention_of(vault, client, own_day())]
        else:
            found = files.retention_of_all(vault, own_day())
    if as_json:
        say_json({"policy": policy.model_dump(), "files": [_as_json(each) for each in found]})
        return
    say(files.policy_words(policy))
    for standing in Standing:
        here = [each for each in found if each.reckoning.standing is standing]
        if here:
            say(f"{files.HEADINGS[standing]}: {len(here)}")
        for each in here:
            words = files.standing_words(each)
            say_entry(f"    {each.client.code}: {words}", (f"Client {each.client.code}", words))
            reasons = [*([each.own.reason] if each.own else []), *(hold.reason for _, hold in each.holds)]
            for reason in reasons if code else ():
                say_entry(f"    Reason: {reason}", ("Reason", reason))
    say(f"{len(found)} file(s).")


@retention.command("policy")
@click.option("--years", type=int, help="Years after the work ended.")
@click.option("--minors-until", type=int, help="The age until which the file of somebody under 18 is kept.")
@as_json
@pass_desk
def policy(desk: Desk, years: int | None, minors_until: int | None, as_json: bool) -> None:
    """Show the practice's policy, or change it."""
    with desk.open() as vault:
        stands = vault.retention()
        if years is not None or minors_until is not None:
            stands = files.set_policy(
                vault,
                stands.years if years is None else years,
                stands.minors_until if minors_until is None else minors_until,
            )
    say_json({"policy": stands.model_dump()}) if as_json else say(files.policy_words(stands))


@retention.command("set")
@click.argument("code")
@click.argument("source", default="-")
@click.option("--years", type=int, help="Years after the work ended.")
@click.option("--until", metavar="DAY", help="A day, YYYY-MM-DD.")
@as_json
@pass_desk
def set_one(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, code: str, source: str, years: int | None, until: str | None, as_json: bool
) -> None:
    """Lay down for one file how long it is kept; without --years or --until the policy holds again. The reason is read
    from a file or standard input."""
    day = read_day(until) if until else None
    reason = read_text(source)
    with desk.open() as vault:
        person = vault.clients.by_code(code)
        files.set_own_retention(vault, person, reason, years=years, until=day)
        _say_stands(files.retention_of(vault, person, own_day()), as_json=as_json)


@retention.command("hold")
@click.argument("code")
@click.argument("source", default="-")
@as_json
@pass_desk
def hold(desk: Desk, code: str, source: str, as_json: bool) -> None:
    """Put a file on legal hold: nothing of it is destroyed until the hold is lifted. The reason is read from a file or
    standard input."""
    reason = read_text(source)
    with desk.open() as vault:
        person = vault.clients.by_code(code)
        files.hold(vault, person, reason, own_day())
        _say_stands(files.retention_of(vault, person, own_day()), as_json=as_json)


@retention.command("lift")
@click.argument("code")
@click.argument("source", default="-")
@as_json
@pass_desk
def lift(desk: Desk, code: str, source: str, as_json: bool) -> None:
    """Lift every legal hold on a file. The reason is read from a file or standard input."""
    reason = read_text(source)
    with desk.open() as vault:
        person = vault.clients.by_code(code)
        files.lift_hold(vault, person, reason, own_day())
        _say_stands(files.retention_of(vault, person, own_day()), as_json=as_json)


@retention.command("certificates")
@as_json
@pass_desk
def certificates(desk: Desk, as_json: bool) -> None:
    """List the register of destroyed files. It holds no code and no name but yours."""
    from notekeeper.services.destroying import register_as_json, register_line

    with desk.open() as vault:
        found = vault.destructions.all()
    if as_json:
        say_json({"destroyed": [register_as_json(each) for each in found]})
        return
    for each in found:
        say(register_line(each))
    say(f"{len(found)} file(s) destroyed.")


@client_group.command("destroy")
@click.argument("code")
@click.option(
    "--reason", type=click.Choice([reason.value for reason in DestructionReason]), help="Why it is destroyed."
)
@click.option(
    "--certificate",
    "place",
    type=click.Path(path_type=Path),
    help="Write the certificate to new files of this name, .txt and .json.",
)
@click.option("--preview", is_flag=True, help="Say what would go; destroy nothing.")
@as_json
@pass_desk
def destroy(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, code: str, reason: str | None, place: Path | None, preview: bool, as_json: bool
) -> None:
    """Destroy everything held on a client, for good. Says what goes, then asks for the client's code again."""
    from notekeeper.services.destroying import backups_as_json, destroy, register_as_json, what_will_go

    why = DestructionReason(reason) if reason else None
    if not preview and why is None:
        raise UsageError("Say why with --reason, or look with --preview first. Nothing was destroyed.")
    with desk.open() as vault:
        person = vault.clients.by_code(code)
        holdings, sentences = what_will_go(vault, person)
        if preview and as_json:
            counts = {"counts": holdings.counts, "exports": holdings.exports, **backups_as_json(holdings)}
            say_json({"client": person.code, **counts, "on_hold": holdings.held})
            return
        for sentence in () if as_json else sentences:
            say(sentence) if preview else tell(sentence)
        if preview or why is None:
            return
        asked = "To destroy this file, type the client's code again"
        typed = click.prompt(asked, err=True) if sys.stdin.isatty() else read_text("-")
        done = destroy(vault, person, typed, why, today=own_day(), place=place)
    if done.trouble:
        tell(f"notekeeper: {done.trouble}")
    if as_json:
        told = {"certificate": [str(path) for path in done.paths], "log_head_after": done.destroyed.log_head_after}
        say_json({"client": person.code, **register_as_json(done.destroyed), **backups_as_json(holdings), **told})
        return
    if done.paths:
        say(f"The file of client {person.code} is destroyed.")
        for path in done.paths:
            say_place("Certificate", path)
    else:
        for line in filter(None, done.text.splitlines()):
            say(line)


def _say_stands(each: files.FileRetention, *, as_json: bool) -> None:
    if as_json:
        say_json(_as_json(each))
    else:
        standing = files.HEADINGS[each.reckoning.standing]
        say_entry(
            f"Kept. Client {each.client.code}: {standing}; {files.standing_words(each)}.",
            f"Kept. Client {each.client.code}.",
            ("Stands", standing),
            ("Reckoned", files.standing_words(each)),
        )


def _as_json(each: files.FileRetention) -> dict[str, object]:
    return {
        "client": each.client.code,
        "standing": each.reckoning.standing.value,
        "due": each.reckoning.due.isoformat() if each.reckoning.due else None,
        "why": each.reckoning.why,
        "own": each.own.model_dump(mode="json") if each.own else None,
        "holds": [hold.model_dump(mode="json") for _, hold in each.holds],
    }


commands = (retention,)
