"""What is past and over, where a label would tell it as of now.

What always holds: only words of conduct, diagnosis or risk are looked at, because a therapist writes of the week in the
past tense too and a feeling about the past is felt today; a sentence is of the past alone where it says so by a mark of
time ("as a child", "years ago", "history of") and has none of now ("still", "again", "this week").
"""

import re
from collections.abc import Sequence

from notekeeper.drafting.wordlists import WordLists, singular, terms_in
from notekeeper.drafting.words import stem, stems

PAST = "Its sentences say so of the past only, which it leaves out."

_AGE = r"(?:thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_THEN = re.compile(
    rf"\b(?:as an? (?:small |young |little )?(?:child|boy|girl|teenager|teen|student|kid|baby|young \w+)|childhood|"
    rf"in (?:her|his|their|my) (?:early |late |mid )?(?:teens|twenties|thirties|forties|youth)|adolescence|"
    rf"(?:years|decades|long) (?:ago|back)|used to|(?:history|hx) of|h/o|in the past|previous(?:ly)?|former(?:ly)?|"
    rf"back then|aged? \d+|age of \w+|at {_AGE}|when (?:she|he|they|I|ct|client) (?:was|were) "
    rf"(?:an? |at |in |\d|young|small|little|six|seven|eight|nine|ten|eleven|twelve|{_AGE})|in (?:19|20)\d\d|"
    rf"growing up|grew up|before the (?:children|baby|marriage|wedding|divorce|war)|"
    rf"earlier in (?:her|his|their) life|past history|in remission|resolved)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:still|again|now|today|this (?:week|month|morning|session|year)|current(?:ly)?|these days|ever since|"
    r"continues|ongoing|recent(?:ly)?|"
    r"last (?:night|week|month)|at present|once more|yesterday|tonight|nowadays|returned)\b",
    re.IGNORECASE,
)
_TOLD = frozenset(
    stem(word)
    for word in "past former formerly previous previously history childhood earlier old once ago then memory "
    "memories remembered remembering teenage teens adolescence youth years child boy girl school back recovered "
    "recovery aftermath since university".split()
)


def is_past_only(sentence: str) -> bool:
    """Whether the sentence says by a mark of time that it tells of the past, and by none that it tells of now."""
    return bool(_THEN.search(sentence)) and not _NOW.search(sentence)


def drops_the_past(text: str, evidence: Sequence[str], lists: WordLists) -> bool:
    """Whether a word of conduct, diagnosis or risk in the text stands in the evidence only in sentences of the past,
    and the text has no word that says so."""
    if _THEN.search(text) or stems(text) & _TOLD:
        return False
    past: list[frozenset[str]] = []
    now: list[frozenset[str]] = []
    for piece in evidence:
        (past if is_past_only(piece) else now).append(_lasting(piece, lists))
    return any(
        not any(found in held for held in now) and any(found in held for held in past)
        for found in _lasting(text, lists)
    )


def _lasting(text: str, lists: WordLists) -> frozenset[str]:
    """The words of conduct, diagnosis or risk in the text, by stem, and its diagnoses of several words."""
    return (stems(text) & lists.lasting()) | terms_in(text, lists.diagnoses, singular)
