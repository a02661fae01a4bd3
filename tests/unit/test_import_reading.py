"""What is read from a file: the text whole, the date and kind where they are written, and a sentence for the rest."""

import io
import json
import time
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notekeeper.domain.importing import SUFFIXES
from notekeeper.domain.note import Client, NoteKind
from notekeeper.errors import UsageError
from notekeeper.services.import_docx import MAX_PARTS, docx_text
from notekeeper.services.import_names import client_in, day_in
from notekeeper.services.import_reading import Piece, read_pieces
from tests.vault.invented import AT

WRITTEN = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\t"), min_size=1, max_size=300
).filter(lambda text: text.strip() and not text.startswith(("---", "\ufeff")))
IN_WORD = WRITTEN.filter(lambda text: not set("\ufffe\uffff") & set(text))
DAYS = st.dates(date(1950, 1, 1), date(2026, 1, 1))


def only(raw: bytes, suffix: str) -> Piece:
    (piece,) = read_pieces(raw, suffix)
    assert piece.refused == ""
    return piece


def word(*paragraphs: str) -> bytes:
    document, packed = Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(packed)
    return packed.getvalue()


def with_document(xml: bytes, **parts: bytes) -> bytes:
    """A Word document whose own part is this XML, with others beside it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word("x"))) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, xml if part.filename == "word/document.xml" else old.read(part))
        for name, content in parts.items():
            new.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


@settings(max_examples=60, deadline=None)
@given(text=WRITTEN, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_a_text_comes_back_from_a_text_file(text: str, encoding: str) -> None:
    for suffix in (".txt", ".md"):
        assert only(text.encode(encoding), suffix).text == text
        assert only(text.replace("\n", "\r\n").encode(encoding), suffix).text == text


@settings(max_examples=60, deadline=None)
@given(text=WRITTEN, day=DAYS, kind=st.sampled_from(NoteKind))
def test_a_text_comes_back_with_its_date_and_kind(text: str, day: date, kind: NoteKind) -> None:
    note = {"date": day.isoformat(), "text": text, "kind": kind.value}
    assert only(json.dumps(note).encode(), ".json") == Piece(text, day, kind)
    assert read_pieces(json.dumps([note, note]).encode(), ".json") == [Piece(text, day, kind)] * 2
    front = f"---\ndate: {day.isoformat()}\nkind: {kind.value}\n---\n\n{text}"
    assert only(front.encode(), ".md") == Piece(text, day, kind)


@settings(max_examples=25, deadline=None)
@given(text=IN_WORD)
def test_a_text_comes_back_from_a_word_document(text: str) -> None:
    lines = text.strip("\n").split("\n")
    assert only(word(*lines), ".docx").text == "\n".join(lines)


def test_headings_lists_and_tables_come_in_their_order() -> None:
    document, packed = Document(), io.BytesIO()
    document.add_paragraph("Before.")
    document.add_heading("Plan", 1)
    document.add_paragraph("Ring her sister", style="List Bullet")
    table = document.add_table(2, 2)
    for place, text in enumerate(["Mood", "low", "Sleep", "short\nand late"]):
        table.cell(*divmod(place, 2)).text = text
    table.cell(0, 0).add_table(1, 1).cell(0, 0).text = "inner"
    after = document.add_paragraph("After ")
    for name, words in (("w:ins", "inserted"), ("w:del", "deleted")):
        tracked, run, inner = OxmlElement(name), OxmlElement("w:r"), OxmlElement("w:t")
        inner.text = words
        run.append(inner)
        tracked.append(run)
        after._p.append(tracked)
    document.save(packed)
    text, remarks = docx_text(packed.getvalue())
    assert text.replace("\n\n", "\n").splitlines() == [
        "Before.",
        "Plan",
        "- Ring her sister",
        "Mood",
        "inner",
        "low",
        "Sleep",
        "short",
        "and late",
        "After inserted",
    ]
    assert "\n\nPlan\n" in text
    assert remarks == ("Text deleted in tracked changes is not taken over.",)


def test_a_cell_that_says_it_is_a_billion_columns_wide_is_read_once() -> None:
    document, packed = Document(), io.BytesIO()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "wide"
    span = OxmlElement("w:gridSpan")
    span.set(qn("w:val"), "1000000000")
    cell._tc.get_or_add_tcPr().append(span)
    document.save(packed)
    assert docx_text(packed.getvalue())[0] == "wide"


def test_what_stands_beside_the_text_of_a_word_document_is_told_of() -> None:
    with zipfile.ZipFile(io.BytesIO(word("Seen."))) as package:
        xml = package.read("word/document.xml")
    beside = with_document(xml, word__comments_xml=b"", **{"word/comments.xml": b"<w:t>Mine</w:t>"})
    assert docx_text(beside) == ("Seen.", ("Footnotes, comments, headers and footers are not taken over.",))
    assert docx_text(with_document(xml, **{"word/media/a.png": b"x"}))[1] == ("Pictures are not taken over.",)


_ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY f SYSTEM "file:///etc/hostname">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>
<w:t>Kept &b;&f;</w:t></w:r></w:p></w:body></w:document>"""


def test_no_entity_is_read() -> None:
    assert docx_text(with_document(_ENTITIES))[0].split() == ["Kept"]


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    bombs = [
        with_document(b"<a>" + b" " * 5_000_000),
        with_document(b"x", **{f"p{n}": b"" for n in range(MAX_PARTS)}),
        with_document(b"<a>" * 1_000_000),
    ]
    tracemalloc.start()
    try:
        for bomb in bombs:
            with pytest.raises(UsageError):
                read_pieces(bomb, ".docx")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=600), suffix=st.sampled_from(SUFFIXES), cut=st.integers(0, 40_000))
@example(raw=b"PK\x03\x04" + bytes(60), suffix=".docx", cut=0)
@example(raw=b"[" * 100_000, suffix=".json", cut=0)
@example(raw=b"1" * 100_000, suffix=".json", cut=0)
@example(raw=b"\xff\xfea", suffix=".txt", cut=0)
def test_any_bytes_are_read_or_refused_with_a_sentence(raw: bytes, suffix: str, cut: int) -> None:
    began = time.monotonic()
    for given_bytes in (raw, _WORD[:cut] + raw + _WORD[cut + len(raw) :] if suffix == ".docx" else raw):
        try:
            pieces = read_pieces(given_bytes, suffix)
        except UsageError:
            continue
        for piece in pieces:
            piece.text.encode("utf-8")
            assert piece.text.strip() or piece.refused
    assert time.monotonic() - began < 20


_WORD = word("She rang.", "He wrote.")


def test_what_is_not_plain_is_said() -> None:
    assert only("Café".encode("cp1252"), ".txt") == Piece(
        "Café", remarks=("Read as Windows-1252: look whether the letters with accents are right.",)
    )
    escaped = only(b"She rang.\x00\x1b[2J And wrote.", ".txt")
    assert escaped.text == "She rang.\x00\x1b[2J And wrote."
    assert escaped.remarks == ("2 control character(s) are kept, and shown as ⟨U+XXXX⟩.",)
    long = only(b"word " * 250_000, ".txt")
    assert len(long.text) == 1_250_000
    assert "kept whole" in long.remarks[0]
    more = only(b'{"text": "x", "date": "2026-03-04", "saved_at": 1}', ".json")
    assert more.remarks == ("1 other field(s) beside date, text and kind are not taken over.",)
    kept = only(b"---\ndate: 2026-03-04\nmood: low\n---\nText", ".md")
    assert (kept.day, kept.text) == (date(2026, 3, 4), "---\ndate: 2026-03-04\nmood: low\n---\nText")


@pytest.mark.parametrize(
    ("raw", "suffix", "said"),
    [
        (b"", ".txt", "empty"),
        (b" \r\n", ".docx", "empty"),
        ("note".encode("utf-16-le") * 20, ".txt", "control characters"),
        (b"\x81\x8d\x8f", ".txt", "no text"),
        (b"\xff\xfe\x00", ".txt", "says it is Unicode"),
        (b"{", ".json", "not whole JSON"),
        (b"[]", ".json", "no note"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".docx", "older Word document"),
        (b"PK\x05\x06" + bytes(18), ".docx", "broken"),
        (_WORD[: len(_WORD) // 2], ".docx", "broken"),
    ],
)
def test_a_file_that_holds_no_note_is_refused_with_its_reason(raw: bytes, suffix: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_pieces(raw, suffix)


def test_a_text_named_twice_and_a_day_with_too_many_digits_are_refused() -> None:
    for note in ('{"date": "2025-01-01", "text": "first", "text": "second"}', '{"date": "2025-01-019", "text": "one"}'):
        (piece,) = read_pieces(note.encode(), ".json")
        assert piece.refused, note


def test_one_bad_note_in_a_list_is_refused_alone() -> None:
    notes = [{"text": "One"}, {"text": ""}, 7, {"text": "x", "date": "soon"}, {"text": "x", "kind": "party"}]
    pieces = read_pieces(json.dumps([*notes, {"text": "\ud800"}]).encode(), ".json")
    assert [bool(piece.refused) for piece in pieces] == [False, True, True, True, True, True]


@pytest.mark.parametrize(
    ("stem", "day", "remark"),
    [
        ("2026-03-04 session", date(2026, 3, 4), ""),
        ("C014_20260304", date(2026, 3, 4), ""),
        ("25-03-2026", date(2026, 3, 25), ""),
        ("03.04.2026", date(2026, 4, 3), "The date in the name is read as 3 April 2026; it could be 4 March 2026."),
        ("04-04-2026", date(2026, 4, 4), ""),
        ("03-25-2026", date(2026, 3, 25), "The date in the name is read as 25 March 2026."),
        ("2026-03-04 to 2026-03-05", None, "The name holds more than one date, so none was taken from it."),
        ("2026-02-30", None, ""),
        ("12345678", None, ""),
        ("note 7", None, ""),
    ],
)
def test_the_date_in_a_name(stem: str, day: date | None, remark: str) -> None:
    assert (day_in(stem).day, day_in(stem).remark) == (day, remark)


def test_a_client_is_found_by_a_whole_code_only() -> None:
    one, longer = (Client(code, code, AT) for code in ("C01", "C01-b"))
    clients = [one, longer]
    assert client_in(Path("c01 2026-03-04.txt"), clients) is one
    assert client_in(Path("C01-b_3.txt"), clients) is longer
    assert client_in(Path("C014.txt"), clients) is None
    assert client_in(Path("C01 letters/a.txt"), clients) is one
    assert client_in(Path("old/C01/deeper/a.txt"), clients) is None
