"""Numbers in words and figures: patterns that ages and dates are made of, and what a number in words amounts to."""

import re

_ONES = "one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINAL_ONES = "first second third fourth fifth sixth seventh eighth ninth"
_ORDINAL_TEENS = "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
_ORDINAL_TENS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"


def _either(words: str) -> str:
    return "|".join(words.split())


COMPOUND = rf"(?:(?:{_either(_TENS)})[- ](?:{_either(_ONES)}))"
"""Twenty-one to ninety-nine."""
TENS = rf"(?:{_either(_TENS)})"
ROUND = rf"(?:{COMPOUND}|{TENS}|{_either(_TEENS)})"
IN_WORDS = rf"(?:{ROUND}|{_either(_ONES)})"
"""One to ninety-nine, the longest first."""
AGE_NUMBER = rf"(?:(?:1[01]\d|[1-9]?\d)(?![\d.:]\d)(?!\d)|{IN_WORDS})"
"""An age that a person can have, in figures or words."""
ORDINAL = rf"(?:{_either(_TENS)})[- ](?:{_either(_ORDINAL_ONES)})|{_either(_ORDINAL_TEENS)}|{_either(_ORDINAL_ONES)}"
ROUND_ORDINAL = rf"(?:{_either(_ORDINAL_TENS)})"
DECADES = "(?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)"
_VALUES = {
    word: value
    for start, words in ((1, _ONES), (10, _TEENS), (1, _ORDINAL_ONES), (10, _ORDINAL_TEENS))
    for value, word in enumerate(words.split(), start=start)
} | {word: value * 10 for words in (_TENS, _ORDINAL_TENS) for value, word in enumerate(words.split(), start=2)}
_NUMBER = re.compile(
    rf"\d{{1,3}}|(?<!\w)(?:{'|'.join(sorted(_VALUES, key=len, reverse=True))})(?![^\W\d_])", re.IGNORECASE
)


def number_in(text: str) -> int | None:
    """The first number of a text, up to ninety-nine in words and 999 in figures; None when it has none."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    first = found[0].group().lower()
    if first.isdecimal():
        return int(first)
    value = _VALUES[first]
    if value % 10 == 0 and 20 <= value <= 90 and len(found) > 1 and found[1].start() == found[0].end() + 1:
        value += _VALUES.get(found[1].group().lower(), 0) % 10
    return value
