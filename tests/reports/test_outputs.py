"""What every written form says and never says: the quiet report, canaries, hostile text, the page's own policy."""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.note import NoteKind
from notekeeper.domain.report import IDENTIFIABILITY, RISK_NOT_INCLUDED, ThemeReport
from notekeeper.domain.review import Destination
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.reports import phrases
from notekeeper.reports.chart import MAX_SESSIONS, chart
from notekeeper.reports.files import report_json
from notekeeper.reports.html import report_html
from notekeeper.reports.terminal import report_text

from .invented import DISCLOSED, RISK_WORDS, CaseFile, item

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}&"
    "\x1b[31mred\x1b]0;t\x07\x00\u202etxt\u2066\r\nh2\x7f\x9b"
)
ALLOWED_TAGS = set(
    "html head meta title style body header main section footer p h1 h2 strong table caption thead tbody tr th td br "
    "span figure svg desc text circle path figcaption ul ol li".split()
)


def case_of_three(include_risk: bool = False) -> ThemeReport:
    case = CaseFile()
    case.session(item("theme", "Saying no", code="boundaries"), risk=DISCLOSED)
    case.note()
    case.session(
        item("theme", "First no at work", code="boundaries"),
        item("reflection", "What did I avoid?", destination=Destination.SUPERVISION),
        item("idea", "Perhaps CANARY-IDEA", destination=Destination.RECORD),
        risk=RiskEntry(state=RiskState.NOT_RECORDED),
    )
    return case.report(include_risk=include_risk, include_supervision=True, question="Where am I stuck?")


def hostile_report() -> ThemeReport:
    case = CaseFile()
    label = "</title><b>\x1b[2J\u202e"
    case.session(
        item("theme", label),
        item("reflection", HOSTILE.replace('"', ""), destination=Destination.SUPERVISION),
        risk=RiskEntry(state=RiskState.ASKED_DISCLOSED, words=HOSTILE, action=HOSTILE, safeguarding=HOSTILE),
    )
    made = case.report(include_risk=True, include_supervision=True, question=HOSTILE)
    changes = {"client_code": HOSTILE, "signed_by": HOSTILE, "log_head": HOSTILE, "ai_note": HOSTILE}
    return made.model_copy(update={**changes, "models": (HOSTILE,), "app_version": HOSTILE, "identifiability": HOSTILE})


class Page(HTMLParser):
    """The tags, attributes and visible words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] != "style" and data.strip():
            self.words.append(" ".join(data.split()))


def forms(report: ThemeReport) -> Iterator[tuple[str, str]]:
    yield "json", report_json(report)
    yield "html", report_html(report)
    yield "text", report_text(report)
    yield "text of json", report_text(ThemeReport.model_validate_json(report_json(report), strict=True))


def test_the_quiet_report_opens_with_not_included_in_every_form() -> None:
    report = case_of_three(include_risk=False)
    for name, form in forms(report):
        for word in RISK_WORDS:
            assert word not in form.lower(), f"{name} holds a word of the risk entry"
    for text in (report_text(report), report_text(ThemeReport.model_validate_json(report_json(report)))):
        lines = [line for line in text.splitlines() if line]
        assert lines[:4] == [
            "Reduced identifiability, not anonymous: this is still personal data. Keep it as",
            "  you keep notes.",
            "Theme report for client C014, 5 January 2026 to 1 March 2027",
            RISK_NOT_INCLUDED,
        ]
    page = Page(report_html(report))
    assert page.words[1:5] == [
        IDENTIFIABILITY,
        "Theme report for client C014",
        "5 January 2026 to 1 March 2027",
        RISK_NOT_INCLUDED,
    ]
    assert report_json(report).index('"included": false') < report_json(report).index('"client_code"')


def test_risk_when_included_comes_before_anything_clinical_and_says_what_it_cannot() -> None:
    report = case_of_three(include_risk=True)
    for form in (report_html(report), report_text(report, width=200)):
        order = [
            form.index(words)
            for words in ("Risk and safeguarding", "She counted tablets", "Where am I stuck?", "2 of 3 sessions; 2 not")
        ]
        assert order == sorted(order)
        assert "An empty entry says nothing about risk." in form
        assert "no concern" not in form.lower()
        assert "She handed them to her brother." in form
        assert "Suicide: Asked – disclosed; current; thoughts yes, plan no, intent not asked" in form
        assert "Self-harm, harm to others, harm from others: Not recorded" in form
        for told in ("Her choir.", "The duty doctor, with her agreement.", "child – Younger child seen by neighbour."):
            assert told in form
        assert "Risk was last asked about on 5 January 2026." in form


def test_risk_never_asked_is_said() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    report = case.report(include_risk=True)
    assert "No session of this report records that risk was asked about." in report_text(report)


def test_order_is_the_same_and_provenance_is_last() -> None:
    report = case_of_three()
    heads = (
        "Question for supervision",
        "Where the work stands",
        "Themes",
        "My part",
        "Two questions",
        "Agreed actions",
        "Every theme",
        "How this report was made",
    )
    for form in (report_html(report), report_text(report)):
        places = [re.search(rf"(^|>){head}", form, re.MULTILINE) for head in heads]
        found = [place.start() for place in places if place]
        assert len(found) == len(heads)
        assert found == sorted(found)
    assert "2 of 2 sessions: 1, 3" in report_html(report)


@pytest.mark.line(5)
def test_no_evidence_focus_or_unsent_idea_leaves() -> None:
    for include_risk in (False, True):
        for name, form in forms(case_of_three(include_risk)):
            assert "CANARY" not in form, f"{name} holds what a report never carries"
            assert "kitchen light" not in form


@pytest.mark.line(23)
def test_hostile_text_is_inert_in_every_form() -> None:
    report = hostile_report()
    html = report_html(report)
    page = Page(html)
    assert {tag for tag, _ in page.tags} <= ALLOWED_TAGS
    assert not [
        a for _, attributes in page.tags for a in attributes if a.startswith("on") or a in ("src", "href", "style")
    ]
    assert "{{ 7*7 }}" in html
    assert "⟨U+202E⟩" in html
    for form in (html, report_text(report), report_json(report)):
        bad = {c for c in form if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert not bad, [hex(ord(c)) for c in bad]
    assert HOSTILE not in html
    assert ThemeReport.model_validate_json(report_json(report)) == report


@pytest.mark.line(23)
@given(st.text(st.characters(codec="utf-8"), max_size=300), st.integers(1, 130))
@settings(max_examples=150)
def test_any_text_stays_inside_its_lines(text: str, width: int) -> None:
    case = CaseFile()
    risk = RiskEntry(state=RiskState.RAISED_BY_CLIENT, words=text)
    case.session(item("theme", "Saying no"), risk=risk)
    report = case.report(include_risk=True).model_copy(update={"question": text, "client_code": text[:24]})
    for line in report_text(report, width).split("\n"):
        assert len(line) <= max(40, width)
        assert all(c in "\u200c\u200d" or unicodedata.category(c)[0] != "C" for c in line)
    report_html(report).encode("utf-8")


@given(st.text(st.characters(), max_size=60))
def test_a_line_is_one_line_and_shown_once_is_shown_the_same(text: str) -> None:
    shown = phrases.line(text)
    assert len(shown.splitlines()) <= 1
    assert phrases.line(shown) == shown


def test_the_page_allows_its_own_style_sheet_and_nothing_else() -> None:
    html = report_html(case_of_three(include_risk=True))
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    policies = [a["content"] for tag, a in Page(html).tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"]
    assert "unsafe" not in html
    assert "<script" not in html
    for outside in ("url(", "@import", "http://", "https://", "src=", "href="):
        assert outside not in html
    assert ("meta", {"name": "referrer", "content": "no-referrer"}) in Page(html).tags
    assert Page(html).tags[0] == ("html", {"lang": "en"})


def test_tables_and_chart_speak_to_a_screen_reader() -> None:
    tags = Page(report_html(case_of_three(include_risk=True))).tags
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")
    assert sum(tag == "table" for tag, _ in tags) == sum(tag == "caption" for tag, _ in tags) == 4
    drawing = next(attributes for tag, attributes in tags if tag == "svg")
    ids = {attributes.get("id") for _, attributes in tags}
    assert set((drawing["aria-labelledby"] or "").split()) <= ids
    assert drawing["role"] == "img"


def test_the_chart_stays_small_and_tells_what_it_leaves_out() -> None:
    case = CaseFile()
    for place in range(MAX_SESSIONS + 3):
        case.session(item("theme", "Saying no"), item("theme", f"Theme number {place}"))
    drawn = chart(case.report())
    assert len(drawn.columns) == MAX_SESSIONS
    assert drawn.columns[-1][0] == MAX_SESSIONS + 3
    assert len(drawn.rows) == phrases.LEADING_THEMES
    assert "The 3 earliest sessions are in the table only." in drawn.left_out


def test_a_demonstration_says_so_first() -> None:
    report = case_of_three().model_copy(update={"demonstration": True})
    assert report_text(report).startswith("DEMONSTRATION")
    assert Page(report_html(report)).words[1].startswith("DEMONSTRATION")
    assert "DEMONSTRATION" not in report_text(case_of_three())


@pytest.mark.parametrize(("sessions", "words"), [(1, "1 of 1 session."), (3, "3 of 3 sessions.")])
def test_coverage_is_said_in_counts(sessions: int, words: str) -> None:
    case = CaseFile()
    for _ in range(sessions):
        case.session(item("theme", "Saying no"))
    assert f"\n  Coverage: {words}\n" in report_text(case.report())


def test_the_first_page_leads_with_four_themes_and_folds_the_rest_into_a_line() -> None:
    case = CaseFile()
    for place in range(3):
        case.session(*(item("theme", f"Theme {letter}") for letter in "ABCDEFG"[: 7 - 2 * place]))
    report = case.report(questions=("What is mine here?",))
    text = report_text(report, 200)
    first, last = text.split("Every theme")
    assert "4. Theme D: 2 of 3 sessions: 1, 2" in first
    assert "Also noted: Theme E (2); Theme F (1); Theme G (1)." in first
    assert "7. Theme G: 1 of 3 sessions: 1" in last
    assert "1. What is mine here?\n  2.\n" in first
    html = report_html(report)
    assert html.count('<circle class="noted"') == 3 + 3 + 3 + 2
    assert html.index("Also noted: Theme E (2)") < html.index("<footer>") < html.rindex("Theme G")


def test_where_the_work_stands_is_said_in_every_form() -> None:
    case = CaseFile()
    for _ in range(2):
        case.session(item("theme", "Saying no"))
    case.note(NoteKind.DID_NOT_ATTEND)
    sheet = FrontSheet(sessions_planned=8, breaks="two weeks in August", ending=date(2026, 4, 1))
    report = case.report(sheet=sheet)
    for form in (report_html(report), report_text(report, 200)):
        for words in (
            "2 of 8",
            "2 sessions held in this period; did not attend: once",
            "two weeks in August",
            "1 April 2026",
            "2 of 2 sessions",
        ):
            assert words in form
