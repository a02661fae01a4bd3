"""Where a note opens: writing while it is open, the signed page once it is signed, the review of a draft."""

from textual.screen import Screen

from notekeeper.domain.note import Client, Note


def place_of(client: Client, note: Note | None, *, review: bool = False) -> Screen[None]:
    """The screen for this note, or for a new one. `review` asks for the draft that awaits it."""
    if note is not None and note.signed:
        from notekeeper.tui.screens.signed import SignedPage

        return SignedPage(client, note)
    if note is not None and review:
        from notekeeper.tui.screens.review import ReviewPage

        return ReviewPage(client, note)
    from notekeeper.tui.screens.editor import EditorPage

    return EditorPage(client, note)
