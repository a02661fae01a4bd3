"""From a file's bytes to the notes in it: text, Markdown, JSON, Word.

What always holds: nothing of a text is lost without a remark that says so; a text that is kept is kept whole, with
its line breaks as newlines; a date or a kind is taken only where it is written.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from notekeeper.domain.importing import MAX_NOTES_IN_FILE
from notekeeper.domain.note import NoteKind
from notekeeper.errors import UsageError
from notekeeper.services.import_docx import docx_text
from notekeeper.services.writing import check_text

LONG = 400_000
"""Characters up to which a note can be drafted from."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_FRONT = re.compile(r"---[ \t]*\n(?P<lines>(?:[^\n]*\n){0,40}?)---[ \t]*(?:\n|\Z)\n?")
_FIELD = re.compile(r"(?P<name>[A-Za-z]{1,20})[ \t]*:[ \t]*(?P<value>[^\n]*)")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One note as read. `day` and `kind` are those written in the file, None where none is; `refused` is why it cannot
    be kept."""

    text: str = field(repr=False)
    day: date | None = None
    kind: NoteKind | None = None
    remarks: tuple[str, ...] = ()
    refused: str = ""


def read_pieces(raw: bytes, suffix: str) -> list[Piece]:
    """The notes in a file, by its ending with the dot. Raises `UsageError` for a file that holds none."""
    if not raw.strip():
        raise UsageError("The file is empty.")
    if suffix == ".docx":
        text, remarks = docx_text(raw)
        return [_checked(Piece(text, remarks=remarks))]
    text, remarks = _decoded(raw)
    if suffix == ".json":
        return [_checked(_merged(piece, remarks)) for piece in _from_json(text)]
    return [_checked(_merged(_without_front(text), remarks))]


def _decoded(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """Raises `UsageError` for what is no text."""
    named = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), "")
    remarks: tuple[str, ...] = ()
    try:
        text = raw.decode(named or "utf-8")
    except UnicodeDecodeError:
        if named:
            raise UsageError("The file says it is Unicode text and is not. Save it again as UTF-8.") from None
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError:
            raise UsageError("The file is no text in UTF-8, UTF-16 or Windows-1252. Save it as UTF-8.") from None
        remarks = ("Read as Windows-1252: look whether the letters with accents are right.",)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(_CONTROLS.findall(text)) > max(10, len(text) // 20):
        raise UsageError("The file holds more control characters than a text would. Save it as UTF-8 text.")
    return text, remarks


def _from_json(text: str) -> list[Piece]:
    try:
        read = json.loads(text, object_pairs_hook=_once_each)
    except (ValueError, RecursionError):
        raise UsageError("The file is not whole JSON.") from None
    notes = read if isinstance(read, list) else [read]
    if not notes:
        raise UsageError("The file holds no note.")
    if len(notes) > MAX_NOTES_IN_FILE:
        raise UsageError(f"The file holds more than {MAX_NOTES_IN_FILE:,} notes. Divide it.")
    return [_from_object(each) for each in notes]


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one that names a field twice has no text, as one of the two would be lost."""
    made = dict(pairs)
    return made if len(made) == len(pairs) else {}


def _from_object(value: Any) -> Piece:
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return Piece("", refused='A note in JSON is {"date": "YYYY-MM-DD", "text": "…"}, with "kind" if you like.')
    others = len(value.keys() - {"date", "text", "kind"})
    remarks = (f"{others} other field(s) beside date, text and kind are not taken over.",) if others else ()
    text = value["text"].replace("\r\n", "\n").replace("\r", "\n")
    try:
        return Piece(text, _day(value.get("date")), _kind(value.get("kind")), remarks)
    except UsageError as error:
        return Piece(text, remarks=remarks, refused=str(error))


def _without_front(text: str) -> Piece:
    """The date and kind from the lines between two `---` at the beginning. Lines that say more stay in the text."""
    front = _FRONT.match(text)
    if front is None:
        return Piece(text)
    fields = [_FIELD.fullmatch(line.strip()) for line in front["lines"].splitlines()]
    named = {found["name"].lower(): found["value"].strip().strip("\"'") for found in fields if found}
    if not named.keys() & {"date", "kind"}:
        return Piece(text)
    whole = all(fields) and named.keys() <= {"date", "kind"} and len(named) == len(fields)
    try:
        return Piece(text[front.end() :] if whole else text, _day(named.get("date")), _kind(named.get("kind")))
    except UsageError as error:
        return Piece(text, refused=str(error))


def _day(written: object) -> date | None:
    if written in (None, ""):
        return None
    try:
        if str(written)[10:11].isdigit():
            raise ValueError
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        raise UsageError("The date in the file is not written YYYY-MM-DD.") from None


def _kind(written: object) -> NoteKind | None:
    if written in (None, ""):
        return None
    try:
        return NoteKind(str(written))
    except ValueError:
        raise UsageError(f"The kind in the file is none of: {', '.join(kind.value for kind in NoteKind)}.") from None


def _merged(piece: Piece, remarks: tuple[str, ...]) -> Piece:
    return Piece(piece.text, piece.day, piece.kind, (*remarks, *piece.remarks), piece.refused)


def _checked(piece: Piece) -> Piece:
    """With what is to be said of its characters, or why it cannot be kept."""
    if piece.refused:
        return piece
    try:
        check_text(piece.text)
    except UsageError as error:
        return Piece(piece.text, piece.day, piece.kind, piece.remarks, str(error))
    controls = len(_CONTROLS.findall(piece.text))
    told = (
        (controls, f"{controls} control character(s) are kept, and shown as ⟨U+XXXX⟩."),
        (len(piece.text) > LONG, f"Longer than the {LONG:,} characters that can be drafted from; kept whole."),
    )
    return _merged(piece, tuple(sentence for holds, sentence in told if holds))
