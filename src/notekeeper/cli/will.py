"""`will`: the clinical will, and the sealed sheet for the day on which the therapist cannot work."""

from pathlib import Path

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_entry, say_json, say_place
from notekeeper.services.caseload import own_day


@click.group()
def will() -> None:
    """What is to happen if you cannot work, and the sealed sheet for the person who acts then."""


@will.command("save")
@click.argument("source", default="-")
@as_json
@pass_desk
def save(desk: Desk, source: str, as_json: bool) -> None:
    """Save your clinical will from a file or standard input: JSON, as `will show --json` gives it under "will". Fields
    left out are emptied."""
    from notekeeper.services.clinical_will import read_will, save_will

    wanted = read_will(read_text(source))
    with desk.open() as vault:
        save_will(vault, wanted)
    if as_json:
        say_json({"will": wanted.model_dump()})
    else:
        given = sum(bool(value.strip()) for value in wanted.model_dump().values())
        say(f"Saved: your clinical will, {given} of {len(wanted.model_dump())} fields given.")


@will.command("show")
@as_json
@pass_desk
def show(desk: Desk, as_json: bool) -> None:
    """Show your clinical will."""
    from notekeeper.services.clinical_will import LABELS

    with desk.open() as vault:
        kept = vault.clinical_will()
    if as_json:
        say_json({"will": kept.model_dump()})
        return
    for name, label in LABELS.items():
        words = getattr(kept, name).strip() or "not given"
        say_entry(f"{label}: {words}", (label, words))


@will.command("seal")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key", "keys", multiple=True, metavar="PUBLIC-KEY", help="Seal for the holder of this public key of age."
)
@click.option("--preview", is_flag=True, help="Print the sheet as it would be; write nothing.")
@as_json
@pass_desk
def seal(desk: Desk, file: Path, keys: tuple[str, ...], preview: bool, as_json: bool) -> None:
    """Write the sheet "If I cannot work" to FILE, sealed under a passphrase for your executor. It names your clients
    by code with whom to call, and holds no word of a session."""
    from notekeeper.services.clinical_will import seal, sheet_text

    with desk.open() as vault:
        text = sheet_text(vault, own_day())
        if preview:
            say_json({"sheet": text}) if as_json else say(text.rstrip())
            return
        passphrase = "" if keys else desk.passphrase("Passphrase for the sealed sheet", confirm=True)
        written = seal(vault, text, file, passphrase=passphrase, keys=keys)
    if as_json:
        say_json({"sealed": str(written)})
        return
    say_place("Sealed sheet written to", written)
    say(
        "Give the file to your executor, and the passphrase to them on another way. It opens with notekeeper will "
        "open, or with the program age, and is no way into the vault. Write it anew when something in it changes."
    )


@will.command("open")
@click.argument("file", type=click.Path(path_type=Path))
@as_json
@pass_desk
def open_sheet(desk: Desk, file: Path, as_json: bool) -> None:
    """Open a sealed sheet. Needs its own passphrase, no vault."""
    from notekeeper.services.clinical_will import open_sealed

    text = open_sealed(file, desk.passphrase("Passphrase of the sealed sheet"))
    say_json({"sheet": text}) if as_json else say(text.rstrip())


commands = (will,)
