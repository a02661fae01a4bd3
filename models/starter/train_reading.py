"""Make the starter's small parts: the reading head and the lexicon, from the invented notes in data/.

    .venv/bin/python models/starter/train_reading.py [--out FOLDER]

Most of the time goes into vectors, which are kept beside the output and used again; beside other work on two cores
that took twenty minutes. The seed is fixed, and the split is fixed by a hash of each note's id, a fifth of the
notes being kept for development and never trained on, nor are the demonstration's.
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
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from notekeeper.bootstrap import STARTER_ENCODER, catalogue, taxonomy
from notekeeper.config import models_folder
from notekeeper.domain.text import Sentence
from notekeeper.drafting.reading import ReadingHead, group_sentences, read_head
from notekeeper.drafting.sentences import split_sentences
from notekeeper.engine.client import EncoderClient

HERE = Path(__file__).resolve().parent
DATA = HERE / "data"
NEIGHBOUR, EPOCHS, RATE, DECAY, BATCH, SEED = 0.5, 60, 2e-2, 1e-3, 256, 0
MATCH_IOU = 0.25
Array = NDArray[np.float32]


@dataclass
class Gold:
    """One gold note with its sentences and their vectors."""

    note: dict[str, Any]
    sentences: list[Sentence]
    vectors: Array

    def cited(self, theme: dict[str, Any]) -> set[int]:
        """The numbers of the sentences that a theme's evidence touches."""
        text: str = self.note["text"]
        spans = [(text.find(piece), text.find(piece) + len(piece)) for piece in theme["evidence"]]
        return {s.number for s in self.sentences if any(s.start < end and s.end > start for start, end in spans)}


def lines(pattern: str) -> list[dict[str, Any]]:
    """Every line of the data files that match, in order of name."""
    return [json.loads(line) for path in sorted(DATA.glob(pattern)) for line in path.open(encoding="utf-8")]


def kept_out(note: dict[str, Any]) -> bool:
    """Whether a note is never trained on: those for development, and the demonstration's, which would flatter it."""
    return for_development(note) or note["id"].startswith("demo-")


def for_development(note: dict[str, Any]) -> bool:
    """Whether a note is one of those that the figures are made on."""
    return int(hashlib.sha256(note["id"].encode()).hexdigest(), 16) % 5 == 0


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
    np.savez(kept, key=key, vectors=vectors)
    return vectors


def seen(vectors: Array) -> Array:
    """What the head sees of each sentence: itself, the one before, the one after."""
    gap = np.zeros((1, vectors.shape[1]), np.float32)
    around = (np.vstack([gap, vectors[:-1]]), np.vstack([vectors[1:], gap]))
    return np.hstack([vectors, NEIGHBOUR * around[0], NEIGHBOUR * around[1]])


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


def score(head: ReadingHead, golds: Iterable[Gold]) -> dict[str, float]:
    """Theme F1 (codes equal and evidence IoU at least 0.25, over sentences), mean IoU of matches, and how many codes
    that a note's annotator marked absent were suggested in a hundred notes."""
    hits, guessed, gold_count, absent, notes = 0, 0, 0, 0, 0
    overlaps: list[float] = []
    for gold in golds:
        notes += 1
        wanted = [(theme["code"], gold.cited(theme)) for theme in gold.note["themes"]]
        gold_count += len(wanted)
        for group in group_sentences(head, gold.vectors):
            guessed += 1
            absent += group.code in gold.note["absent"]
            for place, (code, cited) in enumerate(wanted):
                overlap = len(cited & set(group.sentences)) / len(cited | set(group.sentences))
                if code == group.code and overlap >= MATCH_IOU:
                    hits += 1
                    overlaps.append(overlap)
                    del wanted[place]
                    break
    precision, recall = hits / guessed, hits / gold_count
    return {
        "notes": notes,
        "theme_f1": 2 * precision * recall / (precision + recall),
        "precision": precision,
        "recall": recall,
        "evidence_iou": float(np.mean(overlaps)),
        "themes_a_note": guessed / notes,
        "absent_in_100": 100 * absent / notes,
    }


def lexicon(texts: Iterable[tuple[str, str]]) -> list[str]:
    """Ordinary words: written small within at least two of the (id, text) notes."""
    where: dict[str, set[str]] = defaultdict(set)
    for name, text in texts:
        for match in re.finditer(r"(?<![\w'’-])[a-z]{3,}(?!\w)", text):
            where[match.group()].add(name)
    return sorted(word for word, notes in where.items() if len(notes) > 1)


def main() -> None:
    """Train, print the figures on the development notes, write the parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE)
    out: Path = parser.parse_args().out
    notes = lines("notes-*.jsonl") + [s for series in lines("series-*.jsonl") for s in series["sessions"]]
    bank, neutral = lines("sentences-[0-9].jsonl"), lines("sentences-neutral.jsonl")
    cut = [split_sentences(note["text"]) for note in notes]
    texts = [s.text for sentences in cut for s in sentences]
    singles = [line["text"] for line in (*bank, *neutral)]
    vectors = vectors_of(texts + singles, out / "vectors.npz")
    ends = np.cumsum([len(sentences) for sentences in cut])
    golds = [
        Gold(note, sentences, vectors[end - len(sentences) : end])
        for note, sentences, end in zip(notes, cut, ends, strict=True)
    ]
    codes = list(taxonomy())
    inputs, wanted = examples(golds, vectors[len(texts) :], bank, codes)
    weights, bias = train(inputs, wanted)
    content = packed(weights, bias, codes, catalogue().entry(STARTER_ENCODER).weights.sha256)
    figures = score(read_head(content), [gold for gold in golds if for_development(gold.note)])
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))
    (out / "reading-head.npz").write_bytes(content)
    (out / "lexicon.txt").write_text("\n".join(lexicon((n["id"], n["text"]) for n in notes)) + "\n", encoding="utf-8")


def examples(golds: list[Gold], single: Array, bank: list[dict[str, Any]], codes: list[str]) -> tuple[Array, Array]:
    """Inputs and wanted codes: sentences of the training notes in context, then single sentences without any."""
    place = {code: number for number, code in enumerate(codes)}
    inputs, wanted = [], []
    for gold in golds:
        if kept_out(gold.note):
            continue
        marks = np.zeros((len(gold.sentences), len(codes)), np.float32)
        for theme in gold.note["themes"]:
            if theme["code"] in place:
                marks[[number - 1 for number in gold.cited(theme)], place[theme["code"]]] = 1
        inputs.append(seen(gold.vectors))
        wanted.append(marks)
    alone = np.zeros((len(single), len(codes)), np.float32)
    for row, line in enumerate(bank):
        if line["polarity"] != "absent" and line["code"] in place:
            alone[row, place[line["code"]]] = 1
    inputs.append(np.hstack([single, np.zeros((len(single), 2 * single.shape[1]), np.float32)]))
    wanted.append(alone)
    return np.vstack(inputs).astype(np.float32), np.vstack(wanted)


if __name__ == "__main__":
    main()
