"""The invented notes that the starter's parts are made from, and how a reading of them is scored.

What always holds: a note kept for development, and every session of the demonstration, is taught from by nothing. Which
notes are for development is said in one place, notekeeper.evaluation.gold.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from notekeeper.config import models_folder
from notekeeper.domain.text import Sentence
from notekeeper.evaluation.gold import for_development

STARTER = Path(__file__).resolve().parent
DATA = STARTER / "data"
TRAINING = STARTER.parent / "training"
"""Where runs are kept unless another folder is named; git passes it over."""
MATCH_IOU = 0.25
Note = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A theme as a reading has it: a code, the sentences (from 0) it rests on, whether the code is given with it."""

    code: str
    sentences: frozenset[int]
    shown: bool = True


def lines(pattern: str) -> list[Note]:
    """Every line of the data files whose names match, in the order of names."""
    return [json.loads(line) for path in sorted(DATA.glob(pattern)) for line in path.open(encoding="utf-8")]


def notes() -> list[Note]:
    """Every gold note, the sessions of the series last."""
    return lines("notes-*.jsonl") + [note for series in lines("series-*.jsonl") for note in series["sessions"]]


def kept_out(note: Note) -> bool:
    """Whether a note is never taught from: those for development, and the demonstration's, which would flatter it."""
    return for_development(note["id"]) or note["id"].startswith("demo-")


def training_notes(*, extra: bool = False) -> list[Note]:
    """The notes that may be taught from; with `extra`, those written for teaching alone as well."""
    return [note for note in notes() if not kept_out(note)] + (lines("extra-*.jsonl") if extra else [])


def development_notes() -> list[Note]:
    """The fifth of all notes that figures are made on."""
    return [note for note in notes() if for_development(note["id"])]


def doubt(codes: Sequence[str]) -> list[float]:
    """For each code the logarithm of how often the training notes judge it absent for each time they have it as a
    theme, three added to both counts."""
    told = training_notes(extra=True)
    absent = Counter(code for note in told for code in note.get("absent", []))
    present = Counter(theme["code"] for note in told for theme in note["themes"])
    return [round(math.log((absent[code] + 3) / (present[code] + 3)), 4) for code in codes]


def cited(note: Note, theme: Note, sentences: Sequence[Sentence]) -> list[int]:
    """The places (from 0) of the sentences that a theme's evidence touches."""
    text: str = note["text"]
    spans = [(text.index(piece), text.index(piece) + len(piece)) for piece in theme["evidence"]]
    return [at for at, s in enumerate(sentences) if any(s.start < end and s.end > start for start, end in spans)]


def installed(name: str) -> Path:
    """The folder of a starter model's weights. Ends the program with a sentence when they are not there."""
    folder = models_folder() / name
    if not folder.is_dir():
        raise SystemExit(f"The weights of {name} are missing. Run `notekeeper models fetch starter` first.")
    return folder


def score(read: Iterable[tuple[Note, Sequence[Sentence], Sequence[Suggested]]]) -> dict[str, float]:
    """Theme F1 (codes equal and intersection over union of the sentences at least 0.25; labels are not compared), mean
    overlap of what matched, and how many codes that an annotator marked absent were shown in a hundred notes."""
    hits, suggested, wanted_in_all, absent, count = 0, 0, 0, 0, 0
    overlaps: list[float] = []
    for note, sentences, themes in read:
        count += 1
        wanted = [(theme["code"], frozenset(cited(note, theme, sentences))) for theme in note["themes"]]
        wanted_in_all += len(wanted)
        for theme in themes:
            suggested += 1
            absent += theme.shown and theme.code in note.get("absent", [])
            for place, (code, evidence) in enumerate(wanted):
                overlap = len(evidence & theme.sentences) / len(evidence | theme.sentences)
                if code == theme.code and overlap >= MATCH_IOU:
                    hits += 1
                    overlaps.append(overlap)
                    del wanted[place]
                    break
    return {
        "notes": count,
        "theme_f1": 2 * hits / max(suggested + wanted_in_all, 1),
        "precision": hits / max(suggested, 1),
        "recall": hits / max(wanted_in_all, 1),
        "evidence_iou": float(np.mean(overlaps)) if overlaps else 0.0,
        "themes_a_note": suggested / max(count, 1),
        "absent_in_100": 100 * absent / max(count, 1),
    }


def told(figures: dict[str, float]) -> str:
    """Figures as one line of JSON, three decimals."""
    return json.dumps({name: round(value, 3) for name, value in figures.items()})
