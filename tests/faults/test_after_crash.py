"""What faults had shown once: each a way in which a vault that was whole was refused, or one that was not was taken."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from notekeeper.errors import VaultDamagedError, VaultWriteError
from notekeeper.vault import opened
from tests.vault.conftest import first, sealed
from tests.vault.invented import PAGE, Sealed, add_client, add_note

__all__ = ["first", "sealed"]


@pytest.fixture
def crashed(sealed: Sealed, tmp_path: Path) -> Sealed:
    """A vault whose write-ahead log holds every page anew."""
    vault = sealed.open()
    add_note(vault, add_client(vault), "kept " * 2000)
    copy = Sealed(tmp_path / "crashed.vault", sealed.recovery_key)
    shutil.copytree(sealed.path, copy.path)
    vault.close()
    return copy


def is_whole(sealed: Sealed) -> None:
    vault = sealed.open()
    assert vault.verify().problems == ()
    assert len(vault.search("kept")) == 1
    vault.close()


@pytest.mark.line(1)
def test_a_page_half_written_when_the_log_was_folded_in_is_no_damage(crashed: Sealed) -> None:
    """`verify` read the file without the log, and called a page damaged that the log had whole."""
    database = crashed.path / "vault.db"
    content = database.read_bytes()
    database.write_bytes(content[: PAGE + 2000] + bytes(PAGE - 2000) + content[2 * PAGE :])
    is_whole(crashed)


@pytest.mark.line(1)
def test_half_a_page_at_the_end_beside_a_log_is_no_damage(crashed: Sealed) -> None:
    """A file of no whole number of pages was refused, though the log had that page whole."""
    with (crashed.path / "vault.db").open("ab") as file:
        file.write(bytes(PAGE // 2))
    is_whole(crashed)


@pytest.mark.line(1)
def test_pages_of_two_days_that_pass_the_checks_of_pages_do_not_pass_the_chain(sealed: Sealed) -> None:
    """Raw SQL stands for a page of another day: every page is sound, and an entry of the log is not what it was."""
    vault = sealed.open()
    add_note(vault, add_client(vault), "kept")
    vault.close()
    raw = sealed.sqlcipher()
    raw.execute("PRAGMA journal_mode = WAL").fetchall()
    raw.execute("DROP TRIGGER log_update")
    raw.execute("UPDATE log_entry SET at = '2026-01-01T00:00:00+00:00' WHERE number = 2")
    spoiled = {name: (sealed.path / name).read_bytes() for name in ("vault.db", "vault.db-wal")}
    raw.close()
    for name, content in spoiled.items():
        (sealed.path / name).write_bytes(content)
    before = sealed.files()
    with pytest.raises(VaultDamagedError, match="same day"):
        sealed.open()
    assert sealed.files() == before


@pytest.mark.line(12)
@pytest.mark.parametrize("name", ["header", "vault.db"])
def test_a_file_that_the_disk_does_not_give_is_not_called_damaged(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A header that could not be read was called damaged; a database that could not was no sentence at all."""
    opening = Path.open

    def fail(path: Path, *args: Any, **more: Any) -> Any:
        if path.name == name:
            raise OSError(5, "Input/output error")
        return opening(path, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", fail)
        with pytest.raises(VaultWriteError, match="cannot be read"):
            sealed.open()
    sealed.open().close()


@pytest.mark.line(12)
def test_a_database_that_cannot_be_read_to_its_last_entry_is_not_opened(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last entry was taken for missing, and what was opened anew afterwards for another vault."""

    def fail(_: Any) -> None:
        raise VaultDamagedError("as the database says when a read fails")

    with monkeypatch.context() as patch:
        patch.setattr(opened, "last_of", fail)
        with pytest.raises(VaultDamagedError):
            sealed.open()
    sealed.open().close()
