"""Texts as they sound to a reader who looks for a name: without case, accents, marks that do not show, or ligatures.

What always holds: every place of a folded text leads back to its place in the text as it stood.
"""

import re
import unicodedata
from dataclasses import dataclass, field

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i", "ħ": "h", "ŋ": "n"}
    | dict.fromkeys("’‘`\u02bc\u00b4\u2032", "'")
    | dict.fromkeys("–—−\u2010\u2011\u2012\u2015", "-")
)
_PLAIN = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """NFKC, small letters, no accents, no invisible marks, one kind of apostrophe and of hyphen."""
    return text.lower() if text.isascii() else "".join(map(_folded, text))


def _folded(character: str) -> str:
    if character.isascii():
        return character.lower()
    apart = unicodedata.normalize("NFKD", character)
    kept = "".join(one for one in apart if unicodedata.category(one) not in {"Mn", "Cf", "Me"})
    return kept.casefold().translate(_LETTERS)


@dataclass(frozen=True, slots=True)
class Word:
    """One run of letters and figures. `folded` is how it is compared, `start` and `end` are where it stands in the
    text itself, half-open; `capital` says that it begins with one there."""

    folded: str = field(repr=False)
    start: int
    end: int
    capital: bool


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A text and its words. `between` holds what stands after each word before the next, folded."""

    text: str = field(repr=False)
    words: tuple[Word, ...] = field(repr=False)
    between: tuple[str, ...] = field(repr=False)


def words_of(text: str) -> FoldedText:
    """The words of `text`, in order."""
    folded, places = _with_places(text)
    words, between, last = [], [], None
    for match in _WORD.finditer(folded):
        if last is not None:
            between.append(folded[last : match.start()])
        last = match.end()
        start, end = places[match.start()], places[match.end() - 1] + 1
        words.append(Word(match.group(), start, end, text[start].isupper()))
    return FoldedText(text, tuple(words), (*between, ""))


def _with_places(text: str) -> tuple[str, range | list[int]]:
    if text.isascii():
        return text.lower(), range(len(text))
    pieces: list[str] = []
    places: list[int] = []
    for match in _PLAIN.finditer(text):
        piece = fold(match.group())
        pieces.append(piece)
        places += range(match.start(), match.end()) if match.group().isascii() else [match.start()] * len(piece)
    return "".join(pieces), places
