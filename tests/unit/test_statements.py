"""A model's sentence for a pattern: from the cited sentences alone, checked, and withheld where it fails."""

import re
from dataclasses import replace
from threading import Event

import pytest

from notekeeper.domain import consent
from notekeeper.domain.consent import DraftPermit, permit_for_given_text
from notekeeper.domain.pattern import PatternKind
from notekeeper.domain.text import Evidence
from notekeeper.drafting import checks
from notekeeper.drafting.parts import WordingWay
from notekeeper.drafting.statements import (
    NO_SENTENCES,
    NOT_NEARER,
    OWN_NUMBER,
    VERDICT,
    Cited,
    Told,
    clause_grammar,
    provenance,
    sentence,
    word_statement,
)
from notekeeper.errors import CancelledError
from tests.unit.fakes import ScriptedWording, parts, untouchable
from tests.unit.test_permits import ALONE, kept

PERMIT = consent.permit_for_patterns("c1", ALONE, [kept(purpose=purpose) for purpose in consent.Purpose])
EARLY = "Lying awake most nights, waking again at four. Her brother Tomasz rang."
LATE = "She slept on the sofa and was awake until five. She has recovered, she says, and is calmer."


def cited(text: str, label: str, upto: int | None = None) -> Cited:
    end = text.index(".") + 1 if upto is None else upto
    evidence = (Evidence(start=0, end=end, text=text[:end]),) if end else ()
    return Cited(text, evidence, label)


def told(kind: PatternKind = PatternKind.RECURRING, first: Cited | None = None, last: Cited | None = None) -> Told:
    return Told(
        kind, "sleep", (1, 3, 4), 5, first or cited(EARLY, "Family things"), last or cited(LATE, "Other things")
    )


def answering(*answers: str, complete: bool = True) -> ScriptedWording:
    left = list(answers)
    return ScriptedWording(lambda _: left.pop(0), complete)


def worded(*answers: str, way: WordingWay = WordingWay.TAUGHT, of: Told | None = None) -> tuple[str, str, str]:
    made = word_statement(PERMIT, of or told(), parts(answering(*answers), way))
    return made.statement, made.withheld, made.reason


def test_the_starter_names_what_is_noted_first_and_last_and_the_program_counts() -> None:
    assert worded("Waking again", "Awake until") == (
        "Waking again, and later awake until: noted in 3 of 5 sessions (1, 3, 4).",
        "",
        "",
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (PatternKind.EMERGING, "newly noted from session 1, and noted in 3 of 5 sessions (1, 3, 4)."),
        (PatternKind.FADING, "(1, 3, 4); less often, or as easing, in the later notes."),
        (PatternKind.SHIFTING, "From waking again to awake until: noted in"),
    ],
)
def test_each_kind_is_said_as_what_is_noted_and_never_as_how_the_client_is(kind: PatternKind, said: str) -> None:
    statement, _, _ = worded("Waking again", "Awake until", of=told(kind))
    assert said in statement
    assert not re.search(r"\b(?:recover|better|improv|cured|fading|emerging)", statement, re.IGNORECASE)
    assert "%" not in statement


def test_where_one_name_fails_a_check_the_signed_label_stands_in_and_what_failed_is_told() -> None:
    statement, withheld, reason = worded("Wine on Friday", "Awake until")
    assert statement.startswith("Family things, and later awake until: noted in 3 of 5")
    assert (withheld, reason) == ("Wine on Friday", checks.OUTSIDE)


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        ("Tomasz rang her", checks.NAMED),
        ("Waking at 4 again", checks.NUMBER),
        ("Waking again four", OWN_NUMBER),
        ("Waking and waking", checks.REPEATS),
        ("Most waking at most", checks.REPEATS),
        ("Anxious waking", checks.FEELING),
        ('Her "waking" again', checks.QUOTED),
        ("Not waking again", checks.ADDED),
        ("Depression and waking", checks.DIAGNOSIS),
        ("", checks.EMPTY),
    ],
)
def test_what_fails_a_check_is_withheld_with_its_reason_and_counts_stand(first: str, reason: str) -> None:
    both = cited(EARLY, "Family things", len(EARLY))
    of = told(first=both, last=both)
    assert worded(first, of=of) == ("", first, reason)


def test_a_verdict_is_withheld_even_where_the_note_has_its_word() -> None:
    of = told(first=cited(LATE, "Other things", len(LATE)), last=cited(LATE, "Other things", len(LATE)))
    assert worded("Recovered and calmer", of=of) == ("", "Recovered and calmer", VERDICT)


def test_a_name_that_is_further_from_the_sentences_than_the_signed_label_gives_way() -> None:
    of = told(first=cited(EARLY, "Lying awake, waking"), last=cited(EARLY, "Lying awake, waking"))
    scripted = replace(parts(answering("Most nights")), way=WordingWay.TAUGHT)
    unsure = scripted.wording
    assert isinstance(unsure, ScriptedWording)
    word = unsure.word
    unsure.word = lambda *given: replace(word(*given), surprise=9.0)  # type: ignore[method-assign]
    made = word_statement(PERMIT, of, scripted)
    assert (made.statement, made.withheld, made.reason) == ("", "Most nights", NOT_NEARER)


def test_an_answer_that_broke_off_is_no_sentence() -> None:
    one = cited(EARLY, "Family things")
    made = word_statement(PERMIT, told(first=one, last=one), parts(answering("Waking again", complete=False)))
    assert (made.statement, made.reason) == ("", checks.CUT)


def test_themes_signed_without_sentences_reach_no_model() -> None:
    bare = cited(EARLY, "Family things", 0)
    for way in WordingWay:
        made = word_statement(PERMIT, told(first=bare, last=bare), replace(untouchable(), way=way))
        assert (made.statement, made.withheld, made.reason) == ("", "", NO_SENTENCES)


def test_a_larger_model_words_one_clause_from_both_sessions() -> None:
    said = "Lying awake most nights, and she slept on the sofa"
    assert worded(said, way=WordingWay.WORDS)[0] == f"{said}: noted in 3 of 5 sessions (1, 3, 4)."
    invented = "Lying awake most nights, and drinking on the sofa"
    assert worded(invented, way=WordingWay.WORDS) == ("", invented, checks.OUTSIDE)


@pytest.mark.parametrize("way", list(WordingWay))
def test_the_model_is_shown_the_cited_sentences_and_given_their_words_alone(way: WordingWay) -> None:
    scripted = answering("Waking again at the", "Awake until the sofa")
    word_statement(PERMIT, told(), parts(scripted, way))
    shown = "\n".join(turn.text for request in scripted.requests for turn in request.turns)
    for request in scripted.requests:
        assert "Tomasz" not in request.grammar
        assert not re.search(r"\d", request.grammar.split("\n", 1)[1])
        assert "recovered" not in request.grammar.casefold()
    assert "Lying awake most nights" in shown
    assert "Tomasz" not in shown
    assert "recovered" not in shown


@pytest.mark.parametrize("permit", [permit_for_given_text(), consent.permit_for_client("c1", ALONE, [kept()]), None])
def test_nothing_is_worded_without_a_permit_for_patterns(permit: DraftPermit) -> None:
    with pytest.raises(TypeError, match="DraftPermit for patterns"):
        word_statement(permit, told(), untouchable())


def test_it_can_be_stopped() -> None:
    stop = Event()
    stop.set()
    with pytest.raises(CancelledError):
        word_statement(PERMIT, told(), parts(answering("Waking again")), None, stop)


def test_provenance_names_model_and_prompt() -> None:
    made = provenance(parts(way=WordingWay.WORDS))
    assert (made.model, made.prompt_version) == ("scripted", "statement:2026-12-a")
    assert provenance(parts()).prompt_version == "label:2026-11-a"


def test_a_clause_needs_words() -> None:
    with pytest.raises(ValueError, match="words to choose from"):
        clause_grammar([], ["of"])
    assert sentence(told(), "Only one").startswith("Only one: noted in")
