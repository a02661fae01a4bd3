"""Writing a report of one client as the commands do."""

from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from notekeeper.domain.note import Client
from notekeeper.domain.vault import Vault
from notekeeper.services.reporting import ReportChoices, build, sealed_files, write


def write_report(vault: Vault, client: Client, choices: ReportChoices, target: Path) -> dict[str, Path]:
    """Where each file of it lies, by ending."""
    made = build(vault, [(client, choices)])
    return write(vault, [client], made, sealed_files(vault, made), target)


def written_in(path: Path) -> str:
    """What a file says: its text, and of a PDF the text of its pages."""
    if path.suffix == ".pdf":
        return text_of_pdf(path.read_bytes())
    return path.read_text(encoding="utf-8")


def text_of_pdf(raw: bytes) -> str:
    """The text of its pages, in order."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(raw)).pages)
