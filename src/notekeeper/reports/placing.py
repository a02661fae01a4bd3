"""Where the files of a report go: beside what is there already, never over it.

What always holds: no existing file is ever overwritten; the files of one report have one name and differ in their
ending; a file is complete or absent under its name; a name made here tells clients' codes and the period and nothing
else.
"""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

from notekeeper.domain.report import ReportDocument
from notekeeper.errors import ReportError
from notekeeper.isolation.private import write_private

ENDINGS = ("json", "html", "md", "pdf")
_PRIVATE = 0o600


def write_files(document: ReportDocument, contents: Mapping[str, bytes], folder_or_stem: Path) -> dict[str, Path]:
    """Write each of `contents`, which are named by their ending, and return their paths; mode 0600 where modes exist.

    Given a folder, the name is made of the clients' codes and the period; given anything else, that is the name, with
    or without one of the endings. Where a name is taken, if only by a page of another report, all files get the next
    free number. Raises `ReportError`.
    """
    folder, stem = _place(document, folder_or_stem)
    reserved: tuple[Path, ...] = ()
    try:
        beside = tuple(f".{ending}" for ending in ENDINGS if "json" in contents)
        reserved = reserve(folder, stem, tuple(f".{ending}" for ending in contents), beside)
        for path, content in zip(reserved, contents.values(), strict=True):
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
    return dict(zip(contents, reserved, strict=True))


def _place(document: ReportDocument, wanted: Path) -> tuple[Path, str]:
    if wanted.is_dir():
        codes = [re.sub(r"[^A-Za-z0-9_-]", "-", page.client_code)[:24] or "client" for page in document.pages]
        first = min(page.period_from for page in document.pages)
        last = max(page.period_to for page in document.pages)
        return wanted, f"report_{'_'.join(codes)}_{first:%Y-%m-%d}_{last:%Y-%m-%d}"
    name = wanted.stem if wanted.suffix.lower().removeprefix(".") in ENDINGS else wanted.name
    if not name or not wanted.parent.is_dir():
        raise ReportError("The folder for the report does not exist. No file was made; please name one that does.")
    return wanted.parent, name


def reserve(folder: Path, stem: str, kinds: tuple[str, ...], beside: tuple[str, ...] = ()) -> tuple[Path, ...]:
    """An empty file of each kind under one free name, made by this call: whoever else writes there cannot be
    overwritten. A name under which there is a file of the kinds `beside` is not free either. Raises `OSError`."""
    for number in count(1):
        made: list[Path] = []
        numbered = stem if number == 1 else f"{stem}_{number}"
        if any((folder / f"{numbered}{kind}").exists() for kind in beside):
            continue
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
