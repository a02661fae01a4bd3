"""`log` and `signature show`: what happened, and the key that signs."""

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_day, say, say_entry, say_json
from notekeeper.services.log_words import LogLine, log_lines


@click.command("log")
@click.option("--client", "code", help="Only what concerns this client's file.")
@click.option("--event", help="Only this event, by its name, like note.signed.")
@click.option("--from", "start", metavar="DAY", help="Entries of this day and later.")
@click.option("--to", "end", metavar="DAY", help="Entries of this day and earlier.")
@as_json
@pass_desk
def log(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, code: str | None, event: str | None, start: str | None, end: str | None, as_json: bool
) -> None:
    """Show the log: what was changed, decided, signed, opened and searched for, when, and in whose file."""
    first, last = (read_day(day) if day else None for day in (start, end))
    with desk.open() as vault:
        client = vault.clients.by_code(code) if code else None
        lines = log_lines(vault, client, event, first, last)
        head = vault.log.head()
    if as_json:
        say_json({"log": [_as_json(line) for line in lines], "log_head": head})
        return
    for line in lines:
        at = f"{line.at.astimezone():%Y-%m-%d %H:%M}"
        say_entry(
            f"{line.number:6d}  {at}  {line.of or '-':10}  {line.words}",
            (f"Entry {line.number}", line.words),
            ("When", at),
            ("Of", line.of or "the vault"),
        )
    say(f"{len(lines)} entries. `notekeeper verify` checks that none was altered or taken away.")


@click.group()
def signature() -> None:
    """The key of this vault that signs sign-offs and addenda."""


@signature.command("show")
@as_json
@pass_desk
def show(desk: Desk, as_json: bool) -> None:
    """Show the public key, and the eight words by which one compares it with somebody over the telephone."""
    with desk.open() as vault:
        key, words = vault.signatures.public_key(), vault.signatures.words()
    if as_json:
        say_json({"public_key": key, "words": list(words)})
    elif not key:
        say("Nothing was signed in this vault yet. The key is made with the first sign-off.")
    else:
        say_entry(f"Public key (Ed25519): {key}", ("Public key, Ed25519", key))
        say_entry(f"In words: {' '.join(words)}", ("In words", " ".join(words)))


def _as_json(line: LogLine) -> dict[str, object]:
    return {
        "number": line.number,
        "at": line.at.isoformat(),
        "event": line.event,
        "words": line.words,
        "of": line.of,
        "subject": line.subject,
        "count": line.count,
        "hash": line.hash,
    }


commands = (log, signature)
