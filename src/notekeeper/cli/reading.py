"""The supervisor's browser in the terminal, started and ended.

What always holds: as for the therapist's app, nothing but a sentence of our own is printed when it fails, and the
screen is cleared behind it.
"""

import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from notekeeper.cli.common import tell
from notekeeper.isolation.quiet import no_network, quiet
from notekeeper.reports.envelope import Secret, read_identities
from notekeeper.services.shelf import Shelf

_CLEAR = "\x1b[2J\x1b[3J\x1b[H"
_CRASHED = (
    "notekeeper: something unexpected happened and the browser has closed. Your comments were kept up to the last "
    "second or two; open the report again to see them."
)
_AWAY = "notekeeper: closed, because a sealed report was open and nobody was there. Your comments are kept."


def run_reader(files: Sequence[Path], identities: Sequence[Path], comments: Path | None) -> None:
    """Open the browser on these files until it is left. Raises `ReportError` and `UsageError` before it opens."""
    quiet()
    no_network()
    secrets = [Secret(keys=read_identities(each)) for each in identities]
    shelf = Shelf.of(files, secrets=secrets, comments_folder=comments)
    logging.disable()
    threading.excepthook = lambda _: None
    from notekeeper.tui.access import Ending
    from notekeeper.tui.reading import ReadingApp

    app = ReadingApp(shelf)
    try:
        ending = app.run()
    finally:
        with suppress(OSError):
            click.echo(_CLEAR, nl=False)
    if ending is Ending.CRASHED:
        tell(_CRASHED)
        raise SystemExit(70)
    if ending is Ending.LOCKED:
        tell(_AWAY)
