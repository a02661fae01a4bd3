"""Invented clients with signed sessions, who agreed to everything, for the tests of approving a report."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import Signer
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.services.approving import Approved, Prepared, approve, prepare
from notekeeper.services.consent import record_agreement
from notekeeper.services.reporting import ReportChoices
from notekeeper.services.reviewing import FinishForm, OwnThemeForm, finish
from notekeeper.services.signing import sign
from notekeeper.services.writing import add_note
from tests.tui.reviewed import sign_session

settings.register_profile("counted", deadline=None)
settings.load_profile("counted")

SENTENCE, SECOND = "She said yes before she had thought about it.", "Sleep is broken at four most nights."
DAY = date(2026, 3, 10)
QUIET = ReportChoices()


def add_client(vault: Vault, code: str = "C014", *labels: str, risk: str = "") -> Client:
    """A client with a session for each label, a week apart."""
    client = vault.clients.add(code)
    for purpose in Purpose:
        record_agreement(vault, client, purpose, Answer.AGREED, how="asked in session")
    for week, label in enumerate(labels or (f"Theme of {code}",)):
        sign_session(vault, client, DAY + timedelta(weeks=week), label, risk=risk)
    return client


def sign_with_evidence(vault: Vault, client: Client, day: date = DAY) -> Note:
    """A signed session whose two themes rest on the two sentences of its note."""
    note, _ = add_note(vault, client, f"{SENTENCE} {SECOND}", day)
    themes = (
        OwnThemeForm(label="Yes before thinking", sentences=(1,)),
        OwnThemeForm(label="Broken sleep", sentences=(2,)),
    )
    risk = RiskEntry(state=RiskState.NOT_ASKED)
    finish(vault, note, FinishForm(focus="The moment before the yes", themes=themes, risk=risk), ())
    vault.set_signer(vault.signer() or Signer(name="P. Invented", registration="REG 1"))
    sign(vault, client, note)
    return vault.notes.by_number(client.id, note.number)


def four_clients(vault: Vault) -> list[Client]:
    """Whose codes and labels share no word."""
    labels = ("Saying no", "Broken sleep", "Waiting rooms", "Unsent letters")
    return [add_client(vault, f"X{place}Q", label) for place, label in enumerate(labels, start=1)]


def prepared_of(vault: Vault, *clients: Client, **changes: Any) -> Prepared:
    """A report of them, each with the same choices."""
    return prepare(vault, [(client, ReportChoices(**changes)) for client in clients])


def approved_now(vault: Vault, prepared: Prepared) -> Approved:
    """Approved as by somebody who looked at everything."""
    return approve(vault, prepared, prepared.short, quotations=len(prepared.quotations))


def approved_of(vault: Vault, *clients: Client, **changes: Any) -> Approved:
    return approved_now(vault, prepared_of(vault, *clients, **changes))


def written_in(folder: Path) -> list[str]:
    """The names of the files there."""
    return sorted(path.name for path in folder.iterdir())
