"""Adding to a signed note, dated and beneath it.

What always holds: the note that was signed is not touched; an addendum bears the name of the person who wrote it;
what is being typed is kept in the vault and is no addendum until it is added.
"""

from notekeeper.domain.addendum import Addendum
from notekeeper.domain.note import Client, Note
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError
from notekeeper.services.signing import DEMONSTRATION
from notekeeper.services.writing import check_text


def add_addendum(vault: Vault, client: Client, note: Note, text: str) -> Addendum:
    """Add `text` beneath the signed note for good. Raises `UsageError`, and `NotReadyError` without a signer's name."""
    signer = DEMONSTRATION if client.demonstration else vault.signer()
    if signer is None:
        raise NotReadyError("Give your name once with `notekeeper signer`; then add it. Nothing was added.")
    return vault.addenda.add(note.id, check_text(text), signer)


def begun(vault: Vault, note: Note) -> str:
    """What was typed for an addendum and not added yet."""
    return vault.jottings.of(note.id)


def keep_begun(vault: Vault, note: Note, text: str) -> None:
    """Keep the typing of an addendum; '' clears it."""
    vault.jottings.keep(note.id, note.client_id, text)
