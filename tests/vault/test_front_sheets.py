"""Front sheets are kept as revisions, reach verification and erasure, and come into a vault made before them."""

from datetime import date
from pathlib import Path

import pytest

from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.note import NotePart
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import NoteStanding, Vault
from notekeeper.errors import UsageError, VaultError
from notekeeper.vault import create, migrations
from tests.vault.invented import PASSPHRASE, Sealed, add_client, add_note, as_earlier, drafted, sign_without_ai
from tests.vault.test_verify import entries_named, report_after

SHEET = FrontSheet(
    emergency_contact="Sister, okapiword",
    gp="Invented Surgery",
    safety_plan="Call the quaggaword line;\nthen the surgery",
    contract="Weekly, 50 minutes",
    sessions_planned=12,
    breaks="two weeks in August",
    ending=date(2026, 11, 3),
)


def test_the_sheet_saved_last_stands_and_the_same_again_is_no_revision(sealed: Sealed) -> None:
    vault = sealed.open()
    client, other = add_client(vault), add_client(vault, "C015")
    assert vault.front_sheets.current(client.id) == FrontSheet()
    assert vault.front_sheets.all() == {}
    vault.front_sheets.save(client.id, FrontSheet())
    for sheet in (FrontSheet(gp="Old Surgery"), SHEET, SHEET):
        vault.front_sheets.save(client.id, sheet)
    events = [entry.event for entry in vault.log.entries()]
    assert events.count("front_sheet.saved") == 2
    vault.close()
    vault = sealed.open()
    assert vault.front_sheets.current(client.id) == SHEET
    assert vault.front_sheets.current(other.id) == FrontSheet()
    assert vault.front_sheets.all() == {client.id: SHEET}
    assert vault.verify().problems == ()
    vault.close()


def test_a_sheet_of_an_unknown_client_is_refused(vault: Vault) -> None:
    with pytest.raises(UsageError):
        vault.front_sheets.save("ab" * 16, SHEET)
    with pytest.raises(ValueError, match="outside the vault"):
        vault.log.event("front_sheet.saved")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE front_sheet SET body = '{}'",
        "DELETE FROM front_sheet",
        "INSERT OR REPLACE INTO front_sheet SELECT * FROM front_sheet",
    ],
)
def test_a_saved_sheet_cannot_be_changed(sealed: Sealed, statement: str) -> None:
    vault = sealed.open()
    vault.front_sheets.save(add_client(vault).id, SHEET)
    vault.close()
    db = sealed.sqlcipher()
    with pytest.raises(Exception, match="append-only"):
        db.execute(statement)
    db.close()


@pytest.mark.parametrize(
    "statement", ["UPDATE front_sheet SET body = replace(body, 'okapi', 'forged')", "DELETE FROM front_sheet"]
)
def test_an_altered_or_missing_sheet_is_found_at_its_entry(sealed: Sealed, statement: str) -> None:
    vault = sealed.open()
    vault.front_sheets.save(add_client(vault).id, SHEET)
    number = vault.log.entries()[-1].number
    vault.close()
    report = report_after(sealed, lambda db: db.execute(statement))
    assert entries_named(report) == {number}
    assert "front sheet" in " ".join(report.problems)
    assert "forged" not in " ".join(report.problems)


def test_an_erased_clients_sheets_are_gone_from_every_page(sealed: Sealed) -> None:
    vault = sealed.open()
    staying, going = add_client(vault), add_client(vault, "C015")
    vault.front_sheets.save(staying.id, FrontSheet(gp="zebraword"))
    vault.front_sheets.save(going.id, SHEET)
    vault.front_sheets.save(going.id, FrontSheet(safety_plan="quaggaword only"))
    vault.clients.erase(going.id)
    assert vault.verify().problems == ()
    assert vault.front_sheets.all() == {staying.id: FrontSheet(gp="zebraword")}
    vault.close()
    pages = sealed.pages()
    assert b"zebraword" in pages
    assert b"okapiword" not in pages
    assert b"quaggaword" not in pages


def test_a_vault_made_before_front_sheets_takes_them_and_keeps_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "STEPS", migrations.STEPS[:1])
        opened, recovery_key = create(tmp_path / "old.vault", PASSPHRASE)
        as_earlier(opened, earlier)
        client = add_client(opened)
        sign_without_ai(opened, add_note(opened, client, "kept from before"))
        with pytest.raises(VaultError):
            opened.front_sheets.save(client.id, SHEET)
        opened.close()
    old = Sealed(tmp_path / "old.vault", recovery_key)
    vault = old.open()
    assert vault.front_sheets.current(client.id) == FrontSheet()
    vault.front_sheets.save(client.id, SHEET)
    assert len(vault.search("kept before")) == 1
    assert [review.body.client_id for review in vault.signoffs.of_client(client.id)] == [client.id]
    assert vault.verify().problems == ()
    assert [entry.event for entry in vault.log.entries()].count("vault.migrated") == 1
    vault.clients.erase(client.id)
    assert vault.verify().problems == ()
    vault.close()


def test_standings_say_how_far_each_note_has_come(vault: Vault) -> None:
    client, other = add_client(vault), add_client(vault, "C015")
    signed = add_note(vault, client, "first")
    sign_without_ai(vault, signed)
    waiting, _ = drafted(vault, client, "second")
    stale, _ = drafted(vault, client, "third")
    vault.notes.save(stale.id, "third, changed since")
    vault.notes.save(waiting.id, "process notes change no draft", NotePart.PROCESS)
    vault.reviews.set_risk(stale.id, RiskEntry(state=RiskState.NOT_RECORDED))
    empty = add_note(vault, other)
    vault.notes.autosave(empty.id, "typed")

    assert [of_note(s, vault) for s in vault.standings(client.id)] == [
        (1, True, False, False, RiskState.NOT_ASKED),
        (2, False, True, False, None),
        (3, False, False, False, RiskState.NOT_RECORDED),
    ]
    assert [of_note(s, vault) for s in vault.standings(other.id)] == [(1, False, False, True, None)]
    assert len(vault.standings()) == 4


def of_note(standing: NoteStanding, vault: Vault) -> tuple[int, bool, bool, bool, RiskState | None]:
    assert standing.note == vault.notes.by_number(standing.note.client_id, standing.note.number)
    return standing.note.number, standing.note.signed, standing.draft, standing.unsaved, standing.risk
