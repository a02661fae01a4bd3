"""The report as Markdown, for those who keep their notes in it.

What always holds: a value is text and nothing else, in CommonMark and in the dialects that add tables, tasks, maths,
links without brackets, tags and marks; it starts no heading, list, quotation, rule or code wherever it stands.
"""

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from notekeeper.domain.report import ReportDocument
from notekeeper.reports import phrases
from notekeeper.reports.phrases import line
from notekeeper.reports.view import view_of

_ALWAYS = re.compile(r"[\\`*_\[\]{}<>&|~#$^=@%]")
_LINKS = re.compile(r"(?<=\w)\.(?=[^\W\d])|:(?=//|[a-z_+-][\w+-]*:)|(?<=mailto):|(?<=xmpp):", re.IGNORECASE)
"""What links or draws without brackets: names of hosts, schemes, and the short names of emoji."""
_START = re.compile(r"\A([-+:!]|\d{1,9}[.)])(?=\s|[-+]|\Z)")
"""What begins a list, a rule or a definition where a line begins with it."""


def report_markdown(document: ReportDocument) -> str:
    """The whole text, ending with a newline."""
    return _environment().get_template("report.md.j2").render(view=view_of(document), say=phrases)


def markdown_text(text: str) -> str:
    """`text` so that it is read as itself: a backslash before whatever would mean something."""
    escaped = _ALWAYS.sub(r"\\\g<0>", line(text))
    escaped = _LINKS.sub(r"\\\g<0>", escaped)
    return _START.sub(lambda found: f"{found[1][:-1]}\\{found[1][-1]}", escaped)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("notekeeper.reports"),
        autoescape=False,  # noqa: S701 - this is no HTML; `finalize` escapes every value for Markdown
        undefined=StrictUndefined,
        finalize=lambda value: markdown_text(value) if isinstance(value, str) else value,
        trim_blocks=True,
        lstrip_blocks=True,
        newline_sequence="\n",
        keep_trailing_newline=True,
    )
