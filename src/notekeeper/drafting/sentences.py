"""Cutting a note into sentences with exact spans.

Session notes are prose, bullets, headed sections and shorthand in any mixture, and every later step points into the
note by these spans, so this is our own code: the kept splitters at hand rewrite white space, know no bullet or
heading, or need a model. What always holds: spans ascend, never overlap, never reach over a blank line; each
`text` is `note[start:end]`; only white space, bullet marks and headings lie between them; the time is in proportion
to the note, whatever stands in it.
"""

import re
from collections.abc import Iterator

from notekeeper.domain.text import Sentence

MAX_SENTENCE_CHARACTERS = 400
"""Longer runs are cut at a clause or a space: an encoder's window is 256 word pieces, some 1,000 characters, and
the evidence of one theme must fit the language model's window whole."""

_BULLET = re.compile(r"[ \t]*(?:[-*•·–—>○●▪]|\(?\d{1,2}[.)]|\(?[a-h]\))[ \t]+")
_HEADING = re.compile(
    r"[ \t]*(?:[SOAPDBIRG]|subjective|objective|assessment|plan|data|behaviou?r|intervention|response|goals?|"
    r"presentation|content|process|risk|themes?|next|homework|actions?|summary|focus|reflections?|"
    r"formulation|impressions?|observations?|background|supervision|session|notes?)"
    r"[ \t]*(?::|[ \t][-–—])[ \t]*",
    re.IGNORECASE,
)
_MARKED = re.compile(r"[ \t]*#{1,6}[ \t]+[^\d.!?:]{1,60}")
"""A heading of Markdown, which is the whole line; "# of drinks: 5" says something and is none."""
_TITLES = frozenset("dr mr mrs ms prof st rev mx sr jr".split())
_SHORT = frozenset(
    "ct cl pt hx sx dx tx rx appt wk wks mth mths yr yrs hr hrs min mins approx incl esp etc vs ref cf "
    "e.g i.e eg ie a.m p.m tel ext dept mgr govt asst sess fup f/u b/c w w/o c dob".split()
)
# Begun at the first of several marks alone, and never given back: a run of dots is read once, however long.
_END = re.compile(r"(?<![.!?…])(?P<mark>[.!?…]++)(?P<close>[\"'”’»)\]]*+)(?=\s)")
_WORDS_OWN = frozenset("_./'’")
_OPENERS = frozenset("\"'“‘(«[")
_CLAUSE = re.compile(r"[;:,–—]\s+|\s+(?=(?:and|but|so|then|because|which|while)\s)")


def split_sentences(note: str) -> list[Sentence]:
    """Every sentence, bullet or line of `note` that holds a letter or digit, numbered from 1 in order."""
    found: list[Sentence] = []
    for start, end, section in _blocks(note):
        for left, right in _within(note, start, end):
            for a, b in _bounded(note, left, right):
                text = note[a:b]
                if any(c.isalnum() for c in text):
                    found.append(Sentence(len(found) + 1, a, b, text, section))
    return found


def _lines(note: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in re.finditer(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", note):
        yield start, match.start()
        start = match.end()
    yield start, len(note)


def _blocks(note: str) -> Iterator[tuple[int, int, str | None]]:
    """Runs of text that one sentence may span: a bullet or line with the wrapped lines that continue it."""
    open_start = open_end = -1
    section: str | None = None
    width = max(end - start for start, end in _lines(note))
    before = ""
    for start, end in _lines(note):
        line = note[start:end]
        if not line.strip():
            if open_start >= 0:
                yield open_start, open_end, section
            open_start, section = -1, None
            continue
        bullet = _BULLET.match(line)
        heading = _HEADING.match(line, bullet.end() if bullet else 0) or _MARKED.fullmatch(line)
        continues = open_start >= 0 and not bullet and not heading and _wrapped(before, line, width)
        if continues:
            open_end, before = end, line
            continue
        if open_start >= 0:
            yield open_start, open_end, section
        if heading:
            section = heading.group().strip().lstrip("# \t").rstrip(":-–— \t").lower()
        mark = heading or bullet
        open_start, open_end = start + (mark.end() if mark else 0), end
        before = note[open_start:end]
    if open_start >= 0:
        yield open_start, open_end, section


def _wrapped(before: str, line: str, width: int) -> bool:
    """Whether `line` goes on with a sentence that was wrapped by hand: no stop, then a small letter, and a first word
    that would not have fitted in the line `before` at the note's own `width` (notes typed line by line are not
    wrapped)."""
    last = before.rstrip()
    first = line.split(maxsplit=1)[0]
    return (
        40 <= width <= 130 and len(last) + 1 + len(first) > width and last[-1:] not in ".!?…:;" and first[0].islower()
    )


def _within(note: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    left = start
    for match in _END.finditer(note, start, end):
        if _ends_sentence(note, left, match, end):
            yield left, match.end()
            left = match.end()
    yield left, end


def _ends_sentence(note: str, left: int, match: re.Match[str], end: int) -> bool:
    following = _past_blanks(note, match.end(), end)
    if following == end:
        return False
    while following < end and note[following] in _OPENERS:
        following += 1
    first = note[following] if following < end else ""
    if match["mark"] != ".":
        return not first.islower()
    word = match.start()
    while word > left and (note[word - 1].isalnum() or note[word - 1] in _WORDS_OWN):
        word -= 1
    before = note[word : match.start()].lower().strip(".")
    if match["close"] and first.islower():
        return False
    if before in _TITLES or (len(before) == 1 and before.isalpha() and before not in "ai"):
        return False
    if before in _SHORT:
        return first.isupper() and before not in {"e.g", "i.e", "eg", "ie", "vs", "tel"}
    return not (before.isdigit() and word == _past_blanks(note, left, end))


def _past_blanks(note: str, start: int, end: int) -> int:
    """Where the first character stands, from `start` on, that is not white space; `end` if there is none."""
    while start < end and note[start].isspace():
        start += 1
    return start


def _bounded(note: str, left: int, right: int) -> Iterator[tuple[int, int]]:
    """The trimmed span, cut where it is longer than a sentence may be: at a clause, else a space, else anywhere."""
    left, right = _trim(note, left, right)
    while right - left > MAX_SENTENCE_CHARACTERS:
        limit = left + MAX_SENTENCE_CHARACTERS
        cuts = [m.end() for m in _CLAUSE.finditer(note, left + MAX_SENTENCE_CHARACTERS // 3, limit)]
        spaces = [m.end() for m in re.finditer(r"\s+", note[left:limit])]
        cut = cuts[-1] if cuts else (left + spaces[-1] if spaces and spaces[-1] > 0 else limit)
        yield _trim(note, left, cut)
        left, right = _trim(note, cut, right)
    if right > left:
        yield left, right


def _trim(note: str, left: int, right: int) -> tuple[int, int]:
    left = _past_blanks(note, left, right)
    while right > left and note[right - 1].isspace():
        right -= 1
    return left, right
