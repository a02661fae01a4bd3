"""The report as one HTML file that asks nothing of anyone: no script, no request, one style sheet known by its hash.

What always holds: every value passes autoescape and `phrases.line` on its way into the page, whatever the template
says; the page's own policy lets a browser load and run nothing but that style sheet.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from notekeeper.domain.report import ReportDocument
from notekeeper.reports import phrases
from notekeeper.reports.view import view_of


def report_html(document: ReportDocument) -> str:
    """The whole page. Line ends are LF, which the style sheet's hash depends on; write it as bytes."""
    css = style_sheet("report.css")
    page = _environment().get_template("report.html.j2")
    return page.render(
        view=view_of(document),
        say=phrases,
        css=Markup(css),  # noqa: S704 - our own file, checked for an end tag when read
        policy=policy(css),
    ).lstrip()


def policy(css: str) -> str:
    """The Content-Security-Policy of a page whose one style sheet is `css`, and which loads and runs nothing else."""
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def style_sheet(name: str) -> str:
    """One of our own style sheets, with line ends that do not depend on the machine."""
    css = files("notekeeper.reports").joinpath("templates", name).read_text(encoding="utf-8")
    css = css.replace("\r\n", "\n")
    if "</" in css:
        raise AssertionError("the style sheet would end its own element")
    return css


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
    return phrases.line(value) if isinstance(value, str) and not isinstance(value, Markup) else value
