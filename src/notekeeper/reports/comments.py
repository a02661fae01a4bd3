"""The file of a supervisor's comments: written beside the report, read back with suspicion.

What always holds: a file that is not exactly one of comments is refused, and the message repeats nothing of it; what
was there under another report's name is never overwritten; the file is complete or absent under its name.
"""

import json
import re
from pathlib import Path

from pydantic import ValidationError

from notekeeper.domain.comments import COMMENTS_FORMAT, CommentsFile
from notekeeper.errors import ReportError
from notekeeper.isolation.private import read_private, write_private
from notekeeper.reports.envelope import Seal, Secret, is_sealed, opened, sealed
from notekeeper.reports.files import no_duplicates
from notekeeper.reports.placing import reserve

ENDING, SEALED_ENDING = ".comments.json", ".comments.json.age"
MAX_COMMENTS_BYTES = 26_000_000
"""500 comments of 4,000 characters, the dearest of which takes twelve bytes, are 24 million."""
_REF = re.compile(r"[^/\s][^/\n]{0,59}(?:/(?:risk|question|course)|/(?:theme|pattern|part|question)/[1-9][0-9]{0,3})?")
_VERSION = 1


def comments_json(comments: CommentsFile) -> bytes:
    """The file's bytes: JSON in ASCII, so that no character of it acts on a terminal; the same for the same value."""
    fields = comments.model_dump(mode="json")
    return (json.dumps(fields, ensure_ascii=True, indent=2).replace("\x7f", "\\u007f") + "\n").encode("ascii")


def read_comments(path: Path, secret: Secret | None = None) -> CommentsFile:
    """The comments in a file, sealed or not. Raises `ReportError` for anything that is not exactly one of a known
    version, and `WrongPassphraseError` for a sealed one that `secret` does not open, or for which none was given."""
    return comments_of(_bytes(path), secret)


def comments_of(raw: bytes, secret: Secret | None = None) -> CommentsFile:
    """As `read_comments`, of the bytes of a file."""
    if is_sealed(raw):
        raw = opened(raw, secret or Secret())
    try:
        fields = json.loads(raw.decode("utf-8"), object_pairs_hook=no_duplicates)
    except (ValueError, RecursionError):
        raise ReportError(
            "This file holds no supervisor's comments, or it was damaged on its way. Ask for it to be sent again."
        ) from None
    if not isinstance(fields, dict) or fields.get("format") != COMMENTS_FORMAT:
        raise ReportError(f"This file holds no supervisor's comments. Their file ends in {ENDING}, sealed or not.")
    if type(fields.get("format_version")) is not int or fields["format_version"] != _VERSION:
        raise ReportError(
            "These comments are in a format that this notekeeper does not know. A newer notekeeper will take them in."
        )
    try:
        found = CommentsFile.model_validate_json(raw, strict=True)
    except ValidationError:
        found = None
    if found is None or found.written_at.tzinfo is None or not all(_REF.fullmatch(c.ref) for c in found.comments):
        raise ReportError(
            "These comments cannot be trusted: a part of the file is missing, unknown or of the wrong kind. Nothing of "
            "it was taken in. Ask the supervisor to write the file again."
        )
    return found


def write_comments(comments: CommentsFile, folder: Path, stem: str, seal: Seal | None = None) -> Path:
    """Write a new file in `folder`, named after the report's `stem`, sealed if asked; mode 0600 where modes exist.
    Where the name is taken it gets the next free number. Returns its path. Raises `ReportError` and `UsageError`."""
    content = comments_json(comments)
    if seal is not None:
        content = sealed(content, seal)
    try:
        (place,) = reserve(folder, stem, (SEALED_ENDING if seal else ENDING,))
        write_private(place, content)  # in the place of the reserved file, at once
    except OSError as error:
        raise _not_written(error) from None
    return place


def keep_comments(comments: CommentsFile, place: Path, seal: Seal | None = None) -> None:
    """Put the comments at `place`, over what this program kept there before. Raises `ReportError`; then what was kept
    last is there still."""
    content = comments_json(comments)
    try:
        write_private(place, sealed(content, seal) if seal else content)
    except OSError as error:
        raise _not_written(error) from None


def _not_written(error: OSError) -> ReportError:
    return ReportError(
        f"The comments could not be written ({error.strerror or 'no reason given'}). What you typed is still here. "
        "Check that the folder exists, is yours to write to and has room, or choose another one."
    )


def _bytes(path: Path) -> bytes:
    if path.is_symlink():
        raise ReportError("This name is a link to another place, which is not followed. Name the file itself.")
    if not path.is_file():
        raise ReportError(f"There is no such file of comments. Check the name; it ends in {ENDING}, sealed or not.")
    try:
        raw = read_private(path, MAX_COMMENTS_BYTES)
    except OSError as error:
        raise ReportError(f"The comments could not be read ({error.strerror or 'no reason given'}).") from None
    if len(raw) > MAX_COMMENTS_BYTES:
        raise ReportError("This file is larger than any file of comments. It was not read.")
    return raw
