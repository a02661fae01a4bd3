"""The text of a Word document: paragraphs, headings, lists and tables, in their order.

What always holds: nothing is unpacked before its declared size is known to be small; no macro is run, no link is
followed and no entity is read; what is left out is said in a remark. python-docx opens the package; we walk the
document's XML ourselves, because its paragraphs leave out what stands in content controls and tracked insertions.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from notekeeper.errors import UsageError

MAX_PARTS = 2_000
MAX_UNPACKED_BYTES = 60_000_000
MAX_XML_BYTES = 20_000_000
MAX_RATIO = 200
"""Of unpacked to packed bytes, for parts over a million bytes. Deflate reaches about a thousand, text about ten."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_TEXT = frozenset({f"{_W}t", f"{_MATH}t"})
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_LEFT_OUT = frozenset(f"{_W}{name}" for name in ("pPr", "rPr", "tblPr", "tblGrid", "sectPr", "del", "moveFrom"))
_BESIDE = re.compile(r"word/(?:footnotes|endnotes|comments|header\d*|footer\d*)\.xml")
_BROKEN = "The Word document is broken, or is none. Open it in your word processor and save it again as .docx."


def docx_text(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of the document and remarks on what is not in it. Raises `UsageError` for one that cannot be read."""
    beside, pictures = _looked_over(raw)
    from docx import Document

    try:
        body = Document(io.BytesIO(raw)).element.body
        text = _joined(_blocks(body))
        deleted = any(True for _ in body.iter(f"{_W}del", f"{_W}moveFrom"))
    except Exception:  # noqa: BLE001 - a broken file makes the reader raise almost anything, and never a word of it
        raise UsageError(_BROKEN) from None
    told = (
        (beside, "Footnotes, comments, headers and footers are not taken over."),
        (pictures, "Pictures are not taken over."),
        (deleted, "Text deleted in tracked changes is not taken over."),
    )
    return text, tuple(sentence for holds, sentence in told if holds)


def _looked_over(raw: bytes) -> tuple[bool, bool]:
    """Whether there is text beside the document's own, and pictures. Raises `UsageError`."""
    if raw[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UsageError(
            "This is an older Word document, or one with a password. Open it in your word processor and save it as "
            ".docx without a password."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            parts = package.infolist()
            _refuse_bombs(parts)
            beside = [part for part in parts if _BESIDE.fullmatch(part.filename)]
            written = any(re.search(rb"<w:t[ >][^<]*[^\s<]", package.read(part)) for part in beside)
    except UsageError:
        raise
    except Exception:  # noqa: BLE001 - as above: zipfile raises many kinds for a broken package
        raise UsageError(_BROKEN) from None
    return written, any(part.filename.startswith("word/media/") for part in parts)


def _refuse_bombs(parts: list[zipfile.ZipInfo]) -> None:
    """Raises `UsageError`. Reading stops at the sizes declared here, so that they may be believed."""
    xml = sum(part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels")))
    swollen = any(part.file_size > 1_000_000 and part.file_size > MAX_RATIO * part.compress_size for part in parts)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES or swollen:
        raise UsageError("The Word document unpacks to far more than a note would, so it was not opened.")
    if xml > MAX_XML_BYTES:
        raise UsageError("The Word document holds more text than a note can. Divide it, or save it as plain text.")
    if any(part.flag_bits & 1 for part in parts):
        raise UsageError("The Word document has a password. Save it without one.")


def _joined(blocks: Iterator[tuple[str, bool]]) -> str:
    """Blocks on lines of their own, with an empty line before a heading."""
    lines: list[str] = []
    for text, heading in blocks:
        if heading and lines and lines[-1]:
            lines.append("")
        lines.append(text)
    return "\n".join(lines).strip("\n")


def _blocks(parent: Any) -> Iterator[tuple[str, bool]]:
    """Each paragraph or row of a table, and whether it is a heading."""
    for child in parent:
        if child.tag == f"{_W}p":
            yield _paragraph(child)
        elif child.tag == f"{_W}tbl":
            yield from ((row, False) for row in _rows(child))
        elif child.tag == _CHOICE:
            yield from _blocks(child[:1])
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            yield from _blocks(child)


def _paragraph(paragraph: Any) -> tuple[str, bool]:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = "" if style is None else str(style.get(f"{_W}val", "")).casefold()
    listed = paragraph.find(f"{_W}pPr/{_W}numPr") is not None or name.startswith(("listbullet", "listnumber"))
    text = "".join(_inline(paragraph))
    heading = name.startswith("heading") or name in ("title", "subtitle")
    return (f"- {text}" if listed and text.strip() and not heading else text), heading


def _inline(parent: Any) -> Iterator[str]:
    for child in parent:
        if child.tag in _TEXT:
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == f"{_W}sym":
            yield _symbol(str(child.get(f"{_W}char", "")))
        elif child.tag == f"{_W}txbxContent":
            yield f"\n{_joined(_blocks(child))}\n"
        elif child.tag == _CHOICE:
            yield from _inline(child[:1])
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            yield from _inline(child)


def _symbol(point: str) -> str:
    """A character of a symbol font, which is kept by its number."""
    return chr(int(point, 16)) if re.fullmatch(r"(?!D[89A-F])[0-9A-F]{2,4}", point.upper()) else "\ufffd"


def _rows(table: Any) -> Iterator[str]:
    """A row whose cells have a line each is one line with tabs; else the cells stand one beneath another. Each cell
    is read once, however many columns it says it is wide."""
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl"), None) is not table:
            continue  # of a table within a cell, which comes with its cell
        cells = [_joined(_blocks(cell)) for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row]
        yield ("\n" if any("\n" in cell for cell in cells) else "\t").join(cells)
