"""At a terminal: every hit is asked about, every quotation once more, and then the approval of exactly these bytes.

What always holds: a question is answered by a letter and never by an empty line; what was decided is remembered even
when it is stopped here; a report that a decision changed is shown again before it can be approved.
"""

import click

from notekeeper.cli.common import say, say_entry
from notekeeper.cli.report_asked import Asked, Files, approving_command
from notekeeper.cli.report_shown import show_checklist, show_decided, show_hit, show_text
from notekeeper.domain.identifiers import Hit, Treatment
from notekeeper.domain.note import Client
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError, UsageError
from notekeeper.services.approving import Approved, Prepared, approve, prepare
from notekeeper.services.approving_kept import keep_prepared
from notekeeper.services.identifiers import decide
from notekeeper.services.quoting import quoted_in, without

_ANSWERS = {"r": Treatment.REPLACE, "g": Treatment.GENERALISE, "k": Treatment.KEEP}


def ask_and_approve(vault: Vault, asked: Asked, files: Files) -> Approved:
    """The approved report. Raises `NotReadyError` when it was shown and not approved, and `click.Abort` when it was
    stopped before."""
    prepared = prepare(vault, asked)
    show_text(prepared)
    prepared = _decided(vault, prepared)
    prepared = _quoted(vault, prepared)
    keep_prepared(vault, prepared)
    show_decided(prepared.rehearsal.decided)
    show_checklist(prepared.rehearsal.checklist)
    kinds = ", ".join(("json", *files.kinds))
    say()
    say_entry(f"Files: {kinds}. Digest of these bytes: {prepared.short}", ("Files", kinds), ("Digest", prepared.short))
    if not click.confirm("Approve exactly these bytes, and write them?", default=False, err=True):
        raise NotReadyError(
            "Nothing was approved and nothing was written. While nothing changes, this approves it later: "
            f"{approving_command(prepared, files)}"
        )
    return approve(vault, prepared, prepared.digest, quotations=len(prepared.quotations))


def _decided(vault: Vault, prepared: Prepared) -> Prepared:
    """The report with every hit decided on; shown again where that changed it."""
    before = prepared.document.pages
    while prepared.rehearsal.undecided:
        say()
        say(f"{len(prepared.rehearsal.undecided)} place(s) may tell who somebody is. Each is yours to decide.")
        for hit in prepared.rehearsal.undecided:
            show_hit(hit)
            _decide(vault, _client_of(prepared, hit), hit)
        prepared = prepare(vault, prepared.asked)
    if prepared.document.pages != before:
        say("The report as it reads now:")
        show_text(prepared)
    return prepared


def _decide(vault: Vault, client: Client, hit: Hit) -> None:
    while True:
        answer = click.prompt(
            "r replace, g generalise, k keep with a reason, s stop", type=click.Choice([*_ANSWERS, "s"]),
            show_choices=False, err=True,
        )  # fmt: skip
        if answer == "s":
            raise click.Abort
        treatment = _ANSWERS[answer]
        words = {
            Treatment.REPLACE: "What stands there instead (empty: [name] or the like)",
            Treatment.GENERALISE: "More general words for it",
            Treatment.KEEP: "Why it stays; this stays in your file",
        }[treatment]
        given = str(click.prompt(words, default="", show_default=False, err=True))
        try:
            if treatment is Treatment.KEEP:
                decide(vault, client, hit.found, treatment, reason=given)
            else:
                decide(vault, client, hit.found, treatment, instead=given)
        except UsageError as error:
            say(str(error))
        else:
            return


def _client_of(prepared: Prepared, hit: Hit) -> Client:
    """In whose file a decision on the hit belongs."""
    return next((each for each in prepared.clients if each.code == hit.client), prepared.clients[0])


def _quoted(vault: Vault, prepared: Prepared) -> Prepared:
    """The report with the quotations that are still meant; shown again where one was taken out."""
    left_out = []
    for each in quoted_in(vault, prepared):
        page, session, words = each.client.code, each.quotation.session, each.quotation.text
        say_entry(
            f"Quoted on the page of {page}, from session {session}:\n    “{words}”",
            ("Quoted on the page of", page),
            ("From session", session),
            ("Words", words),
        )
        if not click.confirm("Quote these words?", default=False, err=True):
            left_out.append(each)
    if not left_out:
        return prepared
    made = prepare(vault, without(prepared, left_out))
    say("The report as it reads now:")
    show_text(made)
    return _decided(vault, made)
