"""The PDF: tagged, with the same bytes for the same document, and nothing in it that acts."""

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from typing import Any

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from notekeeper.reports.glyphs import covered, drawable
from notekeeper.reports.pdf import report_pdf

from .ordinary import ordinary_report
from .test_outputs import filled_report, hostile_report
from .written import text_of_pdf

ACTING = ("/JS", "/JavaScript", "/URI", "/Launch", "/GoToR", "/SubmitForm", "/EmbeddedFiles", "/OpenAction", "/AA")
MARKUP = (
    '#eval("1+1") #sys.inputs #panic() #import "@preview/x:0.1.0": * #read("/etc/passwd")',
    "= Heading\n- item\n+ item\n/ term: x",
    "*bold* _so_ `raw` $x^2$ <label> @ref https://example.invalid // gone /* gone */ ~ -- --- \\ \\u{41}",
    '#link("https://example.invalid")[x] #image("/etc/passwd") #set page(fill: red) #show: x => none',
    "]] }} )) \" ' ``` #{ #[ #(",
)


def keys(raw: bytes) -> set[str]:
    """Every key of every dictionary of the file that can be reached from its root."""
    reader, seen, found = PdfReader(BytesIO(raw)), set(), set()
    waiting: list[Any] = [reader.trailer]
    while waiting:
        held = waiting.pop()
        if isinstance(held, IndirectObject):
            if held.idnum in seen:
                continue
            seen.add(held.idnum)
            held = held.get_object()
        if isinstance(held, DictionaryObject):
            found |= set(held)
            found |= {str(value) for name, value in held.items() if name == "/S"}
            waiting += [dict.__getitem__(held, name) for name in held]
        elif isinstance(held, list):
            waiting += held
    return found


def test_it_is_tagged_for_readers_who_hear_it() -> None:
    raw = report_pdf(ordinary_report(2))
    reader = PdfReader(BytesIO(raw))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Theme report for 2 clients"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    tags = keys(raw)
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Figure", "/L", "/LI"} <= tags
    assert "/Alt" in tags


def test_the_same_document_gives_the_same_bytes_in_another_process() -> None:
    told = (
        "import hashlib; from notekeeper.reports.render import render; from tests.reports.ordinary import *; "
        "print({end: hashlib.sha256(raw).hexdigest() for end, raw in render(ordinary_report(4)).items()})"
    )
    elsewhere = {"LANG": "de_DE.UTF-8", "SOURCE_DATE_EPOCH": "5", "RAYON_NUM_THREADS": "1", "TYPST_FONT_PATHS": "/usr"}
    runs = {
        subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, env={**os.environ, **more}).stdout
        for more in ({}, elsewhere)
    }
    assert len(runs) == 1
    assert hashlib.sha256(report_pdf(ordinary_report(4))).hexdigest().encode() in runs.pop()


def test_the_typesetter_is_loaded_only_when_a_pdf_is_made() -> None:
    told = "import sys, notekeeper.services.reporting, notekeeper.reports.render; print('typst' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True)
    assert found.stdout.strip() == b"False"


@pytest.mark.line(23)
@pytest.mark.parametrize("text", MARKUP)
def test_the_typesetters_own_language_is_text(text: str) -> None:
    raw = report_pdf(filled_report(text, "Saying no"))
    shown = "".join(text_of_pdf(raw).split())
    for each in text.splitlines():
        assert "".join(each.split()) in shown
    assert not set(ACTING) & keys(raw)
    plain = report_pdf(filled_report("It\n" * len(text.splitlines()), "Saying no"))
    assert keys(raw) == keys(plain)


@pytest.mark.line(23)
def test_hostile_text_leaves_nothing_that_acts() -> None:
    raw = report_pdf(hostile_report())
    assert not set(ACTING) & keys(raw)
    shown = "".join(text_of_pdf(raw).split())
    for words in ("<script>alert(1)</script>", "{{7*7}}", "⟨U+202E⟩", "⟨U+001B⟩[31mred"):
        assert words in shown


def test_the_search_for_what_acts_would_find_it() -> None:
    raw = typst.compile(b'#link("https://example.invalid")[x]', format="pdf")
    assert "/URI" in keys(raw)


def test_every_character_said_to_be_drawn_is_drawn() -> None:
    every = [f"a{chr(point)}" for point in sorted(covered())]
    for start in range(0, len(every), 1000):
        report_pdf(filled_report(" ".join(every[start : start + 1000]), "Saying no"))


def test_what_the_font_lacks_is_shown_by_its_code_point() -> None:
    assert drawable("Łódź, façade – “so”") == "Łódź, façade – “so”"
    assert drawable("中😀ก") == "⟨U+4E2D⟩⟨U+1F600⟩⟨U+0E01⟩"
    assert "⟨U+4E2D⟩" in text_of_pdf(report_pdf(filled_report("Says 中 often", "Saying no")))


def test_marks_heaped_on_one_letter_are_shown_by_their_code_points() -> None:
    heaped = "e" + "\u0301\u0316" * 600
    assert drawable(heaped).startswith("e\u0301\u0316\u0301\u0316⟨U+0301⟩⟨U+0316⟩")
    assert "⟨U+0316⟩" in text_of_pdf(report_pdf(filled_report(heaped, "Saying no")))
    assert drawable("Vie\u0302\u0323t") == "Vie\u0302\u0323t"


@pytest.mark.line(23)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_set(text: str) -> None:
    assert report_pdf(filled_report(text, "Saying no")).startswith(b"%PDF-")


def test_a_word_that_no_column_has_room_for_is_broken_and_a_digest_is_not() -> None:
    word, digest = "w" * 200, "ab" * 32
    report = filled_report(f"So {word} and SHA-256 {digest}.", "Saying no")
    reader = PdfReader(BytesIO(report_pdf(report)))
    for sheet in reader.pages:
        ends: list[float] = []
        sheet.extract_text(visitor_text=lambda text, _, place, *__, ends=ends: ends.append(place[4]) if text else None)
        assert max(ends) < float(sheet.mediabox.width)
    shown = text_of_pdf(report_pdf(report))
    assert digest in shown
    assert word in "".join(shown.replace("\u200b", "").split())
    assert word not in shown
