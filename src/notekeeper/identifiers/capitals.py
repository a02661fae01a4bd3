"""Names in a note: capitals that do not only stand at a sentence's start, and names written small.

What always holds: an ordinary word that opens a sentence is no name unless it stands within one with a capital too, or
what follows it tells of a person; days of the week and the capitals of the trade are none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from notekeeper.domain.identifiers import IdentifierType
from notekeeper.identifiers.dates import MONTHS
from notekeeper.identifiers.shapes import STREETS
from notekeeper.identifiers.spans import Span
from notekeeper.identifiers.words import (
    ACRONYMS,
    HOLIDAYS,
    NAME_WORDS,
    TITLES,
    TRADE,
    WEEKDAYS,
    first_names,
    is_ordinary,
    is_rare,
)

_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|['’\u2011-](?=[^\W\d_]))*")
_OPENS = re.compile(r"(?:^|[.!?:\"“”‘(\n•*>→/]|[\s(\[]['’]|\s[-–—]|^[-–—]|(?:^|\n)\s*\+)[\s'’\"“‘(*_-]*$")
_HEADING = re.compile(r"\s?(?::|\s[-–—]\s)")
_JOINS = re.compile(r"\s(?:&|of|the|de|la|van|von|der|al|el|bin|ibn|ap|ab|y|of\sthe)\s|\s|-|,\s(?=(?:Court|House)\b)")
_PERSON_AFTER = re.compile(
    r"(?:['’]s\b|\s?\(\d|,\s(?:\d|aged|who\b|my\b|his\b|her\b|their\b)|\s(?:said|says|came|has|had|is|was|and|asked|told|"
    r"arrived|attended|reported|reports|described|brought|wants|wanted|thinks|thought|feels|felt|did|does|went|goes|rang|"
    r"texted|looked|cried|laughed|spoke|talked|noticed|sat|left|still|also|again|would|will|can|could|seems|seemed|"
    r"remembered|recalled|lost|took|gave|got|met|made|knows|knew|wrote|kept|found|moved|started|stopped)\b)"
)
_PLACED = re.compile(
    rf"\s(?:(?i:{STREETS})|surgery|hospital|hosp|school|primary|secondary|academy|college|uni|university|church|chapel|"
    r"mosque|temple|centre|center|clinic|ward|house|hall|park|station|market|library|nursery|prison|farm|hotel|"
    r"practice|medical|health|prep|sixth\sform|leisure|society|club|project|trust|council)(?!\w)"
)
_ORGANISED = re.compile(
    r"\b(?:solicitors?|ltd|limited|plc|llp|inc|hospital|surgery|school|primary|academy|college|university|uni|church|"
    r"mosque|temple|chapel|centre|center|clinic|ward|trust|council|logistics|bakery|law|practice|hospice|nursery|prison|"
    r"society|association|club|company|group|services?|charity|foundation|station|airport|bank|court|police)\b",
    re.IGNORECASE,
)
_PLACE_BEFORE = re.compile(r"\b(?:in|from|to|near|at|around|outside|across|through|via|of)\s(?:the\s)?$", re.IGNORECASE)
_SAINT = re.compile(r"(?<!\w)st\.?\s(?!to\b|and\b)[a-z]{3,}(?:['’]?s)?(?!\w)")
_TOWN = re.compile(
    r"\b(?i:moved|moving|move|lives?|living|lived|born|grew\sup|relocated|relocating|went|travelled|flew|driving|"
    r"drove|trip|back|home|uni|family|work|works|working|job|parents|mum|dad|hospital|holiday|weekend|nights?|days?|weeks?|"
    r"flat|house|wedding|funeral|sister|brother|train|bus|week)\s"
    r"(?:back\s|down\s|up\s|over\s|out\s|away\s)?(?:from|to|in|near|at|outside)\s(?P<town>[a-z][a-z'’-]{3,})(?!\w)"
)
_KIN = re.compile(
    r"\b(?i:sister|sis|brother|bro|mum|mom|dad|mother|father|husband|wife|partner|ex|bf|gf|boyfriend|girlfriend|friend|mate|"
    r"son|daughter|cousin|aunt|auntie|uncle|nan|boss|manager|mgr|colleague|flatmate|housemate|neighbour|teacher|"
    r"called|named|baby|twins|stepdad|stepmum|gp|sw|nurse|supervisor|line\smanager)\s(?P<name>[a-z][a-z'’]{2,})(?!\w)"
)
_TITLED = re.compile(r"(?<!\w)(?i:mr|mrs|ms|miss|dr|prof|rev|sgt|pc|auntie|uncle)\.?\s[a-z][a-z'’-]{1,}(?!\w)")
_MONTH = re.compile(MONTHS, re.IGNORECASE)
_TITLE_BEFORE = re.compile(rf"\b(?:{'|'.join(TITLES)})\.?\s$", re.IGNORECASE)
_DOTTED = re.compile(r"\.(?:\s?[A-Z]\.|\s[a-z]|['’]s)")
_LETTERED = re.compile(
    r"[\d/&]$|\b(?:vitamin|grade|room|plan|group|part|option|item|phase|axis|level)\s$", re.IGNORECASE
)
_QUOTED = re.compile(r"[\"“'‘]\w+[\"”'’]")
_ENDING = re.compile(r"['’]s$|['’]$")


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    opening: bool

    @property
    def plain(self) -> str:
        return _ENDING.sub("", self.text).casefold().replace("’", "'")


def opens(text: str, place: int) -> bool:
    """Whether a word at `place` has a capital anyhow: it begins a sentence, a line, a quotation or a bracket."""
    return bool(_OPENS.search(text, max(0, place - 12), place))


def names(text: str) -> Iterator[Span]:
    """Every span that may be a name of a person, a place or an organisation; they may overlap."""
    words = [_Word(m.start(), m.end(), m.group(), opens(text, m.start())) for m in _TOKEN.finditer(text)]
    inside = {word.plain for word in words if word.text[0].isupper() and not word.opening and len(word.text) > 1}
    marked = [_is_name(word, text, inside) for word in words]
    yield from _runs(text, words, marked)
    yield from _small(text, words)


def _is_name(word: _Word, text: str, inside: set[str]) -> bool:
    plain = word.plain
    if not word.text[0].isupper() or plain in WEEKDAYS | HOLIDAYS or _MONTH.fullmatch(plain):
        return False
    if len(plain) == 1:
        return bool(_TITLE_BEFORE.search(text, max(0, word.start - 12), word.start)) or _is_initial(word, text)
    if plain in TITLES and re.match(r"\.?\s[A-Z]", text[word.end : word.end + 3]):
        return True
    if plain in TRADE or plain in {"mr", "mrs", "ms", "dr"} or re.fullmatch(r"i['’](?:m|ve|d|ll)", plain):
        return False
    if word.text.isupper():
        return _is_acronym(word, text)
    return not word.opening or _opens_as_name(word, text, inside)


def _opens_as_name(word: _Word, text: str, inside: set[str]) -> bool:
    """Whether a word that begins a sentence would have its capital within one too. `inside` are those that have."""
    plain = word.plain
    if plain in ACRONYMS:
        return False
    if not is_ordinary(plain):
        return True
    if _HEADING.match(text, word.end):
        return False
    named = plain in NAME_WORDS
    if named and (plain in inside or _QUOTED.search(text, max(0, word.start - 1), word.end + 1)):
        return True
    after = _PERSON_AFTER.match(text, word.end)
    return after is not None and (named or (is_rare(plain) and after.group().strip() not in {"and", "is", "was"}))


def _is_initial(word: _Word, text: str) -> bool:
    """K, as a name is shortened; not a heading of SOAP, not I, a therapist's T or an article."""
    letter, after = word.text[0], text[word.end : word.end + 8]
    if letter == "I" or re.match(r"[:)/\d&-]", after):
        return False
    if _DOTTED.match(after):
        return True
    if letter in "AT" and (word.opening or letter == "T"):
        return False
    if word.opening and not re.match(r"['’]s\b|\s[a-z]+", after):
        return False
    return not _LETTERED.search(text, max(0, word.start - 12), word.start)


def _is_acronym(word: _Word, text: str) -> bool:
    line = text[text.rfind("\n", 0, word.start) + 1 :].partition("\n")[0]
    if line.isupper() and len(line.split()) > 1:
        return False
    known = word.plain in ACRONYMS or word.plain.partition("-")[0] in ACRONYMS
    if known or _HEADING.match(text, word.end):
        return False
    return len(word.plain) <= 8 and not (is_ordinary(word.plain) and len(word.plain) > 3)


def _runs(text: str, words: list[_Word], marked: list[bool]) -> Iterator[Span]:
    place = 0
    while place < len(words):
        if not marked[place]:
            place += 1
            continue
        last = place
        while last + 1 < len(words) and marked[last + 1] and _joined(text, words[last], words[last + 1]):
            last += 1
        yield from _spans(text, words[place : last + 1])
        place = last + 1


def _joined(text: str, one: _Word, other: _Word) -> bool:
    between = text[one.end : other.start]
    if one.plain in TITLES or one.plain == "st" or len(one.text) == 1:
        return between in {" ", ". ", "."}
    if _ENDING.search(one.text):
        both = is_ordinary(one.plain) and one.plain not in NAME_WORDS and is_ordinary(other.plain)
        return between == " " and (both or bool(_ORGANISED.fullmatch(other.text)))
    return bool(_JOINS.fullmatch(between))


def _spans(text: str, run: list[_Word]) -> Iterator[Span]:
    start, end = run[0].start, run[-1].end
    whole = text[start:end]
    if len(run) == 1:
        end -= len(found.group()) if (found := _ENDING.search(whole)) else 0
    else:
        end -= len(found.group()) if (found := _ENDING.search(whole)) and not whole.startswith("St") else 0
    if further := _PLACED.match(text, end):
        end = further.end()
    if len(run[-1].text) == 1 and text[end : end + 1] == ".":
        end += 1
    yield Span(start, end, _kind(text, start, end, run))


def _kind(text: str, start: int, end: int, run: list[_Word]) -> IdentifierType:
    whole = text[start:end]
    if run[0].plain in TITLES or any(word.plain in first_names() for word in run):
        return IdentifierType.PERSON
    if _ORGANISED.search(whole) or (whole.isupper() and len(whole) > 2):
        return IdentifierType.ORG
    if re.search(rf"\b(?:{STREETS})$", whole, re.IGNORECASE):
        return IdentifierType.PLACE
    if _PLACE_BEFORE.search(text, max(0, start - 16), start) and run[0].plain not in NAME_WORDS:
        return IdentifierType.PLACE
    return IdentifierType.PERSON


def _small(text: str, words: list[_Word]) -> Iterator[Span]:
    for match in _SAINT.finditer(text):
        further = _PLACED.match(text, match.end())
        yield Span(match.start(), further.end() if further else match.end(), IdentifierType.ORG)
    for match in _TITLED.finditer(text):
        if not is_ordinary(match.group().split()[-1]):
            yield Span(match.start(), match.end(), IdentifierType.PERSON)
    for pattern, group, kind in ((_TOWN, "town", IdentifierType.PLACE), (_KIN, "name", IdentifierType.PERSON)):
        for match in pattern.finditer(text):
            if not is_ordinary(match[group]) and match[group] not in TRADE and match[group] not in WEEKDAYS | HOLIDAYS:
                yield Span(match.start(group), match.end(group), kind)
    known, unmarked = first_names(), _writes_small(words)
    for word in words:
        if not word.text.islower() or len(word.plain) < 3 or word.plain in ACRONYMS | TRADE | WEEKDAYS:
            continue
        if (word.plain in known and len(word.plain) > 3) or (unmarked and not _is_word_of_notes(word.plain)):
            placed = _PLACE_BEFORE.search(text, max(0, word.start - 16), word.start)
            small_kind = IdentifierType.PLACE if placed else IdentifierType.PERSON
            yield Span(word.start, word.start + len(word.plain), small_kind)


def _writes_small(words: list[_Word]) -> bool:
    """Whether the note is written in small letters throughout, names as well, so that capitals tell nothing."""
    return len(words) >= _ENOUGH and sum(word.text[0].isupper() for word in words) * _FEW <= len(words)


def _is_word_of_notes(plain: str) -> bool:
    return is_ordinary(plain) or _MONTH.fullmatch(plain) is not None


_ENOUGH, _FEW = 12, 60
"""A note of so many words with fewer capitals than one in so many words is written in small letters."""
