"""The report on paper: one A4 page for each client in the ordinary case, from the browser and as PDF, and page breaks
where a reader would put them."""

from datetime import timedelta
from io import BytesIO

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from notekeeper.domain.report import ReportDocument
from notekeeper.reports.html import report_html
from notekeeper.reports.pdf import report_pdf

from .invented import DAY_ONE, DISCLOSED, CaseFile, document, item
from .ordinary import ordinary_page, ordinary_report
from .test_accessible import browser, opened

__all__ = ["browser"]  # the fixture

HEADS = ("Where the work stands", "Themes", "Patterns over sessions", "My part", "Two questions", "Agreed actions")


def printed(browser: Browser, report: ReportDocument) -> list[str]:
    """The text of each sheet that the browser prints."""
    page = opened(browser, report_html(report))
    raw = page.pdf(prefer_css_page_size=True)
    page.close()
    return _sheets(raw)


def _sheets(raw: bytes) -> list[str]:
    found = PdfReader(BytesIO(raw)).pages
    for sheet in found:
        assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) in ((595, 842), (594, 842), (595, 841))
    return [" ".join(sheet.extract_text().split()) for sheet in found]


@pytest.mark.parametrize("clients", [1, 4])
@pytest.mark.parametrize("risk", [False, True])
def test_one_sheet_for_each_client_and_the_machinery_on_the_last(browser: Browser, clients: int, risk: bool) -> None:
    report = ordinary_report(clients, risk=risk)
    for sheets in (printed(browser, report), _sheets(report_pdf(report))):
        assert len(sheets) == clients + 1
        for sheet, page in zip(sheets, report.pages, strict=False):
            assert f"Client {page.client_code}" in sheet
            assert all(head in sheet for head in HEADS)
            assert "SHA-256" not in sheet
        assert "SHA-256" in sheets[-1]
        assert "Every theme" in sheets[-1]


def full_report() -> ReportDocument:
    """A page that takes several sheets: much risk, in many words."""
    case = CaseFile()
    long = DISCLOSED.model_copy(update={"words": "She told of the week, day by day, and of what helped. " * 14})
    for number in range(9):
        case.session(item("theme", f"A theme of the {number}th kind"), item("theme", "Saying no"), risk=long)
    return document(case.page(include_risk=True), ordinary_page("C022"))


def test_no_heading_stands_at_the_foot_of_a_sheet_and_no_row_is_split(browser: Browser) -> None:
    report = full_report()
    for sheets in (printed(browser, report), _sheets(report_pdf(report))):
        assert len(sheets) > 4
        for sheet in sheets:
            body = sheet.removesuffix(sheet.split(" ")[-1])
            end = body.replace("Theme report – reduced identifiability, not anonymous", "").rstrip(" 0123456789/")
            assert not end.endswith((*HEADS, "Risk and safeguarding", "Session State Recorded"))
        told = [sheet.count("In the therapist's words: She told") for sheet in sheets]
        ends = [sheet.count("child – Younger child seen by neighbour.") for sheet in sheets]
        assert sum(told) == 9
        assert told == ends, "a row begins on one sheet and ends on another"
        carried = [sheet for sheet, rows in zip(sheets, told, strict=True) if rows]
        assert all("Session State Recorded" in sheet for sheet in carried), "the head of the table is repeated"
        assert any("Client C022" in sheet and "SHA" not in sheet for sheet in sheets)


@pytest.mark.parametrize("words", ["A word of the week. " * 200, "\n".join(f"Line {place}." for place in range(400))])
def test_a_row_that_is_longer_than_a_sheet_goes_on_on_the_next_and_nothing_is_lost(
    browser: Browser, words: str
) -> None:
    texts = dict.fromkeys(("words", "protective", "action", "told", "safeguarding"), words)
    case = CaseFile()
    case.session(item("theme", "Saying no"), risk=DISCLOSED.model_copy(update=texts))
    for _ in range(120):
        case.session(item("theme", f"A long wording of it, the one of note {len(case.notes)}", code="no"))
    report = case.report(include_risk=True, period_to=DAY_ONE + timedelta(weeks=200))
    for sheets in (printed(browser, report), _sheets(report_pdf(report))):
        whole = " ".join(sheets)
        last, times = ("399.", 5) if "Line" in words else ("week.", 1000)
        assert whole.count(last) == times
        assert "121: A long wording of it, the one of note 120" in whole.replace("\u200b", "")
