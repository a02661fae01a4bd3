"""Variants of invented identifiers, and reports that they are planted in: what a rehearsal has to find.

What always holds: the same seed gives the same variants and places; a variant is made here by rules of its own, which
share no code with those that look for it; every text field that a report has for a person's words is planted in.
"""

import json
import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from notekeeper.domain.identifiers import Identifier, IdentifierType
from notekeeper.domain.report import ReportDocument

PERSON, PLACE, ORG = IdentifierType.PERSON, IdentifierType.PLACE, IdentifierType.ORG
CONTACT, DATE, OTHER = IdentifierType.CONTACT, IdentifierType.DATE, IdentifierType.OTHER
INVENTED: tuple[tuple[str, IdentifierType], ...] = (
    ("Margaret Holloway", PERSON), ("Siân Prosser-Bevan", PERSON), ("Mary Ann", PERSON), ("Renée Okonjo", PERSON),
    ("Zbigniew", PERSON), ("Catherine", PERSON), ("Theodore", PERSON), ("Ngozi", PERSON), ("Élodie Marchant", PERSON),
    ("William Tranter", PERSON), ("Elizabeth", PERSON), ("Mr Asante", PERSON), ("Dr Whitcombe", PERSON),
    ("Patricia Lindqvist", PERSON), ("Alexander", PERSON), ("Björn", PERSON), ("Deborah", PERSON), ("Nicola", PERSON),
    ("Jean-Luc", PERSON), ("Katherine Vane", PERSON), ("Harriet", PERSON), ("Séamus", PERSON), ("Rosemary", PERSON),
    ("Grace Fielding", PERSON), ("Will", PERSON), ("Jo", PERSON), ("Vi", PERSON), ("Kwabena", PERSON), ("Ash", PERSON),
    ("Whitby", PLACE), ("Altrincham", PLACE), ("Stoke Newington", PLACE), ("Llanelli", PLACE), ("Málaga", PLACE),
    ("14 Ferncliffe Terrace", PLACE), ("KX19 0ZZ", PLACE), ("Hartwell Logistics", ORG), ("St Bede's Hospital", ORG),
    ("Kestrel Aerospace", ORG), ("Oakfield Primary", ORG), ("07700 900123", CONTACT), ("0117 496 0154", CONTACT),
    ("+44 7700 900461", CONTACT), ("m.oduya@example.org", CONTACT), ("17/08/1985", DATE), ("4 July 2019", DATE),
    ("2 November 1998", DATE), ("TT-30617", OTHER),
)  # fmt: skip
"""None is a person, a place on a client's path or a number in use: telephone numbers are those that Ofcom keeps for
drama, and the ten-figure numbers only pass the check digit of an NHS number."""
_SHORT = {
    "Margaret": "Maggie Meg Peggy", "William": "Bill Billy Liam", "Elizabeth": "Liz Betty Beth",
    "Catherine": "Cath Kate", "Grace": "Gracie", "Will": "William Billy", "Jo": "Joanna Josephine",
    "Patricia": "Pat Trish Paddy", "Alexander": "Alex Sandy", "Deborah": "Debbie Deb", "Nicola": "Nicky Nic",
    "Katherine": "Kathy Kate", "Harriet": "Hattie", "Theodore": "Theo Ted", "Rosemary": "Rosie Ro",
}  # fmt: skip
_MONTHS = ("January February March April May June July August September October November December").split()


@dataclass(frozen=True, slots=True)
class Variant:
    """`text` is another spelling of `identifier`, made by the rule `sort`."""

    identifier: Identifier
    sort: str
    text: str = field(repr=False)


def invented() -> tuple[tuple[str, IdentifierType], ...]:
    """All of them with their kinds, and two numbers with the check digit of an NHS number."""
    return *INVENTED, ("943 476 5919", OTHER), ("401 023 2137", OTHER)


def variants(count: int, seed: int) -> tuple[Variant, ...]:
    """So many variants, no two alike, every sort in turn and every identifier as often as its sort allows."""
    choose = random.Random(seed)  # noqa: S311 - which invented spelling is planted, no secret
    identifiers = [Identifier(text=text, type=kind) for text, kind in invented()]
    found: dict[str, Variant] = {}
    sorts = list(_SORTS)
    while len(found) < count and sorts:
        for sort in tuple(sorts):
            made = ((one, _SORTS[sort](one, choose)) for one in choose.choices(identifiers, k=_TRIES))
            new = next(((one, text) for one, text in made if text and text not in found), None)
            if new is None:
                sorts.remove(sort)
            elif len(found) < count:
                found[new[1]] = Variant(new[0], sort, new[1])
    if len(found) < count:
        raise ValueError("there are not so many variants")
    return tuple(found.values())


_TRIES = 200
"""After so many tries without a new variant a sort has given all it has."""


def _possessive(one: Identifier, choose: random.Random) -> str:
    if one.type not in {PERSON, ORG, PLACE} or one.text.endswith("Z"):
        return ""
    return one.text + choose.choice(("'s", "’s", "s", "s'"))


def _nickname(one: Identifier, choose: random.Random) -> str:
    first, _, rest = one.text.partition(" ")
    if first not in _SHORT:
        return ""
    nick = choose.choice(_SHORT[first].split())
    return choose.choice((nick, f"{nick} {rest}".strip(), nick + "'s", nick.upper()))


def _diacritics(one: Identifier, choose: random.Random) -> str:
    """Accents left off, taken apart into two characters, or put where there are none."""
    bare = "".join(c for c in unicodedata.normalize("NFD", one.text) if not unicodedata.combining(c))
    if bare != one.text:
        return choose.choice((bare, unicodedata.normalize("NFD", one.text), bare.upper()))
    places = [place for place, letter in enumerate(one.text) if letter in "aeiouAEIOU"]
    if one.type not in {PERSON, PLACE, ORG} or not places:
        return ""
    place = choose.choice(places)
    return unicodedata.normalize(
        "NFC", one.text[: place + 1] + choose.choice("\u0301\u0300\u0302") + one.text[place + 1 :]
    )


def _spacing(one: Identifier, choose: random.Random) -> str:
    """Words joined, hyphened, broken over lines or by a mark that does not show."""
    if one.type not in {PERSON, PLACE, ORG}:
        return ""
    if re.search(r"[ -]", one.text) and choose.random() < 0.7:
        return re.sub(r"[ -]", choose.choice(("-", "\n", "  ", "\u00a0", "", "\u2011")), one.text)
    place = choose.randrange(2, max(3, len(one.text) - 1))
    return one.text[:place] + choose.choice(("\u00ad", "\u200b", "\u2060")) + one.text[place:]


def _case(one: Identifier, choose: random.Random) -> str:
    if one.type in {DATE, CONTACT, OTHER}:
        return ""
    return choose.choice((one.text.upper(), one.text.lower(), one.text.swapcase(), _full_width(one.text)))


def _full_width(text: str) -> str:
    """The same letters as the wide ones that NFKC brings back."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def _one_letter(one: Identifier, choose: random.Random) -> str:
    if one.type not in {PERSON, PLACE, ORG}:
        return ""
    words = [match.span() for match in re.finditer(r"[^\W\d_]{5,}", one.text)]
    if not words or one.text.startswith("KX"):
        return ""
    start, end = choose.choice(words)
    place = choose.randrange(start + 1, end - 1)
    text, letter = one.text, choose.choice("aeinorst")
    made = choose.choice((
        text[:place] + text[place + 1 :],
        text[:place] + letter + text[place:],
        text[:place] + letter + text[place + 1 :],
        text[:place] + text[place + 1] + text[place] + text[place + 2 :],
    ))  # fmt: skip
    return made if made != text else ""


def _regrouped(one: Identifier, choose: random.Random) -> str:
    if one.type is DATE:
        return choose.choice(_dates(one.text))
    figures = "".join(filter(str.isdecimal, one.text))
    if one.type is CONTACT and len(figures) >= 11:
        national = "0" + figures[-10:]
        return choose.choice((
            national, f"+44 {national[1:5]} {national[5:]}", f"+44(0){national[1:]}", f"0044 {national[1:]}",
            f"{national[:5]} {national[5:8]} {national[8:]}", f"{national[:5]}-{national[5:]}",
            f"({national[:5]}) {national[5:]}", f"{national[:3]} {national[3:7]} {national[7:]}",
        ))  # fmt: skip
    if one.type is OTHER and len(figures) == 10:
        return choose.choice((
            figures, f"{figures[:3]}-{figures[3:6]}-{figures[6:]}", f"{figures[:5]} {figures[5:]}",
            f"{figures[:3]} {figures[3:6]} {figures[6:8]} {figures[8:]}",
        ))  # fmt: skip
    return one.text.replace(" ", "").replace("-", " ") if one.text[:2] in {"KX", "TT"} else ""


def _dates(text: str) -> tuple[str, ...]:
    if "/" in text:
        day, month, year = (int(part) for part in text.split("/"))
    else:
        words = text.split()
        day, month, year = int(words[0]), _MONTHS.index(words[1]) + 1, int(words[2])
    said, name = date(year, month, day), _MONTHS[month - 1]
    return (
        said.isoformat(), f"{day:02}/{month:02}/{year % 100:02}", f"{day}.{month}.{year}", f"{name} {day}, {year}",
        f"{day} {name[:3]} {year}", f"the {day}th of {name}" if day > 3 else f"{day} {name}", f"{name[:3]} {day}",
        f"{day}-{name[:3]}-{year}", f"{month}/{day}/{year}",
    )  # fmt: skip


_SORTS: Mapping[str, Callable[[Identifier, random.Random], str]] = {
    "possessive": _possessive,
    "nickname": _nickname,
    "diacritics": _diacritics,
    "spacing": _spacing,
    "case": _case,
    "one letter wrong": _one_letter,
    "regrouped": _regrouped,
}
_SENTENCES = (
    "What stays unsaid about {}, and for whom.",
    "{} comes up whenever the week goes badly.",
    "cannot say no to {}",
    "She spoke of {} twice, and then of nothing else.",
    "Fear that {} will be told.",
)


TEXTS = frozenset(
    "question words action safeguarding protective told breaks label statement text agreed questions".split()
)
"""The fields of a report that hold a person's words."""


def planted(document: ReportDocument, chosen: Sequence[Variant]) -> ReportDocument:
    """The document with each variant in a sentence in one of its texts, page by page and field by field in turn; where
    there are more variants than texts, several stand in one."""
    raw = document.model_dump(mode="json")
    slots = [slot for page in raw["pages"] for slot in _slots(page)]
    for number, variant in enumerate(chosen):
        holder, key = slots[number % len(slots)]
        sentence = _SENTENCES[number % len(_SENTENCES)].format(variant.text)
        holder[key] = f"{holder[key]} {sentence}"
    return ReportDocument.model_validate_json(json.dumps(raw))


def _slots(value: Any, name: str = "") -> Iterator[tuple[Any, Any]]:
    """Every text as its holder and its key there."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        called = key if isinstance(key, str) else name
        if isinstance(inner, str):
            if called in TEXTS:
                yield value, key
        else:
            yield from _slots(inner, called)


def stands_in(variant: str, text: str) -> bool:
    """Whether a variant is still there for a reader: its letters and figures in a row, whatever stands between them,
    whole words for one of few letters. Told without the rules that look for it."""
    letters = _squeezed(variant.removesuffix("'s").removesuffix("’s"))
    if len(letters) >= _LONG:
        return letters in _squeezed(text)
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.search(rf"(?<!\w){re.escape(unicodedata.normalize('NFKC', variant).casefold())}(?!\w)", plain) is not None


_LONG = 6


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
