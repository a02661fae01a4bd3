"""Numbers in words, as patterns: what ages and dates are made of."""

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
