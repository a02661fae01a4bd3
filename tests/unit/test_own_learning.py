"""The therapist's own learning: counts over the caseload from what is signed, never in what leaves a file."""

import dataclasses
import json
from datetime import UTC, date, datetime

from notekeeper.domain.consent import Answer, Purpose
from notekeeper.domain.draft import Draft, Focus, Provenance, ReadAccount, Reflection, Theme
from notekeeper.domain.file_export import FileDocument
from notekeeper.domain.note import Client
from notekeeper.domain.review import Choice, Decision, Destination, RejectReason
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.text import Evidence
from notekeeper.domain.vault import Vault
from notekeeper.services.consent import record_agreement
from notekeeper.services.file_export import build_file
from notekeeper.services.own_learning import Decided, Learning, own_learning
from notekeeper.services.signing import sign
from notekeeper.services.supervision_flags import add_flag, end_flag
from notekeeper.services.supervision_targets import find_target
from notekeeper.services.writing import add_note
from tests.arch.test_callers import mentioning
from tests.vault.conftest import first, sealed, vault
from tests.vault.invented import SIGNER, add_client

__all__ = ["first", "sealed", "vault"]
LIBRARY = "What happens to my own breathing when worry fills the room?"
NEARLY = "What happens to my breathing when worry fills the room?"
OWN = "Why did I look at the clock with C014?"
TODAY = date(2026, 5, 20)


def reviewed(vault: Vault, client: Client, day: date, *questions: str, rejected: str = "") -> None:
    """A signed session whose draft had these reflections, all kept, and one that was rejected."""
    text = f"She spoke of Sunday, {day}."
    evidence = (Evidence(start=0, end=len(text), text=text),)
    asked = (*questions, *((rejected,) if rejected else ()))
    note, revision = add_note(vault, client, text, day)
    draft = Draft(
        focus=Focus(text="Sunday", evidence=evidence),
        themes=(Theme(label="Speaking of Sunday", code="anxiety", support=0.9, evidence=evidence),),
        reflections=tuple(Reflection(question=each, evidence=evidence) for each in asked),
        read=ReadAccount(sentences=1, windows=1),
        provenance=Provenance(app_version="1"),
    )
    stored = vault.drafts.store(note.id, revision.id, draft)
    at = datetime(2026, 5, 1, tzinfo=UTC)
    for item in draft.items():
        if rejected and item == f"R{len(asked)}":
            made = Decision(item=item, choice=Choice.REJECTED, at=at, reason=RejectReason.WORDING)
        else:
            to = Destination.SUPERVISION if item.startswith("R") else None
            made = Decision(item=item, choice=Choice.ACCEPTED, at=at, destination=to)
        vault.reviews.decide(stored.id, made)
    vault.reviews.set_risk(note.id, RiskEntry(state=RiskState.NOT_ASKED))
    vault.set_signer(SIGNER)
    sign(vault, client, note)


def practice(vault: Vault) -> tuple[Client, Client, Client]:
    """Two clients who agree to patterns and one who does not."""
    made = tuple(add_client(vault, code) for code in ("C014", "D100", "E200"))
    for client in made[:2]:
        record_agreement(vault, client, Purpose.PATTERNS, Answer.AGREED, how="asked")
    reviewed(vault, made[0], date(2026, 3, 3), LIBRARY, OWN, rejected="Rejectedword?")
    reviewed(vault, made[0], date(2026, 4, 7), NEARLY)
    reviewed(vault, made[1], date(2026, 4, 8), LIBRARY, rejected="Rejectedword again?")
    reviewed(vault, made[2], date(2026, 4, 9), LIBRARY, "Leftoutword?")
    unsigned, revision = add_note(vault, made[0], "Unsignedword.", date(2026, 5, 5))
    assert unsigned.id == revision.note_id
    for client in made:
        add_flag(vault, client, find_target(vault, client, "theme:1.1"), "Flagreasonword")
    add_flag(vault, made[0], find_target(vault, made[0], "theme:2.1"))
    end_flag(vault, made[0], 2, date(2031, 1, 1), discussed=False)
    return made[0], made[1], made[2]


def test_what_recurs_is_counted_over_clients_and_months_from_what_is_signed(vault: Vault) -> None:
    practice(vault)
    found = own_learning(vault, {"anxiety": "Worry and dread"})
    assert (found.clients, found.sessions, found.left_out, found.unread) == (2, 3, 1, 0)
    assert [(each.words, each.times, each.clients, each.library) for each in found.reflections] == [
        (LIBRARY, 3, 2, True),
        (OWN.replace("C014", "…"), 1, 1, False),
    ]
    assert found.reflections[0].months == (("2026-03", 1), ("2026-04", 2))
    assert [(each.words, each.times, each.clients) for each in found.themes_reflected_on] == [("Worry and dread", 3, 2)]
    assert [(each.words, each.times, each.clients) for each in found.flagged] == [("Worry and dread", 2, 2)]
    assert found.decided == Decided(
        accepted=10,
        edited=0,
        rejected=2,
        withheld=0,
        reasons=(("the wording", 2),),
        months=(("2026-03", 1, 5), ("2026-04", 1, 7)),
    )


def words_of(learning: Learning) -> str:
    return json.dumps(dataclasses.asdict(learning))


def test_it_names_no_client_and_keeps_nothing_that_was_not_signed(vault: Vault) -> None:
    practice(vault)
    said = words_of(own_learning(vault))
    for word in ("C014", "D100", "E200", "Leftoutword", "Unsignedword", "Rejectedword", "Flagreasonword"):
        assert word not in said


def texts(document: FileDocument) -> str:
    return document.model_dump_json()


def test_it_is_in_no_export_of_one_client_and_goes_with_what_it_was_made_of(vault: Vault) -> None:
    first_client, second, _ = practice(vault)
    before = vault.log.head()
    own_learning(vault)
    assert vault.log.head() == before
    held = texts(build_file(vault, first_client, TODAY))
    assert "D100" not in held
    assert "learning" not in held.casefold()
    vault.clients.erase(second.id)
    after = own_learning(vault)
    assert (after.reflections[0].words, after.reflections[0].times, after.reflections[0].clients) == (LIBRARY, 2, 1)
    record_agreement(vault, first_client, Purpose.PATTERNS, Answer.WITHDRAWN, how="asked")
    assert own_learning(vault).sessions == 0
    assert own_learning(vault).left_out == 2


def test_no_report_is_made_of_it() -> None:
    places = {name.split("/")[0] for name in mentioning("own_learning")}
    assert places <= {"services", "cli", "tui"}
    assert {name for name in mentioning("own_learning") if name.startswith("services/")} <= {"services/own_learning.py"}
