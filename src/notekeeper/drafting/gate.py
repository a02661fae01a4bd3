"""What is not drafted at all: an empty note, a transcript, a note that is not in English.

What always holds: a refusal says which of the three it is; the note itself can still be kept. The figures were set
on `models/starter/data/transcripts.jsonl` and the gold notes (docs/architecture.md has the counts).
"""

import re
from collections import Counter

import py3langid

from notekeeper.domain.draft import Refusal
from notekeeper.domain.text import Sentence
from notekeeper.drafting.words import unquoted, words

_ADDRESS = re.compile(r"\b(?:you|your|yours|yourself|you're|you've|you'd|you'll)\b", re.IGNORECASE)
_FILLER = re.compile(r"\b(?:yeah|yep|um|uh|erm|mm|hm|hmm|mhm|okay|oh|lol|hello|hi)\b", re.IGNORECASE)
_SAID = re.compile(r"\b(?:I|he|she|they) (?:said|asked|replied)\b", re.IGNORECASE)
_STOP = re.compile(r"[.?!](?:\s|$)")
# Every repetition is bounded: a pasted address or code of some thousand letters fits three names in too many ways.
_SPEAKER = re.compile(
    r"^[^\S\n]{0,40}(?:\d{1,6}\s{1,8})?(?:[\[(]?\d{1,2}[:.]\d\d(?:[:.]\d\d)?[\])]?\s{0,8})?[*_<]{0,8}(?:v\s)?"
    r"((?:[A-Za-z][\w.'-]{0,30}\s?){1,3}\d{0,3}?)\s{0,8}[>*_]{0,8}\s{0,8}(?::|\t|>|\d{1,2}:\d\d|\d\b)",
    re.MULTILINE,
)
_MIN_WORDS = 25
_SENTENCES = {
    Refusal.EMPTY: "There is no text to read.",
    Refusal.TRANSCRIPT: (
        "This reads as a record of what was said, word for word. Session talk does not go to the model. "
        "It can be kept as a note; for a draft, please write the session in your own words."
    ),
    Refusal.LANGUAGE: (
        "This note does not read as English. The starter model reads English only, so nothing was drafted; "
        "the note can be finished without AI."
    ),
}


def refusal_words(refusal: Refusal) -> str:
    """The sentence a therapist is shown for a refusal."""
    return _SENTENCES[refusal]


def refusal(note: str, sentences: list[Sentence]) -> Refusal | None:
    """Why `note` is not drafted, or None."""
    if not sentences:
        return Refusal.EMPTY
    if reads_as_transcript(note):
        return Refusal.TRANSCRIPT
    if not reads_as_english(note):
        return Refusal.LANGUAGE
    return None


def reads_as_transcript(note: str) -> bool:
    """Whether `note` is talk rather than a note about it: people addressed outside quotation marks, speakers'
    labels that come back line after line, or a page of nothing but quoted turns."""
    text = note.replace("’", "'")
    outside = unquoted(text)
    total, apart = len(words(text)), len(words(outside))
    if total < _MIN_WORDS:
        return False
    times = len(_ADDRESS.findall(outside)) + len(_FILLER.findall(outside))
    addressed = 100 * times / max(apart, 1)
    if apart >= _MIN_WORDS and addressed >= 3.2 and times >= 3:
        return True
    labelled = _speaker_share(text)
    if (labelled >= 0.5 and addressed >= 0.8) or (labelled >= 0.3 and addressed >= 2.0):
        return True
    quoted = 1 - apart / total
    if quoted >= 0.6 and 100 * len(_ADDRESS.findall(text)) / total >= 2.0:
        return True
    said = len(_SAID.findall(outside)) / max(1, len(_STOP.findall(outside)))
    return said >= 0.4 and addressed >= 2.0


def _speaker_share(text: str) -> float:
    """The share of lines that open with a label used three times or more, where at least two labels are."""
    lines = [line for line in text.splitlines() if line.strip()]
    labels = Counter(match.group(1).strip().casefold() for match in _SPEAKER.finditer(text))
    repeated = [count for count in labels.values() if count >= 3]
    return sum(repeated) / len(lines) if len(repeated) >= 2 else 0.0


def reads_as_english(note: str) -> bool:
    """Whether the language identifier finds English likelier than not; under eight words nothing is claimed."""
    found = words(note)
    if len(found) < 8:
        return all(ord(c) < 0x250 for word in found for c in word)
    language, _ = py3langid.classify(note[:20_000])
    return bool(language == "en")
