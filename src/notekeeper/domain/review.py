"""The therapist's review of one note and the sign-off that ends it.

What always holds: nothing is kept that the therapist did not decide on, item by item; there is no "accept all".
A `SignedReview` exists only because `conclude` found the review ready, or because the vault found a stored one
unchanged; only a `SignedReview` enters patterns and reports. Words the model wrote and the therapist did not keep
are not part of a sign-off; their counts and reasons are.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from notekeeper.domain.draft import Draft, Focus, ItemKind, Provenance, Theme, Trend, kind_of, words_of
from notekeeper.domain.note import NoteKind
from notekeeper.domain.risk import RiskEntry, contradictions
from notekeeper.domain.text import Evidence, Frozen
from notekeeper.errors import NotReadyError, UsageError

ATTESTATION_VERSION = "2026-11"
ATTESTATION = (
    "I have read this note and every item kept with it beside its evidence. The record is mine, and I am "
    "accountable for it."
)
Origin = Literal["therapist", "model_accepted", "model_edited"]
_QUOTES = '"“”„«»‹›'


class Choice(StrEnum):
    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"
    REOPENED = "reopened"


class Destination(StrEnum):
    RECORD = "record"
    SUPERVISION = "supervision_notes"


class RejectReason(StrEnum):
    NOT_IN_NOTE = "not_in_note"
    NOT_IMPORTANT = "not_important"
    WORDING = "wording"
    DUPLICATE = "duplicate"
    OTHER = "other"


class Decision(Frozen):
    """What the therapist decided on one item. `text` is their own wording when edited."""

    item: str
    choice: Choice
    at: datetime
    text: str | None = None
    destination: Destination | None = None
    reason: RejectReason | None = None


class OwnTheme(Frozen):
    label: str = Field(min_length=1, max_length=80)
    code: str | None = None
    trend: Trend | None = None
    evidence: tuple[Evidence, ...] = ()


class OwnView(Frozen):
    """The therapist's own focus and themes, written without or before a draft."""

    focus: str | None = Field(default=None, max_length=400)
    themes: tuple[OwnTheme, ...] = ()


class KeptItem(Frozen):
    """One item of a signed note, in words the therapist stands by."""

    kind: ItemKind
    text: str
    origin: Origin
    destination: Destination
    code: str | None = None
    trend: Trend | None = None
    evidence: tuple[Evidence, ...] = ()


class Tally(Frozen):
    """Counts that stay when the model's unkept words are destroyed. Keys are choices, kinds or reasons."""

    accepted: int = 0
    edited: int = 0
    rejected: int = 0
    withheld: int = 0
    reject_reasons: dict[str, int] = Field(default_factory=dict)
    withheld_reasons: dict[str, int] = Field(default_factory=dict)


class Signer(Frozen):
    name: str = Field(min_length=1, max_length=200)
    registration: str = Field(default="", max_length=200)


class SignOff(Frozen):
    """The body that is stored and committed to in the log. It is stored without `provenance`, which is kept apart and
    joined to it when it is read; `provenance_digest` ties the two."""

    note_id: str
    client_id: str
    note_date: date
    revision_id: str
    revision_sha256: str
    signer: Signer
    signed_at: datetime
    attestation_version: str
    attestation: str
    items: tuple[KeptItem, ...]
    risk: RiskEntry
    tally: Tally
    ai_used: bool
    provenance: Provenance | None = None
    provenance_digest: str = ""
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """A review in progress: the newest draft if there is one, decisions by item, own view, risk entry. Only a session
    must have a focus and a theme; of a session that the client did not attend there is none to give."""

    note_id: str
    client_id: str
    note_date: date
    revision_id: str
    revision_sha256: str
    draft: Draft | None
    decisions: dict[str, Decision]
    own: OwnView
    risk: RiskEntry | None
    kind: NoteKind = NoteKind.SESSION

    def undecided(self) -> tuple[str, ...]:
        """Names of the draft's items that still await a decision, in the order shown."""
        return () if self.draft is None else tuple(k for k in self.draft.items() if self.decision(k) is None)

    def decision(self, item: str) -> Decision | None:
        """The decision that stands on this item. Taking one back is a decision too, and leaves none standing."""
        found = self.decisions.get(item)
        return None if found is None or found.choice is Choice.REOPENED else found


_SEAL = object()


@dataclass(frozen=True, slots=True, init=False)
class SignedReview:
    """A sign-off that is known to be genuine."""

    body: SignOff

    def __init__(self, body: SignOff, *, seal: object = None) -> None:
        if seal is not _SEAL:
            raise TypeError("a SignedReview is made by conclude, or by the vault from a verified sign-off")
        object.__setattr__(self, "body", body)


def theme_label(raw: str) -> str:
    """A label fit to travel in a report. Raises `UsageError` for one with quotation marks, too long or empty."""
    label = " ".join(raw.split())
    if not label or len(label) > 80 or len(label.split()) > 10:
        raise UsageError("A theme's label is 1 to 10 words and at most 80 characters.")
    if any(mark in label for mark in _QUOTES):
        raise UsageError(
            "A theme's label appears in reports, so it holds no words in quotation marks. Please use your own words."
        )
    return label


def check_decision(draft: Draft, decision: Decision) -> None:
    """Raise `UsageError` unless `decision` fits an item of `draft`."""
    item = draft.items().get(decision.item)
    if item is None:
        raise UsageError(f"This draft has no item {decision.item[:8]}. `notekeeper review list` names them.")
    edited = decision.choice is Choice.EDITED
    if edited != (decision.text is not None) or (edited and not (decision.text or "").strip()):
        raise UsageError("An edited item needs its new wording, and only an edited one has it.")
    if edited and isinstance(item, Theme):
        theme_label(decision.text or "")
    kept = decision.choice in (Choice.ACCEPTED, Choice.EDITED)
    if kept and not isinstance(item, Focus | Theme) and decision.destination is None:
        raise UsageError("Say where a kept reflection or idea goes: to the record, or to your supervision notes.")
    if isinstance(item, Focus | Theme) and decision.destination is Destination.SUPERVISION:
        raise UsageError("A focus or theme that is kept belongs to the record. Reject it, or keep it there.")
    if decision.reason is not None and decision.choice is not Choice.REJECTED:
        raise UsageError("A reason belongs to a rejected item.")
    if decision.choice is Choice.REOPENED and decision.destination is not None:
        raise UsageError("An item that awaits your decision goes nowhere yet.")


def kept_items(review: Review) -> list[KeptItem]:
    """What a signature would keep as the review stands now: the own view, then every item accepted or edited."""
    items: list[KeptItem] = []
    if review.own.focus:
        items.append(KeptItem(kind="focus", text=review.own.focus, origin="therapist", destination=Destination.RECORD))
    items += [
        KeptItem(
            kind="theme",
            text=own.label,
            origin="therapist",
            destination=Destination.RECORD,
            code=own.code,
            trend=own.trend,
            evidence=own.evidence,
        )
        for own in review.own.themes
    ]
    for name, item in (review.draft.items() if review.draft else {}).items():
        decision = review.decision(name)
        if decision is None or decision.choice is Choice.REJECTED:
            continue
        edited = decision.choice is Choice.EDITED
        items.append(
            KeptItem(
                kind=kind_of(item),
                text=(decision.text or "").strip() if edited else words_of(item),
                origin="model_edited" if edited else "model_accepted",
                destination=decision.destination or Destination.RECORD,
                code=item.code if isinstance(item, Theme) else None,
                trend=item.trend if isinstance(item, Theme) else None,
                evidence=item.evidence,
            )
        )
    return items


def _tally(review: Review) -> Tally:
    choices = Counter(d.choice.value for d in review.decisions.values())
    withheld = review.draft.withheld if review.draft else ()
    return Tally(
        accepted=choices["accepted"],
        edited=choices["edited"],
        rejected=choices["rejected"],
        withheld=len(withheld),
        reject_reasons=dict(Counter(d.reason.value for d in review.decisions.values() if d.reason)),
        withheld_reasons=dict(Counter(w.reason for w in withheld)),
    )


def missing(review: Review) -> tuple[str, ...]:
    """What is still to be done before this review can be signed, a sentence each."""
    told = []
    if waiting := review.undecided():
        told.append(f"{len(waiting)} item(s) of the draft still await your decision: {', '.join(waiting)}.")
    if review.risk is None:
        told.append("The risk entry has no state yet. Choose one, and choose “Not recorded” if that is so.")
    else:
        told += [f"The risk entry contradicts itself. {sentence}" for sentence in contradictions(review.risk)]
    items = review.draft.items() if review.draft else {}
    found = {item.kind for item in kept_items(review)} | {kind_of(items[name]) for name in waiting}
    if review.kind is NoteKind.SESSION and not {"focus", "theme"} <= found:
        told.append("A signed session has a focus and at least one theme, kept from the draft or your own.")
    return tuple(told)


def conclude(review: Review, signer: Signer, signed_at: datetime, *, demonstration: bool = False) -> SignedReview:
    """The sign-off of a review that is ready. Raises `NotReadyError` saying what is still to be done."""
    waiting = missing(review)
    if waiting or review.risk is None:
        raise NotReadyError(f"{waiting[0]} Nothing was signed.")
    used = review.draft is not None and review.draft.refused is None
    body = SignOff(
        note_id=review.note_id,
        client_id=review.client_id,
        note_date=review.note_date,
        revision_id=review.revision_id,
        revision_sha256=review.revision_sha256,
        signer=signer,
        signed_at=signed_at,
        attestation_version=ATTESTATION_VERSION,
        attestation=ATTESTATION,
        items=tuple(kept_items(review)),
        risk=review.risk,
        tally=_tally(review),
        ai_used=used,
        provenance=review.draft.provenance if review.draft and used else None,
        demonstration=demonstration,
    )
    return SignedReview(body, seal=_SEAL)


def restored(body: SignOff) -> SignedReview:
    """A stored sign-off as genuine. Only the vault calls this, after its commitment has been verified."""
    return SignedReview(body, seal=_SEAL)
