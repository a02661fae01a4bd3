"""Hypothesis for busy machines: examples are counted, never timed. And one vault, of which each test gets a copy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from notekeeper.domain.vault import Vault
from notekeeper.vault import create, unlock_with_recovery_key

settings.register_profile("counted", deadline=None)
settings.load_profile("counted")


@pytest.fixture(scope="session")
def empty_vault(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A closed vault with nothing in it, and its recovery key, which opens it without Argon2id."""
    path = tmp_path_factory.mktemp("empty") / "practice.vault"
    vault, recovery_key = create(path, "velvet lantern ninth orchard")
    vault.close()
    return path, recovery_key


@pytest.fixture
def vault(empty_vault: tuple[Path, str], tmp_path: Path) -> Iterator[Vault]:
    """An open vault of this test's own."""
    path, recovery_key = empty_vault
    shutil.copytree(path, tmp_path / "practice.vault")
    opened = unlock_with_recovery_key(tmp_path / "practice.vault", recovery_key)
    yield opened
    opened.close()
