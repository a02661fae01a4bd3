"""The export of a client's file in four formats: a page for the browser, Markdown, plain text, JSON.

What always holds: every text passes `visible` and then stands where nothing of it is obeyed: escaped in HTML, fenced in
Markdown, indented in plain text, in ASCII in JSON; the four hold the same fields.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from notekeeper.domain.file_export import NOT_ENCRYPTED, Copy, ExportFormat, FileDocument, Record
from notekeeper.domain.text import visible
from notekeeper.reports.html import policy, style_sheet
from notekeeper.reports.phrases import DEMONSTRATION

NOTHING_HELD = "Nothing is held."
WITHHELD = "Where a passage was withheld, the word withheld and a number stand in its place, in square brackets."


def client_file(document: FileDocument, form: ExportFormat) -> bytes:
    """The whole file in this format, UTF-8 with LF."""
    made = {
        ExportFormat.HTML: file_html,
        ExportFormat.MARKDOWN: file_markdown,
        ExportFormat.TEXT: file_text,
        ExportFormat.JSON: file_json,
    }[form](document)
    return made.encode("utf-8", errors="backslashreplace")


def file_json(document: FileDocument) -> str:
    """JSON in ASCII, as docs/client-file.schema.json describes it."""
    return json.dumps(document.model_dump(mode="json"), ensure_ascii=True, indent=1).replace("\x7f", "\\u007f") + "\n"


def file_html(document: FileDocument) -> str:
    """One page that asks nothing of anyone: no script, no request, one style sheet known by its hash."""
    css = style_sheet("client_file.css")
    return (
        _environment()
        .get_template("client_file.html.j2")
        .render(
            document=document,
            title=title(document),
            head=head(document),
            moment=moment,
            nothing=NOTHING_HELD,
            css=Markup(css),  # noqa: S704 - our own file, checked for an end tag when read
            policy=policy(css),
        )
    )


def file_markdown(document: FileDocument) -> str:
    """Markdown whose texts stand in fences longer than any run of tildes in them."""
    lines = [f"# {title(document)}", ""]
    lines += [f"{said}\n" for said in head(document)]
    for section in document.sections:
        lines += [f"## {section.title}", "", *([section.says, ""] if section.says else [])]
        lines += [NOTHING_HELD, ""] if not section.records else []
        for record in section.records:
            lines += _markdown(record, 3)
        lines += [""] if lines[-1] else []
    return "\n".join(lines).rstrip("\n") + "\n"


def file_text(document: FileDocument) -> str:
    """Plain text, in which only headings stand at the margin."""
    lines = [title(document), "=" * len(title(document)), "", *head(document), ""]
    for section in document.sections:
        lines += [section.title, "-" * len(section.title), *([section.says] if section.says else [])]
        lines += [NOTHING_HELD] if not section.records else []
        for record in section.records:
            lines += [*([] if record.kind == "log" else [""]), *_plain(record, 1)]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def title(document: FileDocument) -> str:
    """What the file is, in a line."""
    whose = f"client {document.client_code}" if document.client_code else "the practice"
    return f"Everything held on {whose}, {document.made_on.isoformat()}"


def head(document: FileDocument) -> tuple[str, ...]:
    """Sentences that stand above everything."""
    said = [DEMONSTRATION] if document.demonstration else []
    if document.copy_for is Copy.CLIENT:
        said.append("Copy for the client, in answer to a request for access.")
        said += [WITHHELD] if document.withheld else []
    else:
        said.append("Copy for the therapist. It holds everything, and is not meant to be handed over as it stands.")
    said.append(f"Made at {moment(document.made_at)} by notekeeper {visible(document.app_version)}.")
    said += [f"Head of the vault's log: {document.log_head}"] if document.log_head else []
    return (*said, NOT_ENCRYPTED) if document.copy_for is Copy.THERAPIST else tuple(said)


def moment(value: datetime) -> str:
    """Day and minute, in the zone it was written in."""
    return f"{value:%Y-%m-%d %H:%M} {value.tzname() or ''}".rstrip()


def _heading(record: Record) -> str:
    return f"{record.title} ({moment(record.at)})" if record.at else record.title


def _markdown(record: Record, level: int) -> Iterator[str]:
    if record.kind == "log":
        yield f"- {_heading(record)}"
        return
    yield f"{'#' * min(level, 6)} {_heading(record)}"
    yield ""
    facts = [each for each in record.fields if each.kind == "fact"]
    yield from (f"- {each.label}: `{_line(each.value).replace('`', '')}`" for each in facts)
    if facts:
        yield ""
    for each in record.fields:
        if each.kind == "text":
            shown = visible(each.value)
            fence = "~" * (max((len(run) for run in re.findall("~+", shown)), default=2) + 1)
            fence = max(fence, "~~~", key=len)
            yield from (f"{each.label}:", "", f"{fence}text", shown, fence, "")
    for part in record.parts:
        yield from _markdown(part, level + 1)


def _plain(record: Record, depth: int) -> Iterator[str]:
    room = "  " * depth
    yield f"{room}{_heading(record)}"
    if record.kind == "log":
        return
    for each in record.fields:
        first, *rest = visible(each.value).split("\n")
        yield f"{room}  {each.label}: {first}"
        yield from (f"{room}    {line}".rstrip() for line in rest)
    for part in record.parts:
        yield from _plain(part, depth + 1)


def _line(text: str) -> str:
    return " ".join(visible(text).split())


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("notekeeper.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_inert,
        trim_blocks=True,
        lstrip_blocks=True,
        newline_sequence="\n",
        keep_trailing_newline=True,
    )


def _inert(value: object) -> object:
    """What jinja calls for every value before escaping it."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
