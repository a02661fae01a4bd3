"""A report in every form that a person reads: HTML, Markdown and PDF.

What always holds: the bytes depend on the document alone; the same document gives the same bytes, today and on another
machine with the same release.
"""

from notekeeper.domain.report import ReportDocument
from notekeeper.reports.html import report_html
from notekeeper.reports.markdown import report_markdown
from notekeeper.reports.pdf import report_pdf


def render(document: ReportDocument) -> dict[str, bytes]:
    """The files by their ending: html, md and pdf. Raises `ReportError` when a PDF cannot be made here."""
    return {
        "html": report_html(document).encode("utf-8"),
        "md": report_markdown(document).encode("utf-8"),
        "pdf": report_pdf(document),
    }
