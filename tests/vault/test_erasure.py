"""Erasing a client: nothing of theirs is left in any page or file, everyone else's record is whole, the chain holds."""

import json
from pathlib import Path

import pytest

from notekeeper.domain.backup import BackupReason
from notekeeper.domain.note import NotePart
from notekeeper.domain.review import OwnTheme, OwnView
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError, VaultError
from notekeeper.services.backups import back_up_if_due
from notekeeper.vault import restoring
from tests.lines import Tally
from tests.vault.invented import (
    Sealed,
    add_client,
    add_note,
    decisions,
    drafted,
    sign_without_ai,
)

CANARIES = ["okapiword", "quaggaword", "zebraword", "tapirword", "lemurword", "gibbonword", "civetword", "CANARYCODE"]


def fill(vault: Vault, code: str, words: list[str]) -> str:
    """A client with every kind of row, whose words are the canaries; the client's id."""
    client = add_client(vault, code)
    signed = add_note(vault, client, f"{words[0]} was said " * 300)
    vault.notes.save(signed.id, f"{words[1]} stays as the newest")
    vault.notes.save(signed.id, f"{words[2]} in process notes", NotePart.PROCESS)
    sign_without_ai(vault, signed, label=f"{words[3]} theme")
    opened, draft_id = drafted(vault, client, f"{words[0]} again", word=words[4])
    vault.reviews.decide(draft_id, decisions(f"{words[5]} edit")[0])
    vault.reviews.set_own(opened.id, OwnView(focus=f"{words[5]} own", themes=(OwnTheme(label="t"),)))
    vault.reviews.set_risk(opened.id, RiskEntry(state=RiskState.NOT_RECORDED, words=f"{words[6]} risk"))
    vault.notes.autosave(opened.id, f"{words[6]} typing")
    vault.log.event("report.exported", "ab" * 32, f"{words[6]} report".encode(), client.id)
    return client.id


@pytest.mark.line(20)
def test_nothing_of_an_erased_client_is_left_and_the_rest_is_whole(sealed: Sealed) -> None:
    vault = sealed.open()
    staying = fill(vault, "STAYS", [f"kept{n}word" for n in range(7)])
    going = fill(vault, CANARIES[7], CANARIES)
    before = [(e.number, e.hash) for e in vault.log.entries()]
    assert vault.search(CANARIES[1])
    vault.clients.erase(going)

    report = vault.verify()
    assert report.problems == ()
    assert [(e.number, e.hash) for e in vault.log.entries()][:-1] == before
    last = vault.log.entries()[-1]
    assert (last.event, last.subject, last.commitment) == ("client.erased", going, "")
    assert [c.id for c in vault.clients.all()] == [staying]
    assert vault.search(CANARIES[1]) == []
    assert len(vault.search("kept1word")) == 1
    # While the program still has the vault open: no word in any page, nor readable in any file.
    for name, content in sealed.files().items():
        assert not [word for word in CANARIES if word.encode() in content], name
    pages = sealed.pages()
    assert b"kept0word" in pages
    assert not [word for word in CANARIES if word.encode().lower() in pages.lower()]
    # The index keeps tokens with shared beginnings cut off, so their ends are looked for as well.
    assert not [word for word in CANARIES[:7] if word.encode()[2:] in pages.replace(b"kept", b"")]
    vault.close()

    other = sealed.independent()
    dump = json.dumps(
        [list(map(str, row)) for table in tables(other) for row in other.execute("SELECT * FROM " + table)]  # noqa: S608 (names of our own tables)
    )
    other.close()
    assert "kept0word" in dump
    assert not [word for word in CANARIES if word.lower() in dump.lower()]
    assert dump.count(going) > 1
    assert sealed.open().verify().problems == ()


def tables(db: object) -> list[str]:
    names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")  # type: ignore[attr-defined]
    return [row[0] for row in names]


def test_an_erased_client_is_unknown_and_their_code_may_be_used_again(vault: Vault) -> None:
    client = add_client(vault)
    note = add_note(vault, client, "text")
    vault.clients.erase(client.id)
    for attempt in (
        lambda: vault.clients.erase(client.id),
        lambda: vault.clients.by_code("C014"),
        lambda: vault.notes.save(note.id, "text"),
        lambda: vault.log.event("report.exported", "", b"bytes", client.id),
    ):
        with pytest.raises(UsageError):
            attempt()
    again = add_client(vault)
    assert again.id != client.id
    assert add_note(vault, again).number == 1
    assert vault.verify().problems == ()


def test_an_erasure_that_fails_erases_nothing(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = sealed.open()
    client = fill(vault, "C014", CANARIES)
    head = vault.log.head()

    def fail(*_: object) -> None:
        raise VaultError

    with monkeypatch.context() as patch:
        patch.setattr("notekeeper.vault.log.SqlLog.append", fail)
        with pytest.raises(VaultError):
            vault.clients.erase(client)
    assert vault.log.head() == head
    assert len(vault.notes.of_client(client)) == 2
    assert vault.search(CANARIES[1])
    assert vault.verify().problems == ()
    vault.close()


@pytest.mark.line(20)
def test_copies_made_before_an_upgrade_go_with_the_client(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    copy = sealed.path / "backups" / "before-form-1"
    copy.mkdir()
    (copy / "vault.db").write_bytes(b"an older copy")
    vault.clients.erase(client.id)
    assert list((sealed.path / "backups").iterdir()) == []
    vault.close()


@pytest.mark.line(20)
def test_no_backup_made_after_an_erasure_holds_a_word_and_those_before_are_gone(
    sealed: Sealed, tmp_path: Path, tally: Tally
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    vault = sealed.open()
    fill(vault, "STAYS", [f"kept{n}word" for n in range(7)])
    going = fill(vault, CANARIES[7], CANARIES)
    vault.backups.set_second_folder(stick)
    old = [vault.backups.make(reason).backup for reason in BackupReason]
    assert all(word.encode() in Sealed(old[0].path, sealed.recovery_key).pages() for word in CANARIES[:3])
    vault.clients.erase(going)
    made = back_up_if_due(vault).made
    assert made is not None
    folders = [made.path, stick / made.path.name]
    assert [p for place in (sealed.path / "backups", stick) for p in place.iterdir()] == folders
    for folder in folders:
        copy = Sealed(folder, sealed.recovery_key)
        pages = copy.pages().lower()
        assert b"kept0word" in pages
        found = [word for word in CANARIES if word.lower().encode() in pages]
        ends = [word for word in CANARIES[:7] if word.encode()[2:] in pages.replace(b"kept", b"")]
        db = copy.independent()
        rows = [list(map(str, row)) for table in tables(db) for row in db.execute("SELECT * FROM " + table)]  # noqa: S608 (names of our own tables)
        db.close()
        dumped = [word for word in CANARIES if word.lower() in json.dumps(rows).lower()]
        tally.add(len(CANARIES), len(CANARIES) - len({*found, *ends, *dumped}))
        assert (found, ends, dumped) == ([], [], [])
        assert restoring.drill(folder, restoring.by_recovery_key(sealed.recovery_key)).problems == ()
    assert vault.verify().problems == ()
    vault.close()
