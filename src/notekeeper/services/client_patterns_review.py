"""Reviewing a client's patterns one by one, giving one's own, and signing them as a whole.

What always holds: there is no call that decides on two patterns; a review is kept from one day to the next, and words
that were typed for a pattern that has changed since are shown again; nothing is signed without a signer's name, and
only a demonstration client's patterns are signed by "Demonstration".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from notekeeper.domain.note import Client
from notekeeper.domain.pattern import PatternKind, SignedPatterns
from notekeeper.domain.pattern_review import (
    PatternItem,
    conclude_patterns,
    destroyed,
    kept_patterns,
    missing,
    pattern_label,
    pattern_statement,
    thread_of,
)
from notekeeper.domain.pattern_work import (
    DRAFT,
    BegunPattern,
    OwnPattern,
    PatternChoice,
    PatternDecision,
    PatternsInWork,
)
from notekeeper.domain.review import RejectReason, Signer
from notekeeper.domain.vault import Vault
from notekeeper.drafting.statements import counted
from notekeeper.errors import NotReadyError, UsageError
from notekeeper.services.client_patterns import ClientPatterns, patterns_of, with_work, work_of
from notekeeper.services.signing import DEMONSTRATION


def accept_pattern(vault: Vault, client: Client, name: str) -> ClientPatterns:
    """Keep a pattern as it is shown. Raises `UsageError`, `AgreementMissingError`."""
    return _decide(vault, client, name, PatternChoice.ACCEPTED)


def accept_counts(vault: Vault, client: Client, name: str) -> ClientPatterns:
    """Keep a pattern in its plain sentence of counts, whatever a model made of it. Raises as above."""
    composed = patterns_of(vault, client).review.named(name).composed
    return _decide(vault, client, name, PatternChoice.ACCEPTED, statement=composed)


def edit_pattern(
    vault: Vault, client: Client, name: str, *, label: str | None = None, statement: str | None = None
) -> ClientPatterns:
    """Keep a pattern in the therapist's own label, statement or both; what was edited before stays if not given now.
    Raises as above."""
    if label is None and statement is None:
        raise UsageError("Say what is to be different: the label, the statement, or both. Nothing was changed.")
    return _decide(
        vault,
        client,
        name,
        PatternChoice.EDITED,
        label=None if label is None else pattern_label(label),
        statement=None if statement is None else pattern_statement(statement),
    )


def reject_pattern(vault: Vault, client: Client, name: str, reason: RejectReason | None = None) -> ClientPatterns:
    """Leave a pattern out. Raises as above."""
    return _decide(vault, client, name, PatternChoice.REJECTED, reason=reason)


def reopen_pattern(vault: Vault, client: Client, name: str) -> ClientPatterns:
    """Take the decision on a pattern back. Raises as above."""
    with vault.transaction():
        seen, work = patterns_of(vault, client), work_of(vault, client)
        item = seen.review.named(name)
        left = {key: made for key, made in work.decisions.items() if key != item.key}
        return keep_work(vault, seen, work.model_copy(update={"decisions": left}))


def add_own_pattern(
    vault: Vault, client: Client, label: str, *, kind: PatternKind, numbers: Sequence[int], statement: str = ""
) -> ClientPatterns:
    """A pattern of the therapist's own, noted in the signed sessions of these numbers; without a statement it is said
    in counts. Raises as above."""
    with vault.transaction():
        seen = patterns_of(vault, client)
        signed = {each.number: each.note.id for each in seen.sessions if each.place is not None}
        wanted = sorted(set(numbers))
        if not wanted or not set(wanted) <= set(signed):
            raise UsageError(
                "A pattern is noted in one or more signed sessions; name them by number. Signed are "
                f"{', '.join(map(str, signed)) or 'none'}. Nothing was changed."
            )
        named = pattern_label(label)
        said = pattern_statement(statement) if statement.strip() else f"{named}: {counted(kind, wanted, len(signed))}."
        own = OwnPattern(
            label=named,
            kind=kind,
            notes=tuple(signed[number] for number in wanted),
            statement=said,
            at=datetime.now(UTC),
        )
        work = work_of(vault, client)
        return keep_work(vault, seen, work.model_copy(update={"own": (*work.own, own)}))


def take_own_away(vault: Vault, client: Client, number: int) -> ClientPatterns:
    """Take an own pattern away again, by its number from 1. Raises as above."""
    with vault.transaction():
        work = work_of(vault, client)
        if not 1 <= number <= len(work.own):
            raise UsageError(f"There is no pattern O{number} of your own. Nothing was changed.")
        left = (*work.own[: number - 1], *work.own[number:])
        return keep_work(vault, patterns_of(vault, client), work.model_copy(update={"own": left}))


def keep_begun_pattern(vault: Vault, client: Client, begun: BegunPattern) -> None:
    """Keep an own pattern as far as it is typed, in place of what was kept. Raises as above."""
    with vault.transaction():
        keep_work(vault, patterns_of(vault, client), work_of(vault, client).model_copy(update={"begun": begun}))


def read_numbers(typed: str) -> tuple[int, ...]:
    """Session numbers as typed: "1, 4 5". Raises `UsageError`."""
    pieces = typed.replace(",", " ").split()
    if not all(piece.isdecimal() and len(piece) <= 5 for piece in pieces):
        raise UsageError("Sessions are written by their numbers, like 1, 4, 5. Nothing was changed.")
    return tuple(int(piece) for piece in pieces)


@dataclass(frozen=True, slots=True)
class BeforeSigningPatterns:
    """What a signature would do now: how many patterns it keeps, how many of them are the therapist's own, how many are
    rejected, how many wordings of a model it destroys, and whether it supersedes an earlier one. `missing` says what is
    still to be done."""

    kept: int
    own: int
    rejected: int
    destroyed: int
    supersedes: bool
    signer: Signer | None
    missing: tuple[str, ...]


def before_signing(vault: Vault, seen: ClientPatterns) -> BeforeSigningPatterns:
    """What a signature on these patterns would keep, destroy and still needs."""
    review = seen.review
    kept = kept_patterns(review)
    return BeforeSigningPatterns(
        kept=len(kept),
        own=len(review.own),
        rejected=len(review.items) + len(review.own) - len(kept) - len(review.undecided()),
        destroyed=destroyed(review),
        supersedes=seen.signed is not None,
        signer=DEMONSTRATION if seen.client.demonstration else vault.signer(),
        missing=missing(review),
    )


def sign_patterns(vault: Vault, client: Client) -> SignedPatterns:
    """Sign the patterns as reviewed; an earlier signature is superseded and stays legible. Raises `NotReadyError`
    saying what is missing, and as above."""
    with vault.transaction():
        seen = patterns_of(vault, client)
        signer = DEMONSTRATION if client.demonstration else vault.signer()
        if signer is None:
            raise NotReadyError("Give your name once with `notekeeper signer`; then sign. Nothing was signed.")
        concluded = conclude_patterns(seen.review, signer, datetime.now(UTC), demonstration=client.demonstration)
        return vault.pattern_signoffs.sign(concluded)


def keep_work(vault: Vault, seen: ClientPatterns, work: PatternsInWork) -> ClientPatterns:
    """Keep the review as it stands now, without what a model worded of patterns that have changed since."""
    keys = {item.key for item in seen.review.items}
    worded = {key: made for key, made in work.worded.items() if key in keys}
    decisions = {key: made for key, made in work.decisions.items() if key in keys or made.statement}
    left = work.model_copy(
        update={"worded": worded, "decisions": decisions, "provenance": work.provenance if worded else None}
    )
    client_id = seen.client.id
    vault.jottings.keep(client_id + DRAFT, client_id, "" if left == PatternsInWork() else left.model_dump_json())
    return with_work(seen, left)


def _decide(
    vault: Vault,
    client: Client,
    name: str,
    choice: PatternChoice,
    *,
    label: str | None = None,
    statement: str | None = None,
    reason: RejectReason | None = None,
) -> ClientPatterns:
    with vault.transaction():
        seen, work = patterns_of(vault, client), work_of(vault, client)
        item = seen.review.named(name)
        before = item.decision if choice is PatternChoice.EDITED else None
        decision = PatternDecision(
            choice=choice,
            at=datetime.now(UTC),
            about=thread_of(item.pattern),
            of_model=_of_model(item),
            label=_other(label, item.pattern.label) if label else before and before.label,
            statement=_other(statement, item.shown) if statement else before and before.statement,
            reason=reason,
        )
        return keep_work(vault, seen, work.model_copy(update={"decisions": work.decisions | {item.key: decision}}))


def _of_model(item: PatternItem) -> bool:
    return item.worded is not None and bool(item.worded.statement)


def _other(words: str | None, shown: str) -> str | None:
    return None if words == shown else words
