"""What a piece of evidence means by where it stands: under a heading that denies it, or before an answer that does.

What always holds: the note and the evidence's span are left as they are; only the text that the checks read gets the
denial written to it, so that "- low mood" under "Denies:" is read as "Denies low mood".
"""

import re
from collections.abc import Sequence

from notekeeper.domain.text import Evidence
from notekeeper.drafting.denials import has_denial
from notekeeper.drafting.words import words

_ANSWER = re.compile(
    r"\s*(?:[-–—>]\s*)?[\"'“‘(]?(?:no|none|nil|nope|never|not|denied|denies|absent|neg|n)\b(?![-'’])", re.IGNORECASE
)
_MARK = re.compile(r"[ \t]*(?:(?:[-*•·–—>○●▪☐]|\(?\d{1,2}[.)]|\(?[a-h]\))[ \t]+)*")
_HEADING_WORDS = 8
_MOST_LINES = 20


def in_context(note: str, evidence: Sequence[Evidence]) -> list[str]:
    """The texts of the evidence as the checks read them: "Denies …" before what a heading denies, " – no" after what
    the next words deny. `note` is the text that the spans point into."""
    return [_read(note, piece) for piece in evidence]


def _read(note: str, piece: Evidence) -> str:
    text = piece.text
    if denying_heading(note, piece.start):
        text = f"Denies {_MARK.sub('', text, count=1)}"
    if text.rstrip()[-1:] in {"?", ":"} and _ANSWER.match(note, piece.end):
        text = f"{text.rstrip().rstrip('?:')} – no"
    return text


def denying_heading(note: str, start: int) -> bool:
    """Whether the line at `start` belongs to a list whose heading denies it ("Denies:", "No evidence of:").

    A list ends at a blank line, save one just under its heading; at most twenty lines are looked back.
    """
    line = note.rfind("\n", 0, start) + 1
    if not _MARK.fullmatch(note, line, start):
        return False
    above = [found.rstrip() for found in note[:line].split("\n")[:-1]][-_MOST_LINES:]
    marked = _MARK.match(note, line)
    bullet = marked is not None and bool(marked.group().strip())
    for place in range(len(above) - 1, -1, -1):
        found = above[place].strip()
        if found.endswith(":"):
            spoken = words(found)
            return 0 < len(spoken) <= _HEADING_WORDS and has_denial(spoken)
        if not found:
            if place and above[place - 1].strip().endswith(":"):
                continue
            return False
        mark = _MARK.match(found)
        if bullet and not (mark is not None and mark.group().strip()):
            return False
    return False
