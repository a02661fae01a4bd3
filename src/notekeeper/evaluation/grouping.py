"""Two baselines that group sentences by code: the linear reading head, and nearness to the codes' descriptions.

What always holds: both group by the same rule and label a theme by its code's description. The rule and the reader of
the head's file are kept here apart from the reading that drafts use, so that a baseline stays what it was when that
changes.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from notekeeper.domain.draft import Draft, Theme
from notekeeper.domain.engine import Encoder, Vectors
from notekeeper.domain.text import Sentence
from notekeeper.errors import ModelRefusedError
from notekeeper.evaluation.contestants import Splitter, cited, themes_alone

WINDOW_SENTENCES, THEMES_A_WINDOW, MAX_EVIDENCE = 40, 4, 6
MIN_CHANCE, MIN_SALIENCE, NEAR_STRONGEST = 0.1, 0.3, 0.25
"""As the first starter had them; set for the linear head on the development notes, and left so for nearness."""
Chances = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LinearHead:
    """`weights` (codes, 3 x vector length) for a sentence, the one before and the one after; `bias` (codes,);
    `neighbour` scales the last two."""

    codes: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    neighbour: float


def read_linear_head(content: bytes) -> LinearHead:
    """The head from the bytes of `models/starter/reading-head.npz`. Raises `ModelRefusedError`."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as parts:
            about = json.loads(bytes(parts["about"]).decode())
            weights, bias = parts["weights"].astype(np.float32), parts["bias"].astype(np.float32)
        head = LinearHead(tuple(about["codes"]), weights, bias, float(about["neighbour"]))
    except Exception as error:  # damaged bytes meet every fault that zip, NumPy and JSON readers know
        raise ModelRefusedError("The linear reading head is damaged. Reinstalling notekeeper puts it back.") from error
    if head.weights.ndim != 2 or not len(head.codes) == len(head.weights) == head.bias.size:
        raise ModelRefusedError("The linear reading head is damaged. Reinstalling notekeeper puts it back.")
    return head


@dataclass
class Linear:
    """The reading head, one linear layer over the encoder; a theme is the sentences of one code."""

    head: LinearHead
    encoder: Encoder
    descriptions: Mapping[str, str]
    split: Splitter
    name: str = "linear"
    gated: bool = False

    def prepare(self) -> None:
        """Load the encoder."""
        self.encoder.facts()

    def draft(self, note: str) -> Draft | None:
        """Themes by code, most salient first."""
        sentences = self.split(note)
        vectors = self.encoder.encode([sentence.text for sentence in sentences])
        return _drafted(sentences, self._chances(vectors), self.head.codes, self.descriptions)

    def _chances(self, vectors: Vectors) -> Chances:
        gap = np.zeros((1, vectors.shape[1]), np.float32)
        before, after = np.vstack([gap, vectors])[:-1], np.vstack([vectors, gap])[1:]
        seen = np.hstack([vectors, self.head.neighbour * before, self.head.neighbour * after])
        logits = np.clip(seen @ self.head.weights.T + self.head.bias, -60, 60)
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), np.float32)


@dataclass
class Similarity:
    """Each sentence goes to the code whose description is nearest by the bare encoder, its cosine for a chance."""

    encoder: Encoder
    descriptions: Mapping[str, str]
    split: Splitter
    name: str = "similarity"
    gated: bool = False
    _described: Vectors | None = field(default=None, repr=False)

    def prepare(self) -> None:
        """Load the encoder and encode the descriptions."""
        self._described = self.encoder.encode(list(self.descriptions.values()))

    def draft(self, note: str) -> Draft | None:
        """Themes by code, most salient first."""
        if self._described is None:
            self.prepare()
        sentences = self.split(note)
        near = self.encoder.encode([sentence.text for sentence in sentences]) @ np.asarray(self._described).T
        nearest = np.where(near == near.max(axis=1, keepdims=True, initial=-1.0), near, 0.0).astype(np.float32)
        return _drafted(sentences, nearest, tuple(self.descriptions), self.descriptions)


def grouped(chances: Chances) -> list[tuple[int, tuple[int, ...]]]:
    """Pairs of code (column) and sentences (rows), most salient first: at most four codes for each window of forty
    sentences, by the sum of their chances; at most six sentences for a code, none below a quarter of its strongest."""
    chosen: set[int] = set()
    for start in range(0, len(chances), WINDOW_SENTENCES):
        window = chances[start : start + WINDOW_SENTENCES]
        salience = np.where(window >= MIN_CHANCE, window, 0.0).sum(axis=0)
        best = np.argsort(-salience, kind="stable")[:THEMES_A_WINDOW]
        chosen.update(int(code) for code in best if salience[code] >= MIN_SALIENCE)
    salience = np.where(chances >= MIN_CHANCE, chances, 0.0).sum(axis=0)
    return [(code, _strongest(chances[:, code])) for code in sorted(chosen, key=lambda code: (-salience[code], code))]


def _strongest(chance: Chances) -> tuple[int, ...]:
    order = [int(place) for place in np.argsort(-chance, kind="stable") if chance[place] >= MIN_CHANCE]
    return tuple(place for place in order if chance[place] >= NEAR_STRONGEST * chance[order[0]])[:MAX_EVIDENCE]


def _drafted(
    sentences: Sequence[Sentence], chances: Chances, codes: Sequence[str], descriptions: Mapping[str, str]
) -> Draft:
    themes = [
        Theme(
            label=descriptions.get(codes[code], codes[code]),
            code=codes[code],
            support=float(1.0 - np.prod(1.0 - np.clip(chances[list(places), code], 0.0, 1.0))),
            evidence=cited(sentences, places),
        )
        for code, places in grouped(chances)
    ]
    return themes_alone(themes, len(sentences))
