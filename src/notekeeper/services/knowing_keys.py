"""Knowing a therapist's key: eight words compared by phone, and then pinned to a name.

What always holds: nothing is known before the supervisor says that the words they heard are those of the report's
key; where another key took a known name, they must give the words themselves, so that it is never one key too quick.
"""

from datetime import date
from pathlib import Path

from notekeeper.config import supervisor_settings
from notekeeper.errors import UsageError
from notekeeper.reports.trust import (
    KnownKey,
    KnownKeys,
    Standing,
    Trust,
    keep_known,
    read_known,
    with_key,
    without,
)
from notekeeper.services.caseload import own_day


def known_keys() -> KnownKeys:
    """Every key that is known on this computer. Raises `ReportError` when the list cannot be read."""
    return read_known(supervisor_settings())


def heard_right(trust: Trust, heard: str) -> bool:
    """Whether these are the eight words of the report's key, in their order, capitals and commas aside."""
    return tuple(heard.casefold().replace(",", " ").split()) == trust.words != ()


def know(trust: Trust, name: str, heard: str | None = None, *, today: date | None = None) -> KnownKeys:
    """Pin the report's key to `name` and return the list as it is now. `heard` are the words as they were read out;
    None says that they were compared on the page, which is not enough for a changed key. Raises `UsageError` when they
    are not the report's, `ReportError` when the list cannot be read or written."""
    if heard is not None and not heard_right(trust, heard):
        raise UsageError(
            "Those are not the eight words of this report's key, so the key was not added. If they were read out to "
            "you by the therapist, somebody else may have signed this file: do not rely on it."
        )
    if heard is None and trust.standing is Standing.CHANGED:
        raise UsageError(
            "This name is known with another key. Ask the therapist, by a number you have from before, to read out the "
            "eight words, and type them. Nothing was changed."
        )
    folder = supervisor_settings()
    changed = with_key(read_known(folder), trust, name, today or own_day())
    keep_known(folder, changed)
    return changed


def forget(name: str) -> tuple[KnownKey, ...]:
    """Take every key of this name off the list; those that were taken off. Raises `UsageError` when there is none."""
    folder = supervisor_settings()
    known = read_known(folder)
    keys = known.named(name)
    if not keys:
        raise UsageError("No key is known by that name. `notekeeper trust list` names them. Nothing was changed.")
    keep_known(folder, without(known, keys))
    return keys


def place_of_known() -> Path:
    """The folder that holds the list."""
    return supervisor_settings()
