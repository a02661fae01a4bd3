"""Signing a reviewed note: one deliberate act of a named person.

What always holds: nothing is signed without a signer's name; only a demonstration client's notes can be signed by
"Demonstration", and nobody else's are marked so.
"""

from datetime import UTC, datetime

from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import SignedReview, Signer, conclude
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError, UsageError
from notekeeper.services.reviewing import review_of

DEMONSTRATION = Signer(name="Demonstration")


def set_signer(vault: Vault, name: str, registration: str = "") -> Signer:
    """Keep the name and registration that sign-offs carry. Raises `UsageError`."""
    if not name.strip() or name.strip().casefold() == DEMONSTRATION.name.casefold():
        raise UsageError("Signing needs the name of the person who signs.")
    signer = Signer(name=name.strip(), registration=registration.strip())
    vault.set_signer(signer)
    return signer


def sign(vault: Vault, client: Client, note: Note, *, demonstration: bool = False) -> SignedReview:
    """Sign the review as it stands and close the note. Raises `NotReadyError` saying what is missing, `UsageError`.

    `demonstration` signs as "Demonstration" and is for demonstration clients alone, as theirs can be signed by no one
    else.
    """
    if note.signed:
        raise UsageError("This note is signed already.")
    if demonstration != client.demonstration:
        raise UsageError("A demonstration client's notes are signed by the demonstration, and nobody else's are.")
    signer = DEMONSTRATION if demonstration else vault.signer()
    if signer is None:
        raise NotReadyError("Give your name once with `notekeeper signer`; then sign. Nothing was signed.")
    signed = conclude(review_of(vault, note).review, signer, datetime.now(UTC), demonstration=demonstration)
    vault.signoffs.sign(signed)
    return signed
