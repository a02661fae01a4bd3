"""Retention: how every file stands, what is laid down for one file, legal holds.

What always holds: nothing here destroys anything; a day that would have to be guessed is not named; what is laid down
is added with its reason and its day, and what was laid down before stays beneath it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from notekeeper.domain.client_file import FrontSheet, Work
from notekeeper.domain.entry import EntryKind, FileEntry
from notekeeper.domain.note import Client
from notekeeper.domain.people import people_from
from notekeeper.domain.retention import (
    MAX_REASON,
    Hold,
    OwnRetention,
    Reckoning,
    RetentionPolicy,
    Standing,
    reckon,
)
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError

_KINDS = (EntryKind.RETENTION, EntryKind.HOLD, EntryKind.HOLD_LIFTED, EntryKind.PERSON, EntryKind.PERSON_LEFT)
HEADINGS = {
    Standing.DUE: "Due for review now",
    Standing.SOON: "Due within three months",
    Standing.HELD: "On legal hold",
    Standing.UNRECKONED: "Cannot be reckoned",
    Standing.KEPT: "Kept, not due yet",
    Standing.OPEN: "No ending written down, never due",
}
"""How each standing is headed for a person, in the order listed."""


@dataclass(frozen=True, slots=True)
class FileRetention:
    """How one file stands. `own` is what is laid down for it instead of the policy; `holds` are the legal holds that
    stand, each with the id of its entry."""

    client: Client
    reckoning: Reckoning
    own: OwnRetention | None
    holds: tuple[tuple[str, Hold], ...]


def retention_of(vault: Vault, client: Client, today: date) -> FileRetention:
    """How the client's file stands on `today`. Raises `ChainBrokenError` for an entry that was altered."""
    sheet = vault.front_sheets.current(client.id)
    return _standing(vault, client, sheet, vault.entries.of(client.id, *_KINDS), policy=vault.retention(), today=today)


def retention_of_all(
    vault: Vault, today: date, clients: Sequence[Client] | None = None, sheets: dict[str, FrontSheet] | None = None
) -> list[FileRetention]:
    """Every file but demonstrations, by standing, then by the day it is due, then by code. `clients` and `sheets` are
    not read again where the caller has them. Raises as `retention_of`."""
    entries: defaultdict[str, list[FileEntry]] = defaultdict(list)
    for entry in vault.entries.of(None, *_KINDS):
        entries[entry.client_id].append(entry)
    policy, order = vault.retention(), list(Standing)
    sheets = vault.front_sheets.all() if sheets is None else sheets
    found = [
        _standing(vault, client, sheets.get(client.id, FrontSheet()), entries[client.id], policy=policy, today=today)
        for client in (vault.clients.all() if clients is None else clients)
        if not client.demonstration
    ]
    return sorted(
        found,
        key=lambda each: (order.index(each.reckoning.standing), each.reckoning.due or date.max, each.client.code),
    )


def set_own_retention(
    vault: Vault, client: Client, reason: str, *, years: int | None = None, until: date | None = None
) -> None:
    """Lay down for this file how long it is kept; neither years nor a day goes back to the policy. Raises `UsageError`
    without a reason."""
    try:
        own = OwnRetention(years=years, until=until, reason=reason.strip())
    except ValidationError:
        raise UsageError(
            "Give a number of years from 1 to 100 or a day, not both, and a reason in at most "
            f"{MAX_REASON:,} characters. Nothing was changed."
        ) from None
    vault.entries.add(client.id, EntryKind.RETENTION, own)


def set_policy(vault: Vault, years: int, minors_until: int) -> RetentionPolicy:
    """The practice's policy from now on. Raises `UsageError` unless years are 1 to 100 and the age 18 to 100."""
    try:
        policy = RetentionPolicy(years=years, minors_until=minors_until)
    except ValidationError:
        raise UsageError(
            "Years are a number from 1 to 100, the age of minors one from 18 to 100. Nothing was changed."
        ) from None
    vault.set_retention(policy)
    return policy


def hold(vault: Vault, client: Client, reason: str, day: date) -> None:
    """Put the file on legal hold: it cannot be destroyed until every hold is lifted. Raises `UsageError`."""
    vault.entries.add(client.id, EntryKind.HOLD, _hold(reason, day))


def lift_hold(vault: Vault, client: Client, reason: str, day: date) -> int:
    """Lift every legal hold that stands on the file; how many there were. Raises `UsageError` when there is none."""
    lifted = _hold(reason, day)
    with vault.transaction():
        standing = _holds(vault.entries.of(client.id, *_KINDS))
        if not standing:
            raise UsageError("No legal hold stands on this file. Nothing was changed.")
        for entry_id, _ in standing:
            vault.entries.add(client.id, EntryKind.HOLD_LIFTED, lifted, entry_id)
    return len(standing)


def read_period(raw: str) -> tuple[int | None, date | None]:
    """Years or a day, as typed for one file; neither of them for an empty text. Raises `UsageError`."""
    typed = raw.strip()
    try:
        if typed.isascii() and typed.isdigit() and len(typed) <= len("100"):
            return int(typed), None
        return None, date.fromisoformat(typed) if typed else None
    except ValueError:
        raise UsageError("Write a number of years, like 7, or a day, like 2033-03-14. Nothing was changed.") from None


def own_words(own: OwnRetention) -> str:
    """What is laid down for one file, in a few words."""
    return f"{own.years} year(s) after the work ended" if own.until is None else f"until {own.until.isoformat()}"


def policy_words(policy: RetentionPolicy) -> str:
    """The policy as a sentence."""
    return (
        f"Files are kept for {policy.years} year(s) after the work ended; of somebody under 18 until they are "
        f"{policy.minors_until}, if that is later."
    )


def standing_words(each: FileRetention) -> str:
    """How a file stands, as a line without its code."""
    due = each.reckoning.due
    return f"from {due.isoformat()} ({each.reckoning.why})" if due else each.reckoning.why


def _hold(reason: str, day: date) -> Hold:
    try:
        return Hold(reason=reason.strip(), day=day)
    except ValidationError:
        raise UsageError(f"Give a reason in at most {MAX_REASON:,} characters. Nothing was changed.") from None


def _holds(entries: Sequence[FileEntry]) -> tuple[tuple[str, Hold], ...]:
    lifted = {entry.about for entry in entries if entry.kind is EntryKind.HOLD_LIFTED}
    return tuple(
        (entry.id, entry.read(Hold)) for entry in entries if entry.kind is EntryKind.HOLD and entry.id not in lifted
    )


def _standing(
    vault: Vault,
    client: Client,
    sheet: FrontSheet,
    entries: Sequence[FileEntry],
    *,
    policy: RetentionPolicy,
    today: date,
) -> FileRetention:
    laid_down = [entry for entry in entries if entry.kind is EntryKind.RETENTION]
    own = laid_down[-1].read(OwnRetention) if laid_down else None
    if own is not None and own.years is None and own.until is None:
        own = None
    holds = _holds(entries)
    minor = sheet.under_18 or any(person.under_18 and person.is_client for person in people_from(entries))
    # The identity is opened only where a date of birth can matter: it is one person's, and the work has ended.
    alone = sheet.work is Work.INDIVIDUAL and sheet.ended is not None
    born = vault.identities.of(client.id).born if alone else None
    reckoning = reckon(sheet.ended, today, policy, under_18=minor, born=born, own=own, held=bool(holds))
    return FileRetention(client, reckoning, own, holds)
