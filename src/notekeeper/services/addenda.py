"""Adding to a signed note, dated and beneath it: words, a risk entry recorded later, or both.

What always holds: the note that was signed is not touched; an addendum bears the name of the person who wrote it;
what is being typed is kept in the vault and is no addendum until it is added.
"""

from pydantic import ValidationError

from notekeeper.domain.addendum import Addendum, LaterRisk
from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import SignedReview
from notekeeper.domain.risk import RiskEntry, RiskState, refuse_contradictions
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotReadyError, UsageError
from notekeeper.services.signing import DEMONSTRATION
from notekeeper.services.writing import check_characters, check_text


def add_addendum(vault: Vault, client: Client, note: Note, text: str, risk: RiskEntry | None = None) -> Addendum:
    """Add `text` beneath the signed note for good, and `risk` if it is recorded now; with one the text may be empty.
    Of a text and a risk entry that were begun, each is cleared if it is the one added; others are left alone. Raises
    `UsageError`, and `NotReadyError` without a signer's name."""
    signer = DEMONSTRATION if client.demonstration else vault.signer()
    if signer is None:
        raise NotReadyError("Give your name once with `notekeeper signer`; then add it. Nothing was added.")
    if risk is not None and risk.state is RiskState.NOT_RECORDED:
        raise UsageError(
            "An addendum records risk, so its state cannot be “Not recorded”. Choose another, or leave risk out."
        )
    if risk is not None:
        refuse_contradictions(risk)
    words = text if risk is not None and not text.strip() else check_text(text)
    with vault.transaction():
        if risk is not None and begun_risk(vault, note) == risk:
            keep_begun_risk(vault, note, None)
        return vault.addenda.add(note.id, words if words.strip() else "", signer, risk)


def read_risk_json(text: str) -> RiskEntry:
    """A risk entry from JSON with the fields of `RiskEntry`. Raises `UsageError`, which repeats nothing of it."""
    try:
        return RiskEntry.model_validate_json(check_characters(text))
    except ValidationError:
        raise UsageError(
            "The risk entry cannot be used. It is JSON with `state`, one of "
            f"{', '.join(state.value for state in RiskState)}, and, if you like, `kinds`, each once, `protective`, "
            "`safeguarding_child`, `safeguarding_adult`, and `words`, `action`, `told` and `safeguarding` of at most "
            "4,000 characters each. Nothing was added."
        ) from None


def later_risks(vault: Vault, signed: list[SignedReview]) -> tuple[LaterRisk, ...]:
    """The risk entries that addenda brought to these notes, each with its day, in the order they were added. Raises
    `ChainBrokenError`."""
    return tuple(
        LaterRisk(review.body.note_id, added.added_at.astimezone().date(), added.risk)
        for review in signed
        for added in vault.addenda.of_note(review.body.note_id)
        if added.risk is not None
    )


def begun(vault: Vault, note: Note) -> str:
    """What was typed for an addendum and not added yet."""
    return vault.jottings.of(note.id)


def keep_begun(vault: Vault, note: Note, text: str) -> None:
    """Keep the typing of an addendum; '' clears it."""
    vault.jottings.keep(note.id, note.client_id, text)


def begun_risk(vault: Vault, note: Note) -> RiskEntry | None:
    """The risk entry that was written for an addendum and not added yet."""
    kept = vault.jottings.of(_risk(note))
    return RiskEntry.model_validate_json(kept) if kept else None


def keep_begun_risk(vault: Vault, note: Note, risk: RiskEntry | None) -> None:
    """Keep the risk entry of an addendum; None clears it."""
    vault.jottings.keep(_risk(note), note.client_id, risk.model_dump_json() if risk else "")


def _risk(note: Note) -> str:
    return f"{note.id}.risk"
