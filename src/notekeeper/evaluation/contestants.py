"""What can be scored: anything with a name that drafts a note; and the simplest of them, the whole note copied.

What always holds: a contestant is given a note's text and nothing of what its annotator found.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from notekeeper import __version__
from notekeeper.domain.draft import Draft, Provenance, ReadAccount, Theme
from notekeeper.domain.text import Evidence, Sentence

Splitter = Callable[[str], Sequence[Sentence]]


class Contestant(Protocol):
    """`gated` says whether it refuses what is no note; only then are talks put to it."""

    @property
    def name(self) -> str: ...

    @property
    def gated(self) -> bool: ...

    def prepare(self) -> None:
        """Load what is needed, so that no note waits for it. Raises `EngineError`."""
        ...

    def draft(self, note: str) -> Draft | None:
        """The draft of a note; None when what was made is no draft. Raises `EngineError`."""
        ...


class Copy:
    """The whole note as one theme, labelled by its first six words: what finding nothing and citing all would score."""

    name = "copy"
    gated = False

    def prepare(self) -> None:
        """Nothing to load."""

    def draft(self, note: str) -> Draft | None:
        """One theme that cites everything."""
        text = note.strip()
        if not text:
            return themes_alone([], 0)
        start = note.index(text)
        whole = Evidence(start=start, end=start + len(text), text=text)
        label = " ".join(text.split()[:6])
        return themes_alone([Theme(label=label, support=0.0, evidence=(whole,))], 1)


def themes_alone(themes: Iterable[Theme], sentences: int) -> Draft:
    """A draft that holds themes and nothing else."""
    return Draft(
        themes=tuple(themes),
        read=ReadAccount(sentences=sentences, windows=min(sentences, 1)),
        provenance=Provenance(app_version=__version__),
    )


def cited(sentences: Sequence[Sentence], places: Iterable[int]) -> tuple[Evidence, ...]:
    """The sentences at these places, from 0, as evidence in the note's order."""
    chosen = (sentences[place] for place in sorted(set(places)))
    return tuple(Evidence(start=one.start, end=one.end, text=one.text) for one in chosen)
