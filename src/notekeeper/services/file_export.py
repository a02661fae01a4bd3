"""Plain export: everything held on a client, or on everyone, built, written and logged.

What always holds: no file that is there is overwritten; what could not be written whole leaves nothing behind; an
export is in the log with the SHA-256 of its files before it is told of.
"""

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from notekeeper import __version__
from notekeeper.domain.clinical_will import ClinicalWill
from notekeeper.domain.file_export import Copy, ExportFormat, FileDocument, Section
from notekeeper.domain.note import Client
from notekeeper.domain.supervision import SupervisionLog
from notekeeper.domain.vault import Vault
from notekeeper.errors import ReportError
from notekeeper.isolation.private import write_private
from notekeeper.reports.client_file import client_file
from notekeeper.reports.placing import reserve
from notekeeper.services.held_sections import log_records, sections_of
from notekeeper.services.held_values import record_of

EXPORT_MADE = "export.made"
FORMATS = (ExportFormat.HTML, ExportFormat.MARKDOWN, ExportFormat.JSON)


@dataclass(frozen=True, slots=True)
class Written:
    """One file that was written, its format and the SHA-256 of its bytes in hex."""

    path: Path
    format: ExportFormat
    sha256: str


def build_file(vault: Vault, client: Client, today: date) -> FileDocument:
    """Everything held on the client, as the therapist's copy. Raises `ChainBrokenError` for what was altered outside
    notekeeper; nothing is left out because of it."""
    return FileDocument(
        copy_for=Copy.THERAPIST,
        client_code=client.code,
        made_at=datetime.now(UTC),
        made_on=today,
        app_version=__version__,
        demonstration=client.demonstration,
        sections=sections_of(vault, client),
        log_head=vault.log.head(),
    )


def build_practice(vault: Vault, today: date) -> FileDocument:
    """What is held and belongs to no client: the signer, the clinical will, the codes, the log's own entries."""
    signer, will, hours = vault.signer(), vault.clinical_will(), vault.supervision_log()
    sections = (
        Section(
            name="signer",
            title="Who signs",
            records=(record_of("signer", "Signer", signer),) if signer else (),
        ),
        Section(
            name="clinical_will",
            title="Clinical will",
            records=(record_of("clinical_will", "Clinical will", will),) if will != ClinicalWill() else (),
        ),
        Section(
            name="retention",
            title="Retention policy",
            records=(record_of("retention_policy", "Policy of the practice", vault.retention()),),
        ),
        Section(
            name="supervision_hours",
            title="Hours of supervision",
            says="Every line in the order entered; one that corrects an earlier one stands in its place.",
            records=(record_of("supervision_log", "Hours of supervision", hours),) if hours != SupervisionLog() else (),
        ),
        Section(
            name="clients",
            title="Clients",
            says="Each has files of its own beside this one.",
            records=tuple(
                record_of("client", f"Client {each.code}", {"code": each.code, "added_at": each.added_at})
                for each in vault.clients.all()
            ),
        ),
        Section(name="log", title="Log of the practice", records=log_records(vault.holdings.log(""))),
    )
    return FileDocument(
        copy_for=Copy.THERAPIST,
        client_code="",
        made_at=datetime.now(UTC),
        made_on=today,
        app_version=__version__,
        sections=sections,
        log_head=vault.log.head(),
    )


def export_client(
    vault: Vault, client: Client, folder: Path, today: date, formats: Sequence[ExportFormat] = FORMATS
) -> tuple[Written, ...]:
    """Write everything held on the client into `folder` and log it. Raises `ReportError`, `ChainBrokenError`."""
    document = build_file(vault, client, today)
    written = write_files(document, folder, f"file_{_named(client.code)}_{today.isoformat()}", formats)
    return _logged(vault, client, written)


def export_all(
    vault: Vault, folder: Path, today: date, formats: Sequence[ExportFormat] = FORMATS
) -> dict[str, tuple[Written, ...]]:
    """Write everything of the practice: files of its own under '', and those of every client under their code. Raises
    as `export_client`; what was written before it stays and is in the log."""
    clients = vault.clients.all()
    made = {
        "": _logged(
            vault, None, write_files(build_practice(vault, today), folder, f"practice_{today.isoformat()}", formats)
        )
    }
    for client in clients:
        made[client.code] = export_client(vault, client, folder, today, formats)
    return made


def write_files(
    document: FileDocument, folder: Path, stem: str, formats: Sequence[ExportFormat]
) -> tuple[Written, ...]:
    """One file for each format, 0600 where modes exist, under the first free name. Raises `ReportError`; then none of
    them is there."""
    wanted = tuple(dict.fromkeys(formats))
    if not folder.is_dir():
        raise ReportError("The folder for the files does not exist. No file was made; please name one that does.")
    contents = [client_file(document, form) for form in wanted]
    paths: tuple[Path, ...] = ()
    try:
        paths = reserve(folder, stem, tuple(form.ending for form in wanted))
        for path, content in zip(paths, contents, strict=True):
            write_private(path, content)  # in the place of the reserved file, at once
    except OSError as error:
        remove(paths)
        raise ReportError(
            f"The files could not be written ({error.strerror or 'no reason given'}). The vault is unchanged and no "
            "file was left behind. Check that the folder is yours to write to and has room, and try again."
        ) from None
    return tuple(
        Written(path, form, hashlib.sha256(content).hexdigest())
        for path, form, content in zip(paths, wanted, contents, strict=True)
    )


def remove(paths: Sequence[Path]) -> None:
    """Take files away that this program has just written."""
    for path in paths:
        with suppress(OSError):
            path.unlink()


def log_export(vault: Vault, client: Client | None, written: Sequence[Written]) -> None:
    """One entry of the log, over the SHA-256 of every file."""
    digests = b"".join(bytes.fromhex(each.sha256) for each in written)
    vault.log.event(EXPORT_MADE, client.id if client else "", digests, client.id if client else None)


def _logged(vault: Vault, client: Client | None, written: tuple[Written, ...]) -> tuple[Written, ...]:
    try:
        log_export(vault, client, written)
    except BaseException:
        remove([each.path for each in written])
        raise
    return written


def _named(code: str) -> str:
    """A client's code as part of a file's name."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", code)[:24] or "client"
