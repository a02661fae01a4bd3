"""`report` and `approved`: the theme report for a supervisor, shown and looked through, approved, and written.

What always holds: nothing is written that was not shown, decided on and approved as exactly these bytes; away from a
terminal, showing and approving are two commands.
"""

import sys
from pathlib import Path

import click

from notekeeper.cli import report_shown
from notekeeper.cli.common import Desk, as_json, pass_desk
from notekeeper.cli.report_asked import Content, Files, clients_of
from notekeeper.cli.report_asking import ask_and_approve
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.reports.envelope import Seal, Secret, read_identities
from notekeeper.services.approving import Approved, approve, prepare
from notekeeper.services.approving_files import approved_reports, check_file, write
from notekeeper.services.approving_kept import clear_prepared, keep_prepared, kept_prepared

_identity = click.option(
    "--identity",
    "identities",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The file with your secret key of age, for a bundle that was sealed elsewhere.",
)
_QUESTION = "A file with your question; with several clients CODE=FILE, for each."


@click.command()
@click.argument("codes", nargs=-1, required=True, metavar="CODES")
@click.option("--from", "start", help="First day, YYYY-MM-DD; without it the first note.")
@click.option("--to", "end", help="Last day; without it the last note.")
@click.option("--risk", is_flag=True, help="Include risk and safeguarding in your own words; else NOT INCLUDED.")
@click.option("--supervision", is_flag=True, help="Include what you kept for your supervision notes.")
@click.option("--no-patterns", is_flag=True, help="Leave out the patterns that you signed.")
@click.option("--question", multiple=True, metavar="FILE", help=_QUESTION)
@click.option("--questions", multiple=True, metavar="FILE", help="A file with two more, one a line; the same way.")
@click.option("--quote", multiple=True, metavar="CODE/N.M", help="Quote this sentence; --quotable numbers them.")
@click.option("--quotable", "list_quotable", is_flag=True, help="List the sentences that can be quoted, and stop.")
@click.option("--approve", "digest", metavar="DIGEST", help="Approve what was shown with this digest, and write it.")
@click.option("--quotations", type=int, default=0, metavar="N", help="With --approve: the N quotations are meant.")
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="A folder or a name; else this folder.")
@click.option("--pdf", is_flag=True, help="Write a PDF as well.")
@click.option("--markdown", is_flag=True, help="Write Markdown as well.")
@click.option("--bundle", is_flag=True, help="One sealed file instead; for a passphrase that you are asked for.")
@click.option("--recipient", "recipients", multiple=True, metavar="KEY", help="Seal it for this age key instead.")
@as_json
@pass_desk
def report(  # noqa: PLR0917 - click gives each option by name
    desk: Desk,
    codes: tuple[str, ...],
    start: str | None,
    end: str | None,
    risk: bool,
    supervision: bool,
    no_patterns: bool,
    question: tuple[str, ...],
    questions: tuple[str, ...],
    quote: tuple[str, ...],
    list_quotable: bool,
    digest: str | None,
    quotations: int,
    out: Path,
    pdf: bool,
    markdown: bool,
    bundle: bool,
    recipients: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make a theme report of what is signed, of one to four clients, who each agreed to it.

    It is shown first, with everything in it that may tell who somebody is. At a terminal you are asked about each, and
    then to approve exactly these bytes, which are written. Elsewhere nothing is written: the one command that approves
    is printed.
    """
    content = Content(start, end, risk, supervision, no_patterns, question, questions, quote)
    files = Files(out, pdf, markdown, bundle, recipients)
    if digest is not None:
        if content.chosen or list_quotable:
            raise UsageError(
                "What was shown is approved as it was shown. To choose otherwise, show it again without --approve. "
                "Nothing was written."
            )
        _approve_shown(desk, codes, digest, quotations, files, as_json)
        return
    with desk.open() as vault:
        asked = content.asked(vault, clients_of(vault, codes))
        if list_quotable:
            report_shown.show_quotable(vault, asked, as_json)
        elif as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            prepared = prepare(vault, asked)
            keep_prepared(vault, prepared)
            report_shown.show_for_later(prepared, files, as_json)
        else:
            seal = files.seal(desk)
            approved = ask_and_approve(vault, asked, files)
            _write(vault, approved, files, seal, as_json=False)


def _approve_shown(  # noqa: PLR0917 - what the command was given
    desk: Desk, codes: tuple[str, ...], digest: str, quotations: int, files: Files, as_json: bool
) -> None:
    with desk.open() as vault:
        clients = clients_of(vault, codes)
        prepared = kept_prepared(vault, clients, digest)
        seal = files.seal(desk)
        _write(vault, approve(vault, prepared, digest, quotations=quotations), files, seal, as_json=as_json)


def _write(vault: Vault, approved: Approved, files: Files, seal: Seal | None, *, as_json: bool) -> None:
    paths = write(vault, approved, files.out, files.kinds, seal)
    clear_prepared(vault, approved.prepared.clients)
    report_shown.show_written(approved, paths, as_json)


@click.group()
def approved() -> None:
    """Reports that you approved: which, and whether a file is still one of them."""


@approved.command("list")
@click.argument("code", required=False)
@as_json
@pass_desk
def list_approved(desk: Desk, code: str | None, as_json: bool) -> None:
    """List the reports that were approved, of one client or of all, the newest last."""
    with desk.open() as vault:
        lines = approved_reports(vault, vault.clients.by_code(code) if code else None)
    report_shown.show_approved(lines, as_json)


@approved.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@_identity
@click.option("--open", "opens", is_flag=True, help="Ask for the passphrase of a bundle that was sealed elsewhere.")
@as_json
@pass_desk
def check(desk: Desk, file: Path, identities: tuple[Path, ...], opens: bool, as_json: bool) -> None:
    """Say whether FILE is, byte for byte, one of a report that was approved in this vault. Ends with an error for any
    other."""
    with desk.open() as vault:
        secret = Secret(keys=tuple(key for each in identities for key in read_identities(each))) if identities else None
        if opens:
            secret = Secret(passphrase=desk.passphrase(f"Passphrase of {file.name}"))
        found = check_file(vault, file, secret)
    report_shown.show_checked(file, found, as_json)


commands = (report, approved)
