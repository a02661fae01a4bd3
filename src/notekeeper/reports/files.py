"""Report files: written beside what is there already, and read back with suspicion.

What always holds: no existing file is ever overwritten; a file is complete or absent under its name; a file name
tells the client's code and the period and nothing else; a file that is not exactly a report is refused, and the
message repeats nothing of it.
"""

import json
import os
import re
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from notekeeper.domain.report import FORMAT, READ_VERSIONS, ThemeReport
from notekeeper.errors import ReportError
from notekeeper.isolation.private import read_private, write_private
from notekeeper.reports.html import report_html

MAX_REPORT_BYTES = 5_000_000
_KINDS = (".json", ".html")
_PRIVATE = 0o600


def report_json(report: ThemeReport) -> str:
    """The report as JSON in ASCII, so that no character of it acts on a terminal. Risk comes first, as everywhere."""
    fields = report.model_dump(mode="json")
    first = ("format", "format_version", "risk")
    ordered = {name: fields[name] for name in (*first, *(n for n in fields if n not in first))}
    return json.dumps(ordered, ensure_ascii=True, indent=2).replace("\x7f", "\\u007f") + "\n"


def write_report(report: ThemeReport, folder_or_stem: Path) -> tuple[Path, Path]:
    """Write JSON and HTML and return their paths, in that order, both mode 0600 where modes exist.

    Given a folder, the name is made of the client's code and the period; given anything else, that is the name, with
    or without .json or .html. Where a name is taken, both files get the next free number. Raises `ReportError`.
    """
    contents = (report_json(report).encode("ascii"), report_html(report).encode("utf-8"))
    folder, stem = _place(report, folder_or_stem)
    reserved: tuple[Path, ...] = ()
    try:
        reserved = reserve(folder, stem, _KINDS)
        for path, content in zip(reserved, contents, strict=True):
            write_private(path, content)  # in the place of the reserved file, at once
    except OSError as error:
        for path in reserved:
            with suppress(OSError):
                path.unlink()
        raise ReportError(
            f"The report could not be written ({error.strerror or 'no reason given'}). The vault is unchanged and no "
            "report file was left behind. Check that the folder exists, is yours to write to and has room, and try "
            "again."
        ) from None
    return reserved[0], reserved[1]


def _place(report: ThemeReport, wanted: Path) -> tuple[Path, str]:
    if wanted.is_dir():
        code = re.sub(r"[^A-Za-z0-9_-]", "-", report.client_code)[:24] or "client"
        return wanted, f"report_{code}_{report.period_from:%Y-%m-%d}_{report.period_to:%Y-%m-%d}"
    name = wanted.stem if wanted.suffix.lower() in _KINDS else wanted.name
    if not name or not wanted.parent.is_dir():
        raise ReportError("The folder for the report does not exist. No file was made; please name one that does.")
    return wanted.parent, name


def reserve(folder: Path, stem: str, kinds: tuple[str, ...]) -> tuple[Path, ...]:
    """An empty file of each kind under one free name, made by this call: whoever else writes there cannot be
    overwritten. Raises `OSError`."""
    for number in count(1):
        made: list[Path] = []
        numbered = stem if number == 1 else f"{stem}_{number}"
        try:
            for kind in kinds:
                path = folder / f"{numbered}{kind}"
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
                made.append(path)
        except OSError as error:
            for path in made:
                path.unlink()
            if not isinstance(error, FileExistsError):
                raise
        else:
            return tuple(made)
    raise AssertionError("count does not end")


def read_report(path: Path) -> ThemeReport:
    """The report in a JSON file. Raises `ReportError` for anything that is not exactly one of a known version."""
    raw = _bytes(path)
    try:
        fields = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError):
        raise ReportError(
            "This file is not a notekeeper report, or it was damaged on its way. Ask the therapist to send it again."
        ) from None
    if not isinstance(fields, dict) or fields.get("format") != FORMAT:
        raise ReportError("This file is not a notekeeper report. A report is the .json file that `report` writes.")
    version = fields.get("format_version")
    if type(version) is not int or version not in READ_VERSIONS:
        known = " and ".join(map(str, READ_VERSIONS))
        raise ReportError(
            f"This report is in a format that this notekeeper does not know (it knows versions {known}). "
            "A newer notekeeper will open it, or open its .html in a browser."
        )
    try:
        report = ThemeReport.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise ReportError(
            f"This report cannot be trusted: {_where(error)} missing, unknown or of the wrong kind. Nothing of it is "
            "shown. Ask the therapist to send it again."
        ) from None
    if not report.risk.included and (report.risk.entries or report.risk.last_asked):
        raise ReportError(
            "This report contradicts itself about risk, so nothing of it is shown. Ask the therapist to send it again."
        )
    return report


def _bytes(path: Path) -> bytes:
    if path.suffix.lower() in (".html", ".htm"):
        raise ReportError(
            "This is the report for a browser: open it there, or browse the .json file that was written beside it."
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


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers could take different values from a repeated key, so there is none."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("repeated key")
    return found


def _where(error: ValidationError) -> str:
    """The part of the report the first problem is in, named only if the report has such a part."""
    place = error.errors(include_url=False, include_input=False, include_context=False)[0]["loc"]
    known = place[0] if place and place[0] in ThemeReport.model_fields else ""
    return f"its part {known} is" if known else "a part of it is"
