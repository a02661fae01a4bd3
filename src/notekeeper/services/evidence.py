"""The sentences that a therapist's own theme rests on, told by their numbers in the note.

What always holds: evidence is a whole sentence, verbatim in the note at its place. When the text has changed since, a
sentence that is still in it, once, is found again at its new place; one that is not there is evidence no longer.
"""

from collections.abc import Iterable

from notekeeper.domain.review import OwnView
from notekeeper.domain.text import Evidence
from notekeeper.drafting.sentences import split_sentences
from notekeeper.errors import UsageError


def evidence_of(text: str, numbers: Iterable[int]) -> tuple[Evidence, ...]:
    """The sentences of `text` with these numbers, from 1, in their order. Raises `UsageError` for one not there."""
    sentences, wanted = split_sentences(text), sorted(set(numbers))
    if any(not 1 <= number <= len(sentences) for number in wanted):
        raise UsageError(f"This note has sentences 1 to {len(sentences)}; a theme names another. Nothing was changed.")
    cited = [sentences[number - 1] for number in wanted]
    return tuple(Evidence(start=s.start, end=s.end, text=s.text) for s in cited)


def numbers_of(text: str, evidence: Iterable[Evidence]) -> tuple[int, ...]:
    """The numbers of the sentences of `text` that these pieces are; a piece that is no sentence of it has none."""
    places = {(s.start, s.end, s.text): s.number for s in split_sentences(text)}
    return tuple(places[key] for e in evidence if (key := (e.start, e.end, e.text)) in places)


def standing(own: OwnView, text: str) -> OwnView:
    """The own view with the evidence that stands in `text`."""
    if not any(theme.evidence for theme in own.themes):
        return own
    sentences = [Evidence(start=s.start, end=s.end, text=s.text) for s in split_sentences(text)]
    themes = tuple(
        theme.model_copy(update={"evidence": tuple(kept for e in theme.evidence if (kept := _found(e, sentences)))})
        for theme in own.themes
    )
    return own if themes == own.themes else OwnView(focus=own.focus, themes=themes)


def _found(piece: Evidence, sentences: list[Evidence]) -> Evidence | None:
    """Whole sentences only: the words of a piece may now begin a sentence that says the opposite."""
    if piece in sentences:
        return piece
    equal = [sentence for sentence in sentences if sentence.text == piece.text]
    return equal[0] if len(equal) == 1 else None
