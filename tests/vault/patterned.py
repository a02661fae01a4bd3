"""A client with signed sessions whose themes come back, invented, for tests of patterns in a vault."""

from collections.abc import Sequence
from datetime import date, timedelta

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.draft import Trend
from notekeeper.domain.note import Client, Note, NoteFormat, NoteKind
from notekeeper.domain.review import OwnTheme, OwnView, conclude
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.text import Evidence
from notekeeper.domain.vault import Vault
from notekeeper.services.consent import record_agreement
from notekeeper.services.signing import set_signer
from tests.vault.invented import AT, SIGNER, review_of

FIRST = date(2026, 1, 6)
Theme = tuple[str, str | None, Trend | None, str]
Told = Sequence[Theme]
SLEEP: tuple[Theme, ...] = (
    ("Lying awake at four", "sleep", "present", "She lies awake at four and counts the hours until the alarm."),
    ("Awake until five", "sleep", "present", "Again awake until five, she said, with the radio on."),
    ("Sleeping a little longer", "sleep", "improving", "Slept until six on two mornings this week."),
    ("Sleeping through", "sleep", "improving", "Slept through on most nights and forgot to mention it."),
)
ROTA: tuple[Theme, ...] = (
    ("Saying yes to the rota", "work_stress", "present", "Said yes to the rota again on Friday."),
    ("Rota kept open", "work_stress", "worsening", "The rota is longer and nobody else takes it."),
    ("A no to the rota", "work_stress", "present", "Told the manager no about the May rota."),
)
SESSIONS: tuple[Told, ...] = (
    (SLEEP[0], ROTA[0]),
    (SLEEP[1], ROTA[1]),
    (SLEEP[2], ROTA[2]),
    (SLEEP[3],),
)


def agree_to(vault: Vault, client: Client, *purposes: Purpose, answer: Answer = Answer.AGREED) -> None:
    for purpose in purposes:
        record_agreement(vault, client, purpose, answer, how="spoken")


def signed_session(vault: Vault, client: Client, told: Told, week: int) -> Note:
    """A session of that week with these themes, the therapist's own, signed."""
    note = write_session(vault, client, told, week)
    vault.signoffs.sign(conclude(review_of(vault, note), SIGNER, AT))
    return vault.notes.by_number(client.id, note.number)


def write_session(vault: Vault, client: Client, told: Told, week: int) -> Note:
    """The same, ready to be signed and not signed."""
    day = FIRST + timedelta(weeks=week)
    note = vault.notes.add(client.id, kind=NoteKind.SESSION, format=NoteFormat.FREE, date=day)
    text = " ".join(sentence for *_, sentence in told) or "Came late."
    vault.notes.save(note.id, text)
    themes = []
    for label, code, trend, sentence in told:
        start = text.index(sentence)
        evidence = (Evidence(start=start, end=start + len(sentence), text=sentence),)
        themes.append(OwnTheme(label=label, code=code, trend=trend, evidence=evidence))
    vault.reviews.set_own(note.id, OwnView(focus="As it was", themes=tuple(themes) or (OwnTheme(label="Came late"),)))
    vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_ASKED))
    return note


def patterned(vault: Vault, code: str = "C014", *, purposes: Sequence[Purpose] = tuple(Purpose)) -> Client:
    """A client with four signed sessions, in which two themes come back; agreement to these purposes."""
    client = vault.clients.add(code)
    if vault.signer() is None:
        set_signer(vault, SIGNER.name)
    agree_to(vault, client, *purposes)
    for week, told in enumerate(SESSIONS):
        signed_session(vault, client, told, week)
    return client
