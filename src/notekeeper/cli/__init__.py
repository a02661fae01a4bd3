"""The command line: a headless twin of every main action, with text for people and JSON for machines.

What always holds: an expected error is one sentence on standard error and its own exit code; an unexpected one names
its kind and place and never its message, which could hold a note's words.
"""

import io
import os
import sys
import traceback
from pathlib import Path

import click

from notekeeper import __version__
from notekeeper.cli import (
    access,
    addenda,
    ai_use,
    backups,
    browse,
    bundle,
    client_patterns,
    client_threads,
    clients,
    corrections,
    demo,
    doctor,
    drafts,
    evaluate,
    finding,
    followups,
    front,
    identifiers,
    importing,
    keys,
    logs,
    models,
    notes,
    patterns,
    people,
    plain,
    reports,
    retention,
    reviews,
    revisions,
    supervision,
    supervision_comments,
    supervision_hours,
    supervisor,
    templates,
    trust,
    vaults,
    will,
)
from notekeeper.cli.app import run_app
from notekeeper.cli.common import Desk, tell
from notekeeper.errors import NotekeeperError

UNEXPECTED = 70


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Notes are read from files or standard input, never from arguments. A note is written CODE/N, like C014/3.",
)
@click.version_option(__version__, prog_name="notekeeper")
@click.option(
    "--vault",
    type=click.Path(path_type=Path, file_okay=False),
    help="The vault's folder. Without it: NOTEKEEPER_VAULT, else main.vault in your user data.",
)
@click.option("--passphrase-fd", type=int, metavar="N", help="Read the passphrase from this file descriptor.")
@click.option(
    "--plain",
    "plainly",
    is_flag=True,
    is_eager=True,
    envvar=plain.VARIABLE,
    callback=lambda _context, _option, value: plain.choose(value),
    expose_value=False,
    help="For a screen reader: each fact on its own line, nothing drawn or aligned; alone, the Monday list.",
)
@click.pass_context
def cli(context: click.Context, vault: Path | None, passphrase_fd: int | None) -> int | None:
    """Session notes in an encrypted vault; themes drafted on this computer, beside their evidence, until you sign."""
    context.obj = Desk(vault, passphrase_fd)
    if context.invoked_subcommand is not None:
        return None
    if plain.chosen():
        front.start_plain(context.obj)
        return None
    return run_app(context.obj)


for command in (
    *vaults.commands,
    *finding.commands,
    *clients.commands,
    *front.commands,
    *followups.commands,
    *corrections.commands,
    *retention.commands,
    *ai_use.commands,
    *notes.commands,
    *importing.commands,
    *templates.commands,
    *drafts.commands,
    *reviews.commands,
    *patterns.commands,
    *client_threads.commands,
    *client_patterns.commands,
    *people.commands,
    *identifiers.commands,
    *reports.commands,
    *browse.commands,
    *bundle.commands,
    *trust.commands,
    *supervisor.commands,
    *supervision.commands,
    *supervision_comments.commands,
    *supervision_hours.commands,
    *models.commands,
    *evaluate.commands,
    *keys.commands,
    *logs.commands,
    *will.commands,
    *backups.commands,
    *demo.commands,
    *doctor.commands,
    *access.commands,
):
    cli.add_command(command)
notes.note.add_command(addenda.addendum)
for command in revisions.commands:
    notes.note.add_command(command)
plain.speak_help(cli)


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.umask(0o077)
    plain.choose(False)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal or pipe that is not UTF-8 loses nothing
    try:
        outcome = cli.main(arguments, prog_name="notekeeper", standalone_mode=False)
        sys.stdout.flush()
    except NotekeeperError as error:
        tell(f"notekeeper: {error}")
        return error.exit_code
    except click.exceptions.Abort:
        tell("notekeeper: stopped. What was saved before is kept.")
        return 130
    except click.ClickException as error:
        tell(f"notekeeper: {error.format_message()} `notekeeper --help` lists the commands.")
        return error.exit_code
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - closed when Python ends
        return 141
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback with a note's words in it
        tell(f"notekeeper: something unexpected happened ({_where(error)}). What was saved before is kept.")
        return UNEXPECTED
    return outcome if isinstance(outcome, int) else 0


def _where(error: BaseException) -> str:
    """The kind of an error and the module and line it came from, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "notekeeper" in frame.filename] or frames[-1:]
    place = f" in {Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"
