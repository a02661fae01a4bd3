"""Flags for supervision: put on anything in a client's file, settled once discussed, or taken back.

What always holds: a flag is added and never changed; it is open until one later entry settles it or takes it back; the
same thing is not flagged twice while a flag on it is open; a flag goes with the notes it rests on.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import ValidationError

from notekeeper.domain.entry import EntryKind, FileEntry
from notekeeper.domain.note import Client
from notekeeper.domain.supervision import Flag, FlagDone, Flaggable
from notekeeper.domain.text import Frozen
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.writing import check_characters

_KINDS = (EntryKind.FLAG, EntryKind.FLAG_DONE)
_REFERENCE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,23})/[Ss]([0-9]{1,9})")
_MOST_WORDS, MOST_WHY = 400, 4000
NAMES = {
    Flaggable.FILE: "the file",
    Flaggable.NOTE: "a note",
    Flaggable.THEME: "a theme",
    Flaggable.REFLECTION: "a reflection or idea",
    Flaggable.RISK: "a risk entry",
    Flaggable.PATTERN: "a pattern",
    Flaggable.FOLLOW_UP: "a follow-up",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What can be flagged now. `key` names it in a command, as theme:3.1; `words` say what it is; `about` is the id of
    the note, follow-up or entry it belongs to, '' for the file; `notes` are those it rests on."""

    key: str
    on: Flaggable
    words: str
    about: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag as it stands; `number` counts from 1 within the client's file. `note` is the number of the one note it
    rests on, None where there is none or several. `done` says how it ended, None while it is open."""

    id: str
    client_id: str
    number: int
    about: str
    flag: Flag
    at: datetime
    note: int | None = None
    done: FlagDone | None = None

    @property
    def day(self) -> date:
        """The day on which it was put up, in the therapist's own calendar."""
        return self.at.astimezone().date()


def add_flag(vault: Vault, client: Client, target: Target, why: str = "") -> Flagged:
    """A flag on the target, in the client's file for good, with the therapist's own words if they give some. Raises
    `UsageError` when it is flagged already, or for words that cannot be kept."""
    words, own = _shortened(target.words), check_characters(why.strip())
    with vault.transaction():
        for each in open_flags(vault, client):
            if _same(each, target, words):
                raise UsageError(
                    f"That is flagged already, as {client.code}/S{each.number}. Take that flag back first if you want "
                    "to word it anew. Nothing was changed."
                )
        try:
            flag = Flag(on=target.on, words=words, why=own, notes=target.notes)
        except ValidationError:
            raise UsageError(f"Your words on a flag have at most {MOST_WHY:,} characters. Nothing was added.") from None
        entry = vault.entries.add(client.id, EntryKind.FLAG, flag, target.about)
        return next(each for each in flags_of(vault, client) if each.id == entry.id)


def _same(each: Flagged, target: Target, words: str) -> bool:
    """Whether the flag is on that very thing. Patterns that are signed anew are another entry and the same pattern."""
    there = (each.flag.on, each.flag.words) == (target.on, words)
    return there and (each.about == target.about or target.on is Flaggable.PATTERN)


def _shortened(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= _MOST_WORDS else f"{flat[: _MOST_WORDS - 1]}…"


def end_flag(vault: Vault, client: Client, number: int, day: date, *, discussed: bool) -> Flagged:
    """Settle the flag as discussed on `day`, or take it back. Raises `UsageError` when it has ended already."""
    with vault.transaction():
        found = find_flag(vault, client, number)
        if found.done is not None:
            raise UsageError(
                f"Flag {client.code}/S{number} was {_ended(found.done)} already. Nothing was changed. Flag the same "
                "thing again if it is to be brought once more."
            )
        if discussed and day < found.day:
            raise UsageError(
                f"The flag was put up on {found.day.isoformat()}, which is after that day. Nothing was changed."
            )
        vault.entries.add(client.id, EntryKind.FLAG_DONE, FlagDone(day=day, discussed=discussed), found.id)
        return find_flag(vault, client, number)


def find_flag(vault: Vault, client: Client, number: int) -> Flagged:
    """The client's flag of this number. Raises `UsageError`, `ChainBrokenError`."""
    for each in flags_of(vault, client):
        if each.number == number:
            return each
    raise UsageError(
        "There is no flag with that number in this file. `notekeeper supervision flags CODE --all` names them."
    )


def flag_reference(raw: str) -> tuple[str, int]:
    """The client's code and the number of a flag written CODE/SN. Raises `UsageError`."""
    found = _REFERENCE.fullmatch(raw.strip())
    if found is None:
        raise UsageError("A flag is written CODE/SN, like C014/S2. `notekeeper supervision flags` names them.")
    return found[1], int(found[2])


def flags_of(vault: Vault, client: Client) -> tuple[Flagged, ...]:
    """All of the client's by number, those that have ended too. Raises `ChainBrokenError`."""
    numbers = {note.id: note.number for note in vault.notes.of_client(client.id)}
    return tuple(_together(vault.entries.of(client.id, *_KINDS), numbers))


def open_flags(vault: Vault, client: Client) -> tuple[Flagged, ...]:
    """Those of the client that are open, by number. Raises `ChainBrokenError`."""
    return tuple(each for each in flags_of(vault, client) if each.done is None)


def all_flags(vault: Vault) -> dict[str, tuple[Flagged, ...]]:
    """Everybody's by client id and number, in one question to the vault, so without the numbers of notes. Raises
    `ChainBrokenError`."""
    found: defaultdict[str, list[Flagged]] = defaultdict(list)
    for each in _together(vault.entries.of(None, *_KINDS), {}):
        found[each.client_id].append(each)
    return {client_id: tuple(flags) for client_id, flags in found.items()}


def all_open_flags(vault: Vault) -> dict[str, tuple[Flagged, ...]]:
    """As `all_flags`, those that are open; no client without one."""
    still = {key: tuple(each for each in flags if each.done is None) for key, flags in all_flags(vault).items()}
    return {key: flags for key, flags in still.items() if flags}


def _together(entries: Iterable[FileEntry], numbers: dict[str, int]) -> Iterator[Flagged]:
    every = list(entries)
    done = {each.about: each.read(FlagDone) for each in every if each.kind is EntryKind.FLAG_DONE}
    for each in every:
        if each.kind is EntryKind.FLAG:
            flag = each.read(Flag)
            note = numbers.get(flag.notes[0]) if len(flag.notes) == 1 else None
            yield Flagged(
                each.id, each.client_id, each.number, each.about, flag, each.at, note=note, done=done.get(each.id)
            )


def flag_words(each: Flagged) -> str:
    """What a flag is on, in a few words without the reason."""
    place = f" (note {each.note})" if each.note is not None and each.flag.on is not Flaggable.NOTE else ""
    if each.flag.on is Flaggable.FILE:
        return "the file as a whole"
    if each.flag.on is Flaggable.NOTE:
        return each.flag.words
    return f"{NAMES[each.flag.on].partition(' ')[2]}: {each.flag.words}{place}"


def standing_words(each: Flagged) -> str:
    """Since when it is open, or how it ended."""
    return f"open since {each.day.isoformat()}" if each.done is None else _ended(each.done)


def _ended(done: FlagDone) -> str:
    return f"{'discussed on' if done.discussed else 'taken back on'} {done.day.isoformat()}"


class TypedFlag(Frozen):
    """A flag as it is being typed in the app: the target's key and the words."""

    key: str = ""
    why: str = ""


def begun(vault: Vault, client: Client) -> TypedFlag:
    """What was typed for a flag and not added."""
    kept = vault.jottings.of(f"{client.id}.flag")
    try:
        return TypedFlag.model_validate_json(kept) if kept else TypedFlag()
    except ValidationError:
        return TypedFlag(why=kept)


def keep_begun(vault: Vault, client: Client, typed: TypedFlag) -> None:
    """Keep the typing; an empty one clears it."""
    vault.jottings.keep(f"{client.id}.flag", client.id, typed.model_dump_json() if typed.why else "")
