"""Reading: from what the taught reader says of each sentence to a few salient themes with the sentences they rest on.

What always holds: a group has at least one sentence, and only sentences that were allowed; no two groups rest on
nearly the same sentences; a group's code is given only where the reader is sure of it, because a code links themes
over sessions; it is never shown as a claim.
"""

import json
import math
from collections.abc import Set
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from notekeeper.domain.engine import Readings
from notekeeper.errors import ModelRefusedError

WINDOW_SENTENCES = 40
THEMES_A_WINDOW = 5
MAX_EVIDENCE = 6
MIN_CHANCE = 0.05
"""Below it a sentence is not evidence. This and the figures that follow were set on the development fifth of the gold
notes; models/starter/README.md has the table."""
SHARE_OF_BEST = 0.2
MIN_SALIENCE = 0.3
FIRST, MIN_OF_FIRST = 2, 0.15
"""The first themes of a window are shown from a lower salience on, so that a note of a few lines has some."""
SAME_SENTENCES = 0.8
DOUBT_WEIGHT = 0.6
SURE = 0.12
"""A code is given from this on, as log salience less the weighted doubt of the code. Set so that at most five codes
that an annotator had judged absent are given in a hundred development notes: 4.2, and some 155 right codes of 223. By
salience alone that bound left 136."""

_DAMAGED = "The reading part is damaged. Reinstalling notekeeper puts it back."


@dataclass(frozen=True, slots=True)
class TaughtReading:
    """What the reader's file says of itself: the order of its `codes`; the `doubt` of each, the logarithm of how often
    annotators judged it absent for each time they found it; the encoder it was made for; its SHA-256."""

    codes: tuple[str, ...]
    doubt: tuple[float, ...]
    encoder_sha256: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Group:
    """A theme before it has words. `near` is the likeliest code, `code` the same where the reader is sure of it, else
    None; `sentences` are numbers from 1, strongest first; `support` is 0 to 1."""

    near: str
    code: str | None
    support: float
    salience: float
    sentences: tuple[int, ...]


def read_taught(content: bytes, encoder_sha256: str | None = None) -> TaughtReading:
    """What the file of a reader (safetensors) says of itself. Raises `ModelRefusedError` if it is damaged or made for
    another encoder; its numbers are checked by their hash where they are used."""
    try:
        size = int.from_bytes(content[:8], "little")
        about = json.loads(json.loads(content[8 : 8 + size])["__metadata__"]["about"])
        codes = tuple(str(code) for code in about["codes"])
        doubt = tuple(float(each) for each in about["doubt"])
        found = TaughtReading(codes, doubt, str(about["encoder_sha256"]), sha256(content).hexdigest())
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ModelRefusedError(_DAMAGED) from error
    if not codes or len(set(codes)) != len(codes) or len(doubt) != len(codes):
        raise ModelRefusedError(_DAMAGED)
    if encoder_sha256 is not None and encoder_sha256 != found.encoder_sha256:
        raise ModelRefusedError("The reading part was made for another sentence encoder, so nothing was drafted.")
    return found


def group_sentences(reading: TaughtReading, readings: Readings, left_out: Set[int] = frozenset()) -> list[Group]:
    """The themes of a note, most salient first: at most five for each window of forty sentences, joined by code.

    Salience is the sum of a code's chances over its sentences. Sentences whose numbers are `left_out` carry no theme.
    Raises `ModelRefusedError` when the readings are not of this reader.
    """
    if readings.codes.shape[1:] != (len(reading.codes),):
        raise ModelRefusedError(_DAMAGED)
    chances = _sigmoid(readings.codes)
    chances[[number - 1 for number in left_out]] = 0.0
    groups = [_group(reading, chances[:, code], code) for code in _chosen(chances)]
    groups.sort(key=lambda group: (-group.salience, group.near))
    kept: list[Group] = []
    for group in groups:
        if not any(_alike(group, other) for other in kept):
            kept.append(group)
    return kept


def windows(sentences: int) -> int:
    """How many windows a note of so many sentences is worked in."""
    return -(-sentences // WINDOW_SENTENCES)


def _chosen(chances: NDArray[np.float32]) -> list[int]:
    chosen: set[int] = set()
    for start in range(0, len(chances), WINDOW_SENTENCES):
        window = chances[start : start + WINDOW_SENTENCES]
        salience = np.where(window >= MIN_CHANCE, window, 0.0).sum(axis=0)
        best = np.argsort(-salience, kind="stable")[:THEMES_A_WINDOW]
        least = np.where(np.arange(len(best)) < FIRST, MIN_OF_FIRST, MIN_SALIENCE)
        chosen.update(int(code) for code in best[salience[best] >= least])
    return sorted(chosen)


def _group(reading: TaughtReading, chance: NDArray[np.float32], code: int) -> Group:
    held = [int(i) for i in np.argsort(-chance, kind="stable") if chance[i] >= MIN_CHANCE]
    strongest = [i for i in held if chance[i] >= SHARE_OF_BEST * chance[held[0]]][:MAX_EVIDENCE]
    salience = float(chance[held].sum())
    support = float(1.0 - np.prod(1.0 - chance[strongest]))
    return Group(
        near=reading.codes[code],
        code=reading.codes[code] if math.log(salience) - DOUBT_WEIGHT * reading.doubt[code] >= SURE else None,
        support=support,
        salience=salience,
        sentences=tuple(i + 1 for i in strongest),
    )


def _alike(one: Group, other: Group) -> bool:
    first, second = set(one.sentences), set(other.sentences)
    return len(first & second) > SAME_SENTENCES * len(first | second)


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -60.0, 60.0))), np.float32)
