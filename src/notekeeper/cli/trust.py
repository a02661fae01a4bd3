"""`trust`: the keys that a supervisor knows, compared by eight words.

What always holds: a key is added only when the words that the therapist read out were given or confirmed; for a name
that is known with another key they must be given.
"""

import sys
from pathlib import Path

import click

from notekeeper.cli.browse import identity, opened
from notekeeper.cli.common import Desk, as_json, pass_desk, say, say_entry, say_json
from notekeeper.domain.signature import words_of
from notekeeper.errors import UsageError
from notekeeper.reports.trust import KnownKey, Standing
from notekeeper.services.knowing_keys import forget, know, known_keys, place_of_known
from notekeeper.services.verdicts import verdict


@click.group()
def trust() -> None:
    """For supervisors: the keys by which you know therapists' reports. No vault is needed."""


@trust.command("list")
@as_json
def listed(as_json: bool) -> None:
    """List the keys that you know, with the eight words of each."""
    known = known_keys().keys
    if as_json:
        say_json({"folder": str(place_of_known()), "keys": list(map(_fields, known))})
        return
    if not known:
        say("No key is known yet. `notekeeper trust add REPORT` adds the one that a report was signed with.")
    for key in known:
        words = " ".join(words_of(key.public_key))
        say_entry(
            f"{key.name}, known since {key.added_on}: {words}",
            ("Name", key.name),
            ("Known since", key.added_on),
            ("Eight words", words),
        )


@trust.command("add")
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--name", help="The name by which you know this therapist; else as the report calls its maker.")
@click.option("--words", help="The eight words that the therapist read out to you; else you are asked.")
@identity
@as_json
@pass_desk
def add(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, report: Path, name: str | None, words: str | None, identities: tuple[Path, ...], as_json: bool
) -> None:
    """Know the key that a report was signed with. Ring the therapist, on a number you have from before, and let them
    read out their eight words: `notekeeper signature show` gives them."""
    (reading,) = opened(desk, [report], identities).readings
    found = reading.trust
    if found.standing in (Standing.UNSIGNED, Standing.STRIPPED):
        raise UsageError("This report is not signed, so it has no key to know. Nothing was changed.")
    if words is None and not as_json:
        for sentence in verdict(reading):
            say(sentence)
        if found.standing is not Standing.KNOWN:
            words = _asked(found.words, changed=found.standing is Standing.CHANGED)
    elif words is None:
        raise UsageError("With --json give the words that you heard with --words. Nothing was changed.")
    changed = know(found, name or found.therapist, words or "")
    key = changed.keys[-1]
    if as_json:
        say_json({"added": _fields(key), "was": found.standing.value})
    else:
        say(f"Known from now on: {key.name}.")


def _asked(words: tuple[str, ...], *, changed: bool) -> str:
    """The words as they were heard: typed, or for a new name seen here and confirmed. Raises `UsageError`."""
    if not sys.stdin.isatty():
        raise UsageError("Give the eight words that the therapist read out with --words. Nothing was changed.")
    if changed:
        return str(click.prompt("Type the eight words as the therapist reads them out", err=True))
    say_entry(f"The eight words of this report's key: {' '.join(words)}", ("Eight words", " ".join(words)))
    if not click.confirm("Did the therapist read out these eight, in this order?", err=True):
        raise UsageError("Then do not rely on this report, and ask the therapist. Nothing was changed.")
    return " ".join(words)


@trust.command("remove")
@click.argument("name")
@as_json
def remove(name: str, as_json: bool) -> None:
    """Forget every key of NAME. Reports by it are shown as unknown from then on."""
    keys = forget(name)
    if as_json:
        say_json({"removed": list(map(_fields, keys))})
    else:
        say(f"Forgotten: {'1 key' if len(keys) == 1 else f'{len(keys)} keys'} of {keys[0].name}.")


def _fields(key: KnownKey) -> dict[str, object]:
    return {**key.model_dump(mode="json"), "words": list(words_of(key.public_key))}


commands = (trust,)
