"""Writing a report as the commands do, everything found in it kept as invented."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from notekeeper.domain.identifiers import Treatment
from notekeeper.domain.note import Client
from notekeeper.domain.vault import Vault
from notekeeper.services.approving import Approved, approve, prepare
from notekeeper.services.approving_files import KINDS, write
from notekeeper.services.identifiers import decide
from notekeeper.services.reporting import ReportChoices


def approve_report(vault: Vault, asked: Sequence[tuple[Client, ReportChoices]]) -> Approved:
    """Approved, once every hit was decided on."""
    clients = {client.code: client for client, _ in asked}
    for hit in prepare(vault, asked).rehearsal.undecided:
        decide(vault, clients[hit.client], hit.found, Treatment.KEEP, reason="Invented")
    prepared = prepare(vault, asked)
    return approve(vault, prepared, prepared.digest, quotations=len(prepared.quotations))


def write_report(vault: Vault, client: Client, choices: ReportChoices, target: Path) -> dict[str, Path]:
    """Where each file of it lies, by ending; every kind."""
    return write(vault, approve_report(vault, [(client, choices)]), target, KINDS)


def written_in(path: Path) -> str:
    """What a file says: its text, and of a PDF the text of its pages."""
    if path.suffix == ".pdf":
        return text_of_pdf(path.read_bytes())
    return path.read_text(encoding="utf-8")


def text_of_pdf(raw: bytes) -> str:
    """The text of its pages, in order."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(raw)).pages)
