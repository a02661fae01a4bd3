"""`demo`: the whole job on invented clients, each step printed, in a vault of its own."""

import sys
import tempfile
from pathlib import Path

import click

from notekeeper.cli.app import run_app
from notekeeper.cli.common import Desk, say, say_entry, say_place
from notekeeper.cli.drafts import progress_line, show_draft
from notekeeper.cli.plain import chosen
from notekeeper.config import resource
from notekeeper.domain.note import Revision
from notekeeper.domain.vault import Vault
from notekeeper.errors import EngineError
from notekeeper.services import demonstration, look_round
from notekeeper.services.approving_files import write
from notekeeper.services.consent import permit_for
from notekeeper.services.demonstration import Demonstration
from notekeeper.services.drafting import draft
from notekeeper.services.reviewing import review_of


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the demonstration goes; without it, a new folder for temporary files.",
)
@click.option("--print", "printed", is_flag=True, help="Print each step at a terminal too, instead of opening the app.")
def demo(folder: Path | None, printed: bool) -> int:
    """Show the whole job on invented clients. At a terminal the app opens on their vault; without one every step is
    printed: vault, note, draft with evidence, what awaits you, a report."""
    if not (printed or chosen()) and folder is None and sys.stdin.isatty() and sys.stdout.isatty():
        return _look_round()
    _print_steps(folder)
    return 0


def _look_round() -> int:
    """Make the demonstration's vault and open the app on it; its unlock screen shows the passphrase."""
    from notekeeper.bootstrap import create_vault

    say("Making a vault of invented clients. This takes a few seconds.")
    place = look_round.new_place()
    vault, _ = create_vault(place, demonstration.PASSPHRASE)
    try:
        demonstration.fill(vault, resource("models/starter/data/series-a.jsonl"))
    finally:
        vault.close()
    return run_app(Desk(place, None))


def _print_steps(folder: Path | None) -> None:
    from notekeeper.bootstrap import create_vault

    place = folder or Path(tempfile.mkdtemp(prefix="notekeeper-demonstration-"))
    place.mkdir(parents=True, exist_ok=True)
    say("DEMONSTRATION: every client and every session here is invented.")
    say()
    vault, _ = create_vault(place / "demonstration.vault", demonstration.PASSPHRASE)
    say_place("1. Vault made, encrypted", place / "demonstration.vault")
    try:
        made = demonstration.fill(vault, resource("models/starter/data/series-a.jsonl"))
        _walk(vault, made, place)
    finally:
        vault.close()
    say()
    say(f"To look round, with the passphrase “{demonstration.PASSPHRASE}”:")
    program = sys.argv[0] if Path(sys.argv[0]).stem == "notekeeper" else "notekeeper"
    reference = f"{made.client.code}/{made.newest.number}"
    rest = f"--vault {place / 'demonstration.vault'} review list {reference}"
    say_entry(f"    {program} {rest}", ("Command", f"{program} --plain {rest}"))
    say("Delete the folder when you have seen enough; nothing else was written.")


def _walk(vault: Vault, made: Demonstration, place: Path) -> None:
    reference = f"{made.client.code}/{made.newest.number}"
    say(
        f"2. Notes saved: {made.clients} clients; {made.signed} past sessions signed by “Demonstration”; "
        f"note {reference}, the newest, is not signed."
    )
    latest = vault.notes.latest(made.newest.id)
    words = len(latest.text.split()) if latest else 0
    say(f"3. Draft of note {reference} ({words} words), by the models on this computer:")
    say()
    _draft(vault, made, latest)
    say()
    state = review_of(vault, made.newest).review
    waiting = ", ".join(state.undecided()) or "your own focus and themes"
    say(f"4. Awaiting sign-off by a person: note {reference}. To decide: {waiting}; and the risk entry.")
    approved, kept = demonstration.approve_report(vault, made.client)
    paths = write(vault, approved, place, ("html", "pdf"))
    say_place(f"5. Theme report of {made.client.code}, from signed sessions only", paths["html"])
    say_place("The same as PDF, for paper", paths["pdf"], ordinary="   The same as PDF, for paper")
    say_place("For notekeeper browse", paths["json"], ordinary="   For notekeeper browse, in the terminal")
    say(
        f"   {kept} place(s) in it may tell who somebody is; they stay, because everybody here is invented. In your "
        "own reports you decide on each first."
    )
    checked = vault.verify()
    say(f"6. Vault verified: {len(checked.problems)} problem(s), {checked.log_entries} log entries.")


def _draft(vault: Vault, made: Demonstration, latest: Revision | None) -> None:
    from notekeeper.bootstrap import drafting_parts

    permit = permit_for(vault, made.client)
    try:
        with drafting_parts() as parts:
            _, drafted = draft(permit, vault, made.newest, parts, progress_line())
    except EngineError as error:
        say(f"No draft was made: {error} Everything else works without it.")
        return
    show_draft(drafted, latest.text if latest else "")


commands = (demo,)
