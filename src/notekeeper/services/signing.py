"""Signing a reviewed note: one deliberate act of a named person; and reading what was signed.

What always holds: nothing is signed without a signer's name; only a demonstration client's notes can be signed by
"Demonstration", and nobody else's are marked so.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError

from notekeeper.domain.addendum import Addendum
from notekeeper.domain.note import Client, Note, NotePart, Revision
from notekeeper.domain.review import (
    Choice,
    Destination,
    SignedReview,
    Signer,
    conclude,
    kept_items,
    missing,
)
from notekeeper.domain.risk import RiskEntry
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError, UsageError
from notekeeper.services.access_log import note_opened
from notekeeper.services.reviewing import review_of
from notekeeper.services.risk import Reminder, reminder_of
from notekeeper.services.writing import check_characters

DEMONSTRATION = Signer(name="Demonstration")


def set_signer(vault: Vault, name: str, registration: str = "") -> Signer:
    """Keep the name and registration that sign-offs carry. Raises `UsageError`."""
    if not name.strip() or name.strip().casefold() == DEMONSTRATION.name.casefold():
        raise UsageError("Signing needs the name of the person who signs.")
    try:
        signer = Signer(name=check_characters(name.strip()), registration=check_characters(registration.strip()))
    except ValidationError:
        raise UsageError("A name and a registration have at most 200 characters each. Nothing was changed.") from None
    vault.set_signer(signer)
    return signer


@dataclass(frozen=True, slots=True)
class BeforeSigning:
    """What a signature would do now. `record` and `supervision` are items kept, `own` how many of them are the
    therapist's; `destroyed` counts wordings of the model that go: rejected, withheld, and replaced by an edit.
    `missing` says what is still to be done, a sentence each. `reminder` is what the note mentions of risk that is not
    recorded, if anything."""

    record: int
    supervision: int
    own: int
    destroyed: int
    signer: Signer | None
    missing: tuple[str, ...]
    reminder: Reminder | None = None


def before_signing(vault: Vault, client: Client, note: Note) -> BeforeSigning:
    """What a signature would keep, destroy and still needs. Raises `NotReadyError` when there is no saved text."""
    review = review_of(vault, note).review
    kept = kept_items(review)
    unkept = sum(d.choice in (Choice.REJECTED, Choice.EDITED) for d in review.decisions.values())
    record = sum(item.destination is Destination.RECORD for item in kept)
    return BeforeSigning(
        record=record,
        supervision=len(kept) - record,
        own=sum(item.origin == "therapist" for item in kept),
        destroyed=unkept + (len(review.draft.withheld) if review.draft else 0),
        signer=DEMONSTRATION if client.demonstration else vault.signer(),
        missing=missing(review),
        reminder=reminder_of(vault, note),
    )


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A signed note as it stands: the text that was signed, process notes kept apart, and what was added since."""

    signed: SignedReview
    text: str
    process: Revision | None
    addenda: tuple[Addendum, ...]

    @property
    def risk(self) -> RiskEntry:
        """The entry that stands: the newest that an addendum brought, else the one that was signed."""
        later = [added.risk for added in self.addenda if added.risk is not None]
        return later[-1] if later else self.signed.body.risk


def signed_note(vault: Vault, note: Note) -> SignedNote:
    """The note, verified. Raises `UsageError` when it is not signed, `ChainBrokenError` when it was altered."""
    note_opened(vault, note)
    signed, text = vault.signoffs.of_note(note.id), vault.notes.latest(note.id)
    if signed is None or text is None:
        raise UsageError("This note is not signed yet.")
    process = vault.notes.latest(note.id, NotePart.PROCESS)
    return SignedNote(signed, text.text, process, tuple(vault.addenda.of_note(note.id)))


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
    return vault.signoffs.of_note(note.id) or signed  # as it is stored
