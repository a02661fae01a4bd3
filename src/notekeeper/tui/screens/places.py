"""Where a note opens: writing while it is open, the signed page once it is signed, the review of a draft.

What always holds: a draft opens by way of the therapist's own view, unless that was given or the review has begun.
"""

from textual.screen import Screen

from notekeeper.domain.note import Client, Note
from notekeeper.domain.vault import Vault
from notekeeper.services.reviewing import review_of


def place_of(client: Client, note: Note | None, *, draft_in: Vault | None = None) -> Screen[None]:
    """The screen for this note, or for a new one. `draft_in` asks for the draft that awaits review in this vault.
    Raises `NotekeeperError` when the vault cannot say how far that has come."""
    if note is not None and note.signed:
        from notekeeper.tui.screens.signed import SignedPage

        return SignedPage(client, note)
    if note is not None and draft_in is not None:
        from notekeeper.tui.screens.ownview import OwnViewPage
        from notekeeper.tui.screens.review import ReviewPage

        return (ReviewPage if _review_has_begun(draft_in, note) else OwnViewPage)(client, note)
    from notekeeper.tui.screens.editor import EditorPage

    return EditorPage(client, note)


def _review_has_begun(vault: Vault, note: Note) -> bool:
    review = review_of(vault, note).review
    return bool(review.own.focus or review.own.themes or review.decisions)
