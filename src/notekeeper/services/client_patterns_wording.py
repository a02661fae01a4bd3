"""Having a client's patterns worded by the model, one after another.

What always holds: sentences of notes go there only by a permit for patterns, and before each of them it is asked anew
whether everybody still agrees; a pattern that was decided on is left as it is; each sentence is kept as it is made, so
that stopping loses nothing; that a model was asked is in the log.
"""

from threading import Event

from notekeeper.domain.consent import DraftPermit
from notekeeper.domain.engine import OnProgress, Progress
from notekeeper.domain.note import Client
from notekeeper.domain.pattern_review import PatternItem
from notekeeper.domain.pattern_work import WordedStatement
from notekeeper.domain.text import Evidence
from notekeeper.domain.vault import Vault
from notekeeper.drafting.parts import DraftingParts
from notekeeper.drafting.statements import Cited, Told, provenance, word_statement
from notekeeper.errors import CancelledError, NotReadyError
from notekeeper.services.client_patterns import ClientPatterns, patterns_of, work_of
from notekeeper.services.client_patterns_review import keep_work
from notekeeper.services.consent import permit_to_word_patterns


def to_word(seen: ClientPatterns) -> tuple[PatternItem, ...]:
    """The patterns that a model could word now: those that nobody has decided on and that it has not worded."""
    return tuple(item for item in seen.review.items if item.decision is None and item.worded is None)


def require_wordable(vault: Vault, client: Client) -> int:
    """How many patterns a model could word now. Raises `NotReadyError` when there is none."""
    seen = patterns_of(vault, client)
    waiting = len(to_word(seen))
    if not waiting:
        raise NotReadyError(
            "Every pattern is worded or decided on already, so the model has nothing to do."
            if seen.review.items
            else "There is no pattern yet: a theme must be noted in three signed sessions, or in two of the later ones."
        )
    return waiting


def word_patterns(  # noqa: PLR0917 - the permit stands first by intent
    permit: DraftPermit,
    vault: Vault,
    client: Client,
    parts: DraftingParts,
    on_progress: OnProgress | None = None,
    cancel: Event | None = None,
) -> tuple[int, int]:
    """Have every pattern worded that can be: how many were, and of how many the plain sentence stands. Raises
    `NotReadyError`, `AgreementMissingError`, `EngineError`, and `CancelledError`, which leaves what was made."""
    if permit.client_id != client.id:
        raise TypeError("this permit is for another client")
    total = require_wordable(vault, client)
    vault.log.event("pattern.worded", client.id, client_id=client.id)
    worded = plain = 0
    seen = patterns_of(vault, client)
    while waiting := to_word(seen):
        permit_to_word_patterns(vault, client)
        if on_progress is not None:
            on_progress(Progress("wording", min(worded + plain, total), total))
        if cancel is not None and cancel.is_set():
            raise CancelledError("Stopped. The sentences that were made are kept; the others are plain counts.")
        made = word_statement(permit, _told(vault, seen, waiting[0]), parts, None, cancel)
        seen = _keep(vault, client, waiting[0], made, parts)
        worded, plain = worded + bool(made.statement), plain + (not made.statement)
    if on_progress is not None:
        on_progress(Progress("wording", total, total))
    return worded, plain


def _keep(
    vault: Vault, client: Client, item: PatternItem, made: WordedStatement, parts: DraftingParts
) -> ClientPatterns:
    """Withdrawn while the model worked: then nothing of it is kept."""
    with vault.transaction():
        permit_to_word_patterns(vault, client)
        seen, work = patterns_of(vault, client), work_of(vault, client)
        if item.key in work.decisions:
            return seen
        held = {"worded": work.worded | {item.key: made}, "provenance": provenance(parts)}
        return keep_work(vault, seen, work.model_copy(update=held))


def _told(vault: Vault, seen: ClientPatterns, item: PatternItem) -> Told:
    thread = seen.thread_of(item)
    first, last = item.pattern.sessions[0], item.pattern.sessions[-1]

    def cited(session: int) -> Cited:
        note = seen.themes.places[session].note
        text = vault.notes.latest(note)
        pieces = {(e.start, e.end): e for theme in thread.at(session) for e in theme.evidence}
        evidence: tuple[Evidence, ...] = tuple(pieces[at] for at in sorted(pieces))
        return Cited(text.text if text else "", evidence, thread.at(session)[-1].label)

    return Told(
        kind=item.pattern.kind,
        code=item.pattern.code,
        numbers=seen.numbers_of(item.notes),
        total=len(seen.themes.places),
        first=cited(first),
        last=cited(last),
    )
