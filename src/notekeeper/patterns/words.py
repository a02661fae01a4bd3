"""Words as patterns compare them: stems by a few rules, numbers as one sign, "n't" as "not".

What always holds: the same text gives the same stems, in the order of its words; no table of a language beyond the
irregular verbs and the common words below is asked, so that thousands of themes are read in a fraction of a second.
"""

import re
from collections.abc import Iterable

NUMBER = "#"
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:[.,:]\d+)*")
_SUFFIXES = ("ingly", "edly", "ing", "ed", "ly", "ness")
_IRREGULAR = {
    form: verb
    for verb, forms in {
        "begin": "began begun",
        "bring": "brought",
        "buy": "bought",
        "catch": "caught",
        "choose": "chose chosen",
        "come": "came",
        "drink": "drank drunk",
        "drive": "drove driven",
        "eat": "ate eaten",
        "fall": "fell fallen",
        "feel": "felt",
        "fight": "fought",
        "find": "found",
        "forget": "forgot forgotten",
        "freeze": "froze frozen",
        "get": "got",
        "give": "gave given",
        "go": "went gone goes",
        "grow": "grew grown",
        "hear": "heard",
        "hide": "hid hidden",
        "hold": "held",
        "keep": "kept",
        "know": "knew known",
        "leave": "left",
        "lie": "lying lay lain",
        "lose": "lost",
        "meet": "met",
        "pay": "paid",
        "ring": "rang rung",
        "rise": "rose risen",
        "run": "ran",
        "say": "said",
        "see": "saw seen",
        "send": "sent",
        "shake": "shook shaken",
        "sing": "sang sung",
        "sit": "sat",
        "sleep": "slept asleep",
        "speak": "spoke spoken",
        "spend": "spent",
        "stand": "stood",
        "swear": "swore sworn",
        "take": "took taken",
        "tell": "told",
        "think": "thought",
        "wake": "woke woken awake",
        "weep": "wept",
        "write": "wrote written",
    }.items()
    for form in forms.split()
}


def stems(text: str, met: dict[str, tuple[str, ...]] | None = None) -> list[str]:
    """The stems of all words of `text`, in order; every number is `NUMBER`. `met` holds what words met before came to,
    and is added to."""
    known = {} if met is None else met
    found: list[str] = []
    for word in _WORD.findall(text.casefold().replace("’", "'")):
        stemmed = known.get(word)
        if stemmed is None:
            stemmed = known[word] = _stemmed(word)
        found += stemmed
    return found


def about(found: Iterable[str]) -> frozenset[str]:
    """Those of these stems that tell what a text is about."""
    return frozenset(each for each in found if each not in COMMON and each != NUMBER and len(each) > 1)


def _stemmed(word: str) -> tuple[str, ...]:
    if word.endswith("n't"):
        return (stem(word[:-3]), "not")
    return (NUMBER,) if word[0].isdigit() else (stem(word.partition("'")[0]),)


def stem(word: str) -> str:
    """One word, in small letters, without its ending. Not a word of the language always, but the same for its forms."""
    word = _IRREGULAR.get(word, word)
    if len(word) > 4:
        if word.endswith("ies"):
            word = word[:-3] + "y"
        elif word.endswith("sses"):
            word = word[:-2]
        elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-1]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    if len(word) > 3 and word.endswith("e"):
        return word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


COMMON = frozenset(
    stem(word)
    for word in (
        "a an and the for with that this these those her his she he him they them their its it from was were had "
        "has have be been being is am are not but about into out over under off up down on in at of to by as or if "
        "so no than then there here when while where who whom whose what which how why i me my we us our you your "
        "do did does can could will would may might must should after before since just only also too very more "
        "most some any all each every one two three s t client ct session week time day today"
    ).split()
)
"""Stems that say nothing of what a theme is about."""
