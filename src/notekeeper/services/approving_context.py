"""Where a hit stands: the words around it, for the therapist's eyes, in the report that was prepared.

What always holds: what is given here is shown on the screen and goes nowhere else.
"""

import re
from dataclasses import dataclass, field

from notekeeper.domain.identifiers import Hit, IdentifierType
from notekeeper.identifiers.fields import texts_of
from notekeeper.identifiers.final_text import text_of_file
from notekeeper.services.approving import Prepared

_AROUND = 60
KIND_WORDS = {
    IdentifierType.PERSON: "a person",
    IdentifierType.PLACE: "a place",
    IdentifierType.ORG: "an organisation",
    IdentifierType.DATE: "a date",
    IdentifierType.CONTACT: "a number or address",
    IdentifierType.AGE: "an age",
    IdentifierType.OTHER: "something else",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One place of a hit: `where` in words, what stands before, the hit as it is written there, what stands after.
    `found` is '' where the words cannot be pointed at."""

    where: str
    before: str = field(repr=False)
    found: str = field(repr=False)
    after: str = field(repr=False)


def hit_words(hit: Hit) -> str:
    """What a hit looks like or is known to be, in words; an entry of the dictionary that is written otherwise is
    named."""
    said = KIND_WORDS[hit.type]
    if hit.near and hit.known:
        return f"{said}, another spelling of “{hit.known}” on your list"
    return f"{said}, on your list" if hit.known else f"it may be {said}"


def standings_of(prepared: Prepared, hit: Hit) -> tuple[Standing, ...]:
    """Every place of a hit with the words around it, in the order of the report. Raises `ReportError` for a file that
    cannot be read back."""
    texts = [(each.where, each.text) for each in texts_of(prepared.document) if each.where in hit.where]
    for ending, content in prepared.files.items():
        if (name := f"report.{ending}") in hit.where:
            texts.append((name, text_of_file(name, content)))
    found = [standing for where, text in texts for standing in _in(where, text, hit.found)]
    missing = set(hit.where) - {each.where for each in found}
    return (*found, *(Standing(where, "", "", "") for where in hit.where if where in missing))


def _in(where: str, text: str, words: str) -> list[Standing]:
    pieces = r"[\W_]*".join(map(re.escape, re.findall(r"\w", words))) or re.escape(words)
    return [
        Standing(
            where,
            _one_line(text[max(0, match.start() - _AROUND) : match.start()], cut_before=match.start() > _AROUND),
            match.group(),
            _one_line(text[match.end() : match.end() + _AROUND], cut_after=match.end() + _AROUND < len(text)),
        )
        for match in re.finditer(rf"(?<!\w){pieces}(?!\w)", text, re.IGNORECASE)
    ]


def _one_line(text: str, *, cut_before: bool = False, cut_after: bool = False) -> str:
    line = re.sub(r"\s+", " ", text)
    return f"{'…' if cut_before else ''}{line}{'…' if cut_after else ''}"
