"""`import`: notes that were written elsewhere, looked at first and then brought in."""

import sys
from collections import Counter
from pathlib import Path

import click

from notekeeper.cli.common import Desk, ProgressLine, as_json, pass_desk, read_day, say, say_entry, say_json, tell
from notekeeper.domain.importing import Brought, Planned
from notekeeper.domain.note import NoteKind
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.importing import ImportChoices, bringing, files_of, planning


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATHS")
@click.option("--client", "code", help="The client whose notes these are.")
@click.option("--by-name", is_flag=True, help="Find each client by the code that file or folder begins with.")
@click.option("--kind", type=click.Choice([k.value for k in NoteKind]), default="session", show_default=True)
@click.option("--date", "day", metavar="DAY", help="The day of notes that bear none, in the file or in its name.")
@click.option("--dry-run", is_flag=True, help="Show what would be imported, and import nothing.")
@click.option("--yes", is_flag=True, help="Import without asking.")
@as_json
@pass_desk
def bring(  # noqa: PLR0917 - click gives each option by name
    desk: Desk,
    paths: tuple[Path, ...],
    code: str | None,
    by_name: bool,
    kind: str,
    day: str | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Import notes from files and folders: .txt, .md, .json, .docx. They come in unsigned, after a preview."""
    if (code is None) is not by_name:
        raise UsageError("Say whose notes these are: --client CODE, or --by-name. Nothing was imported.")
    if not (dry_run or yes or sys.stdin.isatty()):
        raise UsageError("There is no terminal to ask at. Add --yes, or --dry-run to look first; nothing was imported.")
    on, files = read_day(day) if day else None, files_of(paths)
    with desk.open() as vault:
        client = vault.clients.by_code(code) if code else None
        plans = _planned(vault, files, ImportChoices(client, NoteKind(kind), on))
        if not as_json:
            _show_plan(plans)
        wanted = sum(plan.wanted for plan in plans)
        go = wanted > 0 and not dry_run and (yes or click.confirm(f"Import {wanted} note(s)?", err=True))
        brought = _brought(vault, plans, wanted) if go else []
    refused = [(plan, plan.refused) for plan in plans if plan.refused]
    refused += [(each.planned, each.refused) for each in brought if each.note is None]
    if as_json:
        _say_json(plans, brought, refused)
    else:
        _show_outcome(plans, brought, refused)
    if refused:
        others = "the others are imported" if go else "nothing was imported"
        raise UsageError(
            f"{len(refused)} file(s) or notes were refused, as listed; {others}. Those files are as they were."
        )


def _planned(vault: Vault, files: list[Path], choices: ImportChoices) -> list[Planned]:
    line, plans = ProgressLine(), []
    read: set[Path] = set()
    for plan in planning(vault, files, choices):
        plans.append(plan)
        read.add(plan.path)
        if len(plans) % 20 == 0:
            line.show("reading", f" {len(read)} of {len(files)}")
    if len(plans) >= 20:
        line.end(kept=False)
    return plans


def _brought(vault: Vault, plans: list[Planned], wanted: int) -> list[Brought]:
    line, brought = ProgressLine(), []
    for each in bringing(vault, plans):
        brought.append(each)
        if len(brought) % 20 == 0:
            line.show("importing", f" {len(brought)} of {wanted}")
    if len(brought) >= 20:
        line.end(kept=False)
    return brought


def _name(plan: Planned) -> str:
    return f"{plan.path.name}, note {plan.place + 1}" if plan.place else plan.path.name


def _show_plan(plans: list[Planned]) -> None:
    for plan in plans:
        if plan.refused:
            continue
        owner, day = plan.client.code if plan.client else "", plan.day.isoformat() if plan.day else ""
        state = f"imported before as {plan.already}" if plan.already else " ".join(plan.remarks)
        line = f"{owner}  {day}  {plan.kind.value}  {plan.characters} characters  {_name(plan)}"
        say_entry(
            f"{line}\n    {state}" if state else line,
            f"File {_name(plan)}.",
            ("Client", owner),
            ("Date", day),
            ("Kind", plan.kind.value),
            ("Characters", plan.characters),
            ("To know", state),
        )
    counts = Counter("refused" if plan.refused else "before" if plan.already else "new" for plan in plans)
    say(f"To import: {counts['new']} note(s). Imported before: {counts['before']}. Refused: {counts['refused']}.")


def _show_outcome(plans: list[Planned], brought: list[Brought], refused: list[tuple[Planned, str]]) -> None:
    for plan, reason in refused:
        say_entry(f"Refused: {_name(plan)}: {reason}", f"Refused: file {_name(plan)}.", ("Reason", reason))
    kept = [each for each in brought if each.note]
    if kept:
        say(f"Imported: {len(kept)} note(s), not signed.")
    elif not any(plan.wanted for plan in plans):
        tell("notekeeper: there was nothing new to import.")


def _say_json(plans: list[Planned], brought: list[Brought], refused: list[tuple[Planned, str]]) -> None:
    numbers = {(each.planned.path, each.planned.place): each.note.number for each in brought if each.note}
    say_json(
        {
            "notes": [
                {
                    "file": str(plan.path),
                    "place": plan.place,
                    "client": plan.client.code if plan.client else None,
                    "date": plan.day.isoformat() if plan.day else None,
                    "kind": plan.kind.value,
                    "characters": plan.characters,
                    "remarks": plan.remarks,
                    "already": plan.already or None,
                    "number": numbers.get((plan.path, plan.place)),
                }
                for plan in plans
                if not plan.refused
            ],
            "refused": [{"file": str(plan.path), "place": plan.place, "reason": reason} for plan, reason in refused],
        }
    )


commands = (bring,)
