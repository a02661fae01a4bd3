"""A signed bundle: the files of one report in one ZIP, sealed for whoever is to read it.

What always holds: the ZIP of the same files is the same to the byte; it holds report.json and nothing but the names
below, stored without compression, so that a bundle can hold no more than its own length; one that is made otherwise
is refused whole, and the message repeats nothing of it; what a bundle holds stays in memory and never touches a disk
here.
"""

import io
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

from notekeeper.errors import ReportError, UsageError
from notekeeper.isolation.private import read_private, write_private
from notekeeper.reports.envelope import Seal, Secret, is_sealed, opened, sealed
from notekeeper.reports.placing import reserve

ENDING = ".zip.age"
NAMES = ("report.json", "report.html", "report.md", "report.pdf")
MAX_BUNDLE_BYTES = 60_000_000
_LOCAL, _CENTRAL, _END = 30, 46, 22  # bytes of a ZIP's headers besides the names
_REFUSED = "This bundle is not made as notekeeper makes them, so nothing of it is shown. Ask for it to be sent again."


def pack(files: Mapping[str, bytes]) -> bytes:
    """These files as a ZIP, in the order of `NAMES`. Raises `UsageError` without report.json, for a name that has no
    place in a bundle, and for files too large to be opened again."""
    if "report.json" not in files or not set(files) <= set(NAMES):
        raise UsageError("A bundle holds report.json and the pages beside it, nothing else. None was made.")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as zipped:
        for name in NAMES:
            if name in files:
                entry = zipfile.ZipInfo(name)
                entry.create_system = 3
                entry.external_attr = (stat.S_IFREG | 0o600) << 16
                zipped.writestr(entry, files[name])
    packed = made.getvalue()
    if len(packed) > MAX_BUNDLE_BYTES - 1_000_000:
        raise UsageError("These files are larger than a bundle may be (59 MB). None was made.")
    return packed


def unpack(packed: bytes) -> dict[str, bytes]:
    """The files in a ZIP, by name. Raises `ReportError` for one that holds anything else than a bundle does: another
    name, a name twice, a folder, a link, a compressed or an encrypted part, or a byte that belongs to none of them."""
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as zipped:
            entries = zipped.infolist()
            if len(entries) > len(NAMES) or not all(map(_ordinary, entries)) or len(packed) != _length(entries):
                raise ReportError(_REFUSED)
            for entry in entries:
                files[entry.filename] = zipped.read(entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        raise ReportError(_REFUSED) from None
    if len(files) != len(entries) or "report.json" not in files:
        raise ReportError(_REFUSED)
    return files


def is_bundle(path: Path) -> bool:
    """Whether a file is to be opened as a bundle: by its name alone, so that nothing else is guessed at."""
    return path.name.lower().endswith(".age")


def write_bundle(files: Mapping[str, bytes], seal: Seal, folder: Path, stem: str) -> Path:
    """A new sealed bundle in `folder`, mode 0600 where modes exist; where the name is taken it gets the next free
    number. Returns its path. Raises `UsageError`, and `ReportError` when it cannot be written."""
    content = sealed(pack(files), seal)
    try:
        (place,) = reserve(folder, stem, (ENDING,))
        write_private(place, content)  # in the place of the reserved file, at once
    except OSError as error:
        raise ReportError(
            f"The bundle could not be written ({error.strerror or 'no reason given'}). The report's own files are as "
            "they were. Check that the folder exists, is yours to write to and has room, and try again."
        ) from None
    return place


def read_sealed(path: Path) -> bytes:
    """A bundle as it lies there, still sealed. Raises `ReportError`."""
    if path.is_symlink():
        raise ReportError("This name is a link to another place, which is not followed. Name the bundle itself.")
    if not path.is_file():
        raise ReportError("There is no such file. Check the name; a bundle ends in .age.")
    try:
        raw = read_private(path, MAX_BUNDLE_BYTES)
    except OSError as error:
        raise ReportError(f"The bundle could not be read ({error.strerror or 'no reason given'}).") from None
    if len(raw) > MAX_BUNDLE_BYTES:
        raise ReportError("This file is larger than 60 MB, which no bundle is. It was not read.")
    if not is_sealed(raw):
        raise ReportError("This file is not a sealed bundle, whatever its name says. Nothing of it is shown.")
    return raw


def open_bundle(raw: bytes, secret: Secret) -> dict[str, bytes]:
    """The files of a sealed bundle, in memory. Raises `ReportError` and `WrongPassphraseError`."""
    return unpack(opened(raw, secret))


def _ordinary(entry: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return (
        entry.orig_filename == entry.filename
        and entry.filename in NAMES
        and kind in (0, stat.S_IFREG)
        and entry.compress_type == zipfile.ZIP_STORED
        and entry.compress_size == entry.file_size
        and entry.flag_bits == 0
    )


def _length(entries: list[zipfile.ZipInfo]) -> int:
    """How long a ZIP of exactly these entries is."""
    return _END + sum(_LOCAL + _CENTRAL + 2 * len(each.filename) + each.file_size for each in entries)
