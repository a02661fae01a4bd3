"""Known identifiers are found in every spelling, and ordinary words are not taken for them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notekeeper.domain.identifiers import Identifier, IdentifierType
from notekeeper.identifiers.matching import Matcher

KNOWN = (
    ("Margaret Holloway", "person"),
    ("Mary Ann", "person"),
    ("Siân", "person"),
    ("Will", "person"),
    ("J.B.", "person"),
    ("Mark Bell", "person"),
    ("07700 900123", "contact"),
    ("m.oduya@example.org", "contact"),
    ("17/08/1985", "date"),
    ("2014–17", "date"),
    ("36", "age"),
    ("943 476 5919", "other"),
    ("KX19 0ZZ", "place"),
    ("St Bede's Hospital", "org"),
)
MATCHER = Matcher([Identifier(text=text, type=IdentifierType(kind)) for text, kind in KNOWN])


def found(text: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], KNOWN[one.known][0]) for one in MATCHER.matches(text)]


@pytest.mark.parametrize(
    ("text", "spelling", "known"),
    [
        ("Margaret's sister", "Margaret", "Margaret Holloway"),
        ("the Holloways came", "Holloways", "Margaret Holloway"),
        ("MAGGIE rang", "MAGGIE", "Margaret Holloway"),
        ("peggy rang", "peggy", "Margaret Holloway"),
        ("Margart rang", "Margart", "Margaret Holloway"),
        ("Margarte rang", "Margarte", "Margaret Holloway"),
        ("Mar\u00adga\u200bret rang", "Mar\u00adga\u200bret", "Margaret Holloway"),
        ("with Mar-\ngaret", "Mar-\ngaret", "Margaret Holloway"),
        ("Mary-Ann", "Mary-Ann", "Mary Ann"),
        ("MaryAnn", "MaryAnn", "Mary Ann"),
        ("Mary\nAnn", "Mary\nAnn", "Mary Ann"),
        ("Mray Ann", "Mray Ann", "Mary Ann"),
        ("Sian", "Sian", "Siân"),
        ("Sia\u0302n’s", "Sia\u0302n", "Siân"),
        ("\uff33\uff29\uff21\uff2e", "\uff33\uff29\uff21\uff2e", "Siân"),
        ("where there is a will", "will", "Will"),
        ("told JB and left", "JB", "J.B."),
        ("J. B. left", "J. B", "J.B."),
        ("on +44 (0)7700 900 123", "+44 (0)7700 900 123", "07700 900123"),
        ("on 0770 090 0123", "0770 090 0123", "07700 900123"),
        ("on 07700 900132", "07700 900132", "07700 900123"),
        ("wrote to Oduya", "Oduya", "m.oduya@example.org"),
        ("born 17 Aug 85", "17 Aug 85", "17/08/1985"),
        ("on August 17th she", "August 17th", "17/08/1985"),
        ("1985-08-17", "1985-08-17", "17/08/1985"),
        ("in 2014-17 he", "2014-17", "2014–17"),
        ("she is thirty-six", "thirty-six", "36"),
        ("9434765919", "9434765919", "943 476 5919"),
        ("kx190zz", "kx190zz", "KX19 0ZZ"),
        ("at st bedes hospital", "st bedes hospital", "St Bede's Hospital"),
    ],
)
def test_every_spelling_is_found(text: str, spelling: str, known: str) -> None:
    assert found(text) == [(spelling, known)]


@pytest.mark.parametrize(
    "text",
    [
        "a mark was left, the bell rang",  # parts of a name that are words, in small letters
        "session 36, a score of 36 in 36 minutes",
        "marvellous hollow ways, an anchor, in 2014 and 2017",
        "She wills it. A wall, a well, a mill.",
        "SI denied",
        "jb is how it sounds",
    ],
)
def test_ordinary_words_and_counts_are_not_taken_for_them(text: str) -> None:
    assert found(text) == []


@settings(deadline=None)
@given(
    name=st.sampled_from(["Zbigniewa", "Altrincham", "Okonjorova", "Ferncliffe"]),
    place=st.integers(1, 7),
    letter=st.sampled_from("aeinorst"),
    way=st.integers(0, 3),
    before=st.sampled_from(["", "told ", "about ", "“"]),
)
def test_one_letter_wrong_missing_added_or_exchanged_is_found(
    name: str, place: int, letter: str, way: int, before: str
) -> None:
    edited = (
        name[:place] + letter + name[place + 1 :],
        name[:place] + name[place + 1 :],
        name[:place] + letter + name[place:],
        name[:place] + name[place + 1] + name[place] + name[place + 2 :],
    )[way]
    matcher = Matcher([Identifier(text=name, type=IdentifierType.PERSON)])
    text = f"{before}{edited}, twice"
    assert [text[one.start : one.end] for one in matcher.matches(text)] == [edited]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_matches_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    last = 0
    for one in MATCHER.matches(text):
        assert last <= one.start < one.end <= len(text)
        last = one.end
