"""The text in the final bytes of a report's files, as a reader of them or a search through them would have it.

What always holds: nothing of a file is left out because a page would not show it: attributes, comments and properties
count as well; a file that cannot be read is an error, never an empty text.
"""

import io
import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any

from notekeeper.errors import ReportError

_INLINE = frozenset("a abbr b bdi bdo cite code em i mark q s small span strong sub sup text tspan u wbr".split())
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMPHASIS = re.compile(r"(?<![\\\w])[*_]{1,3}(?=\S)|(?<=\S)(?<!\\)[*_]{1,3}(?!\w)")
_NUMBERED = re.compile(r"<(xmpMM:InstanceID|xmpMM:DocumentID|xmp:ModifyDate|xmp:CreateDate)>[^<]*</\1>")
"""What a PDF has for itself: numbers made of its content by a hash, and when it was made."""
_SEALED = re.compile(r"\A(?:[0-9a-f]{64}){1,2}\Z")
"""A SHA-256, a public key or a signature in hex, which can hold letters and figures in any order."""
_HASH = re.compile(r"sha\d{3}-[A-Za-z0-9+/=]+")
_BY_NUMBER = re.compile(r"⟨U\+(10[0-9A-F]{4}|[0-9A-F]{4,5})⟩")  # as `domain.text.visible` writes them
_BROKEN_NUMBERS = re.compile(r"⟩\s*\n\s*⟨U\+")  # a line of a PDF may end between two of them
_OF_FONTS = frozenset({"/Registry", "/Ordering"})
_MADE_AT = re.compile(r"^D:\d{14}[Z+-].*")


def text_of_file(name: str, content: bytes) -> str:
    """The text of one file, by the ending of its name: json, html, md, pdf; anything else as plain text. A character
    that the report shows by its number, as it does with those that do not show, is that character again. Raises
    `ReportError`."""
    return _BY_NUMBER.sub(lambda match: chr(int(match[1], 16)), _BROKEN_NUMBERS.sub("⟩⟨U+", _read(name, content)))


def _read(name: str, content: bytes) -> str:
    kind = name.rpartition(".")[2].lower()
    try:
        if kind == "pdf":
            return "\n".join(_of_pdf(content))
        text = content.decode("utf-8-sig")
        if kind == "json":
            return "\n".join(_of_json(json.loads(text)))
        if kind in {"html", "htm"}:
            return _of_html(text)
        return _of_markdown(text) if kind == "md" else text
    except (ValueError, RecursionError, KeyError, TypeError):
        raise ReportError(
            "A file of the report cannot be read back, so it was not looked through. Nothing was approved and nothing "
            "changed; please make the report again."
        ) from None


def _of_json(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield _SEALED.sub("", value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _of_json(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _of_json(inner)


def _of_markdown(text: str) -> str:
    """A backslash that only keeps a sign from acting, and signs of emphasis, are no part of what is read."""
    return unescape(_ESCAPED.sub(r"\1", _EMPHASIS.sub("", text)))


class _Page(HTMLParser):
    """Gathers text, and what attributes and comments hold; a tag within a line parts no word."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.beside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)
        self.beside += [_HASH.sub("", value) for _, value in attrs if value]

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)

    def handle_data(self, data: str) -> None:
        self.shown.append(data)

    def handle_comment(self, data: str) -> None:
        self.beside.append(data)

    def _break(self, tag: str) -> None:
        if tag not in _INLINE:
            self.shown.append("\n")


def _of_html(text: str, *, beside: bool = True) -> str:
    page = _Page()
    page.feed(text)
    page.close()
    return "\n".join(("".join(page.shown), *(page.beside if beside else ())))


def _of_pdf(content: bytes) -> Iterator[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        for page in reader.pages:
            yield page.extract_text()
        yield from _beside_pages(reader)
    except PyPdfError:
        raise ValueError("no PDF") from None


def _beside_pages(reader: Any) -> Iterator[str]:
    """What is written apart from the pages: properties, their XMP, headings of the outline, words for pictures."""
    from pypdf.generic import ArrayObject, DictionaryObject, StreamObject, TextStringObject

    def strings(value: Any) -> Iterator[str]:
        if isinstance(value, TextStringObject):
            yield _MADE_AT.sub("", value)
        elif isinstance(value, ArrayObject):
            for inner in value:
                yield from strings(inner)
        elif isinstance(value, DictionaryObject):
            for name in value:
                if name not in _OF_FONTS:
                    yield from strings(value.raw_get(name))

    for number in sorted(reader.xref_objStm) + [key for kept in reader.xref.values() for key in sorted(kept)]:
        value = reader.get_object(number)
        yield from strings(value)
        if isinstance(value, StreamObject) and value.get("/Type") == "/Metadata":
            yield _of_html(_NUMBERED.sub("", value.get_data().decode("utf-8", errors="replace")), beside=False)
