"""The growing delay after wrong passphrases, recovery keys and shares.

What always holds: the file `attempts` holds a count and a time and nothing of what was typed; a file that is damaged,
missing or cannot be written delays nobody; a clock that was put back never holds anybody up longer than the delay.

It slows a person at the keyboard. Somebody with a copy of the folder takes the file away and tries as fast as the
computer can: against them stand Argon2id and a passphrase that is hard to guess, nothing else.
"""

import contextlib
import json
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from notekeeper.errors import TooManyTriesError, VaultWriteError, WrongPassphraseError
from notekeeper.vault.folder import VaultFolder, read_small, write_whole

FREE = 3  # wrong tries without a delay
DELAY_MOST = 60.0  # seconds
_MOST_BYTES = 200
_COUNT_MOST = 1_000_000


def delay_after(count: int) -> float:
    """Seconds before the next try is looked at, after so many wrong ones in a row: 2, 4, 8 … 60."""
    return 0.0 if count < FREE else min(2.0 ** min(count - FREE + 1, 10), DELAY_MOST)


@contextmanager
def counted(place: VaultFolder) -> Iterator[None]:
    """The block looks at one try. Raises `TooManyTriesError` before it while the delay lasts; a
    `WrongPassphraseError` out of it is counted, and its end without an error clears the count."""
    must_wait(place)
    try:
        yield
    except WrongPassphraseError:
        count, _ = _read(place)
        _write(place, min(count + 1, _COUNT_MOST), time.time())
        raise
    with contextlib.suppress(OSError):
        place.attempts.unlink(missing_ok=True)


def wrong_tries(place: VaultFolder) -> int:
    """How many wrong tries there were since the last right one."""
    return _read(place)[0]


def must_wait(place: VaultFolder) -> None:
    """Raise `TooManyTriesError` while the delay after the last wrong try lasts."""
    count, at = _read(place)
    now, delay = time.time(), delay_after(count)
    if now < at:  # the clock was put back: the delay begins again from now, once
        at = now
        if delay and not _write(place, count, now):
            return
    left = math.ceil(at + delay - now)
    if left > 0:
        raise TooManyTriesError(
            f"There were {count} wrong tries in a row, so the next one is looked at in {left} seconds. Nothing was "
            "changed. The wait grows to a minute at most and ends with the right passphrase or recovery key.",
            left,
        )


def _read(place: VaultFolder) -> tuple[int, float]:
    """How many wrong tries there were in a row, and when the last was."""
    raw = None if place.attempts.is_symlink() else read_small(place.attempts, _MOST_BYTES)
    with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
        found = json.loads(raw or b"")
        count, at = found["count"], found["at"]
        if type(count) is int and type(at) in (int, float) and 0 <= count <= _COUNT_MOST and math.isfinite(at):
            return count, at
    return 0, 0.0


def _write(place: VaultFolder, count: int, at: float) -> bool:
    try:
        write_whole(place.attempts, json.dumps({"at": round(at, 3), "count": count}).encode() + b"\n")
    except VaultWriteError:
        return False
    return True
