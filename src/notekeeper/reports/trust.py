"""The keys that a supervisor knows: whose signature a report bears, as far as that was compared.

What always holds: a key is known only because the supervisor said so, under a name that they gave; a report by the
name of somebody known, with another key or with no signature, is told apart loudly and never taken for known; a list
that cannot be read is an error and never an empty list, by which a changed key would look like a new one.
"""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from rapidfuzz import fuzz

from notekeeper.domain.signature import words_of
from notekeeper.domain.text import Frozen
from notekeeper.errors import ReportError, UsageError
from notekeeper.isolation.private import read_private, write_private

FILE = "known-keys.json"
_MOST_KEYS, _MOST_BYTES = 1000, 2_000_000
_SAME_NAME = 85
"""From this likeness on, of 100, two names are taken for one: a slip or a look-alike letter is no new person."""


class KnownKey(Frozen):
    """`name` is the supervisor's own for the therapist, `signs_as` how the report called its maker when the key was
    added."""

    name: str = Field(min_length=1, max_length=200)
    public_key: str = Field(pattern=r"^[0-9a-f]{64}$")
    signs_as: str = Field(default="", max_length=400)
    added_on: date


class KnownKeys(Frozen):
    """Every key that is known, oldest first. A therapist may have several: each vault has one."""

    format: Literal["notekeeper-known-keys"] = "notekeeper-known-keys"
    format_version: Literal[1] = 1
    keys: tuple[KnownKey, ...] = Field(default=(), max_length=_MOST_KEYS)

    def named(self, name: str) -> tuple[KnownKey, ...]:
        """The keys under this name, as it is written but for capitals."""
        return tuple(key for key in self.keys if key.name.casefold() == name.strip().casefold())

    def of(self, public_key: str) -> KnownKey | None:
        """What is known of this key."""
        return next((key for key in self.keys if key.public_key == public_key), None)

    def like(self, therapist: str) -> KnownKey | None:
        """The newest key of somebody whose name is this one, or so near it that a reader would take it for it."""
        wanted = letters_of(therapist)
        return next((key for key in reversed(self.keys) if _same(wanted, (key.name, key.signs_as))), None)


class Standing(StrEnum):
    """How a report's signature stands to the keys that are known."""

    OWN = "own"
    KNOWN = "known"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    UNSIGNED = "unsigned"
    STRIPPED = "unsigned_by_known"

    @property
    def alarming(self) -> bool:
        """Whether it is to be told loudly."""
        return self in (Standing.CHANGED, Standing.STRIPPED)


@dataclass(frozen=True, slots=True)
class Trust:
    """`key` is the one that is known, or for CHANGED and STRIPPED the one that was expected. `public_key` is the
    report's own, '' without a signature."""

    standing: Standing
    therapist: str
    public_key: str = ""
    key: KnownKey | None = None

    @property
    def name(self) -> str:
        """Whom the report is listed under: the supervisor's own name for a known key, else the name it bears."""
        return self.key.name if self.standing is Standing.KNOWN and self.key else self.therapist

    @property
    def words(self) -> tuple[str, ...]:
        """The eight words of the report's own key."""
        return words_of(self.public_key)


def trust_in(known: KnownKeys, therapist: str, public_key: str, own_key: str = "") -> Trust:
    """How a report that calls its maker `therapist` stands, whose signature by `public_key` fits; '' for none.
    `own_key` is that of the vault which is open here, '' without one."""
    if public_key and public_key == own_key:
        return Trust(Standing.OWN, therapist, public_key)
    if public_key and (key := known.of(public_key)):
        return Trust(Standing.KNOWN, therapist, public_key, key)
    expected = known.like(therapist)
    if public_key:
        return Trust(Standing.CHANGED if expected else Standing.UNKNOWN, therapist, public_key, expected)
    return Trust(Standing.STRIPPED if expected else Standing.UNSIGNED, therapist, "", expected)


def with_key(known: KnownKeys, trust: Trust, name: str, today: date) -> KnownKeys:
    """The list with the report's key under `name`. Raises `UsageError` when there is nothing to add, when the key is
    known already, and for a name that is none."""
    shown = " ".join(name.split())
    if not trust.public_key:
        raise UsageError("This report is not signed, so it has no key to know. Nothing was changed.")
    if known.of(trust.public_key):
        raise UsageError("That key is known already. Nothing was changed; remove it first to give it another name.")
    if not shown or len(shown) > 200:
        raise UsageError("Please give the name by which you know this therapist. Nothing was changed.")
    if len(known.keys) >= _MOST_KEYS:
        raise UsageError(f"{_MOST_KEYS} keys are known, and there is no room for more. Nothing was changed.")
    key = KnownKey(name=shown, public_key=trust.public_key, signs_as=trust.therapist[:400], added_on=today)
    return known.model_copy(update={"keys": (*known.keys, key)})


def without(known: KnownKeys, keys: Sequence[KnownKey]) -> KnownKeys:
    """The list without these."""
    return known.model_copy(update={"keys": tuple(key for key in known.keys if key not in keys)})


def read_known(folder: Path) -> KnownKeys:
    """The known keys kept in `folder`; none before the first is added. Raises `ReportError`."""
    path = folder / FILE
    if not path.exists() and not path.is_symlink():
        return KnownKeys()
    try:
        raw = read_private(path, _MOST_BYTES)
        found = KnownKeys.model_validate_json(raw, strict=True)
    except (OSError, ValidationError):
        raise ReportError(
            f"The list of keys that you know cannot be read: {path}. No signature can be judged without it; nothing "
            "was changed. Put a copy of it back; or move it away, and compare the eight words with each therapist anew."
        ) from None
    return found


def keep_known(folder: Path, known: KnownKeys) -> None:
    """Put the list in place. Raises `ReportError`; then the one before is there still."""
    body = json.dumps(known.model_dump(mode="json"), ensure_ascii=True, indent=2) + "\n"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(folder / FILE, body.encode("ascii"))
    except OSError as error:
        raise ReportError(
            f"The list of known keys could not be written ({error.strerror or 'no reason given'}). It is as it was."
        ) from None


def letters_of(name: str) -> str:
    """The letters of a name before its registration, without accents and capitals."""
    plain = unicodedata.normalize("NFKD", name.split(",", maxsplit=1)[0].casefold())
    return "".join(each for each in plain if each.isalpha())


def _same(wanted: str, names: Sequence[str]) -> bool:
    held = [letters for name in names if (letters := letters_of(name))]
    return bool(wanted) and any(fuzz.ratio(wanted, letters) >= _SAME_NAME for letters in held)
