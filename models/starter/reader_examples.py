"""What a reader is taught from: sentences in their note, and sentences of the bank put together into made-up notes.

What always holds: the passages of `from_notes` come from the notes given and from no other; every sentence of the bank
stands in one made-up note of an epoch.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.starter.gold import Note, cited
from notekeeper.domain.engine import TRENDS
from notekeeper.domain.text import Sentence
from notekeeper.drafting.sentences import split_sentences

WINDOW, BANK_TOKENS = 440, 100
LEFT_OUT = 0.12
"""The share of sentences without a theme that an epoch leaves out, so that no note is seen twice the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Sentences that are read together, each as its `tokens`.

    `codes` (sentences, codes) is 1 where a sentence is evidence for a code; `trend` (sentences,) a place in `TRENDS` or
    -1; `themes` (sentences, themes) tells which sentences belong to one theme; `absent` are codes (columns) that the
    annotator judged absent; `whole` is true of a note that somebody wrote, false of a made-up one."""

    tokens: list[list[int]]
    codes: NDArray[np.float32]
    trend: NDArray[np.int64]
    themes: NDArray[np.bool_]
    absent: list[int]
    whole: bool

    def only(self, places: list[int]) -> "Passage":
        """The same with these sentences alone."""
        tokens = [self.tokens[at] for at in places]
        return Passage(tokens, self.codes[places], self.trend[places], self.themes[places], self.absent, self.whole)

    def length(self) -> int:
        """Its tokens in all."""
        return sum(map(len, self.tokens))


@dataclass(frozen=True, slots=True, eq=False)
class GoldNote:
    """A gold note, cut into sentences as the program cuts it, and the passage of all of them."""

    note: Note
    sentences: list[Sentence]
    passage: Passage


def gold_note(note: Note, codes: Sequence[str], tokenizer: Any) -> GoldNote:
    """A gold note as it is read."""
    sentences = split_sentences(note["text"])
    place = {code: at for at, code in enumerate(codes)}
    marks = np.zeros((len(sentences), len(codes)), np.float32)
    trend = np.full(len(sentences), -1, np.int64)
    themes = np.zeros((len(sentences), len(note["themes"])), np.bool_)
    for number, theme in enumerate(note["themes"]):
        evidence = cited(note, theme, sentences)
        themes[evidence, number] = True
        if theme["code"] in place:
            marks[evidence, place[theme["code"]]] = 1
        if theme.get("trend"):
            trend[evidence] = TRENDS.index(theme["trend"])
    absent = [place[code] for code in note.get("absent", []) if code in place]
    tokens = [tokens_of(sentence.text, tokenizer, WINDOW) for sentence in sentences]
    return GoldNote(note, sentences, Passage(tokens, marks, trend, themes, absent, whole=True))


def tokens_of(text: str, tokenizer: Any, most: int) -> list[int]:
    """At most so many tokens of a text, at least one; what looks like a mark of the encoder's stays text."""
    told = tokenizer(text, add_special_tokens=False, split_special_tokens=True, verbose=False)
    ids = list(told["input_ids"])[:most]
    return ids or [int(tokenizer.unk_token_id)]


def windows(tokens: Sequence[Sequence[int]], most: int) -> Iterator[list[int]]:
    """The places of sentences in a row that have at most so many tokens together (or are one that has more)."""
    window: list[int] = []
    held = 0
    for at, sentence in enumerate(tokens):
        if window and held + len(sentence) > most:
            yield window
            window, held = [], 0
        window.append(at)
        held += len(sentence)
    if window:
        yield window


def from_notes(golds: Sequence[GoldNote], chance: random.Random) -> list[Passage]:
    """Each note in windows, without some of the sentences that carry no theme."""
    out: list[Passage] = []
    for gold in golds:
        carries = [bool(row.any()) for row in gold.passage.themes]
        for window in windows(gold.passage.tokens, WINDOW):
            kept = [at for at in window if carries[at] or chance.random() > LEFT_OUT]
            if kept:
                out.append(gold.passage.only(kept))
    return out


@dataclass(frozen=True, slots=True)
class Single:
    """A sentence of the bank: its `code` (a column, or None for a neutral one), its `polarity` as in the data."""

    tokens: list[int]
    code: int | None
    polarity: str = ""

    @property
    def holds(self) -> int | None:
        """The code, unless the sentence says that the thing is absent."""
        return None if self.polarity == "absent" else self.code


def singles(bank: Sequence[Note], codes: Sequence[str], tokenizer: Any) -> list[Single]:
    """The sentences of the bank whose codes the taxonomy has, or that have none."""
    place: dict[str | None, int | None] = {None: None, **{code: at for at, code in enumerate(codes)}}
    return [
        Single(tokens_of(line["text"], tokenizer, BANK_TOKENS), place[line.get("code")], line.get("polarity", ""))
        for line in bank
        if line.get("code") in place
    ]


def made_up(bank: Sequence[Single], neutral: Sequence[Single], width: int, chance: random.Random) -> list[Passage]:
    """Every sentence of the bank once, in notes of two to four themes of one to three sentences, and some neutral."""
    left: dict[int | None, list[Single]] = {}
    for single in chance.sample(bank, len(bank)):
        left.setdefault(single.code, []).append(single)
    out: list[Passage] = []
    while left:
        themes: list[list[Single]] = []
        for code in chance.sample(list(left), min(len(left), chance.choice([2, 3, 4]))):
            pool = left[code]
            themes.append([pool.pop() for _ in range(min(chance.choice([1, 2, 2, 3]), len(pool)))])
            if not pool:
                del left[code]
        themes += [[chance.choice(neutral)] for _ in range(chance.choice([0, 1, 2]))]
        chance.shuffle(themes)
        out.append(_together(themes, width))
    return out


def _together(themes: Sequence[Sequence[Single]], width: int) -> Passage:
    row = [(number, single) for number, theme in enumerate(themes) for single in theme]
    codes = np.zeros((len(row), width), np.float32)
    trend = np.full(len(row), -1, np.int64)
    belongs = np.zeros((len(row), len(themes)), np.bool_)
    for at, (number, single) in enumerate(row):
        if single.polarity in TRENDS:
            trend[at] = TRENDS.index(single.polarity)
        if single.holds is not None:
            codes[at, single.holds] = 1
            belongs[at, number] = True
    return Passage([single.tokens for _, single in row], codes, trend, belongs, [], whole=False)
