"""How hard a passphrase is to guess, in words for the person who is typing it.

What always holds: what is called enough here is what the vault takes; nothing of the passphrase is in the words.
"""

import unicodedata
from dataclasses import dataclass

from zxcvbn import zxcvbn

MIN_LENGTH = 10
_MIN_SCORE = 3
_READ = 72  # the longest text that zxcvbn takes
_WORDS = ("very easily guessed", "easily guessed", "still easily guessed", "strong", "very strong")
_FILLED, _OPEN, _STEPS = "■", "□", 4


@dataclass(frozen=True, slots=True)
class Strength:
    """`score` is zxcvbn's, 0 to 4; `words` say the same."""

    score: int
    enough: bool
    words: str


def strength(passphrase: str) -> Strength:
    """The strength of what has been typed so far."""
    text = unicodedata.normalize("NFKC", passphrase)
    if not text:
        return Strength(0, enough=False, words=f"Strength {_OPEN * _STEPS} nothing typed yet")
    score = int(zxcvbn(text[:_READ], user_inputs=["notekeeper", "vault", "therapy"])["score"])
    enough = score >= _MIN_SCORE and len(text) >= MIN_LENGTH
    said = _WORDS[score]
    if len(text) < MIN_LENGTH:
        said = f"too short: {len(text)} of at least {MIN_LENGTH} characters"
    elif not enough:
        said += "; another unrelated word helps"
    shown = score if enough else min(score, _MIN_SCORE - 1)
    return Strength(score, enough, f"Strength {_FILLED * shown}{_OPEN * (_STEPS - shown)} {said}")
