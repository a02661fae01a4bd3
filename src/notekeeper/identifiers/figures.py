"""Numbers that stay the same however their figures are grouped: 07700 900123, 07700900123 and +44 7700 900 123.

What always holds: a number of fewer than five figures is not compared so, for there it would be everywhere.
"""

import re

from notekeeper.identifiers.folding import FoldedText

SHORTEST = 5
NEAR = 9
"""From so many figures on, one of them may be wrong."""
_BETWEEN = re.compile(r"[\s()./-]{0,3}")
_MOST_GROUPS = 8


def figures_of(text: str) -> str:
    """The figures of a text that is a number, in one row, a British prefix as 0; '' for any other text."""
    if not re.fullmatch(r"[\d\s()+./-]+", text):
        return ""
    return one_way("".join(character for character in text if character.isdecimal()))


def one_way(figures: str) -> str:
    """The same number in one way: +44 7700 900123 and +44 (0)7700 900123 as 07700900123."""
    if re.fullmatch(r"(?:00)?440?\d{10}", figures) and len(figures) >= 12:
        return "0" + figures[-10:]
    return figures


def numbers_in(folded: FoldedText) -> list[tuple[int, int, str]]:
    """Every row of figures in a text, alone and with up to seven that follow it closely: the words from and to, the
    last included, and the figures."""
    found = []
    for first, word in enumerate(folded.words):
        if not word.folded.isdecimal():
            continue
        figures = ""
        for last in range(first, min(first + _MOST_GROUPS, len(folded.words))):
            if last > first and not _BETWEEN.fullmatch(folded.between[last - 1]):
                break
            if not folded.words[last].folded.isdecimal():
                break
            figures += folded.words[last].folded
            if len(figures) > 16:
                break
            if len(figures) >= SHORTEST:
                found.append((first, last, one_way(figures)))
    return found
