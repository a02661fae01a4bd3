"""The text in the final bytes of a report's files, as a reader or a search of theirs would have it.

What always holds: nothing of a file is left out because a page would not show it: attributes, comments and properties
count as well; a file that cannot be read is an error, never an empty text.
"""

import html
import json
import re
from typing import Any

from notekeeper.errors import ReportError


def text_of_file(name: str, content: bytes) -> str:
    """The text of one file, by the ending of its name. Raises `ReportError`."""
    try:
        kind = name.rpartition(".")[2].lower()
        if kind == "pdf":
            return _pdf(content)
        text = content.decode("utf-8-sig")
        if kind == "json":
            return "\n".join(_strings(json.loads(text)))
        if kind in {"html", "htm"}:
            return html.unescape(re.sub(r"<[^>]*>", "\n", text))
    except (ValueError, RecursionError):
        raise ReportError("A file of the report cannot be read back, so it was not looked through.") from None
    return text


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for name, inner in value.items() for text in (name, *_strings(inner))]
    if isinstance(value, list):
        return [text for inner in value for text in _strings(inner)]
    return []


def _pdf(content: bytes) -> str:
    import io

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        return "\n".join(page.extract_text() for page in reader.pages)
    except PyPdfError:
        raise ValueError from None
