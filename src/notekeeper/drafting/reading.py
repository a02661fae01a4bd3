"""Reading: from sentences and their vectors to a few salient themes with the sentences they rest on.

The encoder gives a vector for each sentence; the reading head, a small trained part (`models/starter/`), gives each
sentence, seen with its neighbours, a probability for every theme code. Sentences of one code group together. What
always holds: a group has at least one sentence; a group below `MIN_SALIENCE` is not shown; a code links themes over
sessions and is never shown as a claim.
"""

import hashlib
import io
import json
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notekeeper.domain.engine import Vectors
from notekeeper.errors import ModelRefusedError

WINDOW_SENTENCES = 40
MIN_PROBABILITY = 0.1
"""Below it a sentence is not evidence. Set with MIN_SALIENCE on the development fifth of the gold notes; the table
is in models/starter/README.md."""
MIN_SALIENCE = 0.3
THEMES_A_WINDOW = 4
MAX_EVIDENCE = 6


_DAMAGED = "The reading head is damaged. Reinstalling notekeeper puts it back."


@dataclass(frozen=True, slots=True)
class ReadingHead:
    """`weights` float32 (codes, 3 x vector length) for a sentence, the one before and the one after; `bias` (codes,);
    `neighbour` scales the last two; `sha256` is of the file."""

    codes: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    neighbour: float
    encoder_sha256: str
    sha256: str

    def probabilities(self, vectors: Vectors) -> NDArray[np.float32]:
        """The probability of each code for each sentence, shape (sentences, codes)."""
        gap = np.zeros((1, vectors.shape[1]), np.float32)
        before, after = np.vstack([gap, vectors[:-1]]), np.vstack([vectors[1:], gap])
        seen = np.hstack([vectors, self.neighbour * before, self.neighbour * after])
        logits = seen @ self.weights.T + self.bias
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), np.float32)


@dataclass(frozen=True, slots=True)
class Group:
    """A theme before it has words. `sentences` are numbers from 1, strongest first; `support` is 0 to 1."""

    code: str
    support: float
    salience: float
    sentences: tuple[int, ...]


def read_head(content: bytes, encoder_sha256: str | None = None) -> ReadingHead:
    """The head from the bytes of its file. Raises `ModelRefusedError` if it is damaged or made for another encoder."""
    try:
        with warnings.catch_warnings(action="ignore"), np.load(io.BytesIO(content), allow_pickle=False) as parts:
            about = json.loads(bytes(parts["about"]).decode())
            head = ReadingHead(
                codes=tuple(about["codes"]),
                weights=parts["weights"].astype(np.float32),
                bias=parts["bias"].astype(np.float32),
                neighbour=float(about["neighbour"]),
                encoder_sha256=str(about["encoder_sha256"]),
                sha256=hashlib.sha256(content).hexdigest(),
            )
    except Exception as error:  # bytes flipped at random meet every fault that zip, NumPy and JSON readers know
        raise ModelRefusedError(_DAMAGED) from error
    if head.weights.ndim != 2 or head.weights.shape[0] != len(head.codes) or head.bias.shape != (len(head.codes),):
        raise ModelRefusedError(_DAMAGED)
    if encoder_sha256 is not None and encoder_sha256 != head.encoder_sha256:
        raise ModelRefusedError("The reading head was made for another sentence encoder, so nothing was drafted.")
    return head


def group_sentences(head: ReadingHead, vectors: Vectors) -> list[Group]:
    """The themes of a note, most salient first: at most four for each window of forty sentences, joined by code.

    Salience is the sum of a code's probabilities over its sentences, support the chance that at least one of them is
    about it.
    """
    if len(vectors) == 0:
        return []
    chances = head.probabilities(vectors)
    chosen: set[int] = set()
    for start in range(0, len(chances), WINDOW_SENTENCES):
        window = chances[start : start + WINDOW_SENTENCES]
        salience = np.where(window >= MIN_PROBABILITY, window, 0.0).sum(axis=0)
        best = np.argsort(-salience, kind="stable")[:THEMES_A_WINDOW]
        chosen.update(int(code) for code in best if salience[code] >= MIN_SALIENCE)
    groups = [_group(head, chances[:, code], code) for code in sorted(chosen)]
    return sorted(groups, key=lambda group: (-group.salience, group.code))


def windows(sentences: int) -> int:
    """How many windows a note of so many sentences is worked in."""
    return -(-sentences // WINDOW_SENTENCES)


def _group(head: ReadingHead, chance: NDArray[np.float32], code: int) -> Group:
    held = [int(i) for i in np.argsort(-chance, kind="stable") if chance[i] >= MIN_PROBABILITY]
    strongest = [i for i in held if chance[i] >= 0.25 * chance[held[0]]][:MAX_EVIDENCE]
    return Group(
        code=head.codes[code],
        support=float(1.0 - np.prod(1.0 - chance[strongest])),
        salience=float(chance[held].sum()),
        sentences=tuple(i + 1 for i in strongest),
    )
