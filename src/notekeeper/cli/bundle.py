"""`bundle`: a report's files as one sealed file, and out of it again.

What always holds: a passphrase is typed at a prompt or read from a descriptor; what is sealed are the files as they
were written, each as the report's seal has it.
"""

from pathlib import Path

import click

from notekeeper.cli.browse import identity
from notekeeper.cli.common import Desk, as_json, pass_desk, say, say_json, say_place
from notekeeper.reports.bundle import read_sealed
from notekeeper.reports.envelope import Seal, Secret, read_identities, wants_passphrase
from notekeeper.services.bundling import bundle_report, check_seal_choice, unbundle

keys = click.option(
    "--to",
    "keys",
    multiple=True,
    metavar="PUBLIC-KEY",
    help="Seal for the holder of this public key of age; it begins age1.",
)


@click.group()
def bundle() -> None:
    """A report's files as one sealed file (.zip.age), which the program age opens as well."""


@bundle.command("make")
@click.argument("report", type=click.Path(path_type=Path))
@keys
@click.option("--out", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A folder; else beside it.")
@as_json
@pass_desk
def make(desk: Desk, report: Path, keys: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Seal the report in REPORT, its .json file, and the pages beside it: for public keys, or else for a passphrase
    that you are asked for."""
    made = bundle_report(report, chosen_seal(desk, keys), out)
    if as_json:
        say_json({"bundle": str(made), "for": "keys" if keys else "passphrase"})
        return
    say_place("Sealed bundle", made)
    if not keys:
        say("Give the passphrase on another way than the file, best by telephone.")
    say("`notekeeper browse` opens it; so does `age -d`, whose result is a ZIP with the report's files.")


@bundle.command("open")
@click.argument("file", type=click.Path(path_type=Path))
@identity
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="A folder or a name; else this folder.")
@as_json
@pass_desk
def take_out(desk: Desk, file: Path, identities: tuple[Path, ...], out: Path, as_json: bool) -> None:
    """Take the files out of a bundle, unencrypted. To read it `notekeeper browse` is enough, and writes nothing."""
    secret = Secret(keys=tuple(key for each in identities for key in read_identities(each)))
    if wants_passphrase(read_sealed(file)):
        secret = Secret(passphrase=desk.passphrase(f"Passphrase of {file.name}"))
    paths = unbundle(file, secret, out)
    if as_json:
        say_json({ending: str(path) for ending, path in paths.items()})
        return
    for ending, path in paths.items():
        say_place(f"Not encrypted any more, {ending}", path)


def chosen_seal(desk: Desk, keys: tuple[str, ...], prompt: str = "Passphrase for the sealed file") -> Seal:
    """Public keys if given, else a passphrase that is asked for. Raises `WeakPassphraseError` and `UsageError`."""
    seal = Seal(keys=keys) if keys else Seal(passphrase=desk.passphrase(prompt, confirm=True))
    check_seal_choice(seal)
    return seal


commands = (bundle,)
