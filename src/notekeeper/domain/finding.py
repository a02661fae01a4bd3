"""What a search is narrowed by, and how words are compared where no index answers for them.

What always holds: a filter only leaves notes out; accents and case never matter; a theme is looked for among signed
themes alone.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from notekeeper.domain.note import NoteKind, NotePart
from notekeeper.errors import UsageError

MOST_THEME = 400
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Filters:
    """`start` and `end` are days of notes, both included. `theme` is the code of a theme or words of its label. `part`
    is the text that is looked in; the record has its addenda and risk entries with it."""

    start: date | None = None
    end: date | None = None
    kind: NoteKind | None = None
    signed: bool | None = None
    theme: str = ""
    part: NotePart | None = None

    def __bool__(self) -> bool:
        """Whether anything is left out."""
        return self != Filters()


ALL = Filters()
"""Nothing left out."""


def checked(filters: Filters) -> Filters:
    """`filters`, if a note can pass them. Raises `UsageError`."""
    if filters.start and filters.end and filters.start > filters.end:
        raise UsageError("The first day is after the last. Please exchange them; nothing was searched.")
    if filters.theme and filters.signed is False:
        raise UsageError("Themes are looked for in signed notes only. Leave out one of the two; nothing was searched.")
    if len(filters.theme) > MOST_THEME:
        raise UsageError(f"A theme to look for has at most {MOST_THEME} characters. Nothing was searched.")
    if filters.theme and not words_in(filters.theme):
        raise UsageError("A theme is looked for by a word of its label, or by its code. Nothing was searched.")
    return filters


def folded(text: str) -> str:
    """`text` without accents and in one case."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def words_in(text: str) -> frozenset[str]:
    """Its words, folded: runs of letters and digits."""
    return frozenset(_WORD.findall(folded(text)))


def is_theme(wanted: str, label: str, code: str | None) -> bool:
    """Whether a theme is the one `wanted`: by its code, or by every word of `wanted` in its label."""
    named = code is not None and words_in(code.replace("_", " ")) == words_in(wanted.replace("_", " "))
    return named or words_in(wanted) <= words_in(label)
