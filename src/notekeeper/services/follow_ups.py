"""Follow-ups: added with a date, done, taken back; and how each stands on a given day.

What always holds: a follow-up shows on the Monday list from a week before it is due until it is done; words being
typed for one are kept in the vault and are no follow-up until it is added; adding another leaves them alone.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from notekeeper.domain.follow_up import FollowUp, follow_up_reference
from notekeeper.domain.note import Client, Note
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError

COMING_WITHIN_DAYS = 7
_AHEAD_AT_MOST_DAYS = 5 * 365
_AFTER = re.compile(r"\+\s*([0-9]{1,4})(?:\s*days?)?")


def read_due(raw: str, today: date) -> date:
    """The day that was typed: YYYY-MM-DD, or +N days from `today`. Raises `UsageError` with an example."""
    typed = raw.strip()
    after = _AFTER.fullmatch(typed)
    try:
        due = today + timedelta(days=int(after[1])) if after else date.fromisoformat(typed)
    except ValueError:
        example = (today + timedelta(days=14)).isoformat()
        raise UsageError(
            f"Write the day as {example}, or as +14 for two weeks from today. Nothing was changed."
        ) from None
    if not 0 <= (due - today).days <= _AHEAD_AT_MOST_DAYS:
        raise UsageError(
            f"A follow-up is due between today, {today.isoformat()}, and five years from now. Nothing was changed."
        )
    return due


def add_follow_up(vault: Vault, about: Client | Note, words: str, due: date, typed_due: str | None = None) -> FollowUp:
    """Add one for a client, or from the risk entry of a note. What was begun is cleared if it is this one: the same
    words, and no day or this one, which may have been typed as `typed_due`. Raises `UsageError`."""
    with vault.transaction():
        begun_words, begun_due = begun_follow_up(vault, about)
        if begun_words.split() == words.split() and begun_due.strip() in ("", due.isoformat(), typed_due):
            keep_begun_follow_up(vault, about, "", "")
        if isinstance(about, Note):
            return vault.follow_ups.add(about.client_id, words, due, about.id)
        return vault.follow_ups.add(about.id, words, due)


def find_follow_up(vault: Vault, reference: str) -> tuple[Client, FollowUp]:
    """The client and the follow-up of a reference CODE/FN. Raises `UsageError`."""
    code, number = follow_up_reference(reference)
    client = vault.clients.by_code(code)
    return client, vault.follow_ups.by_number(client.id, number)


def open_follow_ups(vault: Vault, client: Client) -> tuple[FollowUp, ...]:
    """The client's that are not done, by the day they are due."""
    return tuple(each for each in vault.follow_ups.of_client(client.id) if each.done is None)


def begun_follow_up(vault: Vault, about: Client | Note) -> tuple[str, str]:
    """The words and the day that were typed and not added."""
    due, _, words = vault.jottings.of(_typing(about)).partition("\n")
    return words, due


def keep_begun_follow_up(vault: Vault, about: Client | Note, words: str, due: str) -> None:
    """Keep the typing; both '' clear it."""
    client_id = about.client_id if isinstance(about, Note) else about.id
    typed = f"{due.replace(chr(10), ' ')}\n{words}" if words or due else ""
    vault.jottings.keep(_typing(about), client_id, typed)


def _typing(about: Client | Note) -> str:
    return f"{about.id}.follow-up"


@dataclass(frozen=True, slots=True)
class Due:
    """How an open follow-up stands on a day. `listed`: it belongs on the Monday list. `now`: it is due or overdue, not
    just coming. `words` say so without a mark or colour."""

    listed: bool
    now: bool
    words: str


def due_of(follow_up: FollowUp, today: date) -> Due:
    """How it stands on `today`."""
    days, on = (follow_up.due - today).days, follow_up.due.isoformat()
    if days < 0:
        ago = "1 day" if days == -1 else f"{-days} days"
        return Due(True, True, f"OVERDUE by {ago}, {on}")
    if days == 0:
        return Due(True, True, f"due today, {on}")
    when = "tomorrow" if days == 1 else f"in {days} days"
    return Due(days <= COMING_WITHIN_DAYS, False, f"coming {when}, {on}")


def origin_words(follow_up: FollowUp) -> str:
    """Where it came from, in a few words; empty when from no risk entry."""
    return f"from the risk entry of note {follow_up.note_number}" if follow_up.note_number is not None else ""


def follow_up_line(follow_up: FollowUp, today: date) -> str:
    """One follow-up as a line: how it stands, its words, where it came from, its number."""
    stands = f"done {follow_up.done.isoformat()}" if follow_up.done else due_of(follow_up, today).words
    origin = origin_words(follow_up)
    return f"F{follow_up.number}, {stands}: {follow_up.words}{f' ({origin})' if origin else ''}"
