"""Verification finds what was altered behind the program's back, and names the entry."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from notekeeper.domain.clinical_will import ClinicalWill
from notekeeper.domain.identity import Identity
from notekeeper.domain.retention import RetentionPolicy
from notekeeper.domain.review import OwnView
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import VerifyReport
from tests.vault.invented import SIGNER, Sealed, add_client, add_note, decisions, drafted, sign_without_ai


def prepared(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    vault.set_signer(SIGNER)
    sign_without_ai(vault, add_note(vault, client, "first text"))
    note, draft_id = drafted(vault, client, "second text")
    vault.reviews.decide(draft_id, decisions()[0])
    vault.notes.save(note.id, "third text")
    vault.close()


def report_after(sealed: Sealed, tamper: Callable[[Any], object]) -> VerifyReport:
    """Take the triggers away, tamper, and verify."""
    db = sealed.sqlcipher()
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    tamper(db)
    db.close()
    vault = sealed.open()
    report = vault.verify()
    vault.close()
    return report


def entries_named(report: VerifyReport) -> set[int]:
    return {int(n) for problem in report.problems for n in re.findall(r"Entry (\d+) ", problem)}


pytestmark = pytest.mark.line(21)
EDITS = {
    "client.added": "UPDATE client SET code = 'C015'",
    "note.added": "UPDATE note SET date = '2001-01-01' WHERE number = 1",
    "revision.saved": "UPDATE revision SET text = 'forged' WHERE text = 'first text'",
    "agreement.recorded": "UPDATE agreement SET answer = 'declined'",
    "draft.stored": "UPDATE draft SET facts = '{}'",
    "decision.made": "UPDATE decision SET choice = 'rejected'",
    "note.signed": "UPDATE sign_off SET body = replace(body, 'own theme', 'forged')",
    "signer.set": "UPDATE setting SET body = replace(body, 'Imagined', 'Forged')",
}
DELETIONS = {
    "revision.saved": "DELETE FROM revision WHERE text = 'first text'",
    "agreement.recorded": "DELETE FROM agreement",
    "decision.made": "DELETE FROM decision",
    "note.signed": "DELETE FROM sign_off",
    "signer.set": "DELETE FROM setting WHERE name = 'signer'",
}


def number_of(sealed: Sealed, event: str) -> int:
    vault = sealed.open()
    number = next(e.number for e in vault.log.entries() if e.event == event)
    vault.close()
    return number


@pytest.mark.parametrize("event", EDITS)
def test_an_edited_row_is_found_at_its_entry(sealed: Sealed, event: str) -> None:
    prepared(sealed)
    number = number_of(sealed, event)
    report = report_after(sealed, lambda db: db.execute(EDITS[event]))
    assert number in entries_named(report)
    assert entries_named(report) == {number}
    assert "forged" not in " ".join(report.problems)


@pytest.mark.parametrize("event", DELETIONS)
def test_a_deleted_row_is_found_at_its_entry(sealed: Sealed, event: str) -> None:
    prepared(sealed)
    number = number_of(sealed, event)
    report = report_after(sealed, lambda db: (db.execute("PRAGMA foreign_keys = OFF"), db.execute(DELETIONS[event])))
    assert entries_named(report) == {number}
    assert any("missing" in problem for problem in report.problems)


REPLACED_ROWS = {
    "retention_policy.set": "DELETE FROM setting WHERE name = 'retention_policy'",
    "will.set": "DELETE FROM setting WHERE name = 'will'",
    "identity.set": "DELETE FROM identity",
    "review.own": "DELETE FROM review_part WHERE name = 'own'",
    "review.risk": "DELETE FROM review_part WHERE name = 'risk'",
}


@pytest.mark.parametrize("event", REPLACED_ROWS)
def test_what_may_be_written_again_is_missed_when_it_is_gone_and_not_after_it_went_in_good_order(
    sealed: Sealed, event: str
) -> None:
    vault = sealed.open()
    vault.set_retention(RetentionPolicy(years=40))
    vault.set_clinical_will(ClinicalWill(wishes="Ask the executor."))
    client, other = add_client(vault), add_client(vault, "D100")
    for each in (other, client):
        vault.identities.save(each.id, Identity(name="Invented Person"))
    vault.identities.save(other.id, Identity())
    signed, moved, note = (add_note(vault, client, f"text {number}") for number in range(3))
    for begun in (signed, moved, note):
        vault.reviews.set_own(begun.id, OwnView(focus="own focus"))
        vault.reviews.set_risk(begun.id, RiskEntry(state=RiskState.NOT_ASKED))
    sign_without_ai(vault, signed)
    vault.notes.move(moved.id, other.id)
    assert vault.verify().problems == ()
    number = next(e.number for e in vault.log.entries() if e.event == event and e.subject in ("", client.id, note.id))
    vault.close()
    report = report_after(sealed, lambda db: db.execute(REPLACED_ROWS[event]))
    assert number in entries_named(report)
    assert all("missing" in problem for problem in report.problems)


@pytest.mark.parametrize("column", ["at", "event", "subject", "owner", "commitment"])
@pytest.mark.parametrize("number", [1, 5, 9])
def test_an_edited_entry_is_found_exactly(sealed: Sealed, column: str, number: int) -> None:
    prepared(sealed)
    sql = "UPDATE log_entry SET COLUMN = COLUMN || '0' WHERE number = ?".replace("COLUMN", column)
    report = report_after(sealed, lambda db: db.execute(sql, (number,)))
    chain = [problem for problem in report.problems if "was altered, or" in problem]
    assert len(chain) == 1
    assert chain[0].startswith(f"Entry {number} ")


def test_entries_taken_out_of_the_middle_are_found(sealed: Sealed) -> None:
    prepared(sealed)
    report = report_after(sealed, lambda db: db.execute("DELETE FROM log_entry WHERE number IN (4, 5)"))
    assert "Entries 4 to 5 are missing from the log." in report.problems
    assert 6 in entries_named(report)


def test_rows_smuggled_in_are_found(sealed: Sealed) -> None:
    prepared(sealed)
    sql = "INSERT INTO agreement SELECT 99, 'ff', client_id, 'patterns', answer, how, given_by, 'v', at FROM agreement"
    report = report_after(sealed, lambda db: db.execute(sql))
    assert report.problems == ("The vault holds this without an entry in the log: agreement.",)


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("UPDATE draft_content SET body = '{}'", "A draft of an open review has been altered"),
        ("DELETE FROM draft_content", "A draft of an open review is missing"),
        ("UPDATE decision_text SET text = 'forged'", "edited wording of an open review has been altered"),
        ("DELETE FROM decision_text", "edited wording of an open review is missing"),
        (
            "INSERT INTO draft_end SELECT id, client_id, 'signed', made_at FROM draft",
            "A draft that was to be destroyed is still in the vault.",
        ),
        ("DELETE FROM word_index_docsize WHERE id = 1", "search index does not cover"),
        ("DELETE FROM client", "belongs to a client or note that is not there"),
    ],
)
def test_open_reviews_index_and_ties_are_checked(sealed: Sealed, sql: str, problem: str) -> None:
    prepared(sealed)
    report = report_after(sealed, lambda db: (db.execute("PRAGMA foreign_keys = OFF"), db.execute(sql)))
    assert any(problem in found for found in report.problems), report.problems


def test_stray_files_are_named(sealed: Sealed) -> None:
    (sealed.path / ".header-x1").write_bytes(b"left by a crash")
    vault = sealed.open()
    assert any(".header-x1" in problem for problem in vault.verify().problems)
    vault.close()


def test_a_sound_vault_says_so_and_gives_its_head(sealed: Sealed) -> None:
    prepared(sealed)
    vault = sealed.open()
    report = vault.verify()
    assert report.problems == ()
    assert len(report.checks) >= 6
    assert (report.log_entries, report.log_head) == (len(vault.log.entries()), vault.log.head())
    assert vault.log.head() == report.log_head
    vault.close()
