"""A therapist's work on a vault, step by step, each acknowledged when it returned; and what must be true of each after.

Steps are named, so that what was acknowledged can be looked for in the vault afterwards. Each can be tried again after
it failed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from notekeeper.domain.note import Note, NotePart
from notekeeper.domain.review import OwnTheme, OwnView, conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from tests.vault.invented import AT, SIGNER, add_note, agree, decisions, draft_of, review_of

CODE = "C014"
LONG = "They spoke of the move at length. " * 700
TYPED = "half a sentence about the "


@dataclass(frozen=True)
class Step:
    """`do` changes the vault; `holds` tells afterwards whether what it did is there, whole."""

    name: str
    do: Callable[[Vault], object]
    holds: Callable[[Vault], bool]


def note_of(vault: Vault, number: int) -> Note:
    return vault.notes.by_number(vault.clients.by_code(CODE).id, number)


def text_of(vault: Vault, number: int, part: NotePart = NotePart.RECORD) -> str:
    latest = vault.notes.latest(note_of(vault, number).id, part)
    return latest.text if latest else ""


def saved(number: int, text: str, part: NotePart = NotePart.RECORD) -> Step:
    return Step(
        f"save {number} {part.value} of {len(text)}",
        lambda vault: vault.notes.save(note_of(vault, number).id, text, part),
        lambda vault: any(r.text == text for r in vault.notes.revisions(note_of(vault, number).id, part)),
    )


def noted(number: int) -> Step:
    def there(vault: Vault) -> bool:
        return any(note.number == number for note in vault.notes.of_client(vault.clients.by_code(CODE).id))

    def do(vault: Vault) -> None:
        if not there(vault):
            add_note(vault, vault.clients.by_code(CODE))

    return Step(f"note {number}", do, there)


def typed(number: int, text: str) -> Step:
    def holds(vault: Vault) -> bool:
        working = vault.notes.working(note_of(vault, number).id)
        # Typing is kept until it is saved; an unacknowledged next step may have saved it.
        return (working is not None and working.text in (text, text * 2)) or text_of(vault, number) == text * 2

    return Step(f"typing {number} of {len(text)}", lambda v: v.notes.autosave(note_of(v, number).id, text), holds)


def _stored(vault: Vault) -> bool:
    return (
        vault.signoffs.of_note(note_of(vault, 1).id) is not None
        or vault.drafts.latest(note_of(vault, 1).id) is not None
    )


def _store(vault: Vault) -> None:
    note = note_of(vault, 1)
    revision = vault.notes.latest(note.id)
    assert revision is not None
    if not _stored(vault):
        vault.drafts.store(note.id, revision.id, draft_of(revision.text))


def _decided(vault: Vault, item: str) -> bool:
    if vault.signoffs.of_note(note_of(vault, 1).id) is not None:
        return True
    stored = vault.drafts.latest(note_of(vault, 1).id)
    return stored is not None and item in vault.reviews.decisions(stored.id)


def decided(at: int) -> Step:
    decision = decisions()[at]

    def do(vault: Vault) -> None:
        stored = vault.drafts.latest(note_of(vault, 1).id)
        assert stored is not None
        vault.reviews.decide(stored.id, decision)

    return Step(f"decide {decision.item}", do, lambda vault: _decided(vault, decision.item))


def _signed(vault: Vault) -> bool:
    return vault.signoffs.of_note(note_of(vault, 1).id) is not None


def _sign(vault: Vault) -> None:
    note = note_of(vault, 1)
    vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_ASKED))
    vault.reviews.set_own(note.id, OwnView(focus="own focus", themes=(OwnTheme(label="own theme"),)))
    vault.signoffs.sign(conclude(review_of(vault, note), SIGNER, AT))


def _added(vault: Vault) -> bool:
    return any(client.code == CODE for client in vault.clients.all())


STEPS = (
    Step("client", lambda v: _added(v) or v.clients.add(CODE), _added),
    Step("agreement", lambda v: agree(v, v.clients.by_code(CODE)), _added),
    noted(1),
    saved(1, "She rang the landlord."),
    Step("draft", _store, _stored),
    decided(0),
    decided(1),
    decided(2),
    decided(3),
    Step("sign", _sign, _signed),
    noted(2),
    saved(2, LONG),
    typed(2, TYPED),
    saved(2, TYPED * 2),
    saved(2, "A thought of my own.", NotePart.PROCESS),
    typed(2, "the last words"),
)


def must_hold(vault: Vault, acknowledged: list[str]) -> None:
    """Raise `AssertionError` unless every acknowledged step is there and the vault verifies."""
    lost = [step.name for step in STEPS if step.name in acknowledged and not step.holds(vault)]
    assert not lost, f"acknowledged and lost: {lost}"
    problems = vault.verify().problems
    assert not problems, f"problems: {problems}"
    assert not vault.alarm, vault.alarm
