"""`notekeeper` alone, at a terminal: the app, and a fresh process in its place after each lock.

What always holds: the process that held a key does not show the unlock screen again; it is replaced by a new one
after the screen and what scrolled off it were cleared.
"""

import os
import subprocess
import sys

import click

from notekeeper.cli.common import Desk
from notekeeper.config import resource
from notekeeper.errors import UsageError

_CLEAR = "\x1b[2J\x1b[3J\x1b[H"
_SCRUBBED = ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_SCREENSHOT", "TEXTUAL_SCREENSHOT_LOCATION", "TEXTUAL_DEVTOOLS_HOST")


def run_app(desk: Desk) -> int:
    """Run the app on the vault of `desk` until it ends; the exit code. Raises `UsageError` without a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("The app needs a terminal. `notekeeper --help` lists the commands that work without one.")
    for name in _SCRUBBED:
        os.environ.pop(name, None)
    from notekeeper import bootstrap
    from notekeeper.services import demonstration
    from notekeeper.tui.app import Access, Ending, NotekeeperApp

    access = Access(
        desk.folder,
        create=bootstrap.create_vault,
        unlock=bootstrap.unlock_vault,
        unlock_with_recovery_key=bootstrap.unlock_vault_with_recovery_key,
        open_parts=bootstrap.drafting_parts,
        fill_demonstration=lambda vault: demonstration.fill(vault, resource("models/starter/data/series-a.jsonl")),
        codes=bootstrap.taxonomy,
    )
    ending = NotekeeperApp(access).run()
    click.echo(_CLEAR, nl=False)
    if ending is not Ending.LOCKED:
        return 70 if ending is Ending.CRASHED else 0
    return _start_afresh(["--vault", str(access.folder)])


def _start_afresh(arguments: list[str]) -> int:
    command = [sys.executable, "-m", "notekeeper", *arguments]
    if os.name == "posix":
        os.execv(sys.executable, command)  # noqa: S606 - our own program, in the place of this process
    return subprocess.run(command, check=False).returncode
