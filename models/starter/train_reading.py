"""Make the linear reading head, which is a baseline now, and the lexicon, from the invented notes in data/.

    .venv/bin/python -m models.starter.train_reading [--out FOLDER]

Most of the time goes into vectors, which are kept beside the runs of the other recipes and used again; beside other
work on two cores that took twenty minutes. What always holds: the seed is fixed; no development note and no session of
the demonstration is taught from, and the lexicon is counted over all notes.
"""

import argparse
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.starter import gold
from notekeeper.bootstrap import STARTER_ENCODER, catalogue, taxonomy
from notekeeper.config import models_folder
from notekeeper.domain.text import Sentence
from notekeeper.drafting.sentences import split_sentences
from notekeeper.engine.client import EncoderClient
from notekeeper.evaluation.gold import for_development
from notekeeper.evaluation.grouping import LinearHead, grouped, read_linear_head

NEIGHBOUR, EPOCHS, RATE, DECAY, BATCH, SEED = 0.5, 60, 2e-2, 1e-3, 256, 0
Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Vectored:
    """One gold note with its sentences and their vectors."""

    note: gold.Note
    sentences: list[Sentence]
    vectors: Array


def vectors_of(texts: list[str], kept: Path) -> Array:
    """Unit vectors by the starter encoder, read from `kept` when the texts are the same as then."""
    key = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    if kept.exists():
        with np.load(kept) as parts:
            if str(parts["key"]) == key:
                return np.asarray(parts["vectors"], np.float32)
    encoder = EncoderClient(catalogue().entry(STARTER_ENCODER), models_folder())
    try:
        blocks = [encoder.encode(texts[at : at + 1000]) for at in range(0, len(texts), 1000)]
    finally:
        encoder.close()
    vectors = np.vstack(blocks)
    kept.parent.mkdir(parents=True, exist_ok=True)
    np.savez(kept, key=key, vectors=vectors)
    return vectors


def seen(vectors: Array) -> Array:
    """What the head sees of each sentence: itself, the one before, the one after."""
    gap = np.zeros((1, vectors.shape[1]), np.float32)
    around = (np.vstack([gap, vectors[:-1]]), np.vstack([vectors[1:], gap]))
    return np.hstack([vectors, NEIGHBOUR * around[0], NEIGHBOUR * around[1]])


def examples(notes: list[Vectored], single: Array, bank: list[gold.Note], codes: list[str]) -> tuple[Array, Array]:
    """Inputs and wanted codes: sentences of the training notes in context, then single sentences without any."""
    place = {code: number for number, code in enumerate(codes)}
    inputs, wanted = [], []
    for vectored in notes:
        if gold.kept_out(vectored.note):
            continue
        marks = np.zeros((len(vectored.sentences), len(codes)), np.float32)
        for theme in vectored.note["themes"]:
            if theme["code"] in place:
                marks[gold.cited(vectored.note, theme, vectored.sentences), place[theme["code"]]] = 1
        inputs.append(seen(vectored.vectors))
        wanted.append(marks)
    alone = np.zeros((len(single), len(codes)), np.float32)
    for row, line in enumerate(bank):
        if line["polarity"] != "absent" and line["code"] in place:
            alone[row, place[line["code"]]] = 1
    inputs.append(np.hstack([single, np.zeros((len(single), 2 * single.shape[1]), np.float32)]))
    wanted.append(alone)
    return np.vstack(inputs).astype(np.float32), np.vstack(wanted)


def train(inputs: Array, wanted: Array) -> tuple[Array, Array]:
    """Weights and bias of one linear layer, by logistic loss on every code."""
    torch.manual_seed(SEED)
    layer = torch.nn.Linear(inputs.shape[1], wanted.shape[1])
    optimiser = torch.optim.AdamW(layer.parameters(), lr=RATE, weight_decay=DECAY)
    x, y = torch.from_numpy(inputs), torch.from_numpy(wanted)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(x)).split(BATCH):
            loss = torch.nn.functional.binary_cross_entropy_with_logits(layer(x[batch]), y[batch], reduction="sum")
            optimiser.zero_grad()
            (loss / len(batch)).backward()
            optimiser.step()
    return layer.weight.detach().numpy(), layer.bias.detach().numpy()


def packed(weights: Array, bias: Array, codes: list[str], encoder_sha256: str) -> bytes:
    """The file of a head: weights as float16, to keep it small; the figures are made on the file as packed."""
    about = {"codes": codes, "neighbour": NEIGHBOUR, "encoder_sha256": encoder_sha256}
    held = BytesIO()
    np.savez(
        held,
        weights=weights.astype(np.float16),
        bias=bias.astype(np.float32),
        about=np.frombuffer(json.dumps(about).encode(), np.uint8),
    )
    return held.getvalue()


def themes_of(head: LinearHead, vectors: Array) -> list[gold.Suggested]:
    """The themes that the baseline groups from what the head says."""
    chances = 1.0 / (1.0 + np.exp(-np.clip(seen(vectors) @ head.weights.T + head.bias, -60, 60)))
    found = grouped(np.asarray(chances, np.float32))
    return [gold.Suggested(head.codes[code], frozenset(places)) for code, places in found]


def lexicon(texts: Iterable[tuple[str, str]]) -> list[str]:
    """Ordinary words: written small within at least two of the (id, text) notes."""
    where: dict[str, set[str]] = defaultdict(set)
    for name, text in texts:
        for match in re.finditer(r"(?<![\w'’-])[a-z]{3,}(?!\w)", text):
            where[match.group()].add(name)
    return sorted(word for word, notes in where.items() if len(notes) > 1)


def main() -> None:
    """Train, print the figures on the development notes, write the parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=gold.STARTER, help="where the two files are written")
    out: Path = parser.parse_args().out
    notes = gold.notes()
    bank, neutral = gold.lines("sentences-[0-9].jsonl"), gold.lines("sentences-neutral.jsonl")
    cut = [split_sentences(note["text"]) for note in notes]
    texts = [s.text for sentences in cut for s in sentences]
    singles = [line["text"] for line in (*bank, *neutral)]
    vectors = vectors_of(texts + singles, gold.TRAINING / "vectors.npz")
    ends = np.cumsum([len(sentences) for sentences in cut])
    vectored = [
        Vectored(note, sentences, vectors[end - len(sentences) : end])
        for note, sentences, end in zip(notes, cut, ends, strict=True)
    ]
    codes = list(taxonomy())
    inputs, wanted = examples(vectored, vectors[len(texts) :], bank, codes)
    weights, bias = train(inputs, wanted)
    content = packed(weights, bias, codes, catalogue().entry(STARTER_ENCODER).weights.sha256)
    head, held = read_linear_head(content), [v for v in vectored if for_development(v.note["id"])]
    print(gold.told(gold.score((v.note, v.sentences, themes_of(head, v.vectors)) for v in held)))
    (out / "reading-head.npz").write_bytes(content)
    (out / "lexicon.txt").write_text("\n".join(lexicon((n["id"], n["text"]) for n in notes)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
