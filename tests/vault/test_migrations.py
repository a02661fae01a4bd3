"""Coming to a newer form: a copy first, all or nothing, once."""

from pathlib import Path

import pytest

from notekeeper.errors import VaultError
from notekeeper.vault import change_passphrase, migrations, unlock
from tests.vault.invented import PASSPHRASE, Sealed, add_client, add_note

STEP = "CREATE TABLE later (word TEXT) STRICT;\nINSERT INTO later VALUES ('a;b');\n"


def a_later_program(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, "9999_later.sql"))
    monkeypatch.setattr(migrations, "_script", lambda _: script)


def test_an_upgrade_makes_a_copy_that_opens_and_happens_once(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = sealed.open()
    add_note(vault, add_client(vault), "kept")
    vault.close()
    old = (sealed.path / "vault.db").read_bytes()
    a_later_program(monkeypatch, STEP)
    for _ in range(2):
        vault = sealed.open()
        assert [e.event for e in vault.log.entries()].count("vault.migrated") == 1
        assert vault.verify().problems == ()
        assert len(vault.search("kept")) == 1
        vault.close()
    copy = sealed.path / "backups" / f"before-form-{len(migrations.STEPS)}"
    assert (copy / "vault.db").read_bytes() == old
    monkeypatch.undo()
    vault = Sealed(copy, sealed.recovery_key).open()
    assert len(vault.search("kept")) == 1
    vault.close()


def test_an_upgrade_that_fails_leaves_the_vault_as_it_was(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sealed.files()
    with monkeypatch.context() as patch:
        a_later_program(patch, f"{STEP}NO SUCH STATEMENT;\n")
        with pytest.raises(VaultError):
            sealed.open()
    after = sealed.files()
    assert {name: after[name] for name in before} == before
    vault = sealed.open()
    assert vault.verify().problems == ()
    vault.close()
    a_later_program(monkeypatch, STEP)
    sealed.open().close()


def test_a_passphrase_change_that_cannot_be_written_leaves_the_old_one(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(VaultError):
            change_passphrase(sealed.path, PASSPHRASE, "copper harbour seventeen thistles")
    vault = unlock(sealed.path, PASSPHRASE)
    assert vault.verify().problems == ()
    vault.close()
