"""`doctor`: which protections are active on this computer, each with what it means and what to do.

What always holds: it works without a vault, asks for no passphrase, opens no vault and changes nothing.
"""

from dataclasses import asdict
from pathlib import Path

import click

from notekeeper.cli import plain
from notekeeper.cli.common import Desk, as_json, pass_desk, say, say_entry, say_json
from notekeeper.domain.protection import Protection, State
from notekeeper.errors import NotekeeperError
from notekeeper.isolation import quiet

WANTING = 1


@click.command()
@as_json
@pass_desk
def doctor(desk: Desk, as_json: bool) -> int:
    """Tell which protections are active here, what each means and what to do. Opens no vault. Ends with 1 when
    something can be done."""
    found = protections(desk.folder)
    wanting = [one for one in found if one.wanting]
    if as_json:
        say_json({"protections": [asdict(one) for one in found], "to_do": [one.name for one in wanting]})
    else:
        for one in found:
            _show(one)
        active = sum(one.state is State.ACTIVE for one in found)
        say(f"{active} of {len(found)} protections are active; for {len(wanting)} something can be done.")
    return WANTING if wanting else 0


def protections(folder: Path) -> list[Protection]:
    """All of them, for the vault at `folder`, which may not exist."""
    from notekeeper import bootstrap
    from notekeeper.services import computer, own_processes
    from notekeeper.services import doctor as told

    try:
        files = bootstrap.verify_models()
    except (NotekeeperError, OSError):
        files = [("The catalogue", "", "missing")]
    return [
        *own_processes.own_process(quiet.state()),
        own_processes.workers(bootstrap.worker_limits()),
        told.models(files),
        told.vault_files(folder),
        told.vault_place(
            folder, [*bootstrap.vault_surroundings(folder), *filter(None, [bootstrap.vault_place(folder)])]
        ),
        told.backup(folder, bootstrap.newest_backup(folder) if folder.exists() else None),
        *computer.around(folder),
        told.age(),
    ]


def _show(one: Protection) -> None:
    line = f"{one.state.upper():8} {one.name}: {one.meaning}"
    facts: list[plain.Fact] = [f"{one.name}: {one.state}.", ("Meaning", one.meaning)]
    if one.advice:
        line += f" What to do: {one.advice}"
        facts.append(("What to do", one.advice))
    say_entry(line, *facts)


commands = (doctor,)
