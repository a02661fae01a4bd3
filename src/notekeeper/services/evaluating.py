"""Scoring models and baselines on gold notes, so that a therapist can see what to expect of drafts before trusting one.

What always holds: every model runs the whole pipeline that drafts a note, with the permit for text of no client;
models run one after another, each ended before the next is loaded; nothing is kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from notekeeper.domain.draft import Draft
from notekeeper.domain.engine import Encoder, Wording
from notekeeper.drafting.parts import DraftingParts
from notekeeper.drafting.sentences import split_sentences
from notekeeper.drafting.wordlists import WordLists, singular
from notekeeper.drafting.words import Vocabulary, stem, words
from notekeeper.errors import UsageError
from notekeeper.evaluation import words as scored
from notekeeper.evaluation.bare import Bare
from notekeeper.evaluation.contestants import Contestant, Copy
from notekeeper.evaluation.figures import Figures
from notekeeper.evaluation.gold import GoldSet, read_gold
from notekeeper.evaluation.grouping import Linear, LinearHead, Similarity
from notekeeper.evaluation.run import Attempts, OnStep, attempt_all, figures_of
from notekeeper.evaluation.scoring import LabelVectors
from notekeeper.services.drafting import suggest

OpenParts = Callable[[str], AbstractContextManager[DraftingParts]]


class Baseline(StrEnum):
    """The rules that a model has to beat; docs/evaluation.md says what each does."""

    LINEAR = "linear"
    SIMILARITY = "similarity"
    COPY = "copy"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What all are measured by, and what baselines are made of. `encoder` and `wording` are the starter's as they come,
    without parts of notekeeper's own."""

    encoder: Encoder
    wording: Wording
    head: LinearHead
    descriptions: Mapping[str, str]
    lists: scored.WordLists


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model of the catalogue in the pipeline that drafts notes, gate and checks included."""

    name: str
    parts: DraftingParts
    gated: bool = True

    def prepare(self) -> None:
        """Wait until both models are loaded."""
        self.parts.encoder.facts()
        self.parts.wording.facts()

    def draft(self, note: str) -> Draft | None:
        """What `notekeeper suggest` gives. Raises `EngineError`, `UsageError`."""
        return suggest(note, self.parts)


def development_set(folder: Path) -> GoldSet:
    """The notes in the files of that folder that nothing was trained on, and its transcripts."""
    paths = [path for kind in ("notes-*", "series-*", "transcripts") for path in sorted(folder.glob(f"{kind}.jsonl"))]
    return read_gold(line for path in paths for line in path.read_text(encoding="utf-8").split("\n")).development()


def given_set(text: str) -> GoldSet:
    """The gold notes of a file that the user brought. Raises `UsageError` naming the first wrong line."""
    return read_gold(text.split("\n"))


def evaluate(
    gold: GoldSet,
    models: Sequence[str],
    baselines: Sequence[Baseline],
    *,
    open_parts: OpenParts,
    open_yardstick: Callable[[], AbstractContextManager[Yardstick]],
    on_step: OnStep | None = None,
) -> list[Figures]:
    """Figures of each model, then of each baseline, in the order given. Raises `UsageError`, `EngineError`."""
    if not models and not baselines:
        raise UsageError("Name a model or a baseline to score. Nothing was done.")
    attempts: list[Attempts] = []
    for model in dict.fromkeys(models):
        with open_parts(model) as parts:
            attempts.append(attempt_all(InstalledModel(model, parts), gold, on_step))
    with open_yardstick() as yardstick:
        attempts += [attempt_all(one, gold, on_step) for one in _baselines(dict.fromkeys(baselines), yardstick)]
        labels = LabelVectors(yardstick.encoder)
        return [figures_of(made, gold, labels, yardstick.lists) for made in attempts]


def _baselines(named: Mapping[Baseline, None], by: Yardstick) -> Iterator[Contestant]:
    for baseline in named:
        match baseline:
            case Baseline.LINEAR:
                yield Linear(by.head, by.encoder, by.descriptions, split_sentences)
            case Baseline.SIMILARITY:
                yield Similarity(by.encoder, by.descriptions, split_sentences)
            case Baseline.COPY:
                yield Copy()
            case Baseline.BARE:
                yield Bare(by.wording, split_sentences)


def lists_to_score_by(lists: WordLists, vocabulary: Vocabulary) -> scored.WordLists:
    """The word lists of the checks, for the scorer."""
    return scored.WordLists(
        feelings=lists.feelings,
        diagnoses=lists.diagnoses,
        theory=lists.theory,
        risk=lists.risk,
        ordinary=vocabulary.lexicon | vocabulary.neutral,
        stems=lambda text: [stem(word) for word in words(text)],
        singulars=lambda text: [singular(word) for word in words(text)],
    )
