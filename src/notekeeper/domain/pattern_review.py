"""The therapist's review of a client's patterns, one by one, and the signature that ends it.

What always holds: nothing is kept that the therapist did not decide on, item by item; a decision is on a pattern
exactly as it was shown, and falls away when the pattern changes; words of a model that were not kept are not part of
what is signed, their counts are. Only what `conclude_patterns` found ready can be signed.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from notekeeper.domain.draft import Provenance
from notekeeper.domain.pattern import (
    KeptPattern,
    NoteEvidence,
    Pattern,
    PatternSignOff,
    SignedPatterns,
    concluded_patterns,
)
from notekeeper.domain.pattern_work import OwnPattern, PatternChoice, PatternDecision, PatternsInWork, WordedStatement
from notekeeper.domain.review import Signer, theme_label
from notekeeper.errors import NotReadyError, UsageError

ATTESTATION_VERSION = "2026-12"
ATTESTATION = (
    "I have read each of these patterns beside the sentences it rests on. They say what is noted in my notes, not how "
    "the client is, and I am accountable for them."
)
MOST_CHARACTERS = 1000
_QUOTES = '"“”„«»‹›'
Origin = Literal["composed", "model_accepted", "model_edited", "therapist"]


def key_of(pattern: Pattern, notes: Sequence[str]) -> str:
    """Twelve hex digits that stand for a pattern exactly as it is; `notes` are the notes of the sessions looked at."""
    held = pattern.model_dump(mode="json") | {"sessions": [notes[session] for session in pattern.sessions]}
    held["evidence"] = [[notes[each.session], each.start, each.end, each.text] for each in pattern.evidence]
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:12]


def _own(kept: KeptPattern) -> bool:
    return kept.origin in {"therapist", "model_edited"} and bool(kept.evidence)


def thread_of(pattern: Pattern) -> str:
    """What stays of a pattern when a session is added: its code, or its label where it has none."""
    return pattern.code or pattern.label


@dataclass(frozen=True, slots=True)
class PatternItem:
    """One pattern under review, `name` being P1… in the order shown. `notes` are those of its sessions; `decision` is
    the one that stands; `earlier` is how the therapist worded it before it changed, or in what stands signed, if they
    did."""

    name: str
    key: str
    pattern: Pattern
    notes: tuple[str, ...]
    evidence: tuple[NoteEvidence, ...]
    worded: WordedStatement | None = None
    decision: PatternDecision | None = None
    earlier: str = ""

    @property
    def composed(self) -> str:
        """The plain sentence of counts and labels."""
        return self.pattern.statement

    @property
    def shown(self) -> str:
        """The sentence that is up for a decision: the model's where it passed, else the plain one."""
        return self.worded.statement if self.worded and self.worded.statement else self.composed

    @property
    def label(self) -> str:
        """The label as it stands now."""
        return (self.decision.label if self.decision else None) or self.pattern.label

    @property
    def statement(self) -> str:
        """The sentence as it stands now."""
        return (self.decision.statement if self.decision else None) or self.shown

    @property
    def origin(self) -> Origin:
        """Whose words the sentence is, as it stands now."""
        if self.statement == self.composed:
            return "composed"
        if self.worded is None or not self.worded.statement:
            return "therapist"
        return "model_accepted" if self.statement == self.worded.statement else "model_edited"


@dataclass(frozen=True, slots=True)
class PatternReview:
    """A review in progress. `notes` are those of all sessions that were looked at, in order of their dates."""

    client_id: str
    notes: tuple[str, ...]
    items: tuple[PatternItem, ...]
    own: tuple[OwnPattern, ...] = ()
    provenance: Provenance | None = None

    def undecided(self) -> tuple[str, ...]:
        """Names of the patterns that still await a decision, in the order shown."""
        return tuple(item.name for item in self.items if item.decision is None)

    def named(self, name: str) -> PatternItem:
        """The pattern of this name, P1… in either case, or of this key. Raises `UsageError`."""
        for item in self.items:
            if name.casefold() in (item.name.casefold(), item.key):
                return item
        raise UsageError(
            f"There is no pattern {name[:12]!r}. `notekeeper pattern list` names them. Nothing was changed."
        )


def items_of(
    patterns: Sequence[Pattern], notes: Sequence[str], work: PatternsInWork, signed: PatternSignOff | None = None
) -> tuple[PatternItem, ...]:
    """The patterns as items, each with what was decided and worded of it. `notes` are those of the sessions, `signed`
    is what stands signed, whose words are shown again."""
    found = []
    keys = [key_of(pattern, notes) for pattern in patterns]
    typed = [(each.code or each.label, each.statement) for each in (signed.patterns if signed else ()) if _own(each)]
    typed += [
        (each.about, each.statement) for key, each in work.decisions.items() if key not in keys and each.statement
    ]
    for place, (key, pattern) in enumerate(zip(keys, patterns, strict=True), start=1):
        earlier = [words for about, words in typed if about == thread_of(pattern)]
        found.append(
            PatternItem(
                name=f"P{place}",
                key=key,
                pattern=pattern,
                notes=tuple(notes[session] for session in pattern.sessions),
                evidence=tuple(
                    NoteEvidence(note_id=notes[each.session], start=each.start, end=each.end, text=each.text)
                    for each in pattern.evidence
                ),
                worded=work.worded.get(key),
                decision=work.decisions.get(key),
                earlier=earlier[-1] if earlier else "",
            )
        )
    return tuple(found)


def pattern_label(raw: str) -> str:
    """As `review.theme_label`: a label fit to travel in a report. Raises `UsageError`."""
    return theme_label(raw)


def pattern_statement(raw: str) -> str:
    """One statement fit to travel in a report. Raises `UsageError` for one that is empty, too long, or that quotes."""
    statement = " ".join(raw.split())
    if not statement or len(statement) > MOST_CHARACTERS:
        raise UsageError(f"A pattern's statement has 1 to {MOST_CHARACTERS} characters. Nothing was changed.")
    if any(mark in statement for mark in _QUOTES):
        raise UsageError(
            "A pattern's statement appears in reports, so it holds no words in quotation marks. Please use your own "
            "words. Nothing was changed."
        )
    return statement


def kept_patterns(review: PatternReview) -> tuple[KeptPattern, ...]:
    """What a signature would keep as the review stands now: every pattern accepted or edited, then the therapist's
    own."""
    kept = [
        KeptPattern(
            label=item.label,
            code=item.pattern.code,
            kind=item.pattern.kind,
            notes=item.notes,
            statement=item.statement,
            origin=item.origin,
            evidence=item.evidence,
        )
        for item in review.items
        if item.decision is not None and item.decision.choice is not PatternChoice.REJECTED
    ]
    kept += [
        KeptPattern(label=own.label, kind=own.kind, notes=own.notes, statement=own.statement, origin="therapist")
        for own in review.own
    ]
    return tuple(kept)


def missing(review: PatternReview) -> tuple[str, ...]:
    """What is still to be done before these patterns can be signed, a sentence each."""
    if waiting := review.undecided():
        return (f"{len(waiting)} pattern(s) still await your decision: {', '.join(waiting)}.",)
    if not review.items and not review.own:
        return ("There is no pattern to sign yet.",)
    if len({pattern.label.casefold() for pattern in kept_patterns(review)}) < len(kept_patterns(review)):
        return ("Two patterns bear the same label. Give one of them another, or merge their threads.",)
    return ()


def destroyed(review: PatternReview) -> int:
    """How many wordings of a model a signature would destroy: withheld, rejected, or replaced by the therapist's."""
    worded = [item for item in review.items if item.worded is not None]
    kept = [item for item in worded if item.origin == "model_accepted" and not _rejected(item)]
    return len(worded) - len(kept)


def conclude_patterns(
    review: PatternReview, signer: Signer, signed_at: datetime, *, demonstration: bool = False
) -> SignedPatterns:
    """The sign-off of a review that is ready. Raises `NotReadyError` saying what is still to be done."""
    if waiting := missing(review):
        raise NotReadyError(f"{waiting[0]} Nothing was signed.")
    used = any(item.worded is not None for item in review.items)
    return concluded_patterns(
        PatternSignOff(
            client_id=review.client_id,
            signer=signer,
            signed_at=signed_at,
            attestation_version=ATTESTATION_VERSION,
            attestation=ATTESTATION,
            notes=review.notes,
            patterns=kept_patterns(review),
            rejected=sum(_rejected(item) for item in review.items),
            withheld=sum(bool(item.worded and item.worded.reason) for item in review.items),
            ai_used=used,
            provenance=review.provenance if used else None,
            demonstration=demonstration,
        )
    )


def _rejected(item: PatternItem) -> bool:
    return item.decision is not None and item.decision.choice is PatternChoice.REJECTED
