"""Addenda stand beneath what was signed, for good; they are searched, verified and erased. Jottings leave nothing."""

from pathlib import Path

import pytest

from notekeeper.domain.note import NotePart
from notekeeper.domain.review import Choice, Decision, Destination
from notekeeper.domain.vault import Vault
from notekeeper.errors import ChainBrokenError, NotReadyError, UsageError, VaultError
from notekeeper.services.addenda import add_addendum, begun, keep_begun
from notekeeper.vault import create, migrations
from tests.vault.invented import (
    AT,
    PASSPHRASE,
    SIGNER,
    Sealed,
    add_client,
    add_note,
    as_earlier,
    drafted,
    sign_without_ai,
)
from tests.vault.test_verify import entries_named, report_after


def test_addenda_stand_beneath_the_note_in_order(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    note = add_note(vault, client, "as it was signed")
    sign_without_ai(vault, note)
    first = vault.addenda.add(note.id, "She rang on Friday.", SIGNER)
    second = vault.addenda.add(note.id, "The date was the 4th.", SIGNER)
    vault.close()
    vault = sealed.open()
    assert vault.addenda.of_note(note.id) == [first, second]
    assert [first.number, second.number] == [1, 2]
    latest = vault.notes.latest(note.id)
    assert latest is not None
    assert latest.text == "as it was signed"
    assert vault.verify().problems == ()
    vault.close()


def test_only_a_signed_note_of_this_vault_takes_one(vault: Vault) -> None:
    note = add_note(vault, add_client(vault), "open")
    for unfit in (note.id, "ab" * 16):
        with pytest.raises(UsageError):
            vault.addenda.add(unfit, "too early", SIGNER)
    assert vault.addenda.of_note(note.id) == []


def test_the_service_needs_words_and_a_name(vault: Vault) -> None:
    client = add_client(vault)
    note = add_note(vault, client, "text")
    sign_without_ai(vault, note)
    with pytest.raises(NotReadyError):
        add_addendum(vault, client, note, "no name given yet")
    vault.set_signer(SIGNER)
    with pytest.raises(UsageError):
        add_addendum(vault, client, note, " \n")
    assert add_addendum(vault, client, note, "now").signer == SIGNER


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE addendum SET text = 'other'",
        "DELETE FROM addendum",
        "INSERT OR REPLACE INTO addendum SELECT * FROM addendum",
    ],
)
def test_an_addendum_cannot_be_changed(sealed: Sealed, statement: str) -> None:
    vault = sealed.open()
    note = add_note(vault, add_client(vault), "text")
    sign_without_ai(vault, note)
    vault.addenda.add(note.id, "added", SIGNER)
    vault.close()
    db = sealed.sqlcipher()
    with pytest.raises(Exception, match="append-only"):
        db.execute(statement)
    db.close()


@pytest.mark.parametrize("statement", ["UPDATE addendum SET text = 'forged'", "DELETE FROM addendum"])
def test_an_altered_or_missing_addendum_is_found(sealed: Sealed, statement: str) -> None:
    vault = sealed.open()
    note = add_note(vault, add_client(vault), "text")
    sign_without_ai(vault, note)
    vault.addenda.add(note.id, "added", SIGNER)
    number = next(entry.number for entry in vault.log.entries() if entry.event == "addendum.added")
    vault.close()
    report = report_after(sealed, lambda db: db.execute(statement))
    assert number in entries_named(report)
    assert "addendum" in " ".join(report.problems)
    assert "forged" not in " ".join(report.problems)
    if "UPDATE" in statement:
        vault = sealed.open()
        with pytest.raises(ChainBrokenError):
            vault.addenda.of_note(note.id)
        vault.close()


def test_words_of_an_addendum_are_found_and_of_an_erased_one_gone(sealed: Sealed) -> None:
    vault = sealed.open()
    staying, going = add_client(vault), add_client(vault, "C015")
    for client, word in ((staying, "zebraword"), (going, "quaggaword")):
        note = add_note(vault, client, "plain text")
        sign_without_ai(vault, note)
        vault.addenda.add(note.id, f"a later {word}", SIGNER)
        vault.jottings.keep(client.id, client.id, f"asking {word}")
    hits = vault.search("quaggaword")
    assert [(h.client_code, h.part) for h in hits] == [("C015", NotePart.RECORD)]
    assert vault.search("later", staying.id)[0].client_code == "C014"
    vault.clients.erase(going.id)
    assert vault.search("quaggaword") == []
    assert vault.verify().problems == ()
    vault.close()
    pages = sealed.pages()
    assert b"zebraword" in pages
    assert b"quaggaword" not in pages


def test_typing_for_an_addendum_is_kept_until_it_is_added(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    note = add_note(vault, client, "text")
    sign_without_ai(vault, note)
    vault.set_signer(SIGNER)
    entries = len(vault.log.entries())
    keep_begun(vault, note, "half a sen")
    keep_begun(vault, note, "half a sentence")
    assert len(vault.log.entries()) == entries
    vault.close()
    vault = sealed.open()
    assert begun(vault, note) == "half a sentence"
    add_addendum(vault, client, note, "a whole sentence")
    assert begun(vault, note) == "half a sentence"
    add_addendum(vault, client, note, "half a sentence")
    assert begun(vault, note) == ""
    vault.jottings.keep(client.id, client.id, "question")
    vault.jottings.keep(client.id, client.id, "")
    assert vault.jottings.of(client.id) == ""
    with pytest.raises(UsageError):
        vault.jottings.keep("x", "ab" * 16, "whose?")
    vault.close()


def test_a_vault_made_before_addenda_takes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "STEPS", migrations.STEPS[:2])
        opened, recovery_key = create(tmp_path / "old.vault", PASSPHRASE)
        as_earlier(opened, earlier)
        note = add_note(opened, add_client(opened), "from before")
        sign_without_ai(opened, note)
        with pytest.raises(VaultError):
            opened.addenda.add(note.id, "too early", SIGNER)
        opened.close()
    vault = Sealed(tmp_path / "old.vault", recovery_key).open()
    vault.addenda.add(note.id, "after the upgrade", SIGNER)
    assert len(vault.search("upgrade")) == len(vault.search("before")) == 1
    assert vault.verify().problems == ()
    vault.close()


def test_a_decision_taken_back_leaves_the_item_open(vault: Vault) -> None:
    note, draft_id = drafted(vault, add_client(vault), "She waited.")
    vault.reviews.decide(draft_id, Decision(item="T1", choice=Choice.ACCEPTED, at=AT))
    vault.reviews.decide(draft_id, Decision(item="T1", choice=Choice.REOPENED, at=AT))
    assert vault.reviews.decisions(draft_id)["T1"].choice is Choice.REOPENED
    for unfit in ({"destination": Destination.RECORD}, {"text": "words"}):
        with pytest.raises(UsageError):
            vault.reviews.decide(
                draft_id, Decision.model_validate({"item": "T1", "choice": "reopened", "at": AT, **unfit})
            )
    assert not vault.notes.by_number(note.client_id, note.number).signed
    assert vault.verify().problems == ()
