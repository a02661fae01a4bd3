"""The text of final bytes: what hides in attributes, comments, escapes and properties is text as well."""

import json

import pytest

from notekeeper.domain.identifiers import Identifier
from notekeeper.errors import ReportError
from notekeeper.evaluation.identifiers_planting import Variant, planted
from notekeeper.evaluation.identifiers_report import invented_report
from notekeeper.identifiers.final_text import text_of_file
from notekeeper.reports.render import render

NAME = "Zbigniewa"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.html", f"<p>{NAME[:4]}<b>{NAME[4:]}</b></p>"),
        ("r.html", f"<p>&#{ord(NAME[0])};{NAME[1:]}</p>"),
        ("r.html", f'<svg><title>a</title><rect aria-label="{NAME}"/></svg>'),
        ("r.html", f"<!-- {NAME} -->"),
        ("r.html", f'<meta name="author" content="{NAME}">'),
        ("r.md", f"*{NAME}*"),
        ("r.json", json.dumps({"a": [{"b": NAME}]})),
        ("r.json", json.dumps({NAME: 1})),
        ("r.txt", NAME),
        ("r.txt", f"{NAME[:4]}⟨U+{ord(NAME[4]):04X}⟩{NAME[5:]}"),
    ],
)
def test_a_name_is_read_wherever_it_hides(name: str, content: str) -> None:
    assert NAME in text_of_file(name, content.encode())


def test_markdown_is_read_without_what_keeps_its_signs_from_acting() -> None:
    assert "m.o_duya*" in text_of_file("r.md", rb"m\.o\_duya\*")


def test_the_text_of_a_real_pdf_and_its_properties_are_read() -> None:
    variant = Variant(Identifier(text=NAME), "whole", NAME)
    files = render(planted(invented_report(["C001"]), [variant]))
    for ending, content in files.items():
        assert NAME in text_of_file(f"r.{ending}", content)
    assert "Theme report" in text_of_file("r.pdf", files["pdf"]).split("\n", 1)[1]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.pdf", b"no PDF"),
        ("r.json", b"{"),
        ("r.html", b"\xff\xfe\x00"),
        ("r.md", b"\xff"),
        ("r.json", b"[" * 100_000),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_and_not_an_empty_text(name: str, content: bytes) -> None:
    with pytest.raises(ReportError, match="not looked through"):
        text_of_file(name, content)
