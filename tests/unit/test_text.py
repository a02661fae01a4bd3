"""Spans and what a terminal would obey; client codes and note references."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from notekeeper.domain.note import client_code, note_reference
from notekeeper.domain.text import Evidence, visible
from notekeeper.errors import UsageError

OBEYED = [*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x61C, *range(0x200E, 0x2010), *range(0x2028, 0x202F)]
OBEYED += [*range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC), 0x200B, 0xE0001, 0xE0041, 0xD800, 0xE000]
HARMLESS = set("\n\t")


@pytest.mark.line(23)
@given(st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from([chr(c) for c in OBEYED]))))
def test_nothing_that_a_terminal_obeys_survives(text: str) -> None:
    shown = visible(text)
    for character in shown:
        if character not in HARMLESS and character not in "\u200c\u200d":
            assert unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert visible(shown) == shown


@pytest.mark.line(23)
@pytest.mark.parametrize("code", OBEYED)
def test_each_control_escape_and_direction_mark_is_shown_by_its_number(code: int) -> None:
    shown = visible(f"a{chr(code)}b")
    if chr(code) in "\n\t\r\u2028\u2029":
        assert shown in {"a\nb", "a\tb"}
    else:
        assert shown == f"a⟨U+{code:04X}⟩b"


def test_what_a_therapist_types_stays_as_it_is() -> None:
    text = "Zoë’s 4½ hours – “naïve”\tGrüße, 来访者 👩\u200d👧 cafe\u0301"
    assert visible(text) == text


def test_an_escape_sequence_becomes_harmless() -> None:
    assert visible("\x1b[2J\x1b]0;x\x07gone\r\nnext\rlast") == "⟨U+001B⟩[2J⟨U+001B⟩]0;x⟨U+0007⟩gone\nnext\nlast"


@pytest.mark.parametrize(("start", "end", "text"), [(-1, 2, "abc"), (0, 2, "abc"), (3, 3, ""), (4, 3, "a")])
def test_evidence_whose_span_and_text_disagree_is_refused(start: int, end: int, text: str) -> None:
    with pytest.raises(ValidationError):
        Evidence(start=start, end=end, text=text)


@given(st.text(min_size=1), st.data())
def test_evidence_stands_only_at_its_own_place(note: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(note) - 1))
    end = data.draw(st.integers(start + 1, len(note)))
    piece = Evidence(start=start, end=end, text=note[start:end])
    assert piece.stands_in(note)
    assert not piece.stands_in(note[: end - 1])


@pytest.mark.parametrize("code", ["C014", "a", "7", "demo-01", "A_b-9", "x" * 24])
def test_client_codes(code: str) -> None:
    assert client_code(code) == code


@pytest.mark.parametrize("code", ["", "x" * 25, "-a", "_a", "Anna Smith", "a/1", "é", "a\n", "a.b", "٣", "\x1b"])
def test_what_is_no_client_code_is_not_repeated(code: str) -> None:
    with pytest.raises(UsageError) as refused:
        client_code(code)
    assert len(code) < 4 or code not in str(refused.value)


def test_note_references() -> None:
    assert note_reference("C014/3") == ("C014", 3)
    assert note_reference("demo-01/000012") == ("demo-01", 12)


@given(st.text(st.sampled_from("C01/-+.٣ é²\n"), max_size=12))
def test_a_reference_is_a_code_and_a_number_or_refused(raw: str) -> None:
    try:
        code, number = note_reference(raw)
    except UsageError:
        return
    assert raw.startswith(f"{code}/")
    assert raw[len(code) + 1 :].isascii()
    assert int(raw[len(code) + 1 :]) == number


@pytest.mark.parametrize(
    "raw", ["C014", "C014/", "/3", "C014/x", "C014/-1", "C014/²", "C014/1234567", "a/b/1", "C1/1\n"]
)
def test_what_is_no_reference(raw: str) -> None:
    with pytest.raises(UsageError):
        note_reference(raw)
