"""An invented note whose draft has twelve items, for the tests of review, signing and report."""

from datetime import date

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.draft import Draft, Focus, Idea, Provenance, ReadAccount, Reflection, Theme, Withheld
from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import Signer
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.text import Evidence
from notekeeper.domain.vault import Vault
from notekeeper.services.consent import record_agreement
from notekeeper.services.reviewing import FinishForm, OwnThemeForm, finish
from notekeeper.services.signing import sign
from notekeeper.services.writing import add_note

SENTENCES = (
    "She arrived early and sat with her coat on.",
    "Her sister had rung twice on Sunday and she did not pick up.",
    "She said yes to the extra shift before she had thought about it.",
    "We stayed with the moment before the yes.",
    "Sleep is broken at four most nights.",
    "I noticed that I wanted to solve the shift for her.",
    "She laughed when she spoke of the funeral, and then was quiet.",
    "We agreed that she would wait a minute before she answers.",
)
TEXT = "  ".join(SENTENCES[:4]) + "\n\n" + " ".join(SENTENCES[4:])
DAY = date(2026, 3, 3)
_SIGNER = Signer(name="P. Invented", registration="REG 1")


def evidence(*numbers: int) -> tuple[Evidence, ...]:
    """The sentences with these numbers, from 1, where they stand in the text."""
    pieces = [(TEXT.index(SENTENCES[n - 1]), SENTENCES[n - 1]) for n in numbers]
    return tuple(Evidence(start=at, end=at + len(s), text=s) for at, s in pieces)


def draft_of_twelve() -> Draft:
    """A focus, five themes, three reflections, three ideas; two more were withheld."""
    labels = ("Early and on guard", "Not picking up", "Yes before thinking", "Broken sleep", "Quiet after laughing")
    return Draft(
        focus=Focus(text="The moment before the yes.", evidence=evidence(3, 4)),
        themes=tuple(
            Theme(label=label, support=support, evidence=evidence(number), plain=number == 5)
            for label, support, number in zip(labels, (0.9, 0.7, 0.95, 0.6, 0.2), (1, 2, 3, 5, 7), strict=True)
        ),
        reflections=(
            Reflection(question="What did I want to solve?", evidence=evidence(6)),
            Reflection(question="What was I quiet about?", evidence=evidence(7)),
            Reflection(question="What happens in the minute of waiting?", evidence=evidence(8)),
        ),
        ideas=(
            Idea(hypothesis="Perhaps the yes comes before the question ends.", evidence=evidence(3)),
            Idea(hypothesis="Perhaps the coat stays on until it is safe.", evidence=evidence(1)),
            Idea(hypothesis="Perhaps laughing keeps the funeral away.", evidence=evidence(7)),
        ),
        withheld=(
            Withheld(kind="theme", text="Trouble with [Anna]", reason="It may hold a name or a place."),
            Withheld(kind="idea", text="Perhaps she dreads it.", reason="It has words that its sentences do not have."),
        ),
        read=ReadAccount(sentences=8, windows=1),
        provenance=Provenance(app_version="0.1.0", model="tiny"),
    )


def drafted_note(vault: Vault, code: str = "C014") -> tuple[Client, Note]:
    """A client who agreed to everything, and a note with the draft above, all in the vault."""
    client = vault.clients.add(code)
    for purpose in Purpose:
        record_agreement(vault, client, purpose, Answer.AGREED, how="asked in session")
    note, revision = add_note(vault, client, TEXT, DAY)
    vault.drafts.store(note.id, revision.id, draft_of_twelve())
    return client, note


def sign_session(vault: Vault, client: Client, day: date, *labels: str, risk: str = "") -> Note:
    """A session finished without AI and signed by the vault's signer."""
    note, _ = add_note(vault, client, f"Session of {day}.", day)
    form = FinishForm(
        focus="As before",
        themes=tuple(OwnThemeForm(label=label) for label in labels),
        risk=RiskEntry(state=RiskState.ASKED_DISCLOSED if risk else RiskState.NOT_ASKED, words=risk),
    )
    finish(vault, note, form, ())
    vault.set_signer(vault.signer() or _SIGNER)
    sign(vault, client, note)
    return vault.notes.by_number(client.id, note.number)
