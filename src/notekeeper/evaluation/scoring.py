"""The scorer: one draft against one gold note.

What always holds: a draft that is not valid is scored as if it had suggested nothing; a note that was refused counts
its themes as missed; the same draft gets the same score whoever made it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from notekeeper.domain.draft import Draft, Theme, words_of
from notekeeper.domain.engine import Encoder, Vectors
from notekeeper.evaluation.gold import GoldNote
from notekeeper.evaluation.matching import assign, may_match, overlap
from notekeeper.evaluation.words import KINDS, Kind, WordLists, lacking, names_in

Alike = Callable[[Sequence[str], Sequence[str]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class NoteScore:
    """What one note adds to the figures. `matched` holds the evidence IoU of each theme found; `absent` counts codes
    suggested that the annotator marked absent; `lacking` counts words by kind; `names` identifiers shown at all."""

    style: str
    traps: tuple[str, ...]
    valid: bool
    refused: bool
    suggested: int
    gold: int
    matched: tuple[float, ...]
    absent: int
    lacking: dict[Kind, int]
    names: int
    withheld: int


class LabelVectors:
    """Cosines between labels by an encoder; each label is encoded once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def learn(self, labels: Sequence[str]) -> None:
        """Encode what is new, in one go. Raises `EngineError`."""
        new = [label for label in dict.fromkeys(labels) if label not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))

    def cosines(self, first: Sequence[str], second: Sequence[str]) -> NDArray[np.float64]:
        """Shape (first, second)."""
        self.learn([*first, *second])
        if not first or not second:
            return np.zeros((len(first), len(second)))
        one, other = (np.stack([self._known[label] for label in labels]) for labels in (first, second))
        return np.asarray(one @ other.T, np.float64)


def is_valid(draft: Draft | None, note: str) -> bool:
    """Whether there is a draft, it has the published form, and every span's text is the note's own at that place."""
    if draft is None:
        return False
    try:
        Draft.model_validate_json(draft.model_dump_json())
    except (ValidationError, ValueError):  # made without validation, or with text that JSON cannot hold
        return False
    return all(piece.stands_in(note) for item in draft.items().values() for piece in item.evidence)


def score_note(note: GoldNote, draft: Draft | None, alike: Alike, lists: WordLists) -> NoteScore:
    """The score of `draft`, None standing for an attempt that gave none, against `note`."""
    valid = draft if is_valid(draft, note.text) else None
    themes = valid.themes if valid is not None else ()
    items = list(valid.items().values()) if valid is not None else []
    counts = dict.fromkeys(KINDS, 0)
    names = 0
    for item in items:
        cited = [piece.text for piece in item.evidence]
        for kind, count in lacking(words_of(item), cited, note.identifiers, lists).items():
            counts[kind] += count
        names += len(names_in(words_of(item), note.identifiers, lists))
    return NoteScore(
        style=note.style,
        traps=note.traps,
        valid=valid is not None,
        refused=valid is not None and valid.refused is not None,
        suggested=len(themes),
        gold=len(note.themes),
        matched=matched(note, themes, alike),
        absent=len({theme.code for theme in themes} & set(note.absent)),
        lacking=counts,
        names=names,
        withheld=len(valid.withheld) if valid is not None else 0,
    )


def matched(note: GoldNote, themes: Sequence[Theme], alike: Alike) -> tuple[float, ...]:
    """The evidence IoU of each suggested theme that is one of the annotator's, greatest first."""
    if not themes:
        return ()
    wanted = [note.spans(theme) for theme in note.themes]
    found = [[(piece.start, piece.end) for piece in theme.evidence] for theme in themes]
    overlaps = np.array([[overlap(one, other) for other in wanted] for one in found])
    same = np.array([[theme.code is not None and theme.code == gold.code for gold in note.themes] for theme in themes])
    cosines = alike([theme.label for theme in themes], [theme.label for theme in note.themes])
    pairs = assign(overlaps, may_match(overlaps, cosines, same))
    return tuple(sorted((float(overlaps[pair]) for pair in pairs), reverse=True))
