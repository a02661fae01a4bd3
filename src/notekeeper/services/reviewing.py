"""Reviewing a draft item by item, giving one's own view and the risk entry, and finishing without AI.

What always holds: only the draft of the newest saved text is reviewed; there is no call that decides on more than
one item; the program fills no risk entry.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pydantic import Field, ValidationError

from notekeeper.domain.draft import Trend
from notekeeper.domain.note import Note
from notekeeper.domain.review import (
    Choice,
    Decision,
    Destination,
    OwnTheme,
    OwnView,
    RejectReason,
    Review,
    check_decision,
    theme_label,
)
from notekeeper.domain.risk import RiskEntry, refuse_contradictions
from notekeeper.domain.text import Frozen
from notekeeper.domain.vault import StoredDraft, Vault
from notekeeper.errors import NotReadyError, UsageError
from notekeeper.services.access_log import note_opened
from notekeeper.services.evidence import evidence_of, standing


@dataclass(frozen=True, slots=True)
class ReviewState:
    """A review, the draft it is about, and whether a draft was left behind by newer text."""

    review: Review
    stored: StoredDraft | None
    stale: bool


def review_of(vault: Vault, note: Note) -> ReviewState:
    """How the review of a note stands. Raises `NotReadyError` when the note has no saved text."""
    note_opened(vault, note)
    latest = vault.notes.latest(note.id)
    if latest is None:
        raise NotReadyError("This note has no saved text yet, so there is nothing to review or finish.")
    stored = vault.drafts.latest(note.id)
    current = stored if stored is not None and stored.revision_id == latest.id else None
    review = Review(
        note_id=note.id,
        client_id=note.client_id,
        note_date=note.date,
        revision_id=latest.id,
        revision_sha256=hashlib.sha256(latest.text.encode("utf-8")).hexdigest(),
        draft=current.draft if current else None,
        decisions=vault.reviews.decisions(current.id) if current else {},
        own=standing(vault.reviews.own(note.id), latest.text),
        risk=vault.reviews.risk(note.id),
        kind=note.kind,
    )
    return ReviewState(review, current, stored is not None and current is None)


def decide(  # noqa: PLR0917 - one decision is these things
    vault: Vault,
    note: Note,
    item: str,
    choice: Choice,
    text: str | None = None,
    destination: Destination | None = None,
    reason: RejectReason | None = None,
) -> Decision:
    """Keep one decision on one item. Raises `UsageError`, or `NotReadyError` when there is no draft to decide on."""
    refuse_signed(note)
    state = review_of(vault, note)
    if state.stored is None:
        raise NotReadyError(
            "The note was changed after its draft was made. Draft it again, or finish it without AI."
            if state.stale
            else "There is no draft of this note to decide on."
        )
    decision = Decision(
        item=item, choice=choice, at=datetime.now(UTC), text=text, destination=destination, reason=reason
    )
    check_decision(state.stored.draft, decision)
    vault.reviews.decide(state.stored.id, decision)
    return decision


def reopen(vault: Vault, note: Note, item: str) -> Decision:
    """Take the decision on one item back, so that it awaits one again. Raises as `decide` does."""
    return decide(vault, note, item, Choice.REOPENED)


class OwnThemeForm(Frozen):
    """A theme as the therapist writes it. `sentences` are numbers, from 1, of the note's sentences."""

    label: str
    code: str | None = None
    trend: Trend | None = None
    sentences: tuple[int, ...] = ()


class FinishForm(Frozen):
    """What `finish` takes, whole or in part. Fields left out stay as they were."""

    focus: str | None = Field(default=None, max_length=400)
    themes: tuple[OwnThemeForm, ...] | None = None
    risk: RiskEntry | None = None


def read_form(text: str) -> FinishForm:
    """A finish form from JSON. Raises `UsageError` naming the field, never its content."""
    try:
        return FinishForm.model_validate_json(text)
    except ValidationError as error:
        fields = ", ".join(sorted({_place(fault["loc"], fault["type"]) for fault in error.errors()}))
        raise UsageError(
            f"The form cannot be used; look at: {fields}. It is JSON with focus, themes and risk. Nothing was changed."
        ) from None


def _place(loc: tuple[int | str, ...], kind: str) -> str:
    """Where a fault is. A key that no form knows may itself be a therapist's sentence, so it is not repeated."""
    known, unknown = (loc[:-1], True) if kind == "extra_forbidden" else (loc, False)
    place = ".".join(map(str, known)) or "the form"
    return f"{place} (a field that is not known)" if unknown else place


def finish(vault: Vault, note: Note, form: FinishForm, codes: Sequence[str]) -> ReviewState:
    """Take the therapist's own focus, themes and risk entry: all that is given, or nothing. Raises `UsageError`."""
    refuse_signed(note)
    if form.risk is not None:
        refuse_contradictions(form.risk)
    state = review_of(vault, note)
    own = state.review.own
    if form.focus is not None:
        own = own.model_copy(update={"focus": form.focus.strip() or None})
    if form.themes is not None:
        latest = vault.notes.latest(note.id)
        own = OwnView(
            focus=own.focus, themes=tuple(_theme(theme, latest.text if latest else "", codes) for theme in form.themes)
        )
    with vault.transaction():
        if own != state.review.own:
            vault.reviews.set_own(note.id, own)
        if form.risk is not None:
            vault.reviews.set_risk(note.id, form.risk)
    return replace(state, review=review_of(vault, note).review)


def _theme(form: OwnThemeForm, text: str, codes: Sequence[str]) -> OwnTheme:
    if form.code is not None and form.code not in codes:
        raise UsageError("That theme code is not in the taxonomy. A theme needs no code; leave it out or correct it.")
    evidence = evidence_of(text, form.sentences)
    return OwnTheme(label=theme_label(form.label), code=form.code, trend=form.trend, evidence=evidence)


def refuse_signed(note: Note) -> None:
    """Raise `UsageError` for a note that is closed."""
    if note.signed:
        raise UsageError("This note is signed and stays as it is. Later thoughts go into an addendum.")
