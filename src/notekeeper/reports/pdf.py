"""The report as a tagged PDF (PDF/UA-1) on A4, for paper and for screen readers.

What always holds: words of a report reach the typesetter as data and never as its language; it is given no folder, no
font of the system and no network; date and identity of the file come from the document, so that the same document
gives the same bytes. A character that its own fonts lack is shown as ⟨U+XXXX⟩, here alone.
"""

import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

from notekeeper.domain.report import ReportDocument
from notekeeper.errors import ReportError
from notekeeper.reports import phrases
from notekeeper.reports.glyphs import drawable
from notekeeper.reports.view import view_of

_SAID = {name.lower(): text for name, text in vars(phrases).items() if name.isupper() and isinstance(text, str)}


def report_pdf(document: ReportDocument) -> bytes:
    """The file. Raises `ReportError` where it cannot be typeset."""
    import typst  # at the first PDF only: it is a large library

    made = document.made_at
    data = {
        "view": asdict(view_of(document)),
        "say": _SAID,
        "actions": phrases.ACTION_LINES,
        "themes": phrases.LEADING_THEMES,
        "patterns": phrases.LEADING_PATTERNS,
        "part": phrases.LEADING_ITEMS,
        "made": [made.year, made.month, made.day],
    }
    try:
        written: bytes = typst.compile(
            _template(),
            format="pdf",
            sys_inputs={"data": json.dumps(_drawable(data), ensure_ascii=True)},
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )
    except (RuntimeError, ValueError):
        raise ReportError(
            "The PDF of this report could not be made here. Nothing was written and the vault is unchanged. Please "
            "report this fault; no word of the report is needed for that."
        ) from None
    return written


def _drawable(value: Any) -> Any:
    """The same with every text in it drawable."""
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, dict):
        return {name: _drawable(held) for name, held in value.items()}
    return [_drawable(held) for held in value] if isinstance(value, list | tuple) else value


@cache
def _template() -> bytes:
    return files("notekeeper.reports").joinpath("templates", "report.typ").read_bytes().replace(b"\r\n", b"\n")
