"""A vault of invented clients to look round in: their sessions, signed by "Demonstration" and marked so everywhere.

What always holds: only clients made here are demonstration clients; the newest session of the first one is left
unsigned, because nothing but past demonstration sessions is signed without a person. No risk state is made up: the
demonstration's entries say "Not recorded".
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.identifiers import Treatment
from notekeeper.domain.note import Client, Note
from notekeeper.domain.review import OwnTheme, OwnView
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.text import Evidence
from notekeeper.domain.vault import Vault
from notekeeper.errors import NotekeeperError, UsageError
from notekeeper.services.approving import Approved, approve, prepare
from notekeeper.services.consent import record_agreement
from notekeeper.services.identifiers import decide
from notekeeper.services.reporting import ReportChoices
from notekeeper.services.signing import sign
from notekeeper.services.writing import add_note

PASSPHRASE = "invented clients to look round in"  # noqa: S105 - guards nothing: what is inside is public


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The first client, its newest note, which awaits its therapist, and how many sessions were signed in all."""

    client: Client
    newest: Note
    clients: int
    signed: int


def fill(vault: Vault, series: Path) -> Demonstration:
    """Put the invented clients of `series` (JSON lines) into an empty vault. Raises `NotekeeperError`."""
    people = [json.loads(line) for line in series.read_text(encoding="utf-8").splitlines() if line.strip()]
    newest: list[tuple[Client, Note]] = []
    signed = 0
    for person in people:
        with vault.transaction():
            client = vault.clients.add(person["client_code"], demonstration=True)
            for purpose in Purpose:
                record_agreement(vault, client, purpose, Answer.AGREED, how="demonstration", given_by="demonstration")
        for session in person["sessions"][:-1]:
            note = _session(vault, client, session)
            vault.reviews.set_own(note.id, _own_view(session))
            vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_RECORDED))
            sign(vault, client, note, demonstration=True)
            signed += 1
        newest.append((client, _session(vault, client, person["sessions"][-1])))
    if not newest:
        raise NotekeeperError("The demonstration's data is missing. Install notekeeper again.")
    return Demonstration(*newest[0], clients=len(newest), signed=signed)


def approve_report(vault: Vault, client: Client) -> tuple[Approved, int]:
    """A report of an invented client, approved without a person, and how many words that may tell who somebody is stay
    in it, each with the reason that they are invented. Raises `UsageError` for any other client."""
    if not client.demonstration:
        raise UsageError("Only a report of an invented client is approved without a person. Nothing was approved.")
    asked = [(client, ReportChoices())]
    prepared = prepare(vault, asked)
    for hit in prepared.rehearsal.undecided:
        decide(vault, client, hit.found, Treatment.KEEP, reason="Invented, as everybody here is")
    prepared = prepare(vault, asked)
    return approve(vault, prepared, prepared.digest), len(prepared.rehearsal.decided)


def _session(vault: Vault, client: Client, session: dict[str, Any]) -> Note:
    note, _ = add_note(vault, client, session["text"], date.fromisoformat(session["date"]))
    return note


def _own_view(session: dict[str, Any]) -> OwnView:
    text: str = session["text"]
    themes = []
    for theme in session["themes"]:
        pieces = [(text.find(sentence), sentence) for sentence in theme["evidence"]]
        themes.append(
            OwnTheme(
                label=re.sub(r"[\"“”'‘’](?!\w)|(?<!\w)[\"“”'‘’]", "", theme["label"]),
                code=theme["code"],
                trend=theme.get("trend"),
                evidence=tuple(Evidence(start=at, end=at + len(s), text=s) for at, s in sorted(pieces) if at >= 0),
            )
        )
    return OwnView(focus=session["focus"], themes=tuple(themes))
