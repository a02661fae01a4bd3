"""The therapist's own focus and themes, one at a time, as they are written beside a draft.

What always holds: nothing of a signed note changes; a theme keeps its evidence when its label is worded anew.
"""

from collections.abc import Iterable

from pydantic import ValidationError

from notekeeper.domain.note import Note
from notekeeper.domain.review import OwnTheme, OwnView, theme_label
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError, UsageError
from notekeeper.services.evidence import evidence_of
from notekeeper.services.reviewing import refuse_signed


def set_own_focus(vault: Vault, note: Note, focus: str) -> None:
    """Write the therapist's own focus; '' takes it away. Raises `UsageError`."""
    refuse_signed(note)
    try:
        own = OwnView(focus=" ".join(focus.split()) or None, themes=vault.reviews.own(note.id).themes)
    except ValidationError:
        raise UsageError("A focus has at most 400 characters. Nothing was changed.") from None
    vault.reviews.set_own(note.id, own)


def set_own_theme(vault: Vault, note: Note, place: int | None, label: str) -> None:
    """Word the therapist's own theme at `place`, from 0; None adds one, and '' takes the one there away. Its evidence
    stays. Raises `UsageError`."""
    refuse_signed(note)
    own = vault.reviews.own(note.id)
    themes = list(own.themes)
    if place is None:
        themes.append(OwnTheme(label=theme_label(label)))
    elif label.strip():
        themes[place] = themes[place].model_copy(update={"label": theme_label(label)})
    else:
        del themes[place]
    vault.reviews.set_own(note.id, OwnView(focus=own.focus, themes=tuple(themes)))


def set_own_evidence(vault: Vault, note: Note, place: int, numbers: Iterable[int]) -> None:
    """Say which sentences of the newest saved text, by their numbers from 1, the own theme at `place` rests on; none
    is as good as some. Raises `UsageError`, or `NotReadyError` when the note has no saved text."""
    refuse_signed(note)
    latest = vault.notes.latest(note.id)
    if latest is None:
        raise NotReadyError("This note has no saved text yet, so a theme can rest on none of it.")
    own = vault.reviews.own(note.id)
    themes = list(own.themes)
    themes[place] = themes[place].model_copy(update={"evidence": evidence_of(latest.text, numbers)})
    vault.reviews.set_own(note.id, OwnView(focus=own.focus, themes=tuple(themes)))
