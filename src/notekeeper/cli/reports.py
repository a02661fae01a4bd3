"""`report` and `browse`: the theme report for a supervisor, written and read."""

import shutil
from pathlib import Path

import click

from notekeeper.cli.common import Desk, as_json, pass_desk, read_day, read_text, say, say_json, say_place
from notekeeper.cli.plain import chosen
from notekeeper.services.reporting import (
    ReportChoices,
    build,
    read_report,
    report_text,
    sealed_files,
    write,
)


@click.command()
@click.argument("code")
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="A folder or a name; else this folder.")
@click.option("--from", "start", help="First day, YYYY-MM-DD; without it the first note.")
@click.option("--to", "end", help="Last day; without it the last note.")
@click.option("--risk", is_flag=True, help="Include risk and safeguarding in your own words; else NOT INCLUDED.")
@click.option("--supervision", is_flag=True, help="Include what you kept for your supervision notes.")
@click.option("--question", type=click.Path(exists=True, dir_okay=False), help="A file with your question.")
@click.option("--questions", type=click.Path(exists=True, dir_okay=False), help="A file with two more, one a line.")
@as_json
@pass_desk
def report(  # noqa: PLR0917 - click gives each option by name
    desk: Desk,
    code: str,
    out: Path,
    start: str | None,
    end: str | None,
    risk: bool,
    supervision: bool,
    question: str | None,
    questions: str | None,
    as_json: bool,
) -> None:
    """Write a theme report of what is signed, for the browser, as PDF, Markdown and JSON. Needs the client's
    agreement."""
    choices = ReportChoices(
        start=read_day(start) if start else None,
        end=read_day(end) if end else None,
        risk=risk,
        supervision=supervision,
        question=read_text(question).strip() if question else "",
        questions=tuple(filter(str.strip, read_text(questions).splitlines())) if questions else (),
    )
    with desk.open() as vault:
        client = vault.clients.by_code(code)
        made = build(vault, [(client, choices)])
        paths = write(vault, [client], made, sealed_files(vault, made), out)
    if as_json:
        places = {ending: str(path) for ending, path in paths.items()}
        say_json({"client": code, **places, "report": made.model_dump(mode="json")})
        return
    say_place("Written", paths["html"])
    say_place("As PDF", paths["pdf"])
    say_place("As Markdown", paths["md"])
    say_place("For notekeeper browse", paths["json"], ordinary="and for `notekeeper browse`")
    say(made.identifiability)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@as_json
def browse(file: Path, as_json: bool) -> None:
    """Read a theme report here. No vault is needed."""
    found = read_report(file)
    if as_json:
        say_json(found.document.model_dump(mode="json"))
    else:
        say(report_text(found.document, None if chosen() else min(100, shutil.get_terminal_size((80, 24)).columns)))


commands = (report, browse)
