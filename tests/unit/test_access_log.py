"""The log of access, and the log in plain words: nothing opened goes unwritten, and no word of it is in there."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from notekeeper.domain.vault import Vault
from notekeeper.errors import UsageError, VaultWriteError, WrongPassphraseError
from notekeeper.services import access_log
from notekeeper.services.finding import find
from notekeeper.services.front_sheet import open_file
from notekeeper.services.log_words import ACCESS, WIDEST, WORDS, log_lines, words_for
from notekeeper.services.signing import signed_note
from notekeeper.services.writing import Typing
from notekeeper.vault import unlock
from notekeeper.vault.log import OWN_EVENTS
from tests.vault.conftest import first, sealed, vault
from tests.vault.invented import PASSPHRASE, Sealed, add_client, add_note, sign_without_ai

__all__ = ["first", "sealed", "vault"]
SOURCES = Path(access_log.__file__).parents[1]


def access_of(vault: Vault) -> list[str]:
    return [entry.event for entry in vault.log.entries() if entry.event in ACCESS]


def test_every_event_has_words_and_no_words_are_of_an_event_that_is_not_there() -> None:
    written: set[str] = set()
    for path in SOURCES.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        names = dict(re.findall(r"^([A-Z_]+) = \"([a-z_.]+)\"$", text, flags=re.MULTILINE))
        for given in re.findall(r"(?:log\.event\(|_once\(vault,)\s*([\"A-Z][A-Za-z_.\"]+)", text):
            written.add(given.strip('"') if given.startswith('"') else names[given])
    assert {"report.written", "search.made", "vault.opened", "identity.shown"} <= written
    assert {*OWN_EVENTS, *written} - {*WORDS} == set()
    assert {*WORDS} - {*OWN_EVENTS, *written} == set()
    assert written >= ACCESS
    assert len(set(WORDS.values())) == len(WORDS)
    assert all(len(words) <= WIDEST for words in (*WORDS.values(), words_for("unlock.failed", 50)))


def test_what_is_opened_is_written_once_in_a_sitting_and_again_later(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [1000.0]
    monkeypatch.setattr(access_log, "clock", lambda: at[0])
    client = add_client(vault)
    note = add_note(vault, client, "He found the secretword.")
    sign_without_ai(vault, note)
    for _ in range(3):
        open_file(vault, client)
        find(vault, "secretword", client)
        find(vault, "secretword")
        signed_note(vault, note)
        at[0] += access_log.AGAIN_AFTER_S / 4
    entries = [entry for entry in vault.log.entries() if entry.event in ACCESS]
    assert [(entry.event, entry.subject, entry.client_id) for entry in entries] == [
        ("client.opened", client.id, client.id),
        ("search.made", client.id, client.id),
        ("search.made", "", ""),
        ("note.opened", note.id, client.id),
    ]
    assert all(entry.commitment == "" for entry in entries)
    at[0] += access_log.AGAIN_AFTER_S
    open_file(vault, client)
    assert access_of(vault)[4:] == ["client.opened"]
    assert vault.verify().problems == ()


def test_a_note_that_is_written_was_opened(vault: Vault) -> None:
    Typing(vault, add_note(vault, add_client(vault)))
    assert access_of(vault) == ["note.opened"]


def test_another_vault_is_another_sitting(sealed: Sealed) -> None:
    for _ in range(2):
        vault = sealed.open()
        client = vault.clients.all()[0] if vault.clients.all() else add_client(vault)
        access_log.vault_opened(vault)
        open_file(vault, client)
        access_log.vault_locked(vault)
        vault.close()
    vault = sealed.open()
    assert access_of(vault) == ["vault.opened", "client.opened", "vault.locked"] * 2
    vault.close()


def test_a_disk_that_cannot_be_written_keeps_no_safety_plan_from_being_read(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = add_client(vault)

    def full(*_: object, **__: object) -> None:
        raise VaultWriteError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(vault.log, "event", full)
        access_log.vault_opened(vault)
        assert open_file(vault, client).client == client
        access_log.vault_locked(vault)
    assert access_of(vault) == []
    open_file(vault, client)
    assert access_of(vault) == ["client.opened"]


def test_wrong_tries_are_written_with_the_next_right_one(sealed: Sealed) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassphraseError):
            unlock(sealed.path, "not the passphrase at all")
    attempts = json.loads((sealed.path / "attempts").read_text())
    (sealed.path / "attempts").write_text(json.dumps({**attempts, "at": 0}))  # so that none has to wait
    vault = sealed.open()
    access_log.vault_opened(vault)
    access_log.vault_locked(vault)
    vault.close()
    vault = unlock(sealed.path, PASSPHRASE)
    access_log.vault_opened(vault)
    shown = [(line.event, line.count) for line in log_lines(vault)]
    assert shown == [
        ("vault.created", 1),
        ("unlock.failed", 3),
        ("vault.opened", 1),
        ("vault.locked", 1),
        ("vault.opened", 1),
    ]
    assert log_lines(vault)[1].words == words_for("unlock.failed", 3)
    assert "3 wrong tries" in log_lines(vault)[1].words
    assert [entry.event for entry in vault.log.entries()].count("unlock.failed") == 3
    assert vault.verify().problems == ()
    vault.close()


def test_more_wrong_tries_than_fifty_are_fifty_entries(sealed: Sealed) -> None:
    (sealed.path / "attempts").write_text('{"at": 0, "count": 70000}\n')
    vault = sealed.open()
    assert [entry.event for entry in vault.log.entries()].count("unlock.failed") == 50
    vault.close()


def test_the_log_is_shown_by_client_event_and_day(vault: Vault) -> None:
    one, other = add_client(vault), add_client(vault, "D100")
    note = add_note(vault, one, "text")
    access_log.note_opened(vault, note)
    access_log.client_opened(vault, other)
    lines = log_lines(vault, one)
    assert [(line.event, line.of) for line in lines] == [
        ("client.added", "C014"),
        ("note.added", "C014/1"),
        ("revision.saved", "C014"),
        ("note.opened", "C014/1"),
    ]
    assert [line.of for line in log_lines(vault, event="client.opened")] == ["D100"]
    today = {line.at.astimezone().date() for line in log_lines(vault)}
    assert len(log_lines(vault, start=min(today), end=max(today))) == len(vault.log.entries())
    assert log_lines(vault, start=max(today) + timedelta(days=1)) == []
    assert log_lines(vault, end=date(2001, 1, 1)) == []
    with pytest.raises(UsageError, match=r"note\.signed"):
        log_lines(vault, event="note.read")
    vault.clients.erase(other.id)
    assert {line.of for line in log_lines(vault, event="client.opened")} == {"erased"}
