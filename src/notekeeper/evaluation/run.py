"""Running contestants over a gold set, and scoring what they drafted.

What always holds: drafting and scoring are apart, so that seconds are those of drafting alone and every label is
compared by the same encoder; one note that fails does not end the run, a missing or refused model and a cancel do.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from notekeeper.domain.draft import Draft, Provenance, Refusal
from notekeeper.errors import CancelledError, EngineMissingError, ModelRefusedError, NotekeeperError
from notekeeper.evaluation.contestants import Contestant
from notekeeper.evaluation.figures import Figures, Talks, summed
from notekeeper.evaluation.gold import GoldSet
from notekeeper.evaluation.scoring import LabelVectors, score_note
from notekeeper.evaluation.words import WordLists

OnStep = Callable[[str, int, int], None]
"""Told a contestant's name, how many texts are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One text given to one contestant. `seconds` is None when an error ended it."""

    draft: Draft | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Attempts:
    """What a contestant made of a set: `notes` and `talks` in the set's order; `talks` None when it has no gate."""

    name: str
    notes: tuple[Attempt, ...]
    talks: tuple[Attempt, ...] | None


def attempt_all(contestant: Contestant, gold: GoldSet, on_step: OnStep | None = None) -> Attempts:
    """Every draft of `contestant`, its loading done before the first. Raises `EngineError` for what no other note
    could escape: a missing or refused model, a cancel."""
    texts = [note.text for note in gold.notes]
    if contestant.gated:
        texts += [talk.text for talk in gold.talks]
    made: list[Attempt] = []
    if on_step is not None:
        on_step(contestant.name, 0, len(texts))
    contestant.prepare()
    for text in texts:
        made.append(_attempt(contestant, text))
        if on_step is not None:
            on_step(contestant.name, len(made), len(texts))
    count = len(gold.notes)
    return Attempts(contestant.name, tuple(made[:count]), tuple(made[count:]) if contestant.gated else None)


def _attempt(contestant: Contestant, text: str) -> Attempt:
    began = time.perf_counter()
    try:
        draft = contestant.draft(text)
    except (CancelledError, EngineMissingError, ModelRefusedError):
        raise
    except NotekeeperError:  # counted as failed
        return Attempt(None, None)
    return Attempt(draft, time.perf_counter() - began)


def figures_of(attempts: Attempts, gold: GoldSet, labels: LabelVectors, lists: WordLists) -> Figures:
    """The contestant's figures. `labels` compares by the starter's encoder, whoever drafted. Raises `EngineError`."""
    themes = [theme.label for made in attempts.notes if made.draft is not None for theme in made.draft.themes]
    labels.learn(themes + [theme.label for note in gold.notes for theme in note.themes])
    scores = [
        score_note(note, made.draft, labels.cosines, lists)
        for note, made in zip(gold.notes, attempts.notes, strict=True)
    ]
    seconds = [made.seconds for made in attempts.notes if made.seconds is not None]
    return summed(
        attempts.name,
        scores,
        seconds,
        failed=len(attempts.notes) - len(seconds),
        talks=_talks(attempts, gold),
        made_by=_made_by(attempts),
    )


def _talks(attempts: Attempts, gold: GoldSet) -> Talks | None:
    if attempts.talks is None:
        return None
    refused = [made.draft.refused if made.draft is not None else None for made in attempts.talks]
    both = list(zip(gold.talks, refused, strict=True))
    return Talks(
        transcripts=sum(talk.transcript for talk, _ in both),
        transcripts_refused=sum(talk.transcript and refusal is Refusal.TRANSCRIPT for talk, refusal in both),
        lookalikes=sum(not talk.transcript for talk, _ in both),
        lookalikes_refused=sum(not talk.transcript and refusal is not None for talk, refusal in both),
    )


def _made_by(attempts: Attempts) -> Provenance | None:
    drafts = [made.draft for made in attempts.notes if made.draft is not None and made.draft.refused is None]
    return drafts[0].provenance if drafts and drafts[0].provenance.model is not None else None
