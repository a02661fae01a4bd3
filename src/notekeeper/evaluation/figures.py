"""The figures of one contestant, summed over notes.

What always holds: precision, recall and F1 are made from themes summed over all notes, never averages of notes; a
figure that was not measured is None, never 0. Where the numbers to compare with come from stands in docs/evaluation.md.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence

from notekeeper.domain.draft import Provenance
from notekeeper.domain.text import Frozen
from notekeeper.evaluation.scoring import NoteScore
from notekeeper.evaluation.words import KINDS, Kind

NO_TRAP = "none"


class Part(Frozen):
    """The theme F1 of the notes that have one trap or style."""

    notes: int
    f1: float


class Figures(Frozen):
    """`valid` counts drafts of the published form whose every span is the note's own text there. `evidence_iou` is the
    mean over matched themes, None without any. `absent_per_100`: codes suggested that the annotator marked absent, in
    100 notes. `lacking`: words shown that the item's evidence lacks. `names_shown`: identifiers in any item at all.
    `transcripts` and what follows are None for a contestant that refuses nothing. `failed`: attempts ended by an error.
    Seconds are waited for one note, loading apart; `seconds_p90` by nearest rank."""

    name: str
    notes: int
    valid: int
    failed: int
    suggested: int
    matched: int
    gold: int
    precision: float
    recall: float
    f1: float
    evidence_iou: float | None
    themes_a_note: float
    absent_per_100: float
    lacking: dict[Kind, int]
    names_shown: int
    withheld: int
    notes_refused: int
    transcripts: int | None
    transcripts_refused: int | None
    lookalikes: int | None
    lookalikes_refused: int | None
    seconds_median: float | None
    seconds_p90: float | None
    by_trap: dict[str, Part]
    by_style: dict[str, Part]
    made_by: Provenance | None = None


class Talks(Frozen):
    """How many talks there were of each kind, and how many of them were refused."""

    transcripts: int
    transcripts_refused: int
    lookalikes: int
    lookalikes_refused: int


def f1(scores: Iterable[NoteScore]) -> float:
    """Twice the matched themes over suggested and annotated ones, 0 to 1; 0 where there are neither."""
    found = [(len(score.matched), score.suggested + score.gold) for score in scores]
    return _share(2 * sum(hits for hits, _ in found), sum(both for _, both in found))


def summed(
    name: str,
    scores: Sequence[NoteScore],
    seconds: Sequence[float],
    *,
    failed: int,
    talks: Talks | None,
    made_by: Provenance | None = None,
) -> Figures:
    """The figures from the scores of all notes. `seconds` are those of the attempts that did not fail."""
    suggested, gold = sum(score.suggested for score in scores), sum(score.gold for score in scores)
    overlaps = [value for score in scores for value in score.matched]
    return Figures(
        name=name,
        notes=len(scores),
        valid=sum(score.valid for score in scores),
        failed=failed,
        suggested=suggested,
        matched=len(overlaps),
        gold=gold,
        precision=_share(len(overlaps), suggested),
        recall=_share(len(overlaps), gold),
        f1=f1(scores),
        evidence_iou=round(math.fsum(overlaps) / len(overlaps), 4) if overlaps else None,
        themes_a_note=_share(suggested, len(scores)),
        absent_per_100=_share(100 * sum(score.absent for score in scores), len(scores)),
        lacking={kind: sum(score.lacking[kind] for score in scores) for kind in KINDS},
        names_shown=sum(score.names for score in scores),
        withheld=sum(score.withheld for score in scores),
        notes_refused=sum(score.refused for score in scores),
        transcripts=talks and talks.transcripts,
        transcripts_refused=talks and talks.transcripts_refused,
        lookalikes=talks and talks.lookalikes,
        lookalikes_refused=talks and talks.lookalikes_refused,
        seconds_median=round(statistics.median(seconds), 3) if seconds else None,
        seconds_p90=round(_nearest_rank(seconds, 0.9), 3) if seconds else None,
        by_trap=_parts((trap, score) for score in scores for trap in score.traps or (NO_TRAP,)),
        by_style=_parts((score.style, score) for score in scores),
        made_by=made_by,
    )


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


def _nearest_rank(values: Sequence[float], share: float) -> float:
    return sorted(values)[math.ceil(share * len(values)) - 1]


def _parts(named: Iterable[tuple[str, NoteScore]]) -> dict[str, Part]:
    grouped: dict[str, list[NoteScore]] = defaultdict(list)
    for name, score in named:
        grouped[name].append(score)
    return {name: Part(notes=len(grouped[name]), f1=f1(grouped[name])) for name in sorted(grouped)}
