"""Report files read back with suspicion, and held against the files that were written beside them.

What always holds: a file that is not exactly a report is refused, and the message repeats nothing of it; of a sealed
report any byte that was changed, white space included, is enough.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from notekeeper.domain.report import (
    EARLIER_VERSIONS,
    FORMAT,
    FORMAT_VERSION,
    ReportDocument,
    ReportSeal,
    SealedReport,
    ThemeReport,
)
from notekeeper.errors import ReportError
from notekeeper.isolation.private import read_private
from notekeeper.reports.earlier import lifted
from notekeeper.reports.placing import reserve
from notekeeper.reports.sealing import canonical, check_seal

__all__ = ["MAX_REPORT_BYTES", "Beside", "OpenedReport", "check_beside", "opened", "read_report", "reserve"]

MAX_REPORT_BYTES = 5_000_000
MAX_BESIDE_BYTES = 50_000_000
_Read = TypeVar("_Read", ThemeReport, SealedReport)


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A report that was read: its document, its seal (None for versions 1 and 2, which had none), the SHA-256 of the
    file in hex, and the version it was written in."""

    document: ReportDocument
    seal: ReportSeal | None
    sha256: str
    version: int


class Beside(StrEnum):
    """What a file beside the report is, held against the seal."""

    AS_SEALED = "as_sealed"
    CHANGED = "changed"
    MISSING = "missing"


def read_report(path: Path) -> OpenedReport:
    """The report in a JSON file. Raises `ReportError` for anything that is not exactly one of a known version."""
    return opened(_bytes(path))


def opened(raw: bytes) -> OpenedReport:
    """As `read_report`, for the bytes of the file."""
    version = _version(raw)
    digest = hashlib.sha256(raw).hexdigest()
    if version in EARLIER_VERSIONS:
        return OpenedReport(_consistent(lifted(_parsed(ThemeReport, raw))), None, digest, version)
    sealed = _parsed(SealedReport, raw)
    document = ReportDocument.model_validate({name: getattr(sealed, name) for name in ReportDocument.model_fields})
    if canonical(document, sealed.seal) != raw:
        raise ReportError(
            "This report is not in the form in which it was written: something of it was changed on its way, if only a "
            "space. Nothing of it is shown. Ask the therapist to send it again."
        )
    check_seal(document, sealed.seal)
    return OpenedReport(_consistent(document), sealed.seal, digest, version)


def check_beside(path: Path, found: OpenedReport) -> dict[str, Beside]:
    """What the files of the same name beside `path` are, by their ending; nothing for a report without a seal. A link
    is not followed, and counts as changed."""
    if found.seal is None:
        return {}
    return {ending: _beside(path.with_suffix(f".{ending}"), digest) for ending, digest in found.seal.files.items()}


def _beside(path: Path, digest: str) -> Beside:
    if not path.exists() and not path.is_symlink():
        return Beside.MISSING
    try:
        raw = read_private(path, MAX_BESIDE_BYTES)
    except OSError:
        return Beside.CHANGED
    return Beside.AS_SEALED if hashlib.sha256(raw).hexdigest() == digest else Beside.CHANGED


def _version(raw: bytes) -> int:
    try:
        fields = json.loads(raw.decode("utf-8"), object_pairs_hook=no_duplicates)
    except (ValueError, RecursionError):
        raise ReportError(
            "This file is not a notekeeper report, or it was damaged on its way. Ask the therapist to send it again."
        ) from None
    if not isinstance(fields, dict) or fields.get("format") != FORMAT:
        raise ReportError("This file is not a notekeeper report. A report is the .json file that `report` writes.")
    version = fields.get("format_version")
    if type(version) is not int or version not in (*EARLIER_VERSIONS, FORMAT_VERSION):
        known = ", ".join(map(str, EARLIER_VERSIONS))
        raise ReportError(
            f"This report is in a format that this notekeeper does not know (it knows versions {known} and "
            f"{FORMAT_VERSION}). A newer notekeeper will open it, or open its .html in a browser."
        )
    return version


def _parsed(kind: type[_Read], raw: bytes) -> _Read:
    try:
        return kind.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise ReportError(
            f"This report cannot be trusted: {_where(kind, error)} missing, unknown or of the wrong kind. Nothing of "
            "it is shown. Ask the therapist to send it again."
        ) from None


def _consistent(document: ReportDocument) -> ReportDocument:
    if any(not page.risk.included and (page.risk.entries or page.risk.last_asked) for page in document.pages):
        raise ReportError(
            "This report contradicts itself about risk, so nothing of it is shown. Ask the therapist to send it again."
        )
    if len({page.client_code for page in document.pages}) != len(document.pages):
        raise ReportError(
            "This report has two pages for one client, so nothing of it is shown. Ask the therapist to send it again."
        )
    return document


def _bytes(path: Path) -> bytes:
    if path.suffix.lower() in (".html", ".htm", ".md", ".pdf"):
        raise ReportError(
            "This is the report to read in a browser or a reader: open it there, or browse the .json file that was "
            "written beside it."
        )
    if path.is_symlink():
        raise ReportError("This name is a link to another place, which is not followed. Name the report file itself.")
    if not path.is_file():
        raise ReportError("There is no such report file. Check the name; a report is a .json file.")
    try:
        raw = read_private(path, MAX_REPORT_BYTES)
    except OSError as error:
        raise ReportError(f"The report file could not be read ({error.strerror or 'no reason given'}).") from None
    if len(raw) > MAX_REPORT_BYTES:
        raise ReportError("This file is larger than 5 MB, which no report is. It was not read.")
    return raw


def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers could take different values from a repeated key, so there is none."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("repeated key")
    return found


def _where(kind: type[ThemeReport | SealedReport], error: ValidationError) -> str:
    """The part of the report the first problem is in, named only if the report has such a part."""
    place = error.errors(include_url=False, include_input=False, include_context=False)[0]["loc"]
    known = place[0] if place and place[0] in kind.model_fields else ""
    return f"its part {known} is" if known else "a part of it is"
