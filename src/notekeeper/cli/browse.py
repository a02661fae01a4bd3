"""`browse`: the reports that a supervisor was sent, read here: in the browser of the terminal, or as text.

What always holds: no vault is needed; who signed a report, as far as that is known, is said before a word of it; a
file that is no report is said and the others are shown; a bundle is opened in memory.
"""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, say, say_entry, say_json, say_place, tell
from notekeeper.cli.plain import chosen
from notekeeper.errors import ReportError, WrongPassphraseError
from notekeeper.reports.envelope import Secret, read_identities
from notekeeper.services.browsing import Reading
from notekeeper.services.reporting import report_text
from notekeeper.services.shelf import Shelf
from notekeeper.services.verdicts import alarming, verdict

_MOST_COLUMNS = 100
_SEALED = "This bundle is sealed: name the file with your key (--identity), or open it at a terminal."
identity = click.option(
    "--identity",
    "identities",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The file with your secret key of age, for bundles sealed for it.",
)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE [FILE]", type=click.Path(path_type=Path))
@identity
@click.option(
    "--comments",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder to keep your comments in, instead of beside each report.",
)
@click.option("--verify", is_flag=True, help="Say who signed each file and what was changed, and nothing of it.")
@click.option("--text", is_flag=True, help="Print the reports, at a terminal too.")
@as_json
@pass_desk
def browse(  # noqa: PLR0917 - click gives each option by name
    desk: Desk,
    files: tuple[Path, ...],
    identities: tuple[Path, ...],
    comments: Path | None,
    verify: bool,
    text: bool,
    as_json: bool,
) -> None:
    """Read theme reports: their .json files, sealed bundles (.age), or folders of them. No vault is needed. At a
    terminal this opens the browser for supervisors."""
    if not (as_json or verify or text or chosen()) and sys.stdin.isatty() and sys.stdout.isatty():
        from notekeeper.cli.reading import run_reader

        run_reader(files, identities, comments)
        return
    shelf = opened(desk, files, identities)
    if verify:
        _verify(shelf, as_json)
    elif as_json:
        _json(shelf, single=len(files) == 1 and not files[0].is_dir())
    else:
        _text(shelf)
    if len(shelf.looked) > 1 and (missing := len(_not_read(shelf))):
        raise ReportError(f"{missing} of {len(shelf.looked)} files were not read; the reasons stand above.")


def opened(desk: Desk, files: Sequence[Path], identities: Sequence[Path]) -> Shelf:
    """The shelf with these files, every bundle among them opened. Raises the error of a file that stands alone and
    cannot be read, and `WrongPassphraseError` for a bundle that stays closed."""
    shelf = Shelf.of(files, secrets=[Secret(keys=read_identities(each)) for each in identities])
    can_ask = desk.passphrase_fd is not None or sys.stdin.isatty()
    for locked in shelf.locked:
        if locked not in shelf.locked:
            continue  # an earlier passphrase has opened it by now
        if len(shelf.looked) > 1 and not (locked.by_passphrase and can_ask):
            continue  # the others are shown all the same
        if not locked.by_passphrase:
            raise WrongPassphraseError(
                f"{locked.path.name} is sealed for a key of age: name the file with yours, as in --identity key.txt."
            )
        if not shelf.unlock(Secret(passphrase=desk.passphrase(f"Passphrase of {locked.path.name}"))):
            raise WrongPassphraseError(
                f"{locked.path.name} does not open: the passphrase is another one, or the file was changed on its way. "
                "Nothing of it is shown."
            )
    if len(shelf.looked) == 1 and shelf.not_read:
        raise ReportError(shelf.not_read[0].why)
    return shelf


def _text(shelf: Shelf) -> None:
    width = None if chosen() else min(_MOST_COLUMNS, shutil.get_terminal_size((80, 24)).columns)
    for place, reading in enumerate(shelf.readings):
        if len(shelf.looked) > 1:
            if place and not chosen():
                say()
            say_place("File", reading.path)
        for sentence in verdict(reading):
            say(sentence)
        say(report_text(reading.document, width))
    _tell_not_read(shelf)


def _json(shelf: Shelf, *, single: bool) -> None:
    """One report is printed as it is; several, each with what is known of it."""
    if single:
        say_json(shelf.readings[0].document.model_dump(mode="json"))
        return
    reports = [{**_known(each), "report": each.document.model_dump(mode="json")} for each in shelf.readings]
    say_json({"reports": reports, "not_read": _not_read(shelf)})


def _verify(shelf: Shelf, as_json: bool) -> None:
    if as_json:
        say_json({"reports": list(map(_known, shelf.readings)), "not_read": _not_read(shelf)})
    else:
        for reading in shelf.readings:
            say_place("File", reading.path)
            for sentence in verdict(reading):
                say(sentence)
            if words := " ".join(reading.trust.words):
                say_entry(f"Eight words of its key: {words}", ("Eight words of its key", words))
        _tell_not_read(shelf)
    if wrong := sum(map(alarming, shelf.readings)):
        raise ReportError(f"{wrong} of {len(shelf.readings)} reports cannot be relied on; see above.")


def _known(reading: Reading) -> dict[str, Any]:
    return {
        "file": str(reading.path),
        "sha256": reading.sha256,
        "listed_under": reading.trust.name,
        "therapist": reading.trust.therapist,
        "clients": [page.client_code for page in reading.document.pages],
        "signature": reading.trust.standing.value,
        "public_key": reading.trust.public_key,
        "words": list(reading.trust.words),
        "beside": {ending: what.value for ending, what in reading.beside.items()},
        "said": list(verdict(reading)),
    }


def _not_read(shelf: Shelf) -> list[dict[str, str]]:
    return [
        *({"file": str(each.path), "why": each.why} for each in shelf.not_read),
        *({"file": str(each.path), "why": _SEALED} for each in shelf.locked),
    ]


def _tell_not_read(shelf: Shelf) -> None:
    for each in _not_read(shelf):
        tell(f"{Path(each['file']).name}: {each['why']}")


commands = (browse,)
