"""Dates in a note, in figures and words: days, months, years and spans of years.

What always holds: 7/10 after a score, 5/6 after a session and 3/52 for weeks are no dates.
"""

import re
from collections.abc import Iterator

from notekeeper.domain.identifiers import IdentifierType
from notekeeper.identifiers.numbers import DECADES, ORDINAL, ROUND_ORDINAL
from notekeeper.identifiers.spans import Span
from notekeeper.identifiers.words import HOLIDAYS, WEEKDAYS

MONTHS = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?)"
)


def _either(words: frozenset[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_YEAR = r"(?:(?:19|20)\d\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_NTH = rf"(?:{_DAY}(?:st|nd|rd|th))"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes|s)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_WHOLE = re.compile(
    rf"(?<![\w/.-])(?:w/[ce]\s)?(?:{_WEEKDAY}\.?,?\s)?(?:the\s)?(?:{_DAY}|{_NTH})(?:\s?[-–]\s?(?:{_DAY}|{_NTH}))?"
    rf"(?:\s(?:day\s)?of)?[\s-]{MONTHS}(?!\w)(?:\.?,?[\s-]+(?:{_YEAR}|['’]\d\d))?"
    rf"|(?<!\w){MONTHS}\.?\s(?:the\s)?(?:{_NTH}|{_DAY})(?![\w/:%]|\.\d)(?:,?\s{_YEAR})?"
    rf"|(?<![\w/.-])(?:{_WEEKDAY}\.?,?\s)?(?:the\s)?{_NTH}(?!\w)(?!\s(?:session|sess|time|week|wk|appointment|appt|of\s\d|"
    r"floor|year|month|day|grade|birthday|anniversary|step|attempt|visit|call|meeting|set|try|go|minute|hour|place|round|"
    r"line|half|transfer|cycle|week|mtg|mtng|tx|ses|in\s(?:a\srow|the\s(?:row|line|queue)))s?\b)",
    re.IGNORECASE,
)
_MONTH = re.compile(
    rf"(?<!\w){MONTHS}(?!\w)(?:\s(?:of\s)?{_YEAR}|\s['’]\d\d)?",
    re.IGNORECASE,
)
_FULL = re.compile(
    rf"(?<![\w/.-])(?:{_DAY}([/.-]){_DAY}\1(?:{_YEAR}|\d\d)|{_YEAR}([/.-])(?:0?[1-9]|1[0-2])\2{_DAY})(?![\w/]|[.-]\d)"
)
_FIGURES = re.compile(r"(?<![\w/.£$-])(\d{1,2})/(\d{1,2})(?![\w/%]|\.\d)")
_YEARS = re.compile(
    rf"(?<![\w/.£$€-]){_YEAR}(?:s|\s?(?:[-–/]|to|until)\s?(?:{_YEAR}|\d\d))?(?![\w/%]|-\d|,\d{{3}})|(?<!\w)['’]\d\ds?(?!\w)"
)
_LEADS = re.compile(
    r"(?:^|\b(?:on|since|by|to|from|until|till|til|call|appt|apptmt|appointment|next|review|reviewed|rev|rtc|visit|closed|"
    r"r/v|due|dated|now|bk|back|seen|wk|week|marac|w/c|w/e|f/up|fu|follow[- ]up|scan|court|hearing|letter|of|d/d|"
    r"dna|dnaed|cancelled|canc|rebooked|booked|mtg|meeting|before|after|thru|starts?|started|ends?|ended|and|"
    rf"{_WEEKDAY})|[,+&(;–])[\s:,.=]*$",
    re.IGNORECASE,
)
_SCORES = re.compile(
    r"(?:\b(?:session|sess?|s|no|eap|ses|appt|tel|vid|video|f2f|online|gad|phq|suds?|scores?|scored|score|pain|mood|anxiety|"
    r"anx|rated|rating|urge|urges|sleep|level|x|for|in|past|last|about|approx|is|was|group|module|week|wk|hr|bp|"
    r"energy|low|motivation|confidence|distress|voc|belief)|[×~>→=])[\s:.-]*$",
    re.IGNORECASE,
)
_SAFE = frozenset({"may", "march", "mar", "dec", "sat", "sun", "jan", "june", "april", "august"})
"""Months that in small letters are words or names too."""
_BEFORE_SMALL = re.compile(
    r"\b(?:in|since|til|till|until|by|from|of|last|next|early|late|mid|this|to|for|before|after|end|beginning|start|"
    r"during|every|each|through)[\s-]$",
    re.IGNORECASE,
)
_OPENS = re.compile(r"(?:^|[.!?:;\"“‘(\n•*–—-])\s*$")


_SAID = re.compile(
    rf"(?<=\bon\s|\bby\s|\bof\s)the\s(?:{ORDINAL}|{ROUND_ORDINAL})"
    r"(?:\sof\sthe\smonth|(?=\s?[.,;:)\n]|$|\s(?:and|with|at|in|for|by|to|because|when|as|so|but|before|after)\b))"
    rf"|(?<!\w){MONTHS}\shalf[\s-]term(?!\w)|(?<=\bthe\s)(?:['’]?[2-9]0s|(?:19|20)\d0s|{DECADES})(?!\w)"
    rf"|(?<!\w)the\s(?:end|start|beginning|middle)\sof\s{MONTHS}(?!\w)"
    r"|(?<!\w)half[\s-]term(?!\w)|\b(?:last|this|next|that|since|early|late|mid|of|in|by)\s(?:the\s)?(?:spring|summer|"
    rf"autumn|winter)(?:\s{_YEAR})?(?!\w)"
    rf"|(?<!\w)(?:new\syear(?:['’]s)?(?:\s(?:eve|day))?|boxing\sday|bank\sholiday|bonfire\snight|(?:mother|father)['’]?s['’]?\sday|"
    rf"good\sfriday|easter\s(?:monday|sunday)|christmas\s(?:eve|day)|{_either(HOLIDAYS)})(?!\w)",
    re.IGNORECASE,
)
_BEFORE_DAY = re.compile(r"\b(?:on|last|next|this|til|till|by|since|every|from|until|thru)\s$", re.IGNORECASE)
_DAY_OF_WEEK = re.compile(rf"(?<!\w)(?:{_either(WEEKDAYS)})(?!\w)", re.IGNORECASE)


def dates(text: str) -> Iterator[Span]:
    """Every span that is a date, the fullest form first; they may overlap."""
    for pattern in (_FULL, _SAID, _WHOLE):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), IdentifierType.DATE)
    for match in _MONTH.finditer(text):
        if _is_month(text, match):
            yield Span(match.start(), match.end(), IdentifierType.DATE)
    for match in _YEARS.finditer(text):
        yield Span(match.start(), match.end(), IdentifierType.DATE)
    for match in _FIGURES.finditer(text):
        if _may_be_day(text, match):
            yield Span(match.start(), match.end(), IdentifierType.DATE)
    for match in _DAY_OF_WEEK.finditer(text):
        if match.group() not in {"sat", "sun", "mon"} or _BEFORE_DAY.search(
            text, max(0, match.start() - 10), match.start()
        ):
            yield Span(match.start(), match.end(), IdentifierType.DATE)


def _may_be_day(text: str, match: re.Match[str]) -> bool:
    first, second = int(match[1]), int(match[2])
    if not ((1 <= first <= 31 and 1 <= second <= 12) or (1 <= first <= 12 and 1 <= second <= 31)):
        return False
    before = text[max(0, match.start() - 24) : match.start()]
    if _SCORES.search(before):
        return False
    if second == 7 or (second in {10, 12} and first <= second) or first <= second <= 24:
        # How scores, weeks and sessions "of" are written as well.
        return bool(_LEADS.search(before))
    return True


def _is_month(text: str, match: re.Match[str]) -> bool:
    word = re.match(r"[^\W\d_]+", match.group())
    name = word.group() if word else ""
    before = text[max(0, match.start() - 16) : match.start()]
    if any(character.isdigit() for character in match.group()):
        return True
    if name.islower():
        return name not in _SAFE or bool(_BEFORE_SMALL.search(before))
    if name.casefold() in {"may", "march", "mar"} and _OPENS.search(before):
        return bool(re.match(r"[,.;]|\s(?:was|is|and|to|had|has|\d)", text[match.end() : match.end() + 6]))
    return not name.isupper() or len(name) > 3
