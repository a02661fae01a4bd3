"""What is proposed from a note: the figures on the invented notes, and examples that a therapist would miss."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.gb import nhs

from notekeeper.bootstrap import gold_folder
from notekeeper.domain.identifiers import Identifier, IdentifierType
from notekeeper.evaluation.gold import GoldNote, read_gold
from notekeeper.evaluation.identifiers import proposal_figures
from notekeeper.identifiers.matching import Matcher
from notekeeper.identifiers.proposing import propose
from notekeeper.identifiers.shapes import is_health_number


def notes(name: str) -> tuple[GoldNote, ...]:
    return read_gold((gold_folder() / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")).notes


def proposed(text: str) -> dict[str, IdentifierType]:
    return {one.text: one.type for one in propose(text)}


@pytest.mark.parametrize("name", [*(f"notes-{letter}" for letter in "abcdef"), "series-a", "series-b"])
def test_nineteen_of_twenty_identifiers_are_proposed_among_at_most_twenty_five(name: str) -> None:
    figures = proposal_figures(notes(name), propose)
    assert figures.recall >= 0.95
    assert figures.most <= 25


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She told Priya on the way home.", {"Priya": "person"}),
        ("Wants Mrs Lindqvist to ring.", {"Mrs Lindqvist": "person"}),
        ("Her manager, Dr M, was away.", {"Dr M": "person"}),
        ("Ash (19) said 'they', flatly.", {"Ash": "person", "19": "age"}),
        ("Moved from whitby in the spring.", {"whitby": "place", "in the spring": "date"}),
        ("Sent to 14 Ferncliffe Terrace today.", {"14 Ferncliffe Terrace": "place"}),
        ("fell out with st mary's school again", {"st mary's school": "org"}),
        ("She is at Hartwell Logistics now.", {"Hartwell Logistics": "org"}),
        ("He is in his mid-thirties.", {"mid-thirties": "age"}),
        ("Turned forty and told nobody.", {"forty": "age"}),
        ("his seven-year-old asked why", {"seven-year-old": "age"}),
        ("8yo at home, ct 44, sleeps badly", {"8yo": "age", "44": "age"}),
        ("Father died on the 3rd.", {"the 3rd": "date"}),
        ("off work since w/c 6 Jan", {"w/c 6 Jan": "date"}),
        ("no meds since jan, born 17/08/1985", {"jan": "date", "17/08/1985": "date"}),
        ("Ring 07700 900 418 or m.oduya@example.org", {"07700 900 418": "contact", "m.oduya@example.org": "contact"}),
        ("posts as @quiet_one, see www.example.org/me", {"@quiet_one": "contact", "www.example.org/me": "contact"}),
        ("NHS no. 943 476 5919, lives at KX19 0ZZ", {"943 476 5919": "other", "KX19 0ZZ": "place"}),
        ("car is KX19 ABC, ref TT-30617", {"KX19 ABC": "other", "TT-30617": "other"}),
    ],
)
def test_what_may_tell_who_somebody_is_is_proposed(text: str, found: dict[str, str]) -> None:
    assert {key: kind.value for key, kind in proposed(text).items()} == found


@pytest.mark.parametrize(
    "text",
    [
        "Client came in angry. Talked about sleep.",
        "PHQ 15, GAD 7/10, session 5/6, nil SI.",
        "Pain was 7/10 for 20 minutes, took 2 tablets.",
        "S: Slept badly.\nO: Quiet.\nA: Low.\nP: Same time.",
        "I said I'd wait. Then silence.",
    ],
)
def test_what_tells_nobody_is_not(text: str) -> None:
    assert proposed(text) == {}


@settings(deadline=None)
@given(st.text(max_size=400))
def test_a_proposal_is_verbatim_and_none_overlaps_another(text: str) -> None:
    last = 0
    for one in propose(text):
        assert text[one.start : one.end] == one.text
        assert last <= one.start < one.end
        last = one.end


@pytest.mark.parametrize("piece", ["1-", "a.", "a-", "0-", "X1", "Aa ", "aged 1, ", "1 and ", "(1,", "a\u200b", "+44 "])
def test_no_text_makes_reading_it_grow_faster_than_itself(piece: str) -> None:
    """Within the file's time limit; a rule that went through the rest from every place would take minutes here."""
    matcher = Matcher([Identifier(text=text) for text in ("m.oduya@example.org", "07700 900123", "Margaret Holloway")])
    text = piece * 30_000
    propose(text)
    matcher.matches(text)


def test_a_long_note_is_read_in_time_that_grows_with_it() -> None:
    """A counted bound, since seconds differ: ten times the text gives ten times the proposals, none lost."""
    once = "She told Priya on 4 July that he is forty-two. "
    assert len(propose(once * 100)) == 100 * len(propose(once))


@given(st.from_regex(r"\A[0-9]{9}\Z"), st.integers(0, 9))
def test_the_check_digit_of_a_health_number_is_the_one_that_is_known(figures: str, digit: int) -> None:
    assert is_health_number(f"{figures}{digit}") is nhs.is_valid(f"{figures}{digit}")
