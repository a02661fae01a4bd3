"""Ages in a note, in figures and words, of adults, children and babies.

What always holds: a number followed by a unit of anything but age is left alone: minutes, sessions, scores, doses.
"""

import re
from collections.abc import Iterator

from notekeeper.domain.identifiers import IdentifierType
from notekeeper.identifiers.numbers import AGE_NUMBER, COMPOUND, DECADES, IN_WORDS, ORDINAL, ROUND, ROUND_ORDINAL
from notekeeper.identifiers.spans import Span
from notekeeper.identifiers.words import TRADE, is_ordinary

_N = AGE_NUMBER
_AND = r"\s*(?:to|and|or|,|&|\+|/|-|–)\s*"
_UNIT = (
    r"(?!\s*(?:%|/\s?\d|×|x\b|am\b|pm\b|[ap]\.m|k\b|p\b|st\b|nd\b|rd\b|th\b|o['’]clock\b|[-–]\s?\d)|[-–]?\s?(?:"
    r"mins?|minutes?|hrs?|hours?|secs?|seconds?|days?|nights?|weeks?|wks?|months?|mths?|years?\s(?:ago|of|later|in|on|"
    r"since|sober|clean|together|married|apart|now|after|before|into|without|with|without)|yrs\s(?:ago|of)|sessions?|sess|"
    r"times?|miles?|stone|st|kg|lbs?|mg|ml|pints?|units?|cans?|bottles?|drinks?|people|others?|items?|out|of|percent|"
    r"per|pounds?|quid|pence|degrees|points?|questions?|things?|ways?|steps?|pages?|lines?|words?|letters?|calls?|"
    r"texts?|messages?|msgs?|emails?|cigarettes|cigs|fags|metres?|feet|foot|inches|cm|km|past|to\s(?:the\shour|one|two|"
    r"three|four|five|six|seven|eight|nine|ten|eleven|twelve)|in\sthe\s(?:morning|afternoon|evening)|at\snight|that\s"
    r"(?:morning|night|evening)|this\smorning|tonight|on\s(?:mon|tues|wednes|thurs|fri|satur|sun)day|hundred|thousand|"
    r"million|grand|kids|children|boys|girls|sons|daughters|brothers|sisters|siblings|friends|jobs|houses|homes|"
    r"schools|more|less|fewer|or\s(?:so|more)|lots|sets|goes|rounds|tables|chairs|cups|glasses|[-–](?:minute|hour|week|"
    r"day|month|session|point|mile|stone|bed|bedroom|hundred))\b)"
)
_PEOPLE = (
    r"(?:sons?|daughters?|brothers?|sisters?|bro|sis|kids?|child|children|boys?|girls?|twins?|mum|mom|dad|mother|father|"
    r"husband|wife|partner|gran|nan|nana|grandma|grandad|granddaughter|grandson|grandchildren|baby|niece|nephew|cousin|"
    r"stepson|stepdaughter|stepdad|stepmum|cl|ct|client|pt|patient|student|man|woman|lady|gent|male|female|youngest|eldest|"
    r"oldest|middle|toddler|pupil|teenager|resident|mother-in-law|father-in-law|lad|lass)"
)
_BORN = r"(?:weeks?|wks?|months?|mths?|mo|days?|/52|/12)"

_SURE = [
    rf"(?:ages?|aged)\s(?:of\s)?(?:about\s|around\s|approx\s|just\s|only\s|nearly\s|almost\s)?{_N}(?:ish)?(?:{_AND}{_N}(?:ish)?)*",
    rf"{_N}(?:½|\sand\sa\shalf)?[\s-]?(?:years?|yrs?|months?|mths?|weeks?|wks?)[\s-]olds?",
    rf"{_N}[\s-]?(?:yo|y/o|y\.o\.?|yr\sold|yrold|ish\b)s?",
    rf"(?:early|mid|late)[\s-]+(?:to[\s-](?:mid|late)[\s-])?(?:{DECADES}|[1-9]0s)",
    rf"(?:his|her|their|my|our|whose)\s(?:{DECADES}|[2-9]0s)",
    r"(?:year|yr)\s(?:1[0-3]|[1-9])(?=\s?[,;.)\n]|\s(?:and|at|in|boy|girl|pupil|student|teacher|tutor|class|group|sats)\b|$)",
    r"(?:thirty|forty|fifty|sixty|[2-6]0)[\s-]something",
    r"(?:the\s)?big\s[2-9][\s-]0",
    rf"(?<=baby\s){_N}\s?{_BORN}",
    rf"(?:{ORDINAL}|{ROUND_ORDINAL}|\d{{1,3}}(?:st|nd|rd|th))(?=\s(?:birthday|bday|b/day))",
    ROUND_ORDINAL,
    r"[2-9]0th|1[68]th(?=\sparty)|21st(?=\sparty)|100th",
    r"\d{2}\s?(?:y/?o?\s)?[MF]\b",
    rf"{COMPOUND}{_UNIT}(?!\s(?:years?|yrs))",
    rf"{COMPOUND}(?=\syears)",
]
_IN_CONTEXT = [
    rf"\b(?:(?:wo)?man|boy|girl|lad|lass|boys|girls|kids|children|sons|daughters|twins)\sof\s(?P<n>{_N}(?:{_AND}{_N})*)",
    r"\b(?:his|her|their|my)\s(?P<n>1[368]th|21st)\b",
    rf"\bbaby(?:,?\s[^\W\d_]+)?,?\s\(?(?P<n>{_N}\s?{_BORN})",
    rf"\(\s?(?P<n>{_N}\s?{_BORN})(?=\s?[),;])",
    (
        rf"\b(?:turn(?:s|ed|ing)?|hit(?:s|ting)?|reach(?:es|ed|ing)?|approaching|pushing|nearing|have\sbeen|had\sbeen)\s"
        rf"(?P<n>{_N})(?:(?=\s(?:on|in)\s)|{_UNIT})"
    ),
    rf"\),\s(?P<n>{_N})(?=\s?[,.;\n]|$)",
    r"\bpregnan\w+[^.\n\d]{0,14}(?P<n>\d{1,2}(?:/40|\s?(?:weeks|wks)))",
    rf"(?P<n>(?:{IN_WORDS}|\d{{1,2}})\s?(?:weeks|wks|months))\spregnant",
    (
        rf"\b(?:is|was|are|were|be|being|been|['’]s|['’]m|['’]re|am|became|becomes)\s(?:about\s|around\s|nearly\s|almost\s|"
        rf"just\s|only\s|now\s|still\s|under\s|over\s|barely\s|maybe\s)?(?P<n>{_N}){_UNIT}(?!\s(?:and\s\w+\s)?(?:who|which))"
    ),
    (
        rf"\b(?:at|before|since|until|till|from|by|about)\s(?:about\s|around\s|only\s|just\s)?(?P<n>{_N}){_UNIT}"
        r"(?!\s(?:sharp|again|every|each|most|when\sthe\salarm))"
    ),
    rf"\b{_PEOPLE}(?:,\s|\s|\s?[=:]\s?)(?P<n>{_N}(?:{_AND}{_N})*){_UNIT}",
    rf"(?<=[\w.])(?:\s|\s?=\s)?\((?P<n>{_N})(?:\s?(?:yrs?|years?|y|m|f|M|F))?(?=\s?[,;)])",
    rf"\((?:[^()\n]{{0,30}},\s?)(?P<n>{_N})(?=\s?[,;)])",
    rf"(?:^|(?<=[.!?\n]))\s?(?P<n>{ROUND})(?=,|\.|;|\s(?:and|years|next|this|today|tomorrow|soon)\b)(?!\sand\sa\shalf)",
    rf"\b(?:over|under|past|nearly|almost)\s(?P<n>{ROUND}){_UNIT}",
    rf"\b(?:when|after|because)\s\w+(?:\s\w+)?\s(?:was|were|is|turned)\s(?P<n>{_N}){_UNIT}",
    rf"[;–—-]\s(?P<n>{ROUND}|[1-9]\d)(?=\s?,|\sand\b)",
    rf"\bnow\s(?P<n>{_N})(?=\s?[,.;)])",
    r"(?:^\W{0,4}|[.;]\s)(?P<n>[1-9]\d)(?=,\s?[a-z])",
    rf"\bonly\s(?P<n>{ROUND})(?=[.,;])",
]
_SURE_RE = re.compile(rf"(?<![\w£$€.:/-])(?:{'|'.join(_SURE)})(?!\w)", re.IGNORECASE)
_CONTEXT_RE = [re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in _IN_CONTEXT]
_AFTER_NAME = re.compile(
    rf"(?<![\w'’.-])(?P<name>[^\W\d_][\w'’.-]{{0,40}})(?P<comma>,)?\s(?P<n>{_N})(?P<unit>\s?{_BORN})?(?=\s?[,;.\n)]|\s(?:and|seen|yo|years|next|this|today|tomorrow|on|in|soon|(?:mon|tue|wed|thu|fri|sat|sun)\w*)\b|$)",
    re.MULTILINE | re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:session|sess|s|week|wk|phase|module|step|item|no|room|rm|grade|year|yr|day|page|chapter|stage|level|part|group|"
    r"group|ward|unit|phq|gad|core|suds|bdi|score|scored|number|hour|row|up|down|to|than|only|and|or|over|under|of|a|"
    r"the|for|in|on|with|every|another|about|like|these|those|all|last|next|first|just|after|maybe|than|approx|least|"
    r"most|from|by|at|x|bus|channel|radio|route|platform|level|type|size|m|a|b)",
    re.IGNORECASE,
)


def ages(text: str) -> Iterator[Span]:
    """Every span that may be an age; they may overlap."""
    for match in _SURE_RE.finditer(text):
        yield _span(match, 0)
    for pattern in _CONTEXT_RE:
        for match in pattern.finditer(text):
            yield _span(match, "n")
    for match in _AFTER_NAME.finditer(text):
        if _of_somebody(match):
            yield _span(match, "n")


def _of_somebody(match: re.Match[str]) -> bool:
    name = match["name"].casefold().strip(".'’-")
    if match["comma"]:
        return _COUNTED.fullmatch(name) is None or match["name"].isupper()
    if _COUNTED.fullmatch(name) or name in TRADE:
        return False
    return match["name"][0].isupper() and not is_ordinary(name) and not re.fullmatch(IN_WORDS, name)


def _span(match: re.Match[str], group: int | str) -> Span:
    return Span(match.start(group), match.end(group), IdentifierType.AGE)
