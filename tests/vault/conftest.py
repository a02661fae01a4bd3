"""One vault is made for all tests; each test gets a copy of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from notekeeper.domain.vault import Vault
from notekeeper.vault import create
from tests.vault.invented import PASSPHRASE, Sealed


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    path = tmp_path_factory.mktemp("first") / "practice.vault"
    vault, recovery_key = create(path, PASSPHRASE)
    vault.close()
    return Sealed(path, recovery_key)


@pytest.fixture
def sealed(first: Sealed, tmp_path: Path) -> Sealed:
    """A closed vault with nothing in it."""
    path = tmp_path / "practice.vault"
    shutil.copytree(first.path, path)
    return Sealed(path, first.recovery_key)


@pytest.fixture
def vault(sealed: Sealed) -> Iterator[Vault]:
    """The same vault, open."""
    opened = sealed.open()
    yield opened
    opened.close()
