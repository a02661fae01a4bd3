"""Stopping a draft or the wording of patterns that is being made, once what allowed it is gone.

What always holds: it stops at once and not when it would be kept; work for another client goes on.
"""

from collections.abc import Iterable

from notekeeper.domain.consent import Purpose
from notekeeper.domain.note import Client
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError
from notekeeper.services.consent import why_not
from notekeeper.tui.room import EngineRoom


def stop_draft_of(room: EngineRoom | None, note_ids: Iterable[str]) -> None:
    """End the draft that is being made, if it is of one of these notes."""
    if room is not None and room.working_on in set(note_ids):
        room.cancel()


def stop_unless_agreed(room: EngineRoom | None, vault: Vault, client: Client) -> None:
    """End the draft that is being made of this client's note, or the wording of their patterns, if the file does not
    agree to it now, or if that cannot be told."""
    if room is None or room.working_on is None:
        return
    if not _agreed(vault, client, Purpose.DRAFTING):
        stop_draft_of(room, [client.id, *(standing.note.id for standing in vault.standings(client.id))])
    elif not _agreed(vault, client, Purpose.PATTERNS):
        stop_draft_of(room, [client.id])


def _agreed(vault: Vault, client: Client, purpose: Purpose) -> bool:
    try:
        return not why_not(vault, client, purpose)
    except NotekeeperError:
        return False
