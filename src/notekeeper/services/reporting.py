"""Making a theme report of one client and keeping an account of it; reading one that was made."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from notekeeper import __version__
from notekeeper.domain.note import Client
from notekeeper.domain.report import ThemeReport
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError
from notekeeper.reports.build import build_report
from notekeeper.reports.files import read_report, write_report
from notekeeper.reports.terminal import report_text
from notekeeper.services.addenda import later_risks
from notekeeper.services.consent import require_supervision

__all__ = ["ReportChoices", "keep_question", "kept_question", "make_report", "read_report", "report_text", "write"]


@dataclass(frozen=True, slots=True)
class ReportChoices:
    """What the therapist chooses: the period (None for all), risk, supervision notes, the question to bring, and up to
    two more."""

    start: date | None = None
    end: date | None = None
    risk: bool = False
    supervision: bool = False
    question: str = ""
    questions: tuple[str, ...] = ()


def make_report(vault: Vault, client: Client, choices: ReportChoices) -> ThemeReport:
    """The report of what is signed. Raises `AgreementMissingError`, `NotReadyError` without a signed session in the
    period, `ReportError`."""
    require_supervision(vault, client)
    notes = vault.notes.of_client(client.id)
    start = choices.start or min((note.date for note in notes), default=None)
    end = choices.end or max((note.date for note in notes), default=None)
    signed = vault.signoffs.of_client(client.id)
    if start is None or end is None or not any(start <= review.body.note_date <= end for review in signed):
        raise NotReadyError("No session of this period is signed yet, and a report holds signed sessions only.")
    return build_report(
        client=client,
        notes=notes,
        signed=signed,
        period_from=start,
        period_to=end,
        include_risk=choices.risk,
        include_supervision=choices.supervision,
        question=choices.question,
        made_at=datetime.now(UTC),
        app_version=__version__,
        log_head=vault.log.head(),
        sheet=vault.front_sheets.current(client.id),
        questions=choices.questions,
        later_risks=later_risks(vault, signed),
    )


def kept_question(vault: Vault, client: Client) -> tuple[str, str]:
    """The question for the next supervision as it was typed, and the line of further ones."""
    question, _, more = vault.jottings.of(client.id).partition("\n")
    return question, more


def keep_question(vault: Vault, client: Client, question: str, more: str) -> None:
    """Keep both until they are typed anew."""
    lines = (" ".join(each.split()) for each in (question, more))
    vault.jottings.keep(client.id, client.id, "\n".join(lines).rstrip("\n"))


def write(vault: Vault, client: Client, report: ThemeReport, target: Path) -> tuple[Path, Path]:
    """Write the report's files, JSON and HTML, and log that they were made and their SHA-256. Raises `ReportError`."""
    paths = write_report(report, target)
    digests = b"".join(hashlib.sha256(path.read_bytes()).digest() for path in paths)
    vault.log.event("report.written", client.id, digests, client.id)
    return paths
