"""Scoring proposals of identifiers against those that annotators marked in invented notes.

What always holds: an identifier counts as recalled where a proposal covers one whole place of it in its note, or as
found to the letter where one is equal to it; nothing of a note is printed or kept.
"""

import re
import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from notekeeper.domain.identifiers import Proposal
from notekeeper.evaluation.gold import GoldNote

Propose = Callable[[str], Sequence[Proposal]]


@dataclass(frozen=True, slots=True)
class ProposalFigures:
    """Counts over `notes` notes with `identifiers` marked places. `recalled` are covered at one place at least,
    `everywhere` at each, `exact` to the letter; `by_type` gives recalled and marked. `mean`, `median` and `most` are of
    proposals a note, and `mean_texts` of different texts among them."""

    notes: int
    identifiers: int
    recalled: int
    everywhere: int
    exact: int
    by_type: Mapping[str, tuple[int, int]]
    mean: float
    median: float
    most: int
    mean_texts: float

    @property
    def recall(self) -> float:
        """The share of identifiers that were recalled, 0 to 1; 1 where there are none."""
        return self.recalled / self.identifiers if self.identifiers else 1.0


def proposal_figures(notes: Sequence[GoldNote], propose: Propose) -> ProposalFigures:
    """The figures of one set of notes. Raises `ValueError` for an empty one."""
    if not notes:
        raise ValueError("no notes to score")
    marked: Counter[str] = Counter()
    recalled: Counter[str] = Counter()
    everywhere = exact = 0
    counts, texts = [], []
    for note in notes:
        proposals = propose(note.text)
        counts.append(len(proposals))
        texts.append(len({proposal.text.casefold() for proposal in proposals}))
        for identifier in note.identifiers:
            covered = [_covered(place, identifier.text, proposals) for place in _places(note.text, identifier.text)]
            marked[identifier.type] += 1
            recalled[identifier.type] += any(covered)
            everywhere += all(covered)
            exact += any(proposal.text == identifier.text for proposal in proposals)
    return ProposalFigures(
        notes=len(notes),
        identifiers=marked.total(),
        recalled=recalled.total(),
        everywhere=everywhere,
        exact=exact,
        by_type={kind: (recalled[kind], marked[kind]) for kind in sorted(marked)},
        mean=statistics.mean(counts),
        median=statistics.median(counts),
        most=max(counts),
        mean_texts=statistics.mean(texts),
    )


def _places(text: str, identifier: str) -> list[int]:
    """Where it stands as whole words; annotations give texts without offsets, and "7" is no part of "27"."""
    found = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(identifier)}(?!\w)", text)]
    return found or [text.index(identifier)]


def _covered(place: int, identifier: str, proposals: Sequence[Proposal]) -> bool:
    return any(one.start <= place and place + len(identifier) <= one.end for one in proposals)
