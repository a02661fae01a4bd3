"""Having a note drafted, or a text that belongs to no client."""

from threading import Event

from notekeeper.domain.consent import DraftPermit
from notekeeper.domain.draft import Draft
from notekeeper.domain.engine import OnProgress
from notekeeper.domain.note import Note
from notekeeper.domain.vault import StoredDraft, Vault
from notekeeper.drafting.parts import DraftingParts
from notekeeper.drafting.pipeline import draft_note
from notekeeper.errors import NotReadyError, UsageError
from notekeeper.services.consent import permit_for_no_client, require_drafting
from notekeeper.services.writing import check_characters


def suggest(
    text: str, parts: DraftingParts, on_progress: OnProgress | None = None, cancel: Event | None = None
) -> Draft:
    """The draft of a text that belongs to no client; nothing is kept. Raises `UsageError`, `EngineError`."""
    check_characters(text)
    return draft_note(permit_for_no_client(), text, parts, on_progress, cancel)


def text_to_draft(vault: Vault, note: Note, permit: DraftPermit) -> tuple[str, str]:
    """The newest saved revision's id and text, if it may be drafted now. Raises `UsageError`, `NotReadyError`, and
    `AgreementMissingError` when the client has declined or withdrawn since the permit was given."""
    if permit.client_id != note.client_id:
        raise TypeError("this permit is for another client")
    if note.signed:
        raise UsageError("This note is signed, so it takes no draft.")
    require_drafting(vault, note.client_id)
    latest = vault.notes.latest(note.id)
    if latest is None:
        raise NotReadyError("This note has no saved text yet. Save it first; then it can be drafted.")
    return latest.id, latest.text


def draft(  # noqa: PLR0917 - the permit stands first by intent
    permit: DraftPermit,
    vault: Vault,
    note: Note,
    parts: DraftingParts,
    on_progress: OnProgress | None = None,
    cancel: Event | None = None,
) -> tuple[StoredDraft | None, Draft]:
    """The draft of the note's newest saved text, kept for review unless it was refused. Raises `EngineError`."""
    revision_id, text = text_to_draft(vault, note, permit)
    made = draft_note(permit, text, parts, on_progress, cancel)
    return (None if made.refused else vault.drafts.store(note.id, revision_id, made)), made
