"""A vault in a folder that a cloud service syncs: it is said, and a copy the service left changes nothing.

Line 11 of docs/security.md: a header or database out of such a copy, put in the place of the vault's own, is caught.
"""

import shutil
from pathlib import Path

import pytest

from notekeeper.errors import VaultError
from notekeeper.vault import opening
from notekeeper.vault.surroundings import conflict_said, conflicted_copies, sync_said, synced_by
from tests.lines import Tally
from tests.vault.invented import Sealed, add_client, add_note

COPIES = (
    "vault (conflicted copy 2026-03-01).db",
    "vault (Ruth's conflicted copy 2026-03-01).db",
    "vault.sync-conflict-20260301-101010-ABCDEFG.db",
    "vault-LAPTOP-A1.db",
    "vault 2.db",
    "vault_conf(2).db",
    "header (1)",
    "header (conflicted copy)",
    "header-DESKTOP",
    "vault.db (conflicted copy 2026-03-01)",
    "vault (1).db-wal",
)
OWN = (
    "vault.db",
    "vault.db-wal",
    "vault.db-shm",
    "header",
    "lock",
    "attempts",
    "backups",
    "header.new",
    "vault.db.new",
)


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("Dropbox", "Dropbox"),
        ("Dropbox (Practice)", "Dropbox"),
        ("OneDrive - Invented Practice", "OneDrive"),
        ("Google Drive", "Google Drive"),
        ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud Drive"),
        ("Nextcloud2", "Nextcloud or ownCloud"),
        ("Library/CloudStorage/Unheard-of", "a cloud service"),
        ("MEGAsync", "MEGA"),
        ("Documents/Boxes/Omega", None),
        ("Documents", None),
    ],
)
def test_a_synced_folder_is_known_by_its_name(tmp_path: Path, folder: str, service: str | None) -> None:
    assert synced_by(tmp_path / folder / "notes" / "practice.vault") == service


@pytest.mark.parametrize(("mark", "service"), [(".stfolder", "Syncthing"), (".dropbox.cache", "Dropbox")])
def test_a_synced_folder_is_known_by_what_the_service_leaves(tmp_path: Path, mark: str, service: str) -> None:
    (tmp_path / "away" / mark).mkdir(parents=True)
    assert synced_by(tmp_path / "away" / "deep" / "practice.vault") == service
    assert service in sync_said(tmp_path / "away" / "practice.vault")


def test_the_vaults_own_files_are_no_copies(tmp_path: Path) -> None:
    for name in (*OWN, *COPIES):
        (tmp_path / name).touch()
    assert conflicted_copies(tmp_path) == sorted(COPIES)
    assert sync_said(tmp_path) == ""


@pytest.mark.line(11)
def test_a_copy_beside_the_vault_is_said_and_changes_nothing(sealed: Sealed, tally: Tally) -> None:
    vault = sealed.open()
    note = add_note(vault, add_client(vault), "acknowledged")
    vault.close()
    for name in COPIES:
        source = "header" if name.startswith("header") else "vault.db"
        shutil.copy(sealed.path / source, sealed.path / name)
    copies = {name: (sealed.path / name).read_bytes() for name in COPIES}
    vault = sealed.open()
    latest, problems = vault.notes.latest(note.id), " ".join(vault.verify().problems)
    vault.close()
    assert latest is not None
    tally.add(len(COPIES), sum(name in problems and name in conflict_said(sealed.path) for name in COPIES))
    assert latest.text == "acknowledged"
    assert tally.survived == len(COPIES)
    assert {name: (sealed.path / name).read_bytes() for name in COPIES} == copies


@pytest.mark.line(11)
@pytest.mark.parametrize("part", ["header", "vault.db"])
def test_a_part_of_another_vault_in_its_place_is_refused(
    sealed: Sealed, tmp_path: Path, part: str, tally: Tally
) -> None:
    other, _ = opening.create(tmp_path / "other.vault", "copper lantern orchard violin")
    other.close()
    shutil.copy(tmp_path / "other.vault" / part, sealed.path / part)
    before = sealed.files()
    with pytest.raises(VaultError):
        sealed.open()
    tally.add()
    after = {name: content for name, content in sealed.files().items() if name != "attempts"}
    assert after == {name: content for name, content in before.items() if name != "attempts"}
