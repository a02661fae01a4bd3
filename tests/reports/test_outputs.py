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
from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.report import (
    IDENTIFIABILITY,
    RISK_NOT_INCLUDED,
    ClientPage,
    Discussed,
    PatternBasis,
    Quotation,
    ReportDocument,
    ReportPattern,
)
from notekeeper.domain.review import Destination
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.reports import phrases
from notekeeper.reports.files import opened
from notekeeper.reports.html import report_html
from notekeeper.reports.markdown import report_markdown
from notekeeper.reports.pdf import report_pdf
from notekeeper.reports.terminal import report_text

from .invented import DISCLOSED, EVIDENCE, RISK_WORDS, CaseFile, document, item, report_json
from .ordinary import ordinary_page, ordinary_report
from .written import text_of_pdf

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}&"
    "\x1b[31mred\x1b]0;t\x07\x00\u202etxt\u2066\r\nh2\x7f\x9b"
)
ALLOWED_TAGS = set(
    "html head meta title style body a header nav main article section footer div p h1 h2 h3 strong br span ul ol li "
    "table caption thead tbody tr th td svg desc text circle rect path".split()
)


def case_of_three() -> CaseFile:
    case = CaseFile()
    case.session(item("theme", "Saying no", code="boundaries"), risk=DISCLOSED)
    case.note()
    case.session(
        item("theme", "First no at work", code="boundaries"),
        item("reflection", "What did I avoid?", destination=Destination.SUPERVISION),
        item("idea", "Perhaps CANARY-IDEA", destination=Destination.RECORD),
        risk=RiskEntry(state=RiskState.NOT_RECORDED),
    )
    return case


def page_of_three(include_risk: bool = False) -> ClientPage:
    case = case_of_three()
    kept = case.pattern("Saying no", PatternKind.EMERGING, 1, 3)
    return case.page(
        include_risk=include_risk,
        include_supervision=True,
        question="Where am I stuck?",
        patterns=case.patterns(kept),
    )


def report_of_three(include_risk: bool = False) -> ReportDocument:
    return document(page_of_three(include_risk))


def filled_report(text: str, label: str) -> ReportDocument:
    """A report that holds `text` in every field that is a text, and `label` for a theme's label."""
    case = CaseFile()
    case.session(
        item("theme", label),
        item("reflection", "It", destination=Destination.SUPERVISION),
        risk=RiskEntry(state=RiskState.ASKED_DISCLOSED, words=text, action=text, safeguarding=text),
    )
    made = case.page(include_risk=True, include_supervision=True, question="It", questions=("It",))
    changes = {
        "client_code": text,
        "question": text,
        "questions": (text,),
        "signed_by": text,
        "ai_note": text,
        "models": (text,),
        "course": made.course.model_copy(update={"breaks": text}),
        "supervision": tuple(each.model_copy(update={"text": text}) for each in made.supervision),
        "themes": (*made.themes, made.themes[0].model_copy(update={"label": text, "code": text})),
        "pattern_basis": PatternBasis(signed_on=made.period_from, sessions=(1,)),
        "patterns": (ReportPattern(label=text, code=text, kind=PatternKind.FADING, sessions=(1,), statement=text),),
        "quotations": (Quotation(session=1, label=text, text=text),),
        "discussed": (Discussed(day=made.period_from, agreed=(text, text)),),
    }
    page = made.model_copy(update=changes)
    return document(page, therapist=text, app_version=text, log_head=text)


def hostile_report() -> ReportDocument:
    return filled_report(HOSTILE, "</title><b>\x1b[2J\u202e")


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


def forms(report: ReportDocument) -> Iterator[tuple[str, str]]:
    yield "json", report_json(report)
    yield "html", report_html(report)
    yield "md", report_markdown(report)
    yield "pdf", text_of_pdf(report_pdf(report))
    yield "text", report_text(report)
    yield "text of json", report_text(opened(report_json(report).encode()).document)


def test_the_quiet_report_opens_with_not_included_in_every_form() -> None:
    report = report_of_three(include_risk=False)
    for name, form in forms(report):
        for word in RISK_WORDS:
            assert word not in form.lower(), f"{name} holds a word of the risk entry"
    lines = [line for line in report_text(report).splitlines() if line]
    assert lines[:4] == [
        "Reduced identifiability, not anonymous: this is still personal data. Keep it as",
        "  you keep notes.",
        "Theme report for client C014, 5 January 2026 to 1 March 2027",
        RISK_NOT_INCLUDED,
    ]
    page = Page(report_html(report))
    head = [
        "Theme report for supervision",
        "By P. Invented, REG 1, 2 March 2026",
        IDENTIFIABILITY,
        "Client C014",
        "5 January 2026 to 1 March 2027",
    ]
    assert page.words[2:8] == [*head, RISK_NOT_INCLUDED]
    paragraphs = [line for line in report_markdown(report).splitlines() if line]
    assert paragraphs[3:5] == ["## Client C014, 5 January 2026 to 1 March 2027", f"### {RISK_NOT_INCLUDED}"]
    said = [line.strip() for line in text_of_pdf(report_pdf(report)).splitlines() if line.strip()]
    assert said[said.index("Client C014 5 January 2026 to 1 March 2027") + 1] == RISK_NOT_INCLUDED
    assert report_json(report).index('"included": false') < report_json(report).index('"client_code"')


def test_each_client_of_several_opens_with_their_own_risk() -> None:
    quiet, told = ordinary_page("C014", risk=False), ordinary_page("C022", risk=True)
    report = document(quiet, told, quiet.model_copy(update={"client_code": "C031"}))
    for name, form in forms(report):
        if name == "json":
            continue
        places = [form.index(f"Client {code}") for code in ("C014", "C022", "C031")]
        opens = [form[place : place + 340] for place in places]
        assert [RISK_NOT_INCLUDED in each for each in opens] == [True, False, True], name
        assert [form[place:].find("Thoughts of not waking up") < 2000 for place in places[1:2]] == [True], name
        assert "Thoughts of not waking up" not in form[: places[1]] + form[places[2] :], name


def test_risk_when_included_comes_before_anything_clinical_and_says_what_it_cannot() -> None:
    report = report_of_three(include_risk=True)
    for name, form in forms(report):
        if name == "json":
            continue
        flat = " ".join(form.split())
        order = [
            flat.index(words)
            for words in ("Risk and safeguarding", "She counted tablets", "Where am I stuck?", "2 of 3 sessions; 2 not")
        ]
        assert order == sorted(order), name
        assert "An empty entry says nothing about risk." in flat
        assert "no concern" not in flat.lower()
        assert "She handed them to her brother." in flat
        assert "Suicide: Asked – disclosed; current; thoughts yes, plan no, intent not asked" in flat
        assert "Self-harm, harm to others, harm from others: Not recorded" in flat
        for told in ("Her choir.", "The duty doctor, with her agreement.", "child – Younger child seen by neighbour."):
            assert told in flat
        assert "Risk was last asked about on 5 January 2026" in flat


def test_a_session_in_which_risk_was_told_of_stands_alone_and_the_others_by_state() -> None:
    case = CaseFile()
    states = [
        RiskEntry(state=RiskState.NOT_RECORDED),
        RiskEntry(state=RiskState.ASKED_DISCLOSED),
        RiskEntry(state=RiskState.NOT_ASKED),
        RiskEntry(state=RiskState.NOT_RECORDED),
        RiskEntry(state=RiskState.RAISED_BY_CLIENT),
        RiskEntry(state=RiskState.NOT_ASKED, words="She left early."),
    ]
    for state in states:
        case.session(item("theme", "Saying no"), risk=state)
    lines = report_text(case.report(include_risk=True), 200).splitlines()
    assert [line.strip() for line in lines if line.strip().startswith("Session")][:6] == [
        "Session 2: Asked – disclosed",
        "Session 5: Raised by client",
        "Session 6: Not asked",
        "Sessions 1, 4: Not recorded",
        "Session 3: Not asked",
        "Session: 6, no number planned.",
    ]


def test_risk_never_asked_is_said() -> None:
    case = CaseFile()
    case.session(item("theme", "Saying no"))
    report = case.report(include_risk=True)
    assert "No session of this report records that risk was asked about." in report_text(report)


def test_order_is_the_same_and_provenance_is_last() -> None:
    report = ordinary_report()
    heads = (
        "Risk and safeguarding",
        "Question for supervision",
        "Where the work stands",
        "Since the last supervision",
        "Themes",
        "Patterns over sessions",
        "My part",
        "Two questions",
        "Agreed actions",
        "Every theme",
        "How this report was made",
    )
    for name, form in forms(report):
        if name != "json":
            places = [re.search(rf"(^|>|### |## ){head}", form, re.MULTILINE) for head in heads]
            found = [place.start() for place in places if place]
            assert len(found) == len(heads), name
            assert found == sorted(found), name
    assert "8 of 10 sessions: 1, 2, 4, 5, 6, 8, 9, 11" in report_html(report)


@pytest.mark.line(5)
def test_no_evidence_focus_or_unsent_idea_leaves() -> None:
    for include_risk in (False, True):
        for name, form in forms(report_of_three(include_risk)):
            assert "CANARY" not in form, f"{name} holds what a report never carries"
            assert "kitchen light" not in form


@pytest.mark.line(5)
def test_a_quotation_stands_under_a_heading_that_says_so_and_nowhere_else() -> None:
    case = case_of_three()
    words = "the kitchen light was on all night"
    assert words in EVIDENCE
    for name, form in forms(case.report(quotations=((1, words),))):
        flat = " ".join(re.sub(r"<[^>]*>", " ", form).split())
        assert flat.count(words) == 1, name
        if name != "json":
            shown = f"Session 1, Saying no: “{words}”" if "text" in name else f"“{words}” (session 1, Saying no)"
            assert flat.index("Quotations") < flat.index("Words of the notes, each chosen") < flat.index(words)
            assert shown in flat.replace("( ", "(").replace("” (", "” ("), name
    for _, form in forms(case.report()):
        assert "Quotations" not in form


def test_counts_stand_in_every_form_and_shares_or_verdicts_in_none() -> None:
    for name, form in forms(ordinary_report()):
        flat = " ".join(form.split())
        if name != "json":
            for words in (
                "8 of 10 sessions",
                "noted less often, or as easing, in my notes",
                "newly noted",
                "Discussed 12 February 2026; agreed",
                "11 of 24",
                "10 of 11 sessions; 7 not included",
                "What am I avoiding at the end of the hour?",
                "therapist reviewed and signed every item shown",
            ):
                assert words in flat, (name, words)
        prose = re.sub(r"<style>.*?</style>", "", flat).lower()
        for never in (
            "%",
            "per cent",
            "progress",
            "improv",
            "recover",
            "rejected",
            "accepted",
            "withheld",
            "anonymised",
        ):
            assert never not in prose, (name, never)


@pytest.mark.line(23)
def test_hostile_text_is_inert_in_every_form() -> None:
    report = hostile_report()
    html = report_html(report)
    page = Page(html)
    assert {tag for tag, _ in page.tags} <= ALLOWED_TAGS
    assert not [a for _, attributes in page.tags for a in attributes if a.startswith("on") or a in ("src", "style")]
    assert all((held.get("href") or "#").startswith("#") for _, held in page.tags)
    assert "{{ 7*7 }}" in html
    assert "⟨U+202E⟩" in html
    for name, form in forms(report):
        bad = {c for c in form if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert not bad, (name, [hex(ord(c)) for c in bad])
    assert HOSTILE not in html
    assert opened(report_json(report).encode()).document == report


@pytest.mark.line(23)
def test_a_page_of_hostile_texts_has_the_elements_of_a_harmless_one() -> None:
    shape = [
        [(tag, sorted(held)) for tag, held in Page(report_html(filled_report(text, "Saying no"))).tags]
        for text in ("It\nagain", HOSTILE)
    ]
    assert shape[0] == shape[1]


@pytest.mark.line(23)
@given(st.text(st.characters(codec="utf-8"), max_size=300), st.integers(1, 130))
@settings(max_examples=150)
def test_any_text_stays_inside_its_lines(text: str, width: int) -> None:
    report = filled_report(text, "Saying no")
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
    html = report_html(report_of_three(include_risk=True))
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    policies = [a["content"] for tag, a in Page(html).tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"]
    assert "unsafe" not in html
    assert "<script" not in html
    for outside in ("url(", "@import", "http://", "https://", "src="):
        assert outside not in html
    assert ("meta", {"name": "referrer", "content": "no-referrer"}) in Page(html).tags
    assert Page(html).tags[0] == ("html", {"lang": "en-GB"})


def test_tables_and_drawings_speak_to_a_screen_reader() -> None:
    tags = Page(report_html(ordinary_report(2))).tags
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")
    assert sum(tag == "table" for tag, _ in tags) == sum(tag == "caption" for tag, _ in tags) == 6
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    drawn = [attributes for tag, attributes in tags if tag == "svg" and "role" in attributes]
    assert len(drawn) == 2 * (1 + phrases.LEADING_THEMES)
    for attributes in drawn:
        assert attributes["role"] == "img"
        assert set((attributes["aria-labelledby"] or "").split()) <= set(ids)
    for _, attributes in tags:
        assert set((attributes.get("aria-labelledby") or "").split()) <= set(ids)


def test_the_drawings_say_in_words_what_they_show() -> None:
    html = report_html(ordinary_report())
    assert ">Noted in sessions 1, 2, 3, 5, 9; not noted in 4, 6, 8, 10, 11; not included: 7.</desc>" in html
    assert (
        ">Session 1; session 2; session 3; did not attend; session 4; session 5; session 6; session 7, not included; "
        "4 weeks without an appointment; session 8; session 9; session 10; session 11.</desc>" in html
    )


def test_a_demonstration_says_so_first() -> None:
    invented = page_of_three().model_copy(update={"demonstration": True})
    for report in (document(invented), document(page_of_three().model_copy(update={"client_code": "A"}), invented)):
        assert report_text(report).startswith("DEMONSTRATION")
        assert report_markdown(report).startswith("**DEMONSTRATION")
        assert text_of_pdf(report_pdf(report)).startswith("DEMONSTRATION")
        assert Page(report_html(report)).words[2].startswith("DEMONSTRATION")
    assert "DEMONSTRATION" not in report_text(report_of_three())


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
    assert html.count('<circle class="full"') == 3 + 3 + 3 + 2 + 1
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
            "2 sessions held; did not attend: once",
            "two weeks in August",
            "1 April 2026",
            "2 of 2 sessions",
        ):
            assert words in form


def test_a_pattern_says_its_count_once() -> None:
    case = case_of_three()
    plain = case.pattern("Saying no", PatternKind.RECURRING, 1, 3)
    counted = "Saying no: newly noted from session 1, and noted in 2 of 2 sessions (1, 2)."
    kept = (
        plain,
        case.pattern("A new no", PatternKind.EMERGING, 1, 3, statement=counted),
        case.pattern("An old no", PatternKind.SHIFTING, 1, 3, statement="It is told otherwise of late."),
    )
    lines = report_text(case.report(patterns=case.patterns(*kept)), 300).splitlines()
    start = lines.index("Patterns over sessions")
    assert [line.strip() for line in lines[start + 2 : start + 5]] == [
        "1. Saying no: recurring; 2 of 2 sessions: 1, 3",
        f"2. A new no: newly noted. {counted}",
        "3. An old no: shifting; 2 of 2 sessions: 1, 3. It is told otherwise of late.",
    ]
