"""What the note denies is never offered without its denial."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notekeeper.drafting.checks import check_item
from notekeeper.drafting.denials import has_denial, only_denied
from notekeeper.drafting.machine import addresses_a_machine
from notekeeper.drafting.phrases import LEAST, MOST, candidate_phrases
from notekeeper.drafting.words import stem, unquoted, words
from tests.unit.gold import gold_notes, vocabulary


def offered(piece: str) -> list[str]:
    return candidate_phrases([piece], vocabulary(), frozenset())


@pytest.mark.parametrize(
    ("piece", "said"),
    [
        ("She no longer dreads Monday mornings.", "dreads"),
        ("Denied suicidal thoughts or plans.", "suicidal"),
        ("Denied any thoughts or plans of ending her life.", "ending"),
        ("He didn't sleep on the sofa.", "sofa"),
        ("He isn’t hearing harsh voices.", "harsh"),
        ("Has not in the last two weeks had any suicidal thoughts.", "suicidal"),
        ("Suicidal thoughts: denied.", "suicidal"),
        ("Suicidal thoughts – none today.", "suicidal"),
        ("Suicidal thoughts (denied).", "suicidal"),
        ("Suicidal thoughts denied when asked.", "suicidal"),
        ("Suicidal thoughts and urges were not present today.", "suicidal"),
        ("No suicidal thoughts, plans or intent.", "intent"),
        ("Denied cutting, burning, or hitting herself at home.", "hitting"),
        ("She has never, she says, thought about hurting herself.", "hurting"),
        ("Heavy drinking has stopped since March.", "drinking"),
        ("Panic attacks no longer happen on buses.", "attacks"),
        ("Free of suicidal thoughts since March.", "suicidal"),
        ("There is no evidence of self-harm scars.", "scars"),
        ("Rarely self-harms with razor blades now.", "razor"),
        ("Quit smoking strong cannabis.", "cannabis"),
        ("Gave up smoking strong cannabis.", "cannabis"),
        ("Nobody has hit the younger children.", "children"),
        ("Nothing about drowning or deep water troubled her.", "drowning"),
        ("She could never have left her children alone.", "children"),
        ("She is “not” suicidal now.", "suicidal"),
        ("Client said “no way” to suicidal thoughts.", "suicidal"),
        ("denied any\nsuicidal thoughts at night", "suicidal"),
        ("Ct dont want to harm other people.", "harm"),
        ("Without drinking heavily he slept.", "drinking"),
        ("Neither cutting herself nor burning her arms this week.", "burning"),
    ],
)
def test_a_denied_word_is_never_offered_without_its_denial(piece: str, said: str) -> None:
    runs = [phrase for phrase in offered(piece) if said in phrase.casefold()]
    assert all(has_denial(words(phrase)) for phrase in runs), runs


@pytest.mark.parametrize(
    ("piece", "phrase"),
    [
        ("He did not ring, but cried all night.", "cried all night"),
        ("She could not stay because the panic rose.", "panic rose"),
        ("No homework this week. Drinking every evening.", "Drinking every evening"),
        ("Lying awake and not eating.", "Lying awake"),
        ("Thoughtful today rather than angry.", "Thoughtful today rather than angry"),
        ("Drinking heavily without hiding it.", "Drinking heavily"),
        ("She no longer dreads Monday mornings.", "no longer dreads"),
    ],
)
def test_what_is_said_stays_offered(piece: str, phrase: str) -> None:
    assert phrase in offered(piece)


def test_a_word_said_elsewhere_is_not_denied() -> None:
    assert stem("drinking") in only_denied(["No drinking this week."])
    assert stem("drinking") not in only_denied(["No drinking this week.", "Drinking came up again."])


@given(st.integers(0, len(gold_notes()) - 1))
def test_every_phrase_of_a_gold_theme_is_a_run_of_its_words_and_passes_the_checks(place: int) -> None:
    for theme in gold_notes()[place]["themes"]:
        cited = [piece for piece in theme["evidence"] if not addresses_a_machine(piece)]
        spoken = [words(unquoted(piece)) for piece in cited]
        for phrase in candidate_phrases(cited, vocabulary(), frozenset()):
            run = phrase.split(" ")
            assert LEAST <= len(run) <= MOST
            assert any(run == piece[at : at + len(run)] for piece in spoken for at in range(len(piece)))
            assert check_item(phrase, cited, vocabulary(), frozenset(), least=LEAST, most=MOST) is None
