"""What a note says is not so: how far a "no", "denied" or "no longer" reaches.

A label that takes "suicidal thoughts" out of "denied any suicidal thoughts" says the opposite of the note, so this
errs towards reaching too far: a run of words wrongly held for denied is only not offered. What always holds: a
denial reaches to the end of its clause, over the commas of a list, and back to what it closes ("thoughts: denied");
it ends where a word like "but" or "because" opens something else. Written from invented notes, not measured on any.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from notekeeper.drafting.wordlists import WordLists
from notekeeper.drafting.words import Vocabulary, stem, unquoted, words

_DENIALS = frozenset(
    "no not never nor neither none nil without denied denies denying denial cannot hardly barely scarcely rarely "
    "seldom nobody nothing nowhere less fewer stopped ceased quit absent unlike "
    "dont doesnt didnt isnt arent wasnt werent wont wouldnt cant couldnt hasnt havent hadnt shouldnt".split()
)
_PAIRS = frozenset(
    {("free", "of"), ("free", "from"), ("gave", "up"), ("given", "up"), ("ruled", "out"), ("instead", "of")}
    | {("rather", "than"), ("lack", "of"), ("far", "from")}
)
_TURNS = frozenset("but although though however yet except because while whereas until unless since".split())
_FORWARD = frozenset("without unlike rather instead".split())
_HELPERS = frozenset("is are was were has have had does do did will would can could".split())
_TURNED = frozenset(
    stem(word)
    for word in "avoid unable refuse refusal unsure resist miss lack decline stop giving unsaid untold".split()
)
_HARD = re.compile(r"[.!?…;]+(?=\s|$)")
_SOFT = re.compile(r"[^\w\s'’]+(?=\s|$)|(?<=\s)[^\w\s'’]+|[,:()/\[\]—–]")
_CLOSES = re.compile(r"[:(\[—–-]")
_APART = re.compile(r"\b(?:may|linked|connected)\b")
"""Where one label ends and another begins within an idea: no denial of the one reaches over the other."""
_REACH_BACK = 6
_LIST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Clause:
    """Words between two marks of punctuation or turning words. `carried`: a denial before it goes on over it;
    `closed`: what follows it denies it."""

    words: tuple[str, ...]
    carried: bool = False
    closed: bool = False


def is_denial(spoken: tuple[str, ...] | list[str], at: int) -> bool:
    """Whether the word at this place turns a meaning round."""
    word = _plain(spoken[at])
    pair = (word, _plain(spoken[at + 1])) if at + 1 < len(spoken) else ("", "")
    return word in _DENIALS or word.endswith("n't") or pair in _PAIRS


def has_denial(spoken: tuple[str, ...] | list[str]) -> bool:
    """Whether any of these words turns a meaning round."""
    return any(is_denial(spoken, at) for at in range(len(spoken)))


def clauses(piece: str) -> list[Clause]:
    """The clauses of one sentence, quoted speech left out, each with what denials around it do to it."""
    found: list[Clause] = []
    for stretch in _HARD.split(unquoted(piece, _in_place_of)):
        parts, marks = _parts(stretch)
        reaching = False
        for at, part in enumerate(parts):
            turned = marks[at] == ""
            listed = len(part) <= _LIST_WORDS or any(_plain(word) in {"or", "nor"} for word in part)
            reaching = reaching and listed and not turned
            after = parts[at + 1] if at + 1 < len(parts) else ()
            mark = marks[at + 1] if at + 1 < len(parts) else ""
            found.append(Clause(part, carried=reaching, closed=_closes(mark, after)))
            reaching = reaching or has_denial(part)
    return found


def denied(clause: Clause, start: int, end: int) -> bool:
    """Whether a denial outside the run of words `start` to `end` (half-open) turns its meaning round."""
    spoken = clause.words
    if clause.carried or clause.closed or any(is_denial(spoken, at) for at in range(start)):
        return True
    if tuple(map(_plain, spoken[end - 1 : end + 1])) in _PAIRS:
        return True
    for at in range(end, min(end + _REACH_BACK, len(spoken))):
        if _plain(spoken[at]) in {"and", "or"} and _opens_anew(spoken[at + 1 : at + 3]):
            return False
        if is_denial(spoken, at) and _plain(spoken[at]) not in _FORWARD:
            return True
    return False


def only_denied(evidence: Iterable[str]) -> frozenset[str]:
    """The stems of words that stand in the evidence nowhere but under a denial."""
    said, under = said_and_denied(evidence)
    return frozenset(under - said)


def said_and_denied(pieces: Iterable[str]) -> tuple[set[str], set[str]]:
    """The stems of words that stand outside any denial, and of those that stand under one; a word may be in both."""
    said: set[str] = set()
    under: set[str] = set()
    for piece in pieces:
        for clause in clauses(piece):
            for at, word in enumerate(clause.words):
                (under if denied(clause, at, at + 1) else said).add(stem(word))
    return said, under


def drops_denial(text: str, evidence: Sequence[str], vocabulary: Vocabulary, lists: WordLists) -> bool:
    """Whether the text says, outside any denial of its own, what the evidence says only under one. "Avoiding crowds"
    may stand for "does not do crowds", but no such word stands for a denial of risk."""
    told = said_and_denied(_APART.split(text))[0]
    said, under = said_and_denied(evidence)
    turned = bool(told & _TURNED)
    for word in {stem(word) for word in vocabulary.content(text)} & told:
        if turned and word not in lists.risk:
            continue
        forms = lists.feelings.get(word, frozenset({word}))
        if forms & under and not forms & said:
            return True
    return False


def adds_denial(text: str, evidence: Sequence[str], vocabulary: Vocabulary, lists: WordLists) -> bool:
    """Whether the text denies what the evidence does not: a word of risk that is nowhere denied there, or, for other
    words, none of those that the text denies."""
    said, under = said_and_denied(_APART.split(text))
    content = {stem(word) for word in vocabulary.content(text) if not has_denial([word])}
    told = content & under - said
    held = said_and_denied(evidence)[1]
    grave = {word for word in told if word in lists.risk}
    return bool(told) and (not told & held or bool(grave - held))


def _parts(stretch: str) -> tuple[list[tuple[str, ...]], list[str]]:
    """The clauses of a stretch and the mark before each; an empty mark is a turning word."""
    parts: list[tuple[str, ...]] = []
    marks: list[str] = []
    edges = [(0, 0), *((match.start(), match.end()) for match in _SOFT.finditer(stretch)), (len(stretch),) * 2]
    for (left, opens), (closes, _) in pairwise(edges):
        mark = stretch[left:opens] or ","
        for place, group in enumerate(_turned(words(stretch[opens:closes]))):
            if group:
                parts.append(tuple(group))
                marks.append("" if place else mark)
    return parts, marks


def _turned(spoken: list[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for word in spoken:
        if _plain(word) in _TURNS:
            groups.append([])
        groups[-1].append(word)
    return groups


def _opens_anew(after: tuple[str, ...]) -> bool:
    """Whether "and" goes on with a denial of its own ("and did not eat")."""
    return has_denial(after[:1]) or (bool(after) and _plain(after[0]) in _HELPERS and has_denial(after[1:]))


def _in_place_of(quoted: str) -> str:
    """A quotation parts clauses; one that denies goes on denying."""
    return " , not , " if has_denial(words(quoted)) else " , "


def _closes(mark: str, after: tuple[str, ...]) -> bool:
    return bool(after) and len(after) <= _LIST_WORDS and bool(_CLOSES.search(mark)) and is_denial(after, 0)


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'")
