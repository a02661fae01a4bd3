"""Agreed actions of supervision: made a follow-up of the client, or settled without one.

What always holds: an action becomes a follow-up only by the therapist, one at a time, and only once; what was done with
it is a dated entry of its own.
"""

import re
from datetime import date

from notekeeper.domain.entry import EntryKind
from notekeeper.domain.follow_up import MAX_FOLLOW_UP, FollowUp
from notekeeper.domain.note import Client
from notekeeper.domain.supervision import AgreedAction
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError
from notekeeper.services.supervision import DiscussedItem, became_words, discussed

_REFERENCE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,23})/[Dd]([0-9]{1,9})\.([0-9]{1,9})")


def item_reference(raw: str) -> tuple[str, int, int]:
    """The client's code, the file's number and the place of a comment written CODE/Dn.k. Raises `UsageError`."""
    found = _REFERENCE.fullmatch(raw.strip())
    if found is None:
        raise UsageError(
            "A comment is written CODE/DN.M, like C014/D1.2. `notekeeper supervision comments` names them."
        )
    return found[1], int(found[2]), int(found[3])


def find_item(vault: Vault, client: Client, number: int, place: int) -> DiscussedItem:
    """The client's comment of this name. Raises `UsageError`, `ChainBrokenError`."""
    for each in discussed(vault, client):
        if (each.number, each.place) == (number, place):
            return each
    raise UsageError(
        "There is no comment with that number in this file, or it came again with a later file. `notekeeper "
        "supervision comments CODE` names them."
    )


def make_follow_up(  # noqa: PLR0917 - a follow-up of an action is just these
    vault: Vault, client: Client, each: DiscussedItem, due: date, today: date, words: str = ""
) -> FollowUp:
    """A follow-up of the client from an agreed action, with the therapist's own `words` or else the supervisor's.
    Raises `UsageError` for a comment that is no action, or of which something was made already."""
    with vault.transaction():
        _still_waits(vault, client, each)
        added = vault.follow_ups.add(client.id, follow_up_words_of(each, words), due)
        body = AgreedAction(place=each.place, day=today, follow_up=added.number)
        vault.entries.add(client.id, EntryKind.ACTION, body, each.entry_id)
    return added


def settle_action(vault: Vault, client: Client, each: DiscussedItem, today: date) -> None:
    """The action needs no follow-up: it is done, or will not be. Raises as `make_follow_up`."""
    with vault.transaction():
        _still_waits(vault, client, each)
        vault.entries.add(client.id, EntryKind.ACTION, AgreedAction(place=each.place, day=today), each.entry_id)


def _still_waits(vault: Vault, client: Client, each: DiscussedItem) -> None:
    now = find_item(vault, client, each.number, each.place)
    if not now.comment.action:
        raise UsageError("That comment is no agreed action, so nothing is to be done about it. Nothing was changed.")
    if now.became is not None:
        raise UsageError(f"Of that action something was made already: {became_words(now)}. Nothing was changed.")


def follow_up_words_of(each: DiscussedItem, words: str = "") -> str:
    """The words of a follow-up: those given, or the action's on one line and cut to fit."""
    said = " ".join((words or each.comment.text).split())
    if words or len(said) <= MAX_FOLLOW_UP:
        return said
    return f"{said[: MAX_FOLLOW_UP - 1].rpartition(' ')[0] or said[: MAX_FOLLOW_UP - 1]}…"
