"""What is scored and who drafts it: reading gold notes, running contestants, the baselines.

Owns: that a wrong line is named and never quoted, that one failing note ends nothing, and what each baseline suggests
when its models answer as a test says. Every note is invented.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from notekeeper.domain.draft import Draft, Refusal
from notekeeper.domain.text import Sentence
from notekeeper.errors import CancelledError, EngineError, ModelRefusedError, UsageError
from notekeeper.evaluation.bare import Bare, whole_grammar
from notekeeper.evaluation.contestants import Copy, themes_alone
from notekeeper.evaluation.gold import for_development, read_gold
from notekeeper.evaluation.grouping import Linear, LinearHead, Similarity, grouped, read_linear_head
from notekeeper.evaluation.run import attempt_all, figures_of
from notekeeper.evaluation.scoring import LabelVectors
from notekeeper.evaluation.words import WordLists
from tests.unit.fakes import NOTE, TOPICS, ScriptedWording, TopicEncoder

WORD = "Wisteria"
NO_LISTS = WordLists({}, frozenset(), frozenset(), frozenset(), frozenset(), str.split, str.split)


def split(note: str) -> list[Sentence]:
    ends = [place + 1 for place, letter in enumerate(note) if letter == "."]
    spans = zip([0, *(end + 1 for end in ends)], ends, strict=False)
    return [Sentence(n, start, end, note[start:end]) for n, (start, end) in enumerate(spans, start=1)]


def line(name: str = "a", **changed: object) -> str:
    theme = {"label": "Sleep broken", "code": "sleep", "evidence": [f"{WORD} lay awake."]}
    return json.dumps({"id": name, "text": f"{WORD} lay awake. Later slept.", "themes": [theme], **changed})


def talk(transcript: object) -> str:
    return json.dumps({"text": f"{WORD}: hello.", "transcript": transcript})


def test_notes_series_and_talks_are_read_from_the_same_lines() -> None:
    series = json.dumps({"client_code": "X", "sessions": [json.loads(line("b")), json.loads(line("c"))]})
    gold = read_gold([line("a"), "", series, talk(True), talk(False)])
    assert [note.id for note in gold.notes] == ["a", "b", "c"]
    assert [one.transcript for one in gold.talks] == [True, False]
    kept = [name for name in "abc" if for_development(name)]
    assert [note.id for note in gold.development().notes] == kept


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("{" + WORD, "JSON"),
        ("[" * 100_000, "JSON"),
        (f'["{WORD}"]', "object"),
        (line(themes=[]), "themes"),
        (line(themes=[{"label": WORD, "code": None, "evidence": []}]), "themes.0.evidence"),
        (line(themes=[{"label": WORD, "code": None, "evidence": [f"{WORD} slept well."]}]), "does not stand"),
        (line(identifiers=[{"text": f"{WORD}x", "type": "PERSON"}]), "does not stand"),
        (line(text="\ud800 broken"), "text"),
        (line(style=[WORD]), "style"),
        (json.dumps({"sessions": [WORD]}), "not an object"),
        (line("a"), "before"),
        (talk(WORD), "transcript"),
    ],
)
def test_a_wrong_line_is_named_by_its_number_and_never_quoted(wrong: str, fault: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_gold([line("a"), "", wrong])
    assert str(raised.value).startswith("Line 3 of the set")
    assert fault in str(raised.value)
    assert WORD not in str(raised.value)


def test_a_set_without_a_note_is_refused() -> None:
    with pytest.raises(UsageError, match="no gold note"):
        read_gold([talk(True), " "])


def test_a_limit_takes_evenly_and_both_kinds_of_talk() -> None:
    names = [f"n{number}" for number in range(10)]
    gold = read_gold([*map(line, names), *(talk(place % 2 == 0) for place in range(8))]).limited(5)
    assert [note.id for note in gold.notes] == names[::2]
    assert [one.transcript for one in gold.talks] == [True, True, True, False, False]
    assert gold.limited(None) is gold
    assert len(gold.limited(99).notes) == 5


@dataclass
class Scripted:
    """A contestant that does with each text what a test says."""

    answers: Mapping[str, Draft | Exception | None]
    gated: bool = True
    name: str = "scripted"
    asked: list[str] = field(default_factory=list)

    def prepare(self) -> None:
        self.asked.append("prepare")

    def draft(self, note: str) -> Draft | None:
        self.asked.append(note)
        answer = self.answers[note]
        if isinstance(answer, Exception):
            raise answer
        return answer


SET = read_gold([line("a"), line("b", text=f"{WORD} lay awake. Never slept."), talk(True), talk(False)])
FIRST, SECOND, TALK = SET.notes[0].text, SET.notes[1].text, SET.talks[0].text
REFUSED = themes_alone([], 1).model_copy(update={"refused": Refusal.TRANSCRIPT})


def test_one_note_that_fails_is_counted_and_the_rest_goes_on() -> None:
    steps: list[tuple[str, int, int]] = []
    contestant = Scripted({FIRST: EngineError("Too long."), SECOND: themes_alone([], 2), TALK: REFUSED})
    made = attempt_all(contestant, SET, lambda *step: steps.append(step))
    assert contestant.asked[0] == "prepare"
    assert steps == [("scripted", done, 4) for done in range(5)]
    figures = figures_of(made, SET, LabelVectors(TopicEncoder()), NO_LISTS)
    assert (figures.failed, figures.valid, figures.notes) == (1, 1, 2)
    assert (figures.transcripts_refused, figures.lookalikes_refused) == (1, 1)
    assert figures.seconds_median is not None


@pytest.mark.parametrize("error", [CancelledError("Stopped."), ModelRefusedError("Not the one.")])
def test_what_no_note_could_escape_ends_the_run(error: Exception) -> None:
    with pytest.raises(type(error)):
        attempt_all(Scripted({FIRST: error}), SET)


def test_talks_are_put_only_to_a_contestant_that_refuses() -> None:
    contestant = Scripted({FIRST: themes_alone([], 1), SECOND: None}, gated=False)
    made = attempt_all(contestant, SET)
    assert TALK not in contestant.asked
    figures = figures_of(made, SET, LabelVectors(TopicEncoder()), NO_LISTS)
    assert (figures.transcripts, figures.lookalikes_refused, figures.failed, figures.valid) == (None, None, 0, 1)


def test_each_label_is_encoded_once() -> None:
    encoder = TopicEncoder()
    labels = LabelVectors(encoder)
    assert labels.cosines(["sleep", "wine"], ["sleep", "sleep"]).round(3).tolist() == [[1.0, 1.0], [0.0, 0.0]]
    assert labels.cosines([], ["sleep"]).shape == (0, 1)
    assert encoder.texts == ["sleep", "wine"]


def themes(draft: Draft | None, note: str = NOTE) -> list[tuple[str, list[str]]]:
    assert draft is not None
    assert all(piece.stands_in(note) for theme in draft.themes for piece in theme.evidence)
    return [(theme.label, [piece.text.split()[0] for piece in theme.evidence]) for theme in draft.themes]


def test_copy_is_the_note_with_its_first_six_words() -> None:
    padded = f"  {NOTE}\n"
    (theme,) = themes(Copy().draft(padded), padded)
    assert theme == ("Client came on time and sat", ["Client"])
    assert themes(Copy().draft(" \n")) == []


def test_similarity_groups_sentences_by_the_nearest_description() -> None:
    found = dict(themes(Similarity(TopicEncoder(), TOPICS, split).draft(NOTE)))
    assert found == {TOPICS["sleep"]: ["Lying"], TOPICS["family"]: ["Has", "Crossed"], TOPICS["drinking"]: ["Drank"]}
    assert themes(Similarity(TopicEncoder(), TOPICS, split).draft("")) == []


def test_linear_reads_a_sentence_with_its_neighbours() -> None:
    size = len(TOPICS) + 1
    weights = np.zeros((2, 3 * size), np.float32)
    weights[0, 0] = 8.0  # the first topic in the sentence itself
    weights[1, size] = 8.0  # the first topic in the sentence before
    head = LinearHead(("here", "after"), weights, np.full(2, -4.0, np.float32), 1.0)
    found = dict(themes(Linear(head, TopicEncoder(), {"here": "Sleep", "after": "What follows"}, split).draft(NOTE)))
    assert found == {"Sleep": ["Lying"], "What follows": ["Has"]}
    assert themes(Linear(head, TopicEncoder(), {}, split).draft("")) == []


def test_groups_are_few_salient_and_bounded() -> None:
    chances = np.zeros((12, 6), np.float32)
    chances[:, 0] = 0.5
    chances[3, 1], chances[4, 1] = 0.9, 0.2  # under a quarter of the strongest
    chances[5, 2] = 0.29  # not salient
    chances[6, 3], chances[7, 4], chances[8, 5] = 0.8, 0.7, 0.6  # the last is a fifth code
    assert grouped(chances) == [(0, (0, 1, 2, 3, 4, 5)), (1, (3,)), (3, (6,)), (4, (7,))]


def test_a_damaged_head_is_refused() -> None:
    with pytest.raises(ModelRefusedError, match="damaged"):
        read_linear_head(b"no head")


def answer(*found: tuple[str, Sequence[int]]) -> str:
    return json.dumps({"themes": [{"label": label, "sentences": list(numbers)} for label, numbers in found]})


def test_bare_asks_once_over_numbered_sentences() -> None:
    wording = ScriptedWording(lambda _: answer(("Sleep", [2]), ("Mother", [4, 3, 4])))
    assert themes(Bare(wording, split).draft(NOTE)) == [("Sleep", ["Lying"]), ("Mother", ["Has", "Crossed"])]
    (request,) = wording.requests
    assert request.turns[0].text.splitlines()[1].startswith("2. Lying awake")
    assert request.grammar == whole_grammar(5)
    assert '"5"' in request.grammar
    assert '"6"' not in request.grammar


@pytest.mark.parametrize("said", ['{"themes":[{"label":"Sl', "", "[]", answer(("Sleep", [])), answer(("", [1]))])
def test_an_answer_that_is_no_draft_gives_none(said: str) -> None:
    assert Bare(ScriptedWording(lambda _: said), split).draft(NOTE) is None
