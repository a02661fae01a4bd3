"""Destroying a file: fifty words wherever a text can stand, the register, the hold, and what lies outside."""

import json
import logging
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from notekeeper.domain.backup import BackupReason
from notekeeper.domain.client_file import FrontSheet
from notekeeper.domain.destruction import PARTS, DestructionReason, Grounds
from notekeeper.domain.entry import EntryKind
from notekeeper.domain.identity import Identity
from notekeeper.domain.note import Client, NotePart
from notekeeper.domain.retention import RetentionPolicy
from notekeeper.domain.review import OwnTheme, OwnView
from notekeeper.domain.risk import RiskEntry, RiskState
from notekeeper.domain.text import Frozen
from notekeeper.domain.vault import Vault
from notekeeper.errors import ChainBrokenError, UsageError, VaultError
from notekeeper.services.backups import back_up_if_due
from notekeeper.services.destroying import destroy, what_will_go
from tests.lines import Tally
from tests.vault.invented import (
    DAY,
    SIGNER,
    Sealed,
    add_client,
    add_note,
    agree,
    decisions,
    drafted,
    sign_without_ai,
)

GROUNDS = Grounds(reason=DestructionReason.CLIENT_ASKED, policy=RetentionPolicy())
LEAST = 50


class Anything(Frozen):
    """The body of an entry of whatever kind."""

    words: str


def invented() -> Iterator[str]:
    """Words that are in no language, each unlike the others at both ends."""
    chance, seen = random.Random(20), set()
    while True:
        word = "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(6))
        if word[:3] not in seen and word[-6:] not in seen:
            seen |= {word[:3], word[-6:]}
            yield word


class Words:
    """Each asked for once, and all of them to be looked for."""

    def __init__(self) -> None:
        self._more, self.all = invented(), list[str]()

    def __call__(self) -> str:
        self.all.append(next(self._more))
        return self.all[-1]


def fill(vault: Vault, code: str) -> tuple[Client, list[str]]:
    """A client with an own word in every place where a text of any kind can stand; the words."""
    w = Words()
    client, other = add_client(vault, code), add_client(vault, f"{code}-other")
    signed = add_note(vault, client, f"{w()} was said " * 200)
    vault.notes.save(signed.id, f"{w()} and {w()} stay as the newest")
    vault.notes.save(signed.id, f"{w()} in process notes", NotePart.PROCESS)
    vault.notes.save(signed.id, f"{w()} in the newest process notes", NotePart.PROCESS)
    sign_without_ai(vault, signed, label=f"{w()} theme")
    risk = RiskEntry(state=RiskState.NOT_ASKED, words=w(), action=w(), safeguarding=w())
    vault.addenda.add(signed.id, f"{w()} was added", SIGNER, risk)
    model = w()
    opened, draft_id = drafted(vault, client, f"{w()} again", word=model)
    vault.reviews.decide(draft_id, decisions(f"{w()} edit")[0])
    vault.reviews.set_own(opened.id, OwnView(focus=f"{w()} own", themes=(OwnTheme(label=w()),)))
    vault.reviews.set_risk(opened.id, RiskEntry(state=RiskState.NOT_RECORDED, words=w(), action=w(), safeguarding=w()))
    vault.notes.autosave(opened.id, f"{w()} typing")
    vault.notes.autosave(opened.id, f"{w()} typing", NotePart.PROCESS)
    with_old_draft, old = drafted(vault, client, f"{w()} once more", word=w())
    vault.reviews.decide(old, decisions(f"{w()} edit")[0])
    revision = vault.notes.save(with_old_draft.id, f"{w()} anew")
    assert revision.number == len(("first", "second"))
    moved = add_note(vault, client, f"{w()} belonged elsewhere")
    vault.notes.move(moved.id, other.id)
    vault.clients.erase(other.id)
    _sheets(vault, client, w)
    vault.follow_ups.add(client.id, f"ring about {w()}", DAY, opened.id)
    vault.jottings.keep(f"{client.id}.follow-up", client.id, f"{w()} begun")
    vault.jottings.keep(f"{client.id}.ai-use", client.id, f"{w()} begun")
    agree(vault, client)
    entries = {kind: vault.entries.add(client.id, kind, Anything(words=w())) for kind in EntryKind}
    vault.entries.add(client.id, EntryKind.HOLD_LIFTED, Anything(words=w()), entries[EntryKind.HOLD].id)
    vault.log.event("report.written", client.id, w().encode(), client.id)
    return client, w.all


def _sheets(vault: Vault, client: Client, w: Words) -> None:
    for _ in range(2):
        sheet = FrontSheet(emergency_contact=w(), gp=w(), safety_plan=w(), contract=w(), breaks=w(), lawful_basis=w())
        vault.front_sheets.save(client.id, sheet)
    for _ in range(2):
        names = {"name": w(), "other_names": w(), "address": w(), "phone": w(), "email": w(), "health_number": w()}
        vault.identities.save(client.id, Identity(**names, born=date(1987, 3, 4)))


@pytest.mark.line(20)
def test_no_word_of_a_destroyed_file_is_anywhere_and_the_rest_is_whole(
    sealed: Sealed, tally: Tally, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    vault = sealed.open()
    client, words = fill(vault, "GONECODE")
    assert len(set(words)) >= LEAST
    staying = add_client(vault, "STAYS")
    add_note(vault, staying, "keptword stays")
    vault.backups.make(BackupReason.DAILY)
    before = Sealed(vault.backups.all()[0].path, sealed.recovery_key).pages()
    # What was overwritten in place (an identity, a jotting) or destroyed before is gone already; the rest must be
    # there, or not finding it afterwards says nothing.
    assert sum(word.encode() in before for word in words) >= LEAST
    assert vault.search(words[1])

    holdings = vault.destructions.holdings(client.id)
    done = vault.destructions.destroy(client.id, GROUNDS, SIGNER)
    assert done.body.counts == holdings.counts
    assert set(holdings.counts) == set(PARTS)
    assert all(holdings.counts.values()), holdings.counts
    assert (done.body.exports, len(holdings.backups), holdings.held) == (1, 1, False)
    assert vault.search(words[1]) == []
    assert len(vault.search("keptword")) == 1

    sought = [*words, "GONECODE"]
    pages = sealed.pages().lower()
    assert b"keptword" in pages
    left = {word for word in sought if word.lower().encode() in pages}
    left |= {word for word in words if word[-7:].encode() in pages}  # the index cuts shared beginnings off
    wal = sealed.path / "vault.db-wal"
    assert not wal.exists() or wal.stat().st_size == 0
    for name, content in sealed.files().items():
        left |= {word for word in sought if word.encode() in content}
        assert name.startswith(("backups/", "vault.db", "header", "lock"))
    printed = "".join(capfd.readouterr()) + caplog.text
    left |= {word for word in sought if word in printed}
    assert vault.verify().problems == ()
    back = back_up_if_due(vault).made
    assert back is not None
    assert [b.path for b in vault.backups.all()] == [back.path]
    vault.close()

    db = sealed.independent()
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    dump = json.dumps([list(map(str, row)) for name in names for row in db.execute(f"SELECT * FROM {name}")]).lower()  # noqa: S608 (names of our own tables)
    db.close()
    assert "keptword" in dump
    left |= {word for word in sought if word.lower() in dump}
    left |= {word for word in sought if word.lower().encode() in Sealed(back.path, sealed.recovery_key).pages().lower()}
    tally.add(len(sought), len(sought) - len(left))
    assert left == set()


def test_every_table_with_something_of_a_client_is_emptied(sealed: Sealed) -> None:
    """A table that is new fails here until its rows go with the client, or it is said why they stay."""
    from notekeeper.vault.erase import _TABLES

    sealed.open().close()
    db = sealed.sqlcipher()
    names = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    columns = {name: {row[1] for row in db.execute(f"PRAGMA table_info({name})")} for name in names}
    db.close()
    indexes = {name for name in names if name.startswith(("word_index", "addendum_index"))}
    index_like = {name for name in names - indexes if name.endswith(("_data", "_docsize", "_config", "_idx"))}
    assert {name.rpartition("_")[0] for name in index_like} <= names
    of_clients = {name for name, has in columns.items() if "client_id" in has}
    assert of_clients - set(_TABLES) == {"erasure", "destruction"}
    assert set(_TABLES) <= of_clients
    # The log and the keys name a client as owner, and the client's own row is called id.
    without = names - of_clients - indexes - index_like - {name.rpartition("_")[0] for name in index_like}
    assert without <= {"log_entry", "commitment_key", "setting", "client", "sqlite_sequence", "sqlite_stat1"}


def test_a_file_on_hold_cannot_be_destroyed_by_any_way(vault: Vault) -> None:
    client = add_client(vault)
    add_note(vault, client, "okapi")
    held = [vault.entries.add(client.id, EntryKind.HOLD, Anything(words="letter")) for _ in range(2)]
    for lifted in held:
        head = vault.log.head()
        assert vault.destructions.holdings(client.id).held
        for attempt in (
            lambda: vault.destructions.destroy(client.id, GROUNDS, SIGNER),
            lambda: vault.clients.erase(client.id),
        ):
            with pytest.raises(UsageError, match="legal hold"):
                attempt()
        assert (vault.log.head(), len(vault.search("okapi"))) == (head, 1)
        vault.entries.add(client.id, EntryKind.HOLD_LIFTED, Anything(words="settled"), lifted.id)
    vault.destructions.destroy(client.id, GROUNDS, SIGNER)
    assert vault.clients.all() == []


def test_nothing_is_taken_from_the_identity_of_a_file_on_hold(vault: Vault) -> None:
    client = add_client(vault)
    vault.identities.save(client.id, Identity(name="Ann Invented", born=date(1987, 3, 4)))
    held = vault.entries.add(client.id, EntryKind.HOLD, Anything(words="letter"))
    for less in (Identity(), Identity(name="Ann Invented"), Identity(name="Ben", born=date(1987, 3, 4))):
        with pytest.raises(UsageError, match="legal hold"):
            vault.identities.save(client.id, less)
    more = Identity(name="Ann Invented, born Made-Up", born=date(1987, 3, 4), phone="0")
    vault.identities.save(client.id, more)
    assert vault.identities.of(client.id) == more
    vault.entries.add(client.id, EntryKind.HOLD_LIFTED, Anything(words="settled"), held.id)
    vault.identities.save(client.id, Identity())
    assert vault.identities.of(client.id) == Identity()


def test_the_register_keeps_who_when_and_why_and_cannot_be_altered(sealed: Sealed) -> None:
    vault = sealed.open()
    client = add_client(vault)
    head, entries = vault.log.head(), len(vault.log.entries())
    done = vault.destructions.destroy(client.id, GROUNDS, SIGNER)
    assert (done.body.log_head, done.body.log_entries, done.log_head_after) == (head, entries, vault.log.head())
    assert [entry.event for entry in vault.log.entries()][-2:] == ["client.erased", "client.destroyed"]
    (kept,) = vault.destructions.all()
    assert (kept.id, kept.at, kept.body) == (done.id, done.at, done.body)
    assert kept.body.by == SIGNER
    with pytest.raises(UsageError):
        vault.destructions.destroy(client.id, GROUNDS, SIGNER)
    with pytest.raises(UsageError):
        vault.destructions.holdings(client.id)
    vault.close()
    db = sealed.sqlcipher()
    for forged in ("UPDATE destruction SET at = '2020'", "DELETE FROM destruction"):
        with pytest.raises(Exception, match="append-only"):
            db.execute(forged)
    db.execute("DROP TRIGGER destruction_update")
    db.execute("UPDATE destruction SET body = replace(body, 'client_asked', 'other')")
    db.close()
    vault = sealed.open()
    with pytest.raises(ChainBrokenError):
        vault.destructions.all()
    assert any("register of a destroyed file" in problem for problem in vault.verify().problems)
    vault.close()


def test_a_destruction_that_fails_destroys_nothing(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    client = add_client(vault)
    add_note(vault, client, "okapi")
    append = type(vault.log).append  # type: ignore[attr-defined]

    def fail(log: object, event: str, *more: object) -> None:
        if event == "client.destroyed":
            raise VaultError
        append(log, event, *more)

    head = vault.log.head()
    with monkeypatch.context() as patch:
        patch.setattr("notekeeper.vault.log.SqlLog.append", fail)
        with pytest.raises(VaultError):
            vault.destructions.destroy(client.id, GROUNDS, SIGNER)
    assert (vault.log.head(), len(vault.search("okapi")), vault.destructions.all()) == (head, 1, [])
    assert vault.verify().problems == ()


def test_backups_that_hold_the_client_are_named_in_both_folders_and_no_others(vault: Vault, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    vault.backups.make(BackupReason.BY_HAND)
    client = add_client(vault)
    vault.backups.set_second_folder(stick)
    made = vault.backups.make(BackupReason.DAILY)
    held = vault.destructions.holdings(client.id).backups
    assert {(each.path.name, each.second) for each in held} == {
        (made.backup.path.name, False),
        (made.backup.path.name, True),
    }
    assert not vault.destructions.holdings(client.id).away
    assert vault.destructions.holdings(client.id).aside == ()
    stick.rename(tmp_path / "carried away")
    without = vault.destructions.holdings(client.id)
    assert (without.away, len(without.backups)) == (True, 1)


def test_vaults_that_a_restore_or_a_rescue_left_are_named_before_and_on_the_certificate(
    sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setattr(Path, "home", lambda: home)
    name = sealed.path.name.removesuffix(".vault")
    left = [
        sealed.path.with_name(f"{name}.replaced-20260304-120000.vault"),
        sealed.path.with_name(f"{name}.rescued-20260305-120000.vault"),
        home / f"{name}.rescued-20260306-120000.vault",
    ]
    for folder in (*left, sealed.path.with_name("another.replaced-20260304-120000.vault")):
        folder.mkdir(parents=True)
    vault = sealed.open()
    client = add_client(vault)
    vault.set_signer(SIGNER)
    said = "\n".join(what_will_go(vault, client)[1])
    made = destroy(vault, client, "C014", DestructionReason.CLIENT_ASKED, today=DAY)
    for folder in left:
        assert str(folder.resolve()) in said
        assert str(folder.resolve()) in made.text
    assert json.loads(made.data)["left_beside"] == sorted(str(folder.resolve()) for folder in left)
    assert "another" not in said
    vault.close()
