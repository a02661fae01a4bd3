"""`supervisor`: what a supervisor does with reports besides reading them, without a screen.

What always holds: no vault is needed; a comment's words come from a file or standard input, never from an argument;
comments are kept with each call, as in the browser.
"""

import shutil
from pathlib import Path

import click

from notekeeper.cli.browse import identity, opened
from notekeeper.cli.bundle import chosen_seal, keys
from notekeeper.cli.common import Desk, as_json, pass_desk, read_day, read_text, say, say_entry, say_json, say_place
from notekeeper.cli.plain import chosen
from notekeeper.domain.report import ClientPage
from notekeeper.errors import UsageError
from notekeeper.reports.beside import comparison_text
from notekeeper.reports.comparing import compare as compared
from notekeeper.reports.entries import entries_of
from notekeeper.services.browsing import Reading
from notekeeper.services.commenting import CommentsDesk
from notekeeper.services.knowing_keys import known_keys
from notekeeper.services.shelf import Shelf, hours
from notekeeper.services.supervisor_hours import duration, ratios
from notekeeper.services.verdicts import verdict

_REPORT = click.argument("report", type=click.Path(path_type=Path))
_FOLDER = click.option(
    "--comments",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder that your comments are kept in, if not beside the report.",
)


@click.group()
def supervisor() -> None:
    """For supervisors: comments on a report, hours, and two reports compared. No vault is needed."""


@supervisor.command("items")
@_REPORT
@identity
@_FOLDER
@as_json
@pass_desk
def items(desk: Desk, report: Path, identities: tuple[Path, ...], folder: Path | None, as_json: bool) -> None:
    """List the items of a report by the name that a comment gives them, with your comments on each."""
    reading, comments = _open(desk, report, identities, folder)
    found = [entry for page in reading.document.pages for entry in entries_of(reading.document, page)]
    if as_json:
        kept = comments.comments.model_dump(mode="json")["comments"]
        rows = [{"ref": each.ref, "item": each.label, "lines": list(each.lines)} for each in found]
        say_json({"items": rows, "comments": kept, "kept_in": str(comments.path or "")})
        return
    for entry in found:
        say_entry(f"{entry.ref}  {entry.label}", ("Item", entry.ref), ("Words", entry.label))
        for place, each in comments.on(entry.ref):
            label = _told(place, action=each.action, until=str(each.until or ""))
            say_entry(f"    {label}: {each.text}", (label, each.text))


@supervisor.command("comment")
@_REPORT
@click.argument("item")
@click.argument("source", default="-")
@click.option("--action", is_flag=True, help="It is an action that was agreed.")
@click.option("--until", help="The day until which it was agreed, YYYY-MM-DD.")
@click.option("--at", type=click.IntRange(min=1), help="Instead of this comment, by its number; no words remove it.")
@identity
@_FOLDER
@as_json
@pass_desk
def comment(  # noqa: PLR0917 - click gives each option by name
    desk: Desk,
    report: Path,
    item: str,
    source: str,
    action: bool,
    until: str | None,
    at: int | None,
    identities: tuple[Path, ...],
    folder: Path | None,
    as_json: bool,
) -> None:
    """Comment on ITEM, named as `supervisor items` names it, with words from a file or standard input."""
    reading, comments = _open(desk, report, identities, folder)
    if item not in {e.ref for page in reading.document.pages for e in entries_of(reading.document, page)}:
        raise UsageError("This report has no such item. `notekeeper supervisor items` lists them. Nothing was changed.")
    there = {place for place, _ in comments.on(item)}
    if at is not None and at - 1 not in there:
        raise UsageError("There is no comment of that number on that item. Nothing was changed.")
    day = read_day(until) if until else None
    place = comments.put(item, read_text(source), action=action, until=day, at=None if at is None else at - 1)
    _kept(comments, as_json, number=None if place is None else place + 1)


@supervisor.command("held")
@_REPORT
@click.option("--day", "on", help="The day of the supervision, YYYY-MM-DD; else today.")
@click.option("--minutes", type=click.IntRange(1, 600), required=True, help="How long it took, the whole of that day.")
@identity
@_FOLDER
@as_json
@pass_desk
def held(  # noqa: PLR0917 - click gives each option by name
    desk: Desk,
    report: Path,
    on: str | None,
    minutes: int,
    identities: tuple[Path, ...],
    folder: Path | None,
    as_json: bool,
) -> None:
    """Log the supervision in which this report was discussed, in your hours and in your comments."""
    shelf = opened(desk, [report], identities)
    shelf.comments_folder = folder
    (reading,) = shelf.readings
    shelf.hold(reading, read_day(on), minutes)
    _kept(shelf.desk(reading), as_json, number=None)
    if not as_json:
        _ratios()


@supervisor.command("write")
@_REPORT
@keys
@click.option("--sealed", is_flag=True, help="Seal with a passphrase that you are asked for.")
@click.option("--openly", is_flag=True, help="Write it open, though the report came sealed.")
@click.option("--out", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A folder; else beside it.")
@click.option("--name", help="Your name, as the therapist is to read it; kept for the next report.")
@identity
@_FOLDER
@as_json
@pass_desk
def write(  # noqa: PLR0917 - click gives each option by name
    desk: Desk,
    report: Path,
    keys: tuple[str, ...],
    sealed: bool,
    openly: bool,
    out: Path | None,
    name: str | None,
    identities: tuple[Path, ...],
    folder: Path | None,
    as_json: bool,
) -> None:
    """Write the file of comments that goes back to the therapist, sealed or not."""
    reading, comments = _open(desk, report, identities, folder)
    if name is not None:
        comments.signed_as(name)
    seal = chosen_seal(desk, keys, "Passphrase for the comments") if keys or sealed else None
    path = comments.write_for(out or reading.path.absolute().parent, seal, openly=openly)
    if as_json:
        say_json({"file": str(path), "comments": len(comments.comments.comments), "sealed": seal is not None})
    else:
        say_place("For the therapist", path)


@supervisor.command("hours")
@as_json
def logged(as_json: bool) -> None:
    """Show the hours you logged, by supervisee, and to how many client sessions."""
    if not as_json:
        _ratios()
        return
    found = ratios(hours(), known_keys())
    rows = [
        {
            "supervisee": each.supervisee,
            "supervisions": each.supervisions,
            "minutes": each.minutes,
            "sessions_covered": each.sessions,
            "last": each.last.isoformat(),
        }
        for each in found
    ]
    say_json({"held": rows, "log": hours().model_dump(mode="json")["held"]})


@supervisor.command("compare")
@click.argument("one", type=click.Path(path_type=Path))
@click.argument("other", type=click.Path(path_type=Path))
@click.option("--client", help="The client's code; needed where the reports have several in common.")
@identity
@as_json
@pass_desk
def compare(  # noqa: PLR0917 - click gives each option by name
    desk: Desk, one: Path, other: Path, client: str | None, identities: tuple[Path, ...], as_json: bool
) -> None:
    """Two reports on one client beside each other: risk first, then what was noted then and now."""
    shelf = opened(desk, [one, other], identities)
    if len(shelf.readings) != 2:
        raise UsageError("Name two different reports. Nothing was compared.")
    found = compared(*_pages(shelf, client))
    said = [sentence for reading in shelf.readings for sentence in verdict(reading)]
    if as_json:
        sections = [
            {"heading": each.heading, "rows": [{"of": r.name, "then": r.then, "now": r.now} for r in each.rows]}
            for each in (found.risk, *found.sections)
        ]
        say_json({"client": found.now.client_code, "said": [*said, *found.said], "sections": sections})
        return
    for sentence in said:
        say(sentence)
    say(comparison_text(found, None if chosen() else min(120, shutil.get_terminal_size((80, 24)).columns)).rstrip("\n"))


def _pages(shelf: Shelf, client: str | None) -> tuple[ClientPage, ClientPage]:
    first, second = ({page.client_code: page for page in each.document.pages} for each in shelf.readings)
    both = [code for code in first if code in second and client in (None, code)]
    if len(both) != 1:
        said = ", ".join(both) if both else "none"
        raise UsageError(f"Clients in both reports: {said}. Choose one with --client. Nothing was compared.")
    return first[both[0]], second[both[0]]


def _open(desk: Desk, report: Path, identities: tuple[Path, ...], folder: Path | None) -> tuple[Reading, CommentsDesk]:
    shelf = opened(desk, [report], identities)
    shelf.comments_folder = folder
    (reading,) = shelf.readings
    return reading, shelf.desk(reading)


def _kept(comments: CommentsDesk, as_json: bool, number: int | None) -> None:
    if as_json:
        say_json({"comment": number, "kept_in": str(comments.path or ""), "said": comments.said})
        return
    if comments.said:
        say(comments.said)
    if number is not None:
        say(f"Kept as comment {number}.")
    if comments.path is not None:
        say_place("Your comments", comments.path)


def _ratios() -> None:
    found = ratios(hours(), known_keys())
    if not found:
        say("No supervision is logged yet.")
    for each in found:
        say_entry(
            f"{each.supervisee}: {each.words}",
            ("Supervisee", each.supervisee),
            ("Held", each.words),
            ("Minutes", f"{each.minutes}, {duration(each.minutes)}"),
        )


def _told(place: int, *, action: bool, until: str) -> str:
    kind = "Agreed action" if action else "Comment"
    return f"{kind} {place + 1}{f', until {until}' if until else ''}"


commands = (supervisor,)
