"""Patterns of the invented series worded by the real starter, and by a stand-in that writes whatever it likes."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from threading import Event, Timer

import pytest

from notekeeper.config import resource
from notekeeper.domain import consent
from notekeeper.domain.engine import WordingRequest
from notekeeper.domain.pattern import Pattern, SignedTheme, themes_given
from notekeeper.domain.text import Evidence
from notekeeper.drafting.context import in_context
from notekeeper.drafting.parts import DraftingParts, WordingWay
from notekeeper.drafting.sentences import split_sentences
from notekeeper.drafting.statements import Cited, Told, counted, word_statement
from notekeeper.drafting.words import name_like, stem, stems, words
from notekeeper.errors import CancelledError
from notekeeper.patterns.finding import find_patterns
from tests.forms import many
from tests.unit.fakes import ScriptedWording
from tests.unit.test_permits import ALONE, kept

PERMIT = consent.permit_for_patterns("c1", ALONE, [kept(purpose=purpose) for purpose in consent.Purpose])
OF_THE_PROGRAM = frozenset(
    "from to and later with newly noted in of sessions session less often or as easing the notes".split()
)


def told(series: int) -> Iterator[tuple[Pattern, Told]]:
    """The patterns of one invented series, as they go to a model."""
    lines = resource("models/starter/data/series-a.jsonl").read_text(encoding="utf-8").splitlines()
    sessions = json.loads(lines[series])["sessions"]
    themes: list[SignedTheme] = []
    for place, session in enumerate(sessions):
        for theme in session["themes"]:
            spans = [(session["text"].find(piece), piece) for piece in theme["evidence"]]
            evidence = tuple(Evidence(start=at, end=at + len(piece), text=piece) for at, piece in spans if at >= 0)
            themes.append(SignedTheme(place, theme["label"], theme["code"], theme.get("trend"), evidence))
    for pattern in find_patterns(themes_given(len(sessions), tuple(themes))):
        cited = [
            Cited(
                sessions[place]["text"],
                tuple(e for t in themes if t.session == place and t.code == pattern.code for e in t.evidence),
                next(t.label for t in themes if t.session == place and t.code == pattern.code),
            )
            for place in (pattern.sessions[0], pattern.sessions[-1])
        ]
        numbers = tuple(place + 1 for place in pattern.sessions)
        yield pattern, Told(pattern.kind, pattern.code, numbers, len(sessions), *cited)


def assert_honest(statement: str, one: Told, parts: DraftingParts) -> None:
    """Every content word stands in the cited sentences or in a signed label, no name does, counts are the program's."""
    ending = f": {counted(one.kind, one.numbers, one.total)}."
    assert statement.endswith(ending)
    clause = statement.removesuffix(ending)
    sessions = (one.first, one.last)
    read = [piece for each in sessions for piece in in_context(each.text, each.evidence)]
    labels = [each.label for each in sessions]
    assert [word for word in parts.vocabulary.outside(clause, [*read, *labels]) if word not in OF_THE_PROGRAM] == []
    names = frozenset[str]().union(*(name_like(split_sentences(e.text), parts.vocabulary) for e in sessions))
    own = stems(" ".join(labels))
    assert [w for w in words(clause) if w.casefold() in names and stem(w) not in own] == []
    assert not any(character.isdigit() for word in words(clause) if stem(word) not in own for character in word)
    assert not any(mark in statement for mark in '"“”%')


def test_the_starter_words_patterns_from_their_sentences_alone(starter: DraftingParts) -> None:
    found = [(one, word_statement(PERMIT, one, starter)) for _, one in list(told(0))[: many(4, 40)]]
    worded = [(one, made) for one, made in found if made.statement]
    assert worded
    for one, made in worded:
        assert_honest(made.statement, one, starter)
    for _, made in found:
        assert made.statement or made.reason
        assert bool(made.withheld) <= bool(made.reason)


def test_the_same_pattern_is_worded_the_same(starter: DraftingParts) -> None:
    _, one = next(told(0))
    assert word_statement(PERMIT, one, starter) == word_statement(PERMIT, one, starter)


def test_a_larger_models_way_holds_the_real_model_to_the_same_words(starter: DraftingParts) -> None:
    freely = replace(starter, way=WordingWay.WORDS)
    for _, one in list(told(1))[: many(2, 20)]:
        made = word_statement(PERMIT, one, freely)
        assert made.statement or made.reason
        if made.statement:
            assert_honest(made.statement, one, freely)


@pytest.mark.parametrize("way", [WordingWay.TAUGHT, WordingWay.WORDS])
def test_whatever_a_model_writes_what_is_shown_stands_in_the_sentences(starter: DraftingParts, way: WordingWay) -> None:
    """Words of this evidence, of other notes, names, numbers, verdicts, feelings and denials, thrown together."""
    chance = random.Random(7)
    foreign = (
        "recovered cured better Hannah suicidal depressed not no never 60 percent “quoted” dreading Tuesday".split()
    )

    def anything(request: WordingRequest) -> str:
        given = words(request.turns[0].text)
        chosen = [chance.choice(given if chance.random() < 0.8 else foreign) for _ in range(chance.randint(1, 12))]
        return " ".join(chosen).capitalize()

    parts = replace(starter, wording=ScriptedWording(anything), way=way)
    shown = withheld = 0
    for series in (0, 1, 2):
        for _, one in told(series):
            for _ in range(many(4, 60)):
                made = word_statement(PERMIT, one, parts)
                shown, withheld = shown + bool(made.statement), withheld + bool(made.withheld)
                if made.statement:
                    assert_honest(made.statement, one, parts)
                    assert "recover" not in made.statement.casefold()
    assert withheld > shown


def test_it_stops_while_the_real_model_writes(starter: DraftingParts) -> None:
    stop = Event()
    timer = Timer(0.05, stop.set)
    timer.start()
    with pytest.raises(CancelledError):
        all(word_statement(PERMIT, one, starter, None, stop) for _, one in cycle(list(told(0))))
    timer.join()
