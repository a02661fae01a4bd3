"""A secret in shares of words, of which some together give it back: SLIP-39, by its reference library.

What always holds: the secret is of the shares alone, not the recovery key's; fewer than are needed tell nothing of it;
an error names a share by its place in what was typed, and never says a word of it.
https://github.com/satoshilabs/slips/blob/master/slip-0039.md
"""

import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from notekeeper.errors import UsageError, WillError
from notekeeper.vault.slots import SHARES_LEAST, SHARES_MOST

if TYPE_CHECKING:
    from shamir_mnemonic import Share

SECRET_BYTES = 20
WORDS = 23  # 7 of SLIP-39's own and 16 for 20 bytes, at 10 bits a word
_TYPED_MOST = 2000  # characters of one share
_ITERATIONS = 0  # SLIP-39 stretches a passphrase over the shares; there is none, and the secret is random


def new_secret() -> bytes:
    """20 random bytes, to be split."""
    return secrets.token_bytes(SECRET_BYTES)


def check_counts(needed: int, count: int) -> None:
    """Raise `UsageError` unless so many of so many shares can be made."""
    if not SHARES_LEAST <= needed <= count <= SHARES_MOST:
        raise UsageError(
            f"Shares are at least {SHARES_LEAST} and at most {SHARES_MOST}, and no more can be needed than there are. "
            "Nothing was changed. Two of three is a common choice."
        )


def split(secret: bytes, needed: int, count: int) -> list[str]:
    """`count` shares of 23 words, any `needed` of which give the secret. Raises `UsageError`."""
    from shamir_mnemonic import generate_mnemonics

    check_counts(needed, count)
    made: list[str] = generate_mnemonics(1, [(needed, count)], secret, iteration_exponent=_ITERATIONS)[0]
    return made


def still_needed(typed: Sequence[str]) -> int:
    """How many more shares are to be typed after these. Raises `WillError` when they cannot be of one set."""
    if not typed:
        return SHARES_LEAST
    read = _read(typed)
    needed: int = read[0].member_threshold
    return max(needed - len(read), 0)


def joined(typed: Sequence[str]) -> bytes:
    """The secret of shares as typed, in any order; more than are needed do no harm. Raises `WillError`."""
    from shamir_mnemonic import MnemonicError, combine_mnemonics

    missing = still_needed(typed)
    if missing:
        have = f"{len(typed)} {'was' if len(typed) == 1 else 'were'} typed"
        raise WillError(f"These shares are too few: {have}, and {missing} more of the same set must come. {_SAFE}")
    read = _read(typed)
    try:
        secret: bytes = combine_mnemonics([share.mnemonic() for share in read[: read[0].member_threshold]])
    except MnemonicError:
        raise WillError(
            f"Each of these shares is well formed, but they do not fit together. One is not of this set. {_SAFE}"
        ) from None
    return secret


_SAFE = "Nothing was changed."


def _read(typed: Sequence[str]) -> "list[Share]":
    if len(typed) > SHARES_MOST:
        raise WillError(f"There are at most {SHARES_MOST} shares of a set, and more were typed. {_SAFE}")
    read = [_share(text, place) for place, text in enumerate(typed, start=1)]
    sets = [(share.common_parameters(), share.group_parameters()) for share in read]
    usual = Counter(sets).most_common(1)[0][0]
    for place, its_set in enumerate(sets, start=1):
        if its_set != usual:
            raise WillError(
                f"Share {place} is of another set than the others: shares made at another time, or for another vault. "
                f"{_SAFE} Please look for the one made together with them."
            )
    first: dict[int, int] = {}
    for place, share in enumerate(read, start=1):
        if share.index in first:
            raise WillError(f"Shares {first[share.index]} and {place} are the same one. {_SAFE} Another one is needed.")
        first[share.index] = place
    return read


def _share(text: str, place: int) -> "Share":
    from shamir_mnemonic import MnemonicError, Share
    from shamir_mnemonic.wordlist import WORD_INDEX_MAP

    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", text[:_TYPED_MOST]).lower())
    for at, word in enumerate(words, start=1):
        if word not in WORD_INDEX_MAP:
            raise WillError(f"Share {place} is mistyped: its word {at} is not one that shares are made of. {_SAFE}")
    if len(words) != WORDS:
        raise WillError(f"Share {place} has {len(words)} words, and a share has {WORDS}. {_SAFE}")
    try:
        share = Share.from_mnemonic(" ".join(words))
    except MnemonicError:
        raise WillError(
            f"Share {place} is mistyped: a word is another than on the paper, or two have changed places. {_SAFE}"
        ) from None
    if share.group_count != 1 or share.member_threshold < SHARES_LEAST:
        raise WillError(f"Share {place} was not made by notekeeper. {_SAFE}")
    return share
