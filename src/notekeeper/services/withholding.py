"""Withholding: the client's copy of a file, with every marked passage taken out wherever its words stand.

What always holds: only a `FileDocument` made for the therapist goes in, and only one made for the client comes out;
words are compared without regard to letter case, accents, kinds of quotation mark, white space and characters that
cannot be seen; evidence that shares a character with a marked passage goes whole; nothing but what was marked is taken
out. Passages of fewer than 12 characters are found as whole words alone.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from notekeeper.domain.access import AccessMark
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.file_export import Copy, ExportField, FileDocument, Record, Section
from notekeeper.drafting.sentences import split_sentences

SHORT = 12
MANY = 100
THERAPISTS_SECTIONS = frozenset({"withholding"})
THERAPISTS_EVENTS = frozenset({"access.marked", "access.unmarked", "access.answered"})
# Of a note of which something is withheld: from these a withheld word could be found again by trying.
CONFIRMING = frozenset({"revision_sha256", "signature", "signed_bytes", "provenance_digest"})
# What the program says of a client in its own words: goes with a note that is withheld whole.
TELLING = frozenset({"state", "by_kind", "safeguarding_concern", "trend", "support"})
# Quotation marks, apostrophes and dashes are typed one way and pasted another.
_ALIKE = (
    {ord(mark): "'" for mark in "\u2018\u2019\u201a\u201b\u0060\u02bc"}
    | {ord(mark): '"' for mark in "\u201c\u201d\u201e\u201f\u00ab\u00bb"}
    | {ord(mark): "-" for mark in "\u2010\u2011\u2012\u2013\u2014\u2212"}
)


class _Folds(dict[str, str]):
    """What stands for each character when words are compared; '' for what is not compared."""

    def __missing__(self, character: str) -> str:
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
        kept = "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in _UNCOMPARED)
        self[character] = kept.translate(_ALIKE)
        return self[character]


_UNCOMPARED = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})
_FOLDS = _Folds()
Places = list[tuple[int, int]]


def folded(text: str) -> str:
    """`text` as it is compared."""
    return "".join(map(_FOLDS.__getitem__, text))


class Folded:
    """A text as it is compared, that knows where each character came from."""

    def __init__(self, text: str) -> None:
        self.text = text
        pieces = [_FOLDS[character] for character in text]
        self.folded = "".join(pieces)
        self._from = [place for place, piece in enumerate(pieces) for _ in piece]

    def places(self, needle: str) -> Places:
        """Where `needle`, folded, stands in the text; overlapping ones too."""
        found: Places = []
        at = self.folded.find(needle)
        while at >= 0:
            start, end = self._from[at], self._to(at + len(needle) - 1)
            if len(needle) >= SHORT or self._alone(start, end):
                found.append((start, end))
            at = self.folded.find(needle, at + 1)
        return found

    def _to(self, last: int) -> int:
        """Behind the character that `last` came from, and behind what belongs to it without being compared."""
        end = self._from[last] + 1
        while end < len(self.text) and not _FOLDS[self.text[end]] and not self.text[end].isspace():
            end += 1
        return end

    def _alone(self, start: int, end: int) -> bool:
        before = start > 0 and self.text[start].isalnum() and self.text[start - 1].isalnum()
        after = end < len(self.text) and self.text[end - 1].isalnum() and self.text[end].isalnum()
        return not (before or after)


@dataclass(slots=True)
class Withheld:
    """What withholding did. `document` is the client's copy; `places` counts, by the number shown, where something was
    taken out."""

    document: FileDocument
    places: dict[int, int]


@dataclass(slots=True)
class _Search:
    needles: dict[str, set[int]] = field(default_factory=dict)
    notes: dict[int, set[int]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    touched: bool = False
    _all: str = ""
    _heads: dict[str, list[str]] = field(default_factory=dict)
    _marked: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)

    def add(self, text: str, number: int) -> None:
        """The passage, and each of its sentences that is long enough to be known again."""
        whole = folded(text)
        if whole:
            self.needles.setdefault(whole, set()).add(number)
        for sentence in split_sentences(text):
            piece = folded(sentence.text)
            if len(piece) >= SHORT:
                self.needles.setdefault(piece, set()).add(number)

    def found(self, text: Folded) -> list[tuple[int, int, int]]:
        """Start, end and number of every passage in the text."""
        return [
            (start, end, number)
            for needle in self._possible(text.folded)
            for start, end in text.places(needle)
            for number in self.needles[needle]
        ]

    def _possible(self, text: str) -> Iterable[str]:
        """The passages that may be in a folded text: of a long note withheld whole there are thousands of sentences,
        and those alone are looked for whose beginning is in the text."""
        if len(self.needles) < MANY:
            return self.needles
        if not self._heads:
            for needle in self.needles:
                self._heads.setdefault(needle[:SHORT] if len(needle) >= SHORT else "", []).append(needle)
        heads = {text[at : at + SHORT] for at in range(len(text) - SHORT + 1)} & self._heads.keys()
        return [needle for head in ("", *heads) for needle in self._heads.get(head, ())]

    def inside(self, text: str) -> set[int]:
        """The numbers of passages that a folded text is a part of."""
        if len(text) < SHORT or text not in self._joined():
            return set()
        return {number for needle, numbers in self.needles.items() if text in needle for number in numbers}

    def _joined(self) -> str:
        if not self._all:
            self._all = "\n".join(self.needles)
        return self._all

    def marked(self, revision: str) -> list[tuple[int, int, int]]:
        """As `found`, in a saved text."""
        if revision not in self._marked:
            source = self.texts.get(revision)
            self._marked[revision] = [] if source is None else self.found(Folded(source))
        return self._marked[revision]

    def count(self, numbers: Iterable[int]) -> str:
        """What stands in the place of words withheld under these numbers."""
        told = sorted(set(numbers))
        for number in told:
            self.places[number] += 1
        return f"[withheld {', '.join(map(str, told))}]"


def client_copy(document: FileDocument, marks: Sequence[AccessMark], texts: Mapping[str, str]) -> Withheld:
    """The client's copy: `marks` are numbered from 1 in their order; `texts` are all saved texts by their revision, in
    which evidence says where it stands. Raises `ValueError` for a document that is not the therapist's."""
    if document.copy_for is not Copy.THERAPIST:
        raise ValueError("withholding begins with the therapist's copy")
    search = _Search(places=dict.fromkeys(range(1, len(marks) + 1), 0))
    for number, mark in enumerate(marks, start=1):
        if mark.whole_note and mark.note is not None:
            search.notes.setdefault(mark.note, set()).add(number)
            for text in _texts_of(document, mark.note):
                search.add(text, number)
        else:
            search.add(mark.words, number)
    search.texts = texts
    sections = tuple(_section(each, search) for each in document.sections if each.name not in THERAPISTS_SECTIONS)
    made = document.model_copy(update={"copy_for": Copy.CLIENT, "withheld": len(marks), "sections": sections})
    return Withheld(made, search.places)


def _texts_of(document: FileDocument, note: int) -> Iterable[str]:
    """The texts of the note as a whole: saved, unsaved, added."""
    for record in document.records():
        if record.note == note and record.kind in ("revision", "unsaved", "addendum", "follow_up"):
            yield from (each.value for each in record.fields if each.kind == "text")


def _section(section: Section, search: _Search) -> Section:
    records = (each for each in section.records if not (each.kind == "log" and _event(each) in THERAPISTS_EVENTS))
    return section.model_copy(update={"records": tuple(_record(each, search) for each in records)})


def _event(record: Record) -> str:
    return next((each.value for each in record.fields if each.name == "event"), "")


def _record(record: Record, search: _Search, within: int | None = None) -> Record:
    before = sum(search.places.values())
    note = record.note if record.note is not None else within
    parts = tuple(_record(each, search, note) for each in record.parts)
    update: dict[str, object] = {"parts": parts}
    numbers = set(search.notes.get(note, ())) if note is not None else set()
    if not numbers and record.kind == "evidence":
        numbers = _cited(record, search)
        if numbers:
            update |= {"start": None, "end": None}
    fields = tuple(_field(each, search, numbers) for each in record.fields)
    if record.kind == "note" and sum(search.places.values()) > before:
        update["parts"] = tuple(_without_confirming(each) for each in parts)
        search.touched = True
    if record.kind == EntryKind.IMPORTED and search.touched:  # the file it came from may have held the other notes too
        fields = tuple(each for each in fields if each.name != "sha256")
    return record.model_copy(update={**update, "fields": fields})


def _without_confirming(record: Record) -> Record:
    fields = tuple(each for each in record.fields if each.name not in CONFIRMING)
    parts = tuple(_without_confirming(each) for each in record.parts)
    return record.model_copy(update={"fields": fields, "parts": parts})


def _cited(record: Record, search: _Search) -> set[int]:
    """The marks that a piece of evidence shares a character with, in the text that it cites."""
    if record.start is None or record.end is None:
        return set()
    marked = search.marked(record.revision or "")
    return {number for a, b, number in marked if a < record.end and b > record.start}


def _field(each: ExportField, search: _Search, whole: set[int]) -> ExportField:
    if each.kind != "text" or not each.value:
        return each.model_copy(update={"value": search.count(whole)}) if whole and each.name in TELLING else each
    text = Folded(each.value)
    found = search.found(text)
    inside = search.inside(text.folded)
    if whole or inside:
        return each.model_copy(update={"value": search.count(whole | inside | {number for _, _, number in found})})
    return each.model_copy(update={"value": _taken_out(each.value, found, search)}) if found else each


def _taken_out(text: str, found: list[tuple[int, int, int]], search: _Search) -> str:
    """`text` with these places out of it; those that overlap or touch become one."""
    runs: list[tuple[int, int, set[int]]] = []
    for start, end, number in sorted(found):
        if runs and start <= runs[-1][1]:
            first, last, numbers = runs[-1]
            runs[-1] = (first, max(last, end), numbers | {number})
        else:
            runs.append((start, end, {number}))
    pieces, at = [], 0
    for start, end, numbers in runs:
        pieces += [text[at:start], search.count(numbers)]
        at = end
    return "".join([*pieces, text[at:]])
