"""`note revisions`, `note diff` and `note move`: what was saved before, what changed, and the right client's file."""

import sys

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_text, say, say_entry, say_json, tell
from notekeeper.domain.note import NotePart
from notekeeper.errors import UsageError
from notekeeper.services.misfiled import before_moving, move_note
from notekeeper.services.revisions import ShownLine, compare, revision_rows, shown_lines, two_revisions

_process = click.option("--process", is_flag=True, help="Of the process notes.")
_SPOKEN = {"+": "added", "−": "removed", "±": "changed", " ": "the same"}


@click.command("revisions")
@click.argument("reference")
@_process
@as_json
@pass_desk
def revisions(desk: Desk, reference: str, process: bool, as_json: bool) -> None:
    """List every finished save of a note."""
    part = NotePart.PROCESS if process else NotePart.RECORD
    with desk.note(reference) as (vault, _, found):
        rows = revision_rows(vault, found, part)
    if as_json:
        told = [
            {"revision": r.number, "saved_at": r.saved_at.isoformat(), "words": r.words, "characters": r.characters}
            for r in rows
        ]
        say_json({"note": reference, "part": part.value, "revisions": told})
        return
    for row in rows:
        at = f"{row.saved_at.astimezone():%Y-%m-%d %H:%M}"
        say_entry(
            f"{row.number}  {at}  {row.words:,} words",
            f"Revision {row.number}.",
            ("Saved", at),
            ("Words", f"{row.words:,}"),
        )
    say(f"{len(rows)} revision(s).")


@click.command("diff")
@click.argument("reference")
@click.argument("earlier", type=int, required=False)
@click.argument("later", type=int, required=False)
@_process
@as_json
@pass_desk
def diff(desk: Desk, reference: str, earlier: int | None, later: int | None, process: bool, as_json: bool) -> None:  # noqa: PLR0917 - click gives each by name
    """Show what changed from one revision to another: the last two, or from EARLIER to the newest or to LATER."""
    part = NotePart.PROCESS if process else NotePart.RECORD
    with desk.note(reference) as (vault, _, found):
        before, after = two_revisions(vault, found, part, earlier, later)
    changes = compare(before.text, after.text)
    if as_json:
        told = [{"change": each.kind.value, "text": each.text} for each in changes]
        ends = {"from": before.number, "to": after.number}
        say_json({"note": reference, "part": part.value, **ends, "changes": told})
        return
    say(f"Revision {before.number} to revision {after.number} of note {reference}:")
    lines = shown_lines(changes)
    if all(line.mark == "…" for line in lines):
        say("The two are the same.")
        return
    for line in lines:
        say_entry(f"{line.mark} {line.text}", _spoken(line))


def _spoken(line: ShownLine) -> tuple[str, str] | str:
    """A line of the difference for the ear: its place and what became of it before its words."""
    if line.mark == "…":
        return f"{line.text}."
    words = line.text.replace("[−", "(removed: ").replace("−]", ")").replace("{+", "(added: ").replace("+}", ")")
    return f"Line {line.number}, {_SPOKEN[line.mark]}", words or "an empty line"


@click.command("move")
@click.argument("reference")
@click.argument("code")
@click.option("--yes", is_flag=True, help="Do not ask for the note's reference again.")
@as_json
@pass_desk
def move(desk: Desk, reference: str, code: str, yes: bool, as_json: bool) -> None:
    """Move a note that was filed under the wrong client to the file of the client CODE, where it is not signed."""
    with desk.note(reference) as (vault, client, found):
        before, name = before_moving(vault, found), f"{client.code}/{found.number}"
        for sentence in () if as_json else before.sentences():
            tell(sentence)
        if not yes:
            asked = "To move this note, type its reference again"
            typed = click.prompt(asked, err=True) if sys.stdin.isatty() else read_text("-")
            if typed.strip().casefold() != name.casefold():
                raise UsageError("That is not this note's reference. Nothing was moved.")
        to, moved = move_note(vault, found, code)
    if as_json:
        written = [day.isoformat() for day in before.written]
        told = {"files_written": written, "said": before.sentences()}
        say_json({"note": f"{to.code}/{moved.number}", "moved_from": name, **told})
    else:
        say(f"Moved: it is note {to.code}/{moved.number} now, not signed. Of {name} a number and a date stay.")


commands = (revisions, diff, move)
