"""Identifiers that are told by their shape: ways to reach somebody, addresses, numbers of files and of people.

What always holds: a shape gives the whole of it, as "14 Ferncliffe Terrace" or a number with its country's prefix.
"""

import re
from collections.abc import Iterator

from notekeeper.domain.identifiers import IdentifierType
from notekeeper.identifiers.spans import Span

STREETS = (
    "street|road|rd|terrace|avenue|ave|lane|close|drive|court|gardens|crescent|grove|square|mews|walk|way|parade|"
    "quay|wharf|buildings|cottages?|villas|estate|place|row|hill|rise|green|view"
)
_EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+[\w/]"
    r"|(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.(?:com|org|net|info|io|me|uk|ie|eu|app|edu|gov|nhs|scot|wales|cymru|london)"
    r"(?:/[^\s<>\"]*\w)?(?![\w@])",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.])@[A-Za-z0-9_][\w.]{1,29}\b")
_PHONE = re.compile(
    r"(?<![\w.+])(?:(?:\+|00)44[\s-]?(?:\(0\)[\s-]?)?|\(0\d{2,5}\)|0)(?=(?:[\s()-]*\d){9,10}(?![\s-]?\d))\d(?:[\s()-]{0,2}\d){8,9}"
    r"|(?<![\w.])\+\d{1,3}(?:[\s().-]{0,2}\d){6,12}(?!\d)"
    r"|(?<![\w.])\(?[2-9]\d{2}\)?[\s.-]\d{3}[\s.-]\d{4}(?!\d)"
    r"|(?<![\w.])\d{3}-\d{4}(?![\d-])"
)
_CALLED = re.compile(
    r"\b(?:tel|phone|call|mob|mobile|text|ring|number|landline|fax)\b[^\d\n]{0,12}(?P<number>\d(?:[\s-]?\d){5,11})(?!\d)",
    re.IGNORECASE,
)
_NHS = re.compile(r"(?<![\w-])\d{3}[\s-]?\d{3}[\s-]?\d{4}(?![\w-])")
_POSTCODE = re.compile(r"(?<!\w)(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}|GIR\s?0AA)(?!\w)", re.IGNORECASE)
_INSURANCE = re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:\s?\d{2}){3}\s?[A-D](?!\w)", re.IGNORECASE)
_PLATE = re.compile(r"(?<!\w)(?:[A-Z]{2}\d{2}\s?[A-Z]{3}|[A-Z]\d{2,3}\s?[A-Z]{3}|[A-Z]{3}\s?\d{2,3}[A-Z])(?!\w)")
_ADDRESS = re.compile(
    rf"(?<![\w/.-])(?:(?:flat|apartment|apt|unit|room|no\.?|number)\s)?\d{{1,4}}[A-Za-z]?,?\s(?:[^\W\d_][\w'’-]+\s){{1,3}}"
    rf"(?i:{STREETS})(?!\w)(?!\s(?:to|from|with|and|of)\b)"
    r"|(?<!\w)(?i:flat|apartment|apt)\s\d{1,4}[A-Za-z]?(?:,\s(?:[A-Z][\w'’-]+\s?){1,3}(?<!\s))?",
)
_PART = re.compile(
    r"(?<!\w)(?:Bay|Ward|Block|Wing|Unit|Platform|Gate|House|Hall|Room|No\.|Junction|Bus|Cell|Door)\s?"
    r"(?:\d{1,4}[A-Z]?|[A-HJ-Z])(?!\w)"
    r"|(?<=the )\d{1,3}[A-Z]?\s(?:bus|tram)(?!\w)"
)
_ROAD = re.compile(
    r"\b(?:the|of|junction|on|off|take|took|taking|along|down|up|via|drives?|drove|driving)\s(?:the\s)?"
    r"(?P<road>[ABM]\d{1,4}(?:\(M\))?|I-\d{1,3})(?!\w)"
)
_CODE = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?=[\w/-]*\d{3})(?=[\w/-]*[A-Z])[A-Z0-9]+(?:[/-][A-Z0-9]+)+"  # TT-30617, PTS/40127, 77-A-30192
    r"|[A-Z]{1,4}\d{2}[A-Z]{0,2}\d{4,}|[A-Z]{1,3}\d{5,}"  # ZW23P00871
    r"|\d{1,4}/\d{3,6}(?!\d)"  # 22/417
    r"|\d{6,12}"
    r")(?![\w/]|-\w)"
)
_PRICED = re.compile(r"[£$€]\s?$")


def shapes(text: str) -> Iterator[Span]:
    """Every span with such a shape; those that are surer come first, and they may overlap."""
    for pattern in (_EMAIL, _URL, _HANDLE):
        yield from _all(pattern, text, IdentifierType.CONTACT)
    for match in _NHS.finditer(text):
        if is_health_number(match.group()):
            yield Span(match.start(), match.end(), IdentifierType.OTHER)
    yield from _all(_PHONE, text, IdentifierType.CONTACT)
    for match in _CALLED.finditer(text):
        yield Span(match.start("number"), match.end("number"), IdentifierType.CONTACT)
    yield from _all(_ADDRESS, text, IdentifierType.PLACE)
    yield from _all(_PART, text, IdentifierType.PLACE)
    for match in _ROAD.finditer(text):
        yield Span(match.start("road"), match.end("road"), IdentifierType.PLACE)
    yield from _all(_POSTCODE, text, IdentifierType.PLACE)
    yield from _all(_INSURANCE, text, IdentifierType.OTHER)
    yield from _all(_PLATE, text, IdentifierType.OTHER)
    for match in _CODE.finditer(text):
        if not _PRICED.search(text, 0, match.start()):
            yield Span(match.start(), match.end(), IdentifierType.OTHER)


def is_health_number(text: str) -> bool:
    """Whether ten figures, however grouped, have the check digit of an NHS number: weights 10 to 2, modulo 11 (NHS Data
    Dictionary). python-stdnum knows it too, and loads a library of the network on the way, which this process does not.
    """
    figures = [int(character) for character in text if character.isdecimal()]
    if len(figures) != 10:
        return False
    return sum(weight * figure for weight, figure in zip(range(10, 0, -1), figures, strict=True)) % 11 == 0


def _all(pattern: re.Pattern[str], text: str, kind: IdentifierType) -> Iterator[Span]:
    for match in pattern.finditer(text):
        yield Span(match.start(), match.end(), kind)
