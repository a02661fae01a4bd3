"""The therapist's own themes as they are typed: one to a line, the sentences it rests on in brackets at the end.

"Quiet after moving (3, 5)" is a theme resting on sentences 3 and 5 of the note; a line without brackets rests on
nothing and is as good. What always holds: a text that cannot stand as it is can still be kept, cut into themes that
can, so that no word typed is lost at a lock.
"""

import re

from notekeeper.domain.review import OwnView, theme_label
from notekeeper.domain.text import Sentence
from notekeeper.drafting.sentences import split_sentences
from notekeeper.errors import UsageError
from notekeeper.services.reviewing import OwnThemeForm

_CITED = re.compile(r"^(?P<label>.*?)\s*\(\s*(?P<numbers>\d{1,6}(?:\s*,\s*\d{1,6})*)\s*\)$")
_QUOTES = re.compile(r"[\"“”„«»‹›]")
_MOST_WORDS, _MOST_CHARACTERS = 10, 80


def numbered(text: str) -> list[Sentence]:
    """The note's sentences with the numbers by which a theme names them."""
    return split_sentences(text)


def themes_of(lines: str, sentences: int) -> tuple[OwnThemeForm, ...]:
    """The themes of a text, one to a line; empty lines are passed over. Raises `UsageError` naming the line."""
    themes = []
    for number, line in enumerate(lines.splitlines(), start=1):
        if not line.strip():
            continue
        cited = _CITED.match(line.strip())
        label = cited["label"] if cited else line
        numbers = tuple(int(n) for n in cited["numbers"].split(",")) if cited else ()
        try:
            label = theme_label(label)
        except UsageError as error:
            raise UsageError(f"Theme line {number}: {error}") from None
        if any(not 1 <= n <= sentences for n in numbers):
            raise UsageError(f"Theme line {number} names a sentence that is not there: the note has 1 to {sentences}.")
        themes.append(OwnThemeForm(label=label, sentences=numbers))
    return tuple(themes)


def mended(lines: str) -> tuple[OwnThemeForm, ...]:
    """The same themes, made to stand: no quotation marks, long lines cut into several. Keeps every word; raises
    nothing. For a lock that does not wait for corrections."""
    themes = []
    for line in lines.splitlines():
        pieces: list[list[str]] = [[]]
        words = _QUOTES.sub(" ", line).split()
        for word in (w[at : at + _MOST_CHARACTERS] for w in words for at in range(0, len(w), _MOST_CHARACTERS)):
            if len(pieces[-1]) == _MOST_WORDS or len(" ".join([*pieces[-1], word])) > _MOST_CHARACTERS:
                pieces.append([])
            pieces[-1].append(word)
        themes += [OwnThemeForm(label=" ".join(piece)) for piece in pieces if piece]
    return tuple(themes)


def lines_of(own: OwnView, sentences: list[Sentence]) -> str:
    """Own themes as lines again. Evidence that is no sentence of the note is left out; `standing` finds it first."""
    places = {(s.start, s.end, s.text): s.number for s in sentences}
    lines = []
    for theme in own.themes:
        numbers = [places[key] for e in theme.evidence if (key := (e.start, e.end, e.text)) in places]
        lines.append(f"{theme.label} ({', '.join(map(str, numbers))})" if numbers else theme.label)
    return "\n".join(lines)
