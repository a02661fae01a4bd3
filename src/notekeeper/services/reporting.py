"""Making a theme report of one to four clients from what is signed; reading one that was made. Nothing is written here:
that is `approving_files`, which takes what was approved."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from notekeeper import __version__
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.note import Client
from notekeeper.domain.report import ClientPage, ReportDocument
from notekeeper.domain.supervision import TakenComments
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError
from notekeeper.reports.build import build_document, build_page, signer_words
from notekeeper.reports.files import OpenedReport, check_beside, read_report
from notekeeper.reports.render import render
from notekeeper.reports.sealing import seal
from notekeeper.reports.terminal import report_text
from notekeeper.services.addenda import later_risks
from notekeeper.services.client_patterns import signed_patterns
from notekeeper.services.consent import patterns_allowed, require_supervision

__all__ = [
    "OpenedReport",
    "ReportChoices",
    "build",
    "check_beside",
    "keep_question",
    "kept_question",
    "read_report",
    "report_text",
]


@dataclass(frozen=True, slots=True)
class ReportChoices:
    """What the therapist chooses of one client: the period (None for all), risk, supervision notes, the question to
    bring, up to two more, signed patterns, and quotations one by one, each a note's number and words that stand
    verbatim in the signed evidence of a theme of it."""

    start: date | None = None
    end: date | None = None
    risk: bool = False
    supervision: bool = False
    question: str = field(default="", repr=False)
    questions: tuple[str, ...] = field(default=(), repr=False)
    patterns: bool = True
    quotations: tuple[tuple[int, str], ...] = field(default=(), repr=False)


def build(vault: Vault, asked: Sequence[tuple[Client, ReportChoices]]) -> ReportDocument:
    """The report of what is signed, a page for each client in the order given; signed patterns of those who agree to
    patterns. Raises `AgreementMissingError`, `NotReadyError` for a client without a signed session in the period, and
    `ReportError`."""
    for client, _ in asked:
        require_supervision(vault, client)
    signer = vault.signer()
    pages = [_page(vault, client, choices) for client, choices in asked]
    return build_document(
        pages,
        therapist=signer_words(signer) if signer else "; ".join(dict.fromkeys(page.signed_by for page in pages)),
        made_at=datetime.now(UTC).replace(microsecond=0),
        app_version=__version__,
        log_head=vault.log.head(),
    )


def _page(vault: Vault, client: Client, choices: ReportChoices) -> ClientPage:
    notes = vault.notes.of_client(client.id)
    start = choices.start or min((note.date for note in notes), default=None)
    end = choices.end or max((note.date for note in notes), default=None)
    signed = vault.signoffs.of_client(client.id)
    if start is None or end is None or not any(start <= review.body.note_date <= end for review in signed):
        raise NotReadyError("No session of this period is signed yet, and a report holds signed sessions only.")
    return build_page(
        client=client,
        notes=notes,
        signed=signed,
        period_from=start,
        period_to=end,
        include_risk=choices.risk,
        include_supervision=choices.supervision,
        question=choices.question,
        questions=choices.questions,
        sheet=vault.front_sheets.current(client.id),
        later_risks=later_risks(vault, signed),
        patterns=signed_patterns(vault, client) if choices.patterns and patterns_allowed(vault, client) else None,
        comments=[entry.read(TakenComments) for entry in vault.entries.of(client.id, EntryKind.COMMENTS)],
        quotations=choices.quotations,
    )


def kept_question(vault: Vault, client: Client) -> tuple[str, str]:
    """The question for the next supervision as it was typed, and the line of further ones."""
    question, _, more = vault.jottings.of(client.id).partition("\n")
    return question, more


def keep_question(vault: Vault, client: Client, question: str, more: str) -> None:
    """Keep both until they are typed anew."""
    lines = (" ".join(each.split()) for each in (question, more))
    vault.jottings.keep(client.id, client.id, "\n".join(lines).rstrip("\n"))


def sealed_files(vault: Vault, document: ReportDocument) -> dict[str, bytes]:
    """Every file of the report by its ending, the JSON first, sealed by the vault's key over all of them. Raises
    `ChainBrokenError`, and `ReportError` when no PDF can be made here."""
    rendered = render(document)
    return {"json": seal(document, rendered, vault.signatures.sign), **rendered}
