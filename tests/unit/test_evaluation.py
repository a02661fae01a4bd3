"""The scorer against figures worked out by hand, and what must hold of it for any themes.

Owns: matching, the sums, and the words that an item's evidence lacks. Every note is invented.
"""

from collections.abc import Sequence
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from notekeeper.domain.draft import Draft, Focus, Provenance, ReadAccount, Refusal, Theme, Withheld
from notekeeper.domain.text import Evidence
from notekeeper.evaluation.figures import Figures, Talks, summed
from notekeeper.evaluation.gold import GoldNote, GoldTheme, Identifier
from notekeeper.evaluation.matching import assign, overlap
from notekeeper.evaluation.scoring import NoteScore, score_note
from notekeeper.evaluation.words import WordLists, lacking, names_in

SENTENCES = (
    "She lies awake until four.",
    "Her brother has not rung since May.",
    "We spoke of the empty flat in Leeds.",
    "Nothing tastes of anything now.",
)
TEXT = " ".join(SENTENCES)
LISTS = WordLists(
    feelings={"lone": frozenset({"lone", "empti"}), "sad": frozenset({"sad"})},
    diagnoses=frozenset({"panic disorder"}),
    theory=frozenset({"projection"}),
    risk=frozenset({"suicid"}),
    ordinary=frozenset({"may"}),
    stems=lambda text: [
        word.strip(".,").casefold().removesuffix("al").replace("empty", "empti") for word in text.split()
    ],
    singulars=lambda text: [word.strip(".,").casefold().removesuffix("s") for word in text.split()],
)


def gold(*themes: tuple[str, str | None, Sequence[int]], **more: object) -> GoldNote:
    found = [
        {"label": label, "code": code, "evidence": [SENTENCES[n] for n in places]} for label, code, places in themes
    ]
    return GoldNote.model_validate({"id": "n", "text": TEXT, "themes": found, "style": "prose", **more})


def evidence(*places: int) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(start=TEXT.index(SENTENCES[n]), end=TEXT.index(SENTENCES[n]) + len(SENTENCES[n]), text=SENTENCES[n])
        for n in places
    )


def theme(label: str, code: str | None, *places: int) -> Theme:
    return Theme(label=label, code=code, support=0.5, evidence=evidence(*places))


def draft(*themes: Theme, **more: object) -> Draft:
    account = {"read": ReadAccount(sentences=4, windows=1), "provenance": Provenance(app_version="0")}
    return Draft.model_validate({"themes": themes, **account, **more})


def alike(first: Sequence[str], second: Sequence[str]) -> NDArray[np.float64]:
    """Labels are near when they share their first word."""
    return np.array([[0.9 if one.split()[0] == other.split()[0] else 0.1 for other in second] for one in first])


NOTE = gold(
    ("Sleep broken", "sleep", [0]),
    ("Brother silent", "family", [1, 2]),
    ("Taste gone", "low_mood", [3]),
    absent=["trauma", "work"],
    traps=["negation"],
)


def test_a_hand_made_draft_gets_the_figures_worked_out_by_hand() -> None:
    made = draft(
        theme("Awake at night", "sleep", 0),  # equal code, the same evidence: IoU 1
        theme("Brother away", None, 1),  # near label; 35 of 35 + 36 characters: IoU 0.4930
        theme("Colour gone", "appetite", 3),  # the same evidence, neither label nor code: no match
        theme("Taste of work", "work", 0),  # near label, no evidence in common; a code marked absent
        withheld=[Withheld(kind="theme", text="x", reason="It fails.")],
    )
    score = score_note(NOTE, made, alike, LISTS)
    assert list(score.matched) == pytest.approx([1.0, 35 / 71])
    figures = summed("hand", [score], [2.0], failed=0, talks=None)
    assert (figures.suggested, figures.gold, figures.matched) == (4, 3, 2)
    assert [figures.precision, figures.recall] == pytest.approx([0.5, 2 / 3], abs=1e-4)
    assert figures.f1 == pytest.approx(4 / 7, abs=1e-4)
    assert figures.evidence_iou == pytest.approx((1 + 35 / 71) / 2, abs=1e-4)
    assert (figures.absent_per_100, figures.withheld, figures.valid) == (100.0, 1, 1)
    assert figures.transcripts is figures.transcripts_refused is None
    assert {trap: part.notes for trap, part in figures.by_trap.items()} == {"negation": 1}


def test_what_is_refused_misses_its_themes_and_what_is_no_draft_suggests_nothing() -> None:
    refused = draft(refused=Refusal.TRANSCRIPT)
    moved = Evidence(start=1, end=1 + len(SENTENCES[0]), text=SENTENCES[0])
    false = draft(Theme(label="Sleep broken", code="sleep", support=0.5, evidence=(moved,)))
    scores = [score_note(NOTE, made, alike, LISTS) for made in (refused, false, None)]
    assert [score.valid for score in scores] == [True, False, False]
    assert [score.refused for score in scores] == [True, False, False]
    assert [(score.suggested, score.gold) for score in scores] == [(0, 3)] * 3
    assert summed("none", scores, [], failed=1, talks=Talks(
        transcripts=2, transcripts_refused=1, lookalikes=3, lookalikes_refused=0
    )).model_dump(include={"f1", "precision", "evidence_iou", "seconds_median", "transcripts_refused"}) == {
        "f1": 0.0, "precision": 0.0, "evidence_iou": None, "seconds_median": None, "transcripts_refused": 1,
    }  # fmt: skip


def test_seconds_are_the_middle_one_and_the_ninth_of_ten() -> None:
    score = score_note(NOTE, None, alike, LISTS)
    figures = summed("slow", [score] * 10, [float(second) for second in range(10, 0, -1)], failed=0, talks=None)
    assert (figures.seconds_median, figures.seconds_p90) == (5.5, 9.0)


def test_sums_are_of_themes_and_parts_are_by_trap_and_style() -> None:
    right = score_note(gold(("Sleep broken", "sleep", [0])), draft(theme("x", "sleep", 0)), alike, LISTS)
    wrong = score_note(NOTE, draft(theme("x", "other", 0)), alike, LISTS)
    figures = summed("both", [right, wrong], [1.0, 1.0], failed=0, talks=None)
    assert figures.f1 == pytest.approx(2 / 6, abs=1e-4)
    assert {name: (part.notes, part.f1) for name, part in figures.by_trap.items()} == {
        "negation": (1, 0.0),
        "none": (1, 1.0),
    }
    assert figures.by_style["prose"].notes == 2


@pytest.mark.parametrize(
    ("text", "cited", "kind", "count"),
    [
        ("Lone evenings", [SENTENCES[3]], "feelings", 1),
        ("Lone evenings", [SENTENCES[3], SENTENCES[2]], "feelings", 0),  # "empty" stands in its group
        ("Empty evenings", [SENTENCES[3]], "feelings", 0),  # the group is not about this word
        ("Panic disorders at night", [SENTENCES[0]], "diagnoses", 1),
        ("Panic at disorder", [SENTENCES[0]], "diagnoses", 0),
        ("Projection onto the brother", [SENTENCES[1]], "theory", 1),
        ("Suicidal at night", ["Suicidal at four."], "risk", 0),
        ("Suicidal at night", ["Suicide was not spoken of.", "She slept."], "risk", 1),
        ("Sad, sad and sad", [SENTENCES[0]], "feelings", 1),
        ("Flat in Leeds", [SENTENCES[2]], "names", 0),
        ("Flat in Leeds", [SENTENCES[3]], "names", 1),
        ("Flat in leeds", [SENTENCES[3]], "names", 1),
        ("Perhaps it may pass", [SENTENCES[3]], "names", 0),
    ],
)
def test_words_are_held_against_the_item_s_own_evidence(text: str, cited: list[str], kind: str, count: int) -> None:
    identifiers = [Identifier(text="Leeds", type="PLACE"), Identifier(text="May", type="PERSON")]
    found = {str(name): number for name, number in lacking(text, cited, identifiers, LISTS).items()}
    assert found == {**dict.fromkeys(found, 0), kind: count}


def test_identifiers_shown_are_counted_in_every_item_even_with_evidence() -> None:
    note = gold(("Sleep broken", "sleep", [0]), identifiers=[{"text": "Leeds", "type": "PLACE"}])
    named = draft(theme("Flat in Leeds", None, 2), focus=Focus(text="Leeds, and sleep.", evidence=evidence(0)))
    score = score_note(note, named, alike, LISTS)
    assert (score.names, score.lacking["names"]) == (2, 1)
    assert names_in("Mr Hale-Brown and 41", [Identifier(text="Anna Hale", type="PERSON")], LISTS) == {"hale"}


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda ends: (min(ends), max(ends))), max_size=5)


@given(SPANS, SPANS)
def test_overlap_is_what_counting_characters_says(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
    one, other = ({place for start, end in spans for place in range(start, end)} for spans in (first, second))
    expected = len(one & other) / len(one | other) if one | other else 0.0
    assert overlap(first, second) == pytest.approx(expected)


TABLES = st.tuples(st.integers(0, 4), st.integers(0, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(st.sampled_from([None, 0.25, 0.5, 0.75, 1.0]), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    ).map(lambda rows: (rows, shape))
)


@given(TABLES)
def test_an_assignment_has_the_most_pairs_and_then_the_most_overlap(
    given_table: tuple[list[list[float | None]], tuple[int, int]],
) -> None:
    rows, (height, width) = given_table
    allowed = np.array([[cell is not None for cell in row] for row in rows], bool).reshape(height, width)
    overlaps = np.array([[cell or 0.0 for cell in row] for row in rows]).reshape(height, width)
    pairs = assign(overlaps, allowed)
    assert all(allowed[pair] for pair in pairs)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs) <= min(height, width)
    every = [
        list(zip(chosen, places, strict=True))
        for count in range(min(height, width) + 1)
        for chosen in combinations(range(height), count)
        for places in permutations(range(width), count)
    ]
    best = max((len(one), sum(overlaps[pair] for pair in one)) for one in every if all(allowed[pair] for pair in one))
    assert (len(pairs), sum(overlaps[pair] for pair in pairs)) == pytest.approx(best)


PLACES = st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True)
THEMES = st.lists(
    st.tuples(st.sampled_from(["Sleep x", "Brother y", "Taste z"]), st.sampled_from([None, "sleep", "family"]), PLACES),
    min_size=1,
    max_size=5,
)


def scored(note: GoldNote, made: Draft) -> NoteScore:
    return score_note(note, made, alike, LISTS)


def figures_for(score: NoteScore) -> Figures:
    return summed("any", [score], [1.0], failed=0, talks=None)


@given(THEMES)
def test_gold_against_itself_is_perfect(themes: list[tuple[str, str | None, list[int]]]) -> None:
    figures = figures_for(scored(gold(*themes), draft(*(theme(label, code, *at) for label, code, at in themes))))
    assert (figures.f1, figures.precision, figures.recall, figures.evidence_iou) == (1.0, 1.0, 1.0, 1.0)


@given(THEMES, THEMES, st.data())
def test_order_changes_nothing_and_no_theme_counts_twice(
    wanted: list[tuple[str, str | None, list[int]]], found: list[tuple[str, str | None, list[int]]], data: st.DataObject
) -> None:
    shuffled_gold, shuffled = data.draw(st.permutations(wanted)), data.draw(st.permutations(found))
    first = scored(gold(*wanted), draft(*(theme(label, code, *at) for label, code, at in found)))
    second = scored(gold(*shuffled_gold), draft(*(theme(label, code, *at) for label, code, at in shuffled)))
    assert len(first.matched) == len(second.matched) <= min(len(wanted), len(found))
    assert sum(first.matched) == pytest.approx(sum(second.matched))
    assert figures_for(first).f1 == figures_for(second).f1


def test_a_gold_theme_s_evidence_stands_where_its_span_says() -> None:
    one = GoldTheme(label="x", code=None, evidence=(SENTENCES[1], SENTENCES[3]))
    assert [TEXT[start:end] for start, end in NOTE.spans(one)] == [SENTENCES[1], SENTENCES[3]]
